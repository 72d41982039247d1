"""The whole road in a browser: from an empty self-assessment to the published report as PDF."""

import hashlib
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import LiteralString
from zoneinfo import ZoneInfo

import pytest

from tests.browser.conftest import Person
from tests.portal import Portal

pytestmark = pytest.mark.browser
Somebody = Callable[..., Person]
TODAY = datetime.now(ZoneInfo("Europe/Amsterdam")).date()
TEXT = "In het zorgleefplan staat wie er overdag, in de avond en in de nacht komt."


def fill_in_section(person: Person, level: str, check: str) -> None:
    """Answer every question of the page that is open."""
    for segment in person.page.locator(".segment").all():
        segment.get_by_role("radio", name=check, exact=True).check()
    for judgement in person.page.locator(".score-choice").all():
        judgement.get_by_role("radio", name=level, exact=True).check()
    for note in person.page.get_by_role("textbox", name="Toelichting").all():
        note.fill(TEXT)


def self_assessment(somebody: Somebody, pdf: Path) -> Person:
    """The quality officer fills in step 1 and offers it; she leaves and comes back in between."""
    writer = somebody("kwaliteit@zorgthuis.example")
    writer.go("/zelfevaluaties/").follow("Nieuwe zelfevaluatie")
    writer.page.get_by_label("Jaar").select_option(str(TODAY.year))
    writer.page.get_by_label("Met lege vragen").check()
    writer.press("Zelfevaluatie beginnen")
    address = writer.page.url
    fill_in_section(writer, "Voldoet grotendeels", "Ja")
    writer.page.get_by_label("Of voeg een bestand toe").first.set_input_files(pdf)
    writer.save("Opslaan").reads("Opgeslagen om").reads(pdf.name)
    writer.go("/normen/")
    writer.go(address)
    assert writer.page.get_by_role("textbox", name="Toelichting").first.input_value() == TEXT
    for level, check in (("Voldoet grotendeels niet", "Nee"), ("Voldoet", "Ja")):
        writer.save("Opslaan en verder")
        fill_in_section(writer, level, check)
    writer.save("Opslaan")
    writer.go("/zelfevaluaties/").follow(f"Zelfevaluatie {TODAY.year}")
    return writer.press("Ter vaststelling aanbieden").reads("Ter vaststelling")


def adoption(somebody: Somebody) -> None:
    """The director sends it back once, then adopts and hands it in."""
    director = somebody("bestuur@zorgthuis.example").follow("Lezen en vaststellen")
    director.reads("Dit vraagt uw aandacht")
    director.page.get_by_text("Terugsturen", exact=True).first.click()
    director.page.get_by_label("Reden").fill("Zet erbij wie er in de nacht komt.")
    director.press("Terugsturen")
    writer = somebody("kwaliteit@zorgthuis.example").go("/zelfevaluaties/")
    writer.follow(f"Zelfevaluatie {TODAY.year}").reads("Zet erbij wie er in de nacht komt.")
    writer.press("Ter vaststelling aanbieden")
    director.go("/taken/").follow("Lezen en vaststellen")
    for declared in director.page.locator("main").get_by_role("checkbox").all():
        declared.check()
    code = director.page.get_by_role("radiogroup", name="Werkt u met de Governancecode Zorg die nu geldt?")
    code.get_by_label("Ja", exact=True).check()
    director.page.get_by_label("het jaar van die code").fill("2022")
    director.press("Vaststellen en indienen").reads("Ingediend")


def plan_visit(inspector: Person) -> str:
    """Plan an unannounced visit of today; gives its address."""
    inspector.go("/werklijst/?q=Zorgthuis+De+Linde").follow("Zorgthuis De Linde").follow("Bezoek plannen")
    page = inspector.page
    for place in page.get_by_role("group", name="Locaties en teams").get_by_role("checkbox").all():
        place.check()
    page.get_by_label("Eerste dag").fill(TODAY.isoformat())
    page.get_by_role("radio", name="Onaangekondigd").check()
    page.get_by_label("Ik weet dit").check()
    inspector.press("Bezoek plannen").reads("Gepland")
    inspector.press("Ik verklaar dit").reads("Bezoek is uitgevoerd")
    return page.url


def record(inspector: Person, visit: str) -> None:
    """One finding and a settled judgement on the norm and each criterion."""
    inspector.follow(f"Zelfevaluatie {TODAY.year}").reads("Dit valt op").go(visit)
    inspector.press("Bezoek is uitgevoerd")
    page = inspector.page
    links = page.locator("main a[href*='/criterium/']")
    criteria = sorted(
        {(links.nth(n).get_attribute("href") or "").split("#")[0] for n in range(links.count())}
    )
    assert len(criteria) == 4
    for n, criterion in enumerate(criteria):
        inspector.go(criterion)
        page.get_by_role("radio", name="Dossier", exact=True).check()
        page.get_by_label("Wat hoorde of zag u?").fill(
            f"In 2 van 3 dossiers staat geen afspraak over de nacht ({n})."
        )
        inspector.press("Bevinding bewaren")
        yours = page.locator(".judging__yours")
        yours.get_by_role("radio", name="Voldoet grotendeels niet", exact=True).check()
        yours.get_by_label("Reden").fill("In de nacht komt er niemand.")
        inspector.press("Opslaan")
        inspector.press("Gezamenlijk oordeel vastleggen")
    inspector.go(visit).press("Rapport opstellen")


