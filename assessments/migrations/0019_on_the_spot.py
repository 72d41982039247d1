"""On the spot: findings that can be taken out, judgements given apart, and edits from a device offline."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from wlzthuis.isolation import INSPECTORATE, USER, any_of, both, isolate, via

JUDGEMENT, OPENING = "assessments_judgement", "assessments_judgementopening"
OF_VISIT = via("assessments_visit", "visit_id")
OF_JUDGEMENT = via(JUDGEMENT, "judgement_id")
OWN_OR_COMMON = any_of(f"author_id = {USER}", "author_id IS NULL")


def again(table: str, **conditions: str) -> migrations.SeparateDatabaseAndState:
    """Other policies for a table that has some already."""
    before = isolate(table, read=INSPECTORATE, write=INSPECTORATE)
    drop = migrations.RunSQL(before.reverse_sql or "", before.sql)
    return migrations.SeparateDatabaseAndState(database_operations=[drop, isolate(table, **conditions)])


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0018_preparing"),
        ("norms", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField("visit", "count_versions", models.JSONField(default=dict)),
        migrations.AddField(
            "finding", "removed", models.BooleanField(default=False, verbose_name="verwijderd")
        ),
        migrations.AddField(
            "judgement", "apart", models.BooleanField(default=False, verbose_name="apart gegeven")
        ),
        migrations.AddField("fieldedit", "made_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="JudgementOpening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reden")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="norms.item"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="providers.organisation",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openings",
                        to="assessments.visit",
                    ),
                ),
            ],
            options={
                "verbose_name": "opening van oordelen",
                "verbose_name_plural": "openingen van oordelen",
                "constraints": [
                    models.UniqueConstraint(fields=("visit", "item"), name="judgements_opened_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitCopy",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("device", models.CharField(blank=True, max_length=60, verbose_name="apparaat")),
                ("taken_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("sent_at", models.DateTimeField(null=True)),
                ("returned_at", models.DateTimeField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="providers.organisation",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="assessments.visit",
                    ),
                ),
            ],
            options={
                "verbose_name": "meegenomen bezoek",
                "verbose_name_plural": "meegenomen bezoeken",
                "ordering": ["taken_at", "pk"],
            },
        ),
        isolate(
            "assessments_visitcopy",
            read=INSPECTORATE,
            write=both(INSPECTORATE, f"user_id = {USER}", OF_VISIT),
        ),
        isolate(OPENING, read=INSPECTORATE, insert=both(INSPECTORATE, OF_VISIT)),
        migrations.RunSQL(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {OPENING} "
            "FOR EACH ROW EXECUTE FUNCTION assessments_append_only();",
            f"DROP TRIGGER append_only ON {OPENING};",
        ),
        # What is judged apart is its author's alone, and nobody writes in the name of a colleague.
        again(
            JUDGEMENT,
            read=both(INSPECTORATE, any_of("NOT apart", f"author_id = {USER}")),
            write=both(INSPECTORATE, OWN_OR_COMMON),
        ),
        again(
            "assessments_judgement_findings",
            read=both(INSPECTORATE, OF_JUDGEMENT),
            write=both(INSPECTORATE, via(JUDGEMENT, "judgement_id", OWN_OR_COMMON)),
        ),
        again(
            "assessments_fieldedit",
            read=both(
                INSPECTORATE,
                any_of("kind <> 'judgement'", f"author_id = {USER}", via(JUDGEMENT, "object_id")),
            ),
            insert=both(INSPECTORATE, f"author_id = {USER}"),
        ),
    ]
