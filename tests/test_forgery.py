"""A form that another site made somebody send is refused before anything is read (CSRF)."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.test_access import POST_TABLE, World, arguments, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db
# Reads no cookie and writes nothing, so there is nothing that somebody could be made to do.
HARMLESS = {"assessments:quickscan"}


def test_a_form_without_its_token_is_refused(world: World) -> None:
    for role in ("anonymous", "director", "admin"):
        client = Client(enforce_csrf_checks=True)
        client.cookies = world.clients[role].cookies
        for name, args, data, _ in POST_TABLE:
            if name in HARMLESS:
                continue
            url = reverse(name, args=arguments(world, args))
            assert client.post(url, data()).status_code == 403, (role, url)
