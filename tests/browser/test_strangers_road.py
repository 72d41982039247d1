"""The road of a provider that nobody knows yet: apply, be admitted, make an account, answer."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, Person

pytestmark = pytest.mark.browser
EMAIL = "fatima@zonnehoek.example"


def opens_mail(person: Person, subject: str) -> None:
    """Wait until the worker has made the mail, and read it in the mailbox of the demo."""
    mail = person.page.get_by_role("row", name=EMAIL).get_by_role("link", name=subject)
    for _ in range(20):
        person.page.goto("/postvak/")
        if mail.count():
            break
        person.page.wait_for_timeout(250)
    mail.click()
    person.check()


def test_a_stranger_comes_in_and_gives_the_first_answer(somebody: Callable[..., Person]) -> None:
    fatima = somebody(width=390).go("/").follow("Uw organisatie aanmelden")
    field = fatima.page.get_by_label
    for label, text in {
        "Naam van de organisatie": "Thuiszorg Zonnehoek",
        "KvK-nummer": "9000 1234",
        "Vestigingsnummer": "0000.9000.1234",
        "AGB-code": "75 001234",
        "Plaats": "Den Haag",
        "Uw naam": "Fatima el Idrissi",
        "Uw e-mailadres": EMAIL,
    }.items():
        field(label).fill(text)
    for label in ("5518 Haaglanden", "Bestuurder:", "Kwaliteitsmedewerker:"):
        field(label).check()
    fatima.press("Aanmelding versturen").reads("Wij hebben uw aanmelding ontvangen")
    opens_mail(fatima, "Wij hebben uw aanmelding ontvangen")

    admin = somebody("beheer@portaal.example").go("/aanmeldingen/").follow("Thuiszorg Zonnehoek")
    admin.reads("000090001234").press("Toelaten").reads("Thuiszorg Zonnehoek is toegelaten")

    opens_mail(fatima, "Thuiszorg Zonnehoek is toegelaten")
    link = fatima.page.locator("main a[href*='/uitnodiging/']").inner_text()
    fatima.go(urlsplit(link).path).reads("Maak uw account")
    for password in fatima.page.locator("input[type=password]").all():
        password.fill(PASSWORD)
    fatima.press("Account maken en beginnen").reads("Welkom. U werkt nu voor Thuiszorg Zonnehoek.")

    # Her password was asked a moment ago, and her session is one that she can end from elsewhere.
    fatima.go("/account/").reads("Op 1 apparaat").go("/account/tweede-stap/").follow("App instellen")
    fatima.reads("Scan deze code")

    fatima.go("/taken/").follow("Beginnen")
    expect(fatima.page.get_by_label("Norm Wlz-zorg thuis")).to_be_checked()
    expect(fatima.page.get_by_label("Addendum")).not_to_be_checked()
    fatima.press("Zelfevaluatie beginnen")
    fatima.page.get_by_role("radio", name="Ja").first.check(force=True)
    fatima.page.get_by_text("Opgeslagen om").first.wait_for()
    expect(fatima.page.locator("[data-theme-answered]")).to_have_text("1 van 8")
    fatima.page.reload()
    expect(fatima.page.get_by_role("radio", name="Ja").first).to_be_checked()
