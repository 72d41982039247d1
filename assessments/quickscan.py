"""Where do I stand, in ten minutes: the checks of the norm's criteria, answered without an account.

Nothing is stored. What was answered travels in the form itself, and afterwards in a short code that its
owner keeps: the answers as one number, with a check that tells a typing error and another edition.
"""

import hashlib
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Any

from django.utils import timezone

from assessments import editions, services
from assessments.models import Answer, Revision
from assessments.values import CHECKS, UNKNOWN, Value
from norms import signals
from norms.models import FrameworkVersion, Item, Signal
from providers.actor import Actor

FRAMEWORK = "igj-wlz-thuis"
FIRST_STEPS = 3
# Crockford's: no letters that look like digits, and none that make words.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOK_ALIKES = str.maketrans("OIL", "011")
GROUP = 4
# A wrong code is taken for a right one less than once in a million times.
CHECK_BITS = 20
Answers = Mapping[str, str]


@dataclass(frozen=True)
class Ask:
    """One thing to choose: a check, or one cell of a table on which a signal depends."""

    name: str
    item: Item
    label: str
    options: tuple[tuple[str, str], ...]
    row: str = ""
    column: str = ""


@dataclass(frozen=True)
class Criterion:
    """A page of the quickscan."""

    item: Item
    asks: tuple[Ask, ...]


@dataclass(frozen=True)
class Outcome:
    """What the answers say about one criterion."""

    criterion: Criterion
    stands: list[Ask]
    partly: list[Ask]
    lacks: list[Ask]
    open: list[Ask]
    signals: list[Signal]


@dataclass(frozen=True)
class Step:
    """Something to do first, with what it is about."""

    about: str
    text: str


class WrongCode(ValueError):
    """This is no code of a quickscan, or of an edition that is not known here."""


def edition() -> FrameworkVersion | None:
    """The edition that the quickscan follows today."""
    found = FrameworkVersion.objects.default_for(timezone.localdate()).filter(framework__code=FRAMEWORK)
    return found.first()


@cache
def criteria(edition_id: int) -> tuple[Criterion, ...]:
    """The sections of an edition with what is asked in each."""
    contents = editions.contents(edition_id)
    watched = {
        (test["item"], test["row"], test["column"])
        for signal in contents.signals
        for tests in signal.condition.values()
        for test in tests
        if "row" in test
    }
    return tuple(
        Criterion(section, asks)
        for section, items in contents.sections
        if (asks := tuple(ask for item in items if item.asks_provider for ask in _asks(item, watched)))
    )


def _asks(item: Item, watched: set[tuple[str, str, str]]) -> Iterator[Ask]:
    if item.kind == Item.Kind.CHECK:
        yield Ask(item.code, item, item.text or item.title, tuple(CHECKS.items()))
    for row in (item.table or {}).get("rows") or []:
        for column in (item.table or {})["columns"]:
            # What can be ticked stands in a check already; who comes can only be said here.
            if column["kind"] == "choice" and (item.code, row["code"], column["code"]) in watched:
                options = tuple((option["code"], option["label"]) for option in column["options"])
                name = f"{item.code}-{row['code']}-{column['code']}"
                yield Ask(name, item, row["label"], options, row["code"], column["code"])


def asks(edition_id: int) -> list[Ask]:
    return [ask for criterion in criteria(edition_id) for ask in criterion.asks]


def read(edition_id: int, posted: Mapping[str, Any]) -> dict[str, str]:
    """The answers among what was posted; anything else is left out."""
    found = ((ask, posted.get(ask.name)) for ask in asks(edition_id))
    return {
        ask.name: value
        for ask, value in found
        if isinstance(value, str) and (value == UNKNOWN or value in dict(ask.options))
    }


def outcomes(edition_id: int, answers: Answers) -> list[Outcome]:
    """Per criterion what stands, what lacks and which signals there are."""
    active = signals.active(editions.contents(edition_id).signals, _values(edition_id, answers))
    return [
        Outcome(
            criterion,
            stands=[ask for ask in checks if answers.get(ask.name) == "yes"],
            partly=[ask for ask in checks if answers.get(ask.name) == "partly"],
            lacks=[ask for ask in checks if answers.get(ask.name) == "no"],
            open=[ask for ask in checks if answers.get(ask.name, UNKNOWN) == UNKNOWN],
            signals=[signal for signal in active if signal.item_id in _ids(criterion)],
        )
        for criterion in criteria(edition_id)
        if (checks := [ask for ask in criterion.asks if not ask.row])
    ]


def _ids(criterion: Criterion) -> set[int]:
    return {criterion.item.pk, *(ask.item.pk for ask in criterion.asks)}


