"""The visit's own text: passages while writing, frozen versions once shared, and what was said about them."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from assessments.models.evidence import EvidenceRevision
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


class PassageVersion(models.Model):
    """A text that a passage once had, the present one too; append-only."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    passage = models.ForeignKey(Passage, models.PROTECT, related_name="versions")
    # Made by the client: what is sent twice is written once.
    save_id = models.UUIDField(default=uuid.uuid4)
    parent_version = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    due_on = models.DateField(null=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "eerdere tekst van een passage"
        verbose_name_plural = "eerdere teksten van passages"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["passage", "version"], name="passage_version_once"),
            models.UniqueConstraint(fields=["passage", "save_id"], name="passage_saved_once"),
        ]

    def __str__(self) -> str:
        return f"passage {self.passage_id} v{self.version}"


class SecondReader(models.Model):
    """An inspector outside the team who was asked to read along before the report goes out."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="second_readers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    question = models.TextField("waar moet de meelezer op letten?", blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField("klaar met lezen", null=True)

    class Meta:
        verbose_name = "meelezer"
        verbose_name_plural = "meelezers"
        ordering = ["asked_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["visit", "user"], name="second_reader_once")]

    def __str__(self) -> str:
        return f"{self.user_id} leest mee bij {self.visit_id}"


class PassageRemark(models.Model):
    """What a second reader said of a passage, or (passage empty) of the whole; the team answers, once."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="passage_remarks")
    passage = models.ForeignKey(Passage, models.PROTECT, null=True, related_name="remarks")
    # Made with the form: what is sent twice is said once.
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    text = models.TextField("opmerking")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    answer = models.TextField("wat het team ermee deed", blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "opmerking van een meelezer"
        verbose_name_plural = "opmerkingen van meelezers"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "key"], name="passage_remark_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_by=None, answered_at=None)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="passage_remark_answered_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class ConceptVersionQuerySet(models.QuerySet["ConceptVersion"]):
    def received(self) -> "ConceptVersionQuerySet":
        """What its provider got: each concept that it opened or was delivered, and what was settled."""
        return self.filter(self._received())

    def openable(self) -> "ConceptVersionQuerySet":
        """By its provider: not a concept that was taken back before the provider got it."""
        later = ConceptVersion.objects.filter(
            visit=OuterRef("visit"), kind=ConceptVersion.Kind.CONCEPT, created_at__gt=OuterRef("created_at")
        )
        return self.filter(self._received() | ~Exists(later))

    def _received(self) -> Q:
        return Q(kind=ConceptVersion.Kind.FINAL) | Q(opened_at__isnull=False) | Q(delivery__isnull=False)


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

    objects = ConceptVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "versie van het rapport"
        verbose_name_plural = "versies van rapporten"
        ordering = ["created_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["visit", "version"], name="concept_version_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"


class Delivery(models.Model):
    """That the provider got a concept, on which day and how: the term of its reaction counts from there.

    One a version; append-only. A mail that was sent proves nothing about who read it, so it is no delivery.
    """

    class How(models.TextChoices):
        OPENED = "opened", "Geopend in Thuispeil"
        REGISTERED = "registered", "Aangetekende brief bezorgd"
        IN_PERSON = "in_person", "Persoonlijk overhandigd"
        CONFIRMED = "confirmed", "Ontvangst bevestigd door de aanbieder"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    version = models.OneToOneField(ConceptVersion, models.PROTECT, related_name="delivery")
    on = models.DateField("ontvangen op")
    how = models.CharField("hoe", max_length=12, choices=How)
    note = models.TextField("waaruit dat blijkt", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "bezorging van een conceptrapport"
        verbose_name_plural = "bezorgingen van conceptrapporten"
        constraints = [
            models.CheckConstraint(condition=Q(how="opened") | ~Q(note=""), name="delivery_by_hand_has_proof")
        ]

    def __str__(self) -> str:
        return f"{self.get_how_display()} op {self.on}"


class TermExtensionQuerySet(models.QuerySet["TermExtension"]):
    def awaits_answer(self, visit: Visit) -> "TermExtension | None":
        """What the provider asked last for the concept it has, while nobody answered it."""
        newest = ConceptVersion.objects.filter(visit=visit, kind=ConceptVersion.Kind.CONCEPT)
        last = self.filter(version=newest.order_by("-created_at", "-pk")[:1]).order_by("at", "pk").last()
        return last if last and last.kind == TermExtension.Kind.ASKED else None


class TermExtension(models.Model):
    """More time to react: asked by the provider, given or refused by the inspectorate; append-only."""

    class Kind(models.TextChoices):
        ASKED = "asked", "Uitstel gevraagd"
        GIVEN = "given", "Uitstel gegeven"
        REFUSED = "refused", "Uitstel geweigerd"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    version = models.ForeignKey(ConceptVersion, models.PROTECT, related_name="extensions")
    kind = models.CharField(max_length=10, choices=Kind)
    # The last day as it was, and the one that is asked or given; a refusal changes nothing.
    due_before = models.DateField()
    until = models.DateField("tot en met")
    reason = models.TextField("reden")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = TermExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = "uitstel van een reactietermijn"
        verbose_name_plural = "uitstel van reactietermijnen"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="refused", until=F("due_before")) | Q(until__gt=F("due_before")))
                & ~Q(reason=""),
                name="term_extension_is_longer",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} tot en met {self.until}"


class FactualRemarkQuerySet(models.QuerySet["FactualRemark"]):
    def visible_to(self, actor: Actor) -> "FactualRemarkQuerySet":
        """The provider its own; the inspectorate once the reaction was sent or its term ended."""
        if actor.has(Role.INSPECTOR, Role.COORDINATING_INSPECTOR):
            return self.exclude(visit__status__in=FactualRemark.UNSENT)
        if actor.has(Role.QUALITY_OFFICER, Role.DIRECTOR):
            return self.filter(organisation=actor.organisation_id)
        return self.none()


class FactualRemark(models.Model):
    """The provider says that a passage is not right; the inspectorate answers."""

    class Verdict(models.TextChoices):
        ADOPTED = "adopted", "Overgenomen"
        PARTLY = "partly", "Deels overgenomen"
        REJECTED = "rejected", "Niet overgenomen"

    # Of a visit: until then a reaction is the provider's alone, also when the concept was taken back.
    UNSENT = (Visit.Status.DRAFTING, Visit.Status.AT_PROVIDER)

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="remarks")
    version = models.ForeignKey(ConceptVersion, models.PROTECT, related_name="remarks")
    passage = models.CharField("passage", max_length=30)
    text = models.TextField("wat klopt er niet?")
    # Of the text: two colleagues who change it do not overwrite each other.
    text_version = models.PositiveIntegerField(default=1)
    evidence = models.ManyToManyField(
        EvidenceRevision, verbose_name="bewijsstukken", related_name="factual_remarks"
    )
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
