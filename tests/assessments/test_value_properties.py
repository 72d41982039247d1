"""Whatever somebody sends as figure, date or table: it is refused with a sentence, or stored one way."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from norms.models import Item
from tests.assessments.test_values import TABLE, clean

K = Item.Kind
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["row", "reach", "who", "partner", "tested", "x"]), inner)
    ),
    max_leaves=14,
)


def stored(kind: str, raw: Any) -> Any:
    """The stored form, 'refused' when it was refused with something to read."""
    try:
        return clean(kind, raw)
    except ValidationError as error:
        assert all(re.search(r"[a-z]{3}.*\.$", message) for message in error.messages)
        return "refused"


@given(st.decimals(-999_999_999, 999_999_999, places=2), st.sampled_from(",."), st.booleans())
def test_a_figure_keeps_its_value_however_it_is_written(figure: Decimal, mark: str, is_short: bool):
    written = f"{figure.normalize() + 0:f}" if is_short else f"{figure:.2f}"
    found = clean(K.FIGURE, f" {written.replace('.', mark)} ")
    assert isinstance(found, str) and Decimal(found) == figure
    assert re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]?[1-9])?", found) and found != "-0"


@given(st.text(max_size=14) | st.from_regex(r"[-+]?[0-9.,e ]{1,14}", fullmatch=True))
def test_any_other_figure_is_refused_or_has_one_form(raw: str):
    found = stored(K.FIGURE, raw)
    if found not in ("refused", None):
        assert clean(K.FIGURE, found) == found
        assert re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,2})?", found)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_day_is_the_same_day_in_both_notations(day: date):
    for written in (day.isoformat(), f"{day:%d-%m-%Y}", f"{day.day}-{day.month}-{day.year}"):
        assert clean(K.DATE, written) == day.isoformat()


@given(st.text(max_size=12) | st.from_regex(r"[0-9]{1,4}[-/ ][0-9]{1,2}[-/ ][0-9]{1,4}", fullmatch=True))
def test_any_other_day_is_refused_or_a_day(raw: str):
    found = stored(K.DATE, raw)
    if found not in ("refused", None):
        assert date.fromisoformat(found).isoformat() == found


@given(JSON)
def test_any_table_is_refused_or_holds_only_its_own_cells(raw: Any):
    found = stored(K.TABLE, raw)
    if found in ("refused", None):
        return
    assert isinstance(found, list) and clean(K.TABLE, found) == found
    rows, columns = ({part["code"] for part in TABLE[name]} for name in ("rows", "columns"))
    assert all(row["row"] in rows and row.keys() - {"row"} <= columns and len(row) > 1 for row in found)
    assert len({row["row"] for row in found}) == len(found)


@given(st.sampled_from([K.JUDGEMENT, K.CHECK, K.CHOICE, K.FIGURE, K.DATE, K.TEXT]), JSON)
def test_what_is_no_text_is_never_an_answer_of_another_kind(kind: str, raw: Any):
    if raw not in (None, "", []) and not isinstance(raw, str):
        assert stored(kind, raw) == "refused"
