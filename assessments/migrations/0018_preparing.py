from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessments", "0017_worklist")]
    operations: list = []
