"""Signing in with an address and a password."""

import re
import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from providers.accounts import addresses
from providers.models import AuditEvent, Mail, Organisation, Role, User
from tests import factories as f

pytestmark = pytest.mark.django_db
PASSWORD = "een lange zin van woorden"
SIGN_IN = "/inloggen/"


HOMES: dict[str, Callable[[], Organisation]] = {
    Role.INSPECTOR: f.inspectorate,
    Role.COORDINATING_INSPECTOR: f.inspectorate,
    Role.CARE_OFFICE_OFFICER: f.care_office,
    Role.PORTAL_ADMIN: f.portal,
}


@pytest.fixture
def user() -> User:
    return member(Role.QUALITY_OFFICER)


def member(role: str) -> User:
    """Somebody with a password and a confirmed address."""
    user = f.person(role, HOMES.get(role, f.provider)())
    user.set_password(PASSWORD)
    user.save()
    addresses.confirm(user)
    return user


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra):
    query = extra.pop("query", "")
    return client.post(SIGN_IN + query, {"login": email, "password": password}, **extra)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_the_right_password_leads_to_ones_tasks(client: Client, user: User) -> None:
    response = sign_in(client, user.email.upper())
    assert response.status_code == 302 and response["Location"] == reverse("assessments:tasks")
    assert client.get(response["Location"]).status_code == 200
    event = AuditEvent.objects.get(action="sign_in")
    assert (event.user, event.outcome, event.address) == (user, "done", "127.0.0.1")
    assert event.acting_for is not None


def test_a_wrong_password_is_refused_and_logged_without_what_was_typed(client: Client, user: User) -> None:
    known, unknown = sign_in(client, user.email, "fout fout fout"), sign_in(client, "niemand@proef.example")
    for response in (known, unknown):
        assert response.status_code == 200
        assert "Dit e-mailadres en wachtwoord horen niet bij elkaar" in text_of(response)
    assert list(AuditEvent.objects.order_by("at").values_list("action", "outcome", "user")) == [
        ("sign_in", "refused", user.pk),
        ("sign_in", "refused", None),
    ]
    assert not AuditEvent.objects.filter(object_id__contains="niemand").exists()


def test_one_password_too_many_locks_this_account_from_this_address_only(client: Client, user: User) -> None:
    for _ in range(5):
        sign_in(client, user.email, "fout fout fout")
    assert "te vaak geprobeerd" in text_of(sign_in(client, user.email))
    assert "_auth_user_id" not in client.session
    elsewhere = sign_in(client, user.email, REMOTE_ADDR="10.0.0.9")
    assert elsewhere.status_code == 302


def test_who_has_left_does_not_come_in(client: Client, user: User) -> None:
    user.is_active = False
    user.save()
    response = sign_in(client, user.email)
    assert "_auth_user_id" not in client.session
    assert "kunt u niet meer inloggen" in text_of(client.get(response["Location"]))


def test_an_address_that_is_not_confirmed_gets_a_link_first(client: Client) -> None:
    user = f.User.objects.create_user("nieuw@proef.example", "Nieuw", PASSWORD)
    response = sign_in(client, user.email)
    assert response["Location"] == reverse("account_email_verification_sent")
    assert "_auth_user_id" not in client.session
    link = re.search(r"/account/e-mail/bevestigen/\S+/", Mail.objects.get(kind="email_confirmation").text)
    assert link and client.post(link[0]).status_code == 302
    assert sign_in(client, user.email)["Location"] == reverse("assessments:tasks")


@pytest.mark.parametrize("target", ["https://kwaad.example/", "//kwaad.example/", "javascript:alert(1)"])
def test_no_link_leads_away_after_signing_in(client: Client, user: User, target: str) -> None:
    assert sign_in(client, user.email, query=f"?next={target}")["Location"] == reverse("assessments:tasks")


def test_a_link_within_the_portal_is_followed(client: Client, user: User) -> None:
    assert sign_in(client, user.email, query="?next=/organisatie/")["Location"] == "/organisatie/"


def test_a_session_that_somebody_else_prepared_is_not_taken_over(client: Client, user: User) -> None:
    client.get(SIGN_IN)
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = str(planted)
    sign_in(client, user.email)
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_nobody_makes_an_account_by_herself(client: Client) -> None:
    assert client.get("/accounts/signup/").status_code == 404
    assert client.get("/account/aanmelden/").status_code == 404


def test_leaving_is_a_form_and_is_logged(client: Client, user: User) -> None:
    sign_in(client, user.email)
    assert client.get(reverse("account_logout")).status_code == 405
    assert client.post(reverse("account_logout"))["Location"] == "/"
    assert client.get(reverse("account")).status_code == 302
    assert AuditEvent.objects.filter(action="sign_out", user=user).count() == 1


# --- passwords


def test_a_password_is_long_own_and_not_common(user: User) -> None:
    for bad in ("kort", "q1w2e3r4t5y6", user.email):
        with pytest.raises(ValidationError):
            validate_password(bad, user)
    validate_password("fiets appel wolk stoel", user)


