"""Sixty races for every step of every machine: of two processes at once one takes it, and one event tells."""

import subprocess
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from assessments import measures
from assessments.improvement import IMPROVEMENT
from assessments.measures import MEASURE
from assessments.models import Measure, PublicAccount, Publication, Visit
from assessments.public_account import PUBLIC_ACCOUNT
from providers.models import Organisation
from tests import factories as make
from tests.assessments.test_machines import MACHINES
from tests.assessments.test_race import due_yesterday, race, racers
from tests.test_access import png

__all__ = ["racers"]  # a fixture is used by its name
pytestmark = [pytest.mark.prove, pytest.mark.django_db(transaction=True)]
ROUNDS = 60


def suspended(provider: Organisation) -> Visit:
    visit = make.published_visit(provider, remarks=0)
    return make.step(visit, "suspend", make.coordinator(), "Uitspraak van de rechter")


def remarked(provider: Organisation) -> Visit:
    visit = make.concept_visit(provider)
    make.remark(visit)
    return visit


def decided_and_waited(provider: Organisation) -> Visit:
    visit = make.decided_visit(provider, remarks=0)
    Publication.objects.filter(visit=visit).update(publish_at=timezone.now() - timedelta(minutes=1))
    return visit


def published_long_ago(provider: Organisation) -> Visit:
    visit = make.published_visit(provider, remarks=0)
    Publication.objects.filter(visit=visit).update(published_at=timezone.now() - timedelta(days=6 * 366))
    return visit


def corrected(provider: Organisation) -> Visit:
    """One more correction of the same report."""
    visit = provider.visits.first() or make.published_visit(provider, remarks=0)
    make.correction(visit, f"Sinds mei komen er {visit.versions.count()} mensen.")
    return visit


def action(provider: Organisation, *steps: str) -> Any:
    """A plan of the provider's own, after these steps."""
    revision = provider.revisions.first() or make.answered_revision(provider, frameworks=[make.IGJ], n=1)
    planned = make.improvement(revision)
    for step in steps:
        IMPROVEMENT.perform(planned.pk, step, by=make.quality_officer(provider), note="Een reden")
    return planned


def point(provider: Organisation) -> Any:
    """What the inspectorate asked, and the provider says to have done."""
    visit = make.drafting_visit(provider)
    make.passage(visit, "must", "Zorg voor de nacht.", code="W2", due_in=60)
    make.settled_draft(visit)
    return make.reported_point(visit, png())


def measure(provider: Organisation, **fields: Any) -> Measure:
    """One more measure of a provider: each decided on a day of its own."""
    day = make.LONG_AGO + timedelta(days=Measure.objects.count())
    return make.measure(provider, decided_on=day, **fields)


def evidenced(provider: Organisation) -> Measure:
    row = measure(provider)
    measures.add_evidence(row.pk, png(), by=make.quality_officer(provider))
    return row


def delivered(provider: Organisation) -> Measure:
    row = evidenced(provider)
    return MEASURE.perform(row.pk, "deliver", by=make.quality_officer(provider), note="Ons plan")


def account(provider: Organisation, *steps: str) -> PublicAccount:
    """One more draft of what a provider tells the public, after these steps."""
    revision = provider.revisions.first() or make.submitted_revision(provider, frameworks=[make.IGJ], n=1)
    # A later one begins with the texts of the one before.
    begun = make.public_account(revision, n=0 if PublicAccount.objects.exists() else 1)
    for step in steps:
        PUBLIC_ACCOUNT.perform(begun.pk, step, by=make.director(provider), note="Een reden")
    return begun


def published_account(provider: Organisation) -> PublicAccount:
    return account(provider, "publish")


def years(prepare: Callable[..., Any]) -> Callable[[Organisation], Any]:
    """An account over a year that the provider gave none of yet."""
    return lambda provider: prepare(
        provider, year=2020 + provider.revisions.count(), frameworks=[make.IGJ], n=1
    )


