"""What must be better: from the settled report to an action, its proof, the check and the follow-up."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments import digest, improvement, visit_improvements
from assessments.errors import NotReady, WrongState
from assessments.improvement import IMPROVEMENT
from assessments.models import EvidenceRevision, ImprovementAction, ImprovementEvent, Visit
from providers.actor import SYSTEM, Actor
from providers.models import Mail, Role
from tests import factories as f
from tests.test_access import png
from wlzthuis.isolation import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(editions: Any) -> Visit:
    return f.settled_visit(f.provider("De Linde"))


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.person)
    return client


def test_each_point_becomes_an_action_when_the_report_is_settled(editions: Any) -> None:
    visit = f.drafting_visit()
    f.passage(visit, "must", "Zorg voor de nacht.\nOefen het.", code="W2", due_in=60)
    f.passage(visit, "must", "Schrijf afspraken op.", code="W1", due_in=30)
    assert not ImprovementAction.objects.exists()
    f.settled_draft(visit)
    made = ImprovementAction.objects.order_by("point").values_list("point", "demand", "item__code", "status")
    assert list(made) == [
        ("V1", "Schrijf afspraken op.", "W1", "planned"),
        ("V2", "Zorg voor de nacht.", "W2", "planned"),
        ("V3", "Oefen het.", "W2", "planned"),
    ]
    assert set(ImprovementEvent.objects.values_list("action", flat=True)) == {"ask"}
    asked = {row["number"]: row for row in visit.versions.get(version="1.0").content["actions"]}
    for action in ImprovementAction.objects.all():
        assert str(action.due) == asked[action.point]["due_on"]


def test_the_provider_plans_but_cannot_touch_what_is_asked(visit: Visit) -> None:
    action, officer = f.point(visit), f.quality_officer(visit.organisation)
    client = client_of(officer)
    url = reverse("assessments:improvement_edit", args=[action.pk])
    page = client.get(url)
    assert "due" not in page.context["form"].fields
    data = {name: value for name, value in page.context["form"].initial.items() if value is not None}
    data |= {"what": "Samen met de buren", "who": str(officer.person.pk), "expected": "Elke nacht iemand."}
    sent = data | {"due": "2099-01-01", "demand": "Niets", "key": "00000000-0000-0000-0000-000000000001"}
    assert client.post(url, sent).status_code == 302
    after = f.point(visit)
    assert (after.what, after.assignee, after.demand, after.due) == (
        "Samen met de buren",
        officer.user,
        action.demand,
        action.due,
    )
    with pytest.raises(NotReady, match="stoppen kan niet"):
        IMPROVEMENT.perform(action.pk, "stop", by=officer, note="Geen zin")
    assert "stop" not in {choice.action for choice in IMPROVEMENT.available(after, officer)}
    rows = ImprovementAction.objects.filter(pk=action.pk)
    with acting(officer.scope):
        for change in ({"demand": "Niets"}, {"due": "2099-01-01"}, {"point": "", "demand": ""}):
            with pytest.raises(ProgrammingError, match="not the provider's"), transaction.atomic():
                rows.update(**change)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM assessments_improvementaction")
            assert cursor.rowcount == 0


def test_no_provider_makes_a_point_of_its_own(visit: Visit) -> None:
    officer = f.quality_officer(visit.organisation)
    action = f.point(visit)
    action.pk, action.point, action.key = None, "V9", "00000000-0000-0000-0000-000000000009"
    with acting(officer.scope), pytest.raises(ProgrammingError, match="row-level"), transaction.atomic():
        action.save(force_insert=True)


def test_ready_asks_for_proof_and_an_inspector_sends_it_back_or_is_content(visit: Visit) -> None:
    action, officer, inspector = f.point(visit), f.quality_officer(visit.organisation), f.lead(visit)
    with pytest.raises(NotReady, match="bewijsstuk"):
        IMPROVEMENT.perform(action.pk, "finish", by=officer, note="Klaar")
    with pytest.raises(WrongState):
        IMPROVEMENT.perform(action.pk, "refuse", by=inspector, note="Te vroeg")
    f.reported_point(visit, png("rooster.png", "red"))
    with pytest.raises(PermissionDenied):
        IMPROVEMENT.perform(action.pk, "accept", by=officer, note="Wij vinden het goed")
    with pytest.raises(NotReady):
        IMPROVEMENT.perform(action.pk, "refuse", by=inspector, note=" ")
    IMPROVEMENT.perform(action.pk, "refuse", by=inspector, note="In het weekend is er niemand.")
    assert f.point(visit).status == "busy"
    page = client_of(officer).get(action.get_absolute_url()).content.decode()
    assert "In het weekend is er niemand." in page
    assert inspector.person.name not in page, "a provider reads no names of inspectors"
    IMPROVEMENT.perform(action.pk, "finish", by=officer, note="Nu ook in het weekend.")
    IMPROVEMENT.perform(action.pk, "accept", by=inspector, note="Gezien op het rooster.")
    done = f.point(visit)
    assert (done.status, done.result) == ("checked", "Nu ook in het weekend.")
    for action_name, who in (("reopen", officer), ("accept", inspector), ("refuse", inspector)):
        with pytest.raises(WrongState):
            IMPROVEMENT.perform(action.pk, action_name, by=who, note="Nog eens")


@pytest.mark.parametrize(
    ("days", "words"), [(3, "U heeft daarvoor tot en met {}."), (-3, "De laatste dag was {}, dus")]
)
def test_the_provider_hears_at_once_that_a_point_is_not_good_enough(
    visit: Visit, days: int, words: str
) -> None:
    director = f.director(visit.organisation).person
    due = timezone.localdate() + timedelta(days=days)
    ImprovementAction.objects.update(due=due)
    action = f.reported_point(visit, png())
    assert not Mail.objects.filter(kind="after_report").exists()
    IMPROVEMENT.perform(action.pk, "refuse", by=f.lead(visit), note="In het weekend is er niemand.")
    mail = Mail.objects.get(kind="after_report", to=director.email)
    assert mail.subject == f"Punt V1 uit rapport {visit.number} is nog niet voldoende"
    assert words.format(date_format(due, "j F Y")) in mail.text
    assert action.get_absolute_url() in mail.text and action.get_absolute_url() in mail.html
    assert "weekend" not in mail.text + mail.html


def test_what_is_not_good_enough_is_said_first_until_it_is_reported_anew(visit: Visit) -> None:
    action, officer, inspector = f.point(visit), f.quality_officer(visit.organisation), f.lead(visit)
    client, tasks = client_of(officer), reverse("assessments:tasks")
    title, task = "De inspectie vindt dit nog niet genoeg", "De inspectie vond dit nog niet genoeg."
    assert title not in client.get(action.get_absolute_url()).content.decode()
    assert task not in client.get(tasks).content.decode()
    f.reported_point(visit, png())
    IMPROVEMENT.perform(action.pk, "refuse", by=inspector, note="Eerst <b>dit</b>.")
    IMPROVEMENT.perform(action.pk, "finish", by=officer, note="Nu wel.")
    IMPROVEMENT.perform(action.pk, "refuse", by=inspector, note="In het <b>weekend</b>\nis er niemand.")
    page = client.get(action.get_absolute_url()).content.decode()
    top = page[: page.index("<dt>Wie</dt>")]
    assert title in top and "Eerst" not in top
    assert "In het &lt;b&gt;weekend&lt;/b&gt;<br>is er niemand." in top
    for assignee, role_name in ((None, "Nog niet verdeeld"), (officer.person, "")):
        ImprovementAction.objects.update(assignee=assignee, role_name=role_name)
        assert task in client.get(tasks).content.decode()
    IMPROVEMENT.perform(action.pk, "finish", by=officer, note="Nu ook in het weekend.")
    assert title not in client.get(action.get_absolute_url()).content.decode()


def test_who_reports_what_is_asked_reads_that_the_inspectorate_judges_it(visit: Visit) -> None:
    officer, judged = f.quality_officer(visit.organisation), "De inspectie leest dit en beoordeelt het."
    client, again = client_of(officer), "als u dit onderdeel weer beoordeelt"
    asked, own = f.point(visit), f.improvement(f.answered_revision(visit.organisation))
    improvement.add_evidence(asked, png(), by=officer)
    for action, words, other in ((asked, judged, again), (own, again, judged)):
        step = reverse("assessments:improvement_step", args=[action.pk, "finish"])
        for address in (step, action.get_absolute_url()):
            page = client.get(address).content.decode()
            assert words in page and other not in page
        done = client.post(step, {"note": "Elke nacht is er iemand."}, follow=True)
        (message,) = done.context["messages"]
        assert (judged in str(message)) is (action == asked)


def test_nobody_else_checks_and_other_actions_are_not_checked(visit: Visit) -> None:
    own = f.improvement(f.answered_revision(visit.organisation))
    other = f.quality_officer(f.provider("Anders"))
    office = f.acting(Role.CARE_OFFICE_OFFICER, f.care_office())
    for stranger in (other, office, f.acting(Role.PORTAL_ADMIN, f.portal()), SYSTEM):
        with pytest.raises(PermissionDenied):
            IMPROVEMENT.perform(f.point(visit).pk, "accept", by=stranger, note="x")
    with pytest.raises(PermissionDenied):
        IMPROVEMENT.perform(own.pk, "accept", by=f.lead(visit), note="x")


def test_the_inspectorate_reads_points_and_their_proof_and_nothing_else_of_the_provider(visit: Visit) -> None:
    revision = f.answered_revision(visit.organisation)
    own = f.improvement(revision, f.asked_items(revision, "judgement")[0])
    improvement.add_evidence(own, png("eigen.png", "blue"), by=f.quality_officer(visit.organisation))
    f.reported_point(visit, png("bewijs.png", "red"))
    mine, private = f.point(visit).evidence.get(), own.evidence.get()
    inspector = f.lead(visit)
    assert set(ImprovementAction.objects.visible_to(inspector)) == {f.point(visit)}
    assert set(EvidenceRevision.objects.visible_to(inspector)) == {mine}
    with acting(inspector.scope):
        assert list(ImprovementAction.objects.all()) == [f.point(visit)]
        assert set(EvidenceRevision.objects.all()) == {mine}
        assert not ImprovementEvent.objects.filter(improvement=own).exists()
        assert ImprovementAction.objects.filter(pk=own.pk).update(what="x") == 0
        with pytest.raises(ProgrammingError), transaction.atomic():
            f.point(visit).evidence.add(private)
    client = client_of(inspector)
    assert client.get(own.get_absolute_url()).status_code == 404
    assert client.get(reverse("assessments:evidence", args=[private.pk])).status_code == 404
    assert client.get(reverse("assessments:evidence", args=[mine.pk])).status_code == 302
    assert client.get(reverse("assessments:improvement_edit", args=[f.point(visit).pk])).status_code == 403
    for scope in (
        f.acting(Role.CARE_OFFICE_OFFICER, f.care_office()),
        f.quality_officer(f.provider("Anders")),
    ):
        with acting(scope.scope):
            assert not ImprovementAction.objects.exists()


def test_a_follow_up_has_what_is_open_on_its_agenda_and_closes_it_there(visit: Visit) -> None:
    follow_up = f.planned_visit(visit.organisation, follows=visit)
    inspector = f.lead(follow_up)
    (point,) = visit_improvements.agenda(follow_up, inspector)
    assert point.action == f.point(visit)
    page = client_of(inspector).get(follow_up.get_absolute_url()).content.decode()
    assert f"Uit rapport {visit.number}" in page
    IMPROVEMENT.perform(point.action.pk, "accept", by=inspector, note="Ter plaatse gezien.")
    (point,) = visit_improvements.agenda(follow_up, inspector)
    assert point.action.status == "checked", "what was closed at this visit stays on its page"
    later = f.planned_visit(
        visit.organisation, follows=visit, starts_on=timezone.localdate() + timedelta(days=2)
    )
    assert visit_improvements.agenda(later, inspector) == []


def test_what_is_due_stands_in_the_tasks_of_both(visit: Visit) -> None:
    officer, inspector = f.quality_officer(visit.organisation), f.lead(visit)
    tasks = reverse("assessments:tasks")
    assert "Verbeteren wat de inspectie vraagt" in client_of(officer).get(tasks).content.decode()
    assert "Van de inspectie" in client_of(officer).get(reverse("assessments:improvements")).content.decode()
    assert "Verbeterpunten" not in client_of(inspector).get(tasks).content.decode()
    ImprovementAction.objects.update(due=timezone.localdate() - timedelta(days=1))
    assert "1 punt is te laat" in client_of(inspector).get(tasks).content.decode()
    f.reported_point(visit, png())
    told = client_of(inspector).get(tasks).content.decode()
    assert "1 punt is gereed" in told
    assert "te laat" not in told.split("1 punt is gereed")[1][:200]


def test_the_daily_mail_tells_of_points_without_their_words(visit: Visit) -> None:
    officer = f.quality_officer(visit.organisation).person
    today = timezone.localdate()
    since = timezone.now() - timedelta(days=7)
    (line,) = digest.due_to_inspectorate({officer.pk}, since, today)
    assert (line.user_id, line.text) == (officer.pk, f"Punt V1 uit rapport {visit.number}")
    long_ago = timezone.now() - timedelta(days=40)
    ImprovementAction.objects.update(created_at=long_ago)
    assert list(digest.due_to_inspectorate({officer.pk}, since, today)) == []
    ImprovementAction.objects.update(due=today + timedelta(days=6))
    (line,) = digest.due_to_inspectorate({officer.pk}, since, today)
    assert line.heading == digest.DUE


def test_a_visit_with_many_points_costs_the_same(editions: Any) -> None:
    counts = []
    for many in (1, 12):
        visit = f.drafting_visit()
        f.passage(visit, "must", "\n".join(f"Punt {n}." for n in range(many)), code="W2", due_in=60)
        f.settled_draft(visit)
        inspector, officer = f.lead(visit), f.quality_officer(visit.organisation)
        board = reverse("assessments:improvements")
        pages = [(inspector, visit.get_absolute_url()), (officer, visit.get_absolute_url())]
        for reader, url in [*pages, (officer, board), (officer, f"{board}?thema={f.item('W2').section_id}")]:
            client = client_of(reader)
            client.get(url)
            with CaptureQueriesContext(connection) as found:
                client.get(url)
            counts.append(len(found))
    assert counts[:4] == counts[4:]
