"""A better version of a settled report beside the old one: its frozen text with corrected passages."""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments import permissions, report_text
from assessments.canonical import canonical_json, sha256_hex
from assessments.errors import WrongState
from assessments.models import ConceptVersion, CorrectedPlace, Correction, ImprovementAction, Visit
from assessments.values import clean_text
from norms import comparing
from providers import audit
from providers.actor import Actor

S = Visit.Status
# Once it is decided that the report becomes public, and as long as it may be.
CORRECTABLE = (S.DECIDED, S.SUSPENDED, S.PUBLISHED)
GENERAL = {
    "In het kort": "summary",
    "Aanleiding": "occasion",
    "De aanbieder": "provider_text",
    "Werkwijze": "method",
    "Wat er nu gebeurt": "next_steps",
}
POINTS = {"gaat goed": "good", "kan beter": "better", "moet beter": "must"}


@dataclass(frozen=True)
class Place:
    """A passage of the report as it was settled, and what it becomes (None: it stays)."""

    key: str
    part: str
    before: str
    after: CorrectedPlace | None

    @property
    def pieces(self) -> Sequence[comparing.Piece]:
        """Both texts as one, with what went and what came."""
        return comparing.word_diff(self.before, self.after.text if self.after else self.before)


def settled(visit: Visit) -> ConceptVersion:
    """The newest settled version."""
    return visit.versions.filter(kind=ConceptVersion.Kind.FINAL).latest("created_at", "pk")


def open_correction(visit: Visit) -> Correction | None:
    return visit.corrections.open().select_related("corrects", "begun_by").first()


def places(correction: Correction) -> list[Place]:
    """All passages that can be corrected, in the order of the report."""
    changed = {row.place: row for row in correction.places.all()}
    return [
        Place(row["key"], row["part"], row["text"], changed.get(row["key"]))
        for row in report_text.passages_of(correction.corrects.content)
    ]


@transaction.atomic
def begin(visit_id: int, reason: str, *, by: Actor) -> Correction:
    """Start a correction of the newest settled version; the one that is open already comes back."""
    visit = _locked(visit_id, by)
    if known := open_correction(visit):
        return known
    reason = clean_text(reason)
    if not reason:
        raise ValidationError("Schrijf waarom er een verbeterde versie komt.")
    correction = Correction.objects.create(
        organisation_id=visit.organisation_id,
        visit=visit,
        corrects=settled(visit),
        reason=reason,
        begun_by=by.person,
    )
    audit.record("correction_begun", by=by, obj=correction)
    return correction


def _locked(visit_id: int, by: Actor) -> Visit:
    visit = Visit.objects.select_for_update(no_key=True).get(pk=visit_id)
    if not permissions.can_record(by, visit):
        raise PermissionDenied
    if visit.status not in CORRECTABLE:
        raise WrongState(visit.get_status_display())
    return visit


def _open(visit: Visit) -> Correction:
    correction = open_correction(visit)
    if correction is None:
        raise WrongState("geen verbetering open")
    return correction


class StalePlace(Exception):
    """A colleague changed this passage in between; `current` is its text now. Nothing was written."""

    def __init__(self, current: str) -> None:
        self.current = current


@transaction.atomic
def write(visit_id: int, key: str, text: str, *, seen: str, by: Actor) -> None:
    """Give a passage its new text; the text of the settled version takes the change back.

    `seen` is the text that it replaces. Raises PermissionDenied, WrongState, ValidationError or StalePlace.
    """
    correction = _open(_locked(visit_id, by))
    place = next((row for row in places(correction) if row.key == key), None)
    if place is None:
        raise ValidationError("Deze passage staat niet in het rapport.")
    text = clean_text(text)
    if not text:
        raise ValidationError("Schrijf wat er moet staan.")
    current = place.after.text if place.after else place.before
    if text == current:
        return
    if current != clean_text(seen):
        raise StalePlace(current)
    if key.endswith(" moet beter") and len(report_text.lines(text)) != len(report_text.lines(place.before)):
        raise ValidationError("Houd evenveel regels. Elk punt is een verbeteractie bij de aanbieder.")
    if text == place.before:
        correction.places.filter(place=key).delete()
        return
    CorrectedPlace.objects.update_or_create(
        correction=correction,
        place=key,
        defaults={"organisation_id": correction.organisation_id, "text": text, "by": by.person},
    )


