"""Whom it was discussed with, what the board declared, and the public account."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from wlzthuis.isolation import any_of, both, isolate, own, via

OWN = own("organisation_id", "provider")
ACCOUNT = "assessments_publicaccount"
# Also what was withdrawn: who has the address is told so.
EVER_PUBLIC = "status <> 'draft'"
OWN_ACCOUNT = both(OWN, via(ACCOUNT, "account_id"))


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0015_improvement"),
        ("norms", "0001_initial"),
        ("providers", "0003_isolation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="revision",
            name="declarations",
            field=models.JSONField(default=list),
        ),
        migrations.CreateModel(
            name="PublicAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="versie")),
                ("slug", models.SlugField(max_length=120)),
                ("year", models.PositiveSmallIntegerField(verbose_name="jaar")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Concept"),
                            ("published", "Openbaar"),
                            ("replaced", "Vervangen"),
                            ("withdrawn", "Ingetrokken"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("title", models.CharField(max_length=160, verbose_name="titel")),
                ("intro", models.TextField(blank=True, verbose_name="inleiding")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("published_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_because", models.TextField(blank=True)),
                ("content", models.JSONField(null=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.revision",
                    ),
                ),
                (
                    "self_assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="public_accounts",
                        to="assessments.selfassessment",
                    ),
                ),
            ],
            options={
                "verbose_name": "openbare verantwoording",
                "verbose_name_plural": "openbare verantwoordingen",
            },
        ),
        migrations.CreateModel(
            name="PublicAccountEvent",
            fields=[
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
                    "by_organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="providers.organisation",
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
                    "public_account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="assessments.publicaccount",
                    ),
                ),
            ],
            options={
                "verbose_name": "gebeurtenis bij een openbare verantwoording",
                "verbose_name_plural": "gebeurtenissen bij openbare verantwoordingen",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PublicPassage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("heading", models.CharField(max_length=200, verbose_name="kop")),
                ("text", models.TextField(verbose_name="tekst")),
                (
                    "show_score",
                    models.BooleanField(default=False, verbose_name="laat ons eigen oordeel zien"),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="assessments.publicaccount",
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
            ],
            options={
                "verbose_name": "onderdeel van een openbare verantwoording",
                "verbose_name_plural": "onderdelen van openbare verantwoordingen",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("instrument", "Keuze van het meetinstrument"),
                            ("account", "De zelfevaluatie"),
                        ],
                        max_length=20,
                        verbose_name="onderwerp",
                    ),
                ),
                (
                    "body",
                    models.CharField(
                        choices=[
                            ("client_council", "Cliëntenraad"),
                            ("works_council", "Ondernemingsraad"),
                            ("staff", "Andere vertegenwoordiging van de werkvloer"),
                            ("no_council", "Geen raad: besproken met anderen"),
                        ],
                        max_length=20,
                        verbose_name="met wie",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("consent", "Stemde in"),
                            ("no_consent", "Stemde niet in"),
                            ("positive", "Positief advies"),
                            ("negative", "Negatief advies"),
                            ("discussed", "Besproken"),
                        ],
                        max_length=20,
                        verbose_name="uitkomst",
                    ),
                ),
                ("held_on", models.DateField(verbose_name="datum")),
                ("who", models.CharField(max_length=200, verbose_name="wie erbij waren")),
                ("summary", models.TextField(verbose_name="samenvatting")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.evidence",
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
                    "self_assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consultations",
                        to="assessments.selfassessment",
                    ),
                ),
            ],
            options={
                "verbose_name": "gesprek met cliënten of medewerkers",
                "verbose_name_plural": "gesprekken met cliënten of medewerkers",
                "ordering": ["held_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "discussed"), ("subject", "account")),
                            models.Q(
                                ("body", "client_council"),
                                ("outcome__in", ["consent", "no_consent"]),
                                ("subject", "instrument"),
                            ),
                            models.Q(
                                ("body__in", ["works_council", "staff"]),
                                ("subject", "instrument"),
                                ("outcome__in", ["positive", "negative"]),
                            ),
                            models.Q(
                                ("body", "no_council"), ("outcome", "discussed"), ("subject", "instrument")
                            ),
                            _connector="OR",
                        ),
                        name="consultation_outcome_fits",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="publicaccount",
            index=models.Index(fields=["slug", "year", "number"], name="assessments_slug_379bbd_idx"),
        ),
        migrations.AddIndex(
            model_name="publicaccount",
            index=models.Index(
                condition=models.Q(("status", "published")),
                fields=["-published_at", "-id"],
                name="public_account_newest",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicaccount",
            constraint=models.UniqueConstraint(
                fields=("self_assessment", "number"), name="public_account_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="publicaccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "draft")),
                fields=("self_assessment",),
                name="public_account_one_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicaccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "published")),
                fields=("self_assessment",),
                name="public_account_one_public",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "draft"),
                    models.Q(("content__isnull", False), ("published_at__isnull", False)),
                    _connector="OR",
                ),
                name="public_account_frozen",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicpassage",
            constraint=models.UniqueConstraint(fields=("account", "item"), name="public_passage_once"),
        ),
        isolate(
            "assessments_consultation",
            read=OWN,
            write=both(OWN, via("assessments_selfassessment", "self_assessment_id")),
        ),
        isolate(
            ACCOUNT,
            read=any_of(OWN, EVER_PUBLIC),
            write=both(OWN, via("assessments_revision", "revision_id")),
            delete=both(OWN, "status = 'draft'"),
        ),
        # What is public was copied into the account's content; these rows are what its provider works on.
        isolate("assessments_publicpassage", read=OWN, write=OWN_ACCOUNT),
        isolate(
            "assessments_publicaccountevent",
            read=OWN,
            insert=both(OWN, via(ACCOUNT, "public_account_id")),
        ),
        migrations.RunSQL(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON assessments_publicaccountevent "
            "FOR EACH ROW EXECUTE FUNCTION assessments_append_only();",
            "DROP TRIGGER append_only ON assessments_publicaccountevent;",
        ),
        migrations.RunSQL(
            f"CREATE TRIGGER frozen BEFORE UPDATE OF content, sha256 ON {ACCOUNT} FOR EACH ROW "
            "WHEN (OLD.sha256 <> '' "
            "AND (NEW.content, NEW.sha256) IS DISTINCT FROM (OLD.content, OLD.sha256)) "
            "EXECUTE FUNCTION assessments_frozen();",
            f"DROP TRIGGER frozen ON {ACCOUNT};",
        ),
    ]
