"""Measures: their kinds and terms, who does what when, and what everybody reads."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from hypothesis import example, given
from hypothesis import strategies as st

from assessments import measures, online
from assessments.errors import NotReady, WrongState
from assessments.measure_kinds import kind_of, kinds
from assessments.measures import MEASURE
from assessments.models import EvidenceRevision, Measure, MeasureEvent, PublishedMeasure
from providers.actor import ANONYMOUS, SYSTEM, Actor
from providers.models import Mail, Organisation, Role
from tests import factories as f
from tests.test_access import png
from wlzthuis.isolation import acting

pytestmark = pytest.mark.django_db
S = Measure.Status


@pytest.fixture
def own() -> Organisation:
    return f.provider("De Linde")


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.person)
    return client


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


# --- kinds and terms


def test_the_kinds_are_as_the_file_says() -> None:
    known = kinds()
    assert [*known] == ["improvement_plan", "result_report", "heightened_supervision", "instruction", "order"]
    assert (known["order"].max_days, known["order"].extended_by) == (7, "De minister")
    assert known["instruction"].decided_by == "De minister"
    assert {code for code, kind in known.items() if kind.public == "never"} == {
        "improvement_plan",
        "result_report",
    }


@given(st.dates(date(2019, 1, 1), date(2060, 12, 31)))
@example(date(2026, 3, 28))
@example(date(2026, 10, 24))
@example(date(2028, 2, 25))
def test_an_order_holds_seven_days_after_its_day(decided: date) -> None:
    last = kind_of("order").last_day(decided)
    assert last
    assert (last - decided).days == 7
    assert last.weekday() == decided.weekday()


def test_an_order_is_no_longer_than_its_law_and_only_the_minister_lengthens_it(own: Organisation) -> None:
    inspector = f.inspector()
    with pytest.raises(ValidationError, match="ten hoogste 7 dagen"):
        f.measure(own, "order", due=8, by=inspector)
    with pytest.raises(ValidationError, match="voor het besluit"):
        f.measure(own, "order", due=-1, by=inspector)
    order = f.measure(own, "order", due=7, by=inspector)
    with pytest.raises(NotReady, match="De minister"):
        measures.extend(order.pk, in_days(30), "Nog gevaar", by=inspector)
    later = f"Kies een dag na {date_format(order.due_on, 'j F Y')}."
    for until in (order.due_on, in_days(1)):
        with pytest.raises(NotReady, match=later):
            measures.extend(order.pk, until, "Nog gevaar", by=inspector, by_other=True)
    with pytest.raises(NotReady, match=later):
        MEASURE.perform(order.pk, "extend", by=inspector, note="Zonder dag")
    longer = measures.extend(order.pk, in_days(30), "Nog gevaar", by=inspector, by_other=True)
    assert (longer.status, longer.due_on) == (S.EXTENDED, in_days(30))
    terms = MeasureEvent.objects.filter(measure=order).values_list("action", "due_on")
    assert list(terms) == [("record", in_days(7)), ("extend", in_days(30))]


def test_the_same_measure_sent_twice_is_one_and_is_mailed_once_without_its_words(own: Organisation) -> None:
    director = f.director(own).person
    assert f.measure(own).pk == f.measure(own).pk
    with pytest.raises(ValidationError):
        f.measure(own, points="Iets heel anders.")
    assert MeasureEvent.objects.count() == 1
    mail = Mail.objects.get(kind="measure_imposed", to=director.email)
    assert "Verbeterplan gevraagd" in mail.subject
    assert "nacht" not in mail.text


def test_the_provider_hears_of_each_step_of_the_inspectorate_without_its_words(own: Organisation) -> None:
    director, board = f.director(own).person, f.coordinator()
    today, later = date_format(in_days(0), "j F Y"), date_format(in_days(60), "j F Y")
    until = date_format(in_days(30), "j F Y")
    row = f.delivered_measure(own, png(), kind="heightened_supervision")
    assert not Mail.objects.filter(kind="after_report").exists()
    MEASURE.perform(row.pk, "return", by=board, note="Geheim")
    MEASURE.perform(row.pk, "publish", by=board, note="Geheim")
    measures.extend(row.pk, in_days(60), "Geheim", by=board)
    MEASURE.perform(row.pk, "meet", by=board, note="Geheim")
    late = f.measure(own)
    Measure.objects.filter(pk=late.pk).update(decided_on=f.LONG_AGO, due_on=in_days(-1))
    MEASURE.perform(late.pk, "fail", by=board, note="Geheim")
    MEASURE.perform(f.measure(own, "result_report").pk, "withdraw", by=board, note="Geheim")
    mails = list(Mail.objects.filter(kind="after_report", to=director.email).order_by("created_at"))
    assert [mail.subject for mail in mails] == [
        "Verscherpt toezicht: nog niet genoeg",
        "Verscherpt toezicht: nu openbaar",
        f"Verscherpt toezicht: verlengd tot en met {later}",
        "Verscherpt toezicht: nagekomen",
        "Verbeterplan gevraagd: niet nagekomen",
        "Resultaatverslag gevraagd: ingetrokken",
    ]
    days = [
        f"U heeft daarvoor tot en met {until}.",
        f"openbaar gemaakt op {today}.",
        f"U heeft nu tot en met {later}.",
        f"Hij is afgesloten op {today}.",
        f"Dat legde de inspectie vast op {today}.",
        f"is ingetrokken op {today}.",
    ]
    for mail, words in zip(mails, days, strict=True):
        assert words in mail.text and words in mail.html
        assert "Geheim" not in mail.text + mail.html
    assert all(row.get_absolute_url() in mail.text for mail in mails[:4])


def test_a_measure_that_cannot_be_mailed_is_not_recorded(own: Organisation, monkeypatch: Any) -> None:
    monkeypatch.delattr(measures, "_tell")
    with pytest.raises(NameError):
        f.measure(own)
    assert not Measure.objects.exists() and not MeasureEvent.objects.exists()


# --- every step, by everybody, in every state

FOLLOW = {"coordinator", "inspector"}
TABLE = {
    "deliver": (set(Measure.AWAITED), {"officer", "director"}),
    "return": ({S.DELIVERED}, FOLLOW),
    "meet": (set(Measure.RUNNING), FOLLOW),
    "fail": (set(Measure.RUNNING), FOLLOW),
    "extend": (set(Measure.RUNNING), FOLLOW),
    "publish": (set(Measure.RUNNING), FOLLOW),
    "withdraw": (set(Measure.RUNNING), FOLLOW),
}


def in_state(own: Organisation, state: str, kind: str) -> Measure:
    row, board = f.measure(own, kind), f.coordinator()
    if state == S.EXTENDED:
        return measures.extend(row.pk, in_days(60), "Meer tijd", by=board, by_other=True)
    if state == S.DELIVERED:
        measures.add_evidence(row.pk, png(), by=f.quality_officer(own))
        return MEASURE.perform(row.pk, "deliver", by=f.quality_officer(own), note="Ons plan")
    for name, action in ((S.MET, "meet"), (S.NOT_MET, "fail"), (S.WITHDRAWN, "withdraw")):
        if state == name:
            Measure.objects.filter(pk=row.pk).update(decided_on=f.LONG_AGO, due_on=in_days(-1))
            return MEASURE.perform(row.pk, action, by=board, note="Een reden")
    return row


@pytest.mark.parametrize("kind", ["improvement_plan", "heightened_supervision"])
@pytest.mark.parametrize("state", S.values)
def test_every_step_of_everybody(own: Organisation, state: str, kind: str) -> None:
    row = in_state(own, state, kind)
    assert row.status == state
    people = {
        "officer": f.quality_officer(own),
        "director": f.director(own),
        "council": f.acting(Role.COUNCIL_MEMBER, own),
        "other": f.quality_officer(f.provider("Anders")),
        "inspector": f.inspector(),
        "coordinator": f.coordinator(),
        "office": f.acting(Role.CARE_OFFICE_OFFICER, f.care_office()),
        "portal": f.acting(Role.PORTAL_ADMIN, f.portal()),
        "nobody": ANONYMOUS,
        "system": SYSTEM,
    }
    for name, by in people.items():
        for action, (sources, allowed) in TABLE.items():
            may = allowed - ({"inspector"} if kind == "heightened_supervision" else set())
            wanted = "denied" if name not in may else "open" if state in sources else "wrong state"
            assert attempt(row.pk, action, by) == wanted, (name, action)


def attempt(pk: int, action: str, by: Actor) -> str:
    try:
        with transaction.atomic():
            MEASURE.perform(pk, action, by=by, note="Een reden")
            transaction.set_rollback(True)
    except PermissionDenied:
        return "denied"
    except WrongState:
        return "wrong state"
    except NotReady:
        pass
    return "open"


def test_who_may_record_which(own: Organisation) -> None:
    with pytest.raises(PermissionDenied):
        f.measure(own, "heightened_supervision", by=f.inspector())
    for stranger in (f.quality_officer(own), f.acting(Role.CARE_OFFICE_OFFICER, f.care_office()), SYSTEM):
        with pytest.raises(PermissionDenied):
            f.measure(own, by=stranger)
    theirs = f.concept_visit()
    with pytest.raises(PermissionDenied):
        f.measure(own, visit=theirs)


def test_delivering_takes_a_file_and_comes_back_when_it_is_not_enough(own: Organisation) -> None:
    row, officer, inspector = f.measure(own, "order", due=7), f.quality_officer(own), f.inspector()
    with pytest.raises(NotReady, match="Voeg eerst een bestand toe"):
        MEASURE.perform(row.pk, "deliver", by=officer, note="Klaar")
    with pytest.raises(NotReady, match="termijn loopt nog"):
        MEASURE.perform(row.pk, "fail", by=inspector, note="Niets gehoord")
    measures.add_evidence(row.pk, png(), by=officer)
    with pytest.raises(NotReady, match="BSN"):
        MEASURE.perform(row.pk, "deliver", by=officer, note="Over 111222333")
    MEASURE.perform(row.pk, "deliver", by=officer, note="Zie het plan.")
    with pytest.raises(WrongState):
        measures.add_evidence(row.pk, png("nog.png", "red"), by=officer)
    row = MEASURE.perform(row.pk, "return", by=inspector, note="Er staat geen datum in.")
    assert (row.status, row.delivered_at) == (S.IMPOSED, None)
    measures.extend(row.pk, in_days(9), "Meer tijd", by=inspector, by_other=True)
    MEASURE.perform(row.pk, "deliver", by=officer, note="Nu met datum.")
    assert MEASURE.perform(row.pk, "return", by=inspector, note="Weer niet.").status == S.EXTENDED
    MEASURE.perform(row.pk, "deliver", by=officer, note="Nu goed.")
    row = MEASURE.perform(row.pk, "meet", by=inspector, note="Gezien.")
    assert (row.status, row.ended_on) == (S.MET, timezone.localdate())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        row.events.all().delete()


def test_what_is_not_enough_is_said_first_until_something_better_comes(own: Organisation) -> None:
    row, board = f.delivered_measure(own, png()), f.coordinator()
    officer = f.quality_officer(own)
    client, tasks = client_of(officer), reverse("assessments:tasks")
    title, task = "De inspectie vindt dit nog niet genoeg", "nog niet genoeg. Lees wat ontbreekt, en lever"
    measures.extend(row.pk, in_days(40), "Meer tijd", by=board)
    assert title not in client.get(row.get_absolute_url()).content.decode(), "longer, but not judged"
    Measure.objects.filter(pk=row.pk).update(status=S.DELIVERED)
    MEASURE.perform(row.pk, "return", by=board, note="Er staat geen <b>datum</b> in.\nEn geen naam.")
    for until in (50, 60):
        page = client.get(row.get_absolute_url()).content.decode()
        top = page[: page.index("<dt>Besluit")]
        assert title in top
        assert "Er staat geen &lt;b&gt;datum&lt;/b&gt; in.<br>En geen naam." in top
        assert "<dt>Eerder ingeleverd</dt>" in page
        assert task in client.get(tasks).content.decode()
        measures.extend(row.pk, in_days(until), "Nog meer tijd", by=board)
    MEASURE.perform(row.pk, "deliver", by=officer, note="Nu met datum.")
    page = client.get(row.get_absolute_url()).content.decode()
    assert title not in page and "<dt>Ingeleverd</dt>" in page


# --- who reads what


def test_the_provider_reads_its_own_and_changes_nothing_of_it(own: Organisation) -> None:
    row, officer = f.measure(own), f.quality_officer(own)
    theirs = f.measure(f.provider("Anders"))
    assert list(Measure.objects.visible_to(officer)) == [row]
    with acting(officer.scope):
        assert list(Measure.objects.all()) == [row]
        assert not theirs.events.exists()
        for change in ({"due_on": in_days(99)}, {"points": "Niets"}, {"kind": "result_report"}):
            with pytest.raises(ProgrammingError, match="not the provider's"), transaction.atomic():
                Measure.objects.filter(pk=row.pk).update(**change)
    with acting(f.acting(Role.CARE_OFFICE_OFFICER, f.care_office()).scope):
        assert not Measure.objects.exists()
        assert not MeasureEvent.objects.exists()


def test_the_inspectorate_opens_what_was_delivered(own: Organisation) -> None:
    row = f.delivered_measure(own, png("plan.png", "red"))
    inspector = f.inspector()
    assert list(EvidenceRevision.objects.visible_to(inspector)) == [row.evidence.get()]
    with acting(inspector.scope):
        assert list(EvidenceRevision.objects.all()) == [row.evidence.get()]
    url = reverse("assessments:evidence", args=[row.evidence.get().pk])
    assert client_of(inspector).get(url).status_code == 302


def test_only_what_is_published_is_public_and_nothing_else_of_it(own: Organisation) -> None:
    page = reverse("assessments:public_measures")
    board = f.coordinator()
    row = f.measure(own, "heightened_supervision", points="Het geheime punt", reason="De geheime reden")
    f.measure(own, "improvement_plan")
    assert "Er is geen maatregel openbaar" in Client().get(page).content.decode()
    hidden = f.measure(own, "result_report")
    with pytest.raises(NotReady, match="wordt het nooit"):
        MEASURE.perform(hidden.pk, "publish", by=board, note="Toch")
    with pytest.raises(NotReady, match="BSN"):
        MEASURE.perform(row.pk, "publish", by=board, note="Over 111222333")
    MEASURE.perform(row.pk, "publish", by=board, note="De inspectie let extra op.")
    with pytest.raises(NotReady, match="al openbaar"):
        MEASURE.perform(row.pk, "publish", by=board, note="Nog eens")
    shown = Client().get(page).content.decode()
    assert "De Linde: Verscherpt toezicht" in shown
    assert "De inspectie let extra op." in shown
    assert "geheim" not in shown
    assert "Verbeterplan" not in shown
    measures.extend(row.pk, in_days(90), "Nog niet klaar", by=board)
    assert PublishedMeasure.objects.get().due_on == in_days(90)
    MEASURE.perform(row.pk, "meet", by=board, note="Het is nu op orde.")
    assert "Nagekomen op" in Client().get(page).content.decode()
    report = f.published_visit(own)
    url = reverse("reports:detail", args=[report.number, "1.0"])
    assert "Verscherpt toezicht" in Client().get(url).content.decode()
    first = online.first_kept(timezone.localdate())
    PublishedMeasure.objects.update(published_at=online.beginning(first) - timedelta(seconds=1))
    assert "De Linde" not in Client().get(page).content.decode()


# --- pages


def test_a_measure_from_form_to_judgement(own: Organisation, editions: Any) -> None:
    visit = f.settled_visit(own)
    inside, outside = client_of(f.coordinator()), client_of(f.quality_officer(own))
    new = reverse("assessments:measure_new", args=[own.pk])
    form = inside.get(f"{new}?bezoek={visit.pk}").context["form"]
    assert form.initial["visit"] == str(visit.pk)
    sent = {
        "kind": "order",
        "visit": visit.pk,
        "decided_on": str(in_days(0)),
        "due_on": str(in_days(8)),
        "points": "Zorg vannacht voor iemand.\nBel ons morgen.",
        "reason": "Er is gevaar.",
    }
    assert "ten hoogste 7 dagen" in inside.post(new, sent).content.decode()
    before = inside.post(new, sent | {"due_on": str(in_days(-1))}).content.decode()
    assert "Deze dag ligt voor het besluit." in before and "Beperking" not in before
    slip = inside.post(new, sent | {"decided_on": "1900-01-01", "due_on": "9999-12-31"}).content.decode()
    assert "te lang geleden" in slip and "te ver vooruit" in slip
    assert inside.post(new, sent | {"due_on": str(in_days(7))}).status_code == 302
    row = Measure.objects.get()
    assert "Bevel" in outside.get(reverse("assessments:improvements")).content.decode()
    assert "Bevel" in outside.get(visit.get_absolute_url()).content.decode()
    tasks = reverse("assessments:tasks")
    assert "Bevel" in outside.get(tasks).content.decode()
    page = outside.get(row.get_absolute_url()).content.decode()
    assert "<li>Bel ons morgen.</li>" in page
    step = reverse("assessments:measure_step", args=[row.pk, "deliver"])
    upload = reverse("assessments:measure_evidence", args=[row.pk])
    assert "Kies eerst een bestand." in outside.post(upload).content.decode()
    assert outside.post(upload, {"file": png()}).status_code == 302
    assert outside.post(step, {"note": "Er is iemand."}).status_code == 302
    assert "Maatregel beoordelen" in inside.get(tasks).content.decode()
    extend = reverse("assessments:measure_extend", args=[row.pk])
    asked = inside.post(extend, {"until": str(in_days(30)), "reason": "Nog gevaar"}).content.decode()
    assert "Alleen de minister verlengt" in asked
    longer = {"until": str(in_days(30)), "reason": "Nog gevaar", "by_other": "on"}
    assert inside.post(extend, longer).status_code == 302
    assert "tot en met" in outside.get(row.get_absolute_url()).content.decode()
    assert "De Linde" in inside.get(reverse("assessments:measures")).content.decode()


def test_what_is_late_is_told_to_both(own: Organisation) -> None:
    row, inspector = f.measure(own, by=f.inspector()), f.inspector()
    Measure.objects.filter(pk=row.pk).update(decided_on=f.LONG_AGO, due_on=in_days(-1))
    tasks = reverse("assessments:tasks")
    assert "Maatregel is te laat" in client_of(inspector).get(tasks).content.decode()
    assert "1 dag te laat" in client_of(f.director(own)).get(tasks).content.decode()
    late = client_of(inspector).get(f"{reverse('assessments:measures')}?welke=laat").content.decode()
    assert "De Linde" in late


def test_the_lists_cost_the_same_with_many(own: Organisation) -> None:
    client, anybody = client_of(f.coordinator()), Client()
    pages = [(client, reverse("assessments:measures")), (anybody, reverse("assessments:public_measures"))]
    counts = []
    for n in (1, 8):
        for day in range(n):
            row = f.measure(f.provider(), "heightened_supervision", decided_on=in_days(-day))
            MEASURE.perform(row.pk, "publish", by=f.coordinator(), note="Wij letten extra op.")
        for reader, url in pages:
            reader.get(url)
            with CaptureQueriesContext(connection) as found:
                reader.get(url)
            counts.append(len(found))
    assert counts[:2] == counts[2:]
