"""What answers tell caches and browsers, beside what tests/test_access.py asks of each."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_a_public_page_may_be_kept_by_caches() -> None:
    response = Client().get(reverse("norms:list"))
    assert "no-store" not in response.headers.get("Cache-Control", "")
    assert not response.cookies


def test_a_form_with_a_token_for_one_person_may_not() -> None:
    response = Client().get(reverse("account_login"))
    assert response.cookies and "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("path", ["/static/", "/static/js/", "/.git/config", "/bestanden/", "/private/"])
def test_no_folder_is_listed(path: str) -> None:
    assert Client().get(path).status_code == 404


def test_insecure_addresses_are_upgraded_only_where_https_is_there(settings: Any) -> None:
    assert "upgrade-insecure-requests" not in Client().get("/")["Content-Security-Policy"]
