"""Addresses that no page of ours links to: nothing found or the first page, never a fault of the portal."""

import pytest
from django.test import Client
from django.test.utils import override_settings

from providers.models import Role
from providers.paging import _write
from tests import factories as f

pytestmark = pytest.mark.django_db
HUGE = "9" * 30


def browser(role: str = "") -> Client:
    organisations = {Role.PORTAL_ADMIN: f.portal, Role.INSPECTOR: f.inspectorate}
    client = Client()
    if role:
        client.force_login(f.person(role, organisations[Role(role)]()))
    return client


@pytest.mark.parametrize(
    ("role", "address", "status"),
    [
        ("", "/rapporten/V1000001/%00/", 404),
        ("", "/rapporten/V1000001/1.0%00/pdf/", 404),
        ("", "/rapporten/V1000001/١.٠/", 404),
        ("", f"/rapporten/?regio={HUGE}&q=%00&welke=%00", 200),
        ("", "/rapporten/?na=%00%FF", 200),
        (Role.PORTAL_ADMIN, "/organisaties/?q=%00linde", 200),
        (Role.PORTAL_ADMIN, f"/organisaties/{HUGE}/", 404),
        (Role.INSPECTOR, f"/bezoeken/{HUGE}/", 404),
        (Role.INSPECTOR, f"/bezoeken/{'9' * 5000}/", 404),
        (Role.INSPECTOR, f"/zelfevaluaties/{HUGE}/", 404),
        (Role.INSPECTOR, f"/bewijsstukken/{HUGE}/", 404),
        (Role.INSPECTOR, f"/bezoeken/plannen/{HUGE}/", 404),
    ],
)
@override_settings(DEBUG=False)
def test_an_address_that_nobody_wrote(role: str, address: str, status: int) -> None:
    assert browser(role).get(address).status_code == status


@pytest.mark.parametrize("address", ["/bezoeken/", "/zelfevaluaties/", "/rapporten/"])
def test_the_cursor_of_another_list_gives_the_first_page(address: str) -> None:
    cursor = _write(f.provider("Zorgthuis De Linde"), ("name", "id"))
    assert browser(Role.INSPECTOR).get(address, {"na": cursor}).status_code == 200


def test_a_part_of_a_page_gets_a_sentence_and_not_the_page_to_sign_in() -> None:
    address = "/zelfevaluaties/1/antwoorden/1/"
    answer = Client().post(address, headers={"HX-Request": "true"})
    assert answer.status_code == 401 and "niet meer ingelogd" in answer.content.decode()
    assert Client().post(address).status_code == 302
