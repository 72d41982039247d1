"""What follows a settled report: publication, objections, corrections, what must be better, measures."""

from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from wlzthuis.isolation import EVERYBODY, INSPECTORATE, acts_as, any_of, both, isolate, own, via

OWN = own("organisation_id", "provider")
USER = settings.AUTH_USER_MODEL
VISIT, MEASURE = "assessments_visit", "assessments_measure"
ACTION, FILE = "assessments_improvementaction", "assessments_evidencerevision"
OF_VISIT = via(VISIT, "visit_id")
IS_PUBLIC = via(VISIT, "visit_id", "p.status = 'published'")
# Decided, and not public yet.
WAITS = via(
    VISIT,
    "visit_id",
    any_of("p.status = 'decided'", both("p.status = 'suspended'", "p.suspended_from = 'decided'")),
)
# What the inspectorate asks is its own to write, and to read.
POINT = "point <> ''"
OWN_ACTION = both(
    OWN,
    any_of("revision_id IS NULL", via("assessments_revision", "revision_id")),
    any_of("visit_id IS NULL", OF_VISIT),
)
OF_ACTION, OF_OWN_ACTION = (
    via(ACTION, "improvementaction_id", condition)
    for condition in (EVERYBODY, own("p.organisation_id", "provider"))
)
EVENT_OF_ACTION = via(ACTION, "improvement_id")
EVENT = "assessments_improvementevent"
AWAITED = both(own("p.organisation_id", "provider"), "p.status IN ('imposed', 'extended')")


def to(model: str, *, null: bool = False, related_name: str = "+", **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        model, django.db.models.deletion.PROTECT, null=null, related_name=related_name, **options
    )


def one(model: str, *, null: bool = False, **options: Any) -> models.OneToOneField:
    return models.OneToOneField(model, django.db.models.deletion.PROTECT, null=null, **options)


def key() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def change_policy(table: str, command: str, clause: str, before: str, after: str) -> migrations.RunSQL:
    """Another condition in a policy that is there already."""
    change = f"ALTER POLICY may_{command} ON {table} {clause} ({acts_as('system')} OR "
    return migrations.RunSQL(f"{change}{after})", f"{change}{before})")


def shown_with(table: str, column: str) -> migrations.RunSQL:
    """Beside the other policies of files: the inspectorate reads what hangs under rows that it may see."""
    name = f"may_select_with_{column.removesuffix('_id')}"
    shown = f"EXISTS (SELECT 1 FROM {table} p WHERE p.evidencerevision_id = {FILE}.id)"  # noqa: S608
    return migrations.RunSQL(
        f"CREATE POLICY {name} ON {FILE} FOR SELECT USING {both(INSPECTORATE, shown)}",
        f"DROP POLICY {name} ON {FILE}",
    )


def kept_from_provider(table: str, condition: str, *columns: str) -> migrations.RunSQL:
    """What the inspectorate wrote in a row, the provider cannot change in its part of it."""
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return migrations.RunSQL(
        f"CREATE TRIGGER kept_from_provider BEFORE UPDATE ON {table} FOR EACH ROW "
        f"WHEN ({condition} AND acting_kind() = 'provider' AND ({old}) IS DISTINCT FROM ({new})) "
        "EXECUTE FUNCTION assessments_kept_from_provider();",
        f"DROP TRIGGER kept_from_provider ON {table};",
    )


