"""Saving mapping files, once the editions that they are about are stored."""

import dataclasses

from django.db.models import Q

from norms import mapping_checks
from norms.files import Document, NormFileError
from norms.mapping_checks import Asked, Decision, Edition
from norms.models import Item, ItemMapping


def save(documents: list[Document]) -> dict[str, tuple[bool, bool]]:
    """Per file whether it is new and whether it was changed. Raises NormFileError; then nothing was saved."""
    if not documents:
        return {}
    known = _known({edition for document in documents for edition in mapping_checks.editions(document)})
    asked = {key: {code: ask for code, (_, ask) in items.items()} for key, items in known.items()}
    stored = _stored()
    pairs = {frozenset(mapping_checks.editions(document)) for document in documents}
    others = [decision for key, found in stored.items() if key not in pairs for decision in found]
    if problems := mapping_checks.problems(documents, asked, others):
        raise NormFileError(problems)
    outcomes = {}
    for document in documents:
        decided = mapping_checks.decisions(document)
        before = stored.get(frozenset(mapping_checks.editions(document)), [])
        is_changed = {_bare(decision) for decision in decided} != {_bare(decision) for decision in before}
        outcomes[document.file] = not before, is_changed
        if is_changed:
            _replace(document, decided, known)
    return outcomes


def _bare(decision: Decision) -> Decision:
    return dataclasses.replace(decision, at=None)


def _replace(
    document: Document, decided: list[Decision], known: dict[Edition, dict[str, tuple[int, Asked]]]
) -> None:
    first, second = (
        Q(version__framework__code=code, version__edition=edition)
        for code, edition in mapping_checks.editions(document)
    )
    one, other = Item.objects.filter(first).values("pk"), Item.objects.filter(second).values("pk")
    ItemMapping.objects.filter(
        Q(item_a__in=one, item_b__in=other) | Q(item_a__in=other, item_b__in=one)
    ).delete()
    ItemMapping.objects.bulk_create(
        ItemMapping(
            item_a_id=known[decision.first[0]][decision.first[1]][0],
            item_b_id=known[decision.second[0]][decision.second[1]][0],
            kind=decision.kind,
            reason=decision.reason,
            source=document.file,
        )
        for decision in decided
    )


def _known(editions: set[Edition]) -> dict[Edition, dict[str, tuple[int, Asked]]]:
    """The stored items of these editions by code, with what they ask."""
    known: dict[Edition, dict[str, tuple[int, Asked]]] = {}
    items = Item.objects.filter(version__framework__code__in={code for code, _ in editions}).values(
        "pk",
        "code",
        "kind",
        "filled_by",
        "unit",
        "options",
        "table",
        "version__edition",
        "version__framework__code",
        "version__scale__code",
    )
    for item in items:
        key = item["version__framework__code"], item["version__edition"]
        if key in editions:
            asked = mapping_checks.asked({**item, "unit": item["unit"] or None}, item["version__scale__code"])
            known.setdefault(key, {})[item["code"]] = item["pk"], asked
    return known


def _stored() -> dict[frozenset[Edition], list[Decision]]:
    """What is decided already, by the two editions that it is about."""
    found: dict[frozenset[Edition], list[Decision]] = {}
    rows = ItemMapping.objects.values_list(
        "item_a__version__framework__code",
        "item_a__version__edition",
        "item_a__code",
        "item_b__version__framework__code",
        "item_b__version__edition",
        "item_b__code",
        "kind",
        "reason",
    )
    for framework_a, edition_a, code_a, framework_b, edition_b, code_b, kind, reason in rows:
        first, second = (framework_a, edition_a), (framework_b, edition_b)
        decision = Decision((first, code_a), (second, code_b), kind, reason)
        found.setdefault(frozenset((first, second)), []).append(decision)
    return found
