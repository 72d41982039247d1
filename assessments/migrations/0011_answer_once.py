"""One answer under all questions that ask the same, and answers of an earlier year."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessments", "0010_faster_reading")]

    operations = []
