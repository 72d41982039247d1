from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessments", "0019_on_the_spot")]
    operations: list = []
