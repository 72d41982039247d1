"""A page tells which sent forms were answered: only then does a browser let go of what was typed."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as f

pytestmark = pytest.mark.django_db
PAGE = "location_new"


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(f.quality_officer(f.provider()).person)
    return client


def told(client: Client) -> set[str]:
    page = client.get(reverse("organisation")).content.decode()
    found = re.search(r'data-answered="([^"]*)"', page)
    assert found
    return set(found[1].split())


def test_a_form_that_was_taken_is_named_on_the_next_page(client: Client) -> None:
    answer = client.post(reverse(PAGE), {"name": "Team Kust", "place": "Delft", "sent": "17"})
    assert answer.status_code == 302
    assert told(client) == {"17"}


def test_a_form_that_comes_back_with_errors_names_itself(client: Client) -> None:
    page = client.post(reverse(PAGE), {"name": "", "sent": "18"}).content.decode()
    assert 'data-answered="18"' in page.replace(" 18", "18")


def test_what_was_refused_or_unreadable_is_not_named(client: Client) -> None:
    assert client.post(reverse("assessments:improvement_edit", args=[0]), {"sent": "19"}).status_code == 404
    client.post(reverse(PAGE), {"name": "Team Duin", "place": "Delft", "sent": '"><script>'})
    assert told(client) == set()


def test_who_was_signed_out_sent_nothing() -> None:
    stranger = Client()
    assert stranger.post(reverse(PAGE), {"name": "Team", "sent": "20"}).status_code == 302
    stranger.force_login(f.quality_officer(f.provider()).person)
    assert told(stranger) == set()


def test_a_page_says_for_which_organisation_she_types(client: Client) -> None:
    organisation = f.provider()
    officer = f.quality_officer(organisation)
    client.force_login(officer.person)
    page = client.get(reverse("organisation")).content.decode()
    assert f'data-person="{officer.person.pk}-{organisation.pk}"' in page
