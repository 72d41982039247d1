"""Dutch sentences and figures that the report makes from its content."""

from datetime import date
from typing import Any

import pytest

from reports import charts, wording
from reports.content import parse
from reports.presentation import context
from tests.reports import samples

SHA = "0123456789abcdef" * 4


def _context(content: dict[str, Any]) -> Any:
    return context(parse(content), SHA)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2025-09-09", "2025-09-09", "9 september 2025"),
        ("2025-09-09", "2025-09-10", "9 en 10 september 2025"),
        ("2025-09-09", "2025-09-12", "9 tot en met 12 september 2025"),
        ("2025-09-30", "2025-10-01", "30 september en 1 oktober 2025"),
        ("2025-12-31", "2026-01-02", "31 december 2025 tot en met 2 januari 2026"),
    ],
)
def test_period(first: str, last: str, words: str):
    assert wording.period(date.fromisoformat(first), date.fromisoformat(last)) == words


def test_overview_counts_and_never_averages():
    assert wording.overview_lead(parse(samples.full())) == (
        "Op vijf punten staat ons oordeel naast de eigen score. "
        "Wij oordelen drie keer lager, één keer gelijk en één keer hoger."
    )
    assert "geen zelfevaluatie ingediend" in wording.overview_lead(parse(samples.bare()))


def test_reaction_tells_what_happened():
    content = samples.full()
    assert wording.reaction_lead(parse(content)).endswith(
        "De reactie kwam op 29 oktober 2025 en bevatte drie punten."
    )
    content["remarks"] = []
    assert "29 oktober 2025 weten dat er geen opmerkingen zijn" in wording.reaction_lead(parse(content))
    content["dates"]["reaction_received_on"] = None
    assert wording.reaction_lead(parse(content)).endswith("Er kwam geen reactie.")
    assert "tot en met 3 november 2025 melden" in wording.reaction_lead(parse(samples.concept()))


def test_missing_own_scores_say_why():
    labels = [row.own_label for row in _context(samples.full())["rows"]]
    assert labels[0] == "Niet gevraagd" and labels[-1] == "Niet ingevuld"
    assert {row.own_label for row in _context(samples.bare())["rows"]} == {"Niet ingediend"}


def test_obligations_carry_their_action_number():
    content = samples.full()
    content["items"][2]["must"] = content["items"][2]["must"][:1]
    assert [number for number, _ in _context(content)["rows"][2].must] == ["V1", "V2"]


def test_a_cover_with_many_items_groups_them():
    shown = _context(samples.extreme())
    assert shown["cover_rows"] == []
    listed = [code for _, _, codes in shown["cover_groups"] for code in codes]
    assert len(listed) == len(samples.extreme()["items"]) - 1 == len(set(listed))


def test_hash_is_shown_in_groups_of_eight():
    lines = _context(samples.full())["sha_lines"]
    assert lines == ["01234567 89abcdef 01234567 89abcdef"] * 2


def test_dot_plot_points_from_own_score_to_judgement():
    (plot,) = _context(samples.full())["plot"]
    row = plot.rows[1]
    assert (row.code, row.difference) == ("W2", "2 lager")
    assert row.own_x > row.arrow[0] > row.arrow[1] > row.x
    assert plot.rows[2].arrow is None
    assert "W3: gelijk" in plot.summary


def test_long_plots_come_in_parts():
    content = samples.full()
    content["items"] += [samples.item(f"X{n}", "fails", "meets") for n in range(40)]
    parts = _context(content)["plot"]
    assert [len(part.rows) for part in parts] == [20, 20, 5]
    assert parts[0].part == ", deel 1 van 3"


def test_timeline_keeps_its_scale_or_says_that_it_does_not():
    content = samples.full()
    drawn = charts.timeline(parse(content))
    assert drawn and drawn.to_scale and [m.codes for m in drawn.moments] == ["V1", "V2", "V3"]
    content["actions"][1]["due_on"] = "2025-12-14"
    crowded = charts.timeline(parse(content))
    assert crowded and not crowded.to_scale
    content["actions"] = []
    assert charts.timeline(parse(content)) is None


def test_unit_dots_fill_lines_of_twenty():
    assert charts.unit_dots(43) == charts.Dots(lines=2, rest=3)
