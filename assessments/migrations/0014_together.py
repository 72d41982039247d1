"""Themes that colleagues take on, and what they say to each other."""

import uuid
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from wlzthuis.isolation import both, isolate, own, via

OWN = own("organisation_id", "provider")
OWN_REVISION = both(OWN, via("assessments_revision", "revision_id"))
USER = settings.AUTH_USER_MODEL

# What was said stands; the one change is that somebody, once, marks it as dealt with.
SAID = """
CREATE FUNCTION assessments_comment_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE settled text[] := '{settled_at,settled_by_id}';
BEGIN
    IF TG_OP = 'DELETE' OR OLD.settled_at IS NOT NULL
        OR to_jsonb(NEW) - settled IS DISTINCT FROM to_jsonb(OLD) - settled
    THEN
        RAISE EXCEPTION 'what was said stands' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON assessments_comment
    FOR EACH ROW EXECUTE FUNCTION assessments_comment_stands();
"""
UNSAID = "DROP TRIGGER stands ON assessments_comment; DROP FUNCTION assessments_comment_stands();"


def to(model: str, *, null: bool = False, related_name: str = "+", **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        model, django.db.models.deletion.PROTECT, null=null, related_name=related_name, **options
    )


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0013_scope"),
        ("norms", "0001_initial"),
        migrations.swappable_dependency(USER),
    ]

    operations = [
        migrations.CreateModel(
            "Assignment",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due", models.DateField(null=True, verbose_name="klaar op")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("assignee", to(USER, null=True, verbose_name="wie")),
                ("by", to(USER)),
                ("organisation", to("providers.organisation")),
                ("revision", to("assessments.revision", related_name="assignments")),
                ("section", to("norms.item")),
            ],
            options={
                "verbose_name": "verdeling van een thema",
                "verbose_name_plural": "verdeling van thema’s",
                "indexes": [models.Index(fields=["assignee", "due"], name="assignment_of_person")],
                "constraints": [
                    models.UniqueConstraint(fields=["revision", "section"], name="assignment_once"),
                    models.CheckConstraint(
                        condition=Q(assignee=None, due=None) | Q(assignee__isnull=False, due__isnull=False),
                        name="assignment_has_who_and_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "Comment",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("text", models.TextField(verbose_name="opmerking")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("settled_at", models.DateTimeField(null=True)),
                ("by", to(USER)),
                ("item", to("norms.item")),
                ("organisation", to("providers.organisation")),
                ("revision", to("assessments.revision", related_name="comments")),
                ("settled_by", to(USER, null=True)),
            ],
            options={
                "verbose_name": "opmerking van een collega",
                "verbose_name_plural": "opmerkingen van collega’s",
                "ordering": ["at", "pk"],
                "indexes": [models.Index(fields=["organisation", "at"], name="comment_recent")],
                "constraints": [
                    models.UniqueConstraint(fields=["organisation", "key"], name="comment_once"),
                    models.CheckConstraint(
                        condition=Q(settled_at=None, settled_by=None)
                        | Q(settled_at__isnull=False, settled_by__isnull=False),
                        name="comment_settled_by_somebody",
                    ),
                ],
            },
        ),
        isolate("assessments_assignment", read=OWN, insert=OWN_REVISION, update=OWN_REVISION),
        isolate("assessments_comment", read=OWN, insert=OWN_REVISION, update=OWN_REVISION),
        migrations.RunSQL(SAID, UNSAID),
    ]
