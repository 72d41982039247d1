"""Which items ask the same or have to do with each other, read once by each process.

Mappings come with the product and are loaded before it starts. After loading others, restart the portal.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.db.models import Q

from norms.mapping_checks import same_groups
from norms.models import FrameworkVersion, Item, ItemMapping

Kind = ItemMapping.Kind
# What to say at the first item of the second, and the other way round.
WORDS: dict[str, tuple[str, str]] = {
    Kind.SAME: ("Vraagt hetzelfde als", "Vraagt hetzelfde als"),
    Kind.COVERS: ("Omvat", "Valt onder"),
    Kind.RELATED: ("Hangt samen met", "Hangt samen met"),
}


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


@dataclass(frozen=True)
class Relation:
    """An item of another edition, what it has to do with this one, and why."""

    words: str
    item: Item
    reason: str


def relations(version: FrameworkVersion) -> dict[int, list[Relation]]:
    """Per item of an edition what it has to do with those of others; in one query, for who reads the norm."""
    rows = ItemMapping.objects.exclude(kind=Kind.NONE).filter(
        Q(item_a__version=version) | Q(item_b__version=version)
    )
    found: dict[int, list[Relation]] = defaultdict(list)
    for row in rows.select_related("item_a__version__framework", "item_b__version__framework"):
        forth, back = WORDS[row.kind]
        for mine, other, words in ((row.item_a, row.item_b, forth), (row.item_b, row.item_a, back)):
            if mine.version_id == version.pk:
                found[mine.pk].append(Relation(words, other, row.reason))
    return found


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
        forth, back = WORDS[kind]
        related[one].append(Related(other, forth, reason))
        related[other].append(Related(one, back, reason))
    return _Decided(same_groups(same), dict(related))
