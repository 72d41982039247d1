"""A visit taken along, without a network: nothing lost, nothing twice, nothing to read on the device."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Person
from tests.browser.offline_pages import (
    OFFLINE,
    PASSPHRASE,
    Somebody,
    accepted,
    another_tab,
    change_finding,
    judge,
    kept,
    new_finding,
    state,
    take_along,
    times_accepted,
    unlock,
)
from tests.portal import Portal

pytestmark = pytest.mark.browser
LEAD, SECOND = "inspecteur@igj.example", "coordinator@igj.example"


@pytest.fixture
def visit(portal: Portal) -> int:
    """A visit of which she who signs in is of the team."""
    ((pk,),) = portal.query(
        "SELECT v.id FROM assessments_visit v JOIN assessments_visitmember m ON m.visit_id = v.id"
        " JOIN providers_user u ON u.id = m.user_id"
        " WHERE u.email = %s AND NOT v.judged_apart AND v.status IN ('planned', 'conducted', 'drafting')"
        " ORDER BY v.id DESC LIMIT 1",
        LEAD,
    )
    # Who takes a visit along has declared to have no interest in the provider.
    declare = "UPDATE assessments_visitmember SET no_conflict_at = now() WHERE visit_id = %s RETURNING id"
    portal.query(declare, pk)
    return int(pk)


def join(portal: Portal, visit: int) -> str:
    """A second inspector of the team who can sign in."""
    portal.query(
        "INSERT INTO assessments_visitmember (visit_id, user_id, coordinates, no_conflict_at)"
        " SELECT %s, id, false, now() FROM providers_user WHERE email = %s"
        " ON CONFLICT DO NOTHING RETURNING id",
        visit,
        SECOND,
    )
    return SECOND


def test_a_day_without_a_network(somebody: Somebody, portal: Portal, visit: int) -> None:
    person: Person = somebody(LEAD)
    page, context = person.page, person.page.context
    page.goto(f"{OFFLINE}#meenemen-{visit}")
    page.get_by_label("Wachtzin", exact=True).fill("kort")
    page.get_by_role("button", name="Meenemen").click()
    expect(page.get_by_text("Nog 8 tekens.").last).to_be_visible()
    person.check()
    take_along(page, visit)
    person.check()
    ((provider,),) = portal.query(
        "SELECT o.name FROM assessments_visit v JOIN providers_organisation o ON o.id = v.organisation_id"
        " WHERE v.id = %s",
        visit,
    )
    expect(page.get_by_role("heading", level=1)).to_have_text(provider)

    context.set_offline(True)
    texts = ["GEHEIM-een Er kwam niemand. 🏠", "GEHEIM-twee <b>Niet vet</b>"]
    new_finding(page, texts[0])
    new_finding(page, texts[1], "Observatie")
    judge(page, "Voldoet niet", "GEHEIM-reden.")
    state(page, "niet verzonden). Geen netwerk.")
    page.locator('[data-form^="finding-new"] textarea').fill("GEHEIM-half getypt")
    person.check()
    page.get_by_role("button", name="Vergrendelen").click()
    expect(page.get_by_label("Wachtzin")).to_be_visible()
    state(page, "Vergrendeld")
    person.check()
    assert "GEHEIM" not in page.content() and provider not in page.content()

    # The browser was closed: the page comes from its own copy, without a network.
    page.goto(OFFLINE)
    unlock(page, "een andere wachtzin")
    expect(page.get_by_text("Deze wachtzin klopt niet.")).to_be_visible(timeout=20_000)
    unlock(page)
    area = page.locator('[data-form^="finding-new"] textarea')
    expect(area).to_have_value("GEHEIM-half getypt", timeout=20_000)
    expect(page.locator(".finding").filter(has_text=texts[1])).to_be_visible()
    change_finding(page, texts[0], "GEHEIM-een verbeterd.")
    stored = kept(page)
    assert not [word for word in ("GEHEIM", provider, PASSPHRASE) if word in stored]
    assert "thuispeil" in stored  # it did look somewhere

    context.set_offline(False)
    page.get_by_role("button", name="Nu versturen").click()
    state(page, "Verzonden om")
    typed = [*texts, "GEHEIM-een verbeterd.", "GEHEIM-reden."]
    assert times_accepted(portal, visit, typed) == dict.fromkeys(typed, 1)
    area.fill("")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Klaar: van dit apparaat halen").click()
    expect(page.get_by_text("Er staat geen bezoek op dit apparaat.")).to_be_visible()
    person.check()


def test_the_lock_comes_by_itself_and_keeps_what_was_typed(
    chromium: Browser, portal: Portal, visit: int
) -> None:
    context = chromium.new_context(base_url=portal.url, locale="nl-NL")
    person = Person(context).sign_in(LEAD)
    page = person.page
    take_along(page, visit)
    page.clock.install()
    page.reload()
    unlock(page)
    area = page.locator('[data-form^="own-"] textarea')
    expect(area).to_be_visible(timeout=20_000)
    area.fill("GEHEIM-nog niet klaar")
    page.clock.fast_forward("05:10")
    expect(page.get_by_label("Wachtzin")).to_be_visible()
    assert "GEHEIM" not in page.content() and "GEHEIM" not in kept(page)
    unlock(page)
    expect(area).to_have_value("GEHEIM-nog niet klaar", timeout=20_000)
    # To restore a tab a browser keeps what stands in its forms, on disk.
    assert (
        page.locator("#screen form").count() == page.locator('#screen form[autocomplete="off"]').count() > 0
    )
    # A device that is full locks all the same, and opens with what it could not keep.
    full = "throw new DOMException('', 'QuotaExceededError')"
    page.evaluate(f"() => {{ IDBObjectStore.prototype.put = () => {{ {full} }} }}")
    area.fill("GEHEIM-past er niet meer bij")
    state(page, "Bewaren op dit apparaat lukte niet")
    page.clock.fast_forward("05:10")
    expect(page.get_by_label("Wachtzin")).to_be_visible()
    assert "GEHEIM" not in page.content() and "GEHEIM" not in kept(page)
    unlock(page)
    expect(area).to_have_value("GEHEIM-past er niet meer bij", timeout=20_000)
    context.close()


def test_an_answer_that_was_lost_and_a_session_that_ended(
    somebody: Somebody, portal: Portal, visit: int
) -> None:
    person: Person = somebody(LEAD)
    page, context = person.page, person.page.context
    take_along(page, visit)

    def lose(route: Route) -> None:
        route.fetch()  # the server wrote it
        route.abort("connectionreset")

    page.route("**/wijzigingen/", lose)
    new_finding(page, "GEHEIM-antwoord kwijt")
    state(page, "3 niet verzonden). Geen netwerk.")
    page.unroute("**/wijzigingen/")
    context.clear_cookies()
    page.get_by_role("button", name="Nu versturen").click()
    state(page, "U bent niet ingelogd.")
    # Signing out and in leaves what is not sent alone.
    other = Person(context).sign_in(LEAD)
    other.page.close()
    page.bring_to_front()
    page.get_by_role("button", name="Nu versturen").click()
    state(page, "Verzonden om")
    assert times_accepted(portal, visit, ["GEHEIM-antwoord kwijt"]) == {"GEHEIM-antwoord kwijt": 1}

    # Meanwhile the visit moved on: what comes too late stays here, and can be kept as a file.
    context.set_offline(True)
    new_finding(page, "GEHEIM-te laat")
    ((status,),) = portal.query("SELECT status FROM assessments_visit WHERE id = %s", visit)
    move = "UPDATE assessments_visit SET status = %s WHERE id = %s RETURNING id"
    portal.query(move, "at_provider", visit)
    context.set_offline(False)
    page.get_by_role("button", name="Nu versturen").click()
    stuck = page.locator("section").filter(has_text="Dit kon niet worden verstuurd")
    expect(stuck).to_contain_text("Ter reactie bij aanbieder", timeout=20_000)
    person.check()
    with page.expect_download() as download:
        stuck.get_by_role("button", name="Bewaren als tekst").click()
    assert "GEHEIM-te laat" in download.value.path().read_text()
    portal.query(move, status, visit)
    page.get_by_role("button", name="Nu versturen").click()
    state(page, "Verzonden om")
    assert times_accepted(portal, visit, ["GEHEIM-te laat"]) == {"GEHEIM-te laat": 1}


def test_two_inspectors_change_the_same_text(somebody: Somebody, portal: Portal, visit: int) -> None:
    first: Person = somebody(LEAD)
    second: Person = somebody(join(portal, visit), width=390)
    take_along(first.page, visit)
    new_finding(first.page, "GEHEIM-begin")
    state(first.page, "Verzonden om")
    take_along(second.page, visit)
    for person in (first, second):
        person.page.context.set_offline(True)
    change_finding(first.page, "GEHEIM-begin", "GEHEIM-van één")
    change_finding(second.page, "GEHEIM-begin", "GEHEIM-van twee")
    tab = another_tab(second.page.context)  # the same device, a second tab
    new_finding(tab, "GEHEIM-andere tab")
    expect(second.page.locator(".finding").filter(has_text="GEHEIM-andere tab")).to_be_visible()
    for person, words in ((first, "Verzonden om"), (second, "1 keuze nodig")):  # who comes first, wins
        person.page.context.set_offline(False)
        person.page.get_by_role("button", name="Nu versturen").click()
        state(person.page, words)
    clash = second.page.locator(".conflict")
    expect(clash).to_contain_text("GEHEIM-van één")
    expect(clash).to_contain_text("GEHEIM-van twee")
    second.check()
    clash.get_by_role("button", name="Beide houden").click()
    state(second.page, "Verzonden om")
    texts = [value for _, field, _, value in accepted(portal, visit) if field == "text"]
    assert "GEHEIM-van één\n\nGEHEIM-van twee" in texts
    assert texts.count("GEHEIM-andere tab") == 1
    no_gaps(portal, visit)


def no_gaps(portal: Portal, visit: int) -> None:
    """The versions of every field follow each other from 1."""
    versions: dict[tuple[str, str], list[int]] = {}
    for key, field, version, _ in accepted(portal, visit):
        versions.setdefault((key, field), []).append(version)
    assert all(found == list(range(1, len(found) + 1)) for found in versions.values())


# --- the long proof


def work(page: Page, name: str, shared: str, rounds: int) -> list[str]:
    """New findings, and a change of the text that everybody changes; gives what was typed."""
    texts = []
    for number in range(rounds):
        text = f"GEHEIM-{name}-{number}"
        new_finding(page, text)
        texts.append(text)
    row = page.locator(".finding p").filter(has_text=re.compile(f"^{shared}")).first
    change_finding(page, str(row.inner_text()), f"{shared} {name}")
    return [*texts, f"{shared} {name}"]


@pytest.mark.prove
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_forty_edits_in_two_tabs_on_two_devices(
    somebody: Somebody, portal: Portal, visit: int, order: tuple[int, int]
) -> None:
    shared = f"GEHEIM-gedeeld-{order[0]}"
    devices = [somebody(LEAD), somebody(join(portal, visit))]
    take_along(devices[0].page, visit)
    new_finding(devices[0].page, shared)
    state(devices[0].page, "Verzonden om")
    take_along(devices[1].page, visit)
    tabs = [(device.page, another_tab(device.page.context)) for device in devices]
    for device in devices:
        device.page.context.set_offline(True)
    typed = []
    for number, pages in enumerate(tabs):
        for letter, page in zip("ab", pages, strict=True):
            # Three findings of three fields each, and the shared text: ten edits in each tab.
            typed += work(page, f"{order[0]}{number}{letter}", shared, 3)
    for number in order:
        page = tabs[number][0]
        stored = kept(page)
        assert "GEHEIM" not in stored
        devices[number].page.context.set_offline(False)
        page.get_by_role("button", name="Nu versturen").click()
        expect(page.locator("#state")).to_contain_text(
            "Verzonden om" if number == order[0] else "1 keuze nodig", timeout=30_000
        )
    last = tabs[order[1]][0]
    last.locator(".conflict").get_by_role("button", name="Beide houden").click()
    state(last, "Verzonden om")
    values = [value for _, field, _, value in accepted(portal, visit) if field == "text"]
    own = [text for text in typed if not text.startswith(shared)]
    assert len(own) == 12 and {text: values.count(text) for text in own} == {text: 1 for text in own}
    final = next(value for value in reversed(values) if value.startswith(shared) and "\n\n" in value)
    # The last words of both devices stand in it.
    assert final == "\n\n".join(f"{shared} {order[0]}{number}b" for number in order)
    no_gaps(portal, visit)
