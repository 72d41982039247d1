"""The one way in which findings, judgements and counts change: edits per field, with the version replaced.

A browser, a form without JavaScript and a device that was offline all send the same edits.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from assessments import judging, visit_notes
from assessments.errors import WrongState
from assessments.models import FieldEdit, Finding, Judgement, Visit, VisitNote
from assessments.permissions import can_record
from assessments.values import CHECKS, clean_text
from norms.models import Item
from providers.actor import Actor

FINDING, JUDGEMENT, COUNTS, NOTE = "finding", "judgement", "counts", "note"
HIGHEST_COUNT = 999
UNREADABLE = "Deze wijziging is niet te lezen."


@dataclass(frozen=True)
class Edit:
    """A change of one field, as a client sends it. `item_id` and `common` name a judgement's place.

    An edit that was made on top of an earlier one of the same client names that one in `after`; its version
    then counts as the base. `read` is the version of a finding's text that was read when it was removed.
    """

    id: uuid.UUID
    kind: str
    object_id: uuid.UUID
    field: str
    base_version: int
    value: Any
    item_id: int | None = None
    common: bool = False
    after: uuid.UUID | None = None
    read: int | None = None
    made_at: datetime | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of an edit: saved, repeated (known id), same (no change); not written: conflict or refused.

    `version` is the one that the edit got, or on a conflict the one that stands. `message` is for people.
    """

    edit: Edit
    result: str
    version: int
    current: Any = None
    other_author: str = ""
    other_at: datetime | None = None
    message: str = ""


class Counts:
    """The numbers of a visit, as something that field edits can be about.

    Home visits are none of these: their number follows from the consents (assessments.home_visits).
    """

    FIELDS = ("interviews", "records", "documents")

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.pk = counts_key(visit.pk)
        self.versions = visit.count_versions


Target = Finding | Judgement | Counts


def counts_key(visit_id: int) -> uuid.UUID:
    """What stands for a visit's counts in the log of edits."""
    return uuid.UUID(int=visit_id)


@transaction.atomic
def apply_edits(visit_id: int, edits: Sequence[Edit], *, by: Actor, device: str = "") -> list[Outcome]:
    """Write the edits of a team member. Raises PermissionDenied, WrongState or ValidationError.

    A conflict leaves the stored value as it is and reports it; the other edits are written.
    While the provider's reaction is handled, what the concept holds can be corrected, but the numbers
    of its passages stay: nothing new, nothing removed, and no finding moves to another item.
    """
    batch = _Batch(visit_id, edits, by, device)
    outcomes = [batch.apply(edit) for edit in edits]
    batch.open_what_all_judged()
    return outcomes


@transaction.atomic
def apply_each(visit_id: int, edits: Sequence[Edit], *, by: Actor, device: str = "") -> list[Outcome]:
    """The same, but what is wrong with one edit refuses that one alone.

    Raises PermissionDenied or WrongState.
    """
    batch = _Batch(visit_id, edits, by, device)
    outcomes = []
    for edit in edits:
        try:
            with transaction.atomic():
                outcomes.append(batch.apply(edit))
        except ValidationError as error:
            outcomes.append(Outcome(edit, "refused", 0, message=" ".join(error.messages)))
        except (PermissionDenied, DatabaseError, UnicodeError):
            outcomes.append(Outcome(edit, "refused", 0, message=UNREADABLE))
    batch.open_what_all_judged()
    return outcomes


