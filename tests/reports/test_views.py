"""The pages about reports, for each who reads them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import ConceptVersion, Visit
from providers.models import Role
from reports.models import ReportRequest
from reports.public import latest
from tests import factories
from tests.reports.conftest import made, report_of

pytestmark = pytest.mark.django_db
Status = ReportRequest.Status


def names(response: Any) -> list[str]:
    return [row.provider_name for row in response.context["page"]]


@pytest.fixture
def public() -> Visit:
    return factories.published_visit(factories.provider("Zorgthuis De Linde", regions=[factories.region()]))


def page(visit: Visit, name: str = "detail", version: str = "1.0") -> str:
    return reverse(f"reports:{name}", args=[visit.number, version])


# --- the list


def test_anyone_reads_the_public_list(client: Client, public: Visit):
    factories.settled_visit(factories.provider("Nog niet openbaar"))
    response = client.get(reverse("reports:list"))
    assert names(response) == ["Zorgthuis De Linde"]
    html = response.content.decode()
    assert "Delft, openbaar sinds" in html and "Voldoet grotendeels niet" in html
    assert "Niet openbaar" not in html


def test_newest_first(client: Client, public: Visit):
    newer = factories.published_visit(factories.provider("Nieuwer"))
    assert names(client.get(reverse("reports:list"))) == ["Nieuwer", "Zorgthuis De Linde"]
    assert [report.provider for report in latest(1)] == ["Nieuwer"]
    assert latest(1)[0].url == page(newer)


def test_search_by_name_number_and_region(client: Client, public: Visit):
    factories.published_visit(factories.provider("Ver weg", regions=[factories.region("5501", "Groningen")]))
    url = reverse("reports:list")
    assert names(client.get(url, {"q": "linde"})) == ["Zorgthuis De Linde"]
    assert names(client.get(url, {"q": public.number.lower()})) == ["Zorgthuis De Linde"]
    assert names(client.get(url, {"regio": factories.region("5501").pk})) == ["Ver weg"]
    nothing = client.get(url, {"q": "bestaat niet"})
    assert names(nothing) == [] and "Geen rapport gevonden" in nothing.content.decode()


def test_a_wrong_region_is_said(client: Client, public: Visit):
    response = client.get(reverse("reports:list"), {"regio": "99999"})
    assert "Kies een regio uit de lijst." in response.content.decode()


def test_a_care_office_starts_in_its_own_region(sign_in: Callable, public: Visit):
    factories.published_visit(factories.provider("Ver weg", regions=[factories.region("5501", "Groningen")]))
    office = factories.acting(Role.CARE_OFFICE_OFFICER, factories.care_office([factories.region()]))
    client, url = sign_in(office), reverse("reports:list")
    own = client.get(url)
    assert names(own) == ["Zorgthuis De Linde"]
    assert 'href="?welke=alle"' in own.content.decode()
    assert names(client.get(url, {"welke": "alle"})) == ["Ver weg", "Zorgthuis De Linde"]


def test_the_inspectorate_finds_what_is_not_public(sign_in: Callable, public: Visit):
    factories.settled_visit(factories.provider("Vastgesteld"))
    response = sign_in(factories.inspector()).get(reverse("reports:list"), {"welke": "intern"})
    assert names(response) == ["Vastgesteld", "Vastgesteld", "Zorgthuis De Linde"]
    html = response.content.decode()
    assert "Aangevraagd" in html and "Vastgesteld" in html and html.count("Vervangen") == 2


def test_a_provider_finds_its_own(sign_in: Callable, public: Visit):
    own = factories.concept_visit(factories.provider("Eigen"))
    client = sign_in(factories.quality_officer(own.organisation))
    assert names(client.get(reverse("reports:list"), {"welke": "intern"})) == ["Eigen"]
    assert names(client.get(reverse("reports:list"), {"welke": "onzin"})) == ["Zorgthuis De Linde"]


def test_paging(client: Client, public: Visit, copies: Callable):
    copies(public, 30)
    first = client.get(reverse("reports:list"))
    second = client.get(reverse("reports:list") + first.context["page"].next_url)
    assert (len(first.context["page"]), len(second.context["page"])) == (25, 6)
    assert not set(names(first)) & set(names(second))


@pytest.mark.parametrize("shelf", ["openbaar", "intern"])
def test_the_list_asks_the_same_at_any_size(
    sign_in: Callable, public: Visit, copies: Callable, django_assert_num_queries: Callable, shelf: str
):
    client, url = sign_in(factories.inspector()), reverse("reports:list") + f"?welke={shelf}"
    client.get(url)  # the first request of a session notes when it was last used
    queries = 6  # session, person with roles; the savepoint of the request (two); regions; rows
    with django_assert_num_queries(queries):
        client.get(url)
    copies(public, 20)
    factories.settled_visit()
    with django_assert_num_queries(queries):
        client.get(url)


# --- one report


def test_a_public_report_in_short(client: Client, public: Visit):
    made(report_of(public))
    html = client.get(page(public)).content.decode()
    for words in (
        "Zorgthuis De Linde",
        "De nacht is niet geregeld.",
        "Voldoet grotendeels niet",
        "Niet gevraagd",
    ):
        assert words in html
    assert "V1. Zorg dat er elke nacht iemand kan komen." in html
    assert "3 pagina" in html and report_of(public).version.sha256 in html.replace("<wbr>", "")


@pytest.mark.parametrize("name", ["detail", "status", "download"])
def test_what_one_may_not_see_does_not_exist(client: Client, name: str):
    visit = factories.settled_visit()
    assert client.get(page(visit, name)).status_code == 404
    assert client.get(page(visit, name, "0.1")).status_code == 404
    assert client.get(reverse(f"reports:{name}", args=["V9999999", "1.0"])).status_code == 404


def test_the_page_of_a_report_asks_a_fixed_number_of_questions(
    client: Client, public: Visit, copies: Callable, django_assert_num_queries: Callable
):
    made(report_of(public))
    with django_assert_num_queries(6):  # two are the savepoint of the request
        client.get(page(public))
    copies(public, 5)
    with django_assert_num_queries(6):  # two are the savepoint of the request
        client.get(page(public))


def test_the_page_shows_that_the_file_is_being_made(client: Client, public: Visit):
    html = client.get(page(public)).content.decode()
    assert f'hx-get="{page(public, "status")}"' in html and 'hx-trigger="every 2s"' in html
    assert f'<a href="{page(public)}">Pagina verversen</a>' in html


def test_asking_again_answers_with_the_part_about_the_file(client: Client, public: Visit):
    waiting = client.get(page(public, "status"), headers={"HX-Request": "true"})
    assert waiting.content.decode().lstrip().startswith('<div id="bestand"')
    made(report_of(public))
    ready = client.get(page(public, "status"), headers={"HX-Request": "true"}).content.decode()
    assert "Downloaden" in ready and "hx-get" not in ready
    assert client.get(page(public, "status")).headers["Location"] == page(public)


def test_the_file_is_a_download(client: Client, public: Visit):
    made(report_of(public))
    response = client.get(page(public, "download"))
    assert b"".join(response.streaming_content) == b"%PDF-1.7 proef"  # type: ignore[attr-defined]
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        f'attachment; filename="Inspectierapport {public.number} Zorgthuis De Linde.pdf"'
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_a_name_with_a_slash_makes_no_path():
    visit = factories.published_visit(factories.provider('Zorg 24/7 "Thuis"'))
    assert report_of(visit).file_name == f"Inspectierapport {visit.number} Zorg 24 7 Thuis.pdf"


def test_a_file_that_is_not_there_yet_is_said(client: Client, public: Visit):
    response = client.get(page(public, "download"), follow=True)
    assert "Het rapport is er nog niet als PDF." in response.content.decode()


def test_the_provider_opens_its_concept(sign_in: Callable):
    visit = factories.concept_visit()
    made(report_of(visit, ConceptVersion.Kind.CONCEPT))
    client = sign_in(factories.quality_officer(visit.organisation))
    html = client.get(page(visit, version="0.1")).content.decode()
    assert "Concept, niet openbaar" in html and "Ter reactie bij aanbieder" in html
    response = client.get(page(visit, "download", "0.1"), follow=True)
    assert "Conceptrapport" in response["Content-Disposition"]
    assert visit.versions.get().opened_at is not None


# --- failure


@pytest.fixture
def failed(public: Visit) -> Visit:
    ReportRequest.objects.filter(version__visit=public).update(status=Status.FAILED, reason="Er is iets mis.")
    return public


def test_a_failure_tells_its_reason_and_lets_the_inspectorate_try_again(sign_in: Callable, failed: Visit):
    client = sign_in(factories.inspector())
    html = client.get(page(failed)).content.decode()
    assert "Er is iets mis." in html and "Opnieuw proberen" in html
    answer = client.post(page(failed, "retry"), follow=True)
    assert "Het rapport wordt opnieuw gemaakt." in answer.content.decode()
    assert report_of(failed).status == Status.REQUESTED
    again = client.post(page(failed, "retry"), follow=True)
    assert "Er is niets gewijzigd. De status is nu: Aangevraagd." in again.content.decode()


def test_others_read_the_reason_only(client: Client, failed: Visit):
    html = client.get(page(failed)).content.decode()
    assert "Er is iets mis." in html and "Opnieuw proberen" not in html
    assert client.post(page(failed, "retry")).status_code == 302
    assert report_of(failed).status == Status.FAILED


def test_a_provider_may_not_retry(sign_in: Callable, failed: Visit):
    client = sign_in(factories.quality_officer(failed.organisation))
    assert client.post(page(failed, "retry")).status_code == 403


def test_a_report_that_cannot_be_read_still_has_its_page(sign_in: Callable, public: Visit):
    factories.damage(public.versions.get(kind="final").pk, content={"schema": "anders"})
    ReportRequest.objects.update(status=Status.FAILED, reason="De inhoud is niet te lezen.", retryable=False)
    html = sign_in(factories.inspector()).get(page(public)).content.decode()
    assert "De inhoud is niet te lezen." in html and "Opnieuw proberen" not in html
