from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessments", "0016_signed_and_shown")]
    operations: list = []
