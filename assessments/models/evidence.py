"""Files that back up answers: one library per provider, used under many items and years."""

import uuid
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from assessments import bsn
from assessments.models.self_assessment import Revision
from assessments.models.visit import Visit
from norms.models import Item
from providers.actor import Actor
from providers.models import Organisation, Role

# From so many days before its last day a piece asks attention; that is also when people are mailed.
SOON = timedelta(days=30)


def evidence_path(instance: "EvidenceRevision", filename: str) -> str:
    """Nothing a person typed reaches the disk; the name is kept in the row."""
    return f"evidence/{instance.organisation_id}/{uuid.uuid4().hex}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, actor: Actor) -> "EvidenceQuerySet":
        """The library is for who fills in; readers meet single files at a question."""
        if actor.has(Role.QUALITY_OFFICER, Role.DIRECTOR):
            return self.filter(organisation=actor.organisation_id)
        return self.none()

    def kept(self) -> "EvidenceQuerySet":
        return self.filter(archived_at=None)

    def ending(self, on: date) -> "EvidenceQuerySet":
        """What ends soon, or did, as seen on a day."""
        return self.filter(valid_until__lte=on + SOON)

    def unused(self) -> "EvidenceQuerySet":
        return self.exclude(revisions__links__isnull=False)

    def not_clean(self) -> "EvidenceQuerySet":
        """With a file that may not be opened: it waits for the scan, or did not pass."""
        return self.filter(
            pk__in=EvidenceRevision.objects.exclude(EvidenceRevision.served()).values("evidence")
        )

    def search(self, words: str) -> "EvidenceQuerySet":
        """Every word stands in the title or in the name of one of the files."""
        found = self
        for word in words.split()[:8]:
            named = EvidenceRevision.objects.filter(name__icontains=word).values("evidence")
            found = found.filter(Q(title__icontains=word) | Q(pk__in=named))
        return found

    def for_list(self) -> "EvidenceQuerySet":
        """With `files`, the newest first, and `uses`: under how many questions it stands."""
        uses = (
            EvidenceLink.objects.filter(evidence_revision__evidence=OuterRef("pk"))
            .order_by()
            .values("evidence_revision__evidence")
            .annotate(n=Count("*"))
            .values("n")
        )
        newest_first = EvidenceRevision.objects.order_by("-number").select_related("uploaded_by")
        return self.annotate(uses=Coalesce(Subquery(uses), 0)).prefetch_related(  # type: ignore[no-redef]
            Prefetch("revisions", newest_first, to_attr="files")
        )


