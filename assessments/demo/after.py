"""What followed the demo's reports: points that were taken up, objections, a better version, measures."""

from collections.abc import Sequence
from datetime import date, timedelta

from assessments import corrections, improvement, measures, publication
from assessments.demo.accounts import Cast
from assessments.demo.clock import clock_at, moment
from assessments.demo.files import upload
from assessments.demo.story import Inspectors
from assessments.models import ImprovementAction, Measure, Objection, Visit
from assessments.permissions import is_member
from assessments.workflow import VISIT
from providers.actor import Actor

S = Visit.Status
# So many providers said themselves that what is due was done; of others it was seen at their place.
TOLD = 6
# Of these (by place) what is due still lies open.
LATE = {9}


def seed_after(cast: Sequence[Cast], inspectors: Inspectors, today: date) -> None:
    """A little of everything, once, for providers of which the demo tells a visit."""
    if Measure.objects.exists():
        return
    by_provider: dict[int, Visit] = {
        visit.organisation_id: visit
        for visit in Visit.objects.filter(status__in=[S.PUBLISHED, S.DECIDED]).order_by("starts_on")
    }
    members = {member.organisation.pk: member for member in cast}
    for visit in Visit.objects.filter(status=S.PUBLISHED).order_by("starts_on"):
        member = members.get(visit.organisation_id)
        if member and member.index not in LATE:
            _take_up(member, visit, _of_team(visit, inspectors), today)
    _impose(cast, by_provider, inspectors, today)
    _correct(cast, by_provider, inspectors, today)
    waiting = next((visit for visit in by_provider.values() if visit.status == S.DECIDED), None)
    if waiting:
        row = Objection(
            visit=waiting, made_by="provider", received_on=today, subject="De datum van een gesprek."
        )
        publication.record_objection(row, by=inspectors.coordinator)


def _officer(member: Cast) -> Actor:
    return Actor(member.officer, member.organisation, frozenset({"quality_officer"}))


def _of_team(visit: Visit, inspectors: Inspectors) -> Actor:
    return next(actor for actor in inspectors.team if is_member(actor, visit))


def _take_up(member: Cast, visit: Visit, inspector: Actor, today: date) -> None:
    """The first provider, with which people sign in, has one point to be checked and others to do."""
    officer = _officer(member)
    points = ImprovementAction.objects.filter(visit=visit).order_by("due", "pk")
    for number, point in enumerate(points):
        if point.due > today or (member.index == 0 and number > 0):
            continue
        if member.index > TOLD:
            _find_good(point, inspector, today)
            continue
        with clock_at(moment(point.due - timedelta(days=4), 10)):
            page = upload(f"{point.point} geregeld.pdf", "Zo is het geregeld", [point.what[:60]])
            improvement.add_evidence(point, page, by=officer)
            note = "Dit staat nu op papier en is met iedereen besproken."
            improvement.IMPROVEMENT.perform(point.pk, "finish", by=officer, note=note)
        if member.index:
            _find_good(point, inspector, today)


def _find_good(point: ImprovementAction, inspector: Actor, today: date) -> None:
    with clock_at(moment(min(point.due + timedelta(days=9), today), 9)):
        note = "Gezien in de stukken en gehoord van twee zorgverleners."
        improvement.IMPROVEMENT.perform(point.pk, "accept", by=inspector, note=note)


# Which provider (by place), which measure, decided how many days ago, for how many days, what it asks.
IMPOSED = (
    (
        0,
        "improvement_plan",
        18,
        42,
        "Maak een plan voor de avond en de nacht, met namen van functies en data.",
    ),
    (2, "result_report", 60, 40, "Laat zien wat de nieuwe achterwacht in drie maanden opleverde."),
    (3, "heightened_supervision", 30, 180, "Meld elke twee weken welke diensten niet bezet waren."),
)


def _impose(cast: Sequence[Cast], visits: dict[int, Visit], inspectors: Inspectors, today: date) -> None:
    for index, kind, ago, days, points in IMPOSED:
        if index >= len(cast):
            continue
        member, board = cast[index], inspectors.coordinator
        with clock_at(moment(today - timedelta(days=ago), 11)):
            measure = measures.record(
                Measure(
                    organisation=member.organisation,
                    visit=visits.get(member.organisation.pk),
                    kind=kind,
                    decided_on=today - timedelta(days=ago),
                    due_on=today + timedelta(days=days - ago),
                    points=points,
                    reason="Bij het bezoek bleek dat cliënten in de nacht niet op tijd hulp krijgen.",
                ),
                by=board,
            )
            if kind == "heightened_supervision":
                text = "De inspectie let extra op of er in de avond en nacht op tijd hulp komt."
                measures.MEASURE.perform(measure.pk, "publish", by=board, note=text)
        if kind == "result_report":
            with clock_at(moment(today - timedelta(days=21), 15)):
                page = upload("Resultaatverslag.pdf", "Resultaatverslag", ["Achterwacht in de nacht"])
                measures.add_evidence(measure.pk, page, by=_officer(member))
                note = "In 88 van de 90 nachten was er binnen een half uur iemand."
                measures.MEASURE.perform(measure.pk, "deliver", by=_officer(member), note=note)


def _correct(cast: Sequence[Cast], visits: dict[int, Visit], inspectors: Inspectors, today: date) -> None:
    """The report of the third provider has a better version."""
    visit = visits.get(cast[2].organisation.pk) if len(cast) > 2 else None
    if visit is None or visit.status != S.PUBLISHED:
        return
    inspector = _of_team(visit, inspectors)
    with clock_at(moment(today - timedelta(days=9), 10)):
        reason = "In de beschrijving van de aanbieder stond een verkeerd aantal medewerkers."
        row = corrections.begin(visit.pk, reason, by=inspector)
        place = next(place for place in corrections.places(row) if place.key == "De aanbieder")
        text = f"{place.before} Sinds dit jaar werken er twee mensen meer."
        corrections.write(visit.pk, place.key, text, seen=place.before, by=inspector)
        VISIT.perform(visit.pk, "correct", by=inspectors.coordinator)
