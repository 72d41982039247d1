"""security.txt as RFC 9116 wants it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

pytestmark = pytest.mark.django_db


def fields(settings: Any) -> dict[str, str]:
    answer = Client().get("/.well-known/security.txt")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    return dict(line.split(": ", 1) for line in answer.content.decode().splitlines())


def test_where_to_report_and_until_when_that_holds(settings: Any) -> None:
    settings.SECURITY_CONTACT, settings.PUBLIC_URL = "veilig@proef.example", "https://portaal.example"
    found = fields(settings)
    assert found["Contact"] == "mailto:veilig@proef.example"
    assert (
        timedelta(days=30) < datetime.fromisoformat(found["Expires"]) - timezone.now() < timedelta(days=365)
    )
    assert found["Preferred-Languages"] == "nl, en"
    assert found["Canonical"] == "https://portaal.example/.well-known/security.txt"
    page, _, place = found["Policy"].removeprefix("https://portaal.example").partition("#")
    assert f'id="{place}"' in Client().get(page).content.decode()


def test_a_page_can_be_the_contact(settings: Any) -> None:
    settings.SECURITY_CONTACT = "https://meldpunt.example/"
    assert fields(settings)["Contact"] == "https://meldpunt.example/"
