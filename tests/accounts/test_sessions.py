"""How long a session lasts, and where one is signed in."""

import time
from datetime import UTC, datetime

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from providers.accounts.devices import device_name
from providers.models import AuditEvent, Role, User
from tests import factories as f
from tests.accounts.test_sign_in import member, sign_in, text_of

pytestmark = pytest.mark.django_db
PAGE = "/organisatie/"


@pytest.fixture
def user() -> User:
    return member(Role.QUALITY_OFFICER)


def age(client: Client, **minutes: float) -> None:
    """As if the session was used (seen_at) or begun (started_at) so long ago."""
    session = client.session
    for key, value in minutes.items():
        session[key] = time.time() - value * 60
    session.save()


def test_a_session_ends_after_a_time_without_use(client: Client, user: User) -> None:
    sign_in(client, user.email)
    client.get(PAGE)
    age(client, seen_at=29)
    assert client.get(PAGE).status_code == 200
    age(client, seen_at=31)
    response = client.get(PAGE)
    assert response["Location"] == f"/inloggen/?next={PAGE}"
    assert "wat u typte, staat er nog" in text_of(client.get(response["Location"]))
    assert list(AuditEvent.objects.order_by("at").values_list("action", flat=True)) == [
        "sign_in",
        "session_expired",
    ]


def test_a_session_ends_after_twelve_hours_whatever_one_does(client: Client, user: User) -> None:
    client.force_login(user)
    client.get(PAGE)
    age(client, started_at=12 * 60 - 1)
    assert client.get(PAGE).status_code == 200
    age(client, started_at=12 * 60 + 1, seen_at=0)
    assert client.get(PAGE).status_code == 302


def test_using_it_writes_the_session_once_a_minute_at_most(client: Client, user: User) -> None:
    client.force_login(user)
    client.get(PAGE)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(PAGE)
    assert not [q for q in queries if "UPDATE" in q["sql"] or "INSERT" in q["sql"]]
    age(client, seen_at=2)
    client.get(PAGE)
    assert time.time() - client.session["seen_at"] < 5


def test_what_a_page_asks_by_itself_is_no_use(client: Client, user: User) -> None:
    client.force_login(user)
    client.get(PAGE)
    age(client, seen_at=20)
    client.get(PAGE, headers={"HX-Request": "true"})
    assert 9 * 60 < client.get(reverse("session")).json()["seconds_left"] <= 10 * 60
    assert client.post(reverse("session")).json()["seconds_left"] > 29 * 60


def test_a_form_sent_too_late_leads_back_to_its_page(client: Client) -> None:
    client.get("/")
    referer = "http://testserver/zelfevaluaties/3/invullen/?deel=2"
    response = client.post("/organisatie/locaties/nieuw/", headers={"Referer": referer})
    assert response["Location"] == "/inloggen/?next=%2Fzelfevaluaties%2F3%2Finvullen%2F%3Fdeel%3D2"
    elsewhere = client.post("/organisatie/locaties/nieuw/", headers={"Referer": "https://kwaad.example/x"})
    assert "kwaad" not in elsewhere["Location"]


def test_one_sees_where_one_is_signed_in_and_ends_one(client: Client, user: User) -> None:
    other = Client(
        headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0"}
    )
    sign_in(other, user.email)
    sign_in(client, user.email)
    page = client.get(reverse("usersessions_list"))
    assert "Edge op Windows" in text_of(page) and "Dit apparaat" in text_of(page)
    age(other, seen_at=20)
    used = timezone.localtime(datetime.fromtimestamp(other.session["seen_at"], UTC))
    assert f"{used:%H:%M}, vanaf" in text_of(client.get(reverse("usersessions_list")))
    found = UserSession.objects.get(user=user, session_key=other.session.session_key)
    assert client.post(reverse("session_end", args=[found.pk])).status_code == 302
    assert other.get(PAGE).status_code == 302
    assert client.get(PAGE).status_code == 200
    assert AuditEvent.objects.filter(action="sessions_ended", user=user).count() == 1


def test_signing_out_everywhere_else(client: Client, user: User) -> None:
    others = [Client(), Client()]
    for other in [*others, client]:
        sign_in(other, user.email)
    client.post(reverse("usersessions_list"))
    assert [other.get(PAGE).status_code for other in others] == [302, 302]
    assert client.get(PAGE).status_code == 200
    assert Session.objects.count() == 1


def test_nobody_ends_the_session_of_somebody_else(client: Client, user: User) -> None:
    other = member(Role.DIRECTOR)
    theirs = Client()
    sign_in(theirs, other.email)
    sign_in(client, user.email)
    pk = UserSession.objects.get(user=other).pk
    assert client.post(reverse("session_end", args=[pk])).status_code == 404
    assert theirs.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1",
            "Safari op iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox op Linux"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome op Android"),
        ("", "Onbekend apparaat"),
    ],
)
def test_a_device_has_a_name(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name


def test_the_account_names_every_role(client: Client, user: User) -> None:
    f.add_role(user, Role.DIRECTOR, f.provider("Tweede Zorg"))
    client.force_login(user)
    page = text_of(client.get(reverse("account")))
    assert "Tweede Zorg" in page and "Bestuurder" in page and user.email in page