def concept(inspector: Person, visit: str) -> None:
    inspector.go(visit + "rapporttekst/")
    page = inspector.page
    page.get_by_label("In het kort").fill("De nacht is niet geregeld. Dat moet eerst beter.")
    page.get_by_label("Moet beter").nth(1).fill("Zorg dat er elke nacht iemand kan komen.")
    page.get_by_label("Uiterlijk").nth(1).fill((TODAY + timedelta(days=60)).isoformat())
    inspector.save("Opslaan")
    inspector.go(visit).follow("Conceptrapport versturen")
    inspector.press("Conceptrapport versturen").reads("Ter reactie")


def reaction(somebody: Somebody) -> None:
    writer = somebody("kwaliteit@zorgthuis.example").follow("Reageren")
    writer.reads("Reactie op feitelijke onjuistheden")
    writer.follow("Klopt dit niet? Reageer bij W2-1")
    writer.page.get_by_label("Wat klopt er niet?").fill("Het waren 3 van 3 dossiers.")
    writer.press("Opslaan")
    writer.press("Reactie versturen").reads("Reactie ontvangen")


def process(inspector: Person, visit: str) -> None:
    inspector.go(visit + "concept/")
    page = inspector.page
    page.get_by_role("radio", name="Overgenomen", exact=True).check()
    page.get_by_label("Waarom").fill("Het aantal is aangepast.")
    inspector.press("Antwoord opslaan op reactie 1")
    inspector.go(visit).press("Reactie is verwerkt").reads("Reactie verwerkt")


def settle(somebody: Somebody, visit: str) -> None:
    coordinator = somebody("coordinator@igj.example").go(visit)
    coordinator.press("Vaststellen").reads("Vastgesteld")
    coordinator.press("Besluit tot openbaarmaking nemen")


def wait_until_public(portal: Portal, number: str) -> None:
    """Beat publishes and the worker renders, without anybody pressing anything."""
    sql: LiteralString = (
        "SELECT v.status, r.status FROM assessments_visit v "
        "JOIN assessments_conceptversion c ON c.visit_id = v.id "
        "JOIN reports_reportrequest r ON r.version_id = c.id WHERE v.number = %s AND c.kind = 'final'"
    )
    for _ in range(120):
        if portal.query(sql, number) == [("published", "ready")]:
            return
        time.sleep(1)
    raise AssertionError(portal.query(sql, number))


def test_from_empty_account_to_published_report(somebody: Somebody, portal: Portal, tmp_path: Path) -> None:
    pdf = tmp_path / "nachtzorg.pdf"
    pdf.write_bytes(b"%PDF-1.7\n% afspraken over de nacht\n")
    self_assessment(somebody, pdf)
    adoption(somebody)
    inspector = somebody("inspecteur@igj.example")
    visit = plan_visit(inspector)
    planned = somebody("kwaliteit@zorgthuis.example")
    planned.is_refused(visit)
    inspector.go(visit)
    record(inspector, visit)
    concept(inspector, visit)
    reaction(somebody)
    process(inspector, visit)
    settle(somebody, visit)
    number = str(portal.query("SELECT number FROM assessments_visit ORDER BY id DESC LIMIT 1")[0][0])
    wait_until_public(portal, number)

    officer = somebody("medewerker@zorgkantoor.example").go("/rapporten/").reads("Zorgthuis De Linde")
    officer.go(f"/rapporten/{number}/1.0/").reads(number)
    with officer.page.expect_download() as download:
        officer.page.get_by_role("link", name="Download").first.click()
    data = Path(download.value.path()).read_bytes()
    assert data.startswith(b"%PDF-")
    stored = portal.query(
        "SELECT f.sha256 FROM reports_reportfile f "
        "JOIN reports_reportrequest r ON r.id = f.request_id "
        "JOIN assessments_conceptversion c ON c.id = r.version_id "
        "JOIN assessments_visit v ON v.id = c.visit_id WHERE v.number = %s AND c.kind = 'final'",
        number,
    )
    assert stored == [(hashlib.sha256(data).hexdigest(),)]
    anyone = somebody().go("/rapporten/").reads("Zorgthuis De Linde")
    anyone.go(f"/rapporten/{number}/1.0/").reads("Voldoet grotendeels niet")
    provider = somebody("kwaliteit@zorgthuis.example").go("/zelfevaluaties/")
    provider.follow(f"Zelfevaluatie {TODAY.year}").reads("Inspectie Gezondheidszorg en Jeugd")
    other = somebody("kwaliteit@anderezorg.example")
    other.is_refused(visit)
