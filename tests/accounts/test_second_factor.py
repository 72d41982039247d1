"""The second factor: who must have one, and that it is really asked for."""

import json
import time

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from providers.models import AuditEvent, Mail, Role, User
from tests import factories as f
from tests.accounts.codes import totp
from tests.accounts.test_sign_in import HOMES, member, sign_in, text_of

pytestmark = pytest.mark.django_db
STEP = "/inloggen/tweede-stap/"
# What follows on an app that was set up happens when the request is committed.
committed = pytest.mark.django_db(transaction=True)


def set_up(client: Client) -> tuple[str, list[str]]:
    """Sets up an app for who is signed in; its secret and the recovery codes."""
    url = reverse("mfa_activate_totp")
    secret = client.get(url).context["form"].secret
    assert client.post(url, {"code": totp(secret)})["Location"] == reverse("mfa_view_recovery_codes")
    return secret, client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]


def later_code(secret: str) -> str:
    """A code that was not used yet: of the next half minute, which is taken too."""
    return totp(secret, time.time() + 30)


@pytest.fixture
def compulsory(settings) -> None:
    settings.SECOND_FACTOR = "compulsory"


@pytest.mark.parametrize(
    ("role", "must"),
    [
        (Role.QUALITY_OFFICER, False),
        (Role.COUNCIL_MEMBER, False),
        (Role.DIRECTOR, True),
        (Role.INSPECTOR, True),
        (Role.COORDINATING_INSPECTOR, True),
        (Role.CARE_OFFICE_OFFICER, True),
        (Role.PORTAL_ADMIN, True),
    ],
)
def test_who_must_have_one_does_nothing_before(
    client: Client, compulsory: None, role: str, must: bool
) -> None:
    client.force_login(f.person(role, HOMES.get(role, f.provider)()))
    for path in ("/taken/", "/rapporten/", "/account/e-mail/"):
        response = client.get(path)
        assert (response.status_code == 302) == must, path
        if must:
            assert response["Location"].startswith(reverse("mfa_index") + "?next=")


@committed
def test_it_is_set_up_at_the_first_sign_in_and_asked_for_later(client: Client, compulsory: None) -> None:
    user = member(Role.DIRECTOR)
    sign_in(client, user.email)
    assert "verplicht" in text_of(client.get("/taken/", follow=True))
    secret, codes = set_up(client)
    assert len(codes) == 10
    assert client.get("/taken/").status_code == 200, "who just set it up has passed it"
    client.post(reverse("account_logout"))

    assert sign_in(client, user.email)["Location"] == STEP
    assert client.get("/taken/")["Location"].startswith("/inloggen/")
    assert "Deze code klopt niet" in text_of(client.post(STEP, {"code": "000000"}))
    assert client.get("/taken/").status_code == 302
    assert client.post(STEP, {"code": later_code(secret)})["Location"] == "/taken/"
    assert client.get("/taken/").status_code == 200
    actions = AuditEvent.objects.filter(user=user).order_by("at").values_list("action", "outcome")
    assert list(actions) == [
        ("sign_in", "done"),
        ("factor_added", "done"),
        ("sign_out", "done"),
        ("sign_in", "refused"),
        ("sign_in", "done"),
    ]
    assert Mail.objects.filter(kind="account_notice", to=user.email).exists()


def test_a_code_of_the_app_works_once(client: Client) -> None:
    user = member(Role.DIRECTOR)
    sign_in(client, user.email)
    code = later_code(set_up(client)[0])
    first, second = Client(), Client()
    sign_in(first, user.email)
    assert first.post(STEP, {"code": code}).status_code == 302
    sign_in(second, user.email)
    assert second.post(STEP, {"code": code}).status_code == 200


def test_a_code_stays_used_when_the_library_has_forgotten_it(client: Client) -> None:
    user = member(Role.DIRECTOR)
    sign_in(client, user.email)
    code = later_code(set_up(client)[0])
    first, second = Client(), Client()
    sign_in(first, user.email)
    assert first.post(STEP, {"code": code}).status_code == 302
    assert cache.delete(f"allauth.mfa.totp.used?user={user.pk}&code={code}"), "as after half a minute"
    sign_in(second, user.email)
    assert second.post(STEP, {"code": f"{code[:3]} {code[3:]}"}).status_code == 200


