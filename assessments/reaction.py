"""The provider and the concept report: when it got it, until when it may react, what it says, what it hears.

The term counts in whole weeks from the day of delivery, which has to be proven: the first opening in the
portal, or a day that the inspectorate records with its proof. The last day counts in full, in Dutch time. A
provider that never opens the concept does not hold it up: then it is delivered by letter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from assessments import bsn, concept_mail, permissions, report_text
from assessments.errors import NotReady, WrongState
from assessments.models import (
    ConceptVersion,
    Delivery,
    EvidenceRevision,
    FactualRemark,
    TermExtension,
    Visit,
)
from assessments.report_text import newest_concept
from assessments.values import clean_text
from assessments.workflow import VISIT
from providers import audit
from providers.actor import Actor

# So many weeks a team may give at sending.
WEEKS = range(1, 13)
# Days after sending from which a concept that nobody opened is delivered otherwise.
LETTER_AFTER = max(concept_mail.OPEN_AFTER)


def last_day(delivered_on: date, weeks: int) -> date:
    """The last day of a term of whole weeks after the day of delivery: the same day of the week."""
    return delivered_on + timedelta(weeks=weeks)


@transaction.atomic
def send_concept(visit_id: int, weeks: int, *, by: Actor) -> Visit:
    """Send the concept with a term of so many weeks; sent anew, not of fewer than the provider had.

    Raises as the step does, and ValidationError.
    """
    visit = Visit.objects.select_for_update(no_key=True).get(pk=visit_id)
    if not permissions.can_record(by, visit):
        raise PermissionDenied
    if weeks not in WEEKS:
        raise ValidationError(f"Kies {WEEKS.start} tot en met {WEEKS.stop - 1} weken.")
    if weeks < visit.reaction_weeks and newest_concept(visit):
        had = report_text.weeks_in_words(visit.reaction_weeks)
        raise ValidationError(f"De aanbieder kreeg voor een eerder concept {had}. Geef nu niet minder.")
    if visit.status == Visit.Status.DRAFTING:
        Visit.objects.filter(pk=visit_id).update(reaction_weeks=weeks)
    return VISIT.perform(visit_id, "send_concept", by=by)


# --- delivery


def record_opening(version: ConceptVersion, *, by: Actor) -> None:
    """Note when the provider first opened a concept; with that it was delivered, if it was not yet."""
    if by.organisation_id != version.organisation_id or version.opened_at is not None:
        return
    with transaction.atomic():
        visit = Visit.objects.select_for_update(no_key=True).get(pk=version.visit_id)
        now = timezone.now()
        ConceptVersion.objects.filter(pk=version.pk, opened_at=None).update(opened_at=now)
        version.refresh_from_db(fields=["opened_at"])
        is_newest = newest_concept(visit) == version
        if visit.status == Visit.Status.AT_PROVIDER and is_newest and not _is_delivered(visit, version):
            how = Delivery.How.OPENED
            _deliver(visit, version, Delivery(on=timezone.localdate(now), how=how, at=now), by)


@transaction.atomic
def record_delivery(visit_id: int, on: date, how: str, note: str, *, by: Actor) -> Visit:
    """A coordinating inspector records that the concept was delivered outside the portal, and the proof.

    Raises PermissionDenied, WrongState, NotReady (it was delivered already) or ValidationError by field.
    """
    visit = _at_provider(visit_id, permissions.can_record_delivery, by)
    version = newest_concept(visit)
    if version is None or _is_delivered(visit, version):
        raise NotReady("De aanbieder heeft het concept al ontvangen.")
    sent = timezone.localdate(version.created_at)
    if not sent <= on <= timezone.localdate():
        raise ValidationError({"on": f"Kies een dag vanaf {_day(sent)} tot en met vandaag."})
    note = clean_text(note)
    if how not in Delivery.How.values or how == Delivery.How.OPENED:
        raise ValidationError({"how": "Kies hoe de aanbieder het concept kreeg."})
    if not note:
        raise ValidationError({"note": "Schrijf waaruit dat blijkt."})
    _deliver(visit, version, Delivery(on=on, how=how, note=note), by)
    return visit


def _is_delivered(visit: Visit, version: ConceptVersion) -> bool:
    return visit.reaction_due is not None or Delivery.objects.filter(version=version).exists()


def _deliver(visit: Visit, version: ConceptVersion, delivery: Delivery, by: Actor) -> None:
    delivery.organisation_id, delivery.version, delivery.by = visit.organisation_id, version, by.person
    delivery.save()
    # What was given for a concept that was taken back is not taken back with it.
    given = TermExtension.objects.filter(version__visit=visit, kind=TermExtension.Kind.GIVEN)
    days = [last_day(delivery.on, visit.reaction_weeks), *given.values_list("until", flat=True)]
    visit.reaction_due = max(days)
    visit.save(update_fields=["reaction_due"])
    VISIT.record(visit, "deliver", by=by, note=delivery.note, old_status=visit.status)
    audit.record("concept_delivered", by=by, about=visit.organisation_id, obj=version)
    if delivery.how != Delivery.How.OPENED:
        concept_mail.tell_term(visit, version)


# --- the term


@transaction.atomic
def ask_extension(visit_id: int, until: date, reason: str, *, by: Actor) -> None:
    """The provider asks more time, as long as its term runs. Raises as `extend` does."""
    visit = _at_provider(visit_id, permissions.can_react, by)
    if visit.reaction_due is None or visit.reaction_due < timezone.localdate():
        raise NotReady("U kunt nu geen uitstel vragen.")
    if TermExtension.objects.awaits_answer(visit):
        raise NotReady("U vroeg al uitstel. De inspectie antwoordt daar nog op.")
    _change_term(visit, TermExtension.Kind.ASKED, until, reason, by)


@transaction.atomic
def extend(visit_id: int, until: date, reason: str, *, by: Actor) -> None:
    """Give more time, asked or not. Raises PermissionDenied, WrongState, NotReady or ValidationError."""
    visit = _at_provider(visit_id, permissions.can_record, by)
    if visit.reaction_due is None:
        raise NotReady("De termijn begint pas als de aanbieder het concept heeft.")
    if until < timezone.localdate():
        raise ValidationError({"until": "Deze dag is al voorbij. Kies vandaag of een latere dag."})
    extension = _change_term(visit, TermExtension.Kind.GIVEN, until, reason, by)
    visit.reaction_due = until
    visit.save(update_fields=["reaction_due"])
    concept_mail.tell_term(visit, extension.version)


@transaction.atomic
def refuse_extension(visit_id: int, reason: str, *, by: Actor) -> None:
    """Say no to what the provider asked, with the reason. Raises as `extend` does."""
    visit = _at_provider(visit_id, permissions.can_record, by)
    if visit.reaction_due is None or not TermExtension.objects.awaits_answer(visit):
        raise NotReady("Er is geen verzoek om uitstel.")
    extension = _change_term(visit, TermExtension.Kind.REFUSED, visit.reaction_due, reason, by)
    concept_mail.tell_term(visit, extension.version, is_refused=True)


EVENTS = {
    TermExtension.Kind.ASKED: "ask_extension",
    TermExtension.Kind.GIVEN: "extend_term",
    TermExtension.Kind.REFUSED: "refuse_extension",
}


def _change_term(
    visit: Visit, kind: TermExtension.Kind, until: date, reason: str, by: Actor
) -> TermExtension:
    due, version = visit.reaction_due, newest_concept(visit)
    if due is None or version is None:
        raise NotReady("Er loopt geen termijn.")
    if kind != TermExtension.Kind.REFUSED and until <= due:
        raise ValidationError({"until": f"Kies een dag na {_day(due)}."})
    reason = clean_text(reason)
    if not reason:
        raise ValidationError({"reason": "Schrijf een reden."})
    extension = TermExtension.objects.create(
        organisation_id=visit.organisation_id,
        version=version,
        kind=kind,
        due_before=due,
        until=until,
        reason=reason,
        by=by.person,
    )
    VISIT.record(visit, EVENTS[kind], by=by, note=reason, old_status=visit.status)
    audit.record(f"reaction_{kind}", by=by, about=visit.organisation_id, obj=version)
    return extension


@dataclass(frozen=True)
class Term:
    """How the term of the concept at the provider stands, and what this reader may do about it."""

    visit: Visit
    delivery: Delivery | None
    extensions: Sequence[TermExtension]
    may_ask: bool
    may_extend: bool
    may_deliver: bool

    @property
    def rule(self) -> str:
        """From which day it counts and until when, for both sides."""
        weeks = report_text.weeks_in_words(self.visit.reaction_weeks)
        if self.delivery is None or self.visit.reaction_due is None:
            return (
                f"De reactietermijn is {weeks}. Die begint op de dag waarop de aanbieder het concept opent "
                "in Thuispeil. Opent niemand het, dan op de dag waarop de inspectie het aantoonbaar bezorgt."
            )
        how = self.delivery.get_how_display()
        begun = f"Ontvangen op {_day(self.delivery.on)}: {how[0].lower()}{how[1:]}."
        is_longer = self.visit.reaction_due > last_day(self.delivery.on, self.visit.reaction_weeks)
        counted = f"{weeks} na die dag, met uitstel" if is_longer else f"{weeks} na die dag"
        return f"{begun} Reageren kan tot en met {_day(self.visit.reaction_due)}, {counted}."

    @property
    def asked(self) -> TermExtension | None:
        """What the provider asked, while nobody answered."""
        last = self.extensions[-1] if self.extensions else None
        return last if last and last.kind == TermExtension.Kind.ASKED else None


def term_for(visit: Visit, actor: Actor) -> Term | None:
    """The term, while the concept is with the provider."""
    if visit.status != Visit.Status.AT_PROVIDER:
        return None
    version = newest_concept(visit)
    extensions = TermExtension.objects.filter(version=version).select_related("by").order_by("at", "pk")
    is_running = visit.reaction_due is not None
    return Term(
        visit,
        Delivery.objects.filter(version=version).first(),
        list(extensions),
        may_ask=is_running and permissions.can_react(actor, visit),
        may_extend=is_running and permissions.can_record(actor, visit),
        may_deliver=not is_running and permissions.can_record_delivery(actor, visit),
    )


def _at_provider(visit_id: int, allowed: Callable[[Actor, Visit], bool], by: Actor) -> Visit:
    """The visit, locked, while its concept is with the provider."""
    visit = Visit.objects.select_for_update(no_key=True).get(pk=visit_id)
    if not allowed(by, visit):
        raise PermissionDenied
    if visit.status != Visit.Status.AT_PROVIDER:
        raise WrongState(visit.get_status_display())
    return visit


def _day(day: date) -> str:
    return date_format(day, "j F Y")


# --- what the provider says


class StaleRemark(Exception):
    """A colleague changed this remark in between; `current` is that row. Nothing was written."""

    def __init__(self, current: FactualRemark) -> None:
        self.current = current


@transaction.atomic
def save_remark(visit_id: int, passage: str, text: str, *, by: Actor) -> FactualRemark:
    """A remark of the provider on one passage of the concept it was sent; the same one twice is one."""
    visit = _at_provider(visit_id, permissions.can_react, by)
    version = visit.versions.filter(kind=ConceptVersion.Kind.CONCEPT).latest("created_at")
    known = {place["key"] for place in report_text.passages_of(version.content)}
    if passage not in known:
        raise ValidationError("Kies de passage waarover het gaat.")
    remark, _ = FactualRemark.objects.get_or_create(
        visit=visit,
        version=version,
        passage=passage,
        text=_remark_text(text),
        defaults={"organisation_id": visit.organisation_id, "author": by.person},
    )
    return remark


@transaction.atomic
def change_remark(remark_id: int, text: str, seen: int, *, by: Actor) -> FactualRemark:
    """Another text for a remark that was not sent. `seen` is the version of the text that it replaces."""
    remark = _unsent(remark_id, by)
    text = _remark_text(text)
    if text == remark.text:
        return remark
    if seen != remark.text_version:
        raise StaleRemark(remark)
    remark.text, remark.text_version, remark.author = text, seen + 1, by.person
    remark.save()
    return remark


@transaction.atomic
def delete_remark(remark_id: int, seen: int, *, by: Actor) -> None:
    """Take back a remark that was not sent yet, as it was read. Raises as `change_remark` does."""
    remark = _unsent(remark_id, by)
    if seen != remark.text_version:
        raise StaleRemark(remark)
    remark.evidence.clear()
    remark.delete()


@transaction.atomic
def show_with(remark_id: int, files: Sequence[EvidenceRevision], *, by: Actor) -> None:
    """Add files of the own library to a remark. The inspectorate may open them once the reaction is sent."""
    remark = _unsent(remark_id, by)
    if any(file.organisation_id != remark.organisation_id for file in files):
        raise PermissionDenied
    remark.evidence.add(*files)


@transaction.atomic
def stop_showing(remark_id: int, file_id: int, *, by: Actor) -> None:
    _unsent(remark_id, by).evidence.remove(file_id)


def _unsent(remark_id: int, by: Actor) -> FactualRemark:
    """The remark, its visit locked."""
    visit_id = FactualRemark.objects.values_list("visit", flat=True).get(pk=remark_id)
    _at_provider(visit_id, permissions.can_react, by)
    return FactualRemark.objects.select_related("author").get(pk=remark_id)


def _remark_text(text: str) -> str:
    text = clean_text(text)
    if not text:
        raise ValidationError("Schrijf wat er niet klopt, en wat er volgens u wel moet staan.")
    # It comes in the report.
    if warning := bsn.warning(text):
        raise ValidationError(warning)
    return text


# --- what the team answers


class StaleAnswer(Exception):
    """A colleague answered this remark in between; `current` is that row. Nothing was written."""

    def __init__(self, current: FactualRemark) -> None:
        self.current = current


@transaction.atomic
def answer_remark(remark_id: int, verdict: str, answer: str, *, by: Actor, seen: str = "") -> FactualRemark:
    """The team's answer to a remark: a verdict with its reason. `seen` is the mark of the answer it replaces.

    Raises PermissionDenied, WrongState, ValidationError by field, or StaleAnswer.
    """
    visit_id = FactualRemark.objects.values_list("visit", flat=True).get(pk=remark_id)
    visit = Visit.objects.select_for_update(no_key=True).get(pk=visit_id)
    if not permissions.can_record(by, visit):
        raise PermissionDenied
    if visit.status != Visit.Status.REACTED:
        raise WrongState(visit.get_status_display())
    answer = clean_text(answer)
    if verdict not in FactualRemark.Verdict.values:
        raise ValidationError({"verdict": "Kies of u de opmerking overneemt."})
    if not answer:
        raise ValidationError({"answer": "Schrijf waarom."})
    if warning := bsn.warning(answer):
        raise ValidationError({"answer": warning})
    remark = FactualRemark.objects.select_related("answered_by").get(pk=remark_id)
    if (remark.verdict, remark.answer) == (verdict, answer):
        return remark
    if answer_mark(remark) != seen:
        raise StaleAnswer(remark)
    remark.verdict, remark.answer = verdict, answer
    remark.answered_by, remark.answered_at = by.person, timezone.now()
    remark.save()
    return remark


def answer_mark(remark: FactualRemark) -> str:
    """What tells one answer to a remark from the next; '' while there is none."""
    return remark.answered_at.isoformat() if remark.answered_at else ""
