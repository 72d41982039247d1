"""The signals that the inspectorate sees, each by its own rule, and the list that shows them."""

import dataclasses
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from assessments import risk_signals, worklist, worklist_rules
from assessments.models import ImprovementAction, Judgement, RiskSignal, SavedView, Standing, Visit
from assessments.periods import months_before
from assessments.signing import sign
from providers.models import Organisation
from tests import factories as f
from tests import many_providers
from tests.assessments.visit_pages import page, signed_in, url
from wlzthuis.isolation import acting

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Other rules than those of the file."""

    def change(**values: Any) -> None:
        changed = dataclasses.replace(worklist_rules.rules(), **values)
        for module in (risk_signals, worklist):
            monkeypatch.setattr(module, "rules", lambda: changed)

    yield change


def signals(provider: Organisation) -> dict[str, list[str]]:
    """Per signal of a provider the words of its grounds, worked out now."""
    risk_signals.refresh_all()
    return {
        row.code: [ground["text"] for ground in row.grounds]
        for row in RiskSignal.objects.filter(organisation=provider)
    }


def account(provider: Organisation, answers: dict[str, Any], *, year: int = 2025, submit: bool = True) -> Any:
    """An account over the norm with these answers."""
    revision = f.draft_revision(provider, year=year, frameworks=[f.IGJ])
    for code, value in answers.items():
        f.answer(revision, f.item(code), value, "Zo is het.")
    if submit:
        f.REVISION.perform(revision.pk, "offer", by=f.quality_officer(provider))
        return sign(revision.pk, 2022, by=f.director(provider))
    return revision


def settled(provider: Organisation, ended_on: date | None = None, **levels: str) -> Visit:
    """A visit whose report stands, with these common judgements."""
    visit = f.planned_visit(provider)
    visit = f.step(visit, "conduct", f.lead(visit))
    for code, level in levels.items():
        f.judge(visit, code, level)
    changed = {"starts_on": ended_on, "ends_on": ended_on} if ended_on else {}
    Visit.objects.filter(pk=visit.pk).update(status=Visit.Status.SETTLED, **changed)
    return visit


def test_silence_is_no_low_score(editions: Any) -> None:
    """Who says nothing, or does not know, is unknown; who is honest has a score and nothing unknown."""
    silent, unsure, honest = f.provider("Stil"), f.provider("Onzeker"), f.provider("Eerlijk")
    account(silent, {"W1": "fails"}, submit=False)
    account(unsure, {"W1": "meets", "W2": "unknown", "W3": "meets"})
    account(honest, {"W1": "meets", "W2": "fails", "W3": "largely_meets"})
    assert signals(silent) == {
        "no_data": ["Nog geen zelfevaluatie ingediend."],
        "never_visited": ["De inspectie is er in Thuispeil nog niet geweest."],
    }
    assert signals(unsure)["no_data"] == ["W2: niet beantwoord"]
    assert "low_own" not in signals(unsure)
    assert signals(honest)["low_own"] == ["W2: voldoet niet"]
    assert "no_data" not in signals(honest)
    html = page(signed_in(f.inspector()), url("worklist"))
    row = html[html.index("Stil") :]
    assert row.index("signals--gaps") < row.index("</tr>")
    assert 'class="signals"' not in row[: row.index("</tr>")]


def test_signals_of_the_framework_and_low_scores(editions: Any, rules: Any) -> None:
    provider = f.provider()
    account(provider, {"W2.3": "no", "W1.4": "partly", "W1": "largely_fails"}, year=2024)
    found = signals(provider)
    assert found["not_enough"] == ["W2: Dag en nacht zorg in de nabijheid"]
    assert found["attention"] == ["W1: deskundigheid"]
    assert found["low_own"] == ["W1: voldoet grotendeels niet"]
    rules(low_from=3, attention=(), signals=("low_own", "not_enough", "attention"))
    assert set(signals(provider)) == {"not_enough"}
    rules(signals=("low_own",))
    assert set(signals(provider)) == {"low_own"}
    # The newest account counts, whatever an older one said.
    account(provider, {"W2.3": "yes", "W1": "meets"}, year=2025)
    assert signals(provider) == {}


def test_what_does_not_apply_counts_for_nothing(editions: Any) -> None:
    provider = f.provider()
    revision = account(provider, {"W1.4": "no", "W1": "meets", "W2": "meets", "W3": "meets"}, submit=False)
    f.scope_choice(revision, "W1.4")
    f.REVISION.perform(revision.pk, "offer", by=f.quality_officer(provider))
    sign(revision.pk, 2022, by=f.director(provider))
    assert set(signals(provider)) == {"never_visited"}


def test_against_the_judgements_of_visits(editions: Any) -> None:
    provider = f.provider()
    account(provider, {"W1": "meets", "W2": "meets", "W3": "largely_fails"})
    visit = settled(provider, W1="largely_fails", W2="largely_meets", W3="not_tested", W="fails")
    found = signals(provider)
    assert found["far_above"] == ["W1: zelf voldoet, bij het bezoek voldoet grotendeels niet"]
    assert sorted(found["low_judged"]) == ["W1: voldoet grotendeels niet", "W: voldoet niet"]
    assert "never_visited" not in found
    # A later visit takes the place of what it judged anew, and of nothing else.
    settled(provider, W1="meets")
    found = signals(provider)
    assert "far_above" not in found
    assert found["low_judged"] == ["W: voldoet niet"]
    # Before the report stands, a judgement is the team's.
    Visit.objects.filter(organisation=provider).update(status=Visit.Status.PROCESSED)
    assert not {"far_above", "low_judged"} & set(signals(provider))
    assert Judgement.objects.filter(visit=visit).exists()


@pytest.mark.parametrize(("days", "is_low"), [(0, True), (-1, False)])
def test_judgements_are_low_for_so_many_months(editions: Any, days: int, is_low: bool) -> None:
    provider = f.provider()
    since = months_before(timezone.localdate(), worklist_rules.rules().judged_months)
    settled(provider, since + timedelta(days=days), W2="fails")
    assert ("low_judged" in signals(provider)) is is_low


def test_growth_within_the_period(editions: Any, rules: Any) -> None:
    provider = f.provider()
    f.tally(provider, date(2025, 3, 30), 10)
    f.tally(provider, date(2025, 3, 31), 40)
    f.tally(provider, date(2026, 3, 31), 50)
    assert signals(provider)["growth"] == ["van 40 op 31 maart 2025 naar 50 op 31 maart 2026"]
    f.tally(provider, date(2026, 3, 31), 49)
    assert "growth" not in signals(provider)
    rules(growth_percent=20, growth_clients=9)
    assert "growth" in signals(provider)


def test_only_what_the_inspectorate_asked_is_late(editions: Any) -> None:
    provider = f.provider(regions=[f.region()])
    office = f.acting("care_office_officer", f.care_office([f.region()]))
    f.campaign(provider, by=office, due=-3, title="Van het zorgkantoor")
    assert "not_handed_in" not in signals(provider)
    asked = f.campaign(provider, due=-1, year=2025, title="Van de inspectie")
    words = timezone.localdate() - timedelta(days=1)
    found = signals(provider)["not_handed_in"]
    assert len(found) == 1
    assert found[0].startswith("Van de inspectie, uiterlijk ")
    assert str(words.day) in found[0]
    account(provider, {"W1": "meets"}, year=asked.year)
    assert "not_handed_in" not in signals(provider)


def test_only_what_a_report_asked_is_overdue(editions: Any) -> None:
    provider = f.provider()
    visit = settled(provider)
    f.improvement(f.draft_revision(provider, frameworks=[f.IGJ]), due=-9)
    own = ImprovementAction.objects.get()
    assert "overdue" not in signals(provider)
    ImprovementAction.objects.filter(pk=own.pk).update(
        visit=visit, revision=None, point="1", demand="Elke nacht iemand."
    )
    late = signals(provider)["overdue"]
    assert len(late) == 1
    assert late[0].startswith(f"1 punt uit rapport {visit.number}")
    assert own.what not in late[0]
    ImprovementAction.objects.update(due=timezone.localdate())
    assert "overdue" not in signals(provider)


def test_a_change_is_marked_at_once_and_taken_up_by_the_clock(editions: Any) -> None:
    provider, other = f.provider(), f.provider()
    risk_signals.refresh_all()
    assert not Standing.objects.filter(outdated=True).exists()
    account(provider, {"W2": "fails"})
    assert list(Standing.objects.filter(outdated=True).values_list("pk", flat=True)) == [provider.pk]
    assert risk_signals.refresh_marked() == 1
    assert RiskSignal.objects.filter(organisation=provider, code="low_own").exists()
    for change in (
        lambda: f.tally(other, date(2026, 1, 1), 20),
        lambda: f.provider_profile(other),
        lambda: f.concern(other),
        lambda: f.conducted_visit(other),
    ):
        Standing.objects.update(outdated=False)
        change()
        assert Standing.objects.get(pk=other.pk).outdated
        assert not Standing.objects.get(pk=provider.pk).outdated
    newcomer = f.provider()
    risk_signals.refresh_marked()
    standing = Standing.objects.get(pk=newcomer.pk)
    assert (standing.last_visit, standing.handed_in, standing.known_clients) == (None, None, None)
    assert Standing.objects.get(pk=other.pk).last_visit == timezone.localdate()
    assert Standing.objects.get(pk=other.pk).known_clients == 20


def test_each_ground_opens_for_an_inspector(editions: Any) -> None:
    provider = f.provider(regions=[f.region()])
    account(provider, {"W1": "meets", "W2": "fails", "W2.3": "no", "W1.4": "no"})
    visit = settled(provider, W1="fails", W3="fails")
    f.tally(provider, date(2025, 9, 1), 5)
    f.tally(provider, date(2026, 3, 1), 50)
    f.campaign(provider, due=-1, year=2024)
    f.concern(provider)
    f.improvement(f.draft_revision(provider, frameworks=[f.IGJ], year=2026), due=-9)
    ImprovementAction.objects.update(visit=visit, revision=None, point="1", demand="Elke nacht iemand.")
    risk_signals.refresh_all()
    rows = RiskSignal.objects.filter(organisation=provider)
    assert {row.code for row in rows} == set(RiskSignal.Code.values) - {"never_visited"}
    client = signed_in(f.inspector())
    for address in {ground["url"].partition("#")[0] for row in rows for ground in row.grounds}:
        assert client.get(address).status_code == 200, address
    measure = f.measure(provider)
    shown = page(client, url("provider", provider.pk))
    assert measure.get_absolute_url() in shown
    for row in rows:
        assert all(ground["text"] in shown for ground in row.grounds), row.code


# --- the list


def names(html: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/aanbieders/(\d+)/"', html)


def follow(client: Client, address: str) -> list[str]:
    """All rows of a list, page by page."""
    found: list[str] = []
    while True:
        html = page(client, address)
        found += names(html)
        following = re.search(r'rel="next" href="([^"]+)"', html)
        if not following:
            return found
        address = url("worklist") + following[1].replace("&amp;", "&")


@pytest.mark.parametrize("order", list(worklist.ORDERS))
def test_every_provider_comes_once_in_each_order(db: None, order: str) -> None:
    """Many share a name, a date or a number, on both sides of the edge of a page."""
    providers = many_providers.seed(160)
    Standing.objects.filter(pk__in=[row.pk for row in providers[:70]]).update(
        last_visit_on=TODAY, handed_in_on=TODAY, clients=7
    )
    found = follow(signed_in(f.inspector()), f"{url('worklist')}?volgorde={order}")
    wanted = Standing.objects.order_by(*worklist.ORDERS[order]).values_list("pk", flat=True)
    assert found == [str(pk) for pk in wanted]
    assert len(found) == 160


def test_filters_narrow_the_list_and_stand_in_the_address(editions: Any) -> None:
    north = f.region("5501", "Groningen")
    low, grown, quiet = f.provider("Laag", regions=[north]), f.provider("Groei"), f.provider("Rustig")
    account(low, {"W1": "meets", "W2": "fails", "W3": "meets"})
    for provider in (low, grown):
        f.tally(provider, date(2025, 9, 1), 10)
        f.tally(provider, date(2026, 3, 1), 60)
    f.provider_profile(grown, delivery_forms=["vpt"])
    settled(quiet)
    risk_signals.refresh_all()
    client = signed_in(f.inspector())

    def found(query: str) -> list[str]:
        names_of = {str(row.pk): row.name for row in (low, grown, quiet)}
        return [names_of[pk] for pk in names(page(client, f"{url('worklist')}?{query}"))]

    assert found("") == ["Groei", "Laag", "Rustig"]
    assert found("signaal=growth") == ["Groei", "Laag"]
    assert found("signaal=growth&signaal=low_own") == ["Laag"]
    assert found(f"regio={north.pk}") == ["Laag"]
    assert found("leveringsvorm=vpt") == ["Groei"]
    assert found(f"voor={timezone.localdate()}") == ["Groei", "Laag"]
    assert found("q=rust") == ["Rustig"]
    assert found("volgorde=clienten") == ["Laag", "Groei", "Rustig"]
    assert found("signaal=bestaat-niet") == ["Groei", "Laag", "Rustig"]
    chosen = f"{url('worklist')}?q=&signaal=growth&volgorde=clienten&na=x&regio=weg&elders=1&signaal=growth"
    assert "Geef de weergave een naam." in client.post(chosen, {"name": " "}).content.decode()
    for _ in range(2):
        client.post(chosen, {"name": "Groeiers"})
    view = SavedView.objects.get()
    assert view.query == "volgorde=clienten&signaal=growth"
    assert "Groeiers" in page(client, view.get_absolute_url())
    colleague = signed_in(f.actor(f.person("inspector", f.inspectorate())))
    assert "Groeiers" not in page(colleague, url("worklist"))
    assert colleague.post(url("saved_view_remove", view.pk)).status_code == 404
    client.post(url("saved_view_remove", view.pk))
    assert not SavedView.objects.exists()


def test_the_list_offers_no_total_and_no_rank(db: None) -> None:
    assert set(worklist.ORDERS) == {"naam", "bezoek", "ingediend", "clienten"}


def statements(client: Client, address: str) -> list[str]:
    page(client, address)
    with CaptureQueriesContext(connection) as queries:
        page(client, address)
    return [query["sql"] for query in queries]


def test_the_list_asks_the_same_of_the_database_at_any_size(db: None) -> None:
    many_providers.seed(60)
    client = signed_in(f.inspector())
    few = len(statements(client, url("worklist")))
    many_providers.seed(2940)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE assessments_standing, assessments_risksignal, providers_organisation")
    many = statements(client, url("worklist"))
    assert len(many) == few
    assert few <= 12
    # And reads no more rows for it: a page comes from an index, in each order.
    with acting(f.inspector().scope):
        for order in worklist.ORDERS.values():
            plan = worklist.found(f.inspector(), {}).order_by(*order)[:51].explain(analyze=True)
            read = [int(number) for number in re.findall(r"actual time=\S+ rows=(\d+)", plan)]
            assert max(read) <= 60, plan


# --- the rules


@trying(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dates(date(1990, 1, 1), date(2200, 12, 31)), st.integers(0, 240))
def test_months_go_back_to_the_same_day_or_the_end_of_the_month(day: date, months: int) -> None:
    then = months_before(day, months)
    assert (day.year - then.year) * 12 + day.month - then.month == months
    assert then.day == day.day or (then.day < day.day and (then + timedelta(days=1)).day == 1)
    assert months_before(then, 0) == then
    # A later day never begins earlier.
    assert months_before(day + timedelta(days=1), months) >= then


@pytest.mark.parametrize(
    "change",
    [
        ("low_from: 2", "low_from: twee"),
        ("low_from: 2", "low_from: -2"),
        ("  - growth\n", "  - gevoel\n"),
        ("growth_months: 12", ""),
        ("growth_months: 12", "growth_months: 12\nextra: 1"),
        ("signals:", "signals: ["),
    ],
)
def test_rules_that_cannot_be_used_stop_the_start(tmp_path: Path, settings: Any, change: Any) -> None:
    told = Path(settings.WORKLIST_RULES).read_text()
    assert change[0] in told
    other = tmp_path / "rules.yaml"
    other.write_text(told.replace(change[0], change[1], 1))
    with pytest.raises(ImproperlyConfigured):
        worklist_rules.read(other)
    assert worklist_rules.read(Path(settings.WORKLIST_RULES)) == worklist_rules.rules()
    assert resolve("/werklijst/").url_name == "worklist"
