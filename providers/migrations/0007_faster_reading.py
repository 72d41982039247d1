"""Policies that read faster."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("providers", "0006_kind_of_organisation")]

    operations = []
