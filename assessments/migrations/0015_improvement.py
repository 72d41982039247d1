"""What a provider does to get better."""

import uuid
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from wlzthuis.isolation import any_of, both, isolate, own, via

OWN = own("organisation_id", "provider")
USER = settings.AUTH_USER_MODEL
# Its source, where it has one, may be seen too.
WRITE = both(
    OWN,
    any_of("revision_id IS NULL", via("assessments_revision", "revision_id")),
    any_of("visit_id IS NULL", via("assessments_visit", "visit_id")),
)
OF_OWN = via("assessments_improvementaction", "improvementaction_id")


def to(model: str, *, null: bool = False, related_name: str = "+", **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        model, django.db.models.deletion.PROTECT, null=null, related_name=related_name, **options
    )


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0014_together"),
        ("norms", "0001_initial"),
        migrations.swappable_dependency(USER),
    ]

    operations = [
        migrations.CreateModel(
            "ImprovementAction",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("score_before", models.CharField(blank=True, max_length=30)),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("what", models.CharField(max_length=200, verbose_name="wat gaat u doen")),
                ("why", models.TextField(blank=True, verbose_name="waarom")),
                (
                    "role_name",
                    models.CharField(blank=True, max_length=120, verbose_name="of een andere naam of rol"),
                ),
                ("due", models.DateField(verbose_name="klaar op")),
                ("expected", models.TextField(verbose_name="welk resultaat verwacht u")),
                ("measured_by", models.TextField(blank=True, verbose_name="hoe merkt of meet u dat")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Gepland"),
                            ("busy", "Bezig"),
                            ("done", "Klaar"),
                            ("stopped", "Gestopt"),
                        ],
                        default="planned",
                        max_length=20,
                    ),
                ),
                ("result", models.TextField(blank=True, verbose_name="wat het opleverde")),
                ("ended_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("assigned_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("assigned_by", to(USER, null=True)),
                ("assignee", to(USER, null=True, blank=True, verbose_name="wie: een collega in Thuispeil")),
                ("created_by", to(USER)),
                (
                    "evidence",
                    models.ManyToManyField(
                        "assessments.evidencerevision", related_name="+", verbose_name="bewijsstukken"
                    ),
                ),
                ("item", to("norms.item", null=True)),
                ("organisation", to("providers.organisation")),
                ("revision", to("assessments.revision", null=True, related_name="improvements")),
                ("visit", to("assessments.visit", null=True, related_name="improvements")),
            ],
            options={
                "verbose_name": "verbeteractie",
                "verbose_name_plural": "verbeteracties",
                "indexes": [
                    models.Index(fields=["organisation", "status", "due"], name="improvement_by_status"),
                    models.Index(
                        fields=["organisation", "item"],
                        name="improvement_of_item",
                        condition=Q(item__isnull=False),
                    ),
                    models.Index(
                        fields=["assignee", "due"],
                        name="improvement_of_person",
                        condition=Q(status__in=["planned", "busy"]),
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["organisation", "key"], name="improvement_once"),
                    models.CheckConstraint(
                        condition=Q(assignee__isnull=False, role_name="")
                        | (Q(assignee=None) & ~Q(role_name="")),
                        name="improvement_has_one_who",
                    ),
                    models.CheckConstraint(
                        condition=Q(item=None) | Q(revision__isnull=False) | Q(visit__isnull=False),
                        name="improvement_item_has_source",
                    ),
                    models.CheckConstraint(
                        condition=~Q(status="done") | (~Q(result="") & Q(ended_at__isnull=False)),
                        name="improvement_done_has_result",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "ImprovementEvent",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("action", models.CharField(max_length=30)),
                ("roles", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("note", models.TextField(blank=True)),
                ("old_status", models.CharField(max_length=20)),
                ("new_status", models.CharField(max_length=20)),
                ("by", to(USER, null=True)),
                ("by_organisation", to("providers.organisation", null=True)),
                ("improvement", to("assessments.improvementaction", related_name="events")),
                ("organisation", to("providers.organisation")),
            ],
            options={
                "verbose_name": "gebeurtenis bij een verbeteractie",
                "verbose_name_plural": "gebeurtenissen bij verbeteracties",
                "ordering": ["at", "pk"],
            },
        ),
        isolate("assessments_improvementaction", read=OWN, insert=WRITE, update=WRITE),
        isolate("assessments_improvementaction_evidence", read=OF_OWN, write=OF_OWN),
        isolate(
            "assessments_improvementevent",
            read=OWN,
            insert=both(OWN, via("assessments_improvementaction", "improvement_id")),
        ),
        migrations.RunSQL(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON assessments_improvementevent "
            "FOR EACH ROW EXECUTE FUNCTION assessments_append_only();",
            "DROP TRIGGER append_only ON assessments_improvementevent;",
        ),
    ]
