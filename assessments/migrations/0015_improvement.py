"""What a provider does to get better."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessments", "0014_together")]

    operations = []