@transaction.atomic
def drop(visit_id: int, *, by: Actor) -> None:
    """Leave the report as it is; what was written stays, and is part of nothing."""
    correction = _open(_locked(visit_id, by))
    correction.dropped_at = timezone.now()
    correction.save(update_fields=["dropped_at"])
    audit.record("correction_dropped", by=by, obj=correction)


# --- settling it, as a step of the visit


def is_offered(visit: Visit) -> bool:
    """Whether there is something to settle."""
    return open_correction(visit) is not None


def not_ready(visit: Visit, actor: Actor) -> str:
    correction = open_correction(visit)
    if correction is None:
        return "Er is geen verbetering om vast te stellen."
    if correction.begun_by == actor.user or correction.places.filter(by=actor.user).exists():
        return "U schreef zelf aan deze verbetering. Iemand anders stelt haar vast."
    return "" if correction.places.exists() else "Er is nog geen passage verbeterd."


def settle(visit: Visit, actor: Actor, note: str) -> dict[str, Any]:
    """Freeze the next version; what the provider has to do follows its words. In the step's transaction."""
    correction = _open(visit)
    content = content_of(correction)
    correction.version = ConceptVersion.objects.create(
        organisation_id=visit.organisation_id,
        visit=visit,
        version=content["version"],
        kind=ConceptVersion.Kind.FINAL,
        content=content,
        sha256=sha256_hex(canonical_json(content)),
        created_by=actor.person,
    )
    correction.save(update_fields=["version"])
    _follow(visit, content)
    return {"version": correction.version}


def content_of(correction: Correction) -> dict[str, Any]:
    """The settled content with the corrected passages, and what it says of itself."""
    before = correction.corrects
    texts = {row.place: row.text for row in correction.places.all()}
    content = rewritten(before.content, texts)
    today = timezone.localdate().isoformat()
    major, minor = before.version.split(".")
    content["version"] = f"{major}.{int(minor) + 1}"
    content["dates"]["settled_on"] = today
    content["correction"] = {
        "version": before.version,
        "sha256": before.sha256,
        "reason": correction.reason,
        "settled_on": today,
        "passages": list(texts),
    }
    return content


def rewritten(content: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    """A copy of a report's content in which these passages (by their place) read otherwise."""
    new: dict[str, Any] = copy.deepcopy(dict(content))
    writers = _writers(new)
    for key, text in texts.items():
        writers[key](text)
    return new


def _writers(content: dict[str, Any]) -> dict[str, Callable[[str], None]]:
    """For each place of report_text.passages_of what puts another text there."""
    found: dict[str, Callable[[str], None]] = {
        label: _setter(content, field) for label, field in GENERAL.items()
    }
    for item in content["items"]:
        for words, field in POINTS.items():
            found[f"{item['code']} {words}"] = _points_setter(content, item, field)
        for passage in [*item["findings"], *item["grounds"]]:
            found[passage["number"]] = _setter(passage, "text")
    return found


def _setter(row: dict[str, Any], field: str) -> Callable[[str], None]:
    def write(text: str) -> None:
        row[field] = text

    return write


def _points_setter(content: dict[str, Any], item: dict[str, Any], field: str) -> Callable[[str], None]:
    def write(text: str) -> None:
        before, item[field] = item[field], report_text.lines(text)
        if field != "must":
            return
        pairs = list(zip(before, item[field], strict=True))
        for action in content["actions"]:
            same = next((pair for pair in pairs if pair[0] == action["text"]), None)
            if action["item"] == item["code"] and same:
                pairs.remove(same)
                action["text"] = same[1]

    return write


def _follow(visit: Visit, content: dict[str, Any]) -> None:
    """What must be better reads the same at the provider."""
    asked = {action["number"]: action["text"] for action in content["actions"]}
    for point in ImprovementAction.objects.filter(visit=visit, point__in=asked):
        if point.demand != asked[point.point]:
            point.demand = asked[point.point]
            point.save(update_fields=["demand"])
