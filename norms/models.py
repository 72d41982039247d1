"""Frameworks as dated data: editions, their item trees, scales and signals.

An edition is loaded from a file and never changes afterwards. Whoever judges against it keeps
a reference to that edition and its items.
"""

import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Greatest, Least
from django.urls import reverse
from django.utils import timezone


class Framework(models.Model):
    """A family of editions, such as the inspectorate's norm for Wlz care at home."""

    class Type(models.TextChoices):
        NORM = "norm", "Norm"
        ADVICE = "advice", "Advies"
        REQUEST = "request", "Uitvraag"

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    type = models.CharField(max_length=10, choices=Type.choices)
    publisher = models.CharField(max_length=200)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("norms:framework", args=[self.code])


class Scale(models.Model):
    """A set of levels. A changed set gets a new code, because given scores keep their meaning."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    checksum = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name


class ScaleLevel(models.Model):
    """One level. `rank` orders the real scores, 4 is best; the unranked values have none."""

    scale = models.ForeignKey(Scale, on_delete=models.CASCADE, related_name="levels")
    code = models.SlugField(max_length=30)
    rank = models.PositiveSmallIntegerField(null=True)
    label = models.CharField(max_length=60)
    meaning = models.TextField()
    mark = models.SlugField(max_length=30)
    for_provider = models.BooleanField()
    for_inspectorate = models.BooleanField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["scale", "code"], name="norms_level_code_once_per_scale"),
        ]

    def __str__(self) -> str:
        return self.label


class Validity(models.TextChoices):
    """How an edition stands on a given day."""

    CURRENT = "current", "Geldig"
    FORMER = "former", "Eerdere versie"
    UPCOMING = "upcoming", "Nog niet geldig"
    UNKNOWN_START = "unknown_start", "Begin onbekend"


class FrameworkVersionQuerySet(models.QuerySet["FrameworkVersion"]):
    def on_date(self, date: datetime.date) -> "FrameworkVersionQuerySet":
        """Editions in force on that day; an unknown begin or end counts as open."""
        return self._begun(date).filter(Q(valid_until=None) | Q(valid_until__gte=date))

    def default_for(self, date: datetime.date) -> "FrameworkVersionQuerySet":
        """Per framework the edition that began last; it stays the default until a successor is loaded."""
        latest = (
            FrameworkVersion.objects.all()
            ._begun(date)
            .order_by("framework_id", F("valid_from").desc(nulls_last=True), "-edition")
            .distinct("framework_id")
        )
        return self.filter(pk__in=latest.values("pk"))

    def for_self_assessment(self) -> "FrameworkVersionQuerySet":
        """Editions that ask a provider something, in the order in which a provider meets them."""
        asked = Item.objects.filter(version=models.OuterRef("pk"), filled_by__contains=[Item.Filler.PROVIDER])
        return self.filter(models.Exists(asked)).order_by("step", "framework__name", "edition")

    def family(self, code: str) -> "FrameworkVersionQuerySet":
        """The editions of a framework and of the one that takes over from it, newest first."""
        own = FrameworkVersion.objects.filter(framework__code=code)
        return self.filter(
            Q(framework__code=code) | Q(framework__code__in=own.values("succeeded_by"))
        ).order_by(F("valid_from").desc(nulls_last=True), "-edition")

    def with_tree(self) -> "FrameworkVersionQuerySet":
        """With framework and scale joined, and all items and signals in one query each."""
        return self.select_related("framework", "scale").prefetch_related(*tree_lookups())

    def _begun(self, date: datetime.date) -> "FrameworkVersionQuerySet":
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=date))


def tree_lookups() -> list[Prefetch]:
    """What to prefetch to have the items and signals of editions in their order."""
    return [
        Prefetch("items", Item.objects.order_by("position")),
        Prefetch("signals", Signal.objects.order_by("position")),
    ]


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


class FrameworkVersion(models.Model):
    """One dated, immutable edition of a framework."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="versions")
    edition = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    summary = models.TextField()
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    validity_note = models.TextField(blank=True)
    succession_note = models.TextField(blank=True)
    # The code of the framework that takes over, when that is another one; it need not be loaded yet.
    succeeded_by = models.SlugField(max_length=60, blank=True)
    label = models.CharField(max_length=120, blank=True)
    minutes = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField()
    source = models.JSONField()
    more_sources = models.JSONField(default=list)
    scope = models.JSONField(default=list)
    scale = models.ForeignKey(Scale, on_delete=models.PROTECT, related_name="versions")
    checksum = models.CharField(max_length=64)
    published_at = models.DateTimeField(default=timezone.now)

    objects = models.Manager.from_queryset(FrameworkVersionQuerySet)()

    class Meta:
        ordering = ["step", "edition"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "edition"], name="norms_edition_once_per_framework"),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="norms_edition_ends_after_begin",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.edition}"

    def get_absolute_url(self) -> str:
        return reverse("norms:edition", args=[self.framework.code, self.edition])

    @property
    def is_outline(self) -> bool:
        """Whether only its structure is known, so that a provider has nothing to fill in."""
        return not self.minutes

    @property
    def sources(self) -> list[dict[str, Any]]:
        """The sources, the main one first, each with its day as a date."""
        sources = (self.source, *self.more_sources)
        return [{**source, "date": _day(source["published_on"])} for source in sources]

    def validity_on(self, date: datetime.date) -> Validity:
        """How this edition stands on that day."""
        if self.valid_from and date < self.valid_from:
            return Validity.UPCOMING
        if self.valid_until and date > self.valid_until:
            return Validity.FORMER
        return Validity.CURRENT if self.valid_from else Validity.UNKNOWN_START


