"""The wish for a report's file, which is also its outbox, and the file once it is made."""

import mimetypes
import re
import uuid
from typing import Any, Self, cast

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assessments.models import ConceptVersion, Correction, PublicAccount, Revision, Visit
from assessments.permissions import INSPECTION, PROVIDER_EDITORS
from providers.actor import Actor
from providers.models import Organisation, ProviderRegion, Region

FIRST = "1.0"
# While a visit is here, its concept is the newest text.
UNDER_REVIEW = (Visit.Status.AT_PROVIDER, Visit.Status.REACTED, Visit.Status.PROCESSED)
# Also a version that was corrected since: it keeps its address.
PUBLIC = Q(
    version__kind=ConceptVersion.Kind.FINAL,
    version__visit__status=Visit.Status.PUBLISHED,
    public_since__isnull=False,
)


class Job(models.Model):
    """One file to be made of something frozen. Its row is the queue's memory: no message, no loss."""

    class Status(models.TextChoices):
        REQUESTED = "requested", "Aangevraagd"
        RUNNING = "running", "Wordt gemaakt"
        READY = "ready", "Klaar"
        FAILED = "failed", "Mislukt"

    # What its file is made of, read with the row when it is taken up.
    FROZEN: tuple[str, ...] = ()

    status = models.CharField(max_length=12, choices=Status, default=Status.REQUESTED)
    attempt = models.PositiveSmallIntegerField("poging", default=0)
    lease_until = models.DateTimeField("in bewerking tot", null=True, blank=True)
    reason = models.CharField("waarom mislukt", max_length=300, blank=True)
    retryable = models.BooleanField(default=True)
    requested_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_pending(self) -> bool:
        """The file is still to come, and nobody has to do anything for it."""
        return self.status in (self.Status.REQUESTED, self.Status.RUNNING)


class JobQuerySet(models.QuerySet[Any]):
    def waiting(self) -> Self:
        """Not taken up, or taken up by a worker that let its lease run out."""
        lost = Q(status=Job.Status.RUNNING, lease_until__lt=timezone.now())
        return self.filter(Q(status=Job.Status.REQUESTED) | lost)


class ReportRequestQuerySet(JobQuerySet):
    def public(self) -> "ReportRequestQuerySet":
        """Settled reports of which the publication holds today."""
        return self.filter(PUBLIC)

    def newest(self) -> "ReportRequestQuerySet":
        """Without versions that a better one took the place of."""
        return self.exclude(version__in=Correction.objects.settled().values("corrects"))

    def not_public(self) -> "ReportRequestQuerySet":
        """Concepts, and settled reports that are not or no longer public."""
        return self.exclude(PUBLIC)

    def visible_to(self, actor: Actor) -> "ReportRequestQuerySet":
        """What is public; the inspectorate all, the provider its own from the concept on."""
        if actor.has(*INSPECTION):
            return self
        if actor.has(*PROVIDER_EDITORS):
            openable = ConceptVersion.objects.filter(organisation=actor.organisation_id).openable()
            own = Q(version__in=openable.values("pk"), version__visit__status__in=Visit.SHARED)
            return self.filter(PUBLIC | own)
        return self.public()

    def named(self, words: str) -> "ReportRequestQuerySet":
        """Reports about a provider whose name, then or now, holds the words, or with this number."""
        return self.filter(
            Q(provider_name__icontains=words)
            | Q(organisation__name__icontains=words)
            | Q(version__visit__number__iexact=words)
        )

    def in_region(self, region: Region) -> "ReportRequestQuerySet":
        """Reports about providers that work in the region today."""
        here = ProviderRegion.objects.on().filter(region=region)
        return self.filter(organisation__in=here.values("provider"))

    def in_regions_of(self, care_office_id: int) -> "ReportRequestQuerySet":
        """Reports about providers in a region that the care office holds today."""
        return self.filter(organisation__in=Organisation.objects.in_regions_of(care_office_id).values("pk"))

    def for_list(self) -> "ReportRequestQuerySet":
        """With what a row names, without the text of the report."""
        return self.select_related("version__visit").defer("version__content")


