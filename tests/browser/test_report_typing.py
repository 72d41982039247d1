"""The text of a report: kept while one types, without a connection, and when two write in one passage."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import Person
from tests.portal import Portal

pytestmark = pytest.mark.browser
LEAD, SECOND = "inspecteur@igj.example", "coordinator@igj.example"
Somebody = Callable[..., Person]


@pytest.fixture
def address(portal: Portal) -> str:
    """The text of a report that both of them may write: one that was published, being written again."""
    ((visit,),) = portal.query(
        "UPDATE assessments_visit SET status = 'drafting' WHERE id ="
        " (SELECT max(id) FROM assessments_visit WHERE status = 'published') RETURNING id"
    )
    portal.query(
        "INSERT INTO assessments_visitmember (visit_id, user_id, coordinates, no_conflict_at)"
        " SELECT %s, id, false, now() FROM providers_user WHERE email IN (%s, %s)"
        " ON CONFLICT DO NOTHING RETURNING id",
        visit,
        LEAD,
        SECOND,
    )
    portal.query(
        "UPDATE assessments_visitmember SET no_conflict_at = now() WHERE visit_id = %s RETURNING id", visit
    )
    return f"/bezoeken/{visit}/rapporttekst/"


def passage(person: Person, label: str) -> tuple[Locator, Locator]:
    """One passage with what is said about saving it, and the box to type in."""
    box = person.page.get_by_role("textbox", name=label)
    return person.page.locator(".question").filter(has=box), box


def versions(portal: Portal, address: str, key: str) -> list[str]:
    rows = portal.query(
        "SELECT v.text FROM assessments_passageversion v JOIN assessments_passage p ON p.id = v.passage_id"
        " WHERE p.visit_id = %s AND p.key = %s ORDER BY v.version",
        int(address.split("/")[2]),
        key,
    )
    return [text for (text,) in rows]


def send_late(route: Route) -> None:
    time.sleep(0.8)
    route.continue_()


def test_what_one_types_is_kept_also_while_it_saves_and_without_a_connection(
    somebody: Somebody, portal: Portal, address: str
) -> None:
    person = somebody(LEAD).go(address)
    page, (question, box) = person.page, passage(person, "In het kort")
    box.fill("")
    box.press_sequentially("Wij typen", delay=5)
    question.get_by_text("Opgeslagen om").wait_for()
    page.route("**/rapporttekst/*/", send_late)
    box.press_sequentially(" en stoppen even", delay=5)
    page.wait_for_timeout(1700)  # the save is underway
    box.press_sequentially(", en gaan door.", delay=5)
    typed = "Wij typen en stoppen even, en gaan door."
    expect(box).to_have_value(typed)
    for _ in range(20):
        page.wait_for_timeout(500)
        if versions(portal, address, "summary")[-1] == typed:
            break
    page.unroute("**/rapporttekst/*/")
    # Each kept version goes on where the one before it stopped: nothing typed was swapped away.
    own = [text for text in versions(portal, address, "summary") if text.startswith("Wij typen")]
    assert own == ["Wij typen", "Wij typen en stoppen even", typed]

    page.context.set_offline(True)
    box.press_sequentially(" Zonder verbinding.", delay=5)
    question.get_by_text("Nog niet opgeslagen").wait_for()
    person.problems.clear()  # the requests that failed, which is meant
    person.check()
    page.context.set_offline(False)
    question.get_by_text("Opgeslagen om").wait_for()
    assert versions(portal, address, "summary")[-1] == f"{typed} Zonder verbinding."
    page.reload()
    expect(box).to_have_value(f"{typed} Zonder verbinding.")


def test_two_people_in_one_passage_both_see_both_texts(
    somebody: Somebody, portal: Portal, address: str
) -> None:
    one, other = somebody(LEAD).go(address), somebody(SECOND, 390).go(address)
    (question, box), (clash, late) = passage(one, "Werkwijze"), passage(other, "Werkwijze")
    box.fill("Van de een.")
    question.get_by_text("Opgeslagen om").wait_for()
    late.fill("Van de ander.")
    clash.locator(".conflict").wait_for()
    expect(clash).to_contain_text("Van de een.")
    expect(late).to_have_value("Van de ander.")
    other.check()
    clash.get_by_role("button", name="Beide houden").click()
    expect(late).to_have_value("Van de een.\n\nVan de ander.")
    # The first, who typed on from what she had, is shown what came in between and loses nothing either.
    box.fill("Van de een, uitgebreid.")
    question.locator(".conflict").wait_for()
    expect(question).to_contain_text("Van de ander.")
    expect(box).to_have_value("Van de een, uitgebreid.")
    assert versions(portal, address, "method")[-2:] == ["Van de een.", "Van de een.\n\nVan de ander."]
