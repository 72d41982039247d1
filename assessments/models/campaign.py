"""An organisation asks providers for an account: of which year, over which norms, by when."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from norms.models import FrameworkVersion
from providers.models import Organisation


class Campaign(models.Model):
    """What is asked, by whom and why. 'Not handed in' has a meaning only through this."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="campaigns", verbose_name="wie vraagt"
    )
    title = models.CharField("titel", max_length=160)
    reason = models.TextField("waarom u dit vraagt")
    year = models.PositiveSmallIntegerField("over het jaar")
    editions = models.ManyToManyField(FrameworkVersion, verbose_name="normenkaders", related_name="+")
    due_on = models.DateField("uiterlijk indienen op")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField("ingetrokken", null=True)

    class Meta:
        verbose_name = "uitvraag"
        verbose_name_plural = "uitvragen"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class CampaignTarget(models.Model):
    """One provider that is asked; its own date moves with an extension."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="targets")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="asked_in")
    asked_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    due_on = models.DateField("uiterlijk indienen op")
    extension_asked_on = models.DateField("uitstel gevraagd tot", null=True)
    extension_asked_because = models.TextField("waarom uitstel nodig is", blank=True)
    extension_asked_at = models.DateTimeField(null=True)
    extension_reason = models.TextField("reden van het uitstel", blank=True)
    extended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    extended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "gevraagde aanbieder"
        verbose_name_plural = "gevraagde aanbieders"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "organisation"], name="campaign_target_once"),
            models.CheckConstraint(
                condition=Q(extended_at=None) | (~Q(extension_reason="") & Q(extended_by__isnull=False)),
                name="campaign_extension_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "due_on"])]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.campaign}"