class _Batch:
    """The edits that one client sends at once, under the lock of their visit."""

    def __init__(self, visit_id: int, edits: Sequence[Edit], by: Actor, device: str) -> None:
        self.visit = Visit.objects.select_for_update(no_key=True).get(pk=visit_id)
        if not can_record(by, self.visit):
            raise PermissionDenied
        if self.visit.status not in Visit.CORRECTING:
            raise WrongState(self.visit.get_status_display())
        self.by, self.device = by, device[:40]
        named = {key for edit in edits for key in (edit.id, edit.after) if key}
        rows = FieldEdit.objects.filter(pk__in=named, visit=self.visit).values_list("pk", "value", "version")
        self.known = {pk: (value, version) for pk, value, version in rows}
        self.gave = {pk: version for pk, (_, version) in self.known.items()}
        self.gave |= dict(
            VisitNote.objects.filter(pk__in=named, visit=self.visit).values_list("pk", "version")
        )
        self.rows: dict[Any, Target] = {}  # most edits of a batch are about the same few rows
        self.judged: set[int] = set()

    @cached_property
    def places(self) -> dict[int, int]:
        """What can be judged at this visit: item or deelvraag -> the item that is opened for both."""
        return judging.places(self.visit)

    def apply(self, edit: Edit) -> Outcome:
        outcome = self._note(edit) if edit.kind == NOTE else self._field(edit)
        if outcome.result in ("saved", "repeated", "same"):
            self.gave[edit.id] = outcome.version
        return outcome

    def _note(self, edit: Edit) -> Outcome:
        """A note of the team, which keeps versions of its own."""
        if edit.field != "text" or not isinstance(edit.value, str):
            raise ValidationError(UNREADABLE)
        if edit.id in self.gave:
            return Outcome(edit, "repeated", self.gave[edit.id])
        base = self._base(edit)
        try:
            note = visit_notes.save(self.visit.pk, edit.item_id, edit.value, base, edit.id, by=self.by)
        except visit_notes.StaleNote as stale:
            now = stale.current
            return Outcome(edit, "conflict", now.version, now.text, now.author.name, now.at)
        is_new = note is not None and note.pk == edit.id
        return Outcome(edit, "saved" if is_new else "same", note.version if note else 0)

    def _field(self, edit: Edit) -> Outcome:
        row = (edit.kind, edit.object_id if edit.kind == FINDING else (edit.item_id, edit.common))
        target = self.rows.pop(row, None) or self._target(edit)  # comes back only when all went well
        outcome = self._write(target, edit)
        self.rows[row] = target
        return outcome

    def open_what_all_judged(self) -> None:
        if self.judged:
            judging.open_what_all_judged(self.visit, self.judged)

    def _write(self, target: Target, edit: Edit) -> Outcome:
        if edit.field not in target.FIELDS:
            raise ValidationError(UNREADABLE)
        version = target.versions.get(edit.field, 0)
        try:
            value = self._clean(target, edit.field, edit.value)
        except ValidationError as error:
            raise ValidationError({edit.field: error.messages}) from None
        # A page that the back button brought has its old ids; with another value it is no repeat.
        if edit.id in self.known and self.known[edit.id][0] == value:
            return Outcome(edit, "repeated", self.known[edit.id][1])
        current = _current(target, edit.field) if version else None
        if version and current == value:
            return Outcome(edit, "same", version)
        if version and _untouched(target, edit, value):
            # What is made on top of it did not see the newer value.
            return Outcome(edit, "same", edit.base_version)
        self._refuse_additions(target, edit)
        if version != self._base(edit):
            return self._conflict(target, edit, edit.field, current)
        if edit.read is not None and value is True and edit.read < target.versions.get("text", 0):
            # Who removes a text has read it.
            return self._conflict(target, edit, "text", _current(target, "text"))
        target.versions[edit.field] = version + 1
        _store(target, edit.field, value)
        self._log(target, edit, value, version + 1)
        if edit.kind == JUDGEMENT and not edit.common and edit.field == "level":
            self.judged.add(target.item_id)  # type: ignore[union-attr]
        removed = isinstance(target, Finding) and target.removed and edit.field != "removed"
        message = "Een collega heeft deze bevinding intussen verwijderd." if removed else ""
        return Outcome(edit, "saved", version + 1, message=message)

    def _log(self, target: Target, edit: Edit, value: Any, version: int) -> None:
        FieldEdit.objects.create(
            id=uuid.uuid4() if edit.id in self.known else edit.id,
            organisation_id=self.visit.organisation_id,
            visit=self.visit,
            kind=edit.kind,
            object_id=target.pk,
            field=edit.field,
            base_version=version - 1,
            version=version,
            value=value,
            device=self.device,
            made_at=edit.made_at,
            author=self.by.person,
        )
        self.known[edit.id] = (value, version)

    def _base(self, edit: Edit) -> int:
        """The version that was seen. What followed an edit that was not written has seen none."""
        return self.gave.get(edit.after, -1) if edit.after else edit.base_version

    def _conflict(self, target: Target, edit: Edit, field: str, current: Any) -> Outcome:
        last = (
            FieldEdit.objects.filter(object_id=target.pk, field=field)
            .select_related("author")
            .order_by("-version")
            .first()
        )
        author, at = (last.author.name, last.at) if last else ("", None)
        return Outcome(edit, "conflict", target.versions.get(edit.field, 0), current, author, at)

    def _refuse_additions(self, target: Target, edit: Edit) -> None:
        if self.visit.status != Visit.Status.REACTED or isinstance(target, Counts):
            return
        if target._state.adding or edit.field in ("items", "removed"):
            raise ValidationError(
                "Het concept is verstuurd. U kunt verbeteren wat er staat, niets toevoegen."
            )

    def _target(self, edit: Edit) -> Target:
        """The row that an edit is about, new when it is not there yet."""
        if edit.kind == FINDING:
            return self._finding(edit)
        if edit.kind == JUDGEMENT:
            return self._judgement(edit)
        if edit.kind == COUNTS:
            return Counts(self.visit)
        raise ValidationError(UNREADABLE)

    def _finding(self, edit: Edit) -> Finding:
        found = Finding.objects.filter(pk=edit.object_id).first()
        if found and found.visit_id != self.visit.pk:
            raise PermissionDenied
        return found or Finding(
            pk=edit.object_id,
            visit=self.visit,
            organisation_id=self.visit.organisation_id,
            author=self.by.person,
        )

    def _judgement(self, edit: Edit) -> Judgement:
        author = None if edit.common else self.by.person
        existing = Judgement.objects.filter(visit=self.visit, item=edit.item_id, author=author).first()
        if existing:
            return existing
        item_id = edit.item_id or 0
        place = self.places.get(item_id)
        if place is None:
            raise ValidationError("Dit criterium hoort niet bij dit bezoek.")
        if Judgement.objects.filter(pk=edit.object_id).exists():
            raise PermissionDenied
        apart = judging.is_apart(self.visit, place)
        if apart and edit.common:
            raise ValidationError(
                "Eerst oordeelt ieder van het team apart. Daarna legt u het gezamenlijke oordeel vast."
            )
        return Judgement(
            pk=edit.object_id,
            visit=self.visit,
            organisation_id=self.visit.organisation_id,
            item=Item.objects.select_related("version__scale").get(pk=item_id),
            author=author,
            apart=apart,
        )

    def _clean(self, target: Any, field: str, value: Any) -> Any:
        if field in ("text", "reason"):
            return _clean_prose(field, value)
        if field == "level":
            return _clean_level(target.item, value)
        if field == "source" and value not in Finding.Source.values:
            raise ValidationError("Kies waar de bevinding vandaan komt.")
        if field in Counts.FIELDS:
            return _clean_count(value)
        if field == "items":
            return self._clean_items(value)
        if field == "findings":
            cited = Finding.objects.filter(visit=self.visit, pk__in=_keys(value, uuid.UUID))
            return sorted(str(pk) for pk in cited.values_list("pk", flat=True))
        if field == "removed" and not isinstance(value, bool):
            raise ValidationError(UNREADABLE)
        return value

    def _clean_items(self, value: Any) -> list[int]:
        items = Item.objects.filter(version__in=self.visit.editions.all(), pk__in=_keys(value, int))
        allowed = sorted(items.values_list("pk", flat=True))
        if not allowed:
            raise ValidationError("Kies bij welk criterium de bevinding hoort.")
        return allowed


