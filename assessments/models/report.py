"""The visit's own text: passages while writing, frozen versions once shared, and what was said about them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessments.models.visit import Visit
from norms.models import Item
from providers.actor import Actor
from providers.models import Organisation, Role


class Passage(models.Model):
    """A piece of report text that inspectors write."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="passages")
    key = models.CharField(max_length=20)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    text = models.TextField(blank=True)
    due_on = models.DateField("uiterlijk", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "passage"
        verbose_name_plural = "passages"
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "key", "item"], nulls_distinct=False, name="passage_once"
            )
        ]

    def __str__(self) -> str:
        return self.key


class ConceptVersion(models.Model):
    """The report as it was frozen at one moment; never changed."""

    class Kind(models.TextChoices):
        CONCEPT = "concept", "Conceptrapport"
        FINAL = "final", "Rapport"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="versions")
    version = models.CharField("versie", max_length=8)
    kind = models.CharField(max_length=10, choices=Kind)
    content: Any = models.JSONField()
    sha256 = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField("eerst geopend door de aanbieder", null=True)

    class Meta:
        verbose_name = "versie van het rapport"
        verbose_name_plural = "versies van rapporten"
        ordering = ["created_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["visit", "version"], name="concept_version_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"


class FactualRemarkQuerySet(models.QuerySet["FactualRemark"]):
    def visible_to(self, actor: Actor) -> "FactualRemarkQuerySet":
        """The provider its own; the inspectorate once the reaction was sent or its term ended."""
        if actor.has(Role.INSPECTOR, Role.COORDINATING_INSPECTOR):
            return self.exclude(visit__status=Visit.Status.AT_PROVIDER)
        if actor.has(Role.QUALITY_OFFICER, Role.DIRECTOR):
            return self.filter(organisation=actor.organisation_id)
        return self.none()


class FactualRemark(models.Model):
    """The provider says that a passage is not right; the inspectorate answers."""

    class Verdict(models.TextChoices):
        ADOPTED = "adopted", "Overgenomen"
        PARTLY = "partly", "Deels overgenomen"
        REJECTED = "rejected", "Niet overgenomen"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="remarks")
    version = models.ForeignKey(ConceptVersion, models.PROTECT, related_name="remarks")
    passage = models.CharField("passage", max_length=30)
    text = models.TextField("wat klopt er niet?")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    verdict = models.CharField("antwoord", max_length=10, choices=Verdict, blank=True)
    answer = models.TextField("waarom", blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = FactualRemarkQuerySet.as_manager()

    class Meta:
        verbose_name = "opmerking over een feit"
        verbose_name_plural = "opmerkingen over feiten"
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="") | (~Q(answer="") & Q(answered_by__isnull=False)),
                name="remark_answer_has_reason",
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Publication(models.Model):
    """The decision to publish and what became of it. The waiting time is configuration."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    visit = models.OneToOneField(Visit, models.PROTECT, related_name="publication")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    publish_at = models.DateTimeField("openbaar vanaf")
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField("niet meer openbaar sinds", null=True)

    class Meta:
        verbose_name = "openbaarmaking"
        verbose_name_plural = "openbaarmakingen"
        indexes = [
            models.Index(fields=["publish_at"], condition=Q(published_at=None), name="publication_due")
        ]

    def __str__(self) -> str:
        return f"openbaarmaking van {self.visit_id}"
