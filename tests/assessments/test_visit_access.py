"""Who sees which page of a visit, and what a provider never reads before the concept is sent."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments import field_edits
from assessments.models import Visit
from providers.models import Role
from tests import factories
from tests.assessments.visit_pages import items, page, signed_in, url

pytestmark = pytest.mark.django_db

SECRETS = (
    "GEHEIM-aandachtspunt",
    "GEHEIM-bevinding",
    "GEHEIM-oordeel",
    "GEHEIM-reden",
    "GEHEIM-teruggestuurd",
)


@pytest.fixture
def provider(editions: Any) -> Any:
    return factories.provider("Zorgthuis De Linde")


def secret_visit(provider: Any) -> Visit:
    """A visit with a secret word in everything that the inspectorate keeps to itself."""
    visit = factories.planned_visit(provider, focus=SECRETS[0])
    factories.finding(visit, "W2", text=SECRETS[1])
    factories.judge(visit, "W2", "fails", SECRETS[2], common=False)
    factories.judge(visit, "W2", "fails", SECRETS[3])
    return visit


def provider_pages(visit: Visit) -> list[str]:
    item = items(visit)["W2"]
    return [
        url("visits"),
        url("visit", visit.pk),
        url("concept", visit.pk),
        url("report_text", visit.pk),
        url("visit_criterion", visit.pk, item.pk),
        url("finding_edit", visit.pk, visit.findings.get().pk),
        url("visit_step", visit.pk, "submit_reaction"),
    ]


def read_all(client: Client, visit: Visit) -> str:
    return "".join(client.get(address).content.decode() for address in provider_pages(visit))


def test_provider_reads_nothing_of_the_inspectorate_before_the_concept(provider: Any) -> None:
    visit = secret_visit(provider)
    lead = factories.inspector()
    client = signed_in(factories.quality_officer(provider))
    for step in ("", "conduct", "compose"):
        if step:
            factories.step(visit, step, lead)
        text = read_all(client, visit)
        assert visit.number in text
        assert not [secret for secret in SECRETS if secret in text], step
        assert "Voldoet niet" not in text


def test_provider_never_reads_notes_own_judgements_or_unsettled_answers(provider: Any) -> None:
    visit = factories.processed_visit(provider)
    Visit.objects.filter(pk=visit.pk).update(focus=SECRETS[0])
    factories.step(visit, "reopen", factories.coordinator(), SECRETS[4])
    colleague = factories.member(visit, name="Geheime Inspecteur")
    edit = field_edits.Edit(uuid.uuid4(), "finding", visit.findings.get().pk, "text", 1, SECRETS[1])
    field_edits.apply_edits(visit.pk, [edit], by=colleague)
    text = read_all(signed_in(factories.quality_officer(provider)), visit)
    hidden = [*SECRETS, "Geheime Inspecteur", "De datum is aangepast.", "Deels overgenomen"]
    assert not [words for words in hidden if words in text]
    assert "In de nacht komt er niemand." in text, "the frozen concept is there to read"
    inside = page(signed_in(factories.coordinator()), url("visit", visit.pk))
    assert SECRETS[0] in inside and SECRETS[4] in inside


def test_reasons_of_the_inspectorate_stay_inside(provider: Any) -> None:
    cancelled = factories.planned_visit(provider)
    factories.step(cancelled, "cancel", factories.lead(cancelled), SECRETS[3])
    suspended = factories.decided_visit(provider)
    factories.step(suspended, "suspend", factories.coordinator(), SECRETS[4])
    client = signed_in(factories.director(provider))
    text = page(client, url("visit", cancelled.pk)) + page(client, url("visit", suspended.pk))
    assert "Bezoek geannuleerd" in text and "Openbaarmaking opgeschort" in text
    assert SECRETS[3] not in text and SECRETS[4] not in text
    assert SECRETS[3] in page(signed_in(factories.inspector()), url("visit", cancelled.pk))


@pytest.mark.parametrize("make", ["planned_visit", "reacted_visit", "published_visit"])
def test_roles(provider: Any, make: str) -> None:
    visit = getattr(factories, make)(provider)
    item = items(visit)["W2"]
    inside = [url("visit", visit.pk), url("report_text", visit.pk), url("visit_criterion", visit.pk, item.pk)]
    other = signed_in(factories.quality_officer(factories.provider()))
    own = signed_in(factories.director(provider))
    council = signed_in(factories.acting(Role.COUNCIL_MEMBER, provider))
    office = signed_in(factories.acting(Role.CARE_OFFICE_OFFICER, factories.care_office()))
    admin = signed_in(factories.acting(Role.PORTAL_ADMIN, factories.portal()))
    for reader in (factories.lead(visit), factories.coordinator()):
        assert [signed_in(reader).get(address).status_code for address in inside] == [200, 200, 200]
    assert [own.get(address).status_code for address in inside] == [200, 403, 403]
    assert [other.get(address).status_code for address in inside] == [404, 403, 403]
    assert other.get(url("concept", visit.pk)).status_code == 404
    for client in (council, office, admin):
        assert {client.get(address).status_code for address in [*inside, url("visits")]} == {403}
    assert Client().get(inside[0]).status_code == 302
    for client in (own, other, council, office, admin):
        assert client.get(url("worklist")).status_code == 403
        assert client.get(url("visit_plan", provider.pk)).status_code == 403


def test_unannounced_visit_stays_hidden_until_it_took_place(provider: Any) -> None:
    visit = factories.planned_visit(provider, announced=False)
    client = signed_in(factories.quality_officer(provider))
    assert visit.number not in page(client, url("visits"))
    for address in (
        url("visit", visit.pk),
        url("concept", visit.pk),
        url("visit_step", visit.pk, "no_remarks"),
    ):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    factories.step(visit, "conduct", factories.lead(visit))
    text = page(client, url("visit", visit.pk))
    assert "Bezoek uitgevoerd" in text and "Bezoek gepland" not in text


def test_only_the_team_writes(provider: Any) -> None:
    visit = factories.drafting_visit(provider)
    item = items(visit)["W2"]
    outsider = signed_in(factories.coordinator())
    writes = [
        url("finding_new", visit.pk),
        url("finding_edit", visit.pk, visit.findings.get().pk),
        url("judgement", visit.pk, item.pk),
        url("visit_counts", visit.pk),
        url("report_text", visit.pk),
        url("visit_step", visit.pk, "send_concept"),
    ]
    assert {outsider.post(address, {"criterion": str(item.pk)}).status_code for address in writes} == {403}
    assert "Bevinding bewaren" not in page(outsider, url("visit_criterion", visit.pk, item.pk))


def test_provider_cannot_answer_and_inspector_cannot_react(provider: Any) -> None:
    visit = factories.reacted_visit(provider)
    remark = visit.remarks.get()
    quality, inspector = signed_in(factories.quality_officer(provider)), signed_in(factories.lead(visit))
    assert quality.post(url("remark_answer", visit.pk, remark.pk)).status_code == 403
    assert inspector.post(url("remark_delete", visit.pk, remark.pk)).status_code == 403
    assert inspector.post(url("concept", visit.pk), {"passage": "W2-1", "text": "x"}).status_code == 403


def test_other_visits_rows_are_not_found(provider: Any) -> None:
    mine, other = factories.reacted_visit(provider), factories.reacted_visit()
    client = signed_in(factories.inspector())
    assert client.get(url("finding_edit", mine.pk, other.findings.get().pk)).status_code == 404
    assert client.post(url("remark_answer", mine.pk, other.remarks.get().pk)).status_code == 404
    assert (
        client.get(url("visit_criterion", mine.pk, factories.item("A1", factories.ADDENDUM).pk)).status_code
        == 404
    )
    assert client.get(url("visit_step", mine.pk, "bestaat-niet")).status_code == 404


def test_future_visit_is_the_providers_when_announced(provider: Any) -> None:
    day = timezone.localdate() + timedelta(days=10)
    factories.planned_visit(provider, starts_on=day)
    assert "Bezoek op" in page(signed_in(factories.quality_officer(provider)), url("visits"))
