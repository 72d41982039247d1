"""What changed between two versions of a report, passage by passage and word by word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format

from assessments import permissions, report_text
from assessments.models import ConceptVersion, Visit
from norms import comparing
from providers.actor import Actor

# The text as it stands now, beside the frozen versions.
NOW = "nu"


@dataclass(frozen=True)
class Edition:
    """Something that can be compared: a frozen version, or (to the inspectorate) the text of now."""

    name: str
    label: str
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """A passage whose text differs; `pieces` run through both texts. Levels differ for a judgement only."""

    title: str
    pieces: Sequence[comparing.Piece] = ()
    before: str = ""
    after: str = ""

    @property
    def is_judgement(self) -> bool:
        return not self.pieces


@dataclass(frozen=True)
class Part:
    """A heading of the report with what changed under it."""

    title: str
    changes: Sequence[Change]


def comparable(visit: Visit, actor: Actor) -> list[Edition]:
    """What the actor may compare, oldest first: the provider what it received and what was settled.

    A concept that it did not open yet is no part of this: its term begins with reading it.
    """
    inside = actor.has(*permissions.INSPECTION)
    if not inside and visit.status not in Visit.SHARED:
        return []
    versions = ConceptVersion.objects.filter(visit=visit).order_by("created_at", "pk")
    shown = versions if inside else versions.received()
    editions = [Edition(row.version, _label(row), row.content) for row in shown]
    if inside and editions and visit.status in (*Visit.WRITING, Visit.Status.PROCESSED):
        content = report_text.report_content(visit, ConceptVersion.Kind.CONCEPT, "")
        editions.append(Edition(NOW, "De tekst van nu", content))
    return editions


def _label(version: ConceptVersion) -> str:
    return f"{version} van {date_format(version.created_at, 'j F Y')}"


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Part]:
    """What differs between two contents, under the headings of the new one; what is gone comes last."""
    first, second = _texts(old), _texts(new)
    parts: dict[str, list[Change]] = {}
    for part, level in _levels(new).items():
        before = _levels(old).get(part, "")
        if before != level:
            parts.setdefault(part, []).append(Change("Oordeel", before=before, after=level))
    for place in [*second, *(place for place in first if place not in second)]:
        was, now = first.get(place, ""), second.get(place, "")
        if was != now:
            change = Change(place[1], comparing.word_diff(was, now))
            parts.setdefault(place[0], []).append(change)
    order = dict.fromkeys(["", *_levels(new), *_levels(old)])
    return [Part(title, parts[title]) for title in order if title in parts]


def _texts(content: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """The text of each passage, by its heading and its own name."""
    texts = {(place["part"], place["key"]): place["text"] for place in report_text.passages_of(content)}
    for item in content["items"]:
        due = [row for row in content["actions"] if row["item"] == item["code"] and row["due_on"]]
        if due:
            place = (f"{item['code']} {item['title']}", f"{item['code']} moet beter")
            texts[place] = "\n".join([texts.get(place, ""), f"Uiterlijk {_day(due[0]['due_on'])}"])
    if content["documents"]:
        texts["", "Geraadpleegde documenten"] = "\n".join(row["title"] for row in content["documents"])
    return texts


def _day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "j F Y")


def _levels(content: Mapping[str, Any]) -> dict[str, str]:
    return {f"{item['code']} {item['title']}": item["level"] for item in content["items"]}
