import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Framework",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=200)),
                (
                    "type",
                    models.CharField(
                        choices=[("norm", "Norm"), ("advice", "Advies"), ("request", "Uitvraag")],
                        max_length=10,
                    ),
                ),
                ("publisher", models.CharField(max_length=200)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Scale",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("checksum", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="FrameworkVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("edition", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=200)),
                ("summary", models.TextField()),
                ("valid_from", models.DateField(null=True)),
                ("valid_until", models.DateField(null=True)),
                ("validity_note", models.TextField(blank=True)),
                ("succession_note", models.TextField(blank=True)),
                ("succeeded_by", models.SlugField(blank=True, max_length=60)),
                ("label", models.CharField(blank=True, max_length=120)),
                ("minutes", models.PositiveSmallIntegerField()),
                ("step", models.PositiveSmallIntegerField()),
                ("source", models.JSONField()),
                ("scope", models.JSONField(default=list)),
                ("checksum", models.CharField(max_length=64)),
                ("published_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "framework",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="norms.framework",
                    ),
                ),
                (
                    "scale",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="norms.scale"
                    ),
                ),
            ],
            options={
                "ordering": ["step", "edition"],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=30)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("theme", "Thema"),
                            ("judgement", "Oordeel"),
                            ("check", "Ja, deels of nee"),
                            ("figure", "Getal"),
                            ("choice", "Keuze"),
                            ("date", "Datum"),
                            ("text", "Tekst"),
                            ("table", "Tabel"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "filled_by",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("provider", "Zorgaanbieder"),
                                ("inspectorate", "Inspectie"),
                                ("care_office", "Zorgkantoor"),
                            ],
                            max_length=20,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("is_section", models.BooleanField(default=False)),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField(blank=True)),
                ("guidance", models.TextField(blank=True)),
                ("good", models.TextField(blank=True)),
                ("evidence", models.JSONField(default=list)),
                ("source_ref", models.CharField(blank=True, max_length=120)),
                ("inferred", models.BooleanField(default=False)),
                ("inferred_note", models.TextField(blank=True)),
                ("applies_from", models.DateField(null=True)),
                ("unit", models.CharField(blank=True, max_length=40)),
                ("options", models.JSONField(default=list)),
                ("table", models.JSONField(null=True)),
                ("position", models.PositiveIntegerField()),
                ("depth", models.PositiveSmallIntegerField()),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="children",
                        to="norms.item",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="section_items",
                        to="norms.item",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="norms.frameworkversion",
                    ),
                ),
            ],
            options={
                "ordering": ["version", "position"],
            },
        ),
        migrations.CreateModel(
            name="ScaleLevel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30)),
                ("rank", models.PositiveSmallIntegerField(null=True)),
                ("label", models.CharField(max_length=60)),
                ("meaning", models.TextField()),
                ("mark", models.SlugField(max_length=30)),
                ("for_provider", models.BooleanField()),
                ("for_inspectorate", models.BooleanField()),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "scale",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="levels", to="norms.scale"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="Signal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=60)),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("advice", models.TextField()),
                ("condition", models.JSONField()),
                ("source_ref", models.CharField(blank=True, max_length=120)),
                ("inferred", models.BooleanField(default=False)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="signals", to="norms.item"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signals",
                        to="norms.frameworkversion",
                    ),
                ),
            ],
            options={
                "ordering": ["version", "position"],
            },
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(
                fields=("version", "code"), name="norms_item_code_once_per_edition"
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(
                fields=("version", "position"), name="norms_item_position_once_per_edition"
            ),
        ),
        migrations.AddConstraint(
            model_name="frameworkversion",
            constraint=models.UniqueConstraint(
                fields=("framework", "edition"), name="norms_edition_once_per_framework"
            ),
        ),
        migrations.AddConstraint(
            model_name="frameworkversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from", None),
                    ("valid_until", None),
                    ("valid_until__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="norms_edition_ends_after_begin",
            ),
        ),
        migrations.AddConstraint(
            model_name="scalelevel",
            constraint=models.UniqueConstraint(
                fields=("scale", "code"), name="norms_level_code_once_per_scale"
            ),
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.UniqueConstraint(
                fields=("version", "code"), name="norms_signal_code_once_per_edition"
            ),
        ),
    ]
