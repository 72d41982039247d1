"""What somebody tells about a provider: for the inspectorate alone, and for the care office that told it."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from providers.actor import Actor
from providers.models import Organisation, Role


class ConcernQuerySet(models.QuerySet["Concern"]):
    def visible_to(self, actor: Actor) -> "ConcernQuerySet":
        """The inspectorate all; a care office what it shared itself. Never the provider."""
        if actor.has(Role.INSPECTOR, Role.COORDINATING_INSPECTOR):
            return self
        if actor.has(Role.CARE_OFFICE_OFFICER):
            return self.filter(shared_by=actor.organisation_id)
        return self.none()

    def open(self) -> "ConcernQuerySet":
        """Nobody of the inspectorate closed it yet."""
        return self.filter(outcome=None)


class Concern(models.Model):
    """A signal or report about a provider. It stays as it was written; what came of it stands beside it."""

    class Source(models.TextChoices):
        CLIENT = "client", "Cliënt"
        RELATIVE = "relative", "Naaste"
        PROFESSIONAL = "professional", "Zorgverlener"
        CARE_OFFICE = "care_office", "Zorgkantoor"
        MUNICIPALITY = "municipality", "Gemeente"
        REGULATOR = "regulator", "Andere toezichthouder"
        MEDIA = "media", "Media"
        OTHER = "other", "Iemand anders"

    # Made with the form, so that sending it twice keeps one.
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="concerns", verbose_name="zorgaanbieder"
    )
    received_on = models.DateField("datum")
    source = models.CharField("van wie", max_length=20, choices=Source)
    subject = models.CharField("onderwerp", max_length=120)
    text = models.TextField("wat er is gezegd of gezien")
    # The care office that told it; empty: the inspectorate wrote it down itself.
    shared_by = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name="gedeeld door"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        verbose_name = "signaal of melding"
        verbose_name_plural = "signalen en meldingen"
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["created_by", "key"], name="concern_once"),
        ]
        indexes = [
            models.Index(fields=["organisation", "-received_on"], name="concern_of_provider"),
            models.Index(fields=["-received_on", "-id"], name="concern_newest"),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("assessments:concern", args=[self.pk])


class ConcernOutcome(models.Model):
    """What the inspectorate did with a concern. A row of its own: who told it may not read this."""

    concern = models.OneToOneField(Concern, models.PROTECT, related_name="outcome")
    reason = models.TextField("wat is ermee gedaan?")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "afhandeling van een signaal of melding"
        verbose_name_plural = "afhandeling van signalen en meldingen"

    def __str__(self) -> str:
        return self.reason[:60]
