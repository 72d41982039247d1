"""The items of one edition as a tree, for pages that show all of it. No queries of its own."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from norms.mappings import Relation
from norms.models import FrameworkVersion, Item, Signal

Kind = Item.Kind

FILLERS = {
    Item.Filler.PROVIDER: "de zorgaanbieder",
    Item.Filler.INSPECTORATE: "de inspectie",
    Item.Filler.CARE_OFFICE: "het zorgkantoor",
}

COUNTED = {
    "themes": ("thema", "thema’s"),
    "norms": ("norm", "normen"),
    "criteria": ("criterium", "criteria"),
    "requirements": ("vereiste", "vereisten"),
    "checks": ("deelvraag", "deelvragen"),
    "tables": ("tabel", "tabellen"),
    "details": ("los gegeven", "losse gegevens"),
}


@dataclass
class Branch:
    """An item with what hangs below it and the signals that are shown with it."""

    item: Item
    signals: list[Signal]
    conditions_above: int = 0
    related: list[Relation] = field(default_factory=list)
    children: list["Branch"] = field(default_factory=list)

    @property
    def rows(self) -> list["Branch"]:
        """What is shown under this item; a section below it has a place of its own."""
        return [child for child in self.children if not child.item.is_section]

    @property
    def all_related(self) -> list[Relation]:
        """Its own relations and those of its parts, which are shown with it; each other item once."""
        own = [self, *self.children]
        return list({relation.item.pk: relation for part in own for relation in part.related}.values())

    @property
    def has_help(self) -> bool:
        """Whether there is something to explain about the item itself."""
        item = self.item
        return bool(item.guidance or item.good or item.begin or item.found or item.evidence)

    @property
    def explained_questions(self) -> list["Branch"]:
        """The questions right below it that have help; a requirement shows its own."""
        return [row for row in self.rows if row.has_help and row.item.kind != Kind.JUDGEMENT]

    @property
    def more_signals(self) -> list[Signal]:
        """All but the first; a chapter shows its first signal in full."""
        return self.signals[1:]

    @property
    def form(self) -> str:
        """How the item is answered, in words; a check needs none."""
        match self.item.kind:
            case Kind.FIGURE:
                return self.item.unit
            case Kind.CHOICE:
                return "; ".join(option["label"] for option in self.item.options)
        return Kind(self.item.kind).label.lower() if self.item.kind in (Kind.DATE, Kind.TEXT) else ""

    @property
    def filled_by_others(self) -> str:
        """Who answers, when that is not the provider."""
        return "" if self.item.asks_provider or not self.item.filled_by else self.fillers

    @property
    def only_when(self) -> str:
        """To whom it applies, where that differs from what is above it."""
        conditions = self.item.applies_when
        return conditions[-1]["reason"] if len(conditions) > self.conditions_above else ""

    @property
    def fillers(self) -> str:
        """Who answers, in words."""
        return " en ".join(FILLERS[Item.Filler(code)] for code in self.item.filled_by)

    @property
    def eyebrow(self) -> str:
        """What kind of chapter this is; a group of our own has no letter and needs no word."""
        if self.item.kind == Kind.THEME:
            return f"Thema {self.item.code}" if self.item.code.isalpha() else ""
        return f"Criterium {self.item.code}" if self.item.is_section else "De norm als geheel"


def grow(version: FrameworkVersion, related: Mapping[int, list[Relation]]) -> list[Branch]:
    """The roots of the tree of an edition that was fetched with its items and signals.

    `related`: per item what it has to do with those of other editions.
    """
    signals: dict[int, list[Signal]] = defaultdict(list)
    for signal in version.signals.all():
        signals[signal.item_id].append(signal)
    branches = {
        item.pk: Branch(item, signals[item.pk], related=related.get(item.pk, []))
        for item in version.items.all()
    }
    for branch in branches.values():
        if branch.item.parent_id:
            parent = branches[branch.item.parent_id]
            parent.children.append(branch)
            branch.conditions_above = len(parent.item.applies_when)
    return [branch for branch in branches.values() if not branch.item.parent_id]


def chapters(branches: Iterable[Branch]) -> Iterator[Branch]:
    """The roots and every section below them, in reading order."""
    for branch in branches:
        if branch.item.is_section or not branch.item.depth:
            yield branch
        yield from chapters(branch.children)


def composition(items: Iterable[Item]) -> str:
    """What an edition consists of, such as '1 norm, 3 criteria, 21 deelvragen'."""
    counts = Counter(_counted_as(item) for item in items)
    return ", ".join(
        f"{counts[name]} {words[counts[name] != 1]}" for name, words in COUNTED.items() if counts[name]
    )


def _counted_as(item: Item) -> str:
    match item.kind:
        case Kind.THEME:
            # A theme of the source has a letter; a number marks a group that we made ourselves.
            return "themes" if item.code.isalpha() else ""
        case Kind.JUDGEMENT if item.is_section:
            return "criteria"
        case Kind.JUDGEMENT:
            return "requirements" if item.depth else "norms"
        case Kind.CHECK:
            return "checks"
        case Kind.TABLE:
            return "tables"
    return "details"
