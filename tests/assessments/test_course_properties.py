"""Any row of steps, by anybody, in any order: a revision only ever goes the way of the table."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import signing
from assessments.errors import NotReady, WrongState
from assessments.models import Revision
from assessments.workflow import REVISION
from providers.actor import Actor
from tests import factories as make
from tests.assessments.test_workflow import REVISION_TABLE, actors, expected

pytestmark = pytest.mark.django_db
R = Revision.Status
TARGETS = {"offer": R.TO_ADOPT, "return": R.DRAFT, "submit": R.SUBMITTED}
STEPS = st.tuples(
    st.sampled_from(["officer", "director", "both", "council", "other director", "nobody", "system"]),
    st.sampled_from(list(REVISION_TABLE)),
    st.booleans(),
)


@pytest.fixture
def account(editions: None) -> tuple[Revision, dict[str, Actor]]:
    revision = make.answered_revision(frameworks=[make.IGJ])
    return revision, actors(revision)


def take(revision: Revision, action: str, by: Actor) -> str:
    try:
        with transaction.atomic():
            if action == "submit":
                signing.sign(revision.pk, 2022, by=by)
            else:
                REVISION.perform(revision.pk, action, by=by, note="Een reden")
    except PermissionDenied:
        return "denied"
    except WrongState:
        return "wrong state"
    except NotReady:
        return "not ready"
    return "taken"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=1, max_size=14))
def test_any_row_of_steps(account: tuple[Revision, dict[str, Actor]], steps: list[tuple[str, str, bool]]):
    first, people = account
    with transaction.atomic():
        walk(first, people, steps)
        transaction.set_rollback(True)


def walk(first: Revision, people: dict[str, Actor], steps: list[tuple[str, str, bool]]) -> None:
    """`statuses` is what the table says; after each step the rows must say the same."""
    chain, statuses, events = [first], [str(R.DRAFT)], 0
    frozen: dict[int, str] = {}
    for name, action, at_newest in steps:
        at = len(chain) - 1 if at_newest else 0
        outcome = take(chain[at], action, people[name])
        should = expected(REVISION_TABLE, action, statuses[at], name)
        if should == "open" and action == "supplement" and at < len(chain) - 1:
            should = "not ready"  # the newer version is being written
        assert outcome == ("taken" if should == "open" else should), (name, action, statuses)
        if outcome == "taken":
            events += 1
            if action == "supplement":
                chain.append(first.self_assessment.revisions.get(number=len(chain) + 1))
                statuses.append(R.DRAFT)
            else:
                statuses[at] = TARGETS[action]
            if action == "submit" and at:
                statuses[at - 1], events = R.SUPERSEDED, events + 1
        found = list(first.self_assessment.revisions.order_by("number"))
        assert [row.status for row in found] == statuses
        assert sum(row.events.count() for row in found) == events
        for row in found:
            # What was handed in never changes again, and nothing else is frozen.
            assert frozen.setdefault(row.pk, row.sha256) in ("", row.sha256)
            frozen[row.pk] = row.sha256
            assert bool(row.sha256) == (row.status in Revision.HANDED_IN)
