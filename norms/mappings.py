"""Which items ask the same or have to do with each other, read once by each process.

Mappings come with the product and are loaded before it starts. After loading others, restart the portal.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from norms.mapping_checks import same_groups
from norms.models import ItemMapping

Kind = ItemMapping.Kind


@dataclass(frozen=True)
class Related:
    """Another item that this one covers, is covered by, or is related to, with the reason."""

    item_id: int
    words: str
    reason: str


@dataclass(frozen=True)
class _Decided:
    same: dict[int, frozenset[int]]
    related: dict[int, list[Related]]


def same_items(item_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """For each of these items that has any: the other items that ask the same, however long the way."""
    same = _decided().same
    return {pk: same[pk] - {pk} for pk in item_ids if pk in same}


def related_items(item_id: int) -> list[Related]:
    """The items that it covers, is covered by or is related to; not those that ask the same."""
    return _decided().related.get(item_id, [])


def forget() -> None:
    """Read the mappings again at the next question."""
    _decided.cache_clear()


@cache
def _decided() -> _Decided:
    same: list[tuple[int, int]] = []
    related: dict[int, list[Related]] = defaultdict(list)
    rows = ItemMapping.objects.exclude(kind=Kind.NONE).values_list("item_a", "item_b", "kind", "reason")
    for one, other, kind, reason in rows:
        if kind == Kind.SAME:
            same.append((one, other))
            continue
        words = ("Omvat", "Valt onder") if kind == Kind.COVERS else ("Hangt samen met", "Hangt samen met")
        related[one].append(Related(other, words[0], reason))
        related[other].append(Related(one, words[1], reason))
    return _Decided(same_groups(same), dict(related))
