"""Who wants a daily mail."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("providers", "0008_profile")]

    operations = []
