"""The frozen content of an inspection report: dataclasses read strictly from its JSON.

A report is made from this content alone, so a reader who holds the JSON can make it again.
"""

import types
from collections import Counter
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

SCHEMA = "thuispeil.inspection-report.1"

# The parts that a report has; their order and titles are its own.
CHAPTERS = ("summary", "overview", "items", "visit", "next", "reaction")
ANNEXES = ("documents", "norm_text", "about")
# Best first: the distance between two judgements is counted in these steps.
RANKED = ("meets", "largely_meets", "largely_fails", "fails")
Level = Literal["meets", "largely_meets", "largely_fails", "fails", "not_tested"]
OwnLevel = Literal["meets", "largely_meets", "largely_fails", "fails", "not_applicable"]
Verdict = Literal["adopted", "partly", "rejected"]


class ContentError(ValueError):
    """The JSON is not the content of an inspection report; the message names the place."""


@dataclass(frozen=True)
class Heading:
    """A chapter or an annex: `key` names the part of the report that stands there."""

    key: str
    title: str


@dataclass(frozen=True)
class FixedText:
    """A standard text that nobody writes in, as the template had it."""

    key: str
    title: str
    text: str


@dataclass(frozen=True)
class Region:
    code: str
    name: str


@dataclass(frozen=True)
class Provider:
    name: str
    kvk: str
    agb: str
    regions: tuple[Region, ...]


@dataclass(frozen=True)
class Location:
    name: str
    place: str
    establishment: str


@dataclass(frozen=True)
class Counts:
    interviews: int
    files: int
    home_visits: int
    documents: int


@dataclass(frozen=True)
class Visit:
    announced: bool
    started_on: date
    ended_on: date
    inspectors: int
    counts: Counts


@dataclass(frozen=True)
class Source:
    title: str
    publisher: str
    published_on: date | None
    url: str


@dataclass(frozen=True)
class Framework:
    code: str
    edition: str
    title: str
    publisher: str
    source: Source


@dataclass(frozen=True)
class SelfAssessment:
    year: int
    revision: int
    submitted_on: date | None


@dataclass(frozen=True)
class Dates:
    concept_sent_on: date | None
    concept_received_on: date | None
    reaction_due: date | None
    reaction_received_on: date | None
    settled_on: date | None


@dataclass(frozen=True)
class ScaleLevel:
    code: Level
    label: str
    meaning: str


@dataclass(frozen=True)
class OwnScore:
    level: OwnLevel
    text: str


@dataclass(frozen=True)
class Finding:
    number: str
    source: str
    source_label: str
    text: str


@dataclass(frozen=True)
class Ground:
    number: str
    text: str
    cites: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    code: str
    title: str
    text: str
    is_whole: bool
    level: Level
    own_asked: bool
    own: OwnScore | None
    good: tuple[str, ...]
    better: tuple[str, ...]
    must: tuple[str, ...]
    findings: tuple[Finding, ...]
    grounds: tuple[Ground, ...]

    @property
    def steps_below_own(self) -> int | None:
        """How many steps the inspectorate judges below the own score; None when not comparable."""
        if self.own is None or self.level not in RANKED or self.own.level not in RANKED:
            return None
        return RANKED.index(self.level) - RANKED.index(self.own.level)

    def passage_numbers(self) -> list[str]:
        """The one sequence of numbers that findings and grounds share."""
        return [finding.number for finding in self.findings] + [ground.number for ground in self.grounds]


@dataclass(frozen=True)
class Action:
    number: str
    text: str
    due_on: date | None
    item: str


@dataclass(frozen=True)
class Remark:
    number: int
    passage: str
    text: str
    verdict: Verdict | None
    answer: str


@dataclass(frozen=True)
class Document:
    title: str
    dated: date | None


@dataclass(frozen=True)
class Question:
    code: str
    text: str


@dataclass(frozen=True)
class NormText:
    code: str
    title: str
    questions: tuple[Question, ...]

    @property
    def wording(self) -> list[str]:
        """What the norm asks, question by question."""
        return [question.text for question in self.questions]


