"""What follows a settled report: publication, objections, a better version, the provider's own words."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import MD5
from django.utils import timezone

from assessments.models.report import ConceptVersion
from assessments.models.visit import Visit
from assessments.online import objection_until
from providers.actor import Actor
from providers.models import Organisation, Role


class Publication(models.Model):
    """The decision to publish and what became of it. The waiting time is configuration."""

    class SuspendedBy(models.TextChoices):
        INSPECTORATE = "inspectorate", "De inspectie zelf"
        COURT = "court", "De rechter"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    visit = models.OneToOneField(Visit, models.PROTECT, related_name="publication")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    publish_at = models.DateTimeField("openbaar vanaf")
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField("niet meer openbaar sinds", null=True)
    # Everybody reads it where the report stood.
    ended_because = models.TextField("waarom ingetrokken", blank=True)
    # Of the suspension that lasts; the log keeps those that ended.
    suspended_by = models.CharField("wie schort op", max_length=20, choices=SuspendedBy, blank=True)
    case_number = models.CharField("zaaknummer", max_length=60, blank=True)
    suspended_until = models.DateField("opgeschort tot en met", null=True, blank=True)

    class Meta:
        verbose_name = "openbaarmaking"
        verbose_name_plural = "openbaarmakingen"
        indexes = [
            models.Index(fields=["publish_at"], condition=Q(published_at=None), name="publication_due")
        ]

    def __str__(self) -> str:
        return f"openbaarmaking van {self.visit_id}"

    @property
    def objection_until(self) -> date:
        """The last day for an objection."""
        return objection_until(self.decided_at)


class PublicReaction(models.Model):
    """What the provider says beside the report, if it chooses so; fixed once the report is public."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    visit = models.OneToOneField(Visit, models.PROTECT, related_name="public_reaction")
    text = models.TextField("uw reactie bij het rapport")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "reactie van de aanbieder bij een rapport"
        verbose_name_plural = "reacties van aanbieders bij rapporten"

    def __str__(self) -> str:
        return self.text[:60]


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def visible_to(self, actor: Actor) -> "ObjectionQuerySet":
        """The inspectorate all; the provider those that it made itself."""
        if actor.has(Role.INSPECTOR, Role.COORDINATING_INSPECTOR):
            return self
        if actor.has(Role.QUALITY_OFFICER, Role.DIRECTOR):
            return self.filter(organisation=actor.organisation_id, made_by=Objection.MadeBy.PROVIDER)
        return self.none()

    def open(self) -> "ObjectionQuerySet":
        return self.filter(outcome="", struck_at=None)


class Objection(models.Model):
    """Somebody objects to the decision to publish. That alone stops nothing.

    One that was recorded wrongly is struck: it stays as it was, with the reason, and counts no longer.
    """

    class MadeBy(models.TextChoices):
        PROVIDER = "provider", "De aanbieder"
        OTHER = "other", "Een andere belanghebbende"

    class Outcome(models.TextChoices):
        FOUNDED = "founded", "Gegrond"
        PARTLY = "partly", "Deels gegrond"
        UNFOUNDED = "unfounded", "Ongegrond"
        INADMISSIBLE = "inadmissible", "Niet-ontvankelijk"
        WITHDRAWN = "withdrawn", "Ingetrokken door wie het maakte"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="objections")
    received_on = models.DateField("ontvangen op")
    made_by = models.CharField("wie maakt bezwaar", max_length=20, choices=MadeBy)
    subject = models.TextField("waarover het gaat", blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField("uitkomst", max_length=20, choices=Outcome, blank=True)
    outcome_on = models.DateField("datum van de uitkomst", null=True)
    reason = models.TextField("reden", blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    struck_at = models.DateTimeField("doorgehaald", null=True)
    struck_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    struck_because = models.TextField("waarom doorgehaald", blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = "bezwaar"
        verbose_name_plural = "bezwaren"
        ordering = ["received_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "received_on"],
                condition=Q(made_by="provider", struck_at=None),
                name="objection_once_a_day_by_provider",
            ),
            # Of others there can be more; the same one twice is a button that was pressed twice.
            models.UniqueConstraint(
                "visit",
                "received_on",
                MD5("subject"),
                "made_by",
                condition=Q(struck_at=None),
                name="objection_once_a_day_about_it",
            ),
            models.CheckConstraint(
                condition=Q(struck_at=None, struck_by=None, struck_because="")
                | Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(struck_because=""),
                name="objection_struck_by_somebody_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_on=None)
                | (~Q(outcome="") & ~Q(reason="") & Q(outcome_on__gte=models.F("received_on"))),
                name="objection_outcome_has_day_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"bezwaar van {self.received_on}"

    @property
    def is_open(self) -> bool:
        return not self.outcome and self.struck_at is None

    @property
    def closed_words(self) -> str:
        """How it ended."""
        return "doorgehaald" if self.struck_at else self.get_outcome_display().lower()


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def open(self) -> "CorrectionQuerySet":
        return self.filter(version=None, dropped_at=None)

    def settled(self) -> "CorrectionQuerySet":
        return self.filter(version__isnull=False)


class Correction(models.Model):
    """A better version of a settled report: which one it corrects, why, and the version that it became."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="corrections")
    corrects = models.ForeignKey(ConceptVersion, models.PROTECT, related_name="corrections")
    # Everybody reads it beside the version that it corrects.
    reason = models.TextField("waarom een verbeterde versie")
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now)
    version = models.OneToOneField(ConceptVersion, models.PROTECT, null=True, related_name="corrected_from")
    dropped_at = models.DateTimeField(null=True)

    objects = CorrectionQuerySet.as_manager()
    places: Any

    class Meta:
        verbose_name = "verbetering van een rapport"
        verbose_name_plural = "verbeteringen van rapporten"
        ordering = ["begun_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit"],
                condition=Q(version=None, dropped_at=None),
                name="correction_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"verbetering van {self.corrects_id}"


class CorrectedPlace(models.Model):
    """The new text of one place of the report; `place` as in report_text.passages_of."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    correction = models.ForeignKey(Correction, models.PROTECT, related_name="places")
    place = models.CharField("passage", max_length=60)
    text = models.TextField("nieuwe tekst")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "verbeterde passage"
        verbose_name_plural = "verbeterde passages"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["correction", "place"], name="corrected_place_once")]

    def __str__(self) -> str:
        return self.place
