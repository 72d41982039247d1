"""What the inspectorate does before and around a visit: notes, requests for documents, consent at home."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from assessments.models.evidence import EvidenceRevision
from assessments.models.visit import Visit
from norms.models import Item
from providers.actor import Actor
from providers.models import Organisation, Role


class VisitNote(models.Model):
    """One version of the team's note on an item, or (item empty) on the whole visit; append-only.

    The newest version is the note. Only the inspectorate reads it, and no report takes it over.
    """

    # Made by the client: what is sent twice is written once.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="notes")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    text = models.TextField("notitie", blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "notitie bij een bezoek"
        verbose_name_plural = "notities bij bezoeken"
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "item", "version"], nulls_distinct=False, name="visit_note_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"notitie v{self.version} bij {self.visit_id}"


class DocumentRequestQuerySet(models.QuerySet["DocumentRequest"]):
    def visible_to(self, actor: Actor) -> "DocumentRequestQuerySet":
        """The inspectorate all; the provider what is asked of it."""
        if actor.has(Role.INSPECTOR, Role.COORDINATING_INSPECTOR):
            return self
        if actor.has(Role.QUALITY_OFFICER, Role.DIRECTOR):
            return self.filter(visit__in=Visit.objects.visible_to(actor))
        return self.none()

    def open(self) -> "DocumentRequestQuerySet":
        return self.filter(status=DocumentRequest.Status.OPEN)


class DocumentRequest(models.Model):
    """Documents that the inspectorate asks of a provider that knows of the visit, by a day."""

    class Status(models.TextChoices):
        OPEN = "open", "Gevraagd"
        COMPLETE = "complete", "Compleet"
        WITHDRAWN = "withdrawn", "Niet meer nodig"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="document_requests")
    # Made with the form, so that sending it twice asks once.
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    what = models.TextField("welke documenten")
    why = models.TextField("waarvoor")
    due = models.DateField("uiterlijk")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects = DocumentRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "verzoek om documenten"
        verbose_name_plural = "verzoeken om documenten"
        ordering = ["due", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "key"], name="document_request_once"),
            models.CheckConstraint(
                condition=Q(status="open", closed_at=None, closed_by=None)
                | (~Q(status="open") & Q(closed_at__isnull=False, closed_by__isnull=False)),
                name="document_request_closed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "due"], condition=Q(status="open"), name="document_request_open"
            )
        ]

    def __str__(self) -> str:
        return f"documenten bij {self.visit_id}"

    def get_absolute_url(self) -> str:
        return reverse("assessments:document_request", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due < timezone.localdate()


class DocumentRequestFile(models.Model):
    """A file of the provider's library that it gave for a request."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    request = models.ForeignKey(DocumentRequest, models.PROTECT, related_name="given")
    evidence_revision = models.ForeignKey(EvidenceRevision, models.PROTECT, related_name="given_for")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "document bij een verzoek"
        verbose_name_plural = "documenten bij een verzoek"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "evidence_revision"], name="document_request_file_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.evidence_revision_id} voor {self.request_id}"


class HomeVisit(models.Model):
    """A home that is entered with the consent of who lives there; never a name or an address.

    Without consent no home may be entered (Wkkgz, article 24), so the row is the consent.
    """

    class ConsentBy(models.TextChoices):
        CLIENT = "client", "De cliënt"
        REPRESENTATIVE = "representative", "De vertegenwoordiger van de cliënt"

    class ConsentHow(models.TextChoices):
        SPOKEN = "spoken", "Mondeling"
        WRITTEN = "written", "Schriftelijk"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="homes")
    # Made with the form, so that sending it twice records it once.
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    day = models.DateField("dag van het huisbezoek")
    consent_on = models.DateField("toestemming gegeven op")
    consent_by = models.CharField("wie gaf toestemming", max_length=20, choices=ConsentBy)
    consent_how = models.CharField("hoe", max_length=10, choices=ConsentHow)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    # Consent was taken back, or nobody went: it does not count.
    dropped_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "huisbezoek"
        verbose_name_plural = "huisbezoeken"
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "key"], name="home_visit_once"),
            models.CheckConstraint(condition=Q(consent_on__lte=F("day")), name="home_visit_consent_first"),
            models.CheckConstraint(
                condition=Q(dropped_at=None, dropped_by=None)
                | Q(dropped_at__isnull=False, dropped_by__isnull=False),
                name="home_visit_dropped_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"huisbezoek bij {self.visit_id}"