# A row at which the step can be taken, and by whom: the team, the provider, its board, IGJ or the clock.
Ready = tuple[Callable[[Organisation], Any], str]
READY: dict[str, dict[str, Ready]] = {
    "visit": {
        "conduct": (make.planned_visit, "team"),
        "compose": (make.judged_visit, "team"),
        "send_concept": (make.drafting_visit, "team"),
        "recall": (make.concept_visit, "team"),
        "submit_reaction": (remarked, "officer"),
        "no_remarks": (make.concept_visit, "officer"),
        "close_term": (lambda provider: due_yesterday(make.concept_visit(provider)), "clock"),
        "process": (lambda provider: make.reacted_visit(provider, remarks=0), "team"),
        "settle": (lambda provider: make.processed_visit(provider, remarks=0), "coordinator"),
        "reopen": (lambda provider: make.processed_visit(provider, remarks=0), "coordinator"),
        "decide": (lambda provider: make.settled_visit(provider, remarks=0), "coordinator"),
        "publish": (decided_and_waited, "clock"),
        "suspend": (lambda provider: make.published_visit(provider, remarks=0), "coordinator"),
        "resume": (suspended, "coordinator"),
        "correct": (corrected, "coordinator"),
        "withdraw": (lambda provider: make.published_visit(provider, remarks=0), "coordinator"),
        "take_offline": (published_long_ago, "clock"),
        "cancel": (make.planned_visit, "team"),
    },
    "revision": {
        "offer": (years(make.answered_revision), "officer"),
        "submit": (years(make.offered_revision), "director"),
        "return": (years(make.offered_revision), "director"),
        "supplement": (years(make.submitted_revision), "officer"),
    },
    "improvement": {
        "start": (action, "officer"),
        "finish": (action, "officer"),
        "stop": (action, "officer"),
        "reopen": (lambda provider: action(provider, "finish"), "officer"),
        "accept": (point, "coordinator"),
        "refuse": (point, "coordinator"),
    },
    "measure": {
        "deliver": (evidenced, "officer"),
        "return": (delivered, "coordinator"),
        "meet": (measure, "coordinator"),
        "fail": (delivered, "coordinator"),
        "extend": (measure, "coordinator"),
        "publish": (lambda provider: measure(provider, kind="instruction"), "coordinator"),
        "withdraw": (measure, "coordinator"),
    },
    "public_account": {
        "publish": (account, "director"),
        "withdraw": (published_account, "director"),
    },
}
# What these write exists once, or is cheap to prepare; of the others one row is put back round after round.
MADE_ANEW = {("visit", action) for action in ("compose", "settle", "decide", "correct")} | {
    (kind, action) for kind in ("revision", "measure", "public_account") for action in READY[kind]
}
EVERY = [(kind, action) for kind, steps in READY.items() for action in steps]


def test_every_step_of_every_machine_has_its_race():
    assert {kind: set(steps) for kind, steps in READY.items()} == {
        machine.subject: set(machine.steps) for machine in MACHINES
    }


def put_back(row: Any) -> None:
    """Every column as this copy of the row has it."""
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    type(row)._default_manager.filter(pk=row.pk).update(**columns)


@pytest.mark.parametrize(("kind", "action"), EVERY)
def test_a_step_is_taken_once(racers: list[subprocess.Popen], kind: str, action: str):
    machine = next(machine for machine in MACHINES if machine.subject == kind)
    prepare, who = READY[kind][action]
    provider = make.provider()
    people: dict[str, int | None] = {
        "officer": make.quality_officer(provider).person.pk,
        "director": make.director(provider).person.pk,
        "coordinator": make.coordinator().person.pk,
        "clock": None,
    }
    rows: list[Any] = []
    for _ in range(ROUNDS):
        if not rows or (kind, action) in MADE_ANEW:
            row: Any = machine.model._default_manager.get(pk=prepare(provider).pk)
            rows = [row, *Publication.objects.filter(visit=row.pk if kind == "visit" else None)]
        for kept in rows:
            put_back(kept)
        by = row.created_by_id if who == "team" else people[who]
        task = {"kind": kind, "pk": row.pk, "action": action, "by": by}
        if (kind, action) == ("measure", "extend"):
            task["day"] = (row.due_on + timedelta(days=7)).isoformat()
        known = row.events.count()
        assert race(racers, task, task) == ["lost", "won"]
        (event,) = list(row.events.order_by("pk"))[known:]
        status = machine.model._default_manager.values_list("status", flat=True).get(pk=row.pk)
        assert (event.action, status) == (action, event.new_status)
