"""Evidence that is kept, scanned and released."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from wlzthuis.isolation import INSPECTORATE, acts_as, any_of, both, isolate, own, via

OWN = own("organisation_id", "provider")
USER = settings.AUTH_USER_MODEL
CARE_OFFICE = acts_as("care_office")
READERS = acts_as("inspectorate", "care_office")
LINK, FILE, PIECE = "assessments_evidencelink", "assessments_evidencerevision", "assessments_evidence"
LINKED = (
    "EXISTS (SELECT 1 FROM assessments_evidencelink p "
    "WHERE p.evidence_revision_id = assessments_evidencerevision.id)"
)
# Which releases one sees is a policy too: a care office only its own.
RELEASED = (
    "EXISTS (SELECT 1 FROM assessments_evidencerelease p "
    "WHERE p.evidence_id = assessments_evidencerevision.evidence_id AND p.withdrawn_at IS NULL)"
)
HAS_FILE = (
    "EXISTS (SELECT 1 FROM assessments_evidencerevision p WHERE p.evidence_id = assessments_evidence.id)"
)
OF_REVISION = via("assessments_revision", "revision_id")
APPEND_ONLY = (
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON assessments_bsnoverrule "
    "FOR EACH ROW EXECUTE FUNCTION assessments_append_only();"
)


# Not in the policy: that of evidence looks at releases, and two that look at each other never end.
SAME_ORGANISATION = """
ALTER TABLE assessments_evidence ADD CONSTRAINT evidence_of_organisation UNIQUE (id, organisation_id);
ALTER TABLE assessments_evidencerelease ADD CONSTRAINT release_of_own_evidence
    FOREIGN KEY (evidence_id, organisation_id) REFERENCES assessments_evidence (id, organisation_id);
"""
ANY_ORGANISATION = """
ALTER TABLE assessments_evidencerelease DROP CONSTRAINT release_of_own_evidence;
ALTER TABLE assessments_evidence DROP CONSTRAINT evidence_of_organisation;
"""


def may_read(table: str, before: str, after: str) -> migrations.RunSQL:
    """Another condition for reading a table."""
    change = f"ALTER POLICY may_select ON {table} USING ({acts_as('system')} OR "
    return migrations.RunSQL(f"{change}{after})", f"{change}{before})")


def to(model: str, *, null: bool = False, related_name: str = "+") -> models.ForeignKey:
    return models.ForeignKey(
        null=null, on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=model
    )


def key() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0011_answer_once"),
        ("providers", "0003_isolation"),
        migrations.swappable_dependency(USER),
    ]

    operations = [
        migrations.AddField(
            "evidence",
            "valid_until",
            models.DateField(blank=True, null=True, verbose_name="geldig tot en met"),
        ),
        migrations.AddField("evidence", "told", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField(
            "evidence", "archived_at", models.DateTimeField(null=True, verbose_name="gearchiveerd")
        ),
        migrations.AddIndex(
            "evidence",
            models.Index(
                condition=Q(told__lt=2, archived_at=None, valid_until__isnull=False),
                fields=["valid_until"],
                name="evidence_to_tell",
            ),
        ),
        migrations.AddField(
            "evidencerevision",
            "scan",
            models.CharField(
                choices=[
                    ("waiting", "Wacht op controle"),
                    ("clean", "Geen virus gevonden"),
                    ("infected", "Virus gevonden"),
                    ("failed", "Controle niet gelukt"),
                ],
                default="waiting",
                max_length=10,
                verbose_name="viruscontrole",
            ),
        ),
        migrations.AddField("evidencerevision", "scanned_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "evidencerevision",
            "bsn",
            models.CharField(
                choices=[
                    ("unknown", "Nog niet nagelezen"),
                    ("none", "Geen BSN gevonden"),
                    ("found", "Er lijkt een BSN in te staan"),
                    ("unreadable", "Niet te lezen"),
                ],
                default="unknown",
                max_length=10,
                verbose_name="BSN in de tekst",
            ),
        ),
        migrations.AddField("evidencerevision", "bsn_places", models.JSONField(default=list)),
        migrations.AddIndex(
            "evidencerevision", models.Index(fields=["organisation", "sha256"], name="evidence_by_content")
        ),
        migrations.AddIndex(
            "evidencerevision",
            models.Index(
                condition=Q(scan__in=["waiting", "failed"]) | Q(bsn="unknown"),
                fields=["id"],
                name="evidence_to_examine",
            ),
        ),
        migrations.CreateModel(
            "EvidenceRelease",
            [
                ("id", key()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("by", to(USER)),
                ("evidence", to("assessments.evidence", related_name="releases")),
                ("organisation", to("providers.organisation")),
                ("reader", to("providers.organisation")),
                ("withdrawn_by", to(USER, null=True)),
            ],
            options={
                "verbose_name": "vrijgave van een bewijsstuk",
                "verbose_name_plural": "vrijgaven van bewijsstukken",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(withdrawn_at=None),
                        fields=("evidence", "reader"),
                        name="evidence_released_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            "BsnOverrule",
            [
                ("id", key()),
                ("keys", models.JSONField()),
                ("reason", models.TextField(verbose_name="reden")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", to(USER)),
                ("organisation", to("providers.organisation")),
                ("revision", to("assessments.revision", related_name="bsn_overrules")),
            ],
            options={
                "verbose_name": "uitzondering op de BSN-controle",
                "verbose_name_plural": "uitzonderingen op de BSN-controle",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, "DROP TRIGGER append_only ON assessments_bsnoverrule;"),
        migrations.RunSQL(SAME_ORGANISATION, ANY_ORGANISATION),
        isolate(
            "assessments_evidencerelease",
            read=any_of(OWN, own("reader_id", "care_office")),
            insert=OWN,
            update=OWN,
        ),
        isolate(
            "assessments_bsnoverrule",
            read=OWN,
            insert=both(OWN, OF_REVISION),
        ),
        # That something hangs under a question tells no name; the file itself has a policy of its own.
        may_read(LINK, any_of(OWN, both(INSPECTORATE, OF_REVISION)), any_of(OWN, both(READERS, OF_REVISION))),
        may_read(
            FILE,
            any_of(OWN, both(INSPECTORATE, LINKED)),
            any_of(OWN, both(INSPECTORATE, LINKED), both(CARE_OFFICE, RELEASED, LINKED)),
        ),
        may_read(PIECE, any_of(OWN, both(INSPECTORATE, HAS_FILE)), any_of(OWN, both(READERS, HAS_FILE))),
    ]