class Evidence(models.Model):
    """One piece of the library: a title, and the files it had over time."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="evidence")
    title = models.CharField("titel", max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    valid_until = models.DateField("geldig tot en met", null=True, blank=True)
    # 1: told that it ends soon, 2: told that it ended.
    told = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField("gearchiveerd", null=True)

    # Set by for_list().
    files: list["EvidenceRevision"]
    uses: int

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "bewijsstuk"
        verbose_name_plural = "bewijsstukken"
        indexes = [
            models.Index(fields=["organisation", "title"]),
            models.Index(
                fields=["valid_until"],
                name="evidence_to_tell",
                condition=Q(told__lt=2, archived_at=None, valid_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("assessments:evidence_detail", args=[self.pk])

    @property
    def newest(self) -> "EvidenceRevision":
        """The file of today, after for_list()."""
        return self.files[0]

    @property
    def validity(self) -> str:
        """'verlopen', 'verloopt' (soon), or '' when nothing needs doing."""
        today = timezone.localdate()
        if self.valid_until is None or self.valid_until > today + SOON:
            return ""
        return "verlopen" if self.valid_until < today else "verloopt"


class EvidenceRevisionQuerySet(models.QuerySet["EvidenceRevision"]):
    def visible_to(self, actor: Actor) -> "EvidenceRevisionQuerySet":
        """The provider its own; the inspectorate what hangs under a handed-in revision, was given on its
        request or went with a reaction; a care office what hangs under one of its regions, as far as the
        provider released it to this office."""
        if actor.has(Role.QUALITY_OFFICER, Role.DIRECTOR):
            return self.filter(organisation=actor.organisation_id)
        handed_in = EvidenceLink.objects.filter(revision__status__in=Revision.HANDED_IN)
        if actor.has(Role.INSPECTOR, Role.COORDINATING_INSPECTOR):
            given = Q(given_for__isnull=False)
            # What shows that something was done that the inspectorate asked or imposed.
            given |= Q(improvements__point__gt="") | Q(measures__isnull=False)
            # What goes with a reaction to a concept, once that was sent.
            given |= Q(factual_remarks__visit__status__in=Visit.REACTED_ON)
            return self.filter(Q(pk__in=handed_in.values("evidence_revision")) | given).distinct()
        if actor.has(Role.CARE_OFFICE_OFFICER):
            read = handed_in.filter(revision__in=Revision.objects.visible_to(actor).values("pk"))
            released = EvidenceRelease.objects.filter(reader=actor.organisation_id, withdrawn_at=None)
            return self.filter(
                pk__in=read.values("evidence_revision"), evidence__in=released.values("evidence")
            )
        return self.none()


class EvidenceRevision(models.Model):
    """One file. A newer file of the same piece is a new revision; old ones stay."""

    class Scan(models.TextChoices):
        WAITING = "waiting", "Wacht op controle"
        CLEAN = "clean", "Geen virus gevonden"
        INFECTED = "infected", "Virus gevonden"
        FAILED = "failed", "Controle niet gelukt"

    class Bsn(models.TextChoices):
        UNKNOWN = "unknown", "Nog niet nagelezen"
        NONE = "none", "Geen BSN gevonden"
        FOUND = "found", "Er lijkt een BSN in te staan"
        UNREADABLE = "unreadable", "Niet te lezen"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField(default=1)
    file = models.FileField(upload_to=evidence_path)
    name = models.CharField("bestandsnaam", max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField("grootte in bytes")
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    scan = models.CharField("viruscontrole", max_length=10, choices=Scan, default=Scan.WAITING)
    scanned_at = models.DateTimeField(null=True)
    bsn = models.CharField("BSN in de tekst", max_length=10, choices=Bsn, default=Bsn.UNKNOWN)
    # Where, in words, with all but the last digits masked.
    bsn_places: list[str] = models.JSONField(default=list)  # type: ignore[assignment]

    objects = EvidenceRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = "bestand van een bewijsstuk"
        verbose_name_plural = "bestanden van bewijsstukken"
        constraints = [models.UniqueConstraint(fields=["evidence", "number"], name="evidence_number_once")]
        indexes = [
            models.Index(fields=["organisation", "sha256"], name="evidence_by_content"),
            models.Index(
                fields=["id"],
                name="evidence_to_examine",
                condition=Q(scan__in=["waiting", "failed"]) | Q(bsn="unknown"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def served() -> Q:
        """Which files may be opened: scanned and clean, or all but the infected where nothing is scanned."""
        return Q(scan="clean") if settings.CLAMD_URL else ~Q(scan="infected")

    @property
    def is_served(self) -> bool:
        clean = self.scan == self.Scan.CLEAN
        return clean or (not settings.CLAMD_URL and self.scan != self.Scan.INFECTED)

    @property
    def scan_words(self) -> str:
        """The state of the scan; without a scanner nothing waits for one."""
        if self.scan == self.Scan.WAITING and not settings.CLAMD_URL:
            return "Niet gecontroleerd op virussen"
        return self.get_scan_display()

    @property
    def bsn_warnings(self) -> list[str]:
        """Where a BSN seems to stand: in the name, or in the text."""
        return [f"in de bestandsnaam: {found}" for found in bsn.find(self.name)] + self.bsn_places


class EvidenceLinkQuerySet(models.QuerySet["EvidenceLink"]):
    def with_files(self) -> "list[EvidenceLink]":
        """With the file, and the number of the newest one of the same piece; without what one may not see.

        The files apart: to plan who may see them costs more than to read them, and often there are none.
        """
        links = list(self)
        newest = EvidenceRevision.objects.filter(evidence=OuterRef("evidence")).order_by("-number")
        files = EvidenceRevision.objects.annotate(newest_number=Subquery(newest.values("number")[:1]))
        seen = files.in_bulk({link.evidence_revision_id for link in links}) if links else {}
        for link in links:
            if file := seen.get(link.evidence_revision_id):
                link.evidence_revision, link.newest_number = file, file.newest_number
        return [link for link in links if link.evidence_revision_id in seen]


class EvidenceLink(models.Model):
    """A file used under one item of one revision."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="evidence_links")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    evidence_revision = models.ForeignKey(EvidenceRevision, models.PROTECT, related_name="links")
    newest_number: int  # set by with_files()

    objects = EvidenceLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "gebruik van een bewijsstuk"
        verbose_name_plural = "gebruik van bewijsstukken"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "item", "evidence_revision"], name="evidence_link_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.evidence_revision_id} bij {self.item_id}"

    @property
    def has_newer(self) -> bool:
        """Whether its piece has a newer file than this one; after with_files()."""
        return self.newest_number > self.evidence_revision.number


class EvidenceRelease(models.Model):
    """A care office may open this piece where it hangs under a handed-in account, until it is withdrawn."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="releases")
    reader = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "vrijgave van een bewijsstuk"
        verbose_name_plural = "vrijgaven van bewijsstukken"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "reader"],
                name="evidence_released_once",
                condition=Q(withdrawn_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} aan {self.reader_id}"


class BsnOverrule(models.Model):
    """A person says, with a reason, that what looks like a BSN at these places is none; append-only."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="bsn_overrules")
    # Of assessments.bsn_guard.Finding; they hold no number.
    keys: list[str] = models.JSONField()  # type: ignore[assignment]
    reason = models.TextField("reden")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "uitzondering op de BSN-controle"
        verbose_name_plural = "uitzonderingen op de BSN-controle"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{len(self.keys)} in {self.revision_id}"
