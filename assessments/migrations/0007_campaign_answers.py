# Nothing could make a campaign before this, so there are no rows to give a key of their own.

import uuid

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0006_isolation"),
        ("norms", "0001_initial"),
        ("providers", "0004_audit_chain"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False),
        ),
        migrations.AddField(
            model_name="campaign",
            name="withdrawn_because",
            field=models.TextField(blank=True, verbose_name="waarom u de uitvraag intrekt"),
        ),
        migrations.AddField(
            model_name="campaigntarget",
            name="extension_answered_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="campaigntarget",
            name="extension_refused_because",
            field=models.TextField(blank=True, verbose_name="waarom geen uitstel"),
        ),
        migrations.AddField(
            model_name="campaigntarget",
            name="reminded_on",
            field=models.DateField(null=True, verbose_name="laatst herinnerd op"),
        ),
        migrations.AddField(
            model_name="campaigntarget",
            name="told",
            field=models.CharField(
                blank=True,
                choices=[("", "Nog niets"), ("asked", "Gevraagd"), ("withdrawn", "Ingetrokken")],
                default="",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.UniqueConstraint(fields=("organisation", "key"), name="campaign_sent_once"),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at", None),
                    models.Q(("withdrawn_because", ""), _negated=True),
                    _connector="OR",
                ),
                name="campaign_withdrawal_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaigntarget",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("extension_asked_at", None),
                    models.Q(
                        ("extension_asked_on__isnull", False),
                        models.Q(("extension_asked_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="campaign_request_has_reason",
            ),
        ),
    ]
