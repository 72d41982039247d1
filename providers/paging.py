"""Keyset pagination: a page costs the same wherever it stands, and nothing is counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

PARAMETER = "na"


@dataclass(frozen=True)
class Page:
    """Rows of one page; `next_url` and `first_url` are query strings, '' when there is no such page."""

    rows: Sequence[Any]
    next_url: str
    first_url: str

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page_after(
    queryset: QuerySet[Any], request: HttpRequest, *, order: Sequence[str], size: int = 50
) -> Page:
    """The page after the cursor in the address; `order` must end in a unique column and hold no nulls."""
    cursor = _read(request.GET.get(PARAMETER, ""), order)
    if cursor:
        queryset = queryset.filter(_beyond(order, cursor))
    rows = list(queryset.order_by(*order)[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return Page(
        rows,
        next_url=_address(request, _write(rows[-1], order)) if more else "",
        first_url=_address(request, "") if cursor else "",
    )


def _beyond(order: Sequence[str], cursor: Sequence[Any]) -> Q:
    """Rows after the cursor: (a > x) or (a = x and b > y) …, with < for descending columns."""
    beyond, equal = Q(), Q()
    for column, value in zip(order, cursor, strict=True):
        name = column.lstrip("-")
        beyond |= equal & Q(**{f"{name}__{'lt' if column.startswith('-') else 'gt'}": value})
        equal &= Q(**{name: value})
    first = order[0].lstrip("-")
    # Redundant, but lets the database begin its index scan at the cursor.
    return Q(**{f"{first}__{'lte' if order[0].startswith('-') else 'gte'}": cursor[0]}) & beyond


def _value(row: Model, column: str) -> Any:
    value: Any = row
    for part in column.lstrip("-").split("__"):
        value = getattr(value, part)
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _write(row: Model, order: Sequence[str]) -> str:
    return signing.dumps([_value(row, column) for column in order], salt=_salt(order), compress=True)


def _read(text: str, order: Sequence[str]) -> list[Any] | None:
    """A cursor that we wrote ourselves for a list in this order; anything else means the first page."""
    try:
        return signing.loads(text, salt=_salt(order))
    except signing.BadSignature:
        return None


def _salt(order: Sequence[str]) -> str:
    """A cursor of one list is none of another's: its values would not even be of the right kind."""
    return f"paging {' '.join(order)}"


def _address(request: HttpRequest, cursor: str) -> str:
    query = request.GET.copy()
    query.pop(PARAMETER, None)
    if cursor:
        query[PARAMETER] = cursor
    return "?" + query.urlencode()
