"""Cookies: for this host alone, over https alone, out of reach of scripts and of other sites."""

import os
import subprocess
import sys

import pytest
from django.test import Client
from django.urls import reverse

from providers.models import Role
from tests.accounts.test_sign_in import member, sign_in
from tests.ops.test_start import REAL

NAMES = """
import django
django.setup()
from django.conf import settings as s
from django.contrib.messages.storage import default_storage
from django.http import HttpRequest
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, default_storage(HttpRequest()).cookie_name)
print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_DOMAIN, s.CSRF_COOKIE_DOMAIN)
"""


def test_with_https_they_are_bound_to_the_host() -> None:
    command = [sys.executable, "-c", NAMES]
    done = subprocess.run(command, env=os.environ | REAL, capture_output=True, text=True, check=True)
    names, flags = done.stdout.splitlines()
    assert names.split() == ["__Host-sessionid", "__Host-csrftoken", "__Host-messages"]
    assert flags == "True True None None"


@pytest.mark.django_db
def test_no_script_reads_them_and_no_other_site_sends_them(client: Client) -> None:
    client.get(reverse("account_login"))
    sign_in(client, member(Role.QUALITY_OFFICER).email)
    client.post(reverse("account_change_password"), {})
    client.post(reverse("usersessions_list"))  # which says so on the next page
    assert set(client.cookies) == {"csrftoken", "sessionid", "messages"}
    for cookie in client.cookies.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/"), cookie.key
