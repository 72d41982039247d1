"""The frame, the start page and the error pages: right for everyone, with no query too many."""

import re

import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from norms.models import FrameworkVersion
from providers.models import Role
from tests import factories
from wlzthuis import pages
from wlzthuis.context import shell

PUBLIC = ("about", "accessibility", "privacy", "contact")


def nav_of(html: str) -> list[str]:
    menu = html.split('aria-label="Hoofdmenu"', 1)[1].split("</nav>", 1)[0]
    return re.findall(r">([^<]+)</a>", menu)


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).strip()


@pytest.fixture
def signed_in(db):
    """A client per role; one person holds the role in one organisation of that kind."""

    def client(role: str, organisation) -> Client:
        client = Client()
        client.force_login(factories.person(role, organisation))
        return client

    return client


@pytest.mark.parametrize("name", PUBLIC)
def test_the_texts_are_public_and_ask_nothing_of_the_database(client, name, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get(reverse(name))
    assert response.status_code == 200
    assert response.content.decode().count("<h1") == 1


@pytest.mark.parametrize("name", ("accessibility", "privacy", "contact"))
def test_the_support_address_is_configuration(client, settings, name):
    settings.SUPPORT_EMAIL = "vraag@portaal.example"
    assert 'href="mailto:vraag@portaal.example"' in client.get(reverse(name)).content.decode()


def test_the_start_page_says_in_three_sentences_what_it_is_for_whom(client, db):
    html = client.get(reverse("start")).content.decode()
    lead = text_of(html.split('<p class="lead">', 1)[1].split("</p>", 1)[0])
    assert len(re.findall(r"\.(?:\s|$)", lead)) == 3
    assert all(word in lead for word in ("Zorgaanbieders", "inspectie", "zorgkantoor", "Iedereen"))


def test_the_start_page_lists_norms_in_use_and_the_newest_public_report(
    client, db, django_assert_max_num_queries
):
    factories.load_norms()
    visit = factories.published_visit()
    with django_assert_max_num_queries(4):  # two are the savepoint of the request
        html = client.get(reverse("start")).content.decode()
    for edition in FrameworkVersion.objects.default_for(timezone.localdate()):
        assert edition.get_absolute_url() in html
    assert visit.organisation.name in html


def test_the_start_page_says_when_no_report_is_public(client, db):
    assert "Er is nog geen rapport openbaar" in client.get(reverse("start")).content.decode()


def test_anonymous_people_see_the_public_entries_and_a_way_in(client):
    html = client.get(reverse("about")).content.decode()
    assert nav_of(html) == ["Normen", "Rapporten", "Over Thuispeil"]
    assert f'href="{reverse("account_login")}"' in html
    assert "Uitloggen" not in html


@pytest.mark.parametrize(
    ("role", "organisation", "entries"),
    [
        (
            Role.QUALITY_OFFICER,
            factories.provider,
            [
                "Mijn taken",
                "Zelfevaluaties",
                "Verbeteracties",
                "Bewijsstukken",
                "Bezoeken",
                "Rapporten",
                "Normen",
            ],
        ),
        (
            Role.INSPECTOR,
            factories.inspectorate,
            ["Mijn taken", "Werklijst", "Bezoeken", "Uitvragen", "Zelfevaluaties", "Rapporten", "Normen"],
        ),
        (
            Role.CARE_OFFICE_OFFICER,
            factories.care_office,
            ["Mijn taken", "Uitvragen", "Zelfevaluaties", "Contracten", "Signalen", "Rapporten", "Normen"],
        ),
        (
            Role.PORTAL_ADMIN,
            factories.portal,
            ["Mijn taken", "Organisaties", "Aanmeldingen", "Bewaren", "Normen", "Rapporten"],
        ),
    ],
)
def test_each_kind_of_organisation_has_its_own_entries(signed_in, role, organisation, entries):
    html = signed_in(role, organisation()).get(reverse("about")).content.decode()
    assert nav_of(html) == entries
    assert "Uitloggen" in html
    assert "Inloggen" not in html


def test_logging_out_is_a_post_with_a_token(signed_in):
    html = signed_in(Role.DIRECTOR, factories.provider()).get(reverse("about")).content.decode()
    form = html.split(f'action="{reverse("account_logout")}"', 1)[1].split("</form>", 1)[0]
    assert "csrfmiddlewaretoken" in form


def test_switching_is_offered_only_to_who_works_for_more_than_one(db):
    first, second = factories.provider("Eerste Zorg"), factories.provider("Tweede Zorg")
    user = factories.person(Role.DIRECTOR, first)
    client = Client()
    client.force_login(user)
    assert "Wisselen naar" not in client.get(reverse("about")).content.decode()
    factories.add_role(user, Role.DIRECTOR, second)
    html = client.get(reverse("about")).content.decode()
    assert "Wisselen naar Tweede Zorg" in html
    assert f'name="organisation" value="{second.pk}"' in html


def test_a_page_below_an_entry_marks_that_entry(rf: RequestFactory):
    request = rf.get(reverse("reports:list") + "V1000001/1.0/")
    assert [label for label, _, current in shell(request)["nav_items"] if current] == ["Rapporten"]


def test_the_frame_does_without_an_actor(rf: RequestFactory):
    assert shell(rf.get("/"))["actor"] is None


def test_a_page_that_is_not_there_is_said_in_dutch_and_leads_on(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/bestaat-niet/")
    assert response.status_code == 404
    assert "Deze pagina is er niet" in response.content.decode()
    assert f'href="{reverse("norms:list")}"' in response.content.decode()


def test_a_refused_form_token_says_what_to_do(db):
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "a"})
    assert response.status_code == 403
    assert "Uw formulier is niet verstuurd" in response.content.decode()


def test_what_is_too_large_gets_its_own_page(client):
    response = client.post(
        reverse("account_login"), data=b"x", content_type="text/plain", CONTENT_LENGTH=str(10**9)
    )
    assert response.status_code == 413
    assert "niet groter zijn dan 25 MB" in response.content.decode()


def test_a_body_found_too_large_while_reading_gets_the_same_page(rf: RequestFactory):
    response = pages.bad_request(rf.get("/"), RequestDataTooBig())
    assert response.status_code == 413
    assert pages.bad_request(rf.get("/"), ValueError()).status_code == 400


def test_a_fault_of_ours_is_shown_without_database_or_frame(rf: RequestFactory):
    response = pages.server_error(rf.get("/"))
    html = response.content.decode()
    assert response.status_code == 500
    assert "Er ging iets mis bij ons" in html
    assert "{" not in html.split("<body", 1)[1]


def test_who_may_not_do_something_reads_for_whom_she_acts(signed_in):
    own = factories.provider("Zorg aan Zee")
    response = signed_in(Role.DIRECTOR, own).get(reverse("organisations"))
    assert response.status_code == 403
    assert "voor Zorg aan Zee" in response.content.decode()


def test_the_runner_may_ask_whether_the_process_lives(client):
    assert client.get(reverse("live")).content == b"ok"
