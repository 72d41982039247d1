"""Mails to a provider about what follows a settled report: one for each event, never what somebody typed."""

from datetime import date

from django.utils import timezone
from django.utils.formats import date_format

from assessments import visit_mail
from assessments.models import ImprovementEvent, MeasureEvent, Objection, VisitEvent
from providers import mail
from providers.models import Organisation

# Named as in the log: the subject, and what happened with the date that counts now.
NEWS = {
    "visit_suspend": (
        "Openbaarmaking van rapport {number} is opgeschort",
        "De openbaarmaking van rapport {number} is opgeschort {until}. Zolang is het rapport niet openbaar. "
        "In Thuispeil leest u wie de openbaarmaking opschort.",
    ),
    "visit_resume": (
        "Opschorting van rapport {number} is opgeheven",
        "De opschorting van rapport {number} is opgeheven. {open}",
    ),
    "visit_withdraw": (
        "Rapport {number} is ingetrokken",
        "De Inspectie Gezondheidszorg en Jeugd heeft rapport {number} ingetrokken op {day}. {gone}",
    ),
    "objection_settled": (
        "Uw bezwaar bij rapport {number} is afgehandeld",
        "Uw bezwaar van {received} is afgehandeld op {day}. De uitkomst is: {outcome}. "
        "In Thuispeil leest u waarom.",
    ),
    "objection_struck": (
        "Een bezwaar bij rapport {number} is doorgehaald",
        "De inspectie legde een bezwaar van u vast, ontvangen op {received}. Zo klopte het niet. Daarom is "
        "het doorgehaald op {day}. Staat uw bezwaar er daarna niet goed? Bel of mail dan de inspectie.",
    ),
    "improvement_refuse": (
        "Punt {point} uit rapport {number} is nog niet voldoende",
        "De Inspectie Gezondheidszorg en Jeugd vindt punt {point} uit rapport {number} nog niet voldoende. "
        "In Thuispeil leest u wat er nog niet goed is. Meld het punt daarna opnieuw klaar. {term}",
    ),
    "measure_return": (
        "{measure}: nog niet genoeg",
        "De Inspectie Gezondheidszorg en Jeugd vindt wat u inleverde nog niet genoeg. Het gaat om de "
        "maatregel ‘{measure}’ van {decided}. Lees in Thuispeil wat ontbreekt, en lever opnieuw in. {term}",
    ),
    "measure_extend": (
        "{measure}: verlengd tot en met {due}",
        "De maatregel ‘{measure}’ van {decided} is verlengd. U heeft nu tot en met {due}. "
        "In Thuispeil leest u waarom.",
    ),
    "measure_publish": (
        "{measure}: nu openbaar",
        "De Inspectie Gezondheidszorg en Jeugd heeft de maatregel ‘{measure}’ van {decided} openbaar gemaakt "
        "op {day}. In Thuispeil ziet u wat iedereen daarvan leest.",
    ),
    "measure_meet": (
        "{measure}: nagekomen",
        "U bent de maatregel ‘{measure}’ van {decided} nagekomen. Hij is afgesloten op {day}. "
        "U hoeft hiervoor niets meer te doen.",
    ),
    "measure_fail": (
        "{measure}: niet nagekomen",
        "U bent de maatregel ‘{measure}’ van {decided} niet nagekomen. Dat legde de inspectie vast op {day}. "
        "In Thuispeil leest u waarom.",
    ),
    "measure_withdraw": (
        "{measure}: ingetrokken",
        "De maatregel ‘{measure}’ van {decided} is ingetrokken op {day}. "
        "U hoeft hiervoor niets meer te doen. In Thuispeil leest u waarom.",
    ),
}


def tell_report(event: VisitEvent) -> None:
    """Hook of the visit's course: whether the report is or becomes public."""
    if (name := f"visit_{event.action}") not in NEWS:
        return
    visit, publication, today = event.visit, event.visit.publication, timezone.localdate(event.at)
    until = publication.suspended_until
    if publication.published_at:
        opens = f"Het rapport is sinds {_day(today)} weer openbaar."
        gone = "Het rapport is niet meer openbaar. In Thuispeil leest u waarom."
    else:
        opens_on = max(timezone.localdate(publication.publish_at), today)
        opens = f"Het rapport wordt openbaar op {_day(opens_on)}."
        gone = "Het rapport wordt niet openbaar."
    _tell(
        name,
        visit.organisation,
        moment=f"visit-{event.pk}",
        link=f"{mail.link('assessments:visit', visit.pk)}#openbaarmaking",
        number=visit.number,
        day=_day(today),
        until=f"tot en met {_day(until)}" if until else "tot nader bericht",
        open=opens,
        gone=gone,
    )


def tell_objection(objection: Objection) -> None:
    """What came of an objection, to who made it: the provider knows of no other."""
    if objection.made_by != Objection.MadeBy.PROVIDER:
        return
    name, day = "objection_settled", objection.outcome_on
    if objection.struck_at:
        name, day = "objection_struck", timezone.localdate(objection.struck_at)
    if day is None:
        return
    _tell(
        name,
        objection.visit.organisation,
        moment=f"{name}-{objection.pk}",
        link=f"{mail.link('assessments:visit', objection.visit_id)}#openbaarmaking",
        number=objection.visit.number,
        received=_day(objection.received_on),
        day=_day(day),
        outcome=objection.get_outcome_display().lower(),
    )


def tell_point(event: ImprovementEvent) -> None:
    """Hook of the course of improvements: what the inspectorate asks is not good enough yet."""
    action = event.improvement
    if (name := f"improvement_{event.action}") not in NEWS or action.visit is None:
        return
    _tell(
        name,
        action.organisation,
        moment=f"improvement-{event.pk}",
        link=mail.link("assessments:improvement", action.pk),
        point=action.point,
        number=action.visit.number,
        term=_term(action.due),
    )


def tell_measure(event: MeasureEvent) -> None:
    """Hook of the course of measures: what the inspectorate did with it."""
    if (name := f"measure_{event.action}") not in NEWS:
        return
    measure = event.measure
    _tell(
        name,
        measure.organisation,
        moment=f"measure-{event.pk}",
        link=mail.link("assessments:measure", measure.pk),
        measure=measure.title,
        decided=_day(measure.decided_on),
        day=_day(timezone.localdate(event.at)),
        due=_day(measure.due_on),
        term=_term(measure.due_on),
    )


def _tell(name: str, provider: Organisation, *, moment: str, link: str, **facts: str) -> None:
    title, text = (words.format(**facts) for words in NEWS[name])
    visit_mail.tell_provider("after_report", provider, moment=moment, link=link, title=title, text=text)


def _term(due: date) -> str:
    if due < timezone.localdate():
        return f"De laatste dag was {_day(due)}, dus doe dit zo snel mogelijk."
    return f"U heeft daarvoor tot en met {_day(due)}."


def _day(day: date) -> str:
    return date_format(day, "j F Y")
