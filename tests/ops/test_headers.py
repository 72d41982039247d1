"""What every answer tells browsers, and what it never tells."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.test_access import GET_TABLE, ROLES, World, arguments, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("name", "args"), [row[:2] for row in GET_TABLE])
def test_every_answer_is_guarded(world: World, name: str, args: str) -> None:
    url = reverse(name, args=arguments(world, args))
    for role in ROLES:
        response = world.clients[role].get(url)
        headers = response.headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Frame-Options"] == "DENY"
        assert "geolocation=()" in headers["Permissions-Policy"]
        assert "publickey-credentials-get=(self)" in headers["Permissions-Policy"]
        policy = headers["Content-Security-Policy"]
        # A demo shows mails with the styles of their own, in a sandbox.
        assert "unsafe" not in policy or name == "mailbox_html"
        assert "*" not in policy
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        if name != "mailbox_html":
            assert "object-src 'none'" in policy and "base-uri 'none'" in policy
        kind = headers["Content-Type"]
        assert not kind.startswith("text/") or kind.endswith("charset=utf-8"), (url, kind)
        is_own = role != "anonymous" and not url.startswith(("/health/", "/metrics"))
        if is_own and "/bestanden/" not in url:
            assert "no-store" in headers["Cache-Control"], (role, url)
        assert not headers.get("Location", "").startswith(("http", "//")), (role, url)


def test_a_public_page_may_be_kept_by_caches(world: World) -> None:
    response = Client().get(reverse("norms:list"))
    assert "no-store" not in response.headers.get("Cache-Control", "")
    assert not response.cookies


def test_a_form_with_a_token_for_one_person_may_not(world: World) -> None:
    response = Client().get(reverse("account_login"))
    assert response.cookies and "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    "elsewhere", ["https://kwaad.example/", "//kwaad.example/", "/\\kwaad.example", "javascript:alert(1)"]
)
def test_no_address_leads_elsewhere(world: World, elsewhere: str) -> None:
    """Nobody can send somebody on to a place of her choice by a link to the portal."""
    for role in ("anonymous", "quality"):
        for name, args, _ in GET_TABLE:
            url = reverse(name, args=arguments(world, args))
            response = world.clients[role].get(url, {"next": elsewhere})
            assert not response.headers.get("Location", "").startswith(("http", "//", "/\\", "java")), url


@pytest.mark.parametrize("path", ["/static/", "/static/js/", "/.git/config", "/bestanden/", "/private/"])
def test_no_folder_is_listed(path: str) -> None:
    assert Client().get(path).status_code == 404


def test_insecure_addresses_are_upgraded_only_where_https_is_there(settings: Any) -> None:
    assert "upgrade-insecure-requests" not in Client().get("/")["Content-Security-Policy"]
