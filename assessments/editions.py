"""What an edition holds, read once by each process: after loading, an edition never changes."""

from dataclasses import dataclass
from functools import cache

from django.db.models import F

from norms.models import Item, ScaleLevel, Signal


@dataclass(frozen=True)
class Contents:
    """Items and signals in their order, and the levels (code, label) that a provider may give, best first.

    `ranked` of the levels are real scores; the others stand beside the scale.
    """

    items: list[Item]
    signals: list[Signal]
    levels: list[tuple[str, str]]
    ranked: int

    @property
    def sections(self) -> list[tuple[Item, list[Item]]]:
        """Each section with the items that stand in it, itself included."""
        parts: dict[int | None, list[Item]] = {}
        for item in self.items:
            parts.setdefault(item.section_id, []).append(item)
        return [(item, parts[item.pk]) for item in self.items if item.is_section]


@cache
def contents(edition_id: int) -> Contents:
    """In three queries, the first time."""
    levels = list(
        ScaleLevel.objects.filter(scale__versions=edition_id, for_provider=True).order_by(
            F("rank").desc(nulls_last=True), "position"
        )
    )
    return Contents(
        items=list(Item.objects.filter(version=edition_id).order_by("position")),
        signals=list(Signal.objects.filter(version=edition_id).order_by("position")),
        levels=[(level.code, level.label) for level in levels],
        ranked=sum(level.rank is not None for level in levels),
    )


@cache
def item(pk: int) -> Item:
    """One item of any edition. Raises Item.DoesNotExist."""
    return Item.objects.get(pk=pk)
