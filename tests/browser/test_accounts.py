"""Signing in as people do it: passkeys, a second factor, and text that outlives a session."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.accounts.codes import totp
from tests.browser.conftest import PASSWORD, Person
from tests.portal import Portal

pytestmark = pytest.mark.browser
QUALITY, BOARD, OFFICE = (
    "kwaliteit@zorgthuis.example",
    "bestuur@zorgthuis.example",
    "medewerker@zorgkantoor.example",
)


@pytest.fixture
def with_device(chromium: Browser, portal: Portal) -> Iterator[Person]:
    """Somebody whose browser has a device for passkeys. These need a name, not a number."""
    context = chromium.new_context(base_url=portal.url.replace("127.0.0.1", "localhost"), locale="nl-NL")
    person = Person(context)
    session = context.new_cdp_session(person.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield person
    context.close()


def leave(person: Person) -> None:
    person.page.locator(".account summary").click()
    person.page.get_by_role("button", name="Uitloggen").click()
    person.page.wait_for_url("**/")


def fill_in_password(person: Person, email: str) -> None:
    person.go("/inloggen/")
    person.page.get_by_label("E-mailadres").fill(email)
    person.page.get_by_label("Wachtwoord").fill(PASSWORD)
    person.press("Inloggen")


def test_a_passkey_signs_in_alone_and_as_second_step(with_device: Person) -> None:
    person = with_device.sign_in(OFFICE)
    person.go("/account/").reads("Niet ingesteld")
    person.follow("Instellen").follow("Passkey toevoegen")
    person.page.get_by_label("Naam").fill("Laptop van het werk")
    person.page.get_by_label("Ook inloggen zonder wachtwoord").check()
    person.press("Passkey toevoegen").reads("Bewaar uw herstelcodes")
    person.go("/account/tweede-stap/").reads("Laptop van het werk")

    leave(person)
    person.go("/inloggen/?next=/rapporten/")
    person.page.get_by_role("button", name="Inloggen met een passkey").click()
    person.page.wait_for_url("**/rapporten/")

    leave(person)
    fill_in_password(person, OFFICE)
    person.reads("Uw wachtwoord klopt")
    person.page.get_by_role("button", name="Passkey gebruiken").click()
    person.page.wait_for_url("**/taken/")

    person.go("/account/tweede-stap/").follow("Verwijderen").press("Passkey verwijderen")
    person.go("/account/").reads("Niet ingesteld")


def test_an_app_is_set_up_and_asked_for(somebody: Callable[..., Person]) -> None:
    person = somebody(BOARD)
    person.go("/account/tweede-stap/").follow("App instellen")
    secret = person.page.locator("code").inner_text()
    person.page.get_by_role("textbox", name="Code").fill("000000")
    person.press("App instellen").reads("Deze code klopt niet")
    person.page.get_by_role("textbox", name="Code").fill(totp(secret))
    person.press("App instellen").reads("U ziet ze alleen nu")
    code = person.page.locator(".codes code").first.inner_text()
    person.go("/account/tweede-stap/herstelcodes/").reads("We tonen ze niet nog een keer")

    leave(person)
    fill_in_password(person, BOARD)
    person.page.get_by_role("textbox", name="Code").fill(code)
    person.press("Inloggen")
    person.page.wait_for_url("**/taken/")
    person.go("/account/sessies/").reads("Dit apparaat")
    person.go("/account/tweede-stap/").follow("App verwijderen").press("App verwijderen")


def test_typed_text_is_there_again_after_signing_in_again(somebody: Callable[..., Person]) -> None:
    person = somebody(QUALITY).go("/organisatie/locaties/nieuw/")
    person.page.get_by_label("Naam van locatie of team").fill("Team Kust")
    person.page.get_by_label("Plaats").fill("Scheveningen")
    person.page.context.clear_cookies(name="sessionid")
    person.press("Opslaan")
    assert "/inloggen/?next=%2Forganisatie%2Flocaties%2Fnieuw%2F" in person.page.url
    person.page.get_by_label("E-mailadres").fill(QUALITY)
    person.page.get_by_label("Wachtwoord").fill(PASSWORD)
    person.press("Inloggen").reads("Wat u typte, staat er nog")
    expect(person.page.get_by_label("Naam van locatie of team")).to_have_value("Team Kust")
    expect(person.page.get_by_label("Plaats")).to_have_value("Scheveningen")
    person.press("Opslaan").reads("Team Kust is opgeslagen")
    person.go("/organisatie/locaties/nieuw/")
    assert "staat er nog" not in person.page.locator("main").inner_text()
    assert kept(person) == []


def kept(person: Person) -> list[str]:
    return person.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('typed:'))")


def answer_late(route: Route) -> None:
    time.sleep(1)
    route.continue_()


def test_typed_text_can_be_thrown_away_and_goes_when_one_leaves(somebody: Callable[..., Person]) -> None:
    person = somebody(QUALITY).go("/organisatie/locaties/nieuw/")
    field = person.page.get_by_label("Plaats")
    field.fill("Delft")
    person.page.wait_for_timeout(500)
    person.page.on("dialog", lambda dialog: dialog.accept())
    person.go("/organisatie/locaties/nieuw/")
    expect(field).to_have_value("Delft")
    person.page.get_by_role("button", name="Weggooien").click()
    expect(field).to_have_value("")
    assert kept(person) == []
    field.fill("Delft")
    person.page.wait_for_timeout(500)
    assert kept(person) != []
    # A slow answer leaves the page time to keep what she typed once more: it must not.
    person.page.route("**/uitloggen/", answer_late)
    leave(person)
    person.page.get_by_role("link", name="Inloggen").wait_for()
    assert kept(person) == []


def seen(portal: Portal, minutes: int) -> None:
    """All sessions were used last so many minutes ago."""
    portal.manage(
        "shell",
        "-c",
        "import time\n"
        "from django.contrib.sessions.backends.db import SessionStore\n"
        "from django.contrib.sessions.models import Session\n"
        "for row in Session.objects.all():\n"
        "    store = SessionStore(row.session_key)\n"
        f"    store['seen_at'] = time.time() - {minutes} * 60\n"
        "    store.save()\n",
    )


def test_the_end_of_a_session_is_told_and_can_be_put_off(
    somebody: Callable[..., Person], portal: Portal
) -> None:
    person = somebody(QUALITY)
    clock: Any = person.page.clock
    clock.install()
    person.go("/organisatie/")
    seen(portal, 27)
    clock.fast_forward(25 * 60 * 1000 + 2000)
    expect(person.page.get_by_text("U wordt over 3 minuten uitgelogd")).to_be_visible()
    person.check()
    person.page.get_by_role("button", name="Ingelogd blijven").click()
    expect(person.page.get_by_role("button", name="Ingelogd blijven")).to_be_hidden()
    seen(portal, 31)
    clock.fast_forward(25 * 60 * 1000 + 2000)
    expect(person.page.get_by_text("U bent uitgelogd.")).to_be_visible()
    person.page.get_by_role("link", name="Opnieuw inloggen").click()
    person.page.wait_for_url("**/inloggen/?next=/organisatie/")
