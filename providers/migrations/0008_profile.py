"""What a provider does and for whom."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("providers", "0007_faster_reading")]

    operations = []
