"""Which questions a provider leaves out or takes in, and why."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessments", "0012_evidence_library")]

    operations = []
