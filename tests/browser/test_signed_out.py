"""A session that ends while somebody writes: she is told, and what she typed stays."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, Person

pytestmark = pytest.mark.browser


def test_who_was_signed_out_is_told_beside_the_question(somebody: Callable[..., Person]) -> None:
    writer = somebody("kwaliteit@anderezorg.example")
    writer.go("/zelfevaluaties/nieuw/")
    writer.page.get_by_label("Jaar").select_option(str(date.today().year - 2))
    writer.page.get_by_label("Met lege vragen").check()
    writer.press("Zelfevaluatie beginnen")
    question = writer.page.locator(".question").first
    question.get_by_role("radio").first.check()
    question.get_by_text("Opgeslagen om").wait_for()
    writer.page.context.clear_cookies(name="sessionid")
    question.get_by_role("radio").last.check()
    question.get_by_text("Niet opgeslagen: u bent niet meer ingelogd.").wait_for()
    assert not writer.page.get_by_label("Wachtwoord").count()
    assert question.locator("input[name^='v-']").input_value() == "1"
    writer.problems.clear()  # the refused save, which is meant
    # Signed in again on the same page, the answer is there and is saved.
    writer.page.on("dialog", lambda dialog: dialog.accept())
    writer.page.goto(writer.page.url)
    writer.page.get_by_label("E-mailadres").fill("kwaliteit@anderezorg.example")
    writer.page.get_by_label("Wachtwoord").fill(PASSWORD)
    writer.press("Inloggen").reads("Wat u typte, staat er nog")
    question.get_by_text("Opgeslagen om").wait_for()
    writer.page.reload()
    expect(question.get_by_role("radio").last).to_be_checked()
