"""Files that back up answers: one library per provider, used under many items and years."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from assessments.models.self_assessment import Revision
from norms.models import Item
from providers.actor import Actor
from providers.models import Organisation, Role


def evidence_path(instance: "EvidenceRevision", filename: str) -> str:
    """Nothing a person typed reaches the disk; the name is kept in the row."""
    return f"evidence/{instance.organisation_id}/{uuid.uuid4().hex}"


class Evidence(models.Model):
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="evidence")
    title = models.CharField("titel", max_length=200)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "bewijsstuk"
        verbose_name_plural = "bewijsstukken"
        indexes = [models.Index(fields=["organisation", "title"])]

    def __str__(self) -> str:
        return self.title


class EvidenceRevisionQuerySet(models.QuerySet["EvidenceRevision"]):
    def visible_to(self, actor: Actor) -> "EvidenceRevisionQuerySet":
        """The provider its own; the inspectorate what hangs under a handed-in revision."""
        if actor.has(Role.QUALITY_OFFICER, Role.DIRECTOR):
            return self.filter(organisation=actor.organisation_id)
        if actor.has(Role.INSPECTOR, Role.COORDINATING_INSPECTOR):
            return self.filter(
                pk__in=EvidenceLink.objects.filter(revision__status__in=Revision.HANDED_IN).values(
                    "evidence_revision"
                )
            )
        return self.none()


class EvidenceRevision(models.Model):
    """One file. A newer file of the same piece is a new revision; old ones stay."""

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

    objects = EvidenceRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = "bestand van een bewijsstuk"
        verbose_name_plural = "bestanden van bewijsstukken"
        constraints = [models.UniqueConstraint(fields=["evidence", "number"], name="evidence_number_once")]

    def __str__(self) -> str:
        return self.name


class EvidenceLink(models.Model):
    """A file used under one item of one revision."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="evidence_links")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    evidence_revision = models.ForeignKey(EvidenceRevision, models.PROTECT, related_name="links")

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
