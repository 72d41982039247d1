"""Themes that colleagues take on, and what they say to each other."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessments", "0013_scope")]

    operations = []
