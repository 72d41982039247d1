"""Filling in: with two at once, without a network, after the session, without a script, by keys."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from tests.browser.conftest import PASSWORD, Person
from tests.portal import Portal

pytestmark = pytest.mark.browser
OFFICER = "kwaliteit@anderezorg.example"
Somebody = Callable[..., Person]


@pytest.fixture
def section(portal: Portal) -> str:
    """The first page of questions of the draft of the demo's second provider."""
    found = portal.query(
        "SELECT r.id, i.id FROM assessments_revision r"
        " JOIN assessments_revision_editions e ON e.revision_id = r.id"
        " JOIN norms_item i ON i.version_id = e.frameworkversion_id AND i.is_section AND i.code = 'W3'"
        " JOIN providers_membership m ON m.organisation_id = r.organisation_id"
        " JOIN providers_user u ON u.id = m.user_id"
        " WHERE u.email = %s AND r.status = 'draft' ORDER BY r.id LIMIT 1",
        OFFICER,
    )
    revision, item = found[0]
    return f"/zelfevaluaties/{revision}/invullen/{item}/"


def judgement(person: Person) -> Locator:
    """The question with the judgement on the whole page."""
    return person.page.locator(".question:has(.score-choice)").first


def send_late(route: Route) -> None:
    time.sleep(0.8)
    route.continue_()


def text_of(question: Locator) -> Locator:
    return question.get_by_role("textbox")


def test_it_saves_while_one_types_and_keeps_what_is_typed_meanwhile(somebody: Somebody, section: str) -> None:
    person = somebody(OFFICER).go(section)
    question = judgement(person)
    text_of(question).fill("")
    text_of(question).press_sequentially("Wij typen en stoppen even.", delay=5)
    question.get_by_text("Opgeslagen om").wait_for()
    person.page.route("**/antwoorden/**", send_late)
    text_of(question).press_sequentially(" En verder", delay=5)
    person.page.wait_for_timeout(1700)
    text_of(question).press_sequentially(", ook onder het opslaan.", delay=5)
    person.page.wait_for_timeout(4500)
    person.page.unroute("**/antwoorden/**")
    wanted = "Wij typen en stoppen even. En verder, ook onder het opslaan."
    assert text_of(question).input_value() == wanted
    person.page.reload()
    assert text_of(question).input_value() == wanted
    person.check()


def test_two_people_on_one_answer_see_both_texts_and_choose(somebody: Somebody, section: str) -> None:
    one, other = somebody(OFFICER).go(section), somebody(OFFICER).go(section)
    text_of(judgement(one)).fill("Van de een.")
    judgement(one).get_by_text("Opgeslagen om").wait_for()
    text_of(judgement(other)).fill("Van de ander.")
    conflict = judgement(other).get_by_text("Er zijn twee versies")
    conflict.wait_for()
    other.reads("Van de een.").check()
    # By the keyboard alone.
    judgement(other).get_by_role("button", name="Beide houden").focus()
    other.page.keyboard.press("Enter")
    other.page.wait_for_load_state()
    expect(text_of(judgement(other))).to_have_value("Van de een.\n\nVan de ander.")
    assert judgement(other).get_by_text("Er zijn twee versies").count() == 0


def test_without_a_network_the_text_stays_and_is_sent_by_itself(somebody: Somebody, section: str) -> None:
    person = somebody(OFFICER).go(section)
    question = judgement(person)
    person.page.context.set_offline(True)
    text_of(question).fill("Geschreven zonder netwerk.")
    question.get_by_text("Nog niet opgeslagen").wait_for()
    person.reads("Geen verbinding.")
    person.page.get_by_role("button", name="Opslaan", exact=True).last.click()
    assert text_of(question).input_value() == "Geschreven zonder netwerk."
    person.problems.clear()  # the requests that failed, which is meant
    person.page.context.set_offline(False)
    question.get_by_text("Opgeslagen om").wait_for()
    expect(person.page.get_by_text("Geen verbinding.")).to_have_count(0)
    person.page.reload()
    assert text_of(question).input_value() == "Geschreven zonder netwerk."


def test_an_old_text_of_the_browser_never_overwrites_a_newer_one(somebody: Somebody, section: str) -> None:
    person = somebody(OFFICER).go(section)
    question = judgement(person)
    person.page.context.set_offline(True)
    text_of(question).fill("Oud, en nooit verstuurd.")
    question.get_by_text("Nog niet opgeslagen").wait_for()
    colleague = somebody(OFFICER).go(section)
    text_of(judgement(colleague)).fill("Nieuwer, van een collega.")
    judgement(colleague).get_by_text("Opgeslagen om").wait_for()
    person.page.on("dialog", lambda dialog: dialog.accept())
    person.problems.clear()
    again = person.page.context.new_page()
    person.page.close()
    person.page.context.set_offline(False)
    again.goto(section)
    again.get_by_text("Wat u typte, staat er nog").wait_for()
    again.get_by_text("Er zijn twee versies").wait_for()
    assert "Nieuwer, van een collega." in again.locator("main").inner_text()


def test_after_the_session_the_link_signs_in_and_the_text_is_saved(somebody: Somebody, section: str) -> None:
    person = somebody(OFFICER).go(section)
    question = judgement(person)
    person.page.context.clear_cookies(name="sessionid")
    text_of(question).fill("Geschreven na de sessie.")
    question.get_by_text("u bent niet meer ingelogd").wait_for()
    question.get_by_role("link", name="Log opnieuw in").click()
    person.page.get_by_label("E-mailadres").fill(OFFICER)
    person.problems.clear()  # leaving the field sent it once more, and that was refused as well
    person.page.get_by_label("Wachtwoord").fill(PASSWORD)
    person.press("Inloggen")
    assert section in person.page.url
    question.get_by_text("Opgeslagen om").wait_for()
    assert text_of(question).input_value() == "Geschreven na de sessie."


def test_without_a_script_the_page_saves_as_a_whole(chromium: Browser, portal: Portal, section: str) -> None:
    context = chromium.new_context(base_url=portal.url, locale="nl-NL", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/inloggen/?next={section}")
    page.get_by_label("E-mailadres").fill(OFFICER)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen", exact=True).click()
    page.get_by_role("textbox", name="Toelichting").first.fill("Zonder script.")
    page.get_by_role("button", name="Opslaan", exact=True).last.click()
    page.get_by_text("Opgeslagen om").wait_for()
    assert page.get_by_role("textbox", name="Toelichting").first.input_value() == "Zonder script."
    context.close()


def test_a_judgement_is_one_key_and_keys_can_be_switched_off(somebody: Somebody, section: str) -> None:
    person = somebody(OFFICER).go(section)
    keyboard, radios = person.page.keyboard, judgement(person).get_by_role("radio")
    person.page.locator(".question").first.get_by_role("radio").first.focus()
    for _ in range(person.page.locator(".question").count()):
        keyboard.press("j")
        if judgement(person).locator(":focus").count():
            break
    for key, number in (("2", 1), ("4", 3)):
        keyboard.press(key)
        expect(radios.nth(number)).to_be_checked()
        judgement(person).get_by_text("Opgeslagen om").wait_for()
    keyboard.press("?")
    dialog = person.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    person.check()
    dialog.get_by_label("Sneltoetsen gebruiken").uncheck()
    keyboard.press("Escape")
    radios.nth(3).focus()
    keyboard.press("1")
    expect(radios.nth(3)).to_be_checked()
    # In a field to type in, a key is a letter.
    text_of(judgement(person)).focus()
    keyboard.type("j1?")
    assert "j1?" in text_of(judgement(person)).input_value()
