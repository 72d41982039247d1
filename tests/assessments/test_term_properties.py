"""Every term counts its last day in full, in Dutch time: month ends, leap days, both changes of the clock."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assessments import document_requests, reaction
from assessments.errors import NotReady
from assessments.measures import MEASURE
from assessments.models import DocumentRequest, Measure, Visit
from assessments.workflow import VISIT
from providers.actor import SYSTEM, Actor
from tests import factories as make

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
# The last moment before midnight in both nights that the clock changes, and around 29 February.
NIGHTS = [date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 24), date(2026, 10, 25), date(2028, 2, 28)]
SECOND = timedelta(seconds=1)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: moment.astimezone(UTC))
        yield


def end_of(day: date) -> datetime:
    """Midnight with which a Dutch day ends."""
    return datetime.combine(day + timedelta(days=1), time.min, AMSTERDAM).astimezone(UTC)


@pytest.fixture(scope="module")
def visit(django_db_setup: None, django_db_blocker: Any) -> Iterator[Visit]:
    """One concept at a provider; what a test does with it is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        make.load_norms()
        found = make.concept_visit()
        make.quality_officer(found.organisation)
        yield found
        transaction.set_rollback(True)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def blocked(visit: Visit) -> str:
    return VISIT.steps["close_term"].blocked(visit, SYSTEM)


quick = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.django_db
@quick
@given(due=DAYS, days=st.integers(-3, 400), passed=st.integers(-30, 30))
@example(due=NIGHTS[0], days=1, passed=0)
@example(due=NIGHTS[2], days=1, passed=1)
@example(due=NIGHTS[4], days=1, passed=0)
@example(due=date(2026, 1, 31), days=28, passed=2)
def test_a_reaction_term_is_lengthened_to_the_end_of_its_new_day(
    visit: Visit, due: date, days: int, passed: int
) -> None:
    until, today = due + timedelta(days=days), due + timedelta(days=passed)
    with undone(), at(end_of(today) - SECOND):
        Visit.objects.filter(pk=visit.pk).update(reaction_due=due)
        visit.refresh_from_db()
        assert bool(blocked(visit)) == (passed <= 0)
        given = until > due and until >= today
        try:
            reaction.extend(visit.pk, until, "Zij vroegen erom.", by=make.lead(visit))
        except ValidationError:
            assert not given
            return
        assert given
        visit.refresh_from_db()
    assert visit.reaction_due == until
    with at(end_of(until) - SECOND):
        assert blocked(visit) == "De reactietermijn loopt nog."
    with at(end_of(until)):
        assert blocked(visit) == ""


@pytest.mark.django_db
@quick
@given(due=DAYS)
@example(due=NIGHTS[1])
@example(due=NIGHTS[3])
def test_more_time_can_be_asked_until_the_last_second_and_then_waits_for_an_answer(
    visit: Visit, due: date
) -> None:
    officer = make.quality_officer(visit.organisation)
    with undone():
        Visit.objects.filter(pk=visit.pk).update(reaction_due=due)
        visit.refresh_from_db()
        with at(end_of(due)), pytest.raises(NotReady):
            reaction.ask_extension(visit.pk, due + timedelta(days=7), "Onze jurist is ziek.", by=officer)
        with at(end_of(due) - SECOND):
            reaction.ask_extension(visit.pk, due + timedelta(days=7), "Onze jurist is ziek.", by=officer)
        with at(end_of(due)):
            assert "Beantwoord dat eerst" in blocked(visit)


@given(due=DAYS, status=st.sampled_from(Measure.AWAITED))
@example(due=NIGHTS[0], status=Measure.AWAITED[0])
@example(due=NIGHTS[2], status=Measure.AWAITED[0])
@example(due=NIGHTS[4], status=Measure.AWAITED[0])
def test_a_measure_is_not_failed_before_its_last_day_is_over(due: date, status: str) -> None:
    measure, fail = Measure(due_on=due, status=status), MEASURE.steps["fail"]
    with at(end_of(due) - SECOND):
        assert "loopt nog" in fail.blocked(measure, SYSTEM)
    with at(end_of(due)):
        assert fail.blocked(measure, SYSTEM) == ""


@pytest.mark.django_db
@quick
@given(due=DAYS, days=st.integers(-40, 2))
@example(due=NIGHTS[0], days=0)
@example(due=NIGHTS[2], days=1)
def test_documents_are_asked_for_a_day_to_come_and_late_when_it_is_over(
    visit: Visit, due: date, days: int
) -> None:
    today, lead = due + timedelta(days=days), make.lead(visit)
    with undone(), at(end_of(today) - SECOND):
        try:
            asked = ask(visit, due, lead)
        except ValidationError:
            assert due < today
            return
        assert due >= today and not asked.is_late
    with at(end_of(due) - SECOND):
        assert not asked.is_late
    with at(end_of(due)):
        assert asked.is_late


def ask(visit: Visit, due: date, by: Actor) -> DocumentRequest:
    return document_requests.ask(
        visit.pk, what="Het nachtrooster", why="Voor de nacht", due=due, key=uuid.uuid4(), by=by
    )
