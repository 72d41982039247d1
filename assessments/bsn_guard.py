"""What looks like a BSN in an account: warned of while typing, stopped before it is handed over.

Somebody who says that it is none, and why, may go on; that is kept for good.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from assessments import bsn
from assessments.errors import WrongState
from assessments.models import Answer, BsnOverrule, Consultation, EvidenceLink, Revision
from assessments.permissions import can_fill_in
from assessments.scope import latest_choices
from assessments.values import Value
from norms.models import Item
from providers import audit
from providers.actor import Actor


@dataclass(frozen=True)
class Finding:
    """One place; `key` names it and what was seen there, without the number; `url` is where to mend it."""

    key: str
    subject: str
    place: str
    masked: str
    url: str


def text_of(value: Value, note: str) -> str:
    """All that a person typed in one answer, a line for each part."""
    cells = [cell for row in value for cell in row.values()] if isinstance(value, list) else [value or ""]
    return "\n".join([*cells, note])


def findings(revision: Revision) -> list[Finding]:
    """Every place in a revision that looks like a BSN and was not said to be none; in a few queries."""
    said = {key for keys in revision.bsn_overrules.values_list("keys", flat=True) for key in keys}
    return [found for found in _all(revision) if found.key not in said]


def _all(revision: Revision) -> Iterator[Finding]:
    # A linked answer mirrors its source: one place.
    answers = Answer.objects.filter(revision=revision, linked_to=None).select_related("item")
    for answer in answers.order_by("item__version__step", "item__position"):
        for masked in bsn.find(text_of(answer.value, answer.text)):
            yield _at(answer.item, revision, f"answer-{answer.item_id}-{masked}", "in uw antwoord", masked)
    links = EvidenceLink.objects.filter(revision=revision).select_related("item", "evidence_revision")
    for link in links.order_by("item__version__step", "item__position", "pk"):
        file = link.evidence_revision
        for warning in file.bsn_warnings:
            where, _, masked = warning.rpartition(": ")
            place = f"in het bestand {link.evidence_revision.name}" + (f", {where}" if where else "")
            yield _at(link.item, revision, f"file-{file.sha256}-{warning}", place, masked)
    yield from _in_choices(revision)
    yield from _in_talks(revision)


def _at(item: Item, revision: Revision, key: str, place: str, masked: str) -> Finding:
    """A place at a question."""
    page = reverse("assessments:fill_in_section", args=[revision.pk, item.section_id])
    return Finding(key, _named(item), place, masked, f"{page}#vraag-{item.pk}")


def _named(item: Item) -> str:
    return f"{item.code}. {item.title or item.text}"


def _in_choices(revision: Revision) -> Iterator[Finding]:
    """In the reasons why a question or section does or does not apply, as far as they hold."""
    page = reverse("assessments:scope", args=[revision.pk])
    for item_id, choice in latest_choices(revision).items():
        for masked in bsn.find(choice.reason):
            key = f"choice-{item_id}-{masked}"
            yield Finding(key, _named(choice.item), "in uw reden bij de reikwijdte", masked, page)


def _in_talks(revision: Revision) -> Iterator[Finding]:
    """In what was written down of the talks with clients and staff."""
    for talk in Consultation.objects.filter(self_assessment=revision.self_assessment_id):
        page = reverse("assessments:consultation_edit", args=[revision.pk, talk.pk])
        for masked in bsn.find(f"{talk.who}\n{talk.summary}"):
            yield Finding(f"talk-{talk.pk}-{masked}", str(talk), "in het verslag", masked, page)


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
