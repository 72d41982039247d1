"""Chromium, and one portal for all browser tests of a run, whose demo data is as new for each file."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.portal import Portal, running_portal

ROOT = Path(__file__).resolve().parent.parent.parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PASSWORD = "demo-wlz-2026"


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory, loaded: str) -> Iterator[Portal]:
    """Demo data to copy; nothing of it runs."""
    with running_portal(tmp_path_factory.mktemp("portal"), like=loaded) as portal:
        portal.manage("seed_demo", "--providers", "14")
        yield portal


@pytest.fixture(scope="session")
def served(seeded: Portal) -> Iterator[Portal]:
    """The processes, with the files of the demo data."""
    with running_portal(seeded.folder, like=seeded.database) as portal:
        for name in ("web", "worker", "beat"):
            portal.start(name)
        portal.wait_until_up()
        yield portal


@pytest.fixture(scope="module")
def portal(served: Portal, seeded: Portal) -> Portal:
    """No file meets what another one left."""
    served.start_over(seeded.database)
    return served


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Person:
    """Somebody with a browser of her own; every page she sees is checked by axe."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.problems: list[str] = []
        self.seen: set[str] = set()
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on("console", self._note)

    def _note(self, message: Any) -> None:
        # A refused resource or a broken policy shows up here; a 403 or 404 page is meant.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.problems.append(f"console: {message.text}")

    def sign_in(self, email: str) -> "Person":
        self.go("/inloggen/")
        self.page.get_by_label("E-mailadres").fill(email)
        self.page.get_by_label("Wachtwoord").fill(PASSWORD)
        self.press("Inloggen")
        self.page.wait_for_url("**/taken/")
        self.check()
        return self

    def go(self, path: str) -> "Person":
        response = self.page.goto(path)
        assert response is not None and response.status < 400, (path, response and response.status)
        self.check()
        return self

    def is_refused(self, path: str) -> None:
        """The address does not exist for her."""
        response = self.page.goto(path)
        assert response is not None and response.status == 404, (path, response and response.status)
        self.check()

    def press(self, name: str) -> "Person":
        """Press the button with these words, and look at what comes."""
        self.page.locator("main").get_by_role("button", name=name, exact=True).last.click()
        self.page.wait_for_load_state()
        self.check()
        return self

    def save(self, name: str) -> "Person":
        """Press a button that waits for the answers that are still on their way."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("button", name=name).first.click()
        self.check()
        return self

    def follow(self, name: str) -> "Person":
        self.page.locator("main").get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()
        self.check()
        return self

    def reads(self, words: str) -> "Person":
        assert words in self.page.locator("body").inner_text(), (
            f"{words!r} is not on {self.page.url}:\n{self.page.locator('main').inner_text()[:1500]}"
        )
        return self

    def check(self) -> None:
        """One h1, no sideways scroll, and axe finds nothing."""
        assert self.page.locator("h1").count() == 1, self.page.url
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{self.page.url} is {wide}px too wide"
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(
            "rules => axe.run(document, {runOnly: rules}).then(r => r.violations.map(v =>"
            " v.id + ': ' + v.nodes.map(n => n.html.slice(0, 200)).slice(0, 3).join(' | ')))",
            RULES,
        )
        assert not found, f"{self.page.url}: {found}"
        self.seen.add(self.page.url)
        assert not self.problems, self.problems


@pytest.fixture
def somebody(chromium: Browser, portal: Portal) -> Iterator[Callable[..., Person]]:
    """Makes people, each in a browser context of her own."""
    contexts: list[BrowserContext] = []

    def make(email: str = "", width: int = 1280) -> Person:
        context = chromium.new_context(
            base_url=portal.url,
            viewport={"width": width, "height": 900},
            locale="nl-NL",
            accept_downloads=True,
        )
        contexts.append(context)
        person = Person(context)
        return person.sign_in(email) if email else person

    yield make
    for context in contexts:
        context.close()
