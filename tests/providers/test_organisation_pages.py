"""The data of an organisation: two people at once, numbers that are taken, and the list of all."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from providers.forms.organisations import LocationForm
from providers.models import AuditEvent, Location, Organisation, Role
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Organisation:
    return f.provider("De Linde", kvk="01234567", agb="07123456")


@pytest.fixture
def officer(client: Client, own: Organisation) -> Client:
    client.force_login(f.quality_officer(own).person)
    return client


def shown(client: Client, url: str) -> dict[str, Any]:
    """What the form would send when nothing is changed."""
    form = client.get(url).context["form"]
    return {field.name: field.value() or "" for field in form}


def test_what_a_colleague_changed_elsewhere_stays(officer: Client, own: Organisation):
    form = shown(officer, reverse("organisation"))
    Organisation.objects.filter(pk=own.pk).update(place="Gouda")
    assert officer.post(reverse("organisation"), form | {"name": "De Nieuwe Linde"}).status_code == 302
    own.refresh_from_db()
    assert (own.name, own.place) == ("De Nieuwe Linde", "Gouda")
    assert AuditEvent.objects.get().action == "organisation_changed"


def test_what_both_changed_is_shown_with_both_and_saved_when_confirmed(officer: Client, own: Organisation):
    url = reverse("organisation")
    form = shown(officer, url) | {"name": "Mijn naam"}
    Organisation.objects.filter(pk=own.pk).update(name="Haar naam")
    answer = officer.post(url, form)
    page = answer.content.decode()
    assert "intussen in ‘Haar naam’" in page and 'value="Mijn naam"' in page
    own.refresh_from_db()
    assert own.name == "Haar naam"
    again = {field.name: field.value() or "" for field in answer.context["form"]}
    assert officer.post(url, again).status_code == 302
    own.refresh_from_db()
    assert own.name == "Mijn naam"


def test_only_the_portal_changes_the_numbers_by_which_people_are_let_in(officer: Client, own: Organisation):
    url = reverse("organisation")
    form = shown(officer, url)
    officer.post(url, form | {"kvk": "76543210", "agb": "76543210", "was-kvk": "76543210", "place": "Gouda"})
    own.refresh_from_db()
    assert (own.kvk, own.agb, own.place) == ("01234567", "07123456", "Gouda")
    assert "De beheerder wijzigt het" in officer.get(url).content.decode()
    admin = Client()
    admin.force_login(f.acting(Role.PORTAL_ADMIN, f.portal()).person)
    url = reverse("organisation_detail", args=[own.pk])
    admin.post(url, shown(admin, url) | {"kvk": "76543210"})
    own.refresh_from_db()
    assert own.kvk == "76543210"


def test_the_same_holds_for_a_location(officer: Client, own: Organisation):
    place = own.locations.get()
    url = reverse("location_edit", args=[place.pk])
    form = shown(officer, url) | {"place": "Gouda"}
    Location.objects.filter(pk=place.pk).update(place="Leiden")
    assert "intussen in ‘Leiden’" in officer.post(url, form).content.decode()


def test_a_number_that_is_taken_at_the_same_moment_is_a_sentence(own: Organisation):
    """The check of the form saw nothing; the database does."""
    form = LocationForm({"name": "Team 1", "place": "Delft"}, instance=Location(organisation=own))
    own.locations.all().delete()
    assert form.is_valid()
    f.location(own, "Team 1")
    assert not form.keep()
    assert "Kies een andere naam" in form.errors["name"][0]


@pytest.mark.django_db(transaction=True)
def test_two_people_who_save_at_once_do_not_overwrite_each_other():
    own = f.provider("De Linde")
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(f.person(Role.QUALITY_OFFICER, own))
    url = reverse("organisation")
    forms = [shown(client, url) | {"name": f"Naam {n}"} for n, client in enumerate(clients)]
    start, codes = threading.Barrier(2), []

    def save(number: int) -> None:
        start.wait()
        codes.append(clients[number].post(url, forms[number]).status_code)
        connection.close()

    threads = [threading.Thread(target=save, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [200, 302]


def test_the_list_is_paged_and_found_by_number(client: Client):
    Organisation.objects.bulk_create(
        Organisation(kind="provider", name=f"Zorg {n:03}", kvk=f"{n:08}", agb=f"{n:08}") for n in range(60)
    )
    client.force_login(f.acting(Role.PORTAL_ADMIN, f.portal()).person)
    first = client.get(reverse("organisations"))
    page = first.context["page"]
    assert len(page) == 50 and page.next_url
    assert len(client.get(reverse("organisations") + page.next_url).context["page"]) == 11
    found = client.get(reverse("organisations"), {"q": "00000007"}).context["page"]
    assert [row.name for row in found] == ["Zorg 007"]
