"""From text to report: earlier texts, second readers, delivery and term of the concept, evidence."""

import uuid
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from wlzthuis.isolation import INSPECTORATE, TELL, acts_as, any_of, both, isolate, own, via

OWN = own("organisation_id", "provider")
USER = settings.AUTH_USER_MODEL
FILE, REMARK = "assessments_evidencerevision", "assessments_factualremark"
OF_VISIT = via("assessments_visit", "visit_id")
OF_VERSION = via("assessments_conceptversion", "version_id")
OF_PASSAGE = via("assessments_passage", "passage_id")
# A reaction is the provider's alone until it is sent, also when the concept was taken back.
NOT_OUT = "p.status <> 'at_provider'"
SENT = "p.status NOT IN ('drafting', 'at_provider')"
UNSENT_REMARK = both(
    acts_as("provider"),
    via(
        REMARK,
        "factualremark_id",
        "(SELECT v.status FROM assessments_visit v WHERE v.id = p.visit_id) = 'at_provider'",
    ),
)
SHOWN_WITH_REMARK = both(
    INSPECTORATE,
    "EXISTS (SELECT 1 FROM assessments_factualremark_evidence p "
    "WHERE p.evidencerevision_id = assessments_evidencerevision.id)",
)
APPEND_ONLY = ("assessments_passageversion", "assessments_delivery", "assessments_termextension")

# What was said stands; the one change is that the team, once, says what it did with it.
SAID = """
CREATE FUNCTION assessments_passageremark_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE answered text[] := '{answer,answered_at,answered_by_id}';
BEGIN
    IF TG_OP = 'DELETE' OR OLD.answered_at IS NOT NULL
        OR to_jsonb(NEW) - answered IS DISTINCT FROM to_jsonb(OLD) - answered
    THEN
        RAISE EXCEPTION 'what was said stands' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON assessments_passageremark
    FOR EACH ROW EXECUTE FUNCTION assessments_passageremark_stands();
"""
UNSAID = "DROP TRIGGER stands ON assessments_passageremark; DROP FUNCTION assessments_passageremark_stands();"

# Until now the term counted from the day on which the concept was sent.
DELIVERED = """
INSERT INTO assessments_delivery (organisation_id, version_id, "on", how, note, by_id, at)
SELECT DISTINCT ON (c.visit_id)
    c.organisation_id, c.id, (c.created_at AT TIME ZONE 'Europe/Amsterdam')::date, 'confirmed',
    'Verstuurd in Thuispeil.', c.created_by_id, c.created_at
FROM assessments_conceptversion c JOIN assessments_visit v ON v.id = c.visit_id
WHERE c.kind = 'concept' AND v.reaction_due IS NOT NULL
ORDER BY c.visit_id, c.created_at DESC
"""


def to(model: str, *, null: bool = False, related_name: str = "+", **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        model, django.db.models.deletion.PROTECT, null=null, related_name=related_name, **options
    )


def key() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def append_only(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION assessments_append_only();",
        f"DROP TRIGGER append_only ON {table};",
    )