class ReportRequest(Job):
    """The file of one frozen version of an inspection report."""

    FROZEN = ("version",)

    class Kind(models.TextChoices):
        INSPECTION_REPORT = "inspection_report", "Inspectierapport"

    class Replaced(models.TextChoices):
        REPLACED = "replaced", "Vervangen"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    version = models.ForeignKey(ConceptVersion, models.PROTECT, related_name="report_requests")
    kind = models.CharField(max_length=30, choices=Kind, default=Kind.INSPECTION_REPORT)
    # A copy of the publication's moment while it holds, so that a page of the list costs the same at any
    # length. What may be seen is decided by the visit's status all the same.
    public_since = models.DateTimeField(null=True, blank=True)
    # What a list shows, from the frozen content: reading that for every row would be slow.
    provider_name = models.CharField(max_length=160)
    place = models.CharField(max_length=80, blank=True)
    level = models.CharField("oordeel over de norm", max_length=30, blank=True)

    objects = ReportRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "aanvraag van een rapport"
        verbose_name_plural = "aanvragen van rapporten"
        constraints = [
            models.UniqueConstraint(fields=["version", "kind"], name="report_request_once"),
            models.CheckConstraint(
                condition=~(Q(status="running") ^ Q(lease_until__isnull=False)), name="report_request_lease"
            ),
            models.CheckConstraint(
                condition=~(Q(status="failed") ^ ~Q(reason="")), name="report_request_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["-requested_at", "-id"], name="report_request_newest"),
            models.Index(
                fields=["-public_since", "-id"],
                condition=Q(public_since__isnull=False),
                name="report_request_public",
            ),
            models.Index(
                fields=["queued_at"],
                condition=Q(status__in=["requested", "running"]),
                name="report_request_open",
            ),
        ]

    def __str__(self) -> str:
        return f"rapport van versie {self.version_id}, {self.get_status_display()}"

    def get_absolute_url(self) -> str:
        return reverse("reports:detail", args=[self.version.visit.number, self.version.version])

    @property
    def is_concept(self) -> bool:
        return self.version.kind == ConceptVersion.Kind.CONCEPT

    @property
    def is_public(self) -> bool:
        """The same as PUBLIC, for a row that is already here."""
        published = self.version.visit.status == Visit.Status.PUBLISHED
        return not self.is_concept and published and self.public_since is not None

    @property
    def standing(self) -> "Visit.Status | ReportRequest.Replaced":
        """How the report stands: as its visit does, but a concept ends where the settled report begins."""
        status = Visit.Status(self.version.visit.status)
        return self.Replaced.REPLACED if self.is_concept and status not in UNDER_REVIEW else status

    @property
    def file_name(self) -> str:
        """The name under which people keep the file."""
        kind = "Conceptrapport" if self.is_concept else "Inspectierapport"
        version = (
            "" if self.is_concept or self.version.version == FIRST else f", versie {self.version.version}"
        )
        return f"{kind} {self.version.visit.number} {safe_name(self.provider_name)}{version}.pdf"


def safe_name(name: str) -> str:
    """A name without what the file systems of people cannot hold."""
    return " ".join(re.sub(r'[\x00-\x1f\\/:*?"<>|]', " ", name).split())


def name_of(revision: Revision, form: str, what: str = "Zelfevaluatie") -> str:
    """The name under which people keep a document of a self-assessment."""
    name = safe_name(revision.organisation.name)
    return f"{what} {revision.self_assessment.year} {name}, versie {revision.number}.{form}"


def storage_name(file: "MadeFile", name: str) -> str:
    """A name that nobody can guess, whatever the file is called. Asks the database nothing."""
    return f"reports/{uuid.uuid4().hex}{mimetypes.guess_extension(file.content_type)}"


class MadeFile(models.Model):
    """The finished file of a request; there can be only one."""

    request: Any
    content_type: Any
    file = models.FileField(upload_to=storage_name)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    pages = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.file)

    @property
    def name(self) -> str:
        """The name under which people keep the file."""
        return str(self.request.file_name)


class ReportFile(MadeFile):
    content_type = "application/pdf"

    request = models.OneToOneField(ReportRequest, models.PROTECT, related_name="file")

    class Meta:
        verbose_name = "bestand van een rapport"
        verbose_name_plural = "bestanden van rapporten"


class OwnDocumentQuerySet(JobQuerySet):
    def visible_to(self, actor: Actor) -> "OwnDocumentQuerySet":
        """The provider's own, and for everybody what it published and did not withdraw."""
        shown = Q(account__status__in=OwnDocument.SHOWN)
        if actor.has(*PROVIDER_EDITORS):
            return self.filter(shown | Q(organisation=actor.organisation_id))
        return self.filter(shown)


class OwnDocument(Job):
    """A file of a provider's own account: of a handed-in revision, or of what it published."""

    class Kind(models.TextChoices):
        PDF = "pdf", "Zelfevaluatie als PDF"
        DOSSIER = "dossier", "Dossier"
        PUBLIC = "public", "Openbare verantwoording als PDF"

    FROZEN = ("organisation", "revision__self_assessment", "account")
    SHOWN = (PublicAccount.Status.PUBLISHED, PublicAccount.Status.REPLACED)

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="documents")
    account = models.ForeignKey(PublicAccount, models.PROTECT, null=True, related_name="documents")

    objects = OwnDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document van een zelfevaluatie"
        verbose_name_plural = "documenten van zelfevaluaties"
        constraints = [
            models.UniqueConstraint(fields=["revision", "kind"], name="own_document_of_revision_once"),
            models.UniqueConstraint(fields=["account", "kind"], name="own_document_of_account_once"),
            models.CheckConstraint(
                condition=Q(kind="public", account__isnull=False, revision=None)
                | (~Q(kind="public") & Q(account=None, revision__isnull=False)),
                name="own_document_of_one",
            ),
            models.CheckConstraint(
                condition=~(Q(status="running") ^ Q(lease_until__isnull=False)), name="own_document_lease"
            ),
            models.CheckConstraint(
                condition=~(Q(status="failed") ^ ~Q(reason="")), name="own_document_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["queued_at"],
                condition=Q(status__in=["requested", "running"]),
                name="own_document_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.get_status_display()}"

    @property
    def file_name(self) -> str:
        """The name under which people keep the file."""
        if self.account:
            name = safe_name(self.organisation.name)
            return f"Openbare verantwoording {self.account.year} {name}, versie {self.account.number}.pdf"
        revision = cast(Revision, self.revision)
        if self.kind == self.Kind.DOSSIER:
            return name_of(revision, "zip", "Dossier")
        return name_of(revision, "pdf")


class OwnFile(MadeFile):
    request = models.OneToOneField(OwnDocument, models.PROTECT, related_name="file")

    class Meta:
        verbose_name = "bestand van een document"
        verbose_name_plural = "bestanden van documenten"

    @property
    def content_type(self) -> str:
        is_zip = self.request.kind == OwnDocument.Kind.DOSSIER
        return "application/zip" if is_zip else "application/pdf"
