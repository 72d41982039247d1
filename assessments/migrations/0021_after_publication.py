from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessments", "0020_report_course")]
    operations: list = []
