"""From an item to a better score: planning, steps, two people at one action, and the way back to the item."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments import beside, improvement
from assessments.errors import NotReady, WrongState
from assessments.improvement import IMPROVEMENT
from assessments.models import Answer, EvidenceRevision, ImprovementAction, ImprovementEvent, Revision
from norms import mappings
from norms.models import ItemMapping
from providers.actor import Actor
from providers.models import Role
from tests import factories as f
from tests.test_access import png

pytestmark = pytest.mark.django_db


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture(autouse=True)
def fresh_mappings() -> Iterator[None]:
    """What is read once by a process is read anew after a test that changed it."""
    yield
    mappings.forget()


@pytest.fixture
def draft() -> Revision:
    return f.answered_revision(f.provider("De Linde"), n=4)


@pytest.fixture
def officer(draft: Revision) -> Actor:
    return f.quality_officer(draft.organisation)


@pytest.fixture
def client(officer: Actor) -> Client:
    client = Client()
    client.force_login(officer.person)
    return client


def filled(officer: Actor, **changes: str) -> dict[str, str]:
    return {
        "key": str(uuid.uuid4()),
        "what": "De achterwacht op papier zetten",
        "why": "Niemand weet wie er komt.",
        "who": str(officer.person.pk),
        "role_name": "",
        "due": str(in_days(30)),
        "expected": "Iedereen weet wie er komt.",
        "measured_by": "Bel om drie uur ’s nachts.",
    } | changes


def new_url(revision: Revision, item: Any) -> str:
    return f"{reverse('assessments:improvement_new')}?zelfevaluatie={revision.pk}&vraag={item.pk}"


def test_an_action_is_made_at_an_item_once_with_the_score_of_then(
    draft: Revision, officer: Actor, client: Client
) -> None:
    item = f.asked_items(draft, "judgement")[3]
    data = filled(officer)
    for _ in range(2):
        assert client.post(new_url(draft, item), data).status_code == 302
    made = ImprovementAction.objects.get()
    assert (made.item, made.revision, made.score_before, made.status) == (item, draft, "fails", "planned")
    assert made.assignee == officer.user
    assert ImprovementEvent.objects.get().action == "plan"


def test_a_page_brought_back_and_changed_is_another_action(
    draft: Revision, officer: Actor, client: Client
) -> None:
    item = f.asked_items(draft, "judgement")[3]
    data = filled(officer)
    for sent in (data, data | {"what": "Iets anders"}, data):
        assert client.post(new_url(draft, item), sent).status_code == 302
    made = ImprovementAction.objects.order_by("pk").values_list("what", flat=True)
    assert list(made) == [data["what"], "Iets anders"]


@pytest.mark.parametrize(
    ("changes", "tells"), [({"due": str(in_days(40))}, True), ({"why": "Anders."}, False)]
)
def test_another_date_is_told_to_who_does_it(
    draft: Revision, officer: Actor, client: Client, changes: dict[str, str], tells: bool
) -> None:
    colleague = f.person(Role.QUALITY_OFFICER, draft.organisation)
    action = f.improvement(draft, assignee=colleague, by=f.actor(colleague))
    url = reverse("assessments:improvement_edit", args=[action.pk])
    initial = client.get(url).context["form"].initial
    data = {name: value for name, value in initial.items() if value is not None}
    assert client.post(url, data | {"key": str(uuid.uuid4())} | changes).status_code == 302
    action.refresh_from_db()
    assert (action.assigned_by == officer.user) is tells


def test_somebody_without_an_account_can_be_named(officer: Actor, client: Client) -> None:
    url = reverse("assessments:improvement_new")
    client.post(url, filled(officer, who="0", role_name="Wijkverpleegkundige"))
    made = ImprovementAction.objects.get()
    assert (made.assignee, made.who, made.item) == (None, "Wijkverpleegkundige", None)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"what": ""}, "Vul in wat u gaat doen."),
        ({"who": ""}, "Kies wie het doet."),
        ({"who": "0"}, "Vul in wie het doet"),
        ({"who": "99999999"}, "Kies iemand uit de lijst."),
        ({"due": ""}, "Vul in wanneer het klaar is."),
        ({"due": "2020-01-01"}, "Deze dag is al voorbij."),
        ({"expected": ""}, "Vul in welk resultaat u verwacht."),
    ],
)
def test_what_is_missing_is_told_and_what_was_typed_stays(
    officer: Actor, client: Client, changes: dict[str, str], sentence: str
) -> None:
    data = filled(officer, **changes)
    page = client.post(reverse("assessments:improvement_new"), data).content.decode()
    assert sentence in page
    assert "Niemand weet wie er komt." in page
    assert not ImprovementAction.objects.exists()


def test_another_providers_account_is_no_source(officer: Actor, client: Client) -> None:
    theirs = f.answered_revision(f.provider("Anders"))
    item = f.asked_items(theirs, "judgement")[0]
    assert client.post(new_url(theirs, item), filled(officer)).status_code == 404


def test_nobody_plans_from_anothers_account_and_no_council_plans(draft: Revision, officer: Actor) -> None:
    source = improvement.Source(draft)
    for actor in (f.director(f.provider("Anders")), f.acting(Role.COUNCIL_MEMBER, draft.organisation)):
        with pytest.raises(PermissionDenied):
            improvement.plan(ImprovementAction(what="Iets"), source, uuid.uuid4(), by=actor)
    assert not ImprovementAction.objects.exists()


def test_ready_asks_for_the_result(draft: Revision, officer: Actor, client: Client) -> None:
    action = f.improvement(draft)
    url = reverse("assessments:improvement_step", args=[action.pk, "finish"])
    page = client.get(url).content.decode()
    assert "Wat leverde het op?" in page
    assert "Beantwoord eerst deze vraag." in client.post(url, {"note": " "}).content.decode()
    client.post(url, {"note": "In 9 van de 10 nachten kwam er iemand."})
    action.refresh_from_db()
    assert (action.status, action.result) == ("done", "In 9 van de 10 nachten kwam er iemand.")
    assert "In 9 van de 10 nachten" in client.get(action.get_absolute_url()).content.decode()


def test_steps_in_their_order_only_and_stopping_with_a_reason(draft: Revision, officer: Actor) -> None:
    action = f.improvement(draft)
    with pytest.raises(NotReady):
        IMPROVEMENT.perform(action.pk, "stop", by=officer)
    IMPROVEMENT.perform(action.pk, "start", by=officer)
    with pytest.raises(WrongState):
        IMPROVEMENT.perform(action.pk, "start", by=officer)
    IMPROVEMENT.perform(action.pk, "stop", by=officer, note="Te duur.")
    IMPROVEMENT.perform(action.pk, "reopen", by=officer)
    action.refresh_from_db()
    assert (action.status, action.ended_at) == ("busy", None)
    taken = [(event.action, event.note) for event in action.events.all()]
    assert taken == [("plan", ""), ("start", ""), ("stop", "Te duur."), ("reopen", "")]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        action.events.all().delete()


def test_the_database_keeps_a_result_with_what_is_done(draft: Revision) -> None:
    action = f.improvement(draft)
    with pytest.raises(IntegrityError), transaction.atomic():
        ImprovementAction.objects.filter(pk=action.pk).update(status="done")


def test_a_button_on_the_board_comes_back_to_the_board(draft: Revision, client: Client) -> None:
    action = f.improvement(draft)
    url = reverse("assessments:improvement_step", args=[action.pk, "start"])
    board = reverse("assessments:improvements")
    assert client.post(url, {"bord": "wie=mij"})["Location"] == f"{board}?wie=mij"
    assert "Bezig" in client.get(board).content.decode()


def test_two_people_at_one_action_both_keep_their_text(
    draft: Revision, officer: Actor, client: Client
) -> None:
    action = f.improvement(draft, why="Oud.", role_name="Directie")
    url = reverse("assessments:improvement_edit", args=[action.pk])
    was = {
        f"was_{name}": value
        for name, value in {
            "what": action.what,
            "why": "Oud.",
            "who": "0",
            "role_name": "Directie",
            "due": str(action.due),
            "expected": action.expected,
            "measured_by": "",
        }.items()
    }
    kept = {name.removeprefix("was_"): value for name, value in was.items()}
    other = Client()
    other.force_login(f.director(draft.organisation).person)
    assert other.post(url, was | kept | {"why": "Van de ander.", "due": str(in_days(5))}).status_code == 302
    page = client.post(url, was | kept | {"why": "Van mij."}).content.decode()
    assert "Van de ander." in page
    assert "Van mij." in page
    action.refresh_from_db()
    assert action.why == "Van de ander."
    again = was | kept | {"why": "Samen.", "was_why": "Van de ander."}
    assert client.post(url, again).status_code == 302
    action.refresh_from_db()
    # The date, which only the other changed, stays hers.
    assert (action.why, action.due) == ("Samen.", in_days(5))


def test_evidence_comes_in_the_library_once(draft: Revision, client: Client) -> None:
    action = f.improvement(draft)
    url = reverse("assessments:improvement_evidence", args=[action.pk])
    assert "Kies eerst een bestand." in client.post(url).content.decode()
    for _ in range(2):
        assert client.post(url, {"file": png("rooster.png")}).status_code == 302
    assert action.evidence.get() == EvidenceRevision.objects.get()
    text = png("rooster.pdf")
    assert "geen PDF" in client.post(url, {"file": text}).content.decode()


def test_nobody_elsewhere_and_no_council_reads_or_changes_one(draft: Revision) -> None:
    action = f.improvement(draft)
    strangers = [
        f.quality_officer(f.provider("Anders")),
        f.acting(Role.COUNCIL_MEMBER, draft.organisation),
        f.inspector(),
    ]
    for stranger in strangers:
        reader = Client()
        reader.force_login(stranger.person)
        assert reader.get(action.get_absolute_url()).status_code == 404
        assert (
            reader.post(reverse("assessments:improvement_step", args=[action.pk, "start"])).status_code == 404
        )


def test_what_is_late_is_in_sight(draft: Revision, officer: Actor, client: Client) -> None:
    late = f.improvement(draft, what="Dit is te laat", role_name="Directie")
    ImprovementAction.objects.filter(pk=late.pk).update(due=in_days(-1))
    done = f.improvement(draft, what="Dit was op tijd")
    IMPROVEMENT.perform(done.pk, "finish", by=officer, note="Gelukt.")
    ImprovementAction.objects.filter(pk=done.pk).update(due=in_days(-1))
    board = reverse("assessments:improvements")
    assert "Eén verbeteractie is te laat" in client.get(board).content.decode()
    only = client.get(f"{board}?wanneer=laat&weergave=lijst").content.decode()
    assert "Dit is te laat" in only
    assert "Dit was op tijd" not in only
    tasks = client.get(reverse("assessments:tasks")).content.decode()
    assert "1 actie van een ander is te laat." in tasks


def test_filters_by_person_theme_and_year(draft: Revision, officer: Actor, client: Client) -> None:
    first, second = f.asked_items(draft, "judgement")[:2]
    f.improvement(draft, first, what="Bij de eerste")
    f.improvement(draft, second, what="Bij de tweede", role_name="Directie")
    f.improvement(draft, what="Los")
    board = reverse("assessments:improvements")
    year = draft.self_assessment.year
    for query, found in (
        ("wie=mij", {"Bij de eerste", "Los"}),
        (f"thema={first.section_id}", {"Bij de eerste"}),
        (f"jaar={year}", {"Bij de eerste", "Bij de tweede"}),
        ("thema=nonsens", {"Bij de eerste", "Bij de tweede", "Los"}),
    ):
        for view in ("", "&weergave=lijst"):
            page = client.get(f"{board}?{query}{view}").content.decode()
            shown = {what for what in ("Bij de eerste", "Bij de tweede", "Los") if f">{what}</a>" in page}
            assert shown == found, (query, view)


def test_the_board_costs_the_same_with_many_actions(
    draft: Revision, client: Client, django_assert_num_queries: Any
) -> None:
    items = f.asked_items(draft, "judgement")
    f.improvement(draft, items[0])
    for view in ("", "?weergave=lijst"):
        url = reverse("assessments:improvements") + view
        client.get(url)
        with CaptureQueriesContext(connection) as few:
            client.get(url)
        for item in items[:8]:
            f.improvement(draft, item, role_name="Directie")
        with django_assert_num_queries(len(few)):
            client.get(url)


@pytest.fixture
def next_year(draft: Revision, officer: Actor) -> Revision:
    """The year after: the old account handed in, with one action done at its fourth judgement."""
    item = f.asked_items(draft, "judgement")[3]
    action = f.improvement(draft, item)
    f.REVISION.perform(draft.pk, "offer", by=officer)
    f.sign(draft.pk, 2022, by=f.director(draft.organisation))
    IMPROVEMENT.perform(action.pk, "finish", by=officer, note="De nacht is geregeld.")
    return f.draft_revision(draft.organisation, year=draft.self_assessment.year + 1, by=officer)


def test_the_item_shows_last_years_score_and_what_was_done(next_year: Revision, client: Client) -> None:
    item = f.asked_items(next_year, "judgement")[3]
    page = client.get(
        reverse("assessments:fill_in_section", args=[next_year.pk, item.section_id])
    ).content.decode()
    assert f"In {next_year.self_assessment.year - 1}" in page
    assert "De nacht is geregeld." in page


def test_a_done_action_shows_the_score_before_and_after(next_year: Revision, client: Client) -> None:
    action = ImprovementAction.objects.get()
    page = client.get(action.get_absolute_url()).content.decode()
    assert "Nog niet opnieuw beoordeeld" in page
    assert action.item
    f.answer(next_year, action.item, "largely_meets")
    answers = next_year.answers.filter(item=action.item)
    answers.update(carried_from=Answer.objects.exclude(revision=next_year).filter(item=action.item).get())
    page = client.get(action.get_absolute_url()).content.decode()
    assert "Nog niet opnieuw beoordeeld" in page, "nobody said yet that it still holds"
    answers.update(confirmed_at=timezone.now())
    page = client.get(action.get_absolute_url()).content.decode()
    assert f"Ervoor, {next_year.self_assessment.year - 1}" in page
    assert f"Erna, {next_year.self_assessment.year}" in page
    assert "Voldoet grotendeels" in page


def test_scores_come_across_editions_only_where_they_ask_the_same(next_year: Revision) -> None:
    asked = f.asked_items(next_year, "judgement")
    here, there = asked[0], asked[-1]
    ItemMapping.objects.all().delete()
    mappings.forget()
    assert beside.last_year(next_year, [there.pk]) == {}
    ItemMapping.objects.create(item_a=here, item_b=there, kind="same", reason="proef", source="proef")
    mappings.forget()
    found = beside.last_year(next_year, [there.pk])
    assert (found[there.pk].score, found[there.pk].code) == ("meets", here.code)


def test_the_overview_lays_this_year_beside_last_year_with_a_table(
    next_year: Revision, client: Client
) -> None:
    page = client.get(next_year.get_absolute_url()).content.decode()
    year = next_year.self_assessment.year
    assert f"{year} naast {year - 1}" in page
    assert "Dezelfde vergelijking als tabel" in page
    assert "Dezelfde voortgang als tabel" in page


def test_who_leaves_hands_over_open_actions(draft: Revision, officer: Actor) -> None:
    leaver = f.person(Role.QUALITY_OFFICER, draft.organisation)
    open_one = f.improvement(draft, assignee=leaver)
    done = f.improvement(draft, assignee=leaver)
    IMPROVEMENT.perform(done.pk, "finish", by=officer, note="Gelukt.")
    improvement.hand_over_actions(leaver, officer.person, draft.organisation, officer)
    open_one.refresh_from_db()
    done.refresh_from_db()
    assert (open_one.assignee, done.assignee) == (officer.user, leaver)
