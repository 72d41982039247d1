"""Which signals of an edition apply to a set of answers. Pure functions, no database."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from norms.models import Signal

Answers = Mapping[str, Any]


def active(signals: Iterable[Signal], answers: Answers) -> list[Signal]:
    """The signals whose condition holds, in their own order.

    `answers` gives the value per item code: a code as text, a number as text, or a table as a list of
    rows like {"row": "night", "follow_up": "nobody"}. What is not answered never raises a signal.
    """
    return [signal for signal in signals if holds(signal.condition, answers)]


def depends_on(signal: Signal) -> set[str]:
    """The codes of the items whose answers its condition asks about."""
    return {test["item"] for tests in signal.condition.values() for test in tests}


def holds(condition: Mapping[str, list[dict[str, Any]]], answers: Answers) -> bool:
    """Whether {"any": [...]} or {"all": [...]} is true for these answers."""
    if "any" in condition:
        return any(_is_true(test, answers) for test in condition["any"])
    return all(_is_true(test, answers) for test in condition["all"])


def _is_true(test: dict[str, Any], answers: Answers) -> bool:
    value = answers.get(test["item"])
    if "row" in test:
        value = _cell(value, test["row"], test["column"])
    if value in (None, ""):
        return False
    return value in test["in"] if "in" in test else _is_below(value, test["below"])


def _cell(rows: list[dict[str, Any]] | None, row: str, column: str) -> Any:
    return next((cells.get(column) for cells in rows or [] if cells.get("row") == row), None)


def _is_below(value: Any, limit: float) -> bool:
    try:
        return Decimal(str(value)) < Decimal(str(limit))
    except InvalidOperation:
        return False
