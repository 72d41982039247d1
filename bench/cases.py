"""The measured requests, each with its floor."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench import FLOORS, forms
from bench.browser import Browser, Reply, Wrong
from bench.data import Draft, Facts, Start

START = "/zelfevaluaties/nieuw/"
SCORES = ("meets", "largely_meets", "largely_fails", "fails")


class Page:
    """Gets one page again and again."""

    def __init__(self, port: int, session: str, path: str, words: str) -> None:
        self.browser, self.path, self.words = Browser(port, session), path, words

    def __call__(self, count: bool = False) -> Reply:
        reply = self.browser.get(self.path, count=count)
        if self.words not in reply.body:
            raise Wrong(f"{self.path} does not say {self.words!r}")
        return reply


class Saving:
    """Saves one answer again and again, always on top of the version that the last save made.

    Sends what the page sends: every field of its form.
    """

    def __init__(self, port: int, draft: Draft, path: str) -> None:
        self.browser, self.path, self.item = Browser(port, draft.session), path, draft.item
        page = self.browser.get(f"/zelfevaluaties/{draft.revision}/invullen/{draft.section}/")
        self.fields = forms.fields(page.body)
        self.version = int(self.fields[f"v-{self.item}"])
        self.turn = 0

    def __call__(self, count: bool = False) -> Reply:
        self.turn += 1
        changed = {
            f"a-{self.item}": SCORES[self.turn % len(SCORES)],
            f"t-{self.item}": f"In ronde {self.turn} staat het er zo voor. In de nacht komt er nu iemand.",
            f"v-{self.item}": self.version,
            f"s-{self.item}": uuid.uuid4(),
        }
        reply = self.browser.post(self.path, {**self.fields, **changed}, htmx=True, count=count)
        self.version += 1
        if f'name="v-{self.item}" value="{self.version}"' not in reply.body or "Opgeslagen" not in reply.body:
            raise Wrong(f"{self.path} did not save: {reply.body[:300]}")
        return reply


class Starting:
    """Starts an account that does not exist yet, each time of another provider or year.

    As people do: the page with the form came first. It is not timed, and noted that the session is in use.
    """

    def __init__(self, port: int, starts: Iterator[Start], floor: bool) -> None:
        self.port, self.starts, self.floor = port, starts, floor
        self.browser = Browser(port, "")

    def __call__(self, count: bool = False) -> Reply:
        start = next(self.starts)
        self.browser.sign_in(start.session)
        self.browser.get(START)
        path = f"/{FLOORS}nieuw/{start.organisation}/" if self.floor else START
        reply = self.browser.post(path, start.fields, count=count)
        if reply.status != 302 or "/invullen/" not in reply.location:
            raise Wrong(f"{path} did not start: {reply.status} {reply.location}")
        return reply


@dataclass(frozen=True)
class Pair:
    """A request of the portal and the floor under it."""

    portal: Callable[..., Reply]
    floor: Callable[..., Reply]


def fill_in(port: int, facts: Facts) -> Pair:
    draft = facts.drafts[0]
    return Pair(
        Page(port, draft.session, f"/zelfevaluaties/{draft.revision}/invullen/", "Alle vragen"),
        Page(port, draft.session, f"/{FLOORS}invullen/{draft.revision}/", "Alle vragen"),
    )


def answer(port: int, facts: Facts) -> Pair:
    """The two save in drafts of their own, so that neither changes what the other builds on."""
    mine, other = facts.drafts[1:3]
    return Pair(
        Saving(port, mine, f"/zelfevaluaties/{mine.revision}/antwoorden/{mine.item}/"),
        Saving(port, other, f"/{FLOORS}antwoord/{other.organisation}/{other.answer}/{other.item}/"),
    )


def handed_in(port: int, facts: Facts) -> Pair:
    return Pair(
        Page(port, facts.inspector, "/zelfevaluaties/", "Ingediende zelfevaluaties"),
        Page(port, facts.inspector, f"/{FLOORS}lijst/", "Ingediende zelfevaluaties"),
    )


def start(port: int, facts: Facts) -> Pair:
    starts = iter(facts.starts)
    return Pair(Starting(port, starts, floor=False), Starting(port, starts, floor=True))


def worklist(port: int, facts: Facts) -> Pair:
    return Pair(
        Page(port, facts.inspector, "/werklijst/", "Aanbieders met hun signalen"),
        Page(port, facts.inspector, f"/{FLOORS}werklijst/", "Aanbieders met hun signalen"),
    )


def criterion(port: int, facts: Facts) -> Pair:
    visit, item = facts.visit, facts.criterion
    return Pair(
        Page(port, facts.inspector, f"/bezoeken/{visit}/criterium/{item}/", "Gezamenlijk oordeel"),
        Page(port, facts.inspector, f"/{FLOORS}criterium/{visit}/{item}/", "Gezamenlijk oordeel"),
    )
