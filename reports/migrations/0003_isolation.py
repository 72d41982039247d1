"""Row-level security: a report's request and file follow the report."""

from django.db import migrations

from wlzthuis.isolation import INSPECTORATE, any_of, both, isolate, own, via

OWN = both(own("organisation_id", "provider"), via("assessments_conceptversion", "version_id"))


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_public_since"), ("assessments", "0006_isolation")]

    operations = [
        isolate(
            "reports_reportrequest",
            read=any_of(
                INSPECTORATE,
                OWN,
                both("public_since IS NOT NULL", via("assessments_conceptversion", "version_id")),
            ),
            insert=INSPECTORATE,
            update=INSPECTORATE,
        ),
        isolate("reports_reportfile", read=via("reports_reportrequest", "request_id")),
    ]
