"""Campaigns: when something counts as handed in, who may ask whom, and what each side sees."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments import campaigns, todo
from assessments.errors import NotReady, WrongState
from assessments.models import Campaign, CampaignTarget, Revision
from norms.models import FrameworkVersion
from providers.actor import Actor
from providers.models import AuditEvent, Organisation, Region, Role
from tests import factories as f
from tests.assessments.visit_pages import fields, signed_in, url
from wlzthuis.isolation import acting

pytestmark = pytest.mark.django_db
State = CampaignTarget.State


def today(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days=days)


def this_year() -> int:
    return today().year


def officer(regions: Sequence[Region] = (), name: str = "Zorgkantoor Haaglanden") -> Actor:
    return f.acting(Role.CARE_OFFICE_OFFICER, f.care_office(regions or [f.region()], name=name))


ask = f.campaign


def target(campaign: Campaign, provider: Organisation | None = None) -> CampaignTarget:
    targets = CampaignTarget.objects.with_state().filter(campaign=campaign)
    return targets.get(organisation=provider) if provider else targets.get()


def state(campaign: Campaign) -> str:
    return target(campaign).state


# --- the one rule


def test_a_draft_counts_as_nothing(editions: Any) -> None:
    provider = f.provider()
    campaign = ask(provider)
    assert state(campaign) == State.OPEN
    f.offered_revision(provider)
    assert (state(campaign), target(campaign).handed_in_at) == (State.OPEN, None)


def test_all_that_is_asked_must_be_in_it(editions: Any) -> None:
    provider = f.provider()
    one, both = ask(provider), ask(provider, frameworks=(f.IGJ, f.ADDENDUM))
    revision = f.submitted_revision(provider, frameworks=(f.IGJ,))
    assert (state(one), state(both)) == (State.HANDED_IN, State.OPEN)
    assert target(one).handed_in_at == revision.submitted_at
    draft = f.REVISION.perform(revision.pk, "supplement", by=f.quality_officer(provider))
    draft = Revision.objects.get(status=Revision.Status.DRAFT)
    campaigns.add_editions(target(both).pk, by=f.quality_officer(provider))
    assert set(draft.editions.all()) == set(f.editions(f.IGJ, f.ADDENDUM))
    draft.refresh_from_db()
    assert draft.question_count == len(f.asked_items(draft))
    f.REVISION.perform(draft.pk, "offer", by=f.quality_officer(provider))
    f.sign(draft.pk, 2022, by=f.director(provider))
    # The first one is superseded now, and still what fulfilled the first campaign.
    assert Revision.objects.get(pk=revision.pk).status == Revision.Status.SUPERSEDED
    assert (state(one), state(both)) == (State.HANDED_IN, State.HANDED_IN)
    assert target(one).handed_in_at == revision.submitted_at


def test_another_year_or_another_provider_is_not_it(editions: Any) -> None:
    provider = f.provider()
    campaign = ask(provider)
    f.submitted_revision(provider, year=this_year() - 1)
    f.submitted_revision(f.provider())
    assert state(campaign) == State.OPEN


@pytest.mark.parametrize(
    ("due", "extended", "withdrawn", "handed_in", "expected"),
    [
        (1, False, False, False, State.OPEN),
        (0, False, False, False, State.OPEN),
        (-1, False, False, False, State.LATE),
        (1, True, False, False, State.EXTENDED),
        (0, True, False, False, State.EXTENDED),
        (-1, True, False, False, State.LATE),
        (1, False, True, False, State.WITHDRAWN),
        (-1, True, True, False, State.WITHDRAWN),
        (1, False, False, True, State.HANDED_IN),
        (-1, False, False, True, State.HANDED_IN),
        (-1, True, False, True, State.HANDED_IN),
        (-1, True, True, True, State.HANDED_IN),
    ],
)
def test_the_table_of_states(
    editions: Any, due: int, extended: bool, withdrawn: bool, handed_in: bool, expected: str
) -> None:
    provider, asker = f.provider(), f.inspector()
    campaign = ask(provider, by=asker)
    if handed_in:
        f.submitted_revision(provider, frameworks=(f.IGJ,))
    if extended:
        CampaignTarget.objects.update(
            extended_at=timezone.now(), extended_by=asker.person, extension_reason="Ziekte."
        )
    CampaignTarget.objects.update(due_on=today(due))
    if withdrawn:
        campaigns.withdraw(campaign.pk, "Niet meer nodig.", by=asker)
    assert state(campaign) == expected
    assert CampaignTarget.objects.waited_for().exists() == (expected in CampaignTarget.WAITED_FOR)


def test_both_sides_see_the_same_state_through_their_own_eyes(editions: Any) -> None:
    region = f.region()
    provider = f.provider(regions=[region])
    asker = officer([region])
    campaign = ask(provider, by=asker)
    for moment in (f.offered_revision(provider, frameworks=(f.IGJ,)), None):
        if moment is None:
            revision = Revision.objects.get()
            f.sign(revision.pk, 2022, by=f.director(provider))
        expected = State.OPEN if moment else State.HANDED_IN
        for actor in (asker, f.quality_officer(provider)):
            with acting(actor.scope):
                assert state(campaign) == expected, (actor.kind, moment)


# --- who may ask whom


def test_a_care_office_asks_only_in_its_regions(editions: Any) -> None:
    here, there = f.region(), f.region("5503", "Drenthe")
    near, far = f.provider(regions=[here]), f.provider(regions=[there])
    asker = officer([here])
    with pytest.raises(PermissionDenied):
        ask(near, far, by=asker)
    assert not Campaign.objects.exists()
    assert list(campaigns.askable(asker)) == [near]
    assert ask(near, by=asker).targets.get().asked_by == asker.organisation
    assert ask(near, far, by=f.inspector()).targets.count() == 2


@pytest.mark.parametrize("role", [Role.QUALITY_OFFICER, Role.DIRECTOR, Role.COUNCIL_MEMBER])
def test_a_provider_asks_nobody(editions: Any, role: str) -> None:
    provider = f.provider()
    with pytest.raises(PermissionDenied):
        ask(provider, by=f.acting(role, provider))


def test_only_the_asking_organisation_manages_it(editions: Any) -> None:
    region = f.region()
    provider = f.provider(regions=[region])
    campaign = ask(provider, by=f.inspector())
    asked = campaign.targets.get()
    campaigns.ask_extension(asked.pk, today(60), "Ziekte in het team.", by=f.quality_officer(provider))
    for stranger in (officer([region]), f.director(provider)):
        for attempt in (
            lambda by: campaigns.withdraw(campaign.pk, "Zomaar.", by=by),
            lambda by: campaigns.remind(campaign.pk, [asked.pk], by=by),
            lambda by: campaigns.extend(campaign.pk, [asked.pk], today(60), "Zomaar.", by=by),
            lambda by: campaigns.refuse_extension(asked.pk, "Zomaar.", by=by),
        ):
            with pytest.raises(PermissionDenied):
                attempt(stranger)
    for stranger in (f.inspector(), f.quality_officer(f.provider()), f.acting(Role.COUNCIL_MEMBER, provider)):
        with pytest.raises(PermissionDenied):
            campaigns.ask_extension(asked.pk, today(60), "Zomaar.", by=stranger)
    # A colleague of the inspector who asked may.
    assert campaigns.withdraw(campaign.pk, "Niet nodig.", by=f.coordinator()).withdrawn_at


def test_the_database_keeps_campaigns_apart(editions: Any) -> None:
    region = f.region()
    provider, other = f.provider(regions=[region]), f.provider(regions=[region])
    mine, theirs = officer([region]), f.inspector()
    ours = ask(provider, other, by=mine)
    ask(provider, by=theirs)
    expected = [
        (mine, 1, 2),
        (theirs, 1, 1),
        (officer([region], name="Zorgkantoor Anders"), 0, 0),
        (f.quality_officer(provider), 2, 2),
        (f.quality_officer(other), 1, 1),
        (f.quality_officer(f.provider()), 0, 0),
        (f.acting(Role.PORTAL_ADMIN, f.portal()), 0, 0),
    ]
    for actor, campaign_count, target_count in expected:
        with acting(actor.scope):
            assert Campaign.objects.count() == campaign_count, actor.kind
            assert CampaignTarget.objects.count() == target_count, actor.kind
            assert Campaign.objects.visible_to(actor).count() == (
                campaign_count if actor.has(*Campaign.ASKERS) else 0
            )
    with acting(f.quality_officer(provider).scope):
        assert Campaign.objects.filter(pk=ours.pk).update(title="Anders") == 0


def test_a_form_that_is_sent_twice_asks_once(editions: Any) -> None:
    key, provider, asker = uuid.uuid4(), f.provider(), f.inspector()
    assert ask(provider, key=key, by=asker) == ask(provider, key=key, by=asker)
    assert CampaignTarget.objects.count() == 1


# --- more time


def test_more_time_is_asked_and_given(editions: Any) -> None:
    provider, asker = f.provider(), f.inspector()
    campaign = ask(provider, by=asker)
    asked = campaign.targets.get()
    with pytest.raises(NotReady):
        campaigns.ask_extension(asked.pk, asked.due_on, "Ziekte.", by=f.quality_officer(provider))
    campaigns.ask_extension(asked.pk, today(60), "Ziekte in het team.", by=f.quality_officer(provider))
    assert [task.label for task in todo.tasks(asker)] == ["Beantwoorden"]
    with pytest.raises(NotReady):
        campaigns.extend(campaign.pk, [asked.pk], asked.due_on, "Goed.", by=asker)
    assert campaigns.extend(campaign.pk, [asked.pk], today(60), "Dat begrijpen wij.", by=asker) == 1
    got = target(campaign)
    assert (got.state, got.due_on, got.wants_time) == (State.EXTENDED, today(60), False)
    assert todo.tasks(asker) == []
    assert Campaign.objects.get().due_on == today(30)


def test_more_time_is_refused_and_may_be_asked_again(editions: Any) -> None:
    provider, asker = f.provider(), f.inspector()
    campaign = ask(provider, by=asker)
    asked = campaign.targets.get()
    campaigns.ask_extension(asked.pk, today(60), "Ziekte.", by=f.director(provider))
    campaigns.refuse_extension(asked.pk, "Wij hebben het nu nodig.", by=asker)
    with pytest.raises(WrongState):
        campaigns.refuse_extension(asked.pk, "Nog eens.", by=asker)
    got = target(campaign)
    assert (got.state, got.due_on, got.extension_refused_because) == (
        State.OPEN,
        today(30),
        "Wij hebben het nu nodig.",
    )
    campaigns.ask_extension(asked.pk, today(45), "Dan korter.", by=f.director(provider))
    assert [row.pk for row in campaigns.requests_for_time(asker)] == [asked.pk]


def test_nothing_happens_to_what_is_over(editions: Any) -> None:
    done, waiting, asker = f.provider(), f.provider(), f.inspector()
    campaign = ask(done, waiting, by=asker)
    f.submitted_revision(done, frameworks=(f.IGJ,))
    pks = list(campaign.targets.values_list("pk", flat=True))
    assert campaigns.extend(campaign.pk, pks, today(60), "Feestdagen.", by=asker) == 1
    assert target(campaign, done).due_on == today(30)
    with pytest.raises(WrongState):
        campaigns.ask_extension(target(campaign, done).pk, today(60), "Laat.", by=f.director(done))
    campaigns.withdraw(campaign.pk, "Niet meer nodig.", by=asker)
    for attempt in (
        lambda: campaigns.withdraw(campaign.pk, "Nog eens.", by=asker),
        lambda: campaigns.remind(campaign.pk, pks, by=asker),
        lambda: campaigns.extend(campaign.pk, pks, today(90), "Toch.", by=asker),
        lambda: campaigns.ask_extension(
            target(campaign, waiting).pk, today(90), "Toch.", by=f.director(waiting)
        ),
    ):
        with pytest.raises(WrongState):
            attempt()


def test_what_people_did_is_in_the_log(editions: Any) -> None:
    provider, asker = f.provider(), f.inspector()
    campaign = ask(provider, by=asker)
    asked = campaign.targets.get()
    campaigns.ask_extension(asked.pk, today(60), "Ziekte.", by=f.director(provider))
    campaigns.refuse_extension(asked.pk, "Nee.", by=asker)
    campaigns.extend(campaign.pk, [asked.pk], today(60), "Toch maar.", by=asker)
    signed_in(asker).get(url("campaign_download", campaign.pk))
    campaigns.withdraw(campaign.pk, "Klaar.", by=asker)
    assert list(AuditEvent.objects.order_by("at").values_list("action", "acting_for__kind", "about")) == [
        ("campaign_sent", "inspectorate", None),
        ("extension_asked", "provider", provider.pk),
        ("extension_refused", "inspectorate", provider.pk),
        ("extension_granted", "inspectorate", provider.pk),
        ("campaign_exported", "inspectorate", None),
        ("campaign_withdrawn", "inspectorate", None),
    ]


# --- the pages


def filled_in(**changes: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()),
        "title": "Verantwoording",
        "reason": "Wij bereiden gesprekken voor.",
        "year": str(this_year()),
        "editions": [str(f.editions(f.IGJ)[0].pk)],
        "due_on": today(30).isoformat(),
        "group": "alle",
        "stap": "bekijken",
        **changes,
    }


def test_asking_through_the_pages(editions: Any) -> None:
    region = f.region()
    near = [f.provider(f"Zorg {n}", regions=[region]) for n in range(3)]
    f.provider("Ver weg", regions=[f.region("5503", "Drenthe")])
    asker = officer([region])
    client = signed_in(asker)
    assert "Nieuwe uitvraag" in client.get(url("campaigns")).content.decode()
    preview = client.post(url("campaign_new"), filled_in()).content.decode()
    assert "3 aanbieders krijgen deze uitvraag" in preview and "Ver weg" not in preview
    assert not Campaign.objects.exists()
    sent = fields(preview) | {"stap": "versturen"}
    assert "Iets wijzigen" in preview
    again = client.post(url("campaign_new"), sent | {"stap": "wijzigen"}).content.decode()
    assert 'value="Verantwoording"' in again and "Wij bereiden gesprekken voor." in again
    f.provider("Net erbij", regions=[region])
    assert "De groep is intussen veranderd" in client.post(url("campaign_new"), sent).content.decode()
    near[0].provider_regions.update(valid_until=today(-1))
    for _ in range(2):
        response = client.post(url("campaign_new"), sent)
    campaign = Campaign.objects.get()
    assert response["Location"] == campaign.get_absolute_url()
    assert campaign.targets.count() == 3
    page = client.get(campaign.get_absolute_url()).content.decode()
    assert "Nog niet ingediend" in page and "Net erbij" in page


def test_the_group_by_region_by_name_and_by_number(editions: Any) -> None:
    here, there = f.region(), f.region("5503", "Drenthe")
    near = f.provider("Dichtbij", regions=[here], kvk="01234567")
    second = f.provider("Dichtbij, tweede code", regions=[here], kvk="01234567")
    far = f.provider("Ver weg", regions=[there], kvk="11111111")
    client = signed_in(officer([here]))

    def providers(**changes: Any) -> str:
        return client.post(url("campaign_new"), filled_in(**changes)).content.decode()

    assert "2 aanbieders krijgen" in providers(group="regio", regions=[str(here.pk)])
    assert "1 aanbieder krijgt" in providers(group="naam", names=[str(near.pk)])
    assert "2 aanbieders krijgen" in providers(group="kvk", numbers="  0123 4567\r\n\r\n01234567")
    for changes in (
        {"group": "regio", "regions": [str(there.pk)]},
        {"group": "naam", "names": [str(far.pk)]},
        {"group": "kvk", "numbers": "11111111"},
        {"group": "regio"},
        {"group": "kvk", "numbers": " \n "},
        {"group": "iets"},
    ):
        page = providers(**changes)
        assert "krijg" not in page.split("<h1>")[1].split("</h1>")[0], changes
        assert "Ver weg" not in page and "error-summary" in page, changes
    unknown, other = (
        providers(group="kvk", numbers=f"01234567\n{number}") for number in ("99999999", "11111111")
    )
    assert "Regel 2: 99999999 is onbekend of niet in uw regio." in unknown
    assert "Regel 2: 11111111 is onbekend of niet in uw regio." in other
    inspector = signed_in(f.inspector())
    page = inspector.post(url("campaign_new"), filled_in(group="kvk", numbers="11111111\n9")).content.decode()
    assert "Regel 2: ‘9’ is geen KvK-nummer. Dat heeft 8 cijfers." in page
    assert (
        "krijgt deze uitvraag"
        in inspector.post(url("campaign_new"), filled_in(group="kvk", numbers="11111111")).content.decode()
    )
    assert second.kvk == near.kvk


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Vul een titel in."),
        ({"title": "x" * 161}, "ten hoogste 160 tekens"),
        ({"title": "a\x00b"}, "error-summary"),
        ({"reason": ""}, "Schrijf waarom u dit vraagt."),
        ({"reason": "x" * 10_001}, "ten hoogste 10000"),
        ({"year": "tweeduizend"}, "Kies een jaar uit de lijst."),
        ({"year": "9" * 40}, "Kies een jaar uit de lijst."),
        ({"editions": ["9" * 30]}, "Kies een normenkader uit de lijst."),
        ({"editions": []}, "Kies ten minste één normenkader."),
        ({"due_on": "gisteren"}, "Vul een datum in"),
        ({"due_on": "2020-01-01"}, "Kies een dag vanaf vandaag"),
        ({"due_on": "9999-12-31"}, "niet meer dan twee jaar vooruit"),
        ({"group": "regio", "regions": ["9" * 30]}, "Kies een regio uit de lijst."),
        ({"group": "naam", "names": ["x\x00"]}, "error-summary"),
        ({"group": "naam", "names": ["x"]}, "Kies een aanbieder uit de lijst."),
        ({"group": "kvk", "numbers": "12345678\x00"}, "error-summary"),
        ({"group": "kvk", "numbers": "٠١٢٣٤٥٦٧"}, "is geen KvK-nummer"),
        ({"group": "kvk", "numbers": "=1+1\n" * 3000}, "En nog 2980 regels."),
        ({"group": "kvk", "numbers": "1\n" * 5001}, "ten hoogste 5000 regels"),
    ],
)
def test_bad_input_gets_a_sentence(editions: Any, changes: dict[str, Any], words: str) -> None:
    f.provider(regions=[f.region()])
    response = signed_in(f.inspector()).post(url("campaign_new"), filled_in(**changes))
    assert response.status_code == 200
    assert words in response.content.decode()
    assert not Campaign.objects.exists()


def test_three_thousand_numbers_in_a_few_queries(editions: Any) -> None:
    providers = Organisation.objects.bulk_create(
        Organisation(kind="provider", name=f"Zorg {n}", kvk=f"{n:08}", agb=f"{n:08}") for n in range(1, 3001)
    )
    client = signed_in(f.inspector())
    numbers = "\n".join(provider.kvk for provider in providers)
    with CaptureQueriesContext(connection) as queries:
        page = client.post(url("campaign_new"), filled_in(group="kvk", numbers=numbers)).content.decode()
    assert "3000 aanbieders krijgen" in page
    with CaptureQueriesContext(connection) as sending:
        client.post(url("campaign_new"), fields(page) | {"stap": "versturen"})
    assert CampaignTarget.objects.count() == 3000
    assert len(queries) < 20 and len(sending) < 40


def test_the_list_and_a_campaign_cost_the_same_at_any_size(editions: Any) -> None:
    def cost() -> list[int]:
        counts = []
        for address in (url("campaigns"), url("campaign", small.pk)):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    asker = f.inspector()
    client = signed_in(asker)
    first = f.provider()
    small = ask(first, by=asker)
    f.submitted_revision(first, frameworks=(f.IGJ,))
    before = cost()
    others = [f.provider(f"Andere {n:03}", locations=0) for n in range(60)]
    CampaignTarget.objects.bulk_create(
        CampaignTarget(campaign=small, organisation=o, asked_by=asker.own, due_on=today(-1)) for o in others
    )
    for _ in range(25):
        ask(*others[:3], by=asker)
    assert cost() == before
    page = client.get(url("campaign", small.pk)).context["page"]
    assert len(page) == 50 and page.next_url
    assert len(client.get(url("campaign", small.pk) + page.next_url).context["page"]) == 11


def test_the_asker_filters_reminds_and_gives_time(editions: Any) -> None:
    done, late, waiting = f.provider("Al klaar"), f.provider("Te laat"), f.provider("Wacht nog")
    asker = f.inspector()
    campaign = ask(done, late, waiting, by=asker)
    f.submitted_revision(done, frameworks=(f.IGJ,))
    CampaignTarget.objects.filter(organisation=late).update(due_on=today(-1))
    client = signed_in(asker)

    def named(query: str) -> set[str]:
        page = client.get(url("campaign", campaign.pk) + query)
        return {row.organisation.name for row, _ in page.context["rows"]}

    assert named("") == {"Al klaar", "Te laat", "Wacht nog"}
    assert named("?status=late") == {"Te laat"}
    assert named("?status=handed_in") == {"Al klaar"}
    assert named("?status=open&q=wacht") == {"Wacht nog"}
    assert named("?status=onzin") == named("")
    assert named("?q=%00") == named("")
    selection = url("campaign_selection", campaign.pk)
    pks = [str(pk) for pk in campaign.targets.values_list("pk", flat=True)]
    page = client.post(selection, {"wie": pks, "stap": "herinneren"}, follow=True).content.decode()
    assert "Er gaat een herinnering naar 2 aanbieders." in page
    page = client.post(selection, {"wie": pks, "stap": "herinneren"}, follow=True).content.decode()
    assert "3 aanbieders kregen geen herinnering" in page
    assert "Vink eerst" in client.post(selection, {"wie": ["x", "9" * 40]}, follow=True).content.decode()
    to = client.post(selection, {"wie": pks, "stap": "uitstel"})["Location"]
    form = client.get(to).content.decode()
    assert "2 aanbieders meer tijd" in form
    wrong = client.post(
        url("campaign_extend", campaign.pk), {"wie": pks, "until": today(30), "reason": "Feest."}
    )
    assert "Kies een dag na" in wrong.content.decode()
    page = client.post(
        url("campaign_extend", campaign.pk), {"wie": pks, "until": today(50), "reason": "Feest."}, follow=True
    ).content.decode()
    assert "2 aanbieders hebben uitstel" in page
    assert named("?status=extended") == {"Te laat", "Wacht nog"}


def test_the_provider_reads_starts_and_asks_for_time(editions: Any) -> None:
    provider, asker = f.provider(), f.inspector()
    campaign = ask(provider, by=asker, year=this_year() - 1)
    asked = campaign.targets.get()
    person = f.quality_officer(provider)
    client = signed_in(person)
    mine = next(task for task in todo.tasks(person) if task.url == url("campaign_for_us", asked.pk))
    assert "inkoop" in mine.text and mine.due == campaign.due_on
    assert "inkoop" in client.get(url("self_assessments")).content.decode()
    page = client.get(mine.url).content.decode()
    start = page.split('class="utrecht-button utrecht-button--primary-action" href="')[1].split('"')[0]
    form = client.get(start.replace("&amp;", "&")).context["form"]
    assert (form["year"].initial, form["editions"].initial) == (
        str(this_year() - 1),
        [str(f.editions(f.IGJ)[0].pk)],
    )
    assert (
        client.get(url("self_assessment_new") + "?jaar=1999&kader=x&kader=99999999999999999999").status_code
        == 200
    )
    page = client.post(
        url("campaign_ask_extension", asked.pk), {"until": today(60), "reason": "Ziekte."}, follow=True
    ).content.decode()
    assert "U krijgt nog antwoord." in page
    answer = signed_in(asker).get(url("campaign_extend", campaign.pk) + f"?wie={asked.pk}").content.decode()
    assert "Ziekte." in answer and today(60).isoformat() in answer
    signed_in(asker).post(url("campaign_refuse", campaign.pk, asked.pk), {"nee-reason": "Het is nu nodig."})
    assert "Het is nu nodig." in client.get(mine.url).content.decode()


@pytest.mark.parametrize("frameworks", [(f.ADDENDUM,), (f.IGJ,)])
def test_the_provider_is_told_the_next_step(editions: Any, frameworks: Sequence[str]) -> None:
    """A draft, one at the board and one handed in: each with what lacks, or without."""
    provider = f.provider()
    campaign = ask(provider)
    address = url("campaign_for_us", campaign.targets.get().pk)
    client = signed_in(f.quality_officer(provider))
    lacks = f.IGJ not in frameworks

    def page() -> str:
        return client.get(address).content.decode()

    assert "Begin met de zelfevaluatie" in page()
    revision = f.answered_revision(provider, frameworks=frameworks)
    assert ("Vul uw zelfevaluatie aan" in page()) == lacks
    assert ("Maak de zelfevaluatie af" in page()) != lacks
    f.REVISION.perform(revision.pk, "offer", by=f.quality_officer(provider))
    assert ("mist nog een gevraagd normenkader" in page()) == lacks
    f.sign(revision.pk, 2022, by=f.director(provider))
    assert ("Nieuwe versie maken" in page()) == lacks
    assert ("U hoeft niets meer te doen" in page()) != lacks


def test_a_newer_edition_does_not_close_the_road(editions: Any) -> None:
    """What was asked can be started after its edition stopped being the default."""
    provider = f.provider()
    campaign = ask(provider)
    edition = f.editions(f.IGJ)[0]
    FrameworkVersion.objects.filter(pk=edition.pk).update(valid_from=today(5), valid_until=None)
    client = signed_in(f.quality_officer(provider))
    plain = client.get(url("self_assessment_new")).context["form"]
    assert str(edition.pk) not in dict(plain["editions"].field.choices)
    page = client.get(url("campaign_for_us", campaign.targets.get().pk))
    asked = client.get(page.context["start_url"]).context["form"]
    assert asked["editions"].initial == [str(edition.pk)]


def test_the_download_is_safe_and_readable(editions: Any) -> None:
    odd = f.provider("=HYPERLINK(0)", kvk="00000012")
    campaign = ask(odd, f.provider('Zorg; "Thuis" Één'), by=f.inspector())
    response = signed_in(f.inspector()).get(url("campaign_download", campaign.pk))
    text = response.content.decode("utf-8-sig")
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert "'=HYPERLINK(0);00000012" in text
    assert '"Zorg; ""Thuis"" Één"' in text and "Nog niet ingediend" in text


def test_others_find_nothing(editions: Any) -> None:
    region = f.region()
    provider = f.provider(regions=[region])
    campaign = ask(provider, by=f.inspector())
    asked = campaign.targets.get()
    office, stranger = signed_in(officer([region])), signed_in(f.quality_officer(f.provider()))
    for name in ("campaign", "campaign_download", "campaign_extend", "campaign_withdraw"):
        assert office.get(url(name, campaign.pk)).status_code == 404, name
    assert office.post(url("campaign_selection", campaign.pk), {"wie": [asked.pk]}).status_code == 404
    assert office.post(url("campaign_refuse", campaign.pk, asked.pk)).status_code == 404
    assert stranger.get(url("campaign_for_us", asked.pk)).status_code == 404
    assert stranger.get(url("campaign_ask_extension", asked.pk)).status_code == 404
    assert stranger.post(url("campaign_add_editions", asked.pk)).status_code == 404
    assert Client().get(url("campaigns")).status_code == 302


def test_a_reminder_sent_by_hand_is_logged() -> None:
    who = f.inspector()
    campaign = ask(f.provider(), by=who)
    campaigns.remind(campaign.pk, [target(campaign).pk], by=who)
    line = AuditEvent.objects.get(action="campaign_reminded")
    assert (line.object_id, line.user, line.about) == (str(campaign.pk), who.user, None)


def test_the_database_too_keeps_a_care_office_to_its_regions_and_its_own_campaigns() -> None:
    elsewhere = f.region("5501", "Elders")
    mine, other = officer(), officer([elsewhere], name="Zorgkantoor Elders")
    inside, outside = f.provider(regions=[f.region()]), f.provider(regions=[elsewhere])
    own, theirs = ask(inside, by=mine), ask(outside, by=other)
    for campaign, provider in ((own, outside), (theirs, inside)):
        row = CampaignTarget(
            campaign=campaign, organisation=provider, asked_by=mine.own, due_on=campaign.due_on
        )
        with pytest.raises(DatabaseError), transaction.atomic(), acting(mine.scope):
            row.save()
