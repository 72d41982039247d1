"""What a schema cannot see in a norm file: codes once, references that exist, dates in order."""

import datetime
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from norms.files import Document, Problem, place

CHECK_VALUES = ("yes", "partly", "no", "unknown")
Steps = list[str | int]


@dataclass(frozen=True)
class Node:
    """An item of a file with its place in the tree; `section` is the code of the page it is filled in on."""

    data: dict[str, Any]
    steps: Steps
    parent: str | None
    section: str | None
    depth: int

    @property
    def code(self) -> str:
        return str(self.data["code"])


def walk(
    items: list[dict[str, Any]],
    steps: Steps,
    parent: str | None = None,
    section: str | None = None,
    depth: int = 0,
) -> Iterator[Node]:
    """All items depth first, a parent before its children."""
    for index, data in enumerate(items):
        here = [*steps, index]
        own_section = data["code"] if data.get("section") else section
        yield Node(data, here, parent, own_section, depth)
        yield from walk(data.get("children", []), [*here, "children"], data["code"], own_section, depth + 1)


def nodes(document: Document) -> list[Node]:
    """The items of an edition, depth first."""
    return list(walk(document.data["items"], ["items"]))


@dataclass(frozen=True)
class Known:
    """An edition of a file or of the database, as far as others may name its items."""

    framework: str
    edition: str
    succeeded_by: str
    codes: frozenset[str]


def known(document: Document) -> Known:
    """What others may name of an edition in a file."""
    data = document.data
    codes = frozenset(node.code for node in nodes(document))
    return Known(data["framework"]["code"], data["edition"], data.get("succeeded_by") or "", codes)


def replaced_problems(document: Document, editions: Iterable[Known]) -> Iterator[Problem]:
    """What items say they replace that stands in no other edition of the family."""
    own = known(document)
    family = [
        other.codes
        for other in editions
        if own.framework in (other.framework, other.succeeded_by)
        and (own.framework, own.edition) != (other.framework, other.edition)
    ]
    before = frozenset[str]().union(*family)
    for node in nodes(document):
        for code in node.data.get("replaces", []):
            if code not in before:
                where = place(document.data, [*node.steps, "replaces"])
                reason = f"‘{code}’ staat in geen andere versie van {own.framework}"
                yield Problem(document.file, where, reason)


def problems(document: Document, scales: Mapping[str, list[str]]) -> list[Problem]:
    """Every problem of an edition or of scales; `scales` gives the level codes of each known scale."""
    found = _scales(document) if document.is_scales else _edition(document, scales)
    return [Problem(document.file, place(document.data, steps), reason) for steps, reason in found]


def _scales(document: Document) -> Iterator[tuple[Steps, str]]:
    scales = document.data["scales"]
    yield from _twice(scales, ["scales"])
    for index, scale in enumerate(scales):
        yield from _twice(scale["levels"], ["scales", index, "levels"])


def _edition(document: Document, scales: Mapping[str, list[str]]) -> Iterator[tuple[Steps, str]]:
    data, tree = document.data, nodes(document)
    start, end = data["valid_from"], data["valid_until"]
    if start and end and _date(end) < _date(start):
        yield ["valid_until"], f"ligt vóór het begin ({start})"
    if data["scale"] not in scales:
        yield ["scale"], f"‘{data['scale']}’ bestaat niet; bekend: {', '.join(sorted(scales)) or 'geen'}"
    asks = any("provider" in node.data["filled_by"] for node in tree)
    if asks != bool(data["minutes"]):
        yield ["minutes"], "is 0 als een aanbieder niets invult, en anders meer"
    if data["framework"]["type"] == "advice":
        for node in tree:
            if node.data["kind"] == "judgement":
                yield (
                    [*node.steps, "kind"],
                    "een advies ligt niet op een schaal; kies een andere soort",
                )
    yield from _tree(tree)
    yield from _signals(
        data["signals"], {node.code: node.data for node in tree}, scales.get(data["scale"], [])
    )


