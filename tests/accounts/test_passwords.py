"""Passwords: taken as they are typed, and never the whole way in for who has a second factor."""

import re
from typing import Any

import pytest
from django.conf import Settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client
from django.urls import reverse

from providers.models import Mail, Role, User
from tests.accounts.test_second_factor import STEP, set_up
from tests.accounts.test_sign_in import PASSWORD, SIGN_IN, member, sign_in

pytestmark = pytest.mark.django_db
NEW = "  Fiets, Appel en wolk " + "nog een woord " * 6


def chosen(password: str) -> dict[str, str]:
    return {"password1": password, "password2": password}


@pytest.fixture
def user() -> User:
    return member(Role.QUALITY_OFFICER)


def test_a_password_is_taken_as_it_is_typed(client: Client, user: User) -> None:
    assert len(NEW) > 64
    sign_in(client, user.email)
    done = client.post(reverse("account_change_password"), {"oldpassword": PASSWORD} | chosen(NEW))
    assert done.status_code == 302
    for other in (NEW.strip(), NEW.lower(), NEW[:72]):
        assert sign_in(Client(), user.email, other).status_code == 200
    assert sign_in(Client(), user.email, NEW).status_code == 302


def test_its_field_hides_it_and_lets_password_managers_in(client: Client) -> None:
    page = client.get(SIGN_IN).content.decode()
    field = re.search(r'<input[^>]*name="password"[^>]*>', page)
    assert field and 'type="password"' in field[0] and 'autocomplete="current-password"' in field[0]
    assert "paste" not in page


def test_it_is_kept_as_a_slow_hash(settings: Any) -> None:
    own: Any = Settings("wlzthuis.settings")
    settings.PASSWORD_HASHERS = own.PASSWORD_HASHERS  # other tests have a quick one
    algorithm, iterations, salt, _ = member(Role.QUALITY_OFFICER).password.split("$")
    assert algorithm == PBKDF2PasswordHasher.algorithm == "pbkdf2_sha256"
    assert int(iterations) >= 600_000 and len(salt) >= 22


def test_a_new_one_by_mail_does_not_pass_the_second_step(client: Client) -> None:
    user = member(Role.DIRECTOR)
    sign_in(client, user.email)
    set_up(client)
    other = Client()
    other.post(reverse("account_reset_password"), {"email": user.email})
    link = re.search(r"/wachtwoord/nieuw/\S+/", Mail.objects.get(kind="password_reset").text)
    assert link
    other.post(other.get(link[0])["Location"], chosen("fiets appel wolk stoel"))
    assert sign_in(other, user.email, "fiets appel wolk stoel")["Location"] == STEP
    assert other.get("/taken/").status_code == 302


def test_who_is_shut_out_is_out_at_once(client: Client, user: User) -> None:
    sign_in(client, user.email)
    assert client.get("/taken/").status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/taken/").status_code == 302
