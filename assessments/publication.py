"""After the decision to publish: suspension, objections, the provider's own words, what is left behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from assessments import after_mail, corrections, permissions, visit_improvements, visit_mail
from assessments.errors import WrongState
from assessments.models import (
    Correction,
    Measure,
    Objection,
    Publication,
    PublicReaction,
    Visit,
    VisitEvent,
)
from assessments.values import clean_text
from assessments.workflow import VISIT
from providers import audit
from providers.actor import Actor
from providers.models import Role
from wlzthuis.isolation import as_system

S = Visit.Status


def tell_decision(event: VisitEvent) -> None:
    """Hook of the visit's course: with the decision the provider's time to object begins."""
    if event.action != "decide":
        return
    decision = Publication.objects.get(visit=event.visit)
    visit_mail.tell(
        "report_decided",
        event.visit,
        moment=visit_mail.of_event(event),
        opening=decision.publish_at,
        objection_until=decision.objection_until,
    )


def tell_correction(event: VisitEvent) -> None:
    """Hook of the visit's course: what everybody reads or will read became another text."""
    if event.action == "correct":
        visit_mail.tell(
            "report_corrected", event.visit, moment=visit_mail.of_event(event), version=event.version
        )


# --- suspension


@dataclass(frozen=True)
class Suspension:
    """Who suspends, under which number of the court, and until when, as far as that is known."""

    by: str
    case_number: str = ""
    until: date | None = None

    @property
    def words(self) -> str:
        """For the log, where it stays when the suspension is over."""
        parts = [str(Publication.SuspendedBy(self.by).label)]
        if self.case_number:
            parts.append(f"zaak {self.case_number}")
        if self.until:
            parts.append(f"tot en met {date_format(self.until, 'j F Y')}")
        return f"{', '.join(parts)}."


@transaction.atomic
def suspend(visit_id: int, suspension: Suspension, reason: str, *, by: Actor) -> Visit:
    """Take the visit's step, with what is known of the suspension. Raises what the step raises."""
    _locked(visit_id)
    # Before the step, because its mail says until when; who may not take the step changed nothing.
    Publication.objects.filter(visit=visit_id).update(
        suspended_by=suspension.by, case_number=suspension.case_number, suspended_until=suspension.until
    )
    visit: Visit = VISIT.perform(visit_id, "suspend", by=by, note=f"{suspension.words} {reason}")
    return visit


# --- objections


def can_follow_up(actor: Actor, visit: Visit) -> bool:
    """Keep what comes in after the decision: the team and who coordinates."""
    return permissions.can_record(actor, visit) or actor.has(Role.COORDINATING_INSPECTOR)


def _locked(visit_id: int) -> Visit:
    return Visit.objects.select_for_update(no_key=True).get(pk=visit_id)


@transaction.atomic
def record_objection(objection: Objection, *, by: Actor) -> Objection:
    """Keep an objection that was received; the same twice is one.

    Raises PermissionDenied, WrongState, or ValidationError: for another one of the provider on that day, or
    for one of somebody else that does not say what it is about, as it could not be told from the next.
    """
    visit = _locked(objection.visit_id)
    if not can_follow_up(by, visit):
        raise PermissionDenied
    if visit.status not in corrections.CORRECTABLE:
        raise WrongState(visit.get_status_display())
    if objection.made_by == Objection.MadeBy.OTHER and not objection.subject:
        raise ValidationError({"subject": "Schrijf kort waarover dit bezwaar gaat."})
    of_that_day = Objection.objects.filter(
        visit=visit, received_on=objection.received_on, made_by=objection.made_by, struck_at=None
    )
    if same := of_that_day.filter(subject=objection.subject).first():
        return same
    known = of_that_day.first()
    if known and objection.made_by == Objection.MadeBy.PROVIDER:
        raise ValidationError(
            {
                "received_on": "Van deze dag is al een bezwaar van de aanbieder vastgelegd"
                f"{f', over: {known.subject}' if known.subject else '.'}"
            }
        )
    objection.organisation_id = visit.organisation_id
    objection.recorded_by = by.person
    objection.save()
    about = visit.organisation_id if objection.made_by == Objection.MadeBy.PROVIDER else None
    audit.record("objection_recorded", by=by, about=about, obj=objection)
    return objection


@transaction.atomic
def settle_objection(objection_id: int, outcome: str, on: date, reason: str, *, by: Actor) -> Objection:
    """What came of an objection, once. Raises PermissionDenied, WrongState, or ValidationError by field."""
    objection = Objection.objects.select_for_update(no_key=True).get(pk=objection_id)
    if not settles_objections(by):
        raise PermissionDenied
    if not objection.is_open:
        raise WrongState(objection.closed_words)
    if outcome not in Objection.Outcome.values:
        raise ValidationError({"outcome": "Kies wat de uitkomst is."})
    if on < objection.received_on:
        raise ValidationError({"outcome_on": "Deze dag ligt voor de ontvangst."})
    if on > timezone.localdate():
        raise ValidationError({"outcome_on": "Deze dag moet nog komen."})
    objection.outcome, objection.outcome_on = outcome, on
    objection.reason, objection.settled_by = clean_text(reason), by.person
    objection.save()
    about = objection.organisation_id if objection.made_by == Objection.MadeBy.PROVIDER else None
    audit.record("objection_settled", by=by, about=about, obj=objection)
    after_mail.tell_objection(objection)
    return objection