def _tree(tree: list[Node]) -> Iterator[tuple[Steps, str]]:
    counts = Counter(node.code for node in tree)
    for node in tree:
        if counts[node.code] > 1:
            yield [*node.steps, "code"], f"‘{node.code}’ komt {counts[node.code]} keer voor in dit bestand"
        if "provider" in node.data["filled_by"] and node.section is None:
            yield node.steps, "heeft geen thema of criterium met section: true boven zich"
        yield from _twice(node.data.get("options", []), [*node.steps, "options"])
        if table := node.data.get("table"):
            yield from _table(table, [*node.steps, "table"])
    if not any(node.data.get("section") for node in tree):
        yield ["items"], "heeft geen enkel onderdeel met section: true"


def _table(table: dict[str, Any], steps: Steps) -> Iterator[tuple[Steps, str]]:
    yield from _twice(table["rows"] or [], [*steps, "rows"])
    yield from _twice(table["columns"], [*steps, "columns"])
    for index, column in enumerate(table["columns"]):
        yield from _twice(column.get("options", []), [*steps, "columns", index, "options"])


def _signals(
    signals: list[dict[str, Any]], items: Mapping[str, dict[str, Any]], levels: list[str]
) -> Iterator[tuple[Steps, str]]:
    yield from _twice(signals, ["signals"])
    for index, signal in enumerate(signals):
        if signal["item"] not in items:
            yield ["signals", index, "item"], f"‘{signal['item']}’ bestaat niet in dit bestand"
        for mode, conditions in signal["when"].items():
            for number, condition in enumerate(conditions):
                steps: Steps = ["signals", index, "when", mode, number]
                yield from _condition(condition, steps, items, levels)


def _condition(
    condition: dict[str, Any], steps: Steps, items: Mapping[str, dict[str, Any]], levels: list[str]
) -> Iterator[tuple[Steps, str]]:
    item = items.get(condition["item"])
    if item is None:
        yield [*steps, "item"], f"‘{condition['item']}’ bestaat niet in dit bestand"
        return
    cell: dict[str, Any] | None = item
    if item["kind"] == "table" or "row" in condition:
        cell = yield from _cell(condition, steps, item)
    if cell is None:
        return
    if "below" in condition:
        if cell["kind"] != "figure":
            yield (
                [*steps, "below"],
                f"kan alleen bij een getal; {item['code']} is van de soort {cell['kind']}",
            )
        return
    known = _values(cell, levels)
    for value in condition["in"]:
        if value not in known:
            allowed = ", ".join(known) or "geen (deze soort heeft geen vaste antwoorden)"
            yield [*steps, "in"], f"‘{value}’ is daar geen antwoord; mogelijk: {allowed}"


def _cell(
    condition: dict[str, Any], steps: Steps, item: dict[str, Any]
) -> Generator[tuple[Steps, str], None, dict[str, Any] | None]:
    """Yields problems and returns the column that the condition points at, or None."""
    if item["kind"] != "table":
        yield [*steps, "row"], f"kan alleen bij een tabel; {item['code']} is van de soort {item['kind']}"
        return None
    if "row" not in condition:
        yield steps, f"{item['code']} is een tabel: noem row en column"
        return None
    rows = [row["code"] for row in item["table"]["rows"] or []]
    columns = {column["code"]: column for column in item["table"]["columns"]}
    if condition["row"] not in rows:
        yield [*steps, "row"], f"‘{condition['row']}’ bestaat niet in {item['code']}"
    if condition["column"] not in columns:
        yield [*steps, "column"], f"‘{condition['column']}’ bestaat niet in {item['code']}"
    return columns.get(condition["column"])


def _values(cell: dict[str, Any], levels: list[str]) -> list[str]:
    """The fixed answers of an item or a column."""
    match cell["kind"]:
        case "check":
            return list(CHECK_VALUES)
        case "judgement":
            return levels
        case "choice":
            return [option["code"] for option in cell["options"]]
    return []


def _twice(elements: list[dict[str, Any]], steps: Steps) -> Iterator[tuple[Steps, str]]:
    counts = Counter(element["code"] for element in elements)
    for index, element in enumerate(elements):
        if counts[element["code"]] > 1:
            yield [*steps, index, "code"], f"‘{element['code']}’ komt {counts[element['code']]} keer voor"


def _date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)
