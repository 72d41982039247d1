"""What an answer may look like, also when somebody tries something else."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from assessments import values
from norms.models import Item

LEVELS = frozenset({"meets", "largely_meets", "largely_fails", "fails", "not_applicable"})
K = Item.Kind
OPTIONS = [{"code": "level_3", "label": "Niveau 3"}, {"code": "below_3", "label": "Lager"}]
TABLE: dict[str, list[dict[str, Any]]] = {
    "rows": [{"code": "day", "label": "Dag"}, {"code": "night", "label": "Nacht"}],
    "columns": [
        {"code": "reach", "label": "Bereikbaar", "kind": "check"},
        {"code": "who", "label": "Wie", "kind": "choice", "options": [{"code": "own", "label": "Eigen"}]},
        {"code": "partner", "label": "Partner", "kind": "text"},
        {"code": "tested", "label": "Getest op", "kind": "date"},
    ],
}


def clean(kind: str, raw: object, **fields: object) -> values.Value:
    return values.clean(Item(kind=kind, options=OPTIONS, table=TABLE, **fields), LEVELS, raw)


@pytest.mark.parametrize(
    ("kind", "raw", "stored"),
    [
        (K.JUDGEMENT, "largely_fails", "largely_fails"),
        (K.JUDGEMENT, "not_applicable", "not_applicable"),
        (K.JUDGEMENT, "unknown", "unknown"),
        (K.JUDGEMENT, " meets ", "meets"),
        (K.CHECK, "partly", "partly"),
        (K.CHECK, "unknown", "unknown"),
        (K.CHOICE, "below_3", "below_3"),
        (K.DATE, "2026-02-28", "2026-02-28"),
        (K.DATE, "28-2-2026", "2026-02-28"),
        (K.DATE, "28-02-2026", "2026-02-28"),
        (K.FIGURE, "12", "12"),
        (K.FIGURE, "12,50", "12.5"),
        (K.FIGURE, "12.5", "12.5"),
        (K.FIGURE, "-7", "-7"),
        (K.FIGURE, "100", "100"),
        (K.FIGURE, "-0", "0"),
        (K.FIGURE, "0,25", "0.25"),
        (K.TEXT, "Eén regel\r\nen nog een", "Eén regel\nen nog een"),
        (K.TEXT, "<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_a_good_value_gets_one_stored_form(kind, raw, stored):
    assert clean(kind, raw) == stored


@pytest.mark.parametrize("kind", list(K))
@pytest.mark.parametrize("raw", [None, "", []])
def test_nothing_is_stored_as_none(kind, raw):
    if kind != K.THEME:
        assert clean(kind, raw) is None


@pytest.mark.parametrize("typed", ["12", "12,5", "-3,25", "0,05", "1000"])
def test_a_stored_figure_can_be_saved_again_unchanged(typed):
    stored = clean(K.FIGURE, typed)
    assert clean(K.FIGURE, stored) == stored


@pytest.mark.parametrize("kind", [K.JUDGEMENT, K.CHECK, K.CHOICE, K.DATE, K.FIGURE, K.TEXT])
def test_only_spaces_are_nothing(kind):
    if kind in (K.DATE, K.FIGURE, K.TEXT):
        assert clean(kind, "  \n ") is None
    else:
        with pytest.raises(ValidationError):
            clean(kind, "  \n ")


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (K.JUDGEMENT, "not_tested"),  # the inspector's own value
        (K.JUDGEMENT, "MEETS"),
        (K.JUDGEMENT, "meets\x00"),
        (K.JUDGEMENT, {"meets": 1}),
        (K.JUDGEMENT, ["meets"]),
        (K.JUDGEMENT, 4),
        (K.CHECK, "maybe"),
        (K.CHOICE, "Niveau 3"),
        (K.DATE, "2026-02-30"),
        (K.DATE, "31-02-2026"),
        (K.DATE, "morgen"),
        (K.DATE, "2026-13-01"),
        (K.DATE, "99999-01-01"),
        (K.FIGURE, "twaalf"),
        (K.FIGURE, "NaN"),
        (K.FIGURE, "Infinity"),
        (K.FIGURE, "1e5"),
        (K.FIGURE, "1e-999999"),
        (K.FIGURE, "9" * 400),
        (K.FIGURE, "1234567890"),
        (K.FIGURE, "0x10"),
        (K.FIGURE, "1_000"),
        (K.FIGURE, "١٢"),
        (K.FIGURE, "12,5,5"),
        (K.FIGURE, "1.250"),  # a thousand to whoever types it, one and a quarter to a machine
        (K.FIGURE, "1.250,5"),
        (K.FIGURE, "--5"),
    ],
)
def test_a_bad_value_is_refused_in_dutch(kind, raw):
    with pytest.raises(ValidationError) as refused:
        clean(kind, raw)
    assert any(word in refused.value.message for word in ("Kies", "Vul"))


def test_text_loses_nul_and_keeps_ten_thousand_characters():
    assert clean(K.TEXT, "a\x00b") == "ab"
    assert clean(K.TEXT, "é" * 10_000) == "é" * 10_000
    with pytest.raises(ValidationError, match="10001 tekens"):
        clean(K.TEXT, "é" * 10_001)


def test_unknown_and_nothing_are_no_answers():
    assert not values.is_answered(None)
    assert not values.is_answered(values.UNKNOWN)
    assert values.is_answered("no")
    assert values.is_answered([{"row": "day", "reach": "no"}])


# --- tables


def test_a_table_keeps_rows_that_hold_something():
    raw = [
        {"row": "day", "reach": "yes", "who": "own", "partner": " Wijkteam ", "tested": "2026-05-01"},
        {"row": "night", "reach": "", "who": "", "partner": "  ", "tested": ""},
    ]
    assert clean(K.TABLE, raw) == [
        {"row": "day", "reach": "yes", "who": "own", "partner": "Wijkteam", "tested": "2026-05-01"}
    ]
    assert clean(K.TABLE, raw[1:]) is None


def test_a_table_drops_columns_that_it_does_not_have():
    assert clean(K.TABLE, [{"row": "day", "reach": "no", "admin": "yes"}]) == [{"row": "day", "reach": "no"}]


@pytest.mark.parametrize(
    "raw",
    [
        [{"row": "week", "reach": "yes"}],
        [{"reach": "yes"}],
        [{"row": "day", "reach": "maybe"}],
        [{"row": "day", "who": "nobody"}],
        [{"row": "day", "tested": "gisteren"}],
        [{"row": "day", "reach": ["yes"]}],
        [{"row": "day", "reach": "yes"}, {"row": "day", "reach": "no"}],
        [{"row": ["day"], "reach": "yes"}],
        ["day"],
        "day",
        {"row": "day"},
        7,
    ],
)
def test_a_bad_table_is_refused(raw):
    with pytest.raises(ValidationError):
        clean(K.TABLE, raw)


def test_a_bad_date_in_a_table_names_its_column():
    with pytest.raises(ValidationError, match="^.*Getest op: vul een datum in"):
        clean(K.TABLE, [{"row": "day", "tested": "gisteren"}])


def test_a_number_in_a_table_is_a_number():
    counted = {"rows": None, "columns": [{"code": "clients", "label": "Aantal", "kind": "figure"}]}
    item = Item(kind=K.TABLE, table=counted)
    assert values.clean(item, LEVELS, [{"row": "1", "clients": "12,50"}]) == [{"row": "1", "clients": "12.5"}]
    with pytest.raises(ValidationError, match="^.*Aantal: vul een getal in"):
        values.clean(item, LEVELS, [{"row": "1", "clients": "twaalf"}])


def test_a_table_without_fixed_rows_numbers_them():
    free = {**TABLE, "rows": None}
    item = Item(kind=K.TABLE, table=free)
    assert values.clean(item, LEVELS, [{"row": "12", "reach": "yes"}]) == [{"row": "12", "reach": "yes"}]
    for row in ("abc", "123", "-1", "", "١"):
        with pytest.raises(ValidationError):
            values.clean(item, LEVELS, [{"row": row, "reach": "yes"}])


def test_a_long_cell_is_refused_and_not_cut():
    assert clean(K.TABLE, [{"row": "day", "partner": "x" * 500}]) == [{"row": "day", "partner": "x" * 500}]
    with pytest.raises(ValidationError, match="Partner: maak er ten hoogste 500 tekens van"):
        clean(K.TABLE, [{"row": "day", "partner": "x" * 501}])
