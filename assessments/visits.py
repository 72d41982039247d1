"""How many talks, records and documents a visit had, as the team counts them."""

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assessments import field_edits, permissions
from assessments.errors import WrongState
from assessments.models import Visit
from providers.actor import Actor

COUNTS = field_edits.Counts.FIELDS


class StaleCounts(Exception):
    """A colleague counted differently in between; `current` holds the numbers of those fields."""

    def __init__(self, current: dict[str, int]) -> None:
        self.current = current


@transaction.atomic
def save_counts(visit_id: int, counts: dict[str, int], seen: dict[str, int], *, by: Actor) -> None:
    """How many talks, records, homes and documents; only numbers that differ from those seen are written."""
    visit = Visit.objects.select_for_update(no_key=True).get(pk=visit_id)
    if not permissions.can_record(by, visit):
        raise PermissionDenied
    if visit.status not in Visit.CORRECTING:
        raise WrongState(visit.get_status_display())
    changed = {name: counts[name] for name in COUNTS if counts[name] != seen[name]}
    stale = {
        name: getattr(visit, name)
        for name in changed
        if getattr(visit, name) not in (seen[name], changed[name])
    }
    if stale:
        raise StaleCounts(stale)
    key = field_edits.counts_key(visit.pk)
    edits = [
        field_edits.Edit(
            uuid.uuid4(), field_edits.COUNTS, key, name, visit.count_versions.get(name, 0), number
        )
        for name, number in changed.items()
    ]
    field_edits.apply_edits(visit.pk, edits, by=by)
