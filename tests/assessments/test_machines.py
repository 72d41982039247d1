"""Every machine there is: what each step asks of whom and when, against a table written here or beside it."""

import gc
from typing import Any

import pytest

from assessments.improvement import IMPROVEMENT
from assessments.measures import MEASURE
from assessments.models import ImprovementAction, PublicAccount
from assessments.public_account import PUBLIC_ACCOUNT
from assessments.workflow import REVISION, VISIT, Machine
from tests import factories as make
from tests.assessments import test_measures
from tests.assessments.test_workflow import OWN, REVISION_TABLE, VISIT_TABLE, check_every_action
from tests.test_access import png

pytestmark = pytest.mark.django_db
A, P = ImprovementAction.Status, PublicAccount.Status
MACHINES = (VISIT, REVISION, IMPROVEMENT, MEASURE, PUBLIC_ACCOUNT)

# action -> (from which states, by whom)
OWN_PLAN_TABLE: dict[str, tuple[set[Any], set[str]]] = {
    "start": ({A.PLANNED}, OWN),
    "finish": ({A.PLANNED, A.BUSY}, OWN),
    "stop": ({A.PLANNED, A.BUSY}, OWN),
    "reopen": ({A.DONE, A.STOPPED}, OWN),
    "accept": ({A.DONE, A.PLANNED, A.BUSY}, set()),
    "refuse": ({A.DONE}, set()),
}
INSPECTION = {"inspector outside", "coordinator", "coordinator in team"}
POINT_TABLE = OWN_PLAN_TABLE | {
    "accept": (OWN_PLAN_TABLE["accept"][0], INSPECTION),
    "refuse": (OWN_PLAN_TABLE["refuse"][0], INSPECTION),
}
PUBLIC_ACCOUNT_TABLE = {
    "publish": ({P.DRAFT}, {"director", "both"}),
    "withdraw": ({P.PUBLISHED}, {"director", "both"}),
}
# Who does what with a measure stands beside the tests of measures.
TABLES: dict[str, Any] = {
    "visit": VISIT_TABLE,
    "revision": REVISION_TABLE,
    "improvement": POINT_TABLE,
    "measure": test_measures.TABLE,
    "public_account": PUBLIC_ACCOUNT_TABLE,
}


def test_no_machine_and_no_step_is_forgotten():
    found = {thing.subject: thing for thing in gc.get_objects() if type(thing) is Machine}
    assert found == {machine.subject: machine for machine in MACHINES}
    for name, machine in found.items():
        assert {action: set(step.sources) for action, step in machine.steps.items()} == {
            action: set(sources) for action, (sources, _) in TABLES[name].items()
        }


def own_plan(state: str) -> ImprovementAction:
    row = make.improvement(make.answered_revision())
    officer = make.quality_officer(row.organisation)
    for step in {A.BUSY: ["start"], A.DONE: ["finish"], A.STOPPED: ["stop"]}.get(A(state), []):
        IMPROVEMENT.perform(row.pk, step, by=officer, note="Een reden")
    return row


def point(state: str) -> ImprovementAction:
    visit = make.drafting_visit()
    make.passage(visit, "must", "Zorg voor de nacht.", code="W2", due_in=60)
    make.settled_draft(visit)
    row = make.point(visit)
    if state == A.BUSY:
        IMPROVEMENT.perform(row.pk, "start", by=make.quality_officer(row.organisation))
    if state in (A.DONE, A.CHECKED):
        make.reported_point(visit, png())
    if state == A.CHECKED:
        IMPROVEMENT.perform(row.pk, "accept", by=make.lead(visit), note="Gezien.")
    return row


@pytest.mark.parametrize("state", [state for state in A.values if state != A.CHECKED])
def test_every_action_of_everybody_on_a_plan_of_its_own(editions: Any, state: str):
    row = own_plan(state)
    row.refresh_from_db()
    assert row.status == state
    check_every_action(IMPROVEMENT, OWN_PLAN_TABLE, state, row)


@pytest.mark.parametrize("state", [state for state in A.values if state != A.STOPPED])
def test_every_action_of_everybody_on_what_the_inspectorate_asked(editions: Any, state: str):
    row = point(state)
    row.refresh_from_db()
    assert row.status == state
    check_every_action(IMPROVEMENT, POINT_TABLE, state, row)


@pytest.mark.parametrize("state", P.values)
def test_every_action_of_everybody_on_a_public_account(editions: Any, state: str):
    revision = make.submitted_revision(frameworks=[make.IGJ], n=2)
    row = make.public_account(revision, is_public=state != P.DRAFT)
    director = make.director(revision.organisation)
    if state == P.WITHDRAWN:
        PUBLIC_ACCOUNT.perform(row.pk, "withdraw", by=director, note="Een reden")
    if state == P.REPLACED:
        make.public_account(revision, n=0, is_public=True)  # begins with the texts of the one before
    row.refresh_from_db()
    assert row.status == state
    check_every_action(PUBLIC_ACCOUNT, PUBLIC_ACCOUNT_TABLE, state, row)
