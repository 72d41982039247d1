"""The dated templates of the inspection report: chapters, order and standard texts, one file an edition.

They are files beside this module and not rows: nothing refers to them but a visit, by its edition, and a
report keeps in its own frozen content what it took from one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from norms.files import NormFileError, Problem, read

FOLDER = Path(__file__).parent / "report_templates"
SCHEMA = FOLDER / "schema.v1.json"
# The places that a text may name, by the list in which it stands.
PLACES = {
    "passages": {"provider", "days", "locations", "announced", "editions", "counts"},
    "fixed_texts": {"provider", "weeks"},
}


@dataclass(frozen=True)
class Template:
    """One edition; `data` is the file, as its schema says."""

    edition: str
    valid_from: date
    valid_until: date | None
    data: Mapping[str, Any]

    @property
    def passages(self) -> list[dict[str, Any]]:
        return self.data["passages"]

    @property
    def item_passages(self) -> list[dict[str, Any]]:
        return self.data["item_passages"]

    def headings(self, part: str) -> list[dict[str, str]]:
        """Key and title of the chapters, or of the annexes, in their order."""
        return [{"key": row["key"], "title": row["title"]} for row in self.data[part]]

    def fixed_texts(self, kind: str, words: Mapping[str, str]) -> list[dict[str, str]]:
        """The texts that nobody writes in, filled in, for a concept or a final report."""
        return [
            {"key": row["key"], "title": row["title"], "text": row["text"].format(**words)}
            for row in self.data["fixed_texts"]
            if row.get("only", kind) == kind
        ]


def load(paths: Sequence[Path]) -> list[Template]:
    """These files as templates, the oldest first. Raises NormFileError with every problem, in Dutch."""
    templates: list[Template] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            document = read(path, SCHEMA)
        except NormFileError as error:
            problems += error.problems
            continue
        problems += [Problem(document.file, *found) for found in _mistakes(document.data)]
        days = [date.fromisoformat(day) if day else None for day in _days(document.data)]
        templates.append(Template(document.data["edition"], days[0] or date.min, days[1], document.data))
    templates.sort(key=lambda template: template.valid_from)
    if problems := [*problems, *_overlaps(templates)]:
        raise NormFileError(problems)
    return templates


def _days(data: Mapping[str, Any]) -> tuple[str, str | None]:
    return data["valid_from"], data["valid_until"]


def _mistakes(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a schema cannot see: a key twice, a place that is not filled in, a term that ends too early."""
    for part in ("chapters", "annexes", "passages", "item_passages", "fixed_texts"):
        keys = [row["key"] for row in data[part]]
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            yield part, f"{key} staat er twee keer"
    for part, known in PLACES.items():
        for row in data[part]:
            yield from ((f"{part} › {row['key']}", reason) for reason in _odd_places(row["text"], known))
    first, last = _days(data)
    if last and last < first:
        yield "valid_until", f"ligt voor valid_from ({first})"


def _odd_places(text: str, known: set[str]) -> Iterator[str]:
    try:
        names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        yield "heeft een accolade zonder wederhelft"
        return
    for name in sorted(names - known):
        yield f"noemt {{{name}}}, maar kent alleen {', '.join(f'{{{place}}}' for place in sorted(known))}"


def _overlaps(templates: Sequence[Template]) -> Iterator[Problem]:
    for before, after in zip(templates, templates[1:], strict=False):
        if before.edition == after.edition:
            yield Problem(after.edition, "edition", "staat in meer dan één bestand")
        elif before.valid_until is None or before.valid_until >= after.valid_from:
            reason = f"moet eindigen voor {after.valid_from.isoformat()}, als versie {after.edition} begint"
            yield Problem(before.edition, "valid_until", reason)


@cache
def templates() -> list[Template]:
    """The editions of the product."""
    return load(sorted(FOLDER.glob("*.yaml")))


def template_for(day: date) -> Template:
    """The edition that holds on a day; the last one before where none does, the first one before all."""
    begun = [template for template in templates() if template.valid_from <= day]
    return begun[-1] if begun else templates()[0]


def edition(name: str, day: date) -> Template:
    """The edition that was pinned, or (nothing pinned yet) the one that holds on a day."""
    return next((found for found in templates() if found.edition == name), None) or template_for(day)
