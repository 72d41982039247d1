"""What the inspectorate (or the minister) imposes on a provider, until when, and what came of it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from assessments.measure_kinds import kind_of
from assessments.models.event import Event
from assessments.models.evidence import EvidenceRevision
from assessments.models.visit import Visit
from assessments.online import kept_since
from providers.actor import Actor
from providers.models import Organisation, Role


class MeasureQuerySet(models.QuerySet["Measure"]):
    def visible_to(self, actor: Actor) -> "MeasureQuerySet":
        """The inspectorate all, the provider its own. What others read is a PublishedMeasure."""
        if actor.has(Role.INSPECTOR, Role.COORDINATING_INSPECTOR):
            return self
        if actor.has(Role.QUALITY_OFFICER, Role.DIRECTOR):
            return self.filter(organisation=actor.organisation_id)
        return self.none()

    def running(self) -> "MeasureQuerySet":
        return self.filter(status__in=Measure.RUNNING)

    def for_list(self) -> "MeasureQuerySet":
        return self.select_related("organisation", "visit")


class Measure(models.Model):
    """One measure. `kind` is a code of measure_kinds.yaml."""

    class Status(models.TextChoices):
        IMPOSED = "imposed", "Loopt"
        EXTENDED = "extended", "Verlengd"
        DELIVERED = "delivered", "Ingeleverd"
        MET = "met", "Nagekomen"
        NOT_MET = "not_met", "Niet nagekomen"
        WITHDRAWN = "revoked", "Ingetrokken"

    # The provider has to act.
    AWAITED = (Status.IMPOSED, Status.EXTENDED)
    RUNNING = (*AWAITED, Status.DELIVERED)

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="measures", verbose_name="zorgaanbieder"
    )
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, blank=True, related_name="measures")
    kind = models.CharField("soort maatregel", max_length=40)
    decided_on = models.DateField("datum van het besluit")
    due_on = models.DateField("uiterlijk")
    points = models.TextField("wat de aanbieder moet doen")
    reason = models.TextField("waarom")
    status = models.CharField(max_length=20, choices=Status, default=Status.IMPOSED)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    delivered = models.TextField("wat u inlevert", blank=True)
    delivered_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)
    evidence = models.ManyToManyField(EvidenceRevision, verbose_name="bewijsstukken", related_name="measures")

    objects = MeasureQuerySet.as_manager()
    events: Any
    published: "PublishedMeasure"

    class Meta:
        verbose_name = "maatregel"
        verbose_name_plural = "maatregelen"
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("decided_on")), name="measure_term"),
            models.CheckConstraint(
                condition=Q(ended_on=None) ^ Q(status__in=["met", "not_met", "revoked"]),
                name="measure_ended",
            ),
            models.UniqueConstraint(
                fields=["organisation", "kind", "decided_on", "visit"],
                nulls_distinct=False,
                name="measure_once",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "status", "due_on"], name="measure_of_provider"),
            models.Index(F("decided_on").desc(), F("id").desc(), name="measure_newest"),
            models.Index(
                fields=["due_on"],
                name="measure_running",
                condition=Q(status__in=["imposed", "extended", "delivered"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.organisation}"

    def get_absolute_url(self) -> str:
        return reverse("assessments:measure", args=[self.pk])

    @property
    def title(self) -> str:
        """The name of its kind."""
        return kind_of(self.kind).label

    @property
    def is_running(self) -> bool:
        return self.status in self.RUNNING

    @property
    def is_late(self) -> bool:
        return self.status in self.AWAITED and self.due_on < timezone.localdate()

    @property
    def is_returned(self) -> bool:
        """What was delivered was not enough, and nothing better came yet."""
        return self.status in self.AWAITED and bool(self.delivered) and self.delivered_at is None


class MeasureEvent(Event):
    """What happened to a measure, by whom; append-only."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="events")
    # Until when, after this event.
    due_on = models.DateField(null=True)

    class Meta(Event.Meta):
        verbose_name = "gebeurtenis bij een maatregel"
        verbose_name_plural = "gebeurtenissen bij maatregelen"


class PublishedMeasureQuerySet(models.QuerySet["PublishedMeasure"]):
    def online(self) -> "PublishedMeasureQuerySet":
        """Measures stay as long as reports do."""
        return self.filter(published_at__gte=kept_since())


class PublishedMeasure(models.Model):
    """What everybody may read of a measure: a row of its own, so that nothing else of it can be reached."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    measure = models.OneToOneField(Measure, models.PROTECT, related_name="published")
    title = models.CharField(max_length=80)
    text = models.TextField("wat iedereen leest")
    decided_on = models.DateField()
    due_on = models.DateField()
    ended_on = models.DateField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    published_at: datetime = models.DateTimeField(default=timezone.now)  # type: ignore[assignment]

    objects = PublishedMeasureQuerySet.as_manager()

    class Meta:
        verbose_name = "openbare maatregel"
        verbose_name_plural = "openbare maatregelen"
        indexes = [models.Index(fields=["-published_at", "-id"], name="published_measure_newest")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_running(self) -> bool:
        return self.ended_on is None
