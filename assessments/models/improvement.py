"""What a provider does to get better, and whether it worked."""

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from assessments.models.event import Event
from assessments.models.evidence import EvidenceRevision
from assessments.models.self_assessment import Revision
from assessments.models.visit import Visit
from norms.models import Item
from providers.actor import Actor
from providers.models import Organisation, Role


class ImprovementActionQuerySet(models.QuerySet["ImprovementAction"]):
    def visible_to(self, actor: Actor) -> "ImprovementActionQuerySet":
        """The provider's own, for who fills in and who adopts; the inspectorate what it asked itself."""
        if actor.has(Role.QUALITY_OFFICER, Role.DIRECTOR):
            return self.filter(organisation=actor.organisation_id)
        if actor.has(Role.INSPECTOR, Role.COORDINATING_INSPECTOR):
            return self.points()
        return self.none()

    def points(self) -> "ImprovementActionQuerySet":
        """What the inspectorate asked in a settled report."""
        return self.exclude(point="")

    def open(self) -> "ImprovementActionQuerySet":
        return self.filter(status__in=ImprovementAction.OPEN)

    def overdue(self, today: date) -> "ImprovementActionQuerySet":
        return self.open().filter(due__lt=today)

    def with_lacking(self) -> "ImprovementActionQuerySet":
        """With what the inspectorate said last was not good enough yet; it counts while an action is open."""
        refused = ImprovementEvent.objects.filter(improvement=OuterRef("pk"), action="refuse")
        return self.annotate(lacking=Subquery(refused.order_by("-at", "-pk").values("note")[:1]))

    def for_list(self) -> "ImprovementActionQuerySet":
        return self.select_related("assignee", "item", "revision__self_assessment", "visit").defer(
            "revision__content"
        )


class ImprovementAction(models.Model):
    """One thing that is going to be better: what, why, who, when, and how one will know."""

    class Status(models.TextChoices):
        PLANNED = "planned", "Gepland"
        BUSY = "busy", "Bezig"
        DONE = "done", "Klaar"
        STOPPED = "stopped", "Gestopt"
        CHECKED = "checked", "Voldoende"

    OPEN = (Status.PLANNED, Status.BUSY)

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    # Where it comes from: an item of an account, or what the inspectorate judged; neither for a loose one.
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="improvements")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="improvements")
    # The number of what must be better in the report of the visit, and its words; these and the date are the
    # inspectorate's, the rest is how the provider goes about it.
    point = models.CharField(max_length=8, blank=True)
    demand = models.TextField("wat moet beter", blank=True)
    # The provider's own score of the item when the action was made: answers of a draft change.
    score_before = models.CharField(max_length=30, blank=True)
    # Made with the form, so that sending it twice makes one.
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    what = models.CharField("wat gaat u doen", max_length=200)
    why = models.TextField("waarom", blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="wie: een collega in Thuispeil",
    )
    role_name = models.CharField("of een andere naam of rol", max_length=120, blank=True)
    due = models.DateField("klaar op")
    expected = models.TextField("welk resultaat verwacht u")
    measured_by = models.TextField("hoe merkt of meet u dat", blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.PLANNED)
    result = models.TextField("wat het opleverde", blank=True)
    ended_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    # Of who does it or when: the colleague hears of this.
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    assigned_at = models.DateTimeField(default=timezone.now)
    evidence = models.ManyToManyField(
        EvidenceRevision, verbose_name="bewijsstukken", related_name="improvements"
    )

    objects = ImprovementActionQuerySet.as_manager()
    events: Any
    lacking: str | None

    class Meta:
        verbose_name = "verbeteractie"
        verbose_name_plural = "verbeteracties"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="improvement_once"),
            models.CheckConstraint(
                condition=Q(assignee__isnull=False, role_name="") | (Q(assignee=None) & ~Q(role_name="")),
                name="improvement_has_one_who",
            ),
            models.CheckConstraint(
                condition=Q(item=None) | Q(revision__isnull=False) | Q(visit__isnull=False),
                name="improvement_item_has_source",
            ),
            models.UniqueConstraint(
                fields=["visit", "point"], condition=~Q(point=""), name="improvement_point_once"
            ),
            models.CheckConstraint(
                condition=Q(point="", demand="")
                | (~Q(point="") & ~Q(demand="") & Q(visit__isnull=False) & ~Q(status="stopped")),
                name="improvement_point_of_visit",
            ),
            models.CheckConstraint(
                condition=~Q(status="checked") | ~Q(point=""), name="improvement_only_points_are_checked"
            ),
            models.CheckConstraint(
                condition=~Q(status="done") | (~Q(result="") & Q(ended_at__isnull=False)),
                name="improvement_done_has_result",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "status", "due"], name="improvement_by_status"),
            models.Index(
                fields=["organisation", "item"],
                name="improvement_of_item",
                condition=Q(item__isnull=False),
            ),
            models.Index(
                fields=["assignee", "due"],
                name="improvement_of_person",
                condition=Q(status__in=["planned", "busy"]),
            ),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return reverse("assessments:improvement", args=[self.pk])

    @property
    def is_point(self) -> bool:
        """The inspectorate asks it."""
        return bool(self.point)

    @property
    def who(self) -> str:
        return self.assignee.name if self.assignee else self.role_name

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due < timezone.localdate()


class ImprovementEvent(Event):
    """What happened to an action, by whom; append-only."""

    improvement = models.ForeignKey(ImprovementAction, models.PROTECT, related_name="events")

    class Meta(Event.Meta):
        verbose_name = "gebeurtenis bij een verbeteractie"
        verbose_name_plural = "gebeurtenissen bij verbeteracties"
