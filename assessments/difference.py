"""What changed between two handed-in revisions, question by question, for people to read."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from assessments import editions
from assessments.models import EvidenceRevision, Revision
from assessments.values import CHECKS, UNKNOWN
from norms import comparing
from norms.models import FrameworkVersion
from providers.actor import Actor
from wlzthuis.templatetags.thuispeil import day

Key = tuple[str, str]
UNNAMED = "een bewijsstuk"
LABELS = {**CHECKS, UNKNOWN: "Weet ik nog niet"}


@dataclass(frozen=True)
class Difference:
    """One question that was answered otherwise. Values are words; `levels` are codes of the scale."""

    code: str
    title: str
    framework: str
    is_judgement: bool
    before: str
    after: str
    text: list[comparing.Piece]
    added: list[str]
    removed: list[str]

    @property
    def has_new_value(self) -> bool:
        return self.before != self.after


def before_of(seen: QuerySet[Revision], revision: Revision) -> Revision | None:
    """The handed-in revision of the same year, of those that may be seen, that this one came after."""
    earlier = seen.filter(
        self_assessment=revision.self_assessment_id, status__in=Revision.HANDED_IN, number__lt=revision.number
    )
    return earlier.order_by("-number").first()


def readable_files(actor: Actor, revision: Revision) -> set[str]:
    """The sha256 of the provider's files that somebody may read: the name of a file tells something too."""
    files = EvidenceRevision.objects.visible_to(actor).filter(organisation=revision.organisation_id)
    return set(files.values_list("sha256", flat=True))


def compare(
    old: Mapping[str, Any], new: Mapping[str, Any], words: Callable[..., str], readable: Collection[str]
) -> list[Difference]:
    """The questions of two frozen contents whose answer, text or evidence differ, in the order of the new.

    Only `readable` files, by sha256, are named.
    """
    was, now = _by_key(old), _by_key(new)
    found = []
    for key in [*now, *(key for key in was if key not in now)]:
        first, second = was.get(key, EMPTY), now.get(key, EMPTY)
        change = _difference(first, second, now.get(key) or was[key], words, readable)
        if change:
            found.append(change)
    return found


EMPTY: dict[str, Any] = {"value": None, "text": "", "evidence": []}


def _by_key(content: Mapping[str, Any]) -> dict[Key, dict[str, Any]]:
    return {(answer["framework"], answer["item"]): answer for answer in content["answers"]}


def _difference(
    first: Mapping[str, Any],
    second: Mapping[str, Any],
    about: Mapping[str, Any],
    words: Callable[..., str],
    readable: Collection[str],
) -> Difference | None:
    files_then, files_now = _named(first["evidence"], readable), _named(second["evidence"], readable)
    has_text = first["text"] != second["text"]
    if first["value"] == second["value"] and not has_text and files_then.keys() == files_now.keys():
        return None
    is_judgement = about["kind"] == "judgement"
    return Difference(
        code=about["item"],
        title=about["title"],
        framework=about["framework"],
        is_judgement=is_judgement,
        before=(first["value"] or "") if is_judgement else words(about, first["value"]),
        after=(second["value"] or "") if is_judgement else words(about, second["value"]),
        text=comparing.word_diff(first["text"], second["text"]) if has_text else [],
        added=[name for digest, name in files_now.items() if digest not in files_then],
        removed=[name for digest, name in files_then.items() if digest not in files_now],
    )


def _named(files: Iterable[Mapping[str, str]], readable: Collection[str]) -> dict[str, str]:
    return {file["sha256"]: file["name"] if file["sha256"] in readable else UNNAMED for file in files}


class Words:
    """The words for stored values, from the editions of a content."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        named = {(row["framework"], row["edition"]) for row in content["editions"]}
        chosen = FrameworkVersion.objects.select_related("framework").filter(
            framework__code__in={code for code, _ in named}
        )
        self.items = {
            (version.framework.code, item.code): item
            for version in chosen
            if (version.framework.code, version.edition) in named
            for item in editions.contents(version.pk).items
        }

    def __call__(self, answer: Mapping[str, Any], value: Any) -> str:
        """A value as a person would say it; a table as a line for each row."""
        item = self.items.get((answer["framework"], answer["item"]))
        if value is None:
            return "Nog niet beantwoord"
        if isinstance(value, list):
            return "\n".join(self._row((item.table or {}) if item else {}, row) for row in value)
        options = {option["code"]: option["label"] for option in item.options} if item else {}
        words = str(LABELS.get(value) or options.get(value) or day(value))
        return f"{words} {item.counted_in}".strip() if item and value != UNKNOWN else words

    @staticmethod
    def _row(table: Mapping[str, Any], row: Mapping[str, str]) -> str:
        rows = {one["code"]: one["label"] for one in table.get("rows") or []}
        cells = []
        for column in table.get("columns", []):
            cell = row.get(column["code"])
            options = {option["code"]: option["label"] for option in column.get("options", [])}
            if cell:
                cells.append(f"{column['label']}: {CHECKS.get(cell) or options.get(cell) or day(cell)}")
        name = rows.get(row.get("row", ""), f"Regel {row.get('row', '')}")
        return f"{name}. {', '.join(cells)}"
