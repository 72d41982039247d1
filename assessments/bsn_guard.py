"""What looks like a BSN in an account: warned of while typing, stopped before it is handed over.

Somebody who says that it is none, and why, may go on; that is kept for good.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assessments import bsn
from assessments.errors import WrongState
from assessments.models import Answer, BsnOverrule, EvidenceLink, Revision
from assessments.permissions import can_fill_in
from assessments.values import Value
from norms.models import Item
from providers import audit
from providers.actor import Actor


@dataclass(frozen=True)
class Finding:
    """One place; `key` names it and what was seen there, without the number."""

    key: str
    item: Item
    place: str
    masked: str


def text_of(value: Value, note: str) -> str:
    """All that a person typed in one answer, a line for each part."""
    cells = [cell for row in value for cell in row.values()] if isinstance(value, list) else [value or ""]
    return "\n".join([*cells, note])


def findings(revision: Revision) -> list[Finding]:
    """Every place in a revision that looks like a BSN and was not said to be none; in three queries."""
    said = {key for keys in revision.bsn_overrules.values_list("keys", flat=True) for key in keys}
    return [found for found in _all(revision) if found.key not in said]


def _all(revision: Revision) -> Iterator[Finding]:
    # A linked answer mirrors its source: one place.
    answers = Answer.objects.filter(revision=revision, linked_to=None).select_related("item")
    for answer in answers.order_by("item__version__step", "item__position"):
        for masked in bsn.find(text_of(answer.value, answer.text)):
            yield Finding(f"answer-{answer.item_id}-{masked}", answer.item, "in uw antwoord", masked)
    links = EvidenceLink.objects.filter(revision=revision).select_related("item", "evidence_revision")
    for link in links.order_by("item__version__step", "item__position", "pk"):
        file = link.evidence_revision
        for warning in file.bsn_warnings:
            where, _, masked = warning.rpartition(": ")
            place = f"in het bestand {link.evidence_revision.name}" + (f", {where}" if where else "")
            yield Finding(f"file-{file.sha256}-{warning}", link.item, place, masked)


def stop(revision: Revision, actor: Actor) -> str:
    """Why a revision cannot be handed over yet, or ''; for the table of steps."""
    if not (found := findings(revision)):
        return ""
    if len(found) == 1:
        return "Er lijkt een BSN in te staan. Kijk dat eerst na."
    return f"Op {len(found)} plaatsen lijkt een BSN te staan. Kijk die eerst na."


@transaction.atomic
def overrule(revision_id: int, keys: Iterable[str], reason: str, *, by: Actor) -> None:
    """Say that what was found at these places is no BSN. Raises WrongState once it was handed in."""
    revision = Revision.objects.select_for_update(no_key=True).get(pk=revision_id)
    if not can_fill_in(by, revision):
        raise PermissionDenied
    if not revision.is_open:
        raise WrongState(revision.get_status_display())
    shown = set(keys)
    # Only what the person was shown: somebody may have typed another one since.
    said = [found.key for found in findings(revision) if found.key in shown]
    if said:
        BsnOverrule.objects.create(
            organisation_id=revision.organisation_id,
            revision=revision,
            keys=said,
            reason=reason,
            by=by.person,
        )
        audit.record("bsn_overruled", by=by, about=revision.organisation_id, obj=revision)
