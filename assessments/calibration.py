"""How the inspectorate judges: beside what providers say themselves, and inspectors beside each other.

Nothing is told of fewer than five cases. Each case counts in one table only, of one item in one year, so that
no two tables can be subtracted; and what is left out of a table is never fewer than five cases either.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import eq, gt, lt

from django.db.models import Count, OuterRef, QuerySet, Subquery

from assessments import editions
from assessments.models import Answer, Judgement
from assessments.risk_signals import JUDGED
from norms.models import FrameworkVersion, Item

FEWEST = 5
GROUPS = ("Aanbieder hoger", "Gelijk", "Aanbieder lager")


@dataclass(frozen=True)
class Compared:
    """An item: how many cases, and per own level (rows) and level of the visit how many; None is left out.

    Where all of that table would be left out, it is empty and there are three groups, or not even these.
    Never both: the one could be subtracted from the other.
    """

    item: Item
    levels: list[tuple[str, str]]
    cases: int | None
    rows: list[tuple[str, list[int | None]]]
    groups: list[tuple[str, int | None]]


@dataclass(frozen=True)
class Spread:
    """An item: how many visits with judgements apart, and in how many these lay so many levels apart."""

    item: Item
    cases: int | None
    steps: list[int | None]


def suppressed(counts: Sequence[int], fewest: int = FEWEST) -> list[int | None]:
    """Counts of a table of which the total is told, without those that are too small.

    What is left out cannot be worked out from the rest: it is two cells at least, which together hold no
    fewer than `fewest`. An empty cell is small too.
    """
    if sum(counts) < fewest:
        return [None] * len(counts)
    hidden = {place for place, count in enumerate(counts) if count < fewest}
    by_size = sorted((place for place in range(len(counts)) if place not in hidden), key=counts.__getitem__)
    while hidden and by_size and (len(hidden) < 2 or sum(counts[place] for place in hidden) < fewest):
        hidden.add(by_size.pop(0))
    return [None if place in hidden else count for place, count in enumerate(counts)]


def total(counts: Iterable[int]) -> int | None:
    """How many cases, None when these are too few to tell of."""
    cases = sum(counts)
    return cases if cases >= FEWEST else None


def judged() -> QuerySet[Judgement]:
    """Scores of visits whose report stands."""
    return Judgement.objects.filter(visit__status__in=JUDGED, item__kind=Item.Kind.JUDGEMENT)


def years() -> list[int]:
    """The years of which there is something to compare, the newest first."""
    found = judged().values_list("visit__starts_on__year", flat=True).distinct().order_by()
    return sorted(found, reverse=True)


def compared_editions() -> QuerySet[FrameworkVersion]:
    """The editions that were judged, in their order."""
    found = FrameworkVersion.objects.filter(pk__in=judged().values("item__version"))
    return found.order_by("step", "edition")


def compare(edition: FrameworkVersion, year: int) -> list[Compared]:
    """Per item that both judge: own scores against common scores of the visits of that year. One query."""
    own = Answer.objects.filter(revision=OuterRef("visit__revision"), item=OuterRef("item")).that_apply()
    rows = (
        judged()
        .filter(author=None, item__version=edition, visit__starts_on__year=year)
        .annotate(own=Subquery(own.values("value")[:1]))
        .values_list("item", "own", "level")
        .annotate(n=Count("pk"))
        .order_by()
    )
    counts: dict[int, Counter[tuple[str, str]]] = {}
    for item, value, level, n in rows:
        counts.setdefault(item, Counter())[value, level] = n
    contents = editions.contents(edition.pk)
    levels = contents.levels[: contents.ranked]
    return [
        _compared(item, levels, counts.get(item.pk, Counter()))
        for item in _judged_items(edition)
        if item.asks_provider
    ]


def _compared(item: Item, levels: list[tuple[str, str]], counts: Counter[tuple[str, str]]) -> Compared:
    places = range(len(levels))
    codes = [code for code, _ in levels]
    cells = [counts[codes[own], codes[judged]] for own in places for judged in places]
    shown, width = suppressed(cells), len(codes)
    rows = [(code, shown[at * width : (at + 1) * width]) for at, code in enumerate(codes)]
    if any(cell is not None for cell in shown):
        return Compared(item, levels, total(cells), rows, [])
    pairs = [(own, judged) for own in places for judged in places]
    # Levels stand best first.
    sides = [
        [count for (own, judged), count in zip(pairs, cells, strict=True) if is_side(own, judged)]
        for is_side in (lt, eq, gt)
    ]
    sizes = suppressed([sum(side) for side in sides])
    told = any(size is not None for size in sizes)
    return Compared(item, levels, total(cells), [], list(zip(GROUPS, sizes, strict=True)) if told else [])


def spread(edition: FrameworkVersion, year: int) -> list[Spread]:
    """Per item how far inspectors who judged apart were from each other, visit by visit. One query."""
    rows = (
        judged()
        .filter(author__isnull=False, visit__judged_apart=True)
        .filter(item__version=edition, visit__starts_on__year=year)
        .values_list("item", "visit", "level")
    )
    contents = editions.contents(edition.pk)
    ranks = {code: place for place, (code, _) in enumerate(contents.levels[: contents.ranked])}
    given: dict[tuple[int, int], list[int]] = {}
    for item, visit, level in rows:
        if level in ranks:
            given.setdefault((item, visit), []).append(ranks[level])
    steps: dict[int, Counter[int]] = {}
    for (item, _), places in given.items():
        if len(places) > 1:
            steps.setdefault(item, Counter())[max(places) - min(places)] += 1
    found = []
    for judged_item in _judged_items(edition):
        counts = [steps.get(judged_item.pk, Counter())[step] for step in range(len(ranks))]
        found.append(Spread(judged_item, total(counts), suppressed(counts)))
    return found


def _judged_items(edition: FrameworkVersion) -> list[Item]:
    return [
        item
        for item in editions.contents(edition.pk).items
        if item.kind == Item.Kind.JUDGEMENT and Item.Filler.INSPECTORATE in item.filled_by
    ]
