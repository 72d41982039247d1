"""A visit's plan: making and changing it, who hears of it, and who declared to have no interest."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assessments import field_edits, planning, preparation_text, report_text, visit_agenda
from assessments.errors import NotReady, WrongState
from assessments.forms.visit_plan import MoveForm
from assessments.models import Passage, Visit, VisitEvent
from providers.models import AuditEvent, Mail, Role
from tests import factories as make
from tests.assessments.visit_pages import fields, page, signed_in, url
from wlzthuis.isolation import acting

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 3)


@pytest.fixture
def organisation(editions: Any) -> Any:
    organisation = make.provider("De Linde", locations=2)
    make.quality_officer(organisation)
    return organisation


def mails(kind: str = "") -> list[Mail]:
    found = Mail.objects.order_by("pk")
    return list(found.filter(kind=kind) if kind else found.filter(kind__startswith="visit_"))


def changes(visit: Visit, **other: Any) -> planning.Changes:
    """The plan as it is, with something else."""
    members = list(visit.members.select_related("user"))
    as_it_is: dict[str, Any] = {
        "locations": list(visit.locations.all()),
        "team": [member.user for member in members],
        "coordinator": next(member.user for member in members if member.coordinates),
        "announced": visit.announced,
        "focus": visit.focus,
        "own_score_hidden": visit.own_score_hidden,
        "judged_apart": visit.judged_apart,
    }
    return planning.Changes(**as_it_is | other)


def move(visit: Visit, days: int, *, by: Any = None, seen: int | None = None) -> Visit:
    start = visit.starts_on + timedelta(days=days)
    mark = planning.mark(visit) if seen is None else seen
    return planning.move(visit.pk, start, start, "Ziekte in het team", mark, by=by or make.lead(visit))


def test_an_announced_visit_is_mailed_an_unannounced_one_leaves_no_trace(organisation: Any) -> None:
    """All that can be done to a plan, with nothing for the provider to find."""
    visit = make.planned_visit(organisation, announced=False)
    lead, colleague = make.lead(visit), make.person(Role.INSPECTOR, make.inspectorate(), name="Ans")
    move(visit, 3)
    visit.refresh_from_db()
    planning.change(
        visit.pk,
        changes(visit, locations=[organisation.locations.first()], team=[colleague], focus="De nacht"),
        planning.mark(visit),
        by=lead,
    )
    planning.hand_over(visit.pk, lead.person, make.coordinator().person, planning.mark(visit), by=lead)
    planning.report_conflict(visit.pk, by=make.actor(colleague))
    make.step(visit, "cancel", make.coordinator(), "Te druk")
    officer = make.quality_officer(organisation)
    assert not Mail.objects.exists()
    assert not AuditEvent.objects.filter(about=organisation, action__startswith="visit_").exists()
    with acting(officer.scope):
        assert not Visit.objects.exists() and not VisitEvent.objects.exists()
    assert [event.action for event in visit.events.all()] == [
        "plan", "declare", "move", "change", "relocate", "hand_over", "conflict", "cancel",
    ]  # fmt: skip
    make.planned_visit(organisation)
    assert [mail.kind for mail in mails()] == ["visit_announced"]


def test_after_it_took_place_the_provider_still_reads_nothing_of_the_plan(organisation: Any) -> None:
    visit = make.planned_visit(organisation, announced=False, starts_on=timezone.localdate() - timedelta(9))
    move(visit, 2)
    make.step(visit, "conduct", make.lead(visit))
    officer = make.quality_officer(organisation)
    with acting(officer.scope):
        assert [event.action for event in VisitEvent.objects.all()] == ["conduct"]
    text = page(signed_in(officer), url("visit", visit.pk))
    assert "Bezoek uitgevoerd" in text
    assert not [words for words in ("verzet", "gepland", "Ziekte", "belang") if words in text]


def test_moving_tells_the_old_and_the_new_days_once(organisation: Any) -> None:
    visit = make.planned_visit(organisation, starts_on=date(2027, 2, 27))
    seen = planning.mark(visit)
    move(visit, 2)
    (mail,) = mails("visit_moved")
    for part in (mail.text, mail.html):
        assert "27 februari 2027" in part and "1 maart 2027" in part and "Ziekte" not in part
    move(visit, 2, seen=seen)  # a double click: the days that it already has
    assert len(mails("visit_moved")) == 1
    event = visit.events.get(action="move")
    assert event.note == "Ziekte in het team" and event.changed["days"][1] == "1 maart 2027"
    text = page(signed_in(make.quality_officer(organisation)), url("visit", visit.pk))
    assert "Dagen: eerst 27 februari 2027, nu 1 maart 2027." in text and "Ziekte" not in text


def test_a_stale_form_shows_what_a_colleague_changed_and_writes_nothing(organisation: Any) -> None:
    visit = make.planned_visit(organisation, starts_on=date(2027, 2, 27))
    client = signed_in(make.lead(visit))
    sent = fields(page(client, url("visit_move", visit.pk)))
    move(visit, 7)
    sent |= {"starts_on": "2027-04-01", "ends_on": "", "reason": "Voorjaar"}
    sent |= {"confirmed": "on"}
    answer = client.post(url("visit_move", visit.pk), sent)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "eerst 27 februari 2027, nu 6 maart 2027" in text and "Voorjaar" in text
    assert Visit.objects.get().starts_on == date(2027, 3, 6)
    again = fields(text) | {"confirmed": "on"}
    assert client.post(url("visit_move", visit.pk), again).status_code == 302
    assert Visit.objects.get().starts_on == date(2027, 4, 1)
    with pytest.raises(planning.StalePlan):
        planning.change(visit.pk, changes(visit, focus="Anders"), 0, by=make.lead(visit))


def test_changing_the_plan(organisation: Any) -> None:
    visit = make.planned_visit(organisation, announced=False)
    lead = make.lead(visit)
    people = (make.person(Role.INSPECTOR, make.inspectorate(), name=name) for name in ("Ans", "Bonifatia"))
    second, third = people

    def change(**other: Any) -> Visit:
        visit.refresh_from_db()
        return planning.change(visit.pk, changes(visit, **other), planning.mark(visit), by=lead)

    change(team=[second], coordinator=third, judged_apart=True)
    members = {member.user.name: member for member in visit.members.select_related("user")}
    assert set(members) == {"Ans", "Bonifatia"} and members["Bonifatia"].coordinates
    assert visit.undeclared() == ["Ans", "Bonifatia"], "who comes has to declare"
    with pytest.raises(PermissionDenied):
        change(focus="Ik zit er niet meer in")
    lead = make.actor(second)
    planning.declare(visit.pk, by=lead)
    change(team=[second])
    assert visit.undeclared() == ["Bonifatia"], "who stays keeps the own declaration"
    make.judge(visit, "W2", common=False, by=lead)
    with pytest.raises(ValidationError, match="al geoordeeld"):
        change(judged_apart=False)
    change(announced=True)
    assert [mail.kind for mail in mails()] == ["visit_announced"]
    with pytest.raises(ValidationError, match="weet al van het bezoek"):
        change(announced=False)
    change(locations=[organisation.locations.last()])
    (mail,) = mails("visit_relocated")
    assert "Team 2" in mail.text
    text = page(signed_in(make.quality_officer(organisation)), url("visit", visit.pk))
    assert "Bezoek aangekondigd" in text and "Andere locaties" in text
    assert not [words for words in ("Bonifatia", "Eerst apart", "Plan gewijzigd") if words in text]


def test_handing_over_takes_the_place_and_asks_a_new_declaration(organisation: Any) -> None:
    visit = make.conducted_visit(organisation)
    lead, heir = make.lead(visit), make.acting(Role.COORDINATING_INSPECTOR, make.inspectorate())
    seen = planning.mark(visit)
    planning.hand_over(visit.pk, lead.person, heir.person, seen, by=lead)
    planning.hand_over(visit.pk, lead.person, heir.person, seen, by=heir)  # sent twice
    (place,) = visit.members.all()
    assert (place.user, place.coordinates, place.no_conflict_at) == (heir.user, True, None)
    with pytest.raises(PermissionDenied):
        make.edit_finding(visit, by=heir, text="Feit")
    planning.declare(visit.pk, by=heir)
    make.edit_finding(visit, by=heir, text="Feit")
    with pytest.raises(PermissionDenied):
        make.edit_finding(visit, by=lead, text="Feit")


def test_nobody_records_before_declaring_and_the_visit_waits_for_all(organisation: Any) -> None:
    visit = make.planned_visit(organisation)
    lead = make.lead(visit)
    second = make.actor(make.person(Role.INSPECTOR, make.inspectorate(), name="Ans"))
    planning.change(
        visit.pk, changes(visit, team=[lead.person, second.person]), planning.mark(visit), by=lead
    )
    with pytest.raises(NotReady, match="Ans"):
        make.step(visit, "conduct", lead)
    client = signed_in(second)
    assert "Ik verklaar dit" in page(client, url("visit", visit.pk))
    assert "Verklaren dat u geen belang heeft" in page(client, url("tasks"))
    edit = field_edits.Edit(make.uuid.uuid4(), "finding", make.uuid.uuid4(), "text", 0, "Feit")
    with pytest.raises(PermissionDenied):
        field_edits.apply_edits(visit.pk, [edit], by=second)
    client.post(url("visit_declare", visit.pk))
    client.post(url("visit_declare", visit.pk))
    (event,) = visit.events.filter(action="declare", by=second.person)
    assert event.note == preparation_text.declaration(timezone.localdate())
    make.step(visit, "conduct", lead)


def test_who_has_an_interest_leaves_the_team_and_no_reason_is_kept(organisation: Any) -> None:
    visit = make.planned_visit(organisation)
    lead = make.lead(visit)
    client = signed_in(lead)
    for _ in range(2):
        assert client.post(url("visit_declare", visit.pk), {"conflict": "1"}).status_code == 302
    assert not visit.members.exists()
    (event,) = visit.events.filter(action="conflict")
    assert (event.note, event.internal) == ("", True)
    with pytest.raises(PermissionDenied):
        make.step(visit, "conduct", lead)
    with pytest.raises(PermissionDenied):
        planning.declare(visit.pk, by=lead)
    coordinator = make.coordinator()
    assert "Kiezen wie een bezoek coördineert" in page(signed_in(coordinator), url("tasks"))
    plan = planning.Changes([], [], coordinator.person, True, "", False, False)
    planning.change(visit.pk, plan, planning.mark(visit), by=coordinator)
    assert visit.members.get().coordinates


def test_who_leaves_is_not_waited_for_by_those_who_judged_apart(organisation: Any) -> None:
    visit = make.planned_visit(organisation, judged_apart=True)
    lead, second, third = make.lead(visit), make.member(visit), make.member(visit)
    for judge in (lead, second):
        make.judge(visit, "W2", common=False, by=judge)
    assert not visit.openings.exists()
    planning.report_conflict(visit.pk, by=third)
    assert visit.openings.get().item.code == "W2"


def test_who_may_change_a_plan_and_when(organisation: Any) -> None:
    visit = make.planned_visit(organisation, starts_on=timezone.localdate())
    outsider = make.actor(make.person(Role.INSPECTOR, make.inspectorate()))
    for stranger in (outsider, make.director(organisation), make.acting(Role.PORTAL_ADMIN, make.portal())):
        with pytest.raises(PermissionDenied):
            move(visit, 1, by=stranger)
        with pytest.raises(PermissionDenied):
            planning.hand_over(visit.pk, make.lead(visit).person, stranger.person, 0, by=stranger)
        with pytest.raises(PermissionDenied):
            planning.declare(visit.pk, by=stranger)
    move(visit, -1, by=make.coordinator())
    make.step(visit, "conduct", make.lead(visit))
    visit.refresh_from_db()
    with pytest.raises(WrongState):
        move(visit, 1)
    with pytest.raises(WrongState):
        planning.change(visit.pk, changes(visit, focus="Later"), planning.mark(visit), by=make.lead(visit))
    answer = signed_in(make.lead(visit)).get(url("visit_move", visit.pk))
    assert answer.status_code == 302


def test_a_follow_up_takes_only_what_fell_short(organisation: Any) -> None:
    """Low, or with a point that must be better; it can be adjusted, and the report is about that alone."""
    first = make.conducted_visit(organisation)
    lead = make.lead(first)
    levels = {"W1": "meets", "W2": "largely_fails", "W3": "largely_meets"}
    for judged in report_text.judged_items(first):
        make.judge(first, judged.code, levels.get(judged.code, "not_tested"))
    make.step(first, "compose", lead)
    Passage.objects.filter(visit=first, key="must", item__code="W3").update(text="Regel de dagbesteding.")
    assert [item.code for item in planning.fell_short(first)] == ["W2", "W3"]
    client = signed_in(lead)
    address = f"{url('visit_plan', organisation.pk)}?vervolg={first.number}"
    assert client.get(address).status_code == 404, "it is not settled what fell short"
    Visit.objects.filter(pk=first.pk).update(status=Visit.Status.SETTLED)
    text = page(client, address)
    sent = fields(text) | {"starts_on": timezone.localdate().isoformat(), "confirmed": "on"}
    assert sent["items"] == [str(make.item(code).pk) for code in ("W2", "W3")]
    sent["items"] = sent["items"][:1]
    assert client.post(address, sent).status_code == 302
    later = Visit.objects.get(follows=first)
    assert [item.code for item in report_text.judged_items(later)] == ["W2"]
    assert "Vervolgbezoek" in page(client, url("visit", first.pk))
    assert f"Bezoek {first.number}" in page(client, url("visit", later.pk))


def test_the_letter_is_for_whom_the_visit_is_announced(organisation: Any) -> None:
    told, kept = make.planned_visit(organisation), make.planned_visit(organisation, announced=False)
    officer, inspector = make.quality_officer(organisation), make.inspector()
    assert "Wat u kunt voorbereiden" in page(signed_in(officer), url("visit_letter", told.pk))
    assert "Eigen formulering" in page(signed_in(inspector), url("visit_letter", told.pk))
    assert signed_in(inspector).get(url("visit_letter", kept.pk)).status_code == 404
    with pytest.raises(ValueError, match="no letter"):
        preparation_text.letter(kept, TODAY)


def test_my_visits_say_what_comes_next(organisation: Any) -> None:
    soon = make.planned_visit(organisation, announced=False)
    conducted = make.conducted_visit(organisation)
    published = make.published_visit(organisation)
    other = make.actor(make.person(Role.INSPECTOR, make.inspectorate()))
    make.planned_visit(make.provider("Verre Zorg"), by=other)
    client = signed_in(make.lead(soon))
    text = page(client, url("visits"))
    assert text.index("Komende bezoeken") < text.index("Rapport schrijven")
    assert soon.number in text and conducted.number in text and "onaangekondigd" in text
    assert published.number not in text and "Verre Zorg" not in text
    assert "Verre Zorg" in page(client, url("visits") + "?welke=alle")
    assert published.number in page(client, url("visits") + "?welke=mijn&status=klaar")
    assert "Verre Zorg" in page(client, url("visits") + "?welke=alle&status=elke")

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            page(client, url("visits") + "?welke=alle")
        return len(seen)

    before = statements()
    for _ in range(visit_agenda.SHOWN):
        make.planned_visit(make.provider(), by=other)
    assert statements() == before
    assert "Er zijn er meer" in page(client, url("visits") + "?welke=alle")


DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))


@given(start=DAYS, length=st.integers(-5, 500))
def test_days_of_a_move_are_what_was_filled_in_or_refused(start: date, length: int) -> None:
    """Over month ends, leap days and both changes of the clock: no day shifts."""
    end = start + timedelta(days=length)
    form = DaysOnly({"starts_on": start.isoformat(), "ends_on": end.isoformat()})
    near = abs((start - timezone.localdate()).days) <= 730
    assert form.is_valid() == (near and 0 <= length <= 366)
    if form.is_valid():
        assert (form.cleaned_data["starts_on"], form.cleaned_data["ends_on"]) == (start, end)


class DaysOnly(MoveForm):
    """The days of the form alone, without a visit."""

    def __init__(self, data: Any) -> None:
        super(MoveForm, self).__init__(data)
        del self.fields["reason"]

    def judged_with(self, cleaned: Any) -> Any:
        return []


@given(ends=DAYS, due=DAYS)
def test_the_day_that_counts_is_whole_days_away(ends: date, due: date) -> None:
    visit = Visit(starts_on=ends, ends_on=ends, reaction_due=due)
    days = {
        "planned": ends,
        "drafting": ends + timedelta(days=30),
        "at_provider": due,
        "reacted": due + timedelta(days=14),
        "processed": due + timedelta(days=28),
        "settled": due + timedelta(days=42),
    }
    for status, day in days.items():
        visit.status = status
        assert visit_agenda.next_day(visit)[0] == day


def test_who_leaves_the_inspectorate_stays_in_the_log_of_each_visit(organisation: Any) -> None:
    visit = make.planned_visit(organisation, judged_apart=True)
    lead, mate, boss = make.lead(visit), make.member(visit), make.coordinator()
    make.judge(visit, "W2", common=False, by=mate)
    planning.hand_over_all(lead.person, mate.person, make.inspectorate(), boss)
    (place,) = visit.members.all()
    assert place.user == mate.user and place.coordinates and place.no_conflict_at
    event = visit.events.get(action="hand_over")
    assert (event.by, event.internal) == (boss.user, True)
    assert event.changed == {"team": [lead.person.name, mate.person.name]}
    assert visit.openings.get().item.code == "W2", "nobody waits for who left"


def test_nothing_is_asked_any_more_for_a_visit_that_is_cancelled(organisation: Any) -> None:
    visit = make.planned_visit(organisation)
    asked = make.documents_asked(visit)
    make.step(visit, "cancel", make.lead(visit), "Ziek")
    asked.refresh_from_db()
    assert (asked.status, asked.closed_by) == ("withdrawn", make.lead(visit).user)
    own = signed_in(make.quality_officer(organisation))
    assert "Documenten geven" not in page(own, url("tasks"))


def test_how_the_team_works_is_not_in_the_log_of_the_provider(organisation: Any) -> None:
    visit = make.processed_visit(organisation)
    make.step(visit, "reopen", make.coordinator(), "Herschrijf dit.")
    inside = {"visit_compose", "visit_process", "visit_reopen"}
    logged = AuditEvent.objects.filter(action__in=inside)
    assert set(logged.values_list("action", flat=True)) == inside
    assert not logged.exclude(about=None).exists()
    with acting(make.director(organisation).scope):
        assert not visit.events.filter(action__in=("compose", "process", "reopen")).exists()