@transaction.atomic
def strike_objection(objection_id: int, reason: str, *, by: Actor) -> None:
    """One that was recorded wrongly counts no longer; nothing of it is changed or lost.

    Raises PermissionDenied, WrongState when it was struck already, or ValidationError.
    """
    objection = Objection.objects.select_for_update(no_key=True).get(pk=objection_id)
    if not settles_objections(by):
        raise PermissionDenied
    if objection.struck_at:
        raise WrongState(objection.closed_words)
    reason = clean_text(reason)
    if not reason:
        raise ValidationError("Schrijf wat er verkeerd is vastgelegd.")
    objection.struck_at, objection.struck_by, objection.struck_because = timezone.now(), by.person, reason
    objection.save(update_fields=["struck_at", "struck_by", "struck_because"])
    about = objection.organisation_id if objection.made_by == Objection.MadeBy.PROVIDER else None
    audit.record("objection_struck", by=by, about=about, obj=objection)
    after_mail.tell_objection(objection)


def settles_objections(actor: Actor) -> bool:
    return actor.has(Role.COORDINATING_INSPECTOR)


# --- the provider's own words


def may_add_words(visit: Visit) -> bool:
    """Between the decision and the day itself."""
    return visit.status == S.DECIDED or (visit.status, visit.suspended_from) == (S.SUSPENDED, S.DECIDED)


@transaction.atomic
def keep_reaction(visit_id: int, text: str, *, seen: str, by: Actor) -> None:
    """What will stand beside the report; nothing takes it back. `seen` is the text that it replaces.

    Raises PermissionDenied, WrongState, or StaleReaction.
    """
    visit = _locked(visit_id)
    if not permissions.can_react(by, visit):
        raise PermissionDenied
    if not may_add_words(visit):
        raise WrongState(visit.get_status_display())
    text, known = clean_text(text), PublicReaction.objects.filter(visit=visit).first()
    current = known.text if known else ""
    if text == current:
        return
    if current != clean_text(seen):
        raise StaleReaction(current)
    if not text:
        PublicReaction.objects.filter(visit=visit).delete()
    else:
        PublicReaction.objects.update_or_create(
            visit=visit,
            defaults={
                "organisation_id": visit.organisation_id,
                "text": text,
                "by": by.person,
                "at": timezone.now(),
            },
        )
    audit.record("public_reaction_kept", by=by, about=visit.organisation_id, obj=visit)


class StaleReaction(Exception):
    """A colleague wrote in between; `current` is the text now. Nothing was written."""

    def __init__(self, current: str) -> None:
        self.current = current


# --- what is left of a report that was withdrawn


@dataclass(frozen=True)
class Tombstone:
    """What everybody may know of a report that was public and is withdrawn."""

    number: str
    withdrawn_at: datetime
    reason: str


@as_system()
def tombstone(number: str) -> Tombstone | None:
    """That a report was withdrawn, when and why; None for what never was public, or still is."""
    row = Publication.objects.filter(
        visit__number=number, visit__status=S.WITHDRAWN, published_at__isnull=False
    ).first()
    if row is None or row.ended_at is None:
        return None
    return Tombstone(number, row.ended_at, row.ended_because)


# --- what a visit's page shows of all this


@dataclass(frozen=True)
class Aftermath:
    """What followed the settled report, as far as the actor may see it, and what she may add."""

    publication: Publication | None
    objections: Sequence[Objection]
    reaction: PublicReaction | None
    correction: Correction | None
    points: Sequence[visit_improvements.Point]
    measures: Sequence[Measure]
    may_object: bool
    may_add_words: bool
    may_follow_up: bool
    may_correct: bool
    may_settle_objections: bool


def aftermath(visit: Visit, actor: Actor) -> Aftermath:
    """All of it, in a number of queries that does not grow with the visit."""
    correctable = visit.status in corrections.CORRECTABLE
    publication: Publication | None = getattr(visit, "publication", None)
    return Aftermath(
        publication=publication,
        objections=list(Objection.objects.visible_to(actor).filter(visit=visit)),
        reaction=PublicReaction.objects.filter(visit=visit).first(),
        correction=corrections.open_correction(visit),
        points=visit_improvements.agenda(visit, actor),
        measures=list(Measure.objects.visible_to(actor).filter(visit=visit).order_by("-decided_on", "-pk")),
        may_object=bool(
            publication and not publication.ended_at and timezone.localdate() <= publication.objection_until
        ),
        may_add_words=may_add_words(visit) and permissions.can_react(actor, visit),
        may_follow_up=correctable and can_follow_up(actor, visit),
        may_correct=correctable and permissions.can_record(actor, visit),
        may_settle_objections=settles_objections(actor),
    )
