"""What an invented provider answers, item by item."""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from assessments.demo.quality import GOOD, LEVELS, Quality
from assessments.demo.texts import texts
from assessments.values import UNKNOWN, Value
from norms.models import Item

# Chance of yes, partly and no under a judgement of each level.
CHECKS = {
    "meets": (93, 7, 0),
    "largely_meets": (66, 29, 5),
    "largely_fails": (25, 45, 30),
    "fails": (6, 34, 60),
}
PERCENT = {"meets": (97, 100), "largely_meets": (86, 98), "largely_fails": (58, 86), "fails": (15, 60)}


@dataclass(frozen=True)
class Writer:
    """Who answers: a provider of some quality in a year, on a day in it."""

    quality: Quality
    chance: random.Random
    place: str
    year: int
    years_ago: int
    day: date

    def answers(self, items: Iterable[Item], *, gaps: float = 0.04) -> Iterator[tuple[Item, Value, str]]:
        """Answers to items in the order of their tree; a share of the smaller ones stays open."""
        levels: dict[int, str] = {}
        for item in items:
            if item.kind == Item.Kind.JUDGEMENT:
                levels[item.pk] = self.quality.own(item.code, self.years_ago)
            elif self.chance.random() < gaps:
                continue
            level = levels.get(item.pk) or levels.get(item.parent_id or 0, "largely_meets")
            value, text = _ANSWERS[item.kind](self, item, level)
            if value is not None:
                yield item, value, text

    def past(self, least: int, most: int) -> str:
        return (self.day - timedelta(days=self.chance.randint(least, most))).isoformat()


def unsure(writer: Writer, value: Value) -> Value:
    """In a draft some answers are not known yet."""
    return UNKNOWN if isinstance(value, str) and writer.chance.random() < 0.06 else value


def _judgement(writer: Writer, item: Item, level: str) -> tuple[Value, str]:
    words, chance = texts("answers"), writer.chance
    if item.code in words["not_applicable"] and chance.random() < 0.08:
        return "not_applicable", words["not_applicable"][item.code]
    if item.code in words["criteria"]:
        text = chance.choice(words["criteria"][item.code][level])
    else:
        sentences = words["requirements"].get(item.code, {"ok": "", "gap": "", "plan": ""})
        text = chance.choice(words["shapes"][level]).format(**sentences, place="{place}")
    return level, text.format(place=writer.place)


def _check(writer: Writer, item: Item, level: str) -> tuple[Value, str]:
    value = writer.chance.choices(("yes", "partly", "no"), weights=CHECKS[level])[0]
    notes = texts("answers")["check_notes"].get(value)
    if not notes or writer.chance.random() < 0.4:
        return value, ""
    return value, writer.chance.choice(notes).format(place=writer.place)


def _figure(writer: Writer, item: Item, level: str) -> tuple[Value, str]:
    chance, rank = writer.chance, LEVELS.index(level)
    if item.unit == "procent":
        return str(chance.randint(*PERCENT[level])), ""
    if item.unit == "jaar":
        return str(writer.year - 1), ""
    if item.unit == "organisaties":
        return str(chance.randint(0, 1) + rank), ""
    if item.unit == "punten":
        return str(chance.randint(-5, 12) + 15 * rank), ""
    return str(chance.randint(18, 160)), ""


def _choice(writer: Writer, item: Item, level: str) -> tuple[Value, str]:
    best_first = texts("answers")["choices"].get(item.code) or [option["code"] for option in item.options]
    place = min(3 - LEVELS.index(level), len(best_first) - 1)
    return best_first[place], ""


def _date(writer: Writer, item: Item, level: str) -> tuple[Value, str]:
    return writer.past(20, 320 if level in GOOD else 640), ""


def _text(writer: Writer, item: Item, level: str) -> tuple[Value, str]:
    options = texts("answers")["texts"].get(item.code)
    return (writer.chance.choice(options), "") if options else (None, "")


def _table(writer: Writer, item: Item, level: str) -> tuple[Value, str]:
    """Day-parts: the weaker the provider, the emptier its nights and weekends."""
    return [_day_part(writer, row["code"], level) for row in (item.table or {}).get("rows") or []], ""


def _day_part(writer: Writer, part: str, level: str) -> dict[str, str]:
    chance = writer.chance
    hard = part in ("night", "weekend")
    row = {"row": part, "client_reaches": "yes", "carer_reaches": "yes", "follow_up": "own_team"}
    if hard and level in GOOD:
        row["follow_up"] = chance.choice(["own_team", "partner", "both"])
    elif hard:
        row["follow_up"] = chance.choice(
            ["nobody", "informal_only"] if level == "fails" else ["nobody", "partner"]
        )
        row["carer_reaches"] = chance.choice(["no", "partly"])
    if row["follow_up"] in ("partner", "both"):
        row["partner"] = chance.choice(texts("answers")["partners"])
    if row["follow_up"] not in ("nobody", "informal_only"):
        row["agreed_on"] = writer.past(60, 500)
        if level == "meets" or (level == "largely_meets" and part != "weekend"):
            row["tested_on"] = writer.past(15, 240)
    return row


_Answer = Callable[[Writer, Item, str], tuple[Value, str]]
_ANSWERS: dict[Any, _Answer] = {
    Item.Kind.JUDGEMENT: _judgement,
    Item.Kind.CHECK: _check,
    Item.Kind.FIGURE: _figure,
    Item.Kind.CHOICE: _choice,
    Item.Kind.DATE: _date,
    Item.Kind.TEXT: _text,
    Item.Kind.TABLE: _table,
}
