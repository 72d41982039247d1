"""Who wants a daily mail."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("providers", "0008_profile")]

    operations = [
        migrations.AddField(
            "user",
            "wants_digest",
            models.BooleanField(default=True, verbose_name="mail over wat er voor u ligt"),
        ),
        migrations.AddField("user", "digested_at", models.DateTimeField(editable=False, null=True)),
    ]
