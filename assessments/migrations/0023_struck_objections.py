"""An objection that was recorded wrongly is struck, and the right one can be recorded beside it."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0022_remarks_stand"),
        ("providers", "0009_digest"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="objection",
            name="objection_once_a_day_by_provider",
        ),
        migrations.RemoveConstraint(
            model_name="objection",
            name="objection_once_a_day_about_it",
        ),
        migrations.AddField(
            model_name="objection",
            name="struck_at",
            field=models.DateTimeField(null=True, verbose_name="doorgehaald"),
        ),
        migrations.AddField(
            model_name="objection",
            name="struck_because",
            field=models.TextField(blank=True, verbose_name="waarom doorgehaald"),
        ),
        migrations.AddField(
            model_name="objection",
            name="struck_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(
                condition=models.Q(("made_by", "provider"), ("struck_at", None)),
                fields=("visit", "received_on"),
                name="objection_once_a_day_by_provider",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(
                models.F("visit"),
                models.F("received_on"),
                django.db.models.functions.text.MD5("subject"),
                models.F("made_by"),
                condition=models.Q(("struck_at", None)),
                name="objection_once_a_day_about_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("struck_at", None), ("struck_because", ""), ("struck_by", None)),
                    models.Q(
                        ("struck_at__isnull", False),
                        ("struck_by__isnull", False),
                        models.Q(("struck_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="objection_struck_by_somebody_with_reason",
            ),
        ),
    ]
