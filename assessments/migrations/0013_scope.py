"""Which questions apply to a provider, and which it leaves out or takes in by its own choice."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from wlzthuis.isolation import both, isolate, own, via

OWN = own("organisation_id", "provider")
OF_REVISION = via("assessments_revision", "revision_id")


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0012_evidence_library"),
        ("norms", "0001_initial"),
        ("providers", "0008_profile"),
    ]

    operations = [
        migrations.AddField("revision", "scope", models.JSONField(default=dict)),
        migrations.CreateModel(
            name="ScopeChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("applies", models.BooleanField(null=True, verbose_name="geldt voor ons")),
                ("reason", models.TextField(blank=True, verbose_name="reden")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                *[
                    (
                        name,
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name=related, to=model
                        ),
                    )
                    for name, model, related in (
                        ("by", settings.AUTH_USER_MODEL, "+"),
                        ("item", "norms.item", "+"),
                        ("organisation", "providers.organisation", "+"),
                        ("revision", "assessments.revision", "scope_choices"),
                    )
                ],
            ],
            options={
                "verbose_name": "keuze over de reikwijdte",
                "verbose_name_plural": "keuzes over de reikwijdte",
                "indexes": [models.Index(fields=["revision", "item", "-id"], name="scope_choice_last")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(applies=None) | ~models.Q(reason=""),
                        name="scope_choice_has_reason",
                    )
                ],
            },
        ),
        isolate("assessments_scopechoice", read=OWN, insert=both(OWN, OF_REVISION)),
        migrations.RunSQL(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON assessments_scopechoice "
            "FOR EACH ROW EXECUTE FUNCTION assessments_append_only();",
            "DROP TRIGGER append_only ON assessments_scopechoice;",
        ),
    ]