@dataclass(frozen=True)
class Correction:
    """Which version this one corrects, why, and at which passages."""

    version: str
    sha256: str
    reason: str
    settled_on: date | None
    passages: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    number: str
    version: str
    kind: Literal["concept", "final"]
    template: str
    authority: str
    chapters: tuple[Heading, ...]
    annexes: tuple[Heading, ...]
    fixed_texts: tuple[FixedText, ...]
    provider: Provider
    locations: tuple[Location, ...]
    visit: Visit
    frameworks: tuple[Framework, ...]
    self_assessment: SelfAssessment | None
    dates: Dates
    scale: tuple[ScaleLevel, ...]
    summary: str
    occasion: str
    provider_text: str
    method: str
    next_steps: str
    items: tuple[Item, ...]
    actions: tuple[Action, ...]
    remarks: tuple[Remark, ...]
    no_remarks: bool
    documents: tuple[Document, ...]
    norm_text: tuple[NormText, ...]
    correction: Correction | None = None

    @property
    def is_concept(self) -> bool:
        """True while the provider may still react: this version is never public."""
        return self.kind == "concept"

    @cached_property
    def whole(self) -> Item | None:
        """The judgement on the (first) norm as a whole, or None when only parts were judged."""
        return next((item for item in self.items if item.is_whole), None)

    @cached_property
    def parts(self) -> tuple[Item, ...]:
        """Everything judged except the whole that stands on the cover."""
        return tuple(item for item in self.items if item is not self.whole)

    def actions_of(self, item: Item) -> list[Action]:
        """The obligatory actions that follow from one item."""
        return [action for action in self.actions if action.item == item.code]

    def findings_by_source(self) -> list[tuple[str, int, list[str]]]:
        """(label, number of findings, codes of the items they stand at) per kind of source."""
        counts: Counter[str] = Counter()
        codes: dict[str, dict[str, None]] = {}
        for item in self.items:
            for finding in item.findings:
                counts[finding.source_label] += 1
                codes.setdefault(finding.source_label, {})[item.code] = None
        return [(label, number, list(codes[label])) for label, number in counts.most_common()]

    def passage_numbers(self) -> set[str]:
        """The numbers of all findings and grounds: what a remark can point at."""
        return {number for item in self.items for number in item.passage_numbers()}


def parse(data: object) -> Report:
    """The report held by decoded JSON; ContentError names the first place that does not fit."""
    if not isinstance(data, dict):
        raise ContentError("inhoud: geen object")
    if data.get("schema") != SCHEMA:
        raise ContentError(f"schema is {data.get('schema')!r}, verwacht {SCHEMA!r}")
    report = _object(Report, {key: value for key, value in data.items() if key != "schema"}, "")
    _check_references(report)
    return report


def _check_references(report: Report) -> None:
    """Codes and numbers that point at each other must exist and be unique."""
    codes = [item.code for item in report.items]
    if len(set(codes)) < len(codes):
        raise ContentError("items: een code komt twee keer voor")
    for name, headings, parts in (
        ("chapters", report.chapters, CHAPTERS),
        ("annexes", report.annexes, ANNEXES),
    ):
        if sorted(heading.key for heading in headings) != sorted(parts):
            raise ContentError(f"{name}: moet elk van {', '.join(parts)} één keer noemen")
    known = {level.code for level in report.scale}
    for item in report.items:
        if item.level not in known:
            raise ContentError(f"items.{item.code}.level: {item.level!r} staat niet in scale")
        numbers = item.passage_numbers()
        if len(set(numbers)) < len(numbers):
            raise ContentError(f"items.{item.code}: een nummer komt twee keer voor")
    for action in report.actions:
        if action.item not in codes:
            raise ContentError(f"actions.{action.number}.item: {action.item!r} staat niet in items")


@cache
def _hints(cls: type) -> dict[str, Any]:
    hints = get_type_hints(cls)
    return {field.name: hints[field.name] for field in fields(cls)}


def _object(cls: Any, data: object, path: str) -> Any:
    if not isinstance(data, dict):
        raise ContentError(f"{path or 'inhoud'}: geen object")
    hints = _hints(cls)
    optional = {field.name for field in fields(cls) if field.default is not MISSING}
    missing = hints.keys() - data.keys() - optional
    for word, names in (("ontbreekt", missing), ("onbekend", data.keys() - hints.keys())):
        if names:
            raise ContentError(f"{_join(path, min(names))}: {word}")
    known = hints.keys() & data.keys()
    return cls(
        **{name: _value(hints[name], data[name], _join(path, name)) for name in hints if name in known}
    )


def _value(hint: Any, value: object, path: str) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return None if value is None else _value(args[0], value, path)
    if origin is tuple:
        if not isinstance(value, list):
            raise ContentError(f"{path}: geen lijst")
        return tuple(_value(args[0], entry, f"{path}[{index}]") for index, entry in enumerate(value))
    if origin is Literal:
        if value not in args:
            raise ContentError(f"{path}: {value!r} is geen van {', '.join(args)}")
        return value
    if is_dataclass(hint):
        return _object(hint, value, path)
    if hint is date:
        return _date(value, path)
    if type(value) is not hint:
        raise ContentError(f"{path}: {value!r} is geen {hint.__name__}")
    return value


def _date(value: object, path: str) -> date:
    try:
        return date.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ContentError(f"{path}: {value!r} is geen datum (jjjj-mm-dd)") from None


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