class Item(models.Model):
    """A node of the tree: a theme, or something that is answered in the way its kind says."""

    class Kind(models.TextChoices):
        THEME = "theme", "Thema"
        JUDGEMENT = "judgement", "Oordeel"
        CHECK = "check", "Ja, deels of nee"
        FIGURE = "figure", "Getal"
        CHOICE = "choice", "Keuze"
        DATE = "date", "Datum"
        TEXT = "text", "Tekst"
        TABLE = "table", "Tabel"

    class Filler(models.TextChoices):
        PROVIDER = "provider", "Zorgaanbieder"
        INSPECTORATE = "inspectorate", "Inspectie"
        CARE_OFFICE = "care_office", "Zorgkantoor"

    version = models.ForeignKey(FrameworkVersion, on_delete=models.CASCADE, related_name="items")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="children")
    # The nearest ancestor-or-self that is a page of its own in the fill-in screens.
    section = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="section_items")
    code = models.CharField(max_length=30)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    filled_by = ArrayField(models.CharField(max_length=20, choices=Filler.choices), default=list)
    is_section = models.BooleanField(default=False)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    guidance = models.TextField(blank=True)
    good = models.TextField(blank=True)
    # The first step for who has nothing yet.
    begin = models.TextField(blank=True)
    # What inspectors found elsewhere: {"text", "source_ref"}, only where a source says so.
    found = models.JSONField(null=True)
    evidence = models.JSONField(default=list)
    source_ref = models.CharField(max_length=120, blank=True)
    inferred = models.BooleanField(default=False)
    inferred_note = models.TextField(blank=True)
    applies_from = models.DateField(null=True)
    # Conditions from the edition down to this item, each {"when", "reason"}; see norms.applicability.
    applies_when = models.JSONField(default=list)
    # The criteria of the norm Wlz-zorg thuis (W1.1 to W3.5) that this item touches.
    criteria = ArrayField(models.CharField(max_length=10), default=list)
    # The codes that this item takes the place of in the edition before; null when nothing is said.
    replaces = ArrayField(models.CharField(max_length=30), null=True)
    unit = models.CharField(max_length=40, blank=True)
    options = models.JSONField(default=list)
    table = models.JSONField(null=True)
    position = models.PositiveIntegerField()
    depth = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="norms_item_code_once_per_edition"),
            models.UniqueConstraint(
                fields=["version", "position"], name="norms_item_position_once_per_edition"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def asks_provider(self) -> bool:
        """Whether a provider answers this item in a self-assessment."""
        return self.Filler.PROVIDER in self.filled_by

    @property
    def counted_in(self) -> str:
        """The unit as it stands behind a number; nobody writes '2025 jaar'."""
        return "" if self.unit == "jaar" else self.unit


class Signal(models.Model):
    """A warning that an edition ties to certain answers; it never changes a score."""

    version = models.ForeignKey(FrameworkVersion, on_delete=models.CASCADE, related_name="signals")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="signals")
    code = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    text = models.TextField()
    advice = models.TextField()
    condition = models.JSONField()
    source_ref = models.CharField(max_length=120, blank=True)
    inferred = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="norms_signal_code_once_per_edition"),
        ]

    def __str__(self) -> str:
        return self.title


class ItemMapping(models.Model):
    """What two items of different frameworks have to do with each other: every decision, also 'nothing'.

    Only `same` lets one answer stand under both. With `covers`, the first asks all that the second asks.
    """

    class Kind(models.TextChoices):
        SAME = "same", "Vraagt hetzelfde"
        COVERS = "covers", "Omvat"
        RELATED = "related", "Hangt samen"
        NONE = "none", "Heeft er niets mee te maken"

    item_a = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="mappings_as_a")
    item_b = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="mappings_as_b")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.TextField()
    # The file that decided it.
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                Least("item_a", "item_b"), Greatest("item_a", "item_b"), name="norms_pair_decided_once"
            ),
            models.CheckConstraint(condition=~Q(item_a=F("item_b")), name="norms_pair_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.item_a_id} {self.kind} {self.item_b_id}"
