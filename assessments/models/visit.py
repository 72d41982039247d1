"""A visit of the inspectorate: what was found on the spot and what is judged of it."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from assessments.models.event import Event
from assessments.models.self_assessment import Revision
from norms.models import FrameworkVersion, Item
from providers.actor import Actor
from providers.models import Location, Organisation, Role


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, actor: Actor) -> "VisitQuerySet":
        """The inspectorate all; the provider its own, an unannounced one only after it took place.

        A care office and the public see published reports (reports app), never the visit.
        """
        if actor.has(Role.INSPECTOR, Role.COORDINATING_INSPECTOR):
            return self
        if actor.has(Role.QUALITY_OFFICER, Role.DIRECTOR):
            shown = Q(announced=True) | Q(conducted_at__isnull=False)
            return self.filter(shown, organisation=actor.organisation_id)
        return self.none()

    def public(self) -> "VisitQuerySet":
        return self.filter(status=Visit.Status.PUBLISHED)

    def for_list(self) -> "VisitQuerySet":
        return self.select_related("organisation", "publication")


class Visit(models.Model):
    class Status(models.TextChoices):
        PLANNED = "planned", "Gepland"
        CONDUCTED = "conducted", "Uitgevoerd"
        DRAFTING = "drafting", "Concept"
        AT_PROVIDER = "at_provider", "Ter reactie bij aanbieder"
        REACTED = "reacted", "Reactie ontvangen"
        PROCESSED = "processed", "Reactie verwerkt"
        SETTLED = "settled", "Vastgesteld"
        DECIDED = "decided", "Besluit tot openbaarmaking"
        SUSPENDED = "suspended", "Opgeschort"
        PUBLISHED = "published", "Openbaar"
        WITHDRAWN = "withdrawn", "Ingetrokken"
        OFFLINE = "offline", "Niet meer online"
        CANCELLED = "cancelled", "Geannuleerd"

    RECORDING = (Status.PLANNED, Status.CONDUCTED, Status.DRAFTING)
    # After a reaction what was recorded can be corrected, not added to.
    CORRECTING = (*RECORDING, Status.REACTED)
    WRITING = (Status.DRAFTING, Status.REACTED)
    # From here on the provider may read the text of the inspectorate.
    SHARED = (
        Status.AT_PROVIDER,
        Status.REACTED,
        Status.PROCESSED,
        Status.SETTLED,
        Status.DECIDED,
        Status.SUSPENDED,
        Status.PUBLISHED,
        Status.WITHDRAWN,
        Status.OFFLINE,
    )

    # And from here on the inspectorate the provider's reaction.
    REACTED_ON = SHARED[1:]

    number = models.CharField("rapportnummer", max_length=8, unique=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="visits", verbose_name="zorgaanbieder"
    )
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="visits")
    locations = models.ManyToManyField(Location, verbose_name="locaties en teams", related_name="+")
    editions = models.ManyToManyField(FrameworkVersion, verbose_name="normenkaders", related_name="+")
    announced = models.BooleanField("aangekondigd", default=True)
    starts_on = models.DateField("eerste dag")
    ends_on = models.DateField("laatste dag")
    focus = models.TextField("aanleiding en aandachtspunten", blank=True)
    # Chosen when it is planned; they stand once somebody judged.
    own_score_hidden = models.BooleanField("eigen oordeel van de aanbieder eerst verborgen", default=False)
    judged_apart = models.BooleanField("teamleden oordelen eerst apart", default=False)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="followed_by", verbose_name="vervolg op"
    )
    # What is judged; empty: everything in the editions that the inspectorate judges.
    items = models.ManyToManyField(Item, verbose_name="onderdelen", related_name="+")
    status = models.CharField(max_length=20, choices=Status, default=Status.PLANNED)
    suspended_from = models.CharField(max_length=20, choices=Status, blank=True)
    reaction_weeks = models.PositiveSmallIntegerField("reactietermijn in weken")
    # The last day; known once the concept was delivered.
    reaction_due = models.DateField(null=True)
    # The edition of the report template, since the report was composed.
    report_template = models.CharField(max_length=10, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    conducted_at = models.DateTimeField(null=True)
    interviews = models.PositiveSmallIntegerField("gesprekken", default=0)
    records = models.PositiveSmallIntegerField("dossiers", default=0)
    home_visits = models.PositiveSmallIntegerField("huisbezoeken, met toestemming", default=0)
    documents = models.PositiveSmallIntegerField("documenten", default=0)
    count_versions: Any = models.JSONField(default=dict)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = "bezoek"
        verbose_name_plural = "bezoeken"
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="visit_days"),
            models.CheckConstraint(
                condition=Q(status="suspended") ^ Q(suspended_from=""), name="visit_suspended_from"
            ),
        ]
        indexes = [
            models.Index(F("starts_on").desc(), F("id").desc(), name="visit_newest"),
            models.Index(fields=["organisation", "status"]),
            models.Index(fields=["status", "starts_on"]),
        ]

    def __str__(self) -> str:
        return f"Bezoek {self.number} aan {self.organisation}"

    def get_absolute_url(self) -> str:
        return reverse("assessments:visit", args=[self.pk])

    @property
    def is_known_to_provider(self) -> bool:
        """An unannounced visit does not exist for its provider until it took place."""
        return self.announced or self.conducted_at is not None

    def undeclared(self) -> list[str]:
        """The names of members of the team who did not declare to have no interest in the provider."""
        waiting = self.members.filter(no_conflict_at=None).order_by("user__name")
        return list(waiting.values_list("user__name", flat=True))


class VisitMember(models.Model):
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    coordinates = models.BooleanField("coördineert het bezoek", default=False)
    # When this member declared to have no interest in this provider.
    no_conflict_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "lid van het bezoekteam"
        verbose_name_plural = "leden van het bezoekteam"
        constraints = [
            models.UniqueConstraint(fields=["visit", "user"], name="visit_member_once"),
            models.UniqueConstraint(
                fields=["visit"], condition=Q(coordinates=True), name="visit_one_coordinator"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} bij {self.visit_id}"


class VisitEvent(Event):
    """What happened to a visit; append-only."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="events")
    version = models.ForeignKey("assessments.ConceptVersion", models.PROTECT, null=True, related_name="+")
    # What was planned otherwise, in words: field -> [old, new].
    changed: Any = models.JSONField(default=dict)
    # Not for the provider: it knew nothing of the visit then, or it is how the inspectorate works.
    internal = models.BooleanField(default=False)
    old_status = models.CharField(max_length=20, blank=True)

    class Meta(Event.Meta):
        verbose_name = "gebeurtenis bij een bezoek"
        verbose_name_plural = "gebeurtenissen bij bezoeken"


