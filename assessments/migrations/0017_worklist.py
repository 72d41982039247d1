"""Where the inspectorate should look, and what others tell it about a provider."""

import datetime
import uuid
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from wlzthuis.isolation import INSPECTORATE, USER, any_of, both, isolate, own, via

PERSON = settings.AUTH_USER_MODEL
SHARED = own("shared_by_id", "care_office")
IN_REGION = "organisation_id IN (SELECT providers_in_acting_regions())"
OWN_VIEW = both(INSPECTORATE, f"user_id = {USER}")


def to(model: str, *, null: bool = False, related_name: str = "+", verbose_name: str = "") -> models.Field:
    named: Any = {"verbose_name": verbose_name} if verbose_name else {}
    return models.ForeignKey(
        model, django.db.models.deletion.PROTECT, null=null, related_name=related_name, **named
    )


def key() -> models.Field:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0016_signed_and_shown"),
        migrations.swappable_dependency(PERSON),
    ]

    operations = [
        migrations.CreateModel(
            "Standing",
            [
                (
                    "organisation",
                    models.OneToOneField(
                        "providers.organisation",
                        django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                    ),
                ),
                (
                    "last_visit_on",
                    models.DateField(default=datetime.date.min, verbose_name="laatste bezoek"),
                ),
                (
                    "handed_in_on",
                    models.DateField(default=datetime.date.min, verbose_name="laatst ingediend"),
                ),
                ("clients", models.IntegerField(default=-1, verbose_name="cliënten")),
                ("refreshed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("outdated", models.BooleanField(default=True)),
            ],
            options={
                "verbose_name": "stand van een aanbieder",
                "verbose_name_plural": "standen van aanbieders",
                "indexes": [
                    models.Index(fields=["last_visit_on", "organisation"], name="standing_last_visit"),
                    models.Index(fields=["-handed_in_on", "organisation"], name="standing_handed_in"),
                    models.Index(fields=["-clients", "organisation"], name="standing_clients"),
                    models.Index(fields=["refreshed_at"], name="standing_oldest"),
                    models.Index(
                        fields=["organisation"], name="standing_outdated", condition=Q(outdated=True)
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "RiskSignal",
            [
                ("id", key()),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("not_enough", "Alleen dit is niet voldoende"),
                            ("attention", "Aandachtspunt van de inspectie"),
                            ("low_own", "Lage eigen score"),
                            ("far_above", "Eigen score ver boven het laatste bezoek"),
                            ("low_judged", "Laag oordeel bij een eerder bezoek"),
                            ("overdue", "Verbeteractie na een bezoek te laat"),
                            ("concern", "Signaal of melding"),
                            ("growth", "Sterke groei van het aantal cliënten"),
                            ("not_handed_in", "Gevraagd en niet ingediend"),
                            ("never_visited", "Nooit bezocht"),
                            ("no_data", "Geen gegevens"),
                        ],
                        max_length=20,
                    ),
                ),
                ("grounds", models.JSONField(default=list)),
                ("organisation", to("providers.organisation", related_name="risk_signals")),
            ],
            options={
                "verbose_name": "signaal",
                "verbose_name_plural": "signalen",
                "constraints": [
                    models.UniqueConstraint(fields=["organisation", "code"], name="risk_signal_once")
                ],
                "indexes": [models.Index(fields=["code", "organisation"], name="risk_signal_by_code")],
            },
        ),
        migrations.CreateModel(
            "SavedView",
            [
                ("id", key()),
                ("name", models.CharField(max_length=60, verbose_name="naam")),
                ("query", models.CharField(max_length=1000)),
                ("user", to(PERSON)),
            ],
            options={
                "verbose_name": "bewaarde weergave",
                "verbose_name_plural": "bewaarde weergaven",
                "ordering": ["name", "pk"],
                "constraints": [models.UniqueConstraint(fields=["user", "name"], name="saved_view_once")],
            },
        ),
        migrations.CreateModel(
            "Concern",
            [
                ("id", key()),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("received_on", models.DateField(verbose_name="datum")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("client", "Cliënt"),
                            ("relative", "Naaste"),
                            ("professional", "Zorgverlener"),
                            ("care_office", "Zorgkantoor"),
                            ("municipality", "Gemeente"),
                            ("regulator", "Andere toezichthouder"),
                            ("media", "Media"),
                            ("other", "Iemand anders"),
                        ],
                        max_length=20,
                        verbose_name="van wie",
                    ),
                ),
                ("subject", models.CharField(max_length=120, verbose_name="onderwerp")),
                ("text", models.TextField(verbose_name="wat er is gezegd of gezien")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("created_by", to(PERSON)),
                (
                    "organisation",
                    to("providers.organisation", related_name="concerns", verbose_name="zorgaanbieder"),
                ),
                (
                    "shared_by",
                    to("providers.organisation", null=True, verbose_name="gedeeld door"),
                ),
            ],
            options={
                "verbose_name": "signaal of melding",
                "verbose_name_plural": "signalen en meldingen",
                "ordering": ["-received_on", "-pk"],
                "constraints": [models.UniqueConstraint(fields=["created_by", "key"], name="concern_once")],
                "indexes": [
                    models.Index(fields=["organisation", "-received_on"], name="concern_of_provider"),
                    models.Index(fields=["-received_on", "-id"], name="concern_newest"),
                ],
            },
        ),
        migrations.CreateModel(
            "ConcernOutcome",
            [
                ("id", key()),
                ("reason", models.TextField(verbose_name="wat is ermee gedaan?")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", to(PERSON)),
                (
                    "concern",
                    models.OneToOneField(
                        "assessments.concern", django.db.models.deletion.PROTECT, related_name="outcome"
                    ),
                ),
            ],
            options={
                "verbose_name": "afhandeling van een signaal of melding",
                "verbose_name_plural": "afhandeling van signalen en meldingen",
            },
        ),
        # Worked out by the system, for the inspectorate alone.
        isolate("assessments_standing", read=INSPECTORATE),
        isolate("assessments_risksignal", read=INSPECTORATE),
        isolate("assessments_savedview", read=OWN_VIEW, write=OWN_VIEW),
        # What was written stands.
        isolate(
            "assessments_concern",
            read=any_of(INSPECTORATE, SHARED),
            insert=any_of(both(INSPECTORATE, "shared_by_id IS NULL"), both(SHARED, IN_REGION)),
        ),
        isolate(
            "assessments_concernoutcome",
            read=INSPECTORATE,
            insert=both(INSPECTORATE, via("assessments_concern", "concern_id")),
        ),
    ]
