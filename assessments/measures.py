"""Measures against a provider: their course, and what everybody may read of them."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from assessments import bsn, files, library, permissions, visit_mail
from assessments.errors import NotReady, WrongState
from assessments.measure_kinds import Kind, kind_of, kinds
from assessments.models import Measure, MeasureEvent, PublishedMeasure
from assessments.workflow.machine import Machine, Step
from providers import audit, mail
from providers.actor import Actor
from providers.models import Role

S = Measure.Status

# --- who may


def can_record(actor: Actor, kind: Kind) -> bool:
    """Record a measure of this kind, and say what came of it."""
    if kind.recorded_by == Role.INSPECTOR and actor.has(Role.INSPECTOR):
        return True
    return actor.has(Role.COORDINATING_INSPECTOR)


def recordable(actor: Actor) -> list[Kind]:
    return [kind for kind in kinds().values() if can_record(actor, kind)]


def _can_follow(actor: Actor, measure: Measure) -> bool:
    return can_record(actor, kind_of(measure.kind))


def can_deliver(actor: Actor, measure: Measure) -> bool:
    return actor.has(*permissions.PROVIDER_EDITORS) and measure.organisation_id == actor.organisation_id


# --- its course


def _no_evidence(measure: Measure, actor: Actor) -> str:
    return "" if measure.evidence.exists() else "Voeg eerst een bestand toe."


def _deliver(measure: Measure, actor: Actor, note: str) -> dict[str, Any]:
    if warning := bsn.warning(note):
        raise NotReady(warning)
    measure.delivered, measure.delivered_at = note, timezone.now()
    return {"due_on": measure.due_on}


def _give_back(measure: Measure, actor: Actor, note: str) -> dict[str, Any]:
    measure.delivered_at = None
    return {"due_on": measure.due_on}


def _before_delivery(measure: Measure) -> str:
    return S.EXTENDED if measure.events.filter(action="extend").exists() else S.IMPOSED


def _term_runs(measure: Measure, actor: Actor) -> str:
    if measure.status == S.DELIVERED or measure.due_on < timezone.localdate():
        return ""
    return f"De termijn loopt nog tot en met {date_format(measure.due_on, 'j F Y')}."


def _not_later(day: date) -> NotReady:
    return NotReady(f"Kies een dag na {date_format(day, 'j F Y')}.")


def _extend(measure: Measure, actor: Actor, note: str) -> dict[str, Any]:
    """The new day stands in the row already (see `extend`); the log holds the old one."""
    before = measure.events.latest("at", "pk").due_on
    if before and measure.due_on <= before:
        raise _not_later(before)
    _follow(measure)
    return {"due_on": measure.due_on}


def _end(measure: Measure, actor: Actor, note: str) -> dict[str, Any]:
    measure.ended_on = timezone.localdate()
    _follow(measure)
    return {"due_on": measure.due_on}


def _may_be_public(measure: Measure) -> bool:
    return kind_of(measure.kind).public != "never" and not is_public(measure)


def _not_to_publish(measure: Measure, actor: Actor) -> str:
    return "" if _may_be_public(measure) else "Deze maatregel is al openbaar of wordt het nooit."


def is_public(measure: Measure) -> bool:
    return PublishedMeasure.objects.filter(measure=measure).exists()


def _publish(measure: Measure, actor: Actor, note: str) -> dict[str, Any]:
    if warning := bsn.warning(note):
        raise NotReady(warning)
    PublishedMeasure.objects.create(
        organisation_id=measure.organisation_id,
        measure=measure,
        title=measure.title,
        text=note,
        decided_on=measure.decided_on,
        due_on=measure.due_on,
    )
    return {"due_on": measure.due_on}


def _follow(measure: Measure) -> None:
    """What everybody reads keeps up with the measure."""
    outcome = "" if measure.ended_on is None else measure.get_status_display()
    PublishedMeasure.objects.filter(measure=measure).update(
        due_on=measure.due_on, ended_on=measure.ended_on, outcome=outcome
    )


MEASURE = Machine(
    model=Measure,
    event_model=MeasureEvent,
    subject="measure",
    hooks=[],
    about=lambda measure: measure.organisation_id,
    steps={
        "deliver": Step(
            "Inleveren",
            Measure.AWAITED,
            S.DELIVERED,
            can_deliver,
            blocked=_no_evidence,
            apply=_deliver,
            needs_note=True,
            note_label="Wat levert u in?",
            explain="Vertel kort wat u deed en waaruit dat blijkt. De inspectie beoordeelt het.",
        ),
        "return": Step(
            "Niet genoeg, terug naar de aanbieder",
            (S.DELIVERED,),
            _before_delivery,
            _can_follow,
            apply=_give_back,
            needs_note=True,
            note_label="Wat ontbreekt er?",
            explain="De aanbieder leest dit en levert opnieuw in.",
        ),
        "meet": Step(
            "Nagekomen",
            Measure.RUNNING,
            S.MET,
            _can_follow,
            apply=_end,
            needs_note=True,
            note_label="Waaruit blijkt dat?",
            explain="De aanbieder leest dit.",
        ),
        "fail": Step(
            "Niet nagekomen",
            Measure.RUNNING,
            S.NOT_MET,
            _can_follow,
            blocked=_term_runs,
            apply=_end,
            needs_note=True,
            note_label="Waaruit blijkt dat?",
            explain="De aanbieder leest dit.",
        ),
        "extend": Step(
            "Verlengen",
            Measure.RUNNING,
            S.EXTENDED,
            _can_follow,
            apply=_extend,
            needs_note=True,
            has_page=True,
        ),
        "publish": Step(
            "Openbaar maken",
            Measure.RUNNING,
            lambda measure: measure.status,
            _can_follow,
            blocked=_not_to_publish,
            apply=_publish,
            offered=_may_be_public,
            needs_note=True,
            note_label="Wat iedereen leest",
            explain="Een zakelijke weergave, zonder namen. Iedereen kan haar daarna lezen.",
        ),
        "withdraw": Step(
            "Intrekken",
            Measure.RUNNING,
            S.WITHDRAWN,
            _can_follow,
            apply=_end,
            needs_note=True,
            explain="De aanbieder leest uw reden.",
        ),
    },
)


def check_term(kind: Kind, decided_on: date, due_on: date) -> None:
    """Raises ValidationError for `due_on` when a measure of this kind cannot run until then."""
    if due_on < decided_on:
        raise ValidationError({"due_on": "Deze dag ligt voor het besluit."})
    last = kind.last_day(decided_on)
    if last and due_on > last:
        day = date_format(last, "j F Y")
        raise ValidationError({"due_on": f"Dit geldt ten hoogste {kind.max_days} dagen: tot en met {day}."})


@transaction.atomic
def record(measure: Measure, *, by: Actor) -> Measure:
    """Keep a measure that was decided. The same one sent twice is one.

    Raises PermissionDenied, or ValidationError by field.
    """
    kind = kind_of(measure.kind)
    if not can_record(by, kind):
        raise PermissionDenied
    if measure.visit and measure.visit.organisation_id != measure.organisation_id:
        raise PermissionDenied
    check_term(kind, measure.decided_on, measure.due_on)
    known = Measure.objects.filter(
        organisation=measure.organisation_id,
        kind=measure.kind,
        decided_on=measure.decided_on,
        visit=measure.visit,
    ).first()
    told = ("due_on", "points", "reason")
    if known and all(getattr(known, name) == getattr(measure, name) for name in told):
        return known
    if known:
        raise ValidationError("Deze maatregel van deze dag is al vastgelegd, met een andere tekst of datum.")
    measure.recorded_by = by.person
    measure.save()
    MEASURE.record(measure, "record", by=by, old_status="", due_on=measure.due_on)
    audit.record("measure_record", by=by, about=measure.organisation_id, obj=measure)
    _tell(measure)
    return measure


def _tell(measure: Measure) -> None:
    """A measure may not wait for the daily mail."""
    visit_mail.tell_provider(
        "measure_imposed",
        measure.organisation,
        moment=f"measure-{measure.pk}",
        link=mail.link("assessments:measure", measure.pk),
        measure=measure,
        kind=kind_of(measure.kind),
    )


@transaction.atomic
def extend(measure_id: int, until: date, reason: str, *, by: Actor, by_other: bool = False) -> Measure:
    """Let a measure run longer. `by_other`: who alone may do so did (see Kind.extended_by).

    Raises PermissionDenied, WrongState or NotReady.
    """
    measure = Measure.objects.select_for_update(no_key=True).get(pk=measure_id)
    kind = kind_of(measure.kind)
    if not _can_follow(by, measure):
        raise PermissionDenied
    if measure.status not in Measure.RUNNING:
        raise WrongState(measure.get_status_display())
    if kind.extended_by and not by_other:
        raise NotReady(f"{kind.extended_by} verlengt deze maatregel. Dat kunt u hier alleen vastleggen.")
    if until <= measure.due_on:
        raise _not_later(measure.due_on)
    measure.due_on = until
    measure.save(update_fields=["due_on"])
    extended: Measure = MEASURE.perform(measure_id, "extend", by=by, note=reason)
    return extended


@transaction.atomic
def add_evidence(measure_id: int, upload: UploadedFile, *, by: Actor) -> None:
    """A file with what will be delivered; it comes in the library, once. May refuse the file."""
    measure = Measure.objects.select_for_update(no_key=True).get(pk=measure_id)
    if not can_deliver(by, measure):
        raise PermissionDenied
    if measure.status not in Measure.AWAITED:
        raise WrongState(measure.get_status_display())
    files.check_upload(upload)
    file = files.same_content(measure.organisation_id, upload)
    if file is None:
        file = library.add_piece(upload, "", None, by=by).revisions.get()
    measure.evidence.add(file)
