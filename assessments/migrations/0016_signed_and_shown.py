"""Whom it was discussed with, what the board declared, and the public account."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessments", "0015_improvement")]

    operations = []
