"""Loading norm files: all of them or none, and never a change to an edition that is there already.

A mapping may be corrected: a mapping file takes the place of what was decided about its two editions.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from norms import checks, mapping_checks, mapping_loading, mappings
from norms.files import DATA, SCALES, Document, NormFileError, Problem, checksum, read
from norms.models import Framework, FrameworkVersion, Item, Scale, ScaleLevel, Signal

# Any fixed number will do: it makes two loaders wait for each other.
LOCK = 0x6E6F726D

Key = tuple[str, str]
# For an item its condition and dates, handed down to what hangs below it.
Inherited = tuple[list[dict[str, Any]], str | None]


@dataclass(frozen=True)
class Outcome:
    """What happened to a file."""

    file: str
    is_new: bool
    is_changed: bool = False

    def __str__(self) -> str:
        word = "nieuw" if self.is_new else "gewijzigd" if self.is_changed else "ongewijzigd"
        return f"{self.file}: {word}"


@dataclass(frozen=True)
class Stored:
    """What the database holds, to compare files with."""

    frameworks: dict[str, Framework]
    editions: dict[Key, str]
    scales: dict[str, Scale]

    @classmethod
    def now(cls) -> "Stored":
        """Read in four queries."""
        editions = FrameworkVersion.objects.values_list("framework__code", "edition", "checksum")
        return cls(
            frameworks={framework.code: framework for framework in Framework.objects.all()},
            editions={(code, edition): known for code, edition, known in editions},
            scales={scale.code: scale for scale in Scale.objects.prefetch_related("levels")},
        )

    def holds(self, document: Document) -> bool:
        if document.is_scales:
            return all(scale["code"] in self.scales for scale in document.data["scales"])
        return document.is_mappings or _key(document) in self.editions


def load(paths: Iterable[Path] = ()) -> list[Outcome]:
    """Load the given files, or else all files of the product, in one transaction.

    The scales of the product always come along. Raises NormFileError with every problem of every file.
    """
    documents = _read_all([SCALES, *(list(paths) or sorted(DATA.glob("*/*.yaml")))])
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        stored = Stored.now()
        if problems := [
            *_content_problems(documents, stored),
            *_change_problems(documents, stored),
            *_replaced_problems(documents, _stored_editions(documents)),
        ]:
            raise NormFileError(problems)
        _save_scales(documents, stored)
        new = [document for document in documents if not stored.holds(document)]
        _save_editions([document for document in new if document.is_edition])
        mapped = mapping_loading.save(_mapping_files(documents))
    mappings.forget()
    return [Outcome(document.file, *mapped.get(document.file, (document in new,))) for document in documents]


def check(paths: Iterable[Path]) -> list[Problem]:
    """What is wrong with these files beside those of the product; needs no database."""
    own = [SCALES, *sorted(DATA.glob("*/*.yaml"))]
    given = {path.resolve() for path in paths}
    documents, found = _try_all([*(path for path in own if path.resolve() not in given), *paths])
    levels = _levels(documents)
    for document in documents:
        found += checks.problems(document, levels) if not document.is_mappings else []
    found += [*_twice(documents), *_replaced_problems(documents, [])]
    known = {_key(document): mapping_checks.asked_of(document) for document in _editions(documents)}
    found += mapping_checks.problems(_mapping_files(documents), known)
    return sorted(found)


def _read_all(paths: list[Path]) -> list[Document]:
    documents, problems = _try_all(paths)
    if problems:
        raise NormFileError(problems)
    return documents


def _try_all(paths: list[Path]) -> tuple[list[Document], list[Problem]]:
    documents, problems = [], []
    for path in dict.fromkeys(paths):
        try:
            documents.append(read(path))
        except NormFileError as error:
            problems += error.problems
    return documents, problems


def _key(document: Document) -> Key:
    return document.data["framework"]["code"], document.data["edition"]


def _editions(documents: list[Document]) -> list[Document]:
    return [document for document in documents if document.is_edition]


def _mapping_files(documents: list[Document]) -> list[Document]:
    return [document for document in documents if document.is_mappings]


def _content_problems(documents: list[Document], stored: Stored) -> Iterator[Problem]:
    levels = {code: [level.code for level in scale.levels.all()] for code, scale in stored.scales.items()}
    levels |= _levels(documents)
    for document in documents:
        if not document.is_mappings:
            yield from checks.problems(document, levels)


def _levels(documents: list[Document]) -> dict[str, list[str]]:
    return {scale["code"]: [level["code"] for level in scale["levels"]] for scale in _scales(documents)}


def _twice(documents: list[Document]) -> Iterator[Problem]:
    times = Counter(_key(document) for document in _editions(documents))
    for document in _editions(documents):
        code, edition = _key(document)
        if times[code, edition] > 1:
            yield Problem(
                document.file, "edition", f"versie {edition} van {code} staat in meer dan één bestand"
            )


def _change_problems(documents: list[Document], stored: Stored) -> Iterator[Problem]:
    """A published edition stays as it is; so do a scale in use and the name of a framework."""
    frameworks = {code: _framework_data(framework) for code, framework in stored.frameworks.items()}
    yield from _twice(documents)
    for document in documents:
        if document.is_scales:
            yield from _scale_changes(document, stored)
    for document in _editions(documents):
        code, edition = _key(document)
        if stored.editions.get((code, edition), document.checksum) != document.checksum:
            reason = (
                f"versie {edition} van {code} is al gepubliceerd en verandert niet meer; "
                "maak voor een wijziging een nieuw bestand met een nieuwe versie"
            )
            yield Problem(document.file, "edition", reason)
        if frameworks.setdefault(code, document.data["framework"]) != document.data["framework"]:
            yield Problem(document.file, "framework", f"wijkt af van wat er al over {code} bekend is")


def _replaced_problems(documents: list[Document], stored: list[checks.Known]) -> Iterator[Problem]:
    """Items that replace what never was; `stored` holds the editions that no file is given of."""
    editions = [*map(checks.known, _editions(documents)), *stored]
    for document in _editions(documents):
        yield from checks.replaced_problems(document, editions)


def _stored_editions(documents: list[Document]) -> list[checks.Known]:
    """The editions in the database, where a file names items of others; usually that asks nothing."""
    if not any("replaces" in node.data for row in _editions(documents) for node in checks.nodes(row)):
        return []
    rows = FrameworkVersion.objects.prefetch_related("items").select_related("framework")
    return [
        checks.Known(
            row.framework.code,
            row.edition,
            row.succeeded_by,
            frozenset(item.code for item in row.items.all()),
        )
        for row in rows
    ]


def _framework_data(framework: Framework) -> dict[str, str]:
    return {name: getattr(framework, name) for name in ("code", "name", "type", "publisher")}


def _scale_changes(document: Document, stored: Stored) -> Iterator[Problem]:
    for scale in document.data["scales"]:
        known = stored.scales.get(scale["code"])
        if known and known.checksum != checksum(scale):
            reason = "deze schaal is al geladen en verandert niet meer; maak een schaal met een nieuwe code"
            yield Problem(document.file, f"scales › {scale['code']}", reason)


def _scales(documents: list[Document]) -> list[dict[str, Any]]:
    return [scale for document in documents if document.is_scales for scale in document.data["scales"]]


def _save_scales(documents: list[Document], stored: Stored) -> None:
    new = [data for data in _scales(documents) if data["code"] not in stored.scales]
    scales = Scale.objects.bulk_create(
        Scale(code=data["code"], name=data["name"], checksum=checksum(data)) for data in new
    )
    ScaleLevel.objects.bulk_create(
        ScaleLevel(
            scale=scale,
            position=position,
            for_provider="provider" in level["for"],
            for_inspectorate="inspectorate" in level["for"],
            **{name: level[name] for name in ("code", "rank", "label", "meaning", "mark")},
        )
        for scale, data in zip(scales, new, strict=True)
        for position, level in enumerate(data["levels"], 1)
    )


def _save_editions(documents: list[Document]) -> None:
    """A fixed number of statements, however many editions and items there are."""
    if not documents:
        return
    wanted = {document.data["framework"]["code"]: document.data["framework"] for document in documents}
    Framework.objects.bulk_create((Framework(**data) for data in wanted.values()), ignore_conflicts=True)
    frameworks = Framework.objects.in_bulk(wanted, field_name="code")
    scales = Scale.objects.in_bulk({document.data["scale"] for document in documents}, field_name="code")
    versions = FrameworkVersion.objects.bulk_create(
        _version(document, frameworks[_key(document)[0]], scales[document.data["scale"]])
        for document in documents
    )
    items = _items(list(zip(versions, documents, strict=True)))
    Item.objects.bulk_create(items)
    by_code = {(item.version_id, item.code): item for item in items}
    Signal.objects.bulk_create(
        _signal(version, by_code[version.pk, data["item"]], data, position)
        for version, document in zip(versions, documents, strict=True)
        for position, data in enumerate(document.data["signals"], 1)
    )


def _version(document: Document, framework: Framework, scale: Scale) -> FrameworkVersion:
    data = document.data
    return FrameworkVersion(
        framework=framework,
        scale=scale,
        checksum=document.checksum,
        scope=data.get("scope", []),
        more_sources=data.get("more_sources", []),
        **{
            name: data.get(name) or ""
            for name in ("validity_note", "succession_note", "succeeded_by", "label")
        },
        **{
            name: data[name]
            for name in (
                "edition",
                "title",
                "summary",
                "valid_from",
                "valid_until",
                "minutes",
                "step",
                "source",
            )
        },
    )


def _items(editions: list[tuple[FrameworkVersion, Document]]) -> list[Item]:
    """All items with their keys already drawn, so that parents and sections go along in one statement."""
    items = [item for version, document in editions for item in items_of(document, version)]
    for item, key in zip(items, _draw_keys(len(items)), strict=True):
        item.pk = key
    by_code = {(item.version_id, item.code): item for item in items}
    found = [(version, node) for version, document in editions for node in checks.nodes(document)]
    for item, (version, node) in zip(items, found, strict=True):
        item.parent = by_code[version.pk, node.parent] if node.parent else None
        item.section = by_code[version.pk, node.section] if node.section else None
    return items


def items_of(document: Document, version: FrameworkVersion | None = None) -> list[Item]:
    """The items of an edition in their order, not saved and not yet tied to each other."""
    inherited: dict[str | None, Inherited] = {None: (_conditions(document.data), None)}
    items = []
    for position, node in enumerate(checks.nodes(document), 1):
        conditions, begin = inherited[node.parent]
        inherited[node.code] = (
            [*conditions, *_conditions(node.data)],
            node.data.get("applies_from", begin),
        )
        items.append(_item(version, position, node, *inherited[node.code]))
    return items


def _conditions(data: dict[str, Any]) -> list[dict[str, Any]]:
    """What an edition or an item itself asks of a provider to apply."""
    if "applies_when" not in data:
        return []
    return [{"when": data["applies_when"], "reason": data["applies_reason"]}]


def _item(
    version: FrameworkVersion | None,
    position: int,
    node: checks.Node,
    applies_when: list[dict[str, Any]],
    applies_from: str | None,
) -> Item:
    data = node.data
    return Item(
        version=version,
        is_section=data.get("section", False),
        inferred=data.get("inferred", False),
        position=position,
        depth=node.depth,
        applies_from=datetime.date.fromisoformat(applies_from) if applies_from else None,
        applies_when=applies_when,
        table=data.get("table"),
        found=data.get("found"),
        replaces=data.get("replaces"),
        evidence=data.get("evidence", []),
        options=data.get("options", []),
        criteria=data.get("criteria", []),
        **{name: data[name] for name in ("code", "kind", "filled_by", "title")},
        **{
            name: data.get(name, "")
            for name in ("text", "guidance", "good", "begin", "source_ref", "inferred_note", "unit")
        },
    )


def _draw_keys(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [Item._meta.db_table, count],
        )
        return [key for (key,) in cursor.fetchall()]


def _signal(version: FrameworkVersion, item: Item, data: dict[str, Any], position: int) -> Signal:
    return Signal(
        version=version,
        item=item,
        position=position,
        condition=data["when"],
        source_ref=data.get("source_ref", ""),
        inferred=data.get("inferred", False),
        **{name: data[name] for name in ("code", "title", "text", "advice")},
    )