def test_a_forgotten_password_is_replaced_by_mail(client: Client, user: User) -> None:
    other = Client()
    sign_in(other, user.email)
    response = client.post(reverse("account_reset_password"), {"email": user.email})
    assert response["Location"] == reverse("account_reset_password_done")
    mail = Mail.objects.get(kind="password_reset")
    assert mail.to == user.email
    link = re.search(r"/wachtwoord/nieuw/\S+/", mail.text)
    assert link
    page = client.get(link[0])
    new = {"password1": "fiets appel wolk stoel", "password2": "fiets appel wolk stoel"}
    assert client.post(page["Location"], new)["Location"] == reverse("account_reset_password_from_key_done")
    assert sign_in(Client(), user.email).status_code == 200
    assert sign_in(Client(), user.email, new["password1"]).status_code == 302
    assert other.get(reverse("account")).status_code == 302, "the other session has ended"
    assert "werkt niet meer" in text_of(Client().get(link[0])), "the link works once"
    assert Mail.objects.filter(kind="account_notice", to=user.email).count() == 1
    assert AuditEvent.objects.filter(action="password_changed", user=user).count() == 1


def test_asking_for_a_new_password_does_not_tell_who_has_an_account(client: Client, user: User) -> None:
    pages = []
    for email in (user.email, "niemand@proef.example"):
        response = client.post(reverse("account_reset_password"), {"email": email}, follow=True)
        pages.append(text_of(response))
    assert re.sub(r'value="[^"]+"', "", pages[0]) == re.sub(r'value="[^"]+"', "", pages[1])
    assert list(Mail.objects.values_list("to", flat=True)) == [user.email]


def test_links_in_mails_do_not_follow_the_name_that_the_request_gives(
    client: Client, user: User, settings
) -> None:
    settings.PUBLIC_URL = "https://thuispeil.example"
    client.post(reverse("account_reset_password"), {"email": user.email}, headers={"host": "testserver"})
    assert "https://thuispeil.example/wachtwoord/nieuw/" in Mail.objects.get().text
    assert "testserver" not in Mail.objects.get().text


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(client: Client, user: User) -> None:
    other = Client()
    sign_in(other, user.email)
    sign_in(client, user.email)
    before = client.session.session_key
    new = {"password1": "fiets appel wolk stoel", "password2": "fiets appel wolk stoel"}
    wrong = client.post(reverse("account_change_password"), {"oldpassword": "fout"} | new)
    assert "Dit is niet uw huidige wachtwoord" in text_of(wrong)
    differ = client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD} | new | {"password2": "iets anders"}
    )
    assert "U typte twee keer iets anders" in text_of(differ)
    done = client.post(reverse("account_change_password"), {"oldpassword": PASSWORD} | new)
    assert done["Location"] == reverse("account")
    assert client.session.session_key != before
    assert client.get(reverse("account")).status_code == 200
    assert other.get(reverse("account")).status_code == 302


# --- the address


def test_a_new_address_counts_once_it_is_confirmed(client: Client, user: User) -> None:
    old = user.email
    sign_in(client, old)
    client.post(reverse("account_email"), {"action_add": "1", "email": "ander@proef.example"})
    user.refresh_from_db()
    assert user.email == old
    link = re.search(r"/account/e-mail/bevestigen/\S+/", Mail.objects.get(kind="email_confirmation").text)
    assert link and client.post(link[0])["Location"] == reverse("account")
    user.refresh_from_db()
    assert user.email == "ander@proef.example"
    assert set(Mail.objects.filter(kind="account_notice").values_list("to", flat=True)) >= {old}


def test_an_address_of_somebody_else_is_never_taken(client: Client, user: User) -> None:
    other = member(Role.DIRECTOR)
    sign_in(client, user.email)
    response = client.post(reverse("account_email"), {"action_add": "1", "email": other.email})
    assert response.status_code == 302, "as for any other address: it does not tell who has an account"
    link = re.search(
        r"/account/e-mail/bevestigen/\S+/", Mail.objects.filter(kind="email_confirmation").get().text
    )
    assert link
    client.post(link[0])
    user.refresh_from_db()
    assert user.email != other.email


def test_guesses_from_everywhere_at_one_account_end_however_it_is_written(
    client: Client, user: User, settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed_account": "3/h/key"}
    for number, email in enumerate([user.email, user.email.upper(), user.email.title()]):
        sign_in(client, email, "fout fout fout", REMOTE_ADDR=f"10.0.0.{number}")
    assert "te vaak geprobeerd" in text_of(sign_in(client, user.email.swapcase(), REMOTE_ADDR="10.0.0.9"))


def test_nobodys_mailbox_is_filled_with_links(client: Client, user: User, monkeypatch) -> None:
    def ask(minutes: int) -> int:
        later = SimpleNamespace(**vars(time) | {"time": lambda: time.time() + minutes * 60})
        monkeypatch.setattr("allauth.core.internal.ratelimit.time", later)
        return client.post(reverse("account_reset_password"), {"email": user.email}).status_code

    assert [ask(minutes) for minutes in (0, 1, 2, 3, 4, 5, 59, 61)] == [302] * 5 + [429] * 2 + [302]
    assert Mail.objects.filter(to=user.email).count() == 6
