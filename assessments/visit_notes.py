"""What a team notes for itself on an item of a visit, or on the visit as a whole; every version is kept.

Never the provider's to read, and never part of the report.
"""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from assessments import permissions, report_text
from assessments.errors import WrongState
from assessments.models import Visit, VisitNote
from assessments.values import clean_text
from providers.actor import Actor

S = Visit.Status
# Until the report lies with who settles it.
NOTING = (S.PLANNED, S.CONDUCTED, S.DRAFTING, S.AT_PROVIDER, S.REACTED)


class StaleNote(Exception):
    """A colleague wrote in between; `current` is the newest version. Nothing was written."""

    def __init__(self, current: VisitNote) -> None:
        self.current = current


def newest(visit: Visit) -> dict[int | None, VisitNote]:
    """The note on each item that has one; None stands for the visit as a whole."""
    found = (
        VisitNote.objects.filter(visit=visit)
        .select_related("author")
        .order_by("item_id", "-version")
        .distinct("item_id")
    )
    return {note.item_id: note for note in found}


@transaction.atomic
def save(
    visit_id: int, item_id: int | None, text: str, base_version: int, key: uuid.UUID, *, by: Actor
) -> VisitNote | None:
    """Write a version of a note, in place of `base_version` (0: none). What is sent twice is kept once.

    An unchanged text writes nothing; None while there is no note. Raises PermissionDenied, WrongState,
    ValidationError or StaleNote.
    """
    visit = Visit.objects.select_for_update(no_key=True, of=("self",)).get(pk=visit_id)
    if not permissions.can_record(by, visit):
        raise PermissionDenied
    if visit.status not in NOTING:
        raise WrongState(visit.get_status_display())
    if item_id and item_id not in {item.pk for item in report_text.judged_items(visit)}:
        raise ValidationError("Dit onderdeel hoort niet bij dit bezoek.")
    text = clean_text(text)
    versions = VisitNote.objects.filter(visit=visit, item=item_id)
    current = versions.select_related("author").order_by("version").last()
    if text == (current.text if current else ""):
        return current
    if versions.filter(pk=key, text=text).exists():
        return current
    if current and current.version != base_version:
        raise StaleNote(current)
    return VisitNote.objects.create(
        # A page that the back button brought has its old key; another text under it is a new version.
        id=uuid.uuid4() if VisitNote.objects.filter(pk=key).exists() else key,
        organisation_id=visit.organisation_id,
        visit=visit,
        item_id=item_id,
        version=current.version + 1 if current else 1,
        text=text,
        author=by.person,
    )
