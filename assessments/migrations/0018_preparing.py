"""How a visit is prepared: choices, declarations, notes, requests for documents, consent at home."""

import uuid
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from wlzthuis.isolation import INSPECTORATE, SYSTEM, TELL, acts_as, any_of, both, isolate, own, via

OWN = own("organisation_id", "provider")
PROVIDER, CARE_OFFICE = acts_as("provider"), acts_as("care_office")
USER = settings.AUTH_USER_MODEL
VISIT, EVENT, FILE = "assessments_visit", "assessments_visitevent", "assessments_evidencerevision"
OF_VISIT = via(VISIT, "visit_id")
# Asking for documents tells that there is a visit.
OF_KNOWN_VISIT = via(
    VISIT,
    "visit_id",
    "p.organisation_id = assessments_documentrequest.organisation_id "
    "AND (p.announced OR p.conducted_at IS NOT NULL)",
)
OF_OPEN_REQUEST = via("assessments_documentrequest", "request_id", "p.status = 'open'")
TOLD = both(OWN, "NOT internal", OF_VISIT)
LINKED = (
    "EXISTS (SELECT 1 FROM assessments_evidencelink p "
    "WHERE p.evidence_revision_id = assessments_evidencerevision.id)"
)
RELEASED = (
    "EXISTS (SELECT 1 FROM assessments_evidencerelease p "
    "WHERE p.evidence_id = assessments_evidencerevision.evidence_id AND p.withdrawn_at IS NULL)"
)
GIVEN = (
    "EXISTS (SELECT 1 FROM assessments_documentrequestfile p "
    "WHERE p.evidence_revision_id = assessments_evidencerevision.id)"
)
RELEASED_TO_OFFICE = both(CARE_OFFICE, RELEASED, LINKED)

# Not in the policy: that of the file looks at this table, and two that look at each other never end.
SAME_ORGANISATION = """
ALTER TABLE assessments_evidencerevision
    ADD CONSTRAINT evidence_file_of_organisation UNIQUE (id, organisation_id);
ALTER TABLE assessments_documentrequestfile ADD CONSTRAINT given_file_of_own
    FOREIGN KEY (evidence_revision_id, organisation_id)
    REFERENCES assessments_evidencerevision (id, organisation_id);
"""
ANY_ORGANISATION = """
ALTER TABLE assessments_documentrequestfile DROP CONSTRAINT given_file_of_own;
ALTER TABLE assessments_evidencerevision DROP CONSTRAINT evidence_file_of_organisation;
"""

# Until now who planned a visit had the lead.
FIRST_COORDINATORS = """
UPDATE assessments_visitmember m SET coordinates = true
FROM assessments_visit v WHERE v.id = m.visit_id AND v.created_by_id = m.user_id
"""

# What a provider did not read of a visit that came unannounced it does not read from now on either.
PLANS_KEPT_INSIDE = """
UPDATE assessments_visitevent e SET internal = true
FROM assessments_visit v WHERE v.id = e.visit_id AND e.action = 'plan' AND NOT v.announced
"""


def to(model: str, *, null: bool = False, related_name: str = "+", **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        model, django.db.models.deletion.PROTECT, null=null, related_name=related_name, **options
    )


