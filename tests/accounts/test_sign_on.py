"""Signing in elsewhere, at a real OpenID Connect provider in a process of its own."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client
from django.urls import reverse

from providers.accounts import addresses
from providers.accounts.sign_on import LEVELS, level_of
from providers.models import AuditEvent, Mail, Organisation, Role, User
from tests import factories as f
from tests.accounts.test_sign_in import PASSWORD, text_of
from tests.portal import ROOT, free_port

pytestmark = pytest.mark.django_db
KVK_CLAIM, LOA = "urn:etoegang:1.9:EntityConcernedID:KvKnr", "urn:etoegang:core:assurance-class:"
KVK, OTHER_KVK = "90000001", "90000002"
CLIENTS = ("eherkenning", "inspectie")
STRONG = {KVK_CLAIM: KVK, "acr": f"{LOA}loa3"}
# name -> (address there, confirmed there, claims)
PEOPLE: dict[str, tuple[str, bool, dict[str, str]]] = {
    "eva": ("eva@zorg.example", True, STRONG),
    "weak": ("eva@zorg.example", True, STRONG | {"acr": f"{LOA}loa2"}),
    "unknown-level": ("eva@zorg.example", True, STRONG | {"acr": "heel zeker"}),
    "wrong-kvk": ("eva@zorg.example", True, STRONG | {KVK_CLAIM: OTHER_KVK}),
    "without-kvk": ("eva@zorg.example", True, {"acr": f"{LOA}loa3"}),
    "unconfirmed": ("eva@zorg.example", False, STRONG),
    "stranger": ("wie@ergens.example", True, STRONG),
    "ien": ("ien@igj.example", True, {}),
}


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("idp")
    port = free_port()
    setup = {
        "clients": [
            {
                "id": name,
                "secret": f"geheim-{name}",
                "redirect_uri": f"http://testserver/inloggen/via/{name}/terug/",
            }
            for name in CLIENTS
        ],
        "people": [
            {
                "name": name,
                "claims": json.dumps(claims | {"email": email, "email_verified": verified}),
            }
            for name, (email, verified, claims) in PEOPLE.items()
        ],
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.accounts.idp.serve", str(port)],
            cwd=ROOT,
            env=os.environ | {"IDP_FOLDER": str(folder)},
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
        )
        assert process.stdin
        process.stdin.write(json.dumps(setup).encode())
        process.stdin.close()
    url = f"http://127.0.0.1:{port}"
    for _ in range(150):
        assert process.poll() is None, (folder / "log").read_text()
        with suppress(requests.ConnectionError):
            requests.get(f"{url}/.well-known/openid-configuration", timeout=5).raise_for_status()
            break
        time.sleep(0.2)
    yield url
    process.terminate()
    process.wait(10)


@pytest.fixture(autouse=True)
def set_up(issuer: str, settings: Any) -> None:
    """Both ways in, as the environment would set them up."""
    apps = [app | {"settings": dict(app["settings"])} for app in settings.SIGN_ONS]
    for app in apps:
        app["client_id"], app["secret"] = app["provider_id"], f"geheim-{app['provider_id']}"
        app["settings"]["server_url"] = issuer
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}


@pytest.fixture
def home() -> Organisation:
    return f.provider("Zorg van Eva", kvk=KVK)


@pytest.fixture
def eva(home: Organisation) -> User:
    user = f.person(Role.QUALITY_OFFICER, home, email="eva@zorg.example")
    addresses.confirm(user)
    return user


def go_there(client: Client, name: str = "eherkenning", query: str = "") -> str:
    """The address at the provider to which the portal sends the browser."""
    response = client.get(reverse("openid_connect_login", args=[name]) + query)
    assert response.status_code == 302, text_of(response)
    return response["Location"]


def come_back(address: str, person: str) -> str:
    """Signs in at the provider; the address at the portal to which it sends the browser back."""
    browser = requests.Session()
    page = browser.get(address, timeout=10)
    form = {"login": person, "password": "wachtwoord"}
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    if token:
        form["csrfmiddlewaretoken"] = token[1]
    answer = browser.post(page.url, form, allow_redirects=False, timeout=10)
    while answer.is_redirect and not answer.headers["Location"].startswith("http://testserver/"):
        where = requests.compat.urljoin(answer.url, answer.headers["Location"])
        answer = browser.get(where, allow_redirects=False, timeout=10)
    assert answer.is_redirect, answer.text[:2000]
    return answer.headers["Location"].removeprefix("http://testserver")


def sign_on(client: Client, person: str, name: str = "eherkenning", query: str = "") -> Any:
    return client.get(come_back(go_there(client, name, query), person))


def is_refused(client: Client, response: Any, words: str) -> None:
    assert response["Location"] == reverse("account_login")
    assert words in text_of(client.get(response["Location"]))
    assert client.get("/taken/").status_code == 302
    assert AuditEvent.objects.filter(action="sign_in", outcome="refused").count() == 1
    assert not SocialAccount.objects.exists()


def test_a_member_comes_in_and_acts_for_that_organisation_alone(
    client: Client, eva: User, home: Organisation
) -> None:
    elsewhere = f.provider("AAA Andere Zorg", kvk=OTHER_KVK)
    f.add_role(eva, Role.DIRECTOR, elsewhere)
    response = sign_on(client, "eva", query="?next=/organisatie/")
    assert response["Location"] == "/organisatie/"
    assert "Zorg van Eva" in text_of(client.get("/organisatie/"))
    assert client.post("/wisselen/", {"organisation": elsewhere.pk}).status_code == 403
    event = AuditEvent.objects.get(action="sign_in")
    assert (event.user, event.acting_for, event.outcome) == (eva, home, "done")
    assert not SocialToken.objects.exists(), "no token of the provider is kept"


def test_the_second_time_it_is_the_subject_that_counts(client: Client, eva: User) -> None:
    sign_on(client, "eva")
    client.post(reverse("account_logout"))
    EmailAddress.objects.filter(user=eva).update(email="nieuw@zorg.example")
    sign_on(client, "eva")
    assert client.get("/taken/").status_code == 200
    assert SocialAccount.objects.get().user == eva


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ("weak", "niet sterk genoeg"),
        ("unknown-level", "niet sterk genoeg"),
        ("wrong-kvk", "geen medewerker van deze organisatie"),
        ("without-kvk", "geen KvK-nummer"),
        ("unconfirmed", "zonder bevestigd e-mailadres"),
        ("stranger", "niet bekend"),
    ],
)
def test_who_is_not_vouched_for_is_told_what_to_do(
    client: Client, eva: User, person: str, words: str
) -> None:
    f.provider("Andere Zorg", kvk=OTHER_KVK)
    is_refused(client, sign_on(client, person), words)


def test_a_role_that_ended_is_no_way_in(client: Client, eva: User) -> None:
    eva.memberships.update(valid_until=f.LONG_AGO)
    is_refused(client, sign_on(client, "eva"), "geen medewerker van deze organisatie")


def test_an_address_that_is_not_confirmed_here_is_not_linked(client: Client, eva: User) -> None:
    EmailAddress.objects.filter(user=eva).update(verified=False)
    is_refused(client, sign_on(client, "eva"), "niet bekend")


def test_another_verifier_is_refused(client: Client, eva: User) -> None:
    """What was promised with the first request (PKCE) must come with the second."""
    address = go_there(client)
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["code_challenge"]
    session = client.session
    for state in session["socialaccount_states"].values():
        state[0]["pkce_code_verifier"] = "x" * 43
    session.save()
    is_refused(client, client.get(come_back(address, "eva")), "Het inloggen is niet gelukt")


def test_an_answer_counts_once_and_for_who_asked(client: Client, eva: User) -> None:
    answer = come_back(go_there(client), "eva")
    is_refused(stranger := Client(), stranger.get(answer), "Het inloggen is niet gelukt")
    assert client.get(answer)["Location"] == "/taken/"
    client.post(reverse("account_logout"))
    assert client.get(answer)["Location"] == reverse("account_login")
    assert client.get("/taken/").status_code == 302


def test_it_is_no_way_to_link_from_an_account(client: Client, eva: User) -> None:
    other = f.person(Role.DIRECTOR, f.provider())
    client.force_login(other)
    response = sign_on(client, "eva", query="?process=connect")
    assert response["Location"] == reverse("account_login")
    assert not SocialAccount.objects.exists()


def test_the_account_is_changed_with_its_own_password_only(client: Client, eva: User) -> None:
    """Who is taken for her elsewhere cannot give herself another way in, to act for more than that."""
    eva.set_password(PASSWORD)
    eva.save()
    sign_on(client, "eva")
    pages = [reverse("mfa_activate_totp"), reverse("mfa_add_webauthn")]
    for page in pages:
        assert client.get(page)["Location"].startswith(reverse("account_reauthenticate"))
    new = {"action_add": "1", "email": "ander@proef.example"}
    assert client.post(reverse("account_email"), new)["Location"].startswith(
        reverse("account_reauthenticate")
    )
    assert not Mail.objects.filter(kind="email_confirmation").exists()
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert [client.get(page).status_code for page in pages] == [200, 200]


def test_two_factors_there_are_enough_here(client: Client, home: Organisation, settings: Any) -> None:
    settings.SECOND_FACTOR = "compulsory"
    user = f.person(Role.DIRECTOR, home, email="eva@zorg.example")
    addresses.confirm(user)
    sign_on(client, "eva")
    assert client.get("/taken/").status_code == 200


@pytest.mark.parametrize("asks", [True, False])
def test_the_inspectorate_says_whether_it_asks_for_a_second_factor(
    client: Client, settings: Any, asks: bool
) -> None:
    settings.SECOND_FACTOR = "compulsory"
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][1]["settings"]["second_factor"] = asks
    user = f.person(Role.INSPECTOR, f.inspectorate(), email="ien@igj.example")
    addresses.confirm(user)
    f.add_role(user, Role.DIRECTOR, f.provider("AAA Zorg", kvk=KVK))
    assert sign_on(client, "ien", "inspectie")["Location"] == "/taken/"
    response = client.get("/taken/")
    assert response.status_code == (200 if asks else 302)
    if asks:
        assert response.context["actor"].choices == (f.inspectorate(),)


def test_ways_in_that_are_set_up_have_a_button(client: Client, settings: Any) -> None:
    assert "Inloggen met eHerkenning" in text_of(client.get("/inloggen/"))
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert "eHerkenning" not in text_of(client.get("/inloggen/"))


def test_levels_stand_in_order() -> None:
    names = ("loa2", "loa2plus", "loa3", "loa4")
    assert [level_of(f"{LOA}{name}") for name in names] == sorted({LEVELS[name] for name in names})
    assert level_of("http://eidas.europa.eu/LoA/substantial") == LEVELS["loa3"]
    assert level_of(None) == level_of("") == level_of("loa9") == 0
