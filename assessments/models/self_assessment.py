"""A provider's own account: one per year, in revisions that freeze when handed in."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone

from assessments.models.event import Event
from norms.models import FrameworkVersion, Item
from providers.actor import Actor
from providers.models import Location, Organisation, Role


class SelfAssessment(models.Model):
    """The account of one provider over one year."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="self_assessments")
    year = models.PositiveSmallIntegerField(
        "jaar", validators=[MinValueValidator(2019), MaxValueValidator(2100)]
    )

    class Meta:
        verbose_name = "zelfevaluatie"
        verbose_name_plural = "zelfevaluaties"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="self_assessment_once_a_year"),
        ]

    def __str__(self) -> str:
        return f"Zelfevaluatie {self.year}"


class RevisionQuerySet(models.QuerySet["Revision"]):
    def visible_to(self, actor: Actor) -> "RevisionQuerySet":
        """A draft is the provider's alone; others see what was handed in, a care office in its regions."""
        handed_in = Q(status__in=Revision.HANDED_IN)
        if actor.has(Role.QUALITY_OFFICER, Role.DIRECTOR):
            return self.filter(organisation=actor.organisation_id)
        if actor.has(Role.COUNCIL_MEMBER):
            return self.filter(handed_in, organisation=actor.organisation_id)
        if actor.has(Role.INSPECTOR, Role.COORDINATING_INSPECTOR):
            return self.filter(handed_in)
        if actor.has(Role.CARE_OFFICE_OFFICER) and actor.organisation_id:
            held = Organisation.objects.in_regions_of(actor.organisation_id)
            return self.filter(handed_in, organisation__in=held.values("pk"))
        return self.none()

    def newest_account(self, provider_id: int) -> "Revision | None":
        """What a provider handed in over the latest year, whenever that was."""
        handed_in = self.filter(organisation=provider_id, status=Revision.Status.SUBMITTED)
        return handed_in.order_by("-self_assessment__year").first()

    def with_progress(self) -> "RevisionQuerySet":
        """Adds `answered`: how many of `question_count` questions have an answer."""
        answered = (
            Answer.objects.filter(revision=OuterRef("pk"), is_answered=True)
            .that_apply()
            .order_by()
            .values("revision")
            .annotate(n=Count("*"))
            .values("n")
        )
        # Counted once at handing in: a list of what others handed in then reads no answers at all.
        return self.annotate(answered=Coalesce(F("answered_count"), Subquery(answered), 0))

    def for_list(self) -> "RevisionQuerySet":
        """Without the frozen content, which is by far the largest column and stands in no list."""
        return self.select_related("self_assessment", "organisation").defer("content").with_progress()


