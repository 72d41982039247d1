"""What a provider does and for whom."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from wlzthuis.isolation import INSPECTORATE, any_of, isolate, own

OWN = own("organisation_id", "provider")
READERS = any_of(OWN, INSPECTORATE, "organisation_id IN (SELECT providers_in_acting_regions())")
COUNTS = ("tally", "clientcount")


class Migration(migrations.Migration):
    dependencies = [("providers", "0007_faster_reading")]

    operations = [
        migrations.CreateModel(
            name="Profile",
            fields=[
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="profile",
                        serialize=False,
                        to="providers.organisation",
                    ),
                ),
                ("has_wlz_clients", models.BooleanField(verbose_name="heeft cliënten met een Wlz-indicatie")),
                (
                    "delivery_forms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("mpt", "Modulair pakket thuis (mpt)"),
                                ("vpt", "Volledig pakket thuis (vpt)"),
                                ("pgb", "Persoonsgebonden budget (pgb)"),
                                ("verblijf", "Verblijf"),
                                ("deeltijdverblijf", "Deeltijdverblijf"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                (
                    "housing",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("unclustered", "Verspreid, in gewone woningen"),
                                ("clustered", "Geclusterd: woningen bij elkaar, met zorg in de buurt"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                (
                    "sectors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("vv", "Verpleging en verzorging"),
                                ("ghz", "Gehandicaptenzorg"),
                                ("ggz", "Geestelijke gezondheidszorg"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                ("bridging_care", models.BooleanField(verbose_name="levert overbruggingszorg")),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "updated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "profiel",
                "verbose_name_plural": "profielen",
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("counted_on", models.DateField(verbose_name="geteld op")),
                ("version", models.PositiveSmallIntegerField(default=1)),
                (
                    "bridging_clients",
                    models.PositiveIntegerField(null=True, verbose_name="cliënten met overbruggingszorg"),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
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
                        related_name="tallies",
                        to="providers.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "telling van cliënten",
                "verbose_name_plural": "tellingen van cliënten",
            },
        ),
        migrations.CreateModel(
            name="ClientCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "care_profile",
                    models.CharField(
                        choices=[
                            ("4vv", "4VV"),
                            ("5vv", "5VV"),
                            ("6vv", "6VV"),
                            ("7vv", "7VV"),
                            ("8vv", "8VV"),
                            ("9avv", "9A VV"),
                            ("9bvv", "9B VV"),
                            ("10vv", "10VV"),
                            ("other", "Een ander zorgprofiel"),
                        ],
                        max_length=20,
                        verbose_name="zorgprofiel",
                    ),
                ),
                (
                    "delivery_form",
                    models.CharField(
                        choices=[
                            ("mpt", "Modulair pakket thuis (mpt)"),
                            ("vpt", "Volledig pakket thuis (vpt)"),
                            ("pgb", "Persoonsgebonden budget (pgb)"),
                            ("verblijf", "Verblijf"),
                            ("deeltijdverblijf", "Deeltijdverblijf"),
                        ],
                        max_length=20,
                        verbose_name="leveringsvorm",
                    ),
                ),
                ("clients", models.PositiveIntegerField(verbose_name="cliënten")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="providers.organisation",
                    ),
                ),
                (
                    "tally",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counts",
                        to="providers.tally",
                    ),
                ),
            ],
            options={
                "verbose_name": "aantal cliënten",
                "verbose_name_plural": "aantallen cliënten",
            },
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.UniqueConstraint(
                fields=("organisation", "counted_on", "version"), name="tally_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="clientcount",
            constraint=models.UniqueConstraint(
                fields=("tally", "care_profile", "delivery_form"), name="client_count_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="clientcount",
            constraint=models.CheckConstraint(
                condition=models.Q(("clients__gt", 0)), name="client_count_above_zero"
            ),
        ),
        isolate("providers_profile", read=READERS, insert=OWN, update=OWN),
        *[isolate(f"providers_{table}", read=READERS, insert=OWN) for table in COUNTS],
        *[
            migrations.RunSQL(
                f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON providers_{table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION providers_append_only();",
                f"DROP TRIGGER append_only ON providers_{table};",
            )
            for table in COUNTS
        ],
    ]
