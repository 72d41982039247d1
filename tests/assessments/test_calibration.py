"""Own scores beside judgements, and inspectors beside each other: nothing of fewer than five cases."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import calibration, editions
from assessments.calibration import FEWEST, suppressed
from assessments.models import Answer, Judgement, Revision, SelfAssessment, Visit
from tests import factories as f
from tests.assessments.visit_pages import page, signed_in, url

LEVELS = ("meets", "largely_meets", "largely_fails", "fails")


def tables(shown: list[int | None], total: int) -> Iterator[list[int]]:
    """Every table of counts that fits what is told."""
    hidden = [place for place, count in enumerate(shown) if count is None]
    rest = total - sum(count or 0 for count in shown)
    for values in product(range(rest + 1), repeat=len(hidden)):
        if sum(values) == rest:
            found = [count or 0 for count in shown]
            for place, value in zip(hidden, values, strict=True):
                found[place] = value
            yield found


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 60), min_size=2, max_size=16))
def test_nothing_small_is_told_or_left_over(counts: list[int]) -> None:
    shown = suppressed(counts)
    assert len(shown) == len(counts)
    for count, told in zip(counts, shown, strict=True):
        assert told is None or (told == count and told >= FEWEST)
    if sum(counts) < FEWEST:
        assert set(shown) == {None}
        return
    left = [count for count, told in zip(counts, shown, strict=True) if told is None]
    # What is left out is nobody, or two cells or more with five cases or more together.
    assert not left or (len(left) >= 2 and sum(left) >= FEWEST)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 9), min_size=2, max_size=4))
def test_no_hidden_cell_follows_from_the_total(counts: list[int]) -> None:
    """Whoever fills in all tables that fit, finds for each hidden cell more than one number."""
    shown, total = suppressed(counts), sum(counts)
    if total < FEWEST:  # then the total is not told either
        assert calibration.total(counts) is None
        return
    fitting = list(tables(shown, total))
    for place, told in enumerate(shown):
        if told is None:
            assert len({table[place] for table in fitting}) > 1
            assert max(table[place] for table in fitting) >= FEWEST


def test_enough_is_told() -> None:
    """Hiding everything would be safe and useless."""
    assert suppressed([9, 8, 7, 6]) == [9, 8, 7, 6]
    assert suppressed([9, 8, 3, 2]) == [9, 8, None, None]
    assert suppressed([9, 8, 7, 2]) == [9, 8, None, None]
    assert suppressed([20, 9, 0, 0]) == [20, None, None, None]


@pytest.fixture
def years(db: None) -> Iterator[None]:
    """Visits of two years: (own, judged, how many) per year, on W2."""
    edition = f.editions(f.IGJ)[0]
    item, lead = f.item("W2"), f.inspector()
    provider = f.provider()
    others = [f.person("inspector", f.inspectorate()) for _ in range(2)]
    cases = {
        2024: [("meets", "fails", 6), ("meets", "meets", 7), ("fails", "fails", 2)],
        2025: [("meets", "fails", 9), ("meets", "meets", 5), ("fails", "not_tested", 8)],
    }
    serial = 0
    for year, groups in cases.items():
        for own, level, number in groups:
            for _ in range(number):
                serial += 1
                revision = account(provider, serial, item, own)
                visit = Visit.objects.create(
                    number=f"V{serial:07}",
                    organisation=provider,
                    revision=revision,
                    starts_on=f"{year}-03-01",
                    ends_on=f"{year}-03-01",
                    status=Visit.Status.SETTLED,
                    judged_apart=True,
                    reaction_weeks=4,
                    created_by=lead.person,
                )
                visit.editions.add(edition)
                judge = {"organisation": provider, "visit": visit, "item": item}
                Judgement.objects.create(**judge, level=level, reason="x")
                for author, given_level in zip(others, (level, "fails"), strict=True):
                    Judgement.objects.create(**judge, author=author, level=given_level, reason="x")
    yield


def account(provider: Any, serial: int, item: Any, value: str) -> Any:
    """A handed-in account as a row, because forty by the whole road take half a minute."""
    officer = f.quality_officer(provider).person
    held = SelfAssessment.objects.create(organisation=provider, year=1900 + serial)
    revision = Revision.objects.create(
        organisation=provider,
        self_assessment=held,
        status=Revision.Status.SUBMITTED,
        created_by=officer,
        adopted_by=officer,
        submitted_at="2024-01-01T00:00Z",
        content={},
    )
    Answer.objects.create(
        organisation=provider, revision=revision, item=item, value=value, is_answered=True, author=officer
    )
    return revision


def cells(row: calibration.Compared) -> dict[tuple[str, str], int]:
    return {
        (own, level): count
        for own, counts in row.rows
        for level, count in zip(LEVELS, counts, strict=True)
        if count is not None
    }


def test_own_scores_against_common_scores(years: None) -> None:
    edition = f.editions(f.IGJ)[0]
    assert calibration.years() == [2025, 2024]
    with CaptureQueriesContext(connection) as queries:
        compared = {row.item.code: row for row in calibration.compare(edition, 2024)}
        editions.contents(edition.pk)
    assert len(queries) <= 1 + 3  # the edition itself is read once by each process
    assert [level for level, _ in compared["W2"].levels] == list(LEVELS)
    assert compared["W2"].cases == 15
    # Two cases are too few; six go with them, or the two could be worked out from fifteen.
    assert cells(compared["W2"]) == {("meets", "meets"): 7}
    assert compared["W1"].cases is None
    assert cells(compared["W1"]) == {}
    # What was not tested is no score. The five go: nothing else would be left out, so that would be told.
    later = {row.item.code: row for row in calibration.compare(edition, 2025)}["W2"]
    assert later.cases == 14
    assert cells(later) == {("meets", "fails"): 9}
    assert later.groups == []
    Visit.objects.update(status=Visit.Status.PROCESSED)
    assert calibration.years() == []


def test_a_table_that_would_be_empty_gives_three_groups(years: None) -> None:
    """Each pair of levels once or twice: no cell of the table is large enough."""
    edition, item = f.editions(f.IGJ)[0], f.item("W2")
    for place, judgement in enumerate(Judgement.objects.filter(author=None, visit__starts_on__year=2025)):
        judgement.level = LEVELS[place % 4]
        judgement.save()
        Answer.objects.filter(revision=judgement.visit.revision, item=item).update(
            value=LEVELS[(place // 4) % 4]
        )
    row = {row.item.code: row for row in calibration.compare(edition, 2025)}["W2"]
    assert (row.cases, row.rows) == (22, [])
    assert row.groups == [("Aanbieder hoger", 9), ("Gelijk", 6), ("Aanbieder lager", 7)]
    assert "Aanbieder hoger" in page(signed_in(f.coordinator()), url("calibration"))


def test_inspectors_beside_each_other(years: None) -> None:
    edition = f.editions(f.IGJ)[0]
    spread = {row.item.code: row for row in calibration.spread(edition, 2024)}
    # 'voldoet' against 'voldoet niet' seven times, the same eight times.
    assert spread["W2"].cases == 15
    assert spread["W2"].steps == [8, None, None, None] or spread["W2"].steps == [None, None, None, 7]
    assert spread["W1"].cases is None
    Visit.objects.update(judged_apart=False)
    assert all(row.cases is None for row in calibration.spread(edition, 2024))


def test_the_page_shows_one_year_and_no_small_number(years: None) -> None:
    client = signed_in(f.coordinator())
    html = page(client, url("calibration"))
    assert '<option value="2025" selected' in html
    assert "Alle jaren" not in html
    assert "<b>9</b>" in html
    assert "<b>5</b>" not in html
    assert "Minder dan 5 bezoeken." in html
    assert "teams eerst apart" not in html
    assert "<b>7</b>" in page(client, f"{url('calibration')}?jaar=2024")
    assert page(client, f"{url('calibration')}?jaar=x&kader=999")
    Visit.objects.update(judged_apart=False)
    assert "oordeelden minder dan 5 teams eerst apart" in page(client, url("calibration"))


def test_without_visits_it_says_so(db: None) -> None:
    assert "Er is nog niets te vergelijken" in page(signed_in(f.coordinator()), url("calibration"))
