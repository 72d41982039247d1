"""The one way in which findings and judgements change: edits per field, with the version they replace.

A browser, a form without JavaScript and later an offline device all send the same edits.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from assessments.errors import WrongState
from assessments.models import FieldEdit, Finding, Judgement, Visit
from assessments.permissions import can_record
from assessments.values import clean_text
from norms.models import Item
from providers.actor import Actor

FINDING, JUDGEMENT = "finding", "judgement"


@dataclass(frozen=True)
class Edit:
    """A change of one field, as a client sends it. `item_id` and `common` name a judgement's place."""

    id: uuid.UUID
    kind: str
    object_id: uuid.UUID
    field: str
    base_version: int
    value: Any
    item_id: int | None = None
    common: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of an edit: saved, repeated (known id), same (no change), or conflict (not written)."""

    edit: Edit
    result: str
    version: int
    current: Any = None
    other_author: str = ""


@transaction.atomic
def apply_edits(visit_id: int, edits: Sequence[Edit], *, by: Actor, device: str = "") -> list[Outcome]:
    """Write the edits of a team member. Raises PermissionDenied, WrongState or ValidationError.

    A conflict leaves the stored value as it is and reports it; the other edits are written.
    While the provider's reaction is handled, what the concept holds can be corrected, but the numbers
    of its passages stay: nothing new, and no finding moves to another item.
    """
    visit = Visit.objects.select_for_update(no_key=True).get(pk=visit_id)
    if not can_record(by, visit):
        raise PermissionDenied
    if visit.status not in Visit.CORRECTING:
        raise WrongState(visit.get_status_display())
    known = dict(FieldEdit.objects.filter(pk__in=[edit.id for edit in edits]).values_list("pk", "value"))
    rows: dict[Any, Finding | Judgement] = {}  # most edits of a batch are about the same few rows
    outcomes = []
    for edit in edits:
        row = (edit.kind, edit.object_id if edit.kind == FINDING else (edit.item_id, edit.common))
        if row not in rows:
            rows[row] = _target(visit, edit, by)
        outcomes.append(_apply(visit, rows[row], edit, known, by, device))
    return outcomes


def _apply(
    visit: Visit,
    target: Finding | Judgement,
    edit: Edit,
    known: dict[uuid.UUID, Any],
    by: Actor,
    device: str,
) -> Outcome:
    _known_field(edit, target.FIELDS)
    version = target.versions.get(edit.field, 0)
    try:
        value = _clean(visit, target, edit.field, edit.value)
    except ValidationError as error:
        raise ValidationError({edit.field: error.messages}) from None
    # A page that the back button brought has its old ids; with another value it is no repeat.
    if edit.id in known and known[edit.id] == value:
        return Outcome(edit, "repeated", version)
    current = _current(target, edit.field) if version else None
    if version and (current == value or _untouched(target, edit, value)):
        return Outcome(edit, "same", version)
    if visit.status == Visit.Status.REACTED and (target._state.adding or edit.field == "items"):
        raise ValidationError("Het concept is verstuurd. U kunt verbeteren wat er staat, niets toevoegen.")
    if version != edit.base_version:
        return Outcome(edit, "conflict", version, current, _last_author(target, edit.field))
    target.versions[edit.field] = version + 1
    _store(target, edit.field, value)
    FieldEdit.objects.create(
        id=uuid.uuid4() if edit.id in known else edit.id,
        organisation_id=visit.organisation_id,
        visit=visit,
        kind=edit.kind,
        object_id=target.pk,
        field=edit.field,
        base_version=edit.base_version,
        version=version + 1,
        value=value,
        device=device[:40],
        author=by.person,
    )
    return Outcome(edit, "saved", version + 1)


def _untouched(target: Finding | Judgement, edit: Edit, value: Any) -> bool:
    """A form sends all its fields; one that still holds what was shown overwrites nobody's newer value."""
    shown = FieldEdit.objects.filter(object_id=target.pk, field=edit.field, version=edit.base_version).first()
    return shown is not None and shown.value == value


def _target(visit: Visit, edit: Edit, by: Actor) -> Finding | Judgement:
    """The row that an edit is about, new when it is not there yet."""
    if edit.kind == FINDING:
        found = Finding.objects.filter(pk=edit.object_id).first()
        if found and found.visit_id != visit.pk:
            raise PermissionDenied
        return found or Finding(
            pk=edit.object_id, visit=visit, organisation_id=visit.organisation_id, author=by.person
        )
    if edit.kind == JUDGEMENT:
        author = None if edit.common else by.person
        existing = Judgement.objects.filter(visit=visit, item=edit.item_id, author=author).first()
        if existing:
            return existing
        item = Item.objects.filter(
            pk=edit.item_id or 0,
            version__in=visit.editions.all(),
            filled_by__contains=[Item.Filler.INSPECTORATE],
        ).first()
        if item is None:
            raise ValidationError("Dit criterium hoort niet bij dit bezoek.")
        if Judgement.objects.filter(pk=edit.object_id).exists():
            raise PermissionDenied
        return Judgement(
            pk=edit.object_id, visit=visit, organisation_id=visit.organisation_id, item=item, author=author
        )
    raise ValidationError("Deze wijziging is niet te lezen.")


def _known_field(edit: Edit, fields: Sequence[str]) -> None:
    if edit.field not in fields:
        raise ValidationError("Deze wijziging is niet te lezen.")


def _clean(visit: Visit, target: Any, field: str, value: Any) -> Any:
    if field in ("text", "reason"):
        return _clean_prose(field, value)
    if field == "source":
        if value not in Finding.Source.values:
            raise ValidationError("Kies waar de bevinding vandaan komt.")
        return value
    if field == "level":
        levels = target.item.version.scale.levels.filter(for_inspectorate=True)
        if not levels.filter(code=value).exists():
            raise ValidationError("Kies een oordeel.")
        return value
    if field == "items":
        allowed = Item.objects.filter(version__in=visit.editions.all(), pk__in=_keys(value, int)).values_list(
            "pk", flat=True
        )
        if not allowed:
            raise ValidationError("Kies bij welk criterium de bevinding hoort.")
        return sorted(allowed)
    cited = Finding.objects.filter(visit=visit, pk__in=_keys(value, uuid.UUID))
    return sorted(str(pk) for pk in cited.values_list("pk", flat=True))


def _keys(value: Any, kind: Callable[[str], Any]) -> list[Any]:
    """Primary keys from what a client sent."""
    try:
        if isinstance(value, list):
            return [kind(str(key)) for key in value]
    except ValueError:
        pass
    raise ValidationError("Deze wijziging is niet te lezen.")


def _clean_prose(field: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ValidationError("Deze wijziging is niet te lezen.")
    text = clean_text(value)
    if field == "text" and not text:
        raise ValidationError("Schrijf op wat u hoorde of zag.")
    return text


def _current(target: Any, field: str) -> Any:
    if field == "items":
        return sorted(target.items.values_list("pk", flat=True))
    if field == "findings":
        return sorted(str(pk) for pk in target.findings.values_list("pk", flat=True))
    return getattr(target, field)


def _store(target: Any, field: str, value: Any) -> None:
    if field not in ("items", "findings"):
        setattr(target, field, value)
    target.save()
    if field in ("items", "findings"):
        getattr(target, field).set(value)


def _last_author(target: Finding | Judgement, field: str) -> str:
    edit = (
        FieldEdit.objects.filter(object_id=target.pk, field=field)
        .select_related("author")
        .order_by("-version")
        .first()
    )
    return edit.author.name if edit else ""