def _untouched(target: Target, edit: Edit, value: Any) -> bool:
    """A form sends all its fields; one that still holds what was shown overwrites nobody's newer value."""
    shown = FieldEdit.objects.filter(object_id=target.pk, field=edit.field, version=edit.base_version).first()
    return edit.after is None and shown is not None and shown.value == value


def _clean_level(item: Item, value: Any) -> str:
    if item.kind == Item.Kind.CHECK:
        # '' takes an answer back.
        if value not in ("", *CHECKS):
            raise ValidationError("Kies ja, deels of nee.")
        return str(value)
    levels = item.version.scale.levels.filter(for_inspectorate=True)
    if not isinstance(value, str) or not levels.filter(code=value).exists():
        raise ValidationError("Kies een oordeel.")
    return value


def _clean_count(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= HIGHEST_COUNT:
        raise ValidationError(f"Vul een heel getal in van 0 tot en met {HIGHEST_COUNT}.")
    return value


def _keys(value: Any, kind: Callable[[str], Any]) -> list[Any]:
    """Primary keys from what a client sent."""
    try:
        if isinstance(value, list):
            return [kind(str(key)) for key in value]
    except ValueError:
        pass
    raise ValidationError(UNREADABLE)


def _clean_prose(field: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ValidationError(UNREADABLE)
    text = clean_text(value)
    if field == "text" and not text:
        raise ValidationError("Schrijf op wat u hoorde of zag.")
    return text


def _current(target: Any, field: str) -> Any:
    if field == "items":
        return sorted(target.items.values_list("pk", flat=True))
    if field == "findings":
        return sorted(str(pk) for pk in target.findings.values_list("pk", flat=True))
    return getattr(target.visit if isinstance(target, Counts) else target, field)


def _store(target: Target, field: str, value: Any) -> None:
    if isinstance(target, Counts):
        setattr(target.visit, field, value)
        target.visit.save(update_fields=[field, "count_versions"])
        return
    if field not in ("items", "findings"):
        setattr(target, field, value)
    target.save()
    if field in ("items", "findings"):
        getattr(target, field).set(value)