def remark_read(sent: str) -> str:
    """Who may read a remark, with the condition on the visit for the inspectorate."""
    readers = any_of(both(INSPECTORATE, via("assessments_visit", "visit_id", sent)), both(OWN, OF_VISIT))
    return f"ALTER POLICY may_select ON {REMARK} USING ({acts_as('system')} OR {readers})"


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0019_on_the_spot"),
        migrations.swappable_dependency(USER),
    ]

    operations = [
        migrations.AddField(
            model_name="factualremark",
            name="evidence",
            field=models.ManyToManyField(
                related_name="factual_remarks",
                to="assessments.evidencerevision",
                verbose_name="bewijsstukken",
            ),
        ),
        migrations.AddField(
            model_name="factualremark",
            name="text_version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="visit",
            name="report_template",
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", key()),
                ("on", models.DateField(verbose_name="ontvangen op")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("opened", "Geopend in Thuispeil"),
                            ("registered", "Aangetekende brief bezorgd"),
                            ("in_person", "Persoonlijk overhandigd"),
                            ("confirmed", "Ontvangst bevestigd door de aanbieder"),
                        ],
                        max_length=12,
                        verbose_name="hoe",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="waaruit dat blijkt")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", to(USER)),
                ("organisation", to("providers.organisation")),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delivery",
                        to="assessments.conceptversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "bezorging van een conceptrapport",
                "verbose_name_plural": "bezorgingen van conceptrapporten",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(how="opened") | ~Q(note=""), name="delivery_by_hand_has_proof"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PassageRemark",
            fields=[
                ("id", key()),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("text", models.TextField(verbose_name="opmerking")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answer", models.TextField(blank=True, verbose_name="wat het team ermee deed")),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by", to(USER, null=True)),
                ("by", to(USER)),
                ("organisation", to("providers.organisation")),
                ("passage", to("assessments.passage", null=True, related_name="remarks")),
                ("visit", to("assessments.visit", related_name="passage_remarks")),
            ],
            options={
                "verbose_name": "opmerking van een meelezer",
                "verbose_name_plural": "opmerkingen van meelezers",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("visit", "key"), name="passage_remark_once"),
                    models.CheckConstraint(
                        condition=Q(answer="", answered_by=None, answered_at=None)
                        | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                        name="passage_remark_answered_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PassageVersion",
            fields=[
                ("id", key()),
                ("save_id", models.UUIDField(default=uuid.uuid4)),
                ("parent_version", models.PositiveIntegerField()),
                ("version", models.PositiveIntegerField()),
                ("text", models.TextField(blank=True)),
                ("due_on", models.DateField(null=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("author", to(USER)),
                ("organisation", to("providers.organisation")),
                ("passage", to("assessments.passage", related_name="versions")),
            ],
            options={
                "verbose_name": "eerdere tekst van een passage",
                "verbose_name_plural": "eerdere teksten van passages",
                "ordering": ["-version"],
                "constraints": [
                    models.UniqueConstraint(fields=("passage", "version"), name="passage_version_once"),
                    models.UniqueConstraint(fields=("passage", "save_id"), name="passage_saved_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SecondReader",
            fields=[
                ("id", key()),
                ("question", models.TextField(blank=True, verbose_name="waar moet de meelezer op letten?")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("done_at", models.DateTimeField(null=True, verbose_name="klaar met lezen")),
                ("asked_by", to(USER)),
                ("organisation", to("providers.organisation")),
                ("user", to(USER)),
                ("visit", to("assessments.visit", related_name="second_readers")),
            ],
            options={
                "verbose_name": "meelezer",
                "verbose_name_plural": "meelezers",
                "ordering": ["asked_at", "pk"],
                "constraints": [models.UniqueConstraint(fields=("visit", "user"), name="second_reader_once")],
            },
        ),
        migrations.CreateModel(
            name="TermExtension",
            fields=[
                ("id", key()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("asked", "Uitstel gevraagd"),
                            ("given", "Uitstel gegeven"),
                            ("refused", "Uitstel geweigerd"),
                        ],
                        max_length=10,
                    ),
                ),
                ("due_before", models.DateField()),
                ("until", models.DateField(verbose_name="tot en met")),
                ("reason", models.TextField(verbose_name="reden")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", to(USER)),
                ("organisation", to("providers.organisation")),
                ("version", to("assessments.conceptversion", related_name="extensions")),
            ],
            options={
                "verbose_name": "uitstel van een reactietermijn",
                "verbose_name_plural": "uitstel van reactietermijnen",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=(Q(kind="refused", until=F("due_before")) | Q(until__gt=F("due_before")))
                        & ~Q(reason=""),
                        name="term_extension_is_longer",
                    )
                ],
            },
        ),
        *map(append_only, APPEND_ONLY),
        migrations.RunSQL(SAID, UNSAID),
        isolate("assessments_passageversion", read=INSPECTORATE, insert=both(INSPECTORATE, OF_PASSAGE)),
        isolate(
            "assessments_secondreader",
            read=INSPECTORATE,
            insert=both(INSPECTORATE, OF_VISIT),
            update=INSPECTORATE,
        ),
        isolate(
            "assessments_passageremark",
            read=INSPECTORATE,
            insert=both(INSPECTORATE, OF_VISIT),
            update=INSPECTORATE,
        ),
        isolate(
            "assessments_delivery",
            read=any_of(INSPECTORATE, both(OWN, OF_VERSION)),
            insert=any_of(INSPECTORATE, both(OWN, "how = 'opened'", OF_VERSION)),
        ),
        isolate(
            "assessments_termextension",
            read=any_of(INSPECTORATE, both(OWN, OF_VERSION)),
            insert=any_of(INSPECTORATE, both(OWN, "kind = 'asked'", OF_VERSION)),
        ),
        isolate(
            "assessments_factualremark_evidence",
            read=via(REMARK, "factualremark_id"),
            insert=UNSENT_REMARK,
            delete=UNSENT_REMARK,
        ),
        migrations.RunSQL(remark_read(SENT), remark_read(NOT_OUT)),
        # Beside the policy for what hangs under questions: what goes with a reaction that was sent.
        migrations.RunSQL(
            f"CREATE POLICY may_select_with_remark ON {FILE} FOR SELECT USING {SHOWN_WITH_REMARK}",
            f"DROP POLICY may_select_with_remark ON {FILE}",
        ),
        migrations.RunSQL([(TELL, ["system", "", ""]), DELIVERED], migrations.RunSQL.noop),
    ]
