"""Documents that a provider makes of its own account."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_isolation")]

    operations = []
