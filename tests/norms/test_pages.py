"""The public pages: what they show, on which day, in how many queries."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from norms.loading import load

pytestmark = pytest.mark.django_db

IGJ = "/normen/igj-wlz-thuis/2024-09-01/"
ADDENDUM = "/normen/addendum-wlz-thuis/2019-01-01/"


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let it be that day."""

    def _on(day: str) -> None:
        monkeypatch.setattr(timezone, "localdate", lambda: datetime.date.fromisoformat(day))

    return _on


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.usefixtures("product_norms")
def test_the_list_shows_each_edition_with_its_validity(client: Client, on: Callable[[str], None]) -> None:
    on("2025-06-01")
    page = text(client, "/normen/")
    assert page.count("<h1") == 1
    assert f'href="{IGJ}"' in page and f'href="{ADDENDUM}"' in page
    names = 'Norm <span class="nowrap">Wlz-zorg</span> thuis', "Addendum langdurige zorg thuis"
    assert page.index(names[0]) < page.index(names[1])
    assert ">Geldig</span>" in page and ">Eerdere versie</span>" in page
    assert "1 september 2024 tot en met 31 december 2025" in page
    assert "Vervallen per 1-7-2024, nog bruikbaar als basis" in page
    assert "Voldoet grotendeels niet" in page and "Alleen voor de inspectie." in page


@pytest.mark.usefixtures("product_norms")
def test_advice_and_requests_are_no_norm(client: Client) -> None:
    advice = text(client, "/normen/samenredzaamheid/2025-01-01/")
    assert (
        "Dit is een advies" in advice and "U geeft geen score" in advice and "vierpuntsschaal" not in advice
    )
    request = text(client, "/normen/zorgkantoor-monitor/2026-01-01/")
    assert "Dit is een uitvraag" in request and "Ingevuld door het zorgkantoor." in request
    assert "Alleen als u overbruggingszorg geeft." in request
    assert "Samenvattend rapport uitvoering Wlz 2022-2023" in request and "18 december 2023" in request


@pytest.mark.usefixtures("product_norms")
def test_what_is_known_in_outline_says_so(client: Client) -> None:
    page = text(client, "/normen/igj-normenkader/2026-01-01/")
    assert "Er is nog niets in te vullen" in page and "Alleen de opbouw, te bevestigen" in page
    assert "4 thema’s" in page and page.count("Eigen formulering, te bevestigen.") == 4
    assert "ongeveer 0 minuten" not in text(client, "/normen/")


def test_beginners_are_told_the_three_criteria(client: Client) -> None:
    page = text(client, "/normen/van-zvw-naar-wlz/")
    assert page.count("<h1") == 1
    assert "Alleen het telefoonnummer van een bestuurder" in page and "Er is geen vaste tijd" in page
    assert 'href="/normen/igj-wlz-thuis/"' in page and 'href="/quickscan/"' in page


def test_an_empty_list_says_so(client: Client) -> None:
    assert "Er zijn nog geen normen" in text(client, "/normen/")


@pytest.mark.usefixtures("product_norms")
@pytest.mark.parametrize(
    ("day", "title", "sentence"),
    [
        ("2024-08-01", "Deze versie is nog niet geldig", "De versie geldt van 1 september 2024"),
        ("2025-06-01", "Deze versie is geldig", "De versie geldt van 1 september 2024"),
        ("2026-11-21", "Dit is een eerdere versie", "De versie gold van 1 september 2024"),
    ],
)
def test_the_status_comes_first(
    client: Client, on: Callable[[str], None], day: str, title: str, sentence: str
) -> None:
    on(day)
    page = text(client, IGJ)
    assert page.index(title) < page.index(sentence) < page.index("Inspectie Gezondheidszorg en Jeugd")


@pytest.mark.usefixtures("product_norms")
def test_an_edition_is_there_in_full(client: Client, on: Callable[[str], None]) -> None:
    on("2026-11-21")
    page = text(client, IGJ)
    assert page.count("<h1") == 1
    assert "1 norm, 3 criteria, 21 deelvragen" in page
    assert "Van de opvolger kent Thuispeil nu alleen de opbouw." in page
    for code in ("W", "W1", "W1.1", "W2.9", "W2.T", "W3.5"):
        assert f'id="{code}"' in page
    assert page.count("Eigen formulering, te bevestigen.") == 3
    assert "Alleen dit is niet voldoende" in page and "Welk bewijs overtuigt" in page
    assert "https://www.waardigheidentrots.nl/" in page and "4 september 2025" in page
    assert "Oordeel van de zorgaanbieder en de inspectie. Bron: regel 68 en 82 tot en met 84." in page


@pytest.mark.usefixtures("product_norms")
def test_the_addendum_shows_scope_terms_and_dates(client: Client) -> None:
    page = text(client, ADDENDUM)
    assert "8 thema’s, 27 vereisten" in page
    assert "overbruggingszorg" in page
    assert "Geldt vanaf 1 januari 2020. Bron: regel 495 tot en met 501." in page
    assert "(Lager dan niveau 3; Niveau 3; Hoger dan niveau 3)" in page
    # What it has to do with other norms, both ways.
    assert f'<a href="{IGJ}#W2.1">W2.1, Norm' in page
    assert f'<a href="{ADDENDUM}#0.1.1">' in text(client, IGJ)


@pytest.mark.usefixtures("product_norms")
def test_a_framework_leads_to_its_default_edition(client: Client, on: Callable[[str], None]) -> None:
    for day in ("2020-01-01", "2025-01-01", "2026-11-21"):
        on(day)
        assert client.get("/normen/igj-wlz-thuis/").headers["Location"] == IGJ


@pytest.mark.usefixtures("product_norms")
@pytest.mark.parametrize(
    "path", ["/normen/onbekend/", "/normen/igj-wlz-thuis/1999/", "/normen/onbekend/1999/"]
)
def test_what_is_not_there_is_404(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.usefixtures("product_norms")
def test_an_unchanged_page_is_not_sent_again(client: Client) -> None:
    etag = client.get(IGJ).headers["ETag"]
    assert client.get(IGJ, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.usefixtures("product_norms")
# Two of them are the savepoint that a request is inside the transaction of a test.
@pytest.mark.parametrize(("path", "queries"), [("/normen/", 5), (IGJ, 6), (ADDENDUM, 6)])
def test_queries_do_not_grow_with_the_number_of_editions(
    client: Client,
    path: str,
    queries: int,
    small: dict[str, Any],
    write: Callable[..., Path],
    django_assert_num_queries: Any,
) -> None:
    with django_assert_num_queries(queries):
        client.get(path)
    load([write({**small, "edition": f"19{year}-01-01"}, f"{year}.yaml") for year in range(10, 40)])
    with django_assert_num_queries(queries):
        client.get(path)