class Finding(models.Model):
    """A fact with its kind of source; no names of people."""

    class Source(models.TextChoices):
        INTERVIEW_CLIENT = "interview_client", "Gesprek met cliënt"
        INTERVIEW_RELATIVE = "interview_relative", "Gesprek met naaste"
        INTERVIEW_PROFESSIONAL = "interview_professional", "Gesprek met zorgverlener"
        INTERVIEW_BOARD = "interview_board", "Gesprek met bestuur"
        RECORD = "record", "Dossier"
        OBSERVATION = "observation", "Observatie"
        DOCUMENT = "document", "Document"
        MEDICATION = "medication", "Medicatie"

    FIELDS = ("source", "text", "items", "removed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="findings")
    source = models.CharField("soort bron", max_length=30, choices=Source)
    text = models.TextField("bevinding")
    items = models.ManyToManyField(Item, verbose_name="normen", related_name="+")
    # Left out of the report; it can be put back, and what stood there stays in the log.
    removed = models.BooleanField("verwijderd", default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    versions: Any = models.JSONField(default=dict)

    class Meta:
        verbose_name = "bevinding"
        verbose_name_plural = "bevindingen"
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class JudgementQuerySet(models.QuerySet["Judgement"]):
    def visible_to(self, actor: Actor) -> "JudgementQuerySet":
        """What colleagues judged apart stays theirs until the item is opened."""
        return self.filter(Q(apart=False) | Q(author=actor.user))


class Judgement(models.Model):
    """A score on one item by one author; author empty is the team's common one, which reaches the report.

    On a deelvraag (a check) the level is yes, partly or no: grounds for the score above it, never counted.
    """

    FIELDS = ("level", "reason", "findings")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="judgements")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # Given without seeing the others: only its author reads it until the item is opened (JudgementOpening).
    apart = models.BooleanField("apart gegeven", default=False)
    level = models.CharField("oordeel", max_length=30, blank=True)
    reason = models.TextField("reden", blank=True)
    findings = models.ManyToManyField(Finding, verbose_name="bevindingen", related_name="+")
    versions: Any = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    cited: list[uuid.UUID]  # the keys of its findings, set by visit_workspace

    objects = JudgementQuerySet.as_manager()

    class Meta:
        verbose_name = "oordeel"
        verbose_name_plural = "oordelen"
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "item", "author"], nulls_distinct=False, name="judgement_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} op {self.item_id}"


class JudgementOpening(models.Model):
    """From here on the team sees what each judged on an item; append-only. `by` empty: all had judged."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="openings")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.TextField("reden", blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "opening van oordelen"
        verbose_name_plural = "openingen van oordelen"
        constraints = [models.UniqueConstraint(fields=["visit", "item"], name="judgements_opened_once")]

    def __str__(self) -> str:
        return f"{self.item_id} bij {self.visit_id}"


class FieldEdit(models.Model):
    """One accepted change of one field of a finding, a judgement or the counts; append-only.

    Its id is made by the client. `at` is the server's time and gives the order; `made_at` is what a device
    without a network said.
    """

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="field_edits")
    kind = models.CharField(max_length=20)
    object_id = models.UUIDField()
    field = models.CharField(max_length=20)
    base_version = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    value: Any = models.JSONField(null=True)
    device = models.CharField(max_length=40, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "wijziging van een veld"
        verbose_name_plural = "wijzigingen van velden"
        constraints = [
            models.UniqueConstraint(fields=["object_id", "field", "version"], name="field_edit_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}.{self.field} v{self.version}"
