"""One visit of the demo on its way: who is in it, and what it is about."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from assessments.demo.accounts import Cast
from assessments.demo.texts import texts
from assessments.models import Visit
from assessments.workflow import VISIT
from providers.actor import Actor

RANK = {"meets": 4, "largely_meets": 3, "largely_fails": 2, "fails": 1}


@dataclass(frozen=True)
class Inspectors:
    """The people of the inspectorate who act in the demo; the coordinator is in no team."""

    team: Sequence[Actor]
    coordinator: Actor


@dataclass
class Story:
    """One visit on its way, and the day that it has reached."""

    cast: Cast
    goal: str
    lead: Actor
    second: Actor
    coordinator: Actor
    chance: random.Random
    levels: dict[str, str]
    start: date
    today: date
    apart: bool
    earlier: bool
    visit: Visit = field(init=False)
    facts: dict[str, int] = field(default_factory=dict)

    @property
    def provider(self) -> Actor:
        return Actor(self.cast.officer, self.cast.organisation, frozenset({"quality_officer"}))

    @property
    def words(self) -> dict[str, str]:
        worst = min(("W2", "W1", "W3"), key=lambda code: RANK[self.levels[code]])
        return {
            "provider": self.cast.organisation.name,
            "place": self.cast.organisation.place,
            "weakest": texts("visits")["weakest"][worst],
            **{name: str(number) for name, number in self.facts.items()},
        }

    def step(self, action: str, by: Actor, note: str = "") -> None:
        self.visit = VISIT.perform(self.visit.pk, action, by=by, note=note)
