"""Evidence that is kept, scanned and released."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessments", "0011_answer_once")]

    operations = []
