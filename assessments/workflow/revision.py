"""Course of a revision: concept, ter vaststelling, ingediend, vervangen."""

from typing import Any

from django.db.models.functions import Coalesce
from django.utils import timezone

from assessments import bsn_guard, file_guard, permissions, together
from assessments.carrying import copy_into_new_revision
from assessments.freeze import freeze_revision
from assessments.models import Answer, Revision, RevisionEvent
from assessments.scope import carry, settle
from assessments.workflow.machine import Machine, Step
from providers.actor import Actor

S = Revision.Status


def _unfinished(revision: Revision, actor: Actor) -> str:
    if not Answer.objects.filter(revision=revision, is_answered=True).exists():
        return "Beantwoord eerst ten minste één vraag."
    waiting = Answer.objects.filter(revision=revision).that_apply().to_confirm()
    # What is linked is confirmed where it was written, also when that question itself does not apply.
    if count := waiting.values(written=Coalesce("linked_to", "pk")).distinct().count():
        words = "het overgenomen antwoord" if count == 1 else f"de {count} overgenomen antwoorden"
        return f"Bevestig eerst {words}. U vindt ze op deze bladzijde bij ‘Te bevestigen’."
    return ""


def _not_ready_to_offer(revision: Revision, actor: Actor) -> str:
    return _unfinished(revision, actor) or _not_to_hand_over(revision, actor)


def _not_to_hand_over(revision: Revision, actor: Actor) -> str:
    return bsn_guard.stop(revision, actor) or file_guard.stop(revision, actor)


def _not_ready_to_submit(revision: Revision, actor: Actor) -> str:
    if not revision.declarations:
        return "De bestuurder tekent eerst: zij verklaart dat het beeld klopt."
    return _not_to_hand_over(revision, actor)


def _offer(revision: Revision, actor: Actor, note: str) -> dict[str, Any]:
    revision.offered_by, revision.offered_at = actor.user, timezone.now()
    return {}


def _submit(revision: Revision, actor: Actor, note: str) -> dict[str, Any]:
    revision.adopted_by, revision.submitted_at = actor.user, timezone.now()
    freeze_revision(revision)
    for old in Revision.objects.filter(self_assessment=revision.self_assessment_id, status=S.SUBMITTED):
        old.status = S.SUPERSEDED
        old.save(update_fields=["status"])
        REVISION.record(old, "supersede", by=actor, old_status=S.SUBMITTED)
    return {}


def _already_supplementing(revision: Revision, actor: Actor) -> str:
    if Revision.objects.filter(
        self_assessment=revision.self_assessment_id, status__in=Revision.OPEN
    ).exists():
        return "Er is al een nieuwe versie in de maak."
    return ""


def _supplement(revision: Revision, actor: Actor, note: str) -> dict[str, Any]:
    new = copy_into_new_revision(revision, by=actor)
    carry(revision, new)
    together.carry(revision, new)
    return {}


def _return(revision: Revision, actor: Actor, note: str) -> dict[str, Any]:
    # While it lay with the board nothing moved; now it follows the profile again.
    settle(revision)
    return {}


REVISION = Machine(
    model=Revision,
    event_model=RevisionEvent,
    subject="revision",
    hooks=[],
    about=lambda revision: revision.organisation_id,
    steps={
        "offer": Step(
            "Ter vaststelling aanbieden",
            (S.DRAFT,),
            S.TO_ADOPT,
            permissions.can_fill_in,
            blocked=_not_ready_to_offer,
            apply=_offer,
            explain="De bestuurder leest de zelfevaluatie en stelt haar vast.",
        ),
        "submit": Step(
            "Vaststellen en indienen",
            (S.TO_ADOPT,),
            S.SUBMITTED,
            permissions.can_adopt,
            blocked=_not_ready_to_submit,
            apply=_submit,
            explain="De tekst ligt daarna vast. De inspectie en uw zorgkantoor kunnen haar lezen.",
        ),
        "return": Step(
            "Terugsturen",
            (S.TO_ADOPT,),
            S.DRAFT,
            permissions.can_adopt,
            apply=_return,
            needs_note=True,
            explain="Schrijf wat er nog anders moet.",
        ),
        "supplement": Step(
            "Intrekken en aanvullen",
            (S.SUBMITTED,),
            S.SUBMITTED,
            permissions.can_fill_in,
            blocked=_already_supplementing,
            apply=_supplement,
            explain="U maakt een nieuwe versie. De ingediende versie blijft staan tot u de nieuwe indient.",
        ),
    },
)
