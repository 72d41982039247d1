"""What changed from one edition to the next. Pure functions on items, stored or just read from a file."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import takewhile

from norms.mapping_checks import same_groups
from norms.models import Item

# What is asked, and what only helps to answer it.
ASKED = ("kind", "title", "text", "unit", "options", "table", "filled_by")
HELP = ("guidance", "good", "begin", "found", "evidence", "source_ref", "inferred", "inferred_note")
# Words times words: three hundred beside three hundred take half a second at worst, thousands take minutes.
COMPARED_MAX = 100_000


class ChangeKind(StrEnum):
    """In the order in which a reader wants them."""

    UNCHANGED = "unchanged"
    REWORDED = "reworded"
    SPLIT = "split"
    MERGED = "merged"
    NEW = "new"
    GONE = "gone"


LABELS = {
    ChangeKind.UNCHANGED: "Gelijk gebleven",
    ChangeKind.REWORDED: "Anders verwoord",
    ChangeKind.SPLIT: "Gesplitst",
    ChangeKind.MERGED: "Samengevoegd",
    ChangeKind.NEW: "Nieuw",
    ChangeKind.GONE: "Vervallen",
}


@dataclass(frozen=True)
class Change:
    """What became of some items; `help_changed` says that only the help around the question differs."""

    kind: ChangeKind
    old_items: tuple[Item, ...]
    new_items: tuple[Item, ...]
    help_changed: bool = False

    @property
    def label(self) -> str:
        return LABELS[self.kind]


@dataclass(frozen=True)
class Piece:
    """A run of words that both texts have, or only the old or the new one."""

    kind: str  # "same", "old" or "new"
    text: str


def compare(old: Iterable[Item], new: Iterable[Item]) -> list[Change]:
    """Every item of both editions in one change, in the order of the new one; what is gone comes last.

    An item follows the one with its own code, unless `replaces` names others; an empty list says that it is
    new, whatever its code. Names of codes that were not there are passed over.
    """
    before = {item.code: item for item in old}
    after = {item.code: item for item in new}
    groups = same_groups(
        (("old", code), ("new", item.code)) for item in after.values() for code in _followed(item, before)
    )
    changes, done = [], set[tuple[str, str]]()
    for code in after:
        if ("new", code) in done:
            continue
        group = groups.get(("new", code), frozenset({("new", code)}))
        done |= group
        changes.append(_change(_members("old", before, group), _members("new", after, group)))
    gone = [(item,) for code, item in before.items() if ("old", code) not in done]
    return changes + [Change(ChangeKind.GONE, items, ()) for items in gone]


def unknown_codes(old: Iterable[Item], new: Iterable[Item]) -> list[tuple[Item, str]]:
    """What new items say they replace that the old edition does not have."""
    codes = {item.code for item in old}
    return [(item, code) for item in new for code in item.replaces or [] if code not in codes]


def word_diff(old: str, new: str) -> list[Piece]:
    """The two texts as one run of pieces, word by word; what differs too much to compare stays whole."""
    first, second = _words(old), _words(new)
    # Most edits are in one place: what comes before and after it needs no comparing.
    begin = _same(first, second)
    before, first, second = first[:begin], first[begin:], second[begin:]
    end = _same(reversed(first), reversed(second))
    after, first, second = first[len(first) - end :], first[: len(first) - end], second[: len(second) - end]
    pieces = [Piece("same", "".join(before)), *_compared(first, second), Piece("same", "".join(after))]
    return [piece for piece in pieces if piece.text]


def _same(first: Iterable[str], second: Iterable[str]) -> int:
    """With how many of the same words both begin."""
    pairs = zip(first, second, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _compared(first: list[str], second: list[str]) -> Iterator[Piece]:
    if len(first) * len(second) > COMPARED_MAX:
        yield from _changed(first, second)
        return
    for tag, a, b, c, d in SequenceMatcher(a=first, b=second, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(first[a:b]))
        else:
            yield from _changed(first[a:b], second[c:d])


def _changed(gone: list[str], came: list[str]) -> tuple[Piece, Piece]:
    return Piece("old", "".join(gone)), Piece("new", "".join(came))


def _followed(item: Item, before: dict[str, Item]) -> list[str]:
    names = [item.code] if item.replaces is None else item.replaces
    return [code for code in names if code in before]


def _members(side: str, items: dict[str, Item], group: frozenset[tuple[str, str]]) -> tuple[Item, ...]:
    """The items of one side that are in the group, in the order of their edition."""
    return tuple(items[code] for code in items if (side, code) in group)


def _change(old: tuple[Item, ...], new: tuple[Item, ...]) -> Change:
    if not old:
        return Change(ChangeKind.NEW, old, new)
    if len(old) > 1:
        return Change(ChangeKind.MERGED, old, new)
    if len(new) > 1:
        return Change(ChangeKind.SPLIT, old, new)
    if _differs(old[0], new[0], ASKED):
        return Change(ChangeKind.REWORDED, old, new)
    return Change(ChangeKind.UNCHANGED, old, new, _differs(old[0], new[0], HELP))


def _differs(old: Item, new: Item, names: Iterable[str]) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in names)


def _words(text: str) -> list[str]:
    """Words with the space before them, so that joined they are the text again and what follows adds on."""
    return re.findall(r"\s*\S+|\s+", text)
