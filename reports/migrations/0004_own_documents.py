"""Documents that a provider makes of its own account."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import reports.models
from wlzthuis.isolation import any_of, isolate, own, via

OWN = own("organisation_id", "provider")
PUBLIC = via("assessments_publicaccount", "account_id", "p.status IN ('published', 'replaced')")


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0003_isolation"),
        ("assessments", "0016_signed_and_shown"),
        ("providers", "0003_isolation"),
    ]

    operations = [
        migrations.AlterField(
            model_name="reportfile",
            name="size",
            field=models.PositiveBigIntegerField(),
        ),
        migrations.CreateModel(
            name="OwnDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "Aangevraagd"),
                            ("running", "Wordt gemaakt"),
                            ("ready", "Klaar"),
                            ("failed", "Mislukt"),
                        ],
                        default="requested",
                        max_length=12,
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=0, verbose_name="poging")),
                ("lease_until", models.DateTimeField(blank=True, null=True, verbose_name="in bewerking tot")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="waarom mislukt")),
                ("retryable", models.BooleanField(default=True)),
                ("requested_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("queued_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pdf", "Zelfevaluatie als PDF"),
                            ("dossier", "Dossier"),
                            ("public", "Openbare verantwoording als PDF"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="assessments.publicaccount",
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
                    "revision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="assessments.revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "document van een zelfevaluatie",
                "verbose_name_plural": "documenten van zelfevaluaties",
            },
        ),
        migrations.CreateModel(
            name="OwnFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file", models.FileField(upload_to=reports.models.storage_name)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("pages", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="file",
                        to="reports.owndocument",
                    ),
                ),
            ],
            options={
                "verbose_name": "bestand van een document",
                "verbose_name_plural": "bestanden van documenten",
            },
        ),
        migrations.AddIndex(
            model_name="owndocument",
            index=models.Index(
                condition=models.Q(("status__in", ["requested", "running"])),
                fields=["queued_at"],
                name="own_document_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="owndocument",
            constraint=models.UniqueConstraint(
                fields=("revision", "kind"), name="own_document_of_revision_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="owndocument",
            constraint=models.UniqueConstraint(
                fields=("account", "kind"), name="own_document_of_account_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="owndocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account__isnull", False), ("kind", "public"), ("revision", None)),
                    models.Q(
                        models.Q(("kind", "public"), _negated=True),
                        ("account", None),
                        ("revision__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="own_document_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="owndocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "running"), ("lease_until__isnull", False), _connector="XOR", _negated=True
                ),
                name="own_document_lease",
            ),
        ),
        migrations.AddConstraint(
            model_name="owndocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "failed"),
                    models.Q(("reason", ""), _negated=True),
                    _connector="XOR",
                    _negated=True,
                ),
                name="own_document_reason",
            ),
        ),
        isolate("reports_owndocument", read=any_of(OWN, PUBLIC), insert=OWN, update=OWN),
        isolate("reports_ownfile", read=via("reports_owndocument", "request_id")),
    ]
