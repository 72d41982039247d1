"""Policies that read faster."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessments", "0009_campaign_reach")]

    operations = []