KEEP = """
CREATE FUNCTION assessments_kept_from_provider() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what the inspectorate asks is not the provider''s to change'
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0020_report_course"),
        ("providers", "0003_isolation"),
        migrations.swappable_dependency(USER),
    ]

    operations = [
        migrations.CreateModel(
            "PublicReaction",
            [
                ("id", key()),
                ("organisation", to("providers.organisation")),
                ("visit", one("assessments.visit", related_name="public_reaction")),
                ("text", models.TextField(verbose_name="uw reactie bij het rapport")),
                ("by", to(USER)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "reactie van de aanbieder bij een rapport",
                "verbose_name_plural": "reacties van aanbieders bij rapporten",
            },
        ),
        migrations.CreateModel(
            "Objection",
            [
                ("id", key()),
                ("organisation", to("providers.organisation")),
                ("visit", to("assessments.visit", related_name="objections")),
                ("received_on", models.DateField(verbose_name="ontvangen op")),
                (
                    "made_by",
                    models.CharField(
                        choices=[("provider", "De aanbieder"), ("other", "Een andere belanghebbende")],
                        max_length=20,
                        verbose_name="wie maakt bezwaar",
                    ),
                ),
                ("subject", models.TextField(blank=True, verbose_name="waarover het gaat")),
                ("recorded_by", to(USER)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("founded", "Gegrond"),
                            ("partly", "Deels gegrond"),
                            ("unfounded", "Ongegrond"),
                            ("inadmissible", "Niet-ontvankelijk"),
                            ("withdrawn", "Ingetrokken door wie het maakte"),
                        ],
                        max_length=20,
                        verbose_name="uitkomst",
                    ),
                ),
                ("outcome_on", models.DateField(null=True, verbose_name="datum van de uitkomst")),
                ("reason", models.TextField(blank=True, verbose_name="reden")),
                ("settled_by", to(USER, null=True)),
            ],
            options={
                "verbose_name": "bezwaar",
                "verbose_name_plural": "bezwaren",
                "ordering": ["received_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("visit", "received_on", "made_by"), name="objection_once_a_day_by_one"
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            Q(("outcome", ""), ("outcome_on", None)),
                            Q(
                                Q(("outcome", ""), _negated=True),
                                Q(("reason", ""), _negated=True),
                                ("outcome_on__gte", F("received_on")),
                            ),
                            _connector="OR",
                        ),
                        name="objection_outcome_has_day_and_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "Correction",
            [
                ("id", key()),
                ("organisation", to("providers.organisation")),
                ("visit", to("assessments.visit", related_name="corrections")),
                ("corrects", to("assessments.conceptversion", related_name="corrections")),
                ("reason", models.TextField(verbose_name="waarom een verbeterde versie")),
                ("begun_by", to(USER)),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("version", one("assessments.conceptversion", null=True, related_name="corrected_from")),
                ("dropped_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "verbetering van een rapport",
                "verbose_name_plural": "verbeteringen van rapporten",
                "ordering": ["begun_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("dropped_at", None), ("version", None)),
                        fields=("visit",),
                        name="correction_one_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            "CorrectedPlace",
            [
                ("id", key()),
                ("organisation", to("providers.organisation")),
                ("correction", to("assessments.correction", related_name="places")),
                ("place", models.CharField(max_length=60, verbose_name="passage")),
                ("text", models.TextField(verbose_name="nieuwe tekst")),
                ("by", to(USER)),
                ("at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "verbeterde passage",
                "verbose_name_plural": "verbeterde passages",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("correction", "place"), name="corrected_place_once")
                ],
            },
        ),
        migrations.CreateModel(
            "Measure",
            [
                ("id", key()),
                (
                    "organisation",
                    to("providers.organisation", related_name="measures", verbose_name="zorgaanbieder"),
                ),
                ("visit", to("assessments.visit", null=True, blank=True, related_name="measures")),
                ("kind", models.CharField(max_length=40, verbose_name="soort maatregel")),
                ("decided_on", models.DateField(verbose_name="datum van het besluit")),
                ("due_on", models.DateField(verbose_name="uiterlijk")),
                ("points", models.TextField(verbose_name="wat de aanbieder moet doen")),
                ("reason", models.TextField(verbose_name="waarom")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("imposed", "Loopt"),
                            ("extended", "Verlengd"),
                            ("delivered", "Ingeleverd"),
                            ("met", "Nagekomen"),
                            ("not_met", "Niet nagekomen"),
                            ("revoked", "Ingetrokken"),
                        ],
                        default="imposed",
                        max_length=20,
                    ),
                ),
                ("recorded_by", to(USER)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("delivered", models.TextField(blank=True, verbose_name="wat u inlevert")),
                ("delivered_at", models.DateTimeField(null=True)),
                ("ended_on", models.DateField(null=True)),
                (
                    "evidence",
                    models.ManyToManyField(
                        related_name="measures",
                        to="assessments.evidencerevision",
                        verbose_name="bewijsstukken",
                    ),
                ),
            ],
            options={
                "verbose_name": "maatregel",
                "verbose_name_plural": "maatregelen",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("due_on__gte", F("decided_on"))), name="measure_term"
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("ended_on", None),
                            ("status__in", ["met", "not_met", "revoked"]),
                            _connector="XOR",
                        ),
                        name="measure_ended",
                    ),
                    models.UniqueConstraint(
                        fields=("organisation", "kind", "decided_on", "visit"),
                        name="measure_once",
                        nulls_distinct=False,
                    ),
                ],
                "indexes": [
                    models.Index(fields=["organisation", "status", "due_on"], name="measure_of_provider"),
                    models.Index(
                        models.OrderBy(F("decided_on"), descending=True),
                        models.OrderBy(F("id"), descending=True),
                        name="measure_newest",
                    ),
                    models.Index(
                        condition=Q(("status__in", ["imposed", "extended", "delivered"])),
                        fields=["due_on"],
                        name="measure_running",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "MeasureEvent",
            [
                ("id", key()),
                ("organisation", to("providers.organisation")),
                ("measure", to("assessments.measure", related_name="events")),
                ("action", models.CharField(max_length=30)),
                ("by", to(USER, null=True)),
                ("by_organisation", to("providers.organisation", null=True)),
                ("roles", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("note", models.TextField(blank=True)),
                ("old_status", models.CharField(max_length=20)),
                ("new_status", models.CharField(max_length=20)),
                ("due_on", models.DateField(null=True)),
            ],
            options={
                "verbose_name": "gebeurtenis bij een maatregel",
                "verbose_name_plural": "gebeurtenissen bij maatregelen",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            "PublishedMeasure",
            [
                ("id", key()),
                ("organisation", to("providers.organisation")),
                ("measure", one("assessments.measure", related_name="published")),
                ("title", models.CharField(max_length=80)),
                ("text", models.TextField(verbose_name="wat iedereen leest")),
                ("decided_on", models.DateField()),
                ("due_on", models.DateField()),
                ("ended_on", models.DateField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=40)),
                ("published_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "openbare maatregel",
                "verbose_name_plural": "openbare maatregelen",
                "indexes": [models.Index(fields=["-published_at", "-id"], name="published_measure_newest")],
            },
        ),
        migrations.AddField(
            model_name="improvementaction",
            name="demand",
            field=models.TextField(blank=True, verbose_name="wat moet beter"),
        ),
        migrations.AddField(
            model_name="improvementaction",
            name="point",
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddField(
            model_name="publication",
            name="case_number",
            field=models.CharField(blank=True, max_length=60, verbose_name="zaaknummer"),
        ),
        migrations.AddField(
            model_name="publication",
            name="ended_because",
            field=models.TextField(blank=True, verbose_name="waarom ingetrokken"),
        ),
        migrations.AddField(
            model_name="publication",
            name="suspended_by",
            field=models.CharField(
                blank=True,
                choices=[("inspectorate", "De inspectie zelf"), ("court", "De rechter")],
                max_length=20,
                verbose_name="wie schort op",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="suspended_until",
            field=models.DateField(blank=True, null=True, verbose_name="opgeschort tot en met"),
        ),
        migrations.AlterField(
            model_name="improvementaction",
            name="status",
            field=models.CharField(
                choices=[
                    ("planned", "Gepland"),
                    ("busy", "Bezig"),
                    ("done", "Klaar"),
                    ("stopped", "Gestopt"),
                    ("checked", "Voldoende"),
                ],
                default="planned",
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="improvementaction",
            constraint=models.UniqueConstraint(
                condition=Q(("point", ""), _negated=True),
                fields=("visit", "point"),
                name="improvement_point_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="improvementaction",
            constraint=models.CheckConstraint(
                condition=Q(
                    Q(("demand", ""), ("point", "")),
                    Q(
                        Q(("point", ""), _negated=True),
                        Q(("demand", ""), _negated=True),
                        ("visit__isnull", False),
                        Q(("status", "stopped"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="improvement_point_of_visit",
            ),
        ),
        migrations.AddConstraint(
            model_name="improvementaction",
            constraint=models.CheckConstraint(
                condition=Q(
                    Q(("status", "checked"), _negated=True), Q(("point", ""), _negated=True), _connector="OR"
                ),
                name="improvement_only_points_are_checked",
            ),
        ),
        migrations.AlterField(
            "improvementaction",
            "evidence",
            models.ManyToManyField(
                related_name="improvements",
                to="assessments.evidencerevision",
                verbose_name="bewijsstukken",
            ),
        ),
        isolate(
            "assessments_publicreaction",
            read=any_of(INSPECTORATE, both(OWN, OF_VISIT), IS_PUBLIC),
            write=both(OWN, WAITS),
        ),
        isolate(
            "assessments_objection",
            read=any_of(INSPECTORATE, both(OWN, "made_by = 'provider'", OF_VISIT)),
            insert=both(INSPECTORATE, OF_VISIT),
            update=INSPECTORATE,
        ),
        isolate(
            "assessments_correction",
            read=any_of(INSPECTORATE, both("version_id IS NOT NULL", any_of(both(OWN, OF_VISIT), IS_PUBLIC))),
            insert=both(INSPECTORATE, OF_VISIT),
            update=INSPECTORATE,
        ),
        isolate("assessments_correctedplace", read=INSPECTORATE, write=INSPECTORATE),
        isolate(
            MEASURE,
            read=any_of(INSPECTORATE, OWN),
            insert=INSPECTORATE,
            update=any_of(INSPECTORATE, OWN),
        ),
        isolate(
            "assessments_measure_evidence",
            read=via(MEASURE, "measure_id"),
            insert=via(MEASURE, "measure_id", AWAITED),
        ),
        isolate(
            "assessments_measureevent",
            read=any_of(INSPECTORATE, OWN),
            insert=both(any_of(INSPECTORATE, OWN), via(MEASURE, "measure_id")),
        ),
        isolate(
            "assessments_publishedmeasure",
            read=EVERYBODY,
            insert=both(INSPECTORATE, via(MEASURE, "measure_id")),
            update=INSPECTORATE,
        ),
        change_policy(ACTION, "select", "USING", OWN, any_of(OWN, both(INSPECTORATE, POINT))),
        change_policy(
            ACTION,
            "insert",
            "WITH CHECK",
            OWN_ACTION,
            any_of(both(OWN_ACTION, "point = ''"), both(INSPECTORATE, POINT, OF_VISIT)),
        ),
        *[
            change_policy(ACTION, "update", clause, OWN_ACTION, any_of(OWN_ACTION, both(INSPECTORATE, POINT)))
            for clause in ("USING", "WITH CHECK")
        ],
        change_policy(EVENT, "select", "USING", OWN, any_of(OWN, both(INSPECTORATE, EVENT_OF_ACTION))),
        change_policy(
            EVENT,
            "insert",
            "WITH CHECK",
            both(OWN, EVENT_OF_ACTION),
            both(any_of(OWN, INSPECTORATE), EVENT_OF_ACTION),
        ),
        change_policy(f"{ACTION}_evidence", "insert", "WITH CHECK", OF_ACTION, OF_OWN_ACTION),
        change_policy(f"{ACTION}_evidence", "update", "USING", OF_ACTION, OF_OWN_ACTION),
        change_policy(f"{ACTION}_evidence", "delete", "USING", OF_ACTION, OF_OWN_ACTION),
        shown_with(f"{ACTION}_evidence", "improvementaction_id"),
        shown_with("assessments_measure_evidence", "measure_id"),
        migrations.RunSQL(KEEP, "DROP FUNCTION assessments_kept_from_provider();"),
        kept_from_provider(
            ACTION, "OLD.point <> ''", "demand", "due", "point", "visit_id", "item_id", "organisation_id"
        ),
        kept_from_provider(
            MEASURE,
            "true",
            *("kind", "decided_on", "due_on", "points", "reason", "ended_on"),
            *("visit_id", "organisation_id", "recorded_by_id"),
        ),
        migrations.RunSQL(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON assessments_measureevent "
            "FOR EACH ROW EXECUTE FUNCTION assessments_append_only();",
            "DROP TRIGGER append_only ON assessments_measureevent;",
        ),
    ]
