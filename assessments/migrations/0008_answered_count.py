"""How many questions had an answer at handing in, so that lists need not count them again."""

from django.db import migrations, models

from wlzthuis.isolation import SYSTEM, TELL

COUNT = """
UPDATE assessments_revision r SET answered_count = (
    SELECT count(*) FROM assessments_answer a WHERE a.revision_id = r.id AND a.is_answered
) WHERE r.status IN ('submitted', 'superseded')
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0007_campaign_answers")]

    operations = [
        migrations.AddField(
            model_name="revision",
            name="answered_count",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.RunSQL([(TELL, SYSTEM.settings), COUNT], migrations.RunSQL.noop),
    ]