class Revision(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "Concept"
        TO_ADOPT = "to_adopt", "Ter vaststelling"
        SUBMITTED = "submitted", "Ingediend"
        SUPERSEDED = "superseded", "Vervangen"

    OPEN = (Status.DRAFT, Status.TO_ADOPT)
    HANDED_IN = (Status.SUBMITTED, Status.SUPERSEDED)

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="revisions")
    self_assessment = models.ForeignKey(SelfAssessment, models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField("revisie", default=1)
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT)
    locations = models.ManyToManyField(Location, verbose_name="locaties en teams", related_name="+")
    editions = models.ManyToManyField(FrameworkVersion, verbose_name="normenkaders", related_name="+")
    # Editions never change, so what they ask of a provider can be counted once.
    question_count = models.PositiveSmallIntegerField(default=0)
    # What was decided about questions that do not simply apply to the provider: see assessments.scope.
    scope = models.JSONField(default=dict)
    # Of these, how many had an answer when it was handed in; null until then.
    answered_count = models.PositiveSmallIntegerField(null=True)
    # The revision whose answers this one began with: of an earlier year, or the one that it supplements.
    based_on = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    offered_at = models.DateTimeField(null=True)
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    # What the board declared when it signed, in words.
    declarations: list[str] = models.JSONField(default=list)  # type: ignore[assignment]
    content: Any = models.JSONField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    answered: int  # set by with_progress()

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = "revisie"
        verbose_name_plural = "revisies"
        constraints = [
            models.UniqueConstraint(fields=["self_assessment", "number"], name="revision_number_once"),
            models.UniqueConstraint(
                fields=["self_assessment"],
                condition=Q(status__in=["draft", "to_adopt"]),
                name="revision_one_open",
            ),
            models.UniqueConstraint(
                fields=["self_assessment"], condition=Q(status="submitted"), name="revision_one_submitted"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "to_adopt"])
                | Q(content__isnull=False, submitted_at__isnull=False, adopted_by__isnull=False),
                name="revision_frozen_when_handed_in",
            ),
        ]
        indexes = [
            # Of what is handed in only: drafts have no date, so they would stand in front of all others.
            models.Index(
                F("submitted_at").desc(),
                F("id").desc(),
                name="revision_newest",
                condition=Q(status="submitted"),
            ),
            models.Index(fields=["organisation", "status"]),
        ]

    def __str__(self) -> str:
        return f"{self.self_assessment} van {self.organisation}"

    def get_absolute_url(self) -> str:
        return reverse("assessments:revision", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def follows_earlier_year(self) -> bool:
        """It began with the answers of another account; what supplements an account has a higher number."""
        return self.based_on_id is not None and self.number == 1

    @property
    def same_person(self) -> bool:
        """One person both offered and adopted it; allowed, and shown."""
        return self.offered_by_id is not None and self.offered_by_id == self.adopted_by_id


class AnswerQuerySet(models.QuerySet["Answer"]):
    def that_apply(self) -> "AnswerQuerySet":
        """Without answers to questions that do not apply to the provider (any more)."""
        applies = Func(
            F("revision__scope"),
            Cast("item_id", models.TextField()),
            Value("applies"),
            function="jsonb_extract_path_text",
            output_field=models.TextField(),
        )
        return self.alias(applies=Coalesce(applies, Value("true", models.TextField()))).filter(applies="true")

    def to_confirm(self) -> "AnswerQuerySet":
        """What nobody said yet that it still holds: taken over, or linked to what was."""
        return self.filter(
            Q(linked_to=None, carried_from__isnull=False, confirmed_at=None)
            | Q(linked_to__carried_from__isnull=False, linked_to__confirmed_at=None)
        )


class Answer(models.Model):
    """What a revision says now under one item; its history stands in AnswerVersion.

    A linked answer says what its source says: each save of the source writes both rows. Its own version and
    history stand still meanwhile.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="answers")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    linked_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="links")
    # Somebody wants an answer of its own here, so it is never linked by itself.
    is_apart = models.BooleanField(default=False)
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)
    value: Any = models.JSONField(null=True)
    text = models.TextField("toelichting", blank=True)
    is_answered = models.BooleanField(default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "antwoord"
        verbose_name_plural = "antwoorden"
        constraints = [
            models.UniqueConstraint(fields=["revision", "item"], name="answer_once"),
            models.CheckConstraint(condition=~Q(linked_to=F("id")), name="answer_not_linked_to_itself"),
            models.CheckConstraint(
                condition=Q(linked_to=None) | Q(is_apart=False), name="answer_linked_or_apart"
            ),
        ]
        indexes = [
            models.Index(fields=["revision"], condition=Q(is_answered=True), name="answer_answered"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} in {self.revision_id}"

    @property
    def is_free(self) -> bool:
        """Nothing was said here, and nobody wanted an answer of its own."""
        return not (self.is_answered or self.text or self.is_apart or self.linked_to_id)

    @property
    def needs_confirming(self) -> bool:
        return bool(self.carried_from_id) and self.confirmed_at is None and self.linked_to_id is None


class AnswerVersion(models.Model):
    """One saved text of an answer; append-only (a trigger refuses change)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    answer = models.ForeignKey(Answer, models.PROTECT, related_name="versions")
    save_id = models.UUIDField(unique=True)
    version = models.PositiveIntegerField()
    parent_version = models.PositiveIntegerField()
    value: Any = models.JSONField(null=True)
    text = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "versie van een antwoord"
        verbose_name_plural = "versies van antwoorden"
        constraints = [
            models.UniqueConstraint(fields=["answer", "version"], name="answer_version_once"),
        ]

    def __str__(self) -> str:
        return f"versie {self.version} van {self.answer_id}"


class RevisionEvent(Event):
    """What happened to a revision, by whom, for which organisation; append-only."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="events")

    class Meta(Event.Meta):
        verbose_name = "gebeurtenis bij een revisie"
        verbose_name_plural = "gebeurtenissen bij revisies"


class Receipt(models.Model):
    """A reader's organisation opened a handed-in revision. Never a status of the provider's document."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="receipts")
    reader = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    discussed_on = models.DateField(null=True)

    class Meta:
        verbose_name = "ingezien door"
        verbose_name_plural = "ingezien door"
        ordering = ["opened_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["revision", "reader"], name="receipt_once")]

    def __str__(self) -> str:
        return f"{self.reader} zag {self.revision_id}"