def first_steps(found: list[Outcome]) -> list[Step]:
    """What to do first: what the inspectorate warns of, then what lacks, then what is half there."""
    steps = [Step(signal.title, signal.advice) for outcome in found for signal in outcome.signals]
    for state in ("lacks", "partly"):
        steps += [
            Step(ask.item.title, ask.item.begin or f"Regel dit eerst: {ask.item.text}")
            for outcome in found
            for ask in getattr(outcome, state)
        ]
    unique = {step.text: step for step in reversed(steps)}
    return [step for step in steps if unique[step.text] is step][:FIRST_STEPS]


def _values(edition_id: int, answers: Answers) -> dict[str, Value]:
    """The answers as those of a self-assessment, by code of the item."""
    values: dict[str, Any] = {}
    for ask in asks(edition_id):
        answer = answers.get(ask.name)
        if answer is None or (ask.row and answer == UNKNOWN):
            continue
        if not ask.row:
            values[ask.item.code] = answer
            continue
        rows = values.setdefault(ask.item.code, [])
        row = next((one for one in rows if one["row"] == ask.row), None)
        if row is None:
            rows.append(row := {"row": ask.row})
        row[ask.column] = answer
    return values


# --- the code


def encode(found: FrameworkVersion, answers: Answers) -> str:
    """A code that carries the answers, such as 4K7M-0QX2-9DRA-11TB."""
    number = 0
    for ask in asks(found.pk):
        choices = _digits(ask)
        number = number * len(choices) + choices.index(answers.get(ask.name, UNKNOWN))
    length = _length(found.pk)
    whole = number << CHECK_BITS | _check(found, number)
    text = "".join(ALPHABET[whole >> 5 * place & 31] for place in reversed(range(length)))
    return "-".join(text[start : start + GROUP] for start in range(0, length, GROUP))


def decode(code: str) -> tuple[FrameworkVersion, dict[str, str]]:
    """The edition and the answers of a code, however it was copied. Raises WrongCode."""
    text = re.sub(r"[\s\-–.]", "", code).upper().translate(LOOK_ALIKES)
    if not text or len(text) > 100 or not set(text) <= set(ALPHABET):
        raise WrongCode
    whole = 0
    for sign in text:
        whole = whole * 32 + ALPHABET.index(sign)
    number, check = whole >> CHECK_BITS, whole & (1 << CHECK_BITS) - 1
    for found in FrameworkVersion.objects.filter(framework__code=FRAMEWORK):
        if len(text) == _length(found.pk) and number < _size(found.pk) and check == _check(found, number):
            return found, _answers(found.pk, number)
    raise WrongCode


def _digits(ask: Ask) -> list[str]:
    """Every answer in a fixed order; not answered and not known are the same here."""
    return [UNKNOWN, *(code for code, _ in ask.options)]


def _size(edition_id: int) -> int:
    return prod(len(_digits(ask)) for ask in asks(edition_id))


def _length(edition_id: int) -> int:
    """Signs that a code of this edition has, in whole groups."""
    bits = (_size(edition_id) - 1).bit_length() + CHECK_BITS
    return -(-bits // (5 * GROUP)) * GROUP


def _check(found: FrameworkVersion, number: int) -> int:
    names = ",".join(f"{ask.name}:{'/'.join(_digits(ask))}" for ask in asks(found.pk))
    digest = hashlib.sha256(f"{found.edition}|{names}|{number}".encode()).digest()
    return int.from_bytes(digest[:4]) & (1 << CHECK_BITS) - 1


def _answers(edition_id: int, number: int) -> dict[str, str]:
    answers = {}
    for ask in reversed(asks(edition_id)):
        choices = _digits(ask)
        number, place = divmod(number, len(choices))
        answers[ask.name] = choices[place]
    return {name: value for name, value in answers.items() if value != UNKNOWN}


# --- into a self-assessment


@dataclass(frozen=True)
class Taking:
    """What would be taken along into a draft, and what stands there already."""

    new: list[Item]
    kept: list[Item]


def compare(revision: Revision | None, edition_id: int, answers: Answers) -> Taking:
    """Which answers find an empty place in the draft; without a draft all do."""
    values = _values(edition_id, answers)
    items = [item for item in editions.contents(edition_id).items if item.code in values]
    taken = set()
    if revision:
        standing = Answer.objects.filter(revision=revision)
        taken = {answer.item_id for answer in standing if answer.version or answer.linked_to_id}
    return Taking(
        [item for item in items if item.pk not in taken], [item for item in items if item.pk in taken]
    )


def take_along(revision: Revision, edition_id: int, answers: Answers, *, by: Actor) -> int:
    """Fill empty answers of a draft; what somebody wrote stays. Returns how many were filled.

    Raises PermissionDenied or WrongState.
    """
    values = _values(edition_id, answers)
    filled = 0
    for item in compare(revision, edition_id, answers).new:
        new = services.NewAnswer(item.pk, values[item.code], "", 0, uuid.uuid4())
        try:
            services.save_answer(revision.pk, new, by=by)
        except services.AnswerConflict:
            continue  # a colleague answered it at this moment
        filled += 1
    return filled
