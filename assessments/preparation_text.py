"""Texts of the preparation of a visit, as dated data: what a member declares, and the letter."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assessments.models import Visit
from assessments.report_text import join_words, visit_days

DATA = Path(__file__).parent / "preparation_texts"


@cache
def _texts() -> list[dict[str, Any]]:
    files = sorted(DATA.glob("*.yaml"))
    return [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]


def texts_for(day: date) -> dict[str, Any]:
    """The texts that held on a day (the oldest when none did yet)."""
    held = [texts for texts in _texts() if texts["valid_from"] <= day.isoformat()]
    return held[-1] if held else _texts()[0]


def declaration(day: date) -> str:
    """What a member of a team declares on a day."""
    return str(texts_for(day)["declaration"])


@dataclass(frozen=True)
class Letter:
    """The letter in which a visit is announced, its words filled in."""

    day: date
    subject: str
    greeting: str
    paragraphs: list[str]
    prepare: list[str]
    closing: list[str]
    source: str


def letter(visit: Visit, day: date) -> Letter:
    """The letter about an announced visit, as it reads on a day; of an unannounced one there is none."""
    if not visit.announced:
        raise ValueError("an unannounced visit has no letter")
    texts = texts_for(day)
    words = _words(visit)

    def filled(lines: list[str]) -> list[str]:
        return [line.format(**words) for line in lines]

    written = texts["letter"]
    return Letter(
        day=day,
        subject=written["subject"].format(**words),
        greeting=written["greeting"],
        paragraphs=filled(written["paragraphs"]),
        prepare=filled(written["prepare"]),
        closing=filled(written["closing"]),
        source=texts["source"],
    )


def _words(visit: Visit) -> dict[str, str]:
    places = [place.name for place in visit.locations.all()]
    editions = [edition.title for edition in visit.editions.order_by("step")]
    return {
        "provider": visit.organisation.name,
        "days": visit_days(visit),
        "locations": join_words(places) or "uw organisatie",
        "editions": join_words(editions),
        "weeks": str(visit.reaction_weeks),
    }
