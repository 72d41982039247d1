"""Sixty races for every step of a visit: of two processes at one moment one takes it, and one event tells."""

import subprocess
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Publication, Visit
from assessments.workflow import VISIT
from providers.models import Organisation
from tests import factories as make
from tests.assessments.test_race import due_yesterday, race, racers
from tests.assessments.test_workflow import suspended

__all__ = ["racers"]  # a fixture is used by its name
pytestmark = [pytest.mark.prove, pytest.mark.django_db(transaction=True)]
ROUNDS = 60


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
    visit = make.published_visit(provider, remarks=0)
    make.correction(visit, "Sinds mei komt er in de nacht wel iemand.")
    return visit


# A visit at which the step can be taken, and by whom: the team, the provider, the board or the clock.
READY: dict[str, tuple[Callable[[Organisation], Visit], str]] = {
    "conduct": (make.planned_visit, "team"),
    "compose": (make.judged_visit, "team"),
    "send_concept": (make.drafting_visit, "team"),
    "recall": (make.concept_visit, "team"),
    "submit_reaction": (remarked, "provider"),
    "no_remarks": (make.concept_visit, "provider"),
    "close_term": (lambda provider: due_yesterday(make.concept_visit(provider)), "clock"),
    "process": (lambda provider: make.reacted_visit(provider, remarks=0), "team"),
    "settle": (lambda provider: make.processed_visit(provider, remarks=0), "board"),
    "reopen": (lambda provider: make.processed_visit(provider, remarks=0), "board"),
    "decide": (lambda provider: make.settled_visit(provider, remarks=0), "board"),
    "publish": (decided_and_waited, "clock"),
    "suspend": (lambda provider: make.published_visit(provider, remarks=0), "board"),
    "resume": (lambda provider: suspended(), "board"),
    "correct": (corrected, "board"),
    "withdraw": (lambda provider: make.published_visit(provider, remarks=0), "board"),
    "take_offline": (published_long_ago, "clock"),
    "cancel": (make.planned_visit, "team"),
}


def test_every_step_has_its_race():
    assert READY.keys() == VISIT.steps.keys()


@pytest.mark.parametrize("action", READY)
def test_a_step_is_taken_once(racers: list[subprocess.Popen], action: str):
    prepare, who = READY[action]
    provider = make.provider()
    board = make.coordinator().person.pk
    for _ in range(ROUNDS):
        visit = prepare(provider)
        by = {
            "team": visit.created_by_id,
            "provider": make.quality_officer(visit.organisation).person.pk,
            "board": board,
            "clock": None,
        }[who]
        known = visit.events.count()
        task = {"kind": "visit", "pk": visit.pk, "action": action, "by": by}
        assert race(racers, task, task) == ["lost", "won"]
        (event,) = list(visit.events.order_by("pk"))[known:]
        assert (event.action, Visit.objects.get(pk=visit.pk).status) == (action, event.new_status)