def key() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def change_policy(table: str, command: str, clause: str, before: str, after: str) -> migrations.RunSQL:
    """Another condition in a policy that is there already."""
    change = f"ALTER POLICY may_{command} ON {table} {clause} ({acts_as('system')} OR "
    return migrations.RunSQL(f"{change}{after})", f"{change}{before})")


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0017_worklist"),
        ("norms", "0002_mappings"),
        ("providers", "0009_digest"),
        migrations.swappable_dependency(USER),
    ]

    operations = [
        migrations.AddField(
            "visit",
            "own_score_hidden",
            models.BooleanField(default=False, verbose_name="eigen oordeel van de aanbieder eerst verborgen"),
        ),
        migrations.AddField(
            "visit",
            "judged_apart",
            models.BooleanField(default=False, verbose_name="teamleden oordelen eerst apart"),
        ),
        migrations.AddField(
            "visit",
            "follows",
            to("assessments.visit", null=True, related_name="followed_by", verbose_name="vervolg op"),
        ),
        migrations.AddField(
            "visit",
            "items",
            models.ManyToManyField("norms.item", related_name="+", verbose_name="onderdelen"),
        ),
        migrations.AddField(
            "visitmember",
            "coordinates",
            models.BooleanField(default=False, verbose_name="coördineert het bezoek"),
        ),
        migrations.AddField("visitmember", "no_conflict_at", models.DateTimeField(null=True)),
        migrations.AddField("visitevent", "changed", models.JSONField(default=dict)),
        migrations.AddField("visitevent", "internal", models.BooleanField(default=False)),
        migrations.RunSQL(
            [
                (TELL, SYSTEM.settings),
                FIRST_COORDINATORS,
                "ALTER TABLE assessments_visitevent DISABLE TRIGGER append_only",
                PLANS_KEPT_INSIDE,
                "ALTER TABLE assessments_visitevent ENABLE TRIGGER append_only",
            ],
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            "visitmember",
            models.UniqueConstraint(
                condition=Q(coordinates=True), fields=["visit"], name="visit_one_coordinator"
            ),
        ),
        migrations.CreateModel(
            "VisitNote",
            [
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("text", models.TextField(blank=True, verbose_name="notitie")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("author", to(USER)),
                ("item", to("norms.item", null=True)),
                ("organisation", to("providers.organisation")),
                ("visit", to("assessments.visit", related_name="notes")),
            ],
            options={
                "verbose_name": "notitie bij een bezoek",
                "verbose_name_plural": "notities bij bezoeken",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["visit", "item", "version"],
                        nulls_distinct=False,
                        name="visit_note_version_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            "DocumentRequest",
            [
                ("id", key()),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("what", models.TextField(verbose_name="welke documenten")),
                ("why", models.TextField(verbose_name="waarvoor")),
                ("due", models.DateField(verbose_name="uiterlijk")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Gevraagd"),
                            ("complete", "Compleet"),
                            ("withdrawn", "Niet meer nodig"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("closed_at", models.DateTimeField(null=True)),
                ("asked_by", to(USER)),
                ("closed_by", to(USER, null=True)),
                ("organisation", to("providers.organisation")),
                ("visit", to("assessments.visit", related_name="document_requests")),
            ],
            options={
                "verbose_name": "verzoek om documenten",
                "verbose_name_plural": "verzoeken om documenten",
                "ordering": ["due", "pk"],
                "indexes": [
                    models.Index(
                        condition=Q(status="open"),
                        fields=["organisation", "due"],
                        name="document_request_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["visit", "key"], name="document_request_once"),
                    models.CheckConstraint(
                        condition=Q(status="open", closed_at=None, closed_by=None)
                        | (~Q(status="open") & Q(closed_at__isnull=False, closed_by__isnull=False)),
                        name="document_request_closed_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "DocumentRequestFile",
            [
                ("id", key()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", to(USER)),
                ("evidence_revision", to("assessments.evidencerevision", related_name="given_for")),
                ("organisation", to("providers.organisation")),
                ("request", to("assessments.documentrequest", related_name="given")),
            ],
            options={
                "verbose_name": "document bij een verzoek",
                "verbose_name_plural": "documenten bij een verzoek",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["request", "evidence_revision"], name="document_request_file_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            "HomeVisit",
            [
                ("id", key()),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("day", models.DateField(verbose_name="dag van het huisbezoek")),
                ("consent_on", models.DateField(verbose_name="toestemming gegeven op")),
                (
                    "consent_by",
                    models.CharField(
                        choices=[
                            ("client", "De cliënt"),
                            ("representative", "De vertegenwoordiger van de cliënt"),
                        ],
                        max_length=20,
                        verbose_name="wie gaf toestemming",
                    ),
                ),
                (
                    "consent_how",
                    models.CharField(
                        choices=[("spoken", "Mondeling"), ("written", "Schriftelijk")],
                        max_length=10,
                        verbose_name="hoe",
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("dropped_at", models.DateTimeField(null=True)),
                ("dropped_by", to(USER, null=True)),
                ("organisation", to("providers.organisation")),
                ("recorded_by", to(USER)),
                ("visit", to("assessments.visit", related_name="homes")),
            ],
            options={
                "verbose_name": "huisbezoek",
                "verbose_name_plural": "huisbezoeken",
                "ordering": ["day", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=["visit", "key"], name="home_visit_once"),
                    models.CheckConstraint(
                        condition=Q(consent_on__lte=F("day")), name="home_visit_consent_first"
                    ),
                    models.CheckConstraint(
                        condition=Q(dropped_at=None, dropped_by=None)
                        | Q(dropped_at__isnull=False, dropped_by__isnull=False),
                        name="home_visit_dropped_by_somebody",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SAME_ORGANISATION, ANY_ORGANISATION),
        isolate(
            "assessments_visit_items",
            read=any_of(INSPECTORATE, both(PROVIDER, OF_VISIT)),
            write=INSPECTORATE,
        ),
        isolate("assessments_visitnote", read=INSPECTORATE, insert=INSPECTORATE),
        isolate("assessments_homevisit", read=INSPECTORATE, insert=INSPECTORATE, update=INSPECTORATE),
        isolate(
            "assessments_documentrequest",
            read=any_of(INSPECTORATE, both(OWN, OF_VISIT)),
            insert=both(INSPECTORATE, OF_KNOWN_VISIT),
            update=both(INSPECTORATE, OF_KNOWN_VISIT),
        ),
        isolate(
            "assessments_documentrequestfile",
            read=any_of(INSPECTORATE, OWN),
            insert=both(OWN, OF_OPEN_REQUEST),
            delete=both(OWN, OF_OPEN_REQUEST),
        ),
        change_policy(
            FILE,
            "select",
            "USING",
            any_of(OWN, both(INSPECTORATE, LINKED), RELEASED_TO_OFFICE),
            any_of(OWN, both(INSPECTORATE, any_of(LINKED, GIVEN)), RELEASED_TO_OFFICE),
        ),
        change_policy(
            EVENT, "select", "USING", any_of(INSPECTORATE, both(OWN, OF_VISIT)), any_of(INSPECTORATE, TOLD)
        ),
        change_policy(
            EVENT,
            "insert",
            "WITH CHECK",
            any_of(INSPECTORATE, both(OWN, OF_VISIT)),
            any_of(INSPECTORATE, TOLD),
        ),
        migrations.RunSQL(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON assessments_visitnote "
            "FOR EACH ROW EXECUTE FUNCTION assessments_append_only();",
            "DROP TRIGGER append_only ON assessments_visitnote;",
        ),
    ]
