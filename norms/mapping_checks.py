"""What a schema cannot see in mapping files: items that exist, and answers that may really be shared."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from norms.checks import Steps, nodes
from norms.files import Document, Problem, place

Edition = tuple[str, str]  # framework and edition
T = TypeVar("T", bound=Hashable)
Ref = tuple[Edition, str]  # an item: its edition and its code


@dataclass(frozen=True)
class Asked:
    """What an item asks, as far as it decides whether one answer fits two items."""

    kind: str
    of_provider: bool
    form: Hashable  # the scale, unit, options or columns that the answer follows

    def same_answer(self, other: "Asked") -> bool:
        return self.kind == other.kind and self.form == other.form


@dataclass(frozen=True)
class Decision:
    """What is decided about two items; `at` is its file and place, None when it is stored."""

    first: Ref
    second: Ref
    kind: str
    reason: str
    at: tuple[str, str] | None = None


def asked(data: Mapping[str, Any], scale: str) -> Asked:
    """From an item of a file, or the same fields of one that is stored."""
    forms: dict[str, Hashable] = {
        "judgement": scale,
        "figure": data.get("unit"),
        "choice": _codes(data.get("options") or []),
        "table": _columns(data.get("table") or {}),
    }
    kind = data["kind"]
    return Asked(kind, "provider" in data["filled_by"], forms.get(kind))


def asked_of(document: Document) -> dict[str, Asked]:
    """The items of an edition by code."""
    return {node.code: asked(node.data, document.data["scale"]) for node in nodes(document)}


def editions(document: Document) -> tuple[Edition, Edition]:
    """The two editions that a mapping file is about."""
    first, second = document.data["first"], document.data["second"]
    return (first["framework"], first["edition"]), (second["framework"], second["edition"])


def decisions(document: Document) -> list[Decision]:
    """The pairs of a mapping file; what is covered by the second is turned around."""
    first, second = editions(document)
    found = []
    for index, pair in enumerate(document.data["pairs"]):
        at = document.file, place(document.data, ["pairs", index])
        one, other, kind = (first, pair["first"]), (second, pair["second"]), pair["kind"]
        if kind == "covered_by":
            one, other, kind = other, one, "covers"
        found.append(Decision(one, other, kind, pair["reason"], at))
    return found


def problems(
    documents: Iterable[Document],
    known: Mapping[Edition, Mapping[str, Asked]],
    stored: Iterable[Decision] = (),
) -> list[Problem]:
    """Every problem of mapping files; `known` holds the items of all editions that they name.

    `stored` are the decisions about other editions that stand already.
    """
    found: list[Problem] = []
    sound: list[Decision] = []
    decided: dict[frozenset[Edition], str] = {}
    for document in documents:
        pair = frozenset(editions(document))
        if pair in decided:
            found.append(Problem(document.file, "", f"deze twee versies staan al in {decided[pair]}"))
        decided[pair] = document.file
        wrong = [
            Problem(document.file, place(document.data, steps), reason)
            for steps, reason in _mapping(document, known)
        ]
        found += wrong
        sound += [] if wrong else decisions(document)
    return found + list(_contradictions([*stored, *sound]))


def _mapping(document: Document, known: Mapping[Edition, Mapping[str, Asked]]) -> Iterator[tuple[Steps, str]]:
    first, second = editions(document)
    if first[0] == second[0]:
        yield ["second"], "is hetzelfde kader; een verwijzing legt twee kaders naast elkaar"
    unknown = False
    for name, edition in (("first", first), ("second", second)):
        if edition not in known:
            yield [name], f"versie {edition[1]} van {edition[0]} bestaat niet"
            unknown = True
    if unknown:
        return
    seen: set[tuple[str, str]] = set()
    for index, pair in enumerate(document.data["pairs"]):
        steps: Steps = ["pairs", index]
        codes = pair["first"], pair["second"]
        if codes in seen:
            yield steps, f"{codes[0]} en {codes[1]} staan er twee keer"
        seen.add(codes)
        one, other = known[first].get(codes[0]), known[second].get(codes[1])
        if one is None:
            yield [*steps, "first"], f"‘{codes[0]}’ bestaat niet in {first[0]}"
        if other is None:
            yield [*steps, "second"], f"‘{codes[1]}’ bestaat niet in {second[0]}"
        if one and other and pair["kind"] == "same":
            yield from _not_same(one, other, [*steps, "kind"])


def _not_same(one: Asked, other: Asked, steps: Steps) -> Iterator[tuple[Steps, str]]:
    if not (one.of_provider and other.of_provider):
        yield steps, "same kan alleen als de aanbieder beide invult"
    elif not one.same_answer(other):
        yield (
            steps,
            f"same kan niet: het ene is {one.kind}, het andere {other.kind}, of de schaal, eenheid, keuzes "
            "of kolommen verschillen. Kies covers, covered_by of related",
        )


def _contradictions(decided: list[Decision]) -> Iterator[Problem]:
    """If A is the same as B and B as C, then A is the same as C: nothing may say otherwise."""
    groups = same_groups((decision.first, decision.second) for decision in decided if decision.kind == "same")
    alone: frozenset[Ref] = frozenset()
    denied = {
        groups[decision.first]
        for decision in decided
        if decision.kind != "same" and decision.second in groups.get(decision.first, alone)
    }
    for decision in decided:
        group = groups.get(decision.first, alone)
        if decision.at is None or decision.second not in group:
            continue
        codes = ", ".join(sorted(f"{edition[0]} {code}" for edition, code in group))
        if group in denied:
            yield Problem(*decision.at, f"deze onderdelen zijn elders gelijk én niet gelijk ({codes})")
        elif len({edition for edition, _ in group}) < len(group):
            yield Problem(*decision.at, f"maakt twee vragen van één kader gelijk ({codes})")


def same_groups(pairs: Iterable[tuple[T, T]]) -> dict[T, frozenset[T]]:
    """For each element all that are the same, itself included, however long the way."""
    group: dict[T, set[T]] = {}
    for first, second in pairs:
        joined = group.get(first, {first}) | group.get(second, {second})
        for element in joined:
            group[element] = joined
    frozen = {id(members): frozenset(members) for members in group.values()}
    return {element: frozen[id(members)] for element, members in group.items()}


def _codes(options: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(option["code"] for option in options)


def _columns(table: Mapping[str, Any]) -> Hashable:
    columns = table.get("columns") or []
    return (
        _codes(table.get("rows") or []),
        tuple((column["code"], column["kind"], _codes(column.get("options", []))) for column in columns),
    )
