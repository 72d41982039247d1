"""What an edition holds, read once by each process: after loading, an edition never changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property

from norms import signals
from norms.models import Item, ScaleLevel, Signal


@dataclass(frozen=True)
class Contents:
    """Items and signals in their order, and the levels (code, label) that a provider may give, best first.

    `ranked` of the levels are real scores; the others stand beside the scale. An inspector may give `judged`.
    """

    items: list[Item]
    signals: list[Signal]
    levels: list[tuple[str, str]]
    ranked: int
    judged: list[tuple[str, str]]
    # What each of the ranked levels (code, meaning) says.
    meanings: list[tuple[str, str]]

    @property
    def sections(self) -> list[tuple[Item, list[Item]]]:
        """Each section with the items that stand in it, itself included."""
        parts: dict[int | None, list[Item]] = {}
        for item in self.items:
            parts.setdefault(item.section_id, []).append(item)
        return [(item, parts[item.pk]) for item in self.items if item.is_section]

    @cached_property
    def signalled(self) -> frozenset[int]:
        """The items that carry a signal when their grounds give rise to it."""
        return frozenset(signal.item_id for signal in self.signals)

    @cached_property
    def watched(self) -> dict[str, frozenset[int]]:
        """Per code of an item: the items whose signals depend on its answer."""
        targets: dict[str, set[int]] = {}
        for signal in self.signals:
            for code in signals.depends_on(signal):
                targets.setdefault(code, set()).add(signal.item_id)
        return {code: frozenset(items) for code, items in targets.items()}


@cache
def contents(edition_id: int) -> Contents:
    """In three queries, the first time."""
    scale = list(ScaleLevel.objects.filter(scale__versions=edition_id))
    levels = sorted(
        (level for level in scale if level.for_provider),
        key=lambda level: -1 if level.rank is None else level.rank,
        reverse=True,
    )
    items = Item.objects.filter(version=edition_id).select_related("version__framework", "version__scale")
    return Contents(
        items=list(items.order_by("position")),
        signals=list(Signal.objects.filter(version=edition_id).order_by("position")),
        levels=[(level.code, level.label) for level in levels],
        judged=[(level.code, level.label) for level in scale if level.for_inspectorate],
        ranked=sum(level.rank is not None for level in levels),
        meanings=[(level.code, level.meaning) for level in levels if level.rank is not None],
    )


def items_beside(items: Iterable[Item]) -> list[Item]:
    """All items of the editions that these stand in: edition by edition, each in its order."""
    return [
        row for edition in dict.fromkeys(item.version_id for item in items) for row in contents(edition).items
    ]


@cache
def item(pk: int) -> Item:
    """One item of any edition. Raises Item.DoesNotExist."""
    return Item.objects.get(pk=pk)
