"""Improving: an action from an item (or loose) to its result, in one place where its status changes."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.forms.models import model_to_dict
from django.utils import timezone

from assessments import files, library, permissions
from assessments.models import Answer, ImprovementAction, ImprovementEvent, Revision
from assessments.models.improvement import ImprovementActionQuerySet
from assessments.workflow.machine import Machine, Step
from norms.models import Item
from providers.actor import Actor
from providers.models import Organisation, User
from wlzthuis.isolation import as_system

S = ImprovementAction.Status
NOT_ENOUGH = "De inspectie vond dit nog niet genoeg. Lees wat ontbreekt, en ga ermee verder."
JUDGED = "De inspectie leest dit en beoordeelt het."


def can_improve(actor: Actor, action: ImprovementAction) -> bool:
    """Change an action of one's own organisation, and take its steps."""
    return actor.has(*permissions.PROVIDER_EDITORS) and action.organisation_id == actor.organisation_id


def can_check(actor: Actor, action: ImprovementAction) -> bool:
    """Say whether what the inspectorate asked was done well enough."""
    return actor.has(*permissions.INSPECTION) and action.is_point


def is_own_plan(action: ImprovementAction) -> bool:
    return not action.is_point


def _asked(action: ImprovementAction, actor: Actor) -> str:
    return "De inspectie vraagt dit, dus stoppen kan niet." if action.is_point else ""


def _finish_words(action: ImprovementAction) -> str:
    later = JUDGED if action.is_point else "U ziet dit terug als u dit onderdeel weer beoordeelt."
    return f"Schrijf wat er nu beter is, en hoe u dat weet. {later}"


def _unproven(action: ImprovementAction, actor: Actor) -> str:
    if action.is_point and not action.evidence.exists():
        return "Voeg eerst een bewijsstuk toe. De inspectie wil zien dat het gedaan is."
    return ""


def _finish(action: ImprovementAction, actor: Actor, note: str) -> dict[str, Any]:
    action.result, action.ended_at = note, timezone.now()
    return {}


def _close(action: ImprovementAction, actor: Actor, note: str) -> dict[str, Any]:
    action.ended_at = timezone.now()
    return {}


def _reopen(action: ImprovementAction, actor: Actor, note: str) -> dict[str, Any]:
    # What it yielded then stays in the log.
    action.result, action.ended_at = "", None
    return {}


IMPROVEMENT = Machine(
    model=ImprovementAction,
    event_model=ImprovementEvent,
    subject="improvement",
    hooks=[],
    about=lambda action: action.organisation_id,
    steps={
        "start": Step("Beginnen", (S.PLANNED,), S.BUSY, can_improve),
        "finish": Step(
            "Klaar melden",
            (S.PLANNED, S.BUSY),
            S.DONE,
            can_improve,
            blocked=_unproven,
            apply=_finish,
            needs_note=True,
            note_label="Wat leverde het op?",
            explain=_finish_words,
        ),
        "stop": Step(
            "Stoppen",
            (S.PLANNED, S.BUSY),
            S.STOPPED,
            can_improve,
            blocked=_asked,
            apply=_close,
            offered=is_own_plan,
            needs_note=True,
            note_label="Waarom stopt u?",
            explain="De actie blijft staan, met uw reden.",
        ),
        "reopen": Step("Opnieuw oppakken", (S.DONE, S.STOPPED), S.BUSY, can_improve, apply=_reopen),
        # At a follow-up visit it can be seen that it was done, also before the provider says so.
        "accept": Step(
            "Voldoende",
            (S.DONE, S.PLANNED, S.BUSY),
            S.CHECKED,
            can_check,
            apply=_close,
            needs_note=True,
            note_label="Waaruit blijkt dat het nu goed is?",
            explain="De aanbieder leest dit. Het punt is daarna klaar.",
        ),
        "refuse": Step(
            "Niet voldoende",
            (S.DONE,),
            S.BUSY,
            can_check,
            apply=_reopen,
            needs_note=True,
            note_label="Wat is nog niet goed?",
            explain="De aanbieder leest dit en gaat ermee verder. De datum blijft staan.",
        ),
    },
)


@dataclass(frozen=True)
class Source:
    """Where an action comes from: an item as a revision scores it, or nothing for a loose one."""

    revision: Revision | None = None
    item: Item | None = None

    @property
    def score(self) -> str:
        if not (self.revision and self.item and self.item.kind == Item.Kind.JUDGEMENT):
            return ""
        answer = Answer.objects.filter(revision=self.revision, item=self.item).first()
        return answer.value if answer and isinstance(answer.value, str) else ""


@transaction.atomic
def plan(action: ImprovementAction, source: Source, key: uuid.UUID, *, by: Actor) -> ImprovementAction:
    """Keep a new action. What one form sent before comes back, and nothing is written."""
    if not by.has(*permissions.PROVIDER_EDITORS):
        raise PermissionDenied
    if source.revision and source.revision.organisation_id != by.organisation_id:
        raise PermissionDenied
    key = _key(action, source, key)
    known = ImprovementAction.objects.filter(organisation=by.own, key=key).first()
    if known:
        return known
    action.organisation, action.key, action.created_by = by.own, key, by.person
    action.revision, action.item, action.score_before = source.revision, source.item, source.score
    action.assigned_by, action.assigned_at = by.person, timezone.now()
    action.save()
    IMPROVEMENT.record(action, "plan", by=by, old_status=action.status)
    return action


def _key(action: ImprovementAction, source: Source, key: uuid.UUID) -> uuid.UUID:
    """The key of a form with what was filled in: a page brought back and changed is another action."""
    sent = model_to_dict(action, ["what", "why", "role_name", "due", "expected", "measured_by"])
    about = source.revision and source.revision.pk, source.item and source.item.pk
    return uuid.uuid5(key, repr((about, action.assignee_id, sent)))


def note_change(action: ImprovementAction, before: tuple[int | None, date], *, by: Actor) -> None:
    """After an action was changed: the log says so, and who does it hears of another person or date."""
    if (action.assignee_id, action.due) != before:
        action.assigned_by, action.assigned_at = by.person, timezone.now()
        action.save(update_fields=["assigned_by", "assigned_at"])
    IMPROVEMENT.record(action, "change", by=by, old_status=action.status)


@transaction.atomic
def add_evidence(action: ImprovementAction, upload: UploadedFile, *, by: Actor) -> None:
    """Show with a file that an action was carried out; it comes in the library, once. May refuse the file."""
    if not can_improve(by, action):
        raise PermissionDenied
    files.check_upload(upload)
    file = files.same_content(action.organisation_id, upload)
    if file is None:
        file = library.add_piece(upload, "", None, by=by).revisions.get()
    action.evidence.add(file)
    IMPROVEMENT.record(action, "evidence", by=by, old_status=action.status)


def open_actions(user: User, organisation: Organisation) -> ImprovementActionQuerySet:
    """What a person still has to improve there."""
    return ImprovementAction.objects.open().filter(organisation=organisation, assignee=user)


@as_system()
def open_action_count(user: User, organisation: Organisation) -> int:
    """Also told to who runs the portal, and sees no actions."""
    return open_actions(user, organisation).count()


@as_system()
def hand_over_actions(leaver: User, heir: User, organisation: Organisation, by: Actor) -> None:
    """Give the open actions of who leaves to a colleague; the dates stay."""
    open_actions(leaver, organisation).update(assignee=heir, assigned_by=None, assigned_at=timezone.now())
