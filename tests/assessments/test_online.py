"""Days on which a report opens and leaves: around month ends, leap days and the change of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assessments import legal_days, online

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAYS = st.dates(date(2019, 1, 1), date(2060, 12, 31))
MOMENTS = st.datetimes(datetime(2019, 1, 1), datetime(2060, 12, 31), timezones=st.just(UTC))
CLOCK_CHANGES = [datetime(2026, 3, 28, 22, 59, tzinfo=UTC), datetime(2026, 10, 24, 22, 30, tzinfo=UTC)]


@given(DAYS)
@example(date(2028, 2, 29))
def test_a_report_stays_for_five_whole_years(published: date) -> None:
    last = online.last_day_online(published)
    assert last.year == published.year + 5
    if (published.month, published.day) == (2, 29):
        assert (last.month, last.day) == (2, 28)
    else:
        assert (last.month, last.day) == (published.month, published.day)


@given(DAYS, DAYS)
@example(date(2024, 2, 29), date(2029, 2, 28))
@example(date(2024, 2, 29), date(2029, 3, 1))
@example(date(2023, 2, 28), date(2028, 2, 29))
@example(date(2023, 3, 1), date(2028, 2, 29))
def test_the_clock_takes_offline_exactly_what_was_there_long_enough(published: date, today: date) -> None:
    assert (published < online.first_kept(today)) == (online.last_day_online(published) < today)


@given(MOMENTS, st.integers(1, 400))
@example(CLOCK_CHANGES[0], 1)
@example(CLOCK_CHANGES[1], 1)
@example(datetime(2026, 1, 30, 23, 30, tzinfo=UTC), 28)
def test_a_report_opens_at_midnight_after_so_many_whole_days(decided: datetime, wait: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.PUBLICATION_WAIT_DAYS", wait)
        opening = online.opening(decided).astimezone(AMSTERDAM)
    assert (opening.hour, opening.minute, opening.second) == (0, 0, 0)
    assert opening.date() == decided.astimezone(AMSTERDAM).date() + timedelta(days=wait)
    # The moment before is still the day before: midnight exists, and once.
    before = (opening.astimezone(UTC) - timedelta(seconds=1)).astimezone(AMSTERDAM)
    assert before.date() == opening.date() - timedelta(days=1)


@given(MOMENTS)
@example(CLOCK_CHANGES[0])
def test_six_weeks_for_an_objection_end_on_the_first_working_day_from_then(decided: datetime) -> None:
    day = decided.astimezone(AMSTERDAM).date()
    last = online.objection_until(decided)
    assert last.weekday() < 5 and last not in legal_days.holidays(last.year)
    passed = [day + timedelta(days=days) for days in range(42, (last - day).days)]
    assert all(off.weekday() >= 5 or off in legal_days.holidays(off.year) for off in passed)


@pytest.mark.parametrize(
    ("begins", "last"),
    [
        (date(2026, 11, 13), date(2026, 12, 28)),  # Christmas and a weekend
        (date(2026, 11, 12), date(2026, 12, 24)),
        (date(2026, 2, 20), date(2026, 4, 7)),  # Good Friday to Easter Monday
        (date(2025, 3, 15), date(2025, 4, 28)),  # King's Day on a Saturday, for the 27th is a Sunday
        (date(2026, 4, 13), date(2026, 5, 26)),  # Whit Monday
    ],
)
def test_days_off_lengthen_the_term_for_an_objection(begins: date, last: date) -> None:
    assert online.objection_until(datetime.combine(begins, time(12), AMSTERDAM)) == last
