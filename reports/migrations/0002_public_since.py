from django.db import migrations, models

# Reports that were public before this column.
FILL = """
UPDATE reports_reportrequest AS report SET public_since = publication.published_at
FROM assessments_conceptversion AS version
JOIN assessments_visit AS visit ON visit.id = version.visit_id
JOIN assessments_publication AS publication ON publication.visit_id = visit.id
WHERE version.id = report.version_id AND version.kind = 'final' AND visit.status = 'published'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0001_initial"),
        ("reports", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="reportrequest",
            name="public_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="reportrequest",
            index=models.Index(
                condition=models.Q(("public_since__isnull", False)),
                fields=["-public_since", "-id"],
                name="report_request_public",
            ),
        ),
    ]
