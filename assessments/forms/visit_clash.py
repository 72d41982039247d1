"""Two people changed the same thing: what is shown, and how the choice is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict


@dataclass(frozen=True)
class Clash:
    """Two values of one field; `field` and `base` are names of inputs, `version` that of their value.

    Texts are lines to show. `their_values` travel along, so that choosing theirs needs no second reading.
    """

    field: str
    label: str
    mine: Sequence[str]
    theirs: Sequence[str]
    their_values: Sequence[str]
    author: str
    base: str
    version: str
    can_join: bool = True
    is_list: bool = False


def settle(data: QueryDict) -> QueryDict:
    """The posted form with the choice of one button carried out; without one it is as it was.

    A field that was not chosen about keeps the old version it replaces, and so conflicts again.
    """
    button = next((name for name in ("mine", "theirs", "both") if f"keep_{name}" in data), None)
    if button is None:
        return data
    data = data.copy()
    field = str(data[f"keep_{button}"])
    theirs, mine = data.getlist(f"theirs-{field}"), data.getlist(field)
    if button == "theirs":
        data.setlist(field, theirs)
    elif button == "both":
        data.setlist(field, _joined(theirs, mine, is_list=f"list-{field}" in data))
    data[data.get(f"basename-{field}", "")] = data.get(f"version-{field}", "0")
    return data


def _joined(theirs: list[str], mine: list[str], *, is_list: bool) -> list[str]:
    return [*theirs, *mine] if is_list else ["\n\n".join([*theirs, *mine])]


def other_inputs(data: Any) -> list[tuple[str, str]]:
    """Everything in the QueryDict of a form, to send along with the choice."""
    skip = ("csrfmiddlewaretoken", "keep_", "theirs-", "list-", "basename-", "version-")
    return [(name, value) for name, values in data.lists() for value in values if not name.startswith(skip)]
