"""What was typed and not saved yet: it comes back, and goes only when the server took it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.conftest import Person
from tests.portal import Portal

pytestmark = pytest.mark.browser
OFFICER, BOARD = "kwaliteit@zorgthuis.example", "bestuur@zorgthuis.example"
WRITER = "kwaliteit@anderezorg.example"  # has a draft
NEW = "/organisatie/locaties/nieuw/"
Somebody = Callable[..., Person]


def come_back(person: Person, path: str) -> None:
    """In another tab, after the first was closed without a word."""
    page = person.page.context.new_page()
    person.page.close()
    person.page = page
    person.go(path)


def type_and_wait(person: Person, label: str, text: str) -> None:
    person.page.get_by_label(label).fill(text)
    person.page.wait_for_timeout(500)


def test_old_text_meets_what_a_colleague_wrote_since(somebody: Somebody) -> None:
    person = somebody(OFFICER).go("/verbeteracties/nieuw/")
    page = person.page
    page.get_by_label("Wat gaat u doen").fill("Dossiers bekijken.")
    page.get_by_label("Waarom").fill("Reden één.\nReden twee.")
    page.get_by_label("Wie doet het").select_option(index=1)
    page.get_by_label("Klaar op").fill(str(date.today() + timedelta(days=30)))
    page.get_by_label("Welk resultaat verwacht u").fill("Dat het\nklopt.")
    person.press("Verbeteractie maken")
    path = page.url.split("?")[0].rstrip("/") + "/wijzigen/"

    person.go(path)
    type_and_wait(person, "Waarom", "Oud.\nNooit verstuurd.")
    colleague = somebody(BOARD).go(path)
    colleague.page.get_by_label("Waarom").fill("Nieuwer.\nVan een collega.")
    colleague.press("Opslaan")
    assert "wijzigen" not in colleague.page.url  # more than one line is no change by somebody else

    come_back(person, path)
    person.reads("Wat u typte, staat er nog")
    person.press("Opslaan").reads("Een collega wijzigde dit intussen")
    person.press("Opslaan")
    assert "wijzigen" not in person.page.url
    person.reads("Nooit verstuurd.")


def test_who_throws_the_old_text_away_goes_on_from_the_newer_one(somebody: Somebody, portal: Portal) -> None:
    found = portal.query(
        "SELECT l.id FROM providers_location l"
        " JOIN providers_membership m ON m.organisation_id = l.organisation_id"
        " JOIN providers_user u ON u.id = m.user_id WHERE u.email = %s ORDER BY l.id LIMIT 1",
        OFFICER,
    )
    path = f"/organisatie/locaties/{found[0][0]}/"
    person = somebody(OFFICER).go(path)
    type_and_wait(person, "Plaats", "Delft")
    colleague = somebody(BOARD).go(path)
    colleague.page.get_by_label("Plaats").fill("Leiden")
    colleague.press("Opslaan")
    come_back(person, path)
    person.press("Weggooien")
    expect(person.page.get_by_label("Plaats")).to_have_value("Leiden")
    person.page.get_by_label("Plaats").fill("Gouda")
    person.press("Opslaan").reads("is opgeslagen")


@pytest.mark.parametrize("failure", ["nobody answers", "the proxy answers"])
def test_text_that_never_arrived_is_there_at_the_next_visit(somebody: Somebody, failure: str) -> None:
    person = somebody(OFFICER).go(NEW)
    person.page.get_by_label("Naam van locatie of team").fill("Team Kust")

    def fail(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
        elif failure == "nobody answers":
            route.abort("connectionreset")
        else:
            route.fulfill(status=502, body="<h1>Bad gateway</h1>", content_type="text/html")

    person.page.route("**/nieuw/", fail)
    person.page.get_by_role("button", name="Opslaan").click()
    person.page.wait_for_timeout(500)
    person.page.unroute("**/nieuw/")
    person.problems.clear()
    person.go(NEW).reads("Wat u typte, staat er nog")
    expect(person.page.get_by_label("Naam van locatie of team")).to_have_value("Team Kust")


def test_each_address_keeps_its_own_text(somebody: Somebody) -> None:
    person = somebody(OFFICER).go(f"{NEW}?voor=1")
    type_and_wait(person, "Plaats", "Delft")
    person.page.on("dialog", lambda dialog: dialog.accept())
    person.go(f"{NEW}?voor=2")
    expect(person.page.get_by_label("Plaats")).to_have_value("")
    person.go(f"{NEW}?voor=1").reads("Wat u typte, staat er nog")
    who = person.page.locator("body").get_attribute("data-person")
    kept = person.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('typed:'))")
    assert kept == [f"typed:{who}:{NEW}?voor=1"]


def test_a_browser_that_refuses_to_keep_anything_still_helps(chromium: Browser, portal: Portal) -> None:
    context = chromium.new_context(base_url=portal.url, locale="nl-NL")
    refusal = "{get() { throw new DOMException('', 'SecurityError') }}"
    context.add_init_script(f"Object.defineProperty(window, 'localStorage', {refusal})")
    person = Person(context).sign_in(WRITER)
    found = portal.query(
        "SELECT r.id, i.id FROM assessments_revision r"
        " JOIN assessments_revision_editions e ON e.revision_id = r.id"
        " JOIN norms_item i ON i.version_id = e.frameworkversion_id AND i.is_section AND i.code = 'W3'"
        " JOIN providers_membership m ON m.organisation_id = r.organisation_id"
        " JOIN providers_user u ON u.id = m.user_id"
        " WHERE u.email = %s AND r.status = 'draft' ORDER BY r.id LIMIT 1",
        WRITER,
    )
    revision, section = found[0]
    person.go(f"/zelfevaluaties/{revision}/invullen/{section}/")
    radios = person.page.locator(".question:has(.score-choice)").first.get_by_role("radio")
    radios.nth(0).focus()
    person.page.keyboard.press("2")
    expect(radios.nth(1)).to_be_checked()
    person.page.locator("[data-keys-open]").click()
    person.page.get_by_label("Sneltoetsen gebruiken").uncheck()
    person.page.keyboard.press("Escape")
    radios.nth(1).focus()
    person.page.keyboard.press("3")
    expect(radios.nth(1)).to_be_checked()
    person.check()
    context.close()