def test_a_recovery_code_works_once_and_is_shown_once(client: Client) -> None:
    user = member(Role.QUALITY_OFFICER)
    sign_in(client, user.email)
    _, codes = set_up(client)
    assert "***" in client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]
    first, second = Client(), Client()
    sign_in(first, user.email)
    assert first.post(STEP, {"code": codes[0]}).status_code == 302
    sign_in(second, user.email)
    assert second.post(STEP, {"code": codes[0]}).status_code == 200
    assert second.post(STEP, {"code": codes[1]}).status_code == 302


def test_guessing_codes_is_stopped(client: Client) -> None:
    user = member(Role.DIRECTOR)
    sign_in(client, user.email)
    secret, _ = set_up(client)
    client.post(reverse("account_logout"))
    sign_in(client, user.email)
    for _ in range(5):
        client.post(STEP, {"code": "000000"})
    response = client.post(STEP, {"code": later_code(secret)})
    assert response.status_code == 200 and "te vaak geprobeerd" in text_of(response)


def test_a_role_that_is_gained_later_asks_for_it_too(client: Client, compulsory: None) -> None:
    organisation = f.provider()
    user = f.person(Role.QUALITY_OFFICER, organisation)
    client.force_login(user)
    assert client.get("/taken/").status_code == 200
    f.add_role(user, Role.DIRECTOR, organisation)
    assert client.get("/taken/").status_code == 302


@committed
def test_a_session_from_before_the_factor_shows_it_and_cannot_add_another(
    client: Client, compulsory: None
) -> None:
    user = member(Role.DIRECTOR)
    old = Client()
    sign_in(old, user.email)
    sign_in(client, user.email)
    secret, _ = set_up(client)
    for path in ("/taken/", reverse("mfa_add_webauthn"), reverse("mfa_index")):
        assert old.get(path)["Location"].startswith(reverse("mfa_reauthenticate")), path
    shown = old.post(reverse("mfa_reauthenticate") + "?next=/taken/", {"code": later_code(secret)})
    assert shown["Location"] == "/taken/"
    assert old.get("/taken/").status_code == 200


@committed
def test_who_goes_on_in_the_session_of_another_has_not_passed(client: Client, compulsory: None) -> None:
    one, other = member(Role.DIRECTOR), member(Role.DIRECTOR)
    sign_in(client, one.email)
    set_up(client)
    client.post(reverse("account_logout"))
    sign_in(client, other.email)
    assert client.get("/taken/")["Location"].startswith(reverse("mfa_index"))


@committed
def test_removing_the_last_one_asks_for_a_new_one(client: Client, compulsory: None) -> None:
    user = member(Role.DIRECTOR)
    sign_in(client, user.email)
    set_up(client)
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not Authenticator.objects.exists(), "recovery codes go with it"
    assert client.get("/taken/")["Location"].startswith(reverse("mfa_index"))


def test_what_htmx_asks_before_it_leads_the_whole_page_there(client: Client, compulsory: None) -> None:
    client.force_login(f.person(Role.DIRECTOR, f.provider()))
    response = client.get("/taken/", headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == reverse("mfa_index") and not response.content


def test_secrets_do_not_stand_in_the_database(client: Client) -> None:
    user = member(Role.QUALITY_OFFICER)
    sign_in(client, user.email)
    secret, codes = set_up(client)
    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert not any(code in stored for code in codes)


def test_a_new_secret_key_leaves_factors_as_they_are(client: Client, settings) -> None:
    user = member(Role.QUALITY_OFFICER)
    sign_in(client, user.email)
    secret, _ = set_up(client)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new one " * 5, [settings.SECRET_KEY]
    other = Client()
    sign_in(other, user.email)
    assert other.post(STEP, {"code": later_code(secret)}).status_code == 302


def test_a_change_of_factors_asks_who_it_is_when_signing_in_was_long_ago(client: Client) -> None:
    user = member(Role.QUALITY_OFFICER)
    sign_in(client, user.email)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 600
    session.save()
    assert client.get(reverse("mfa_activate_totp"))["Location"].startswith(reverse("account_reauthenticate"))


def test_somebody_elses_passkey_cannot_be_removed(client: Client) -> None:
    other = User.objects.create_user("ander@proef.example", "Ander")
    key = Authenticator.objects.create(
        user=other, type="webauthn", data={"name": "Sleutel", "credential": {}}
    )
    sign_in(client, member(Role.DIRECTOR).email)
    assert client.post(reverse("mfa_remove_webauthn", args=[key.pk])).status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()
