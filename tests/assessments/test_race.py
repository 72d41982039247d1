"""Two real processes do the same thing at the same moment: one wins, one event is written."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from assessments import measures, planning
from assessments.models import (
    Answer,
    AnswerVersion,
    ConceptVersion,
    Delivery,
    FactualRemark,
    Revision,
    Visit,
)
from assessments.report_text import visit_days
from tests import factories as make
from tests.assessments.visit_pages import teammate
from tests.test_access import png

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 20
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def racers(django_db_setup: None) -> Iterator[list[subprocess.Popen]]:
    """Two processes on the tests' own database, ready to run."""
    at = connection.settings_dict
    url = f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    env = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "wlzthuis.settings"}
    command = [sys.executable, "-m", "tests.assessments.racer"]
    started = [
        subprocess.Popen(command, cwd=ROOT, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    assert [heard(racer) for racer in started] == ["ready", "ready"]
    yield started
    for racer in started:
        racer.communicate(timeout=20)


def heard(racer: subprocess.Popen) -> str:
    assert racer.stdout is not None
    return racer.stdout.readline().strip()


def race(racers: list[subprocess.Popen], *tasks: dict) -> list[str]:
    """Both start before either may finish; gives what came of it, sorted."""
    lines = [json.dumps(task) + "\n" for task in tasks]
    for racer, line in zip(racers, lines, strict=True):
        assert racer.stdin is not None
        racer.stdin.write(line)
        racer.stdin.flush()
    return sorted(heard(racer) for racer in racers)


def test_a_revision_is_handed_in_once(racers):
    organisation = make.provider()
    director = make.director(organisation).person
    for round_ in range(ROUNDS):
        revision = make.offered_revision(organisation, year=2020 + round_, frameworks=[make.IGJ], n=1)
        task = {"kind": "revision", "pk": revision.pk, "action": "submit", "by": director.pk}
        assert race(racers, task, task) == ["lost", "won"]
        assert revision.events.filter(action="submit").count() == 1
        assert Revision.objects.get(pk=revision.pk).sha256


def test_submitting_and_returning_exclude_each_other(racers):
    organisation = make.provider()
    director = make.director(organisation).person
    winners = set()
    for round_ in range(ROUNDS):
        revision = make.offered_revision(organisation, year=2020 + round_, frameworks=[make.IGJ], n=1)
        submit, back = (
            {"kind": "revision", "pk": revision.pk, "action": action, "by": director.pk}
            for action in ("submit", "return")
        )
        assert race(racers, submit, back) == ["lost", "won"]
        revision.refresh_from_db()
        (event,) = revision.events.exclude(action="offer")
        assert revision.status == event.new_status
        winners.add(event.action)
    assert winners <= {"submit", "return"}


def test_a_supplement_is_begun_once(racers):
    organisation = make.provider()
    officer = make.quality_officer(organisation).person
    for round_ in range(ROUNDS // 2):
        revision = make.submitted_revision(organisation, year=2020 + round_, frameworks=[make.IGJ], n=1)
        task = {"kind": "revision", "pk": revision.pk, "action": "supplement", "by": officer.pk}
        assert race(racers, task, task) == ["lost", "won"]
        assert revision.self_assessment.revisions.count() == 2


def test_a_report_is_settled_once(racers):
    provider = make.provider()
    coordinator = make.coordinator().person
    for _ in range(ROUNDS // 2):
        visit = make.processed_visit(provider, remarks=0)
        task = {"kind": "visit", "pk": visit.pk, "action": "settle", "by": coordinator.pk}
        assert race(racers, task, task) == ["lost", "won"]
        assert visit.events.filter(action="settle").count() == 1
        assert visit.versions.filter(kind=ConceptVersion.Kind.FINAL).count() == 1


def test_two_clocks_publish_once(racers, settings):
    settings.PUBLICATION_WAIT_DAYS = 0
    provider = make.provider()
    for _ in range(ROUNDS // 2):
        visit = make.decided_visit(provider, remarks=0)
        task = {"kind": "visit", "pk": visit.pk, "action": "publish", "by": None}
        assert race(racers, task, task) == ["lost", "won"]
        assert visit.events.filter(action="publish").count() == 1
        assert Visit.objects.get(pk=visit.pk).status == Visit.Status.PUBLISHED


def test_two_first_answers_to_one_question_are_a_conflict_and_no_loss(racers):
    revision = make.draft_revision(frameworks=[make.IGJ])
    officer, director = make.quality_officer(revision.organisation), make.director(revision.organisation)
    for item in make.asked_items(revision)[:ROUNDS]:
        tasks = [
            {"kind": "answer", "pk": revision.pk, "item": item.pk, "text": text, "by": by.person.pk}
            for text, by in (("Van de een", officer), ("Van de ander", director))
        ]
        assert race(racers, *tasks) == ["lost", "won"]
        answer = Answer.objects.get(revision=revision, item=item)
        assert answer.version == 1
        assert list(answer.versions.values_list("text", flat=True)) == [answer.text]
    assert AnswerVersion.objects.count() == Answer.objects.count()


def test_a_remark_sent_with_the_reaction_is_either_in_it_or_refused(racers):
    provider = make.provider()
    officer = make.quality_officer(provider).person
    for _ in range(ROUNDS // 2):
        visit = make.concept_visit(provider)
        reaction = {"kind": "visit", "pk": visit.pk, "action": "no_remarks", "by": officer.pk}
        remark = {"kind": "remark", "pk": visit.pk, "text": "Klopt niet.", "by": officer.pk}
        assert race(racers, reaction, remark) == ["lost", "won"]
        reacted = Visit.objects.get(pk=visit.pk).status == Visit.Status.REACTED
        assert FactualRemark.objects.filter(visit=visit).exists() is not reacted


def test_a_better_version_is_settled_once(racers, settings):
    settings.PUBLICATION_WAIT_DAYS = 0
    visit = make.published_visit(remarks=0)
    coordinator = make.coordinator().person
    for round_ in range(ROUNDS // 2):
        make.correction(visit, f"Tekst {round_}.")
        task = {"kind": "visit", "pk": visit.pk, "action": "correct", "by": coordinator.pk}
        assert race(racers, task, task) == ["lost", "won"]
        versions = visit.versions.filter(kind=ConceptVersion.Kind.FINAL).values_list("version", flat=True)
        assert sorted(versions, key=lambda version: int(version[2:])) == [f"1.{n}" for n in range(round_ + 2)]
        assert visit.events.filter(action="correct").count() == round_ + 1


def test_a_point_is_found_good_enough_or_not(racers):
    visit = make.drafting_visit()
    make.passage(visit, "must", "\n".join(f"Punt {n}." for n in range(ROUNDS)), code="W2", due_in=60)
    make.settled_draft(visit)
    inspector, board = make.lead(visit).person, make.coordinator().person
    for number in range(1, ROUNDS + 1):
        point = make.reported_point(visit, png(), number=f"V{number}")
        accept, refuse = (
            {"kind": "improvement", "pk": point.pk, "action": action, "by": by.pk}
            for action, by in (("accept", inspector), ("refuse", board))
        )
        # A point that was refused can be accepted after it: then there were two checks, one after the other.
        assert race(racers, accept, refuse) in (["lost", "won"], ["won", "won"])
        actions = list(point.events.filter(action__in=["accept", "refuse"]).values_list("action", flat=True))
        assert actions in (["accept"], ["refuse", "accept"])
        point.refresh_from_db()
        assert point.status == "checked"


def test_a_measure_ends_in_one_way(racers):
    provider = make.provider()
    inspector, board = make.inspector().person, make.coordinator().person
    for round_ in range(ROUNDS):
        measure = make.measure(provider, decided_on=make.LONG_AGO + timedelta(days=round_))
        meet, withdraw = (
            {"kind": "measure", "pk": measure.pk, "action": action, "by": by.pk}
            for action, by in (("meet", inspector), ("withdraw", board))
        )
        assert race(racers, meet, withdraw) == ["lost", "won"]
        (event,) = measure.events.exclude(action="record")
        measure.refresh_from_db()
        assert measure.status == event.new_status


def test_what_is_asked_is_delivered_once(racers):
    provider = make.provider()
    officer, director = make.quality_officer(provider), make.director(provider)
    for round_ in range(ROUNDS // 2):
        measure = make.measure(provider, decided_on=make.LONG_AGO + timedelta(days=round_))
        measures.add_evidence(measure.pk, png(), by=officer)
        tasks = (
            {"kind": "measure", "pk": measure.pk, "action": "deliver", "by": by.person.pk}
            for by in (officer, director)
        )
        assert race(racers, *tasks) == ["lost", "won"]
        assert measure.events.filter(action="deliver").count() == 1


def test_a_plan_changes_one_way_at_a_time(racers):
    """Two days for one visit, two heirs of one place, a new day or no visit: who is late hears of it."""
    organisation = make.provider()
    lead, coordinator = make.inspector(), make.coordinator()
    heirs = [make.person("inspector", make.inspectorate()) for _ in range(2)]
    for round_ in range(ROUNDS):
        visit = make.planned_visit(organisation, by=lead)
        seen = planning.mark(visit)
        day, other = ((visit.starts_on + timedelta(days=days)).isoformat() for days in (round_ + 1, -1))
        move = {"kind": "move", "pk": visit.pk, "day": day, "seen": seen, "by": lead.person.pk}
        rival = {**move, "day": other, "by": coordinator.person.pk}
        assert race(racers, move, rival) == ["lost", "won"]
        (event,) = visit.events.filter(action="move")
        visit.refresh_from_db()
        assert event.changed["days"][1] == visit_days(visit)
        hand_over = [
            {"kind": "hand_over", "pk": visit.pk, "heir": heir.pk, "seen": event.pk, "by": lead.person.pk}
            for heir in heirs
        ]
        assert race(racers, *hand_over) == ["lost", "won"]
        assert visit.events.filter(action="hand_over").count() == visit.members.count() == 1
        heir = visit.members.get().user
        declare = {"kind": "declare", "pk": visit.pk, "conflict": False, "by": heir.pk}
        assert race(racers, declare, declare) == ["won", "won"]
        assert visit.events.filter(action="declare", by=heir).count() == 1
        cancel = {"kind": "visit", "pk": visit.pk, "action": "cancel", "by": coordinator.person.pk}
        late = {**move, "day": "2027-05-05", "seen": planning.mark(visit), "by": heir.pk}
        won = race(racers, cancel, late).count("won")
        last = visit.events.latest("pk")
        assert (last.action, won) in (("cancel", 1), ("cancel", 2)), "nothing moves after it was cancelled"
        assert visit.events.filter(action="move").count() == won


def due_yesterday(visit: Visit) -> Visit:
    Visit.objects.filter(pk=visit.pk).update(reaction_due=timezone.localdate() - timedelta(days=1))
    return visit


@pytest.mark.parametrize(
    ("prepare", "first", "second"),
    [
        (make.judged_visit, ("compose", "lead"), ("compose", "lead")),
        (make.drafting_visit, ("send_concept", "lead"), ("send_concept", "lead")),
        (make.concept_visit, ("recall", "lead"), ("no_remarks", "officer")),
        (lambda to: due_yesterday(make.concept_visit(to)), ("close_term", None), ("no_remarks", "officer")),
        (lambda to: make.reacted_visit(to, remarks=0), ("process", "lead"), ("process", "lead")),
        (lambda to: make.processed_visit(to, remarks=0), ("settle", "board"), ("reopen", "board")),
    ],
)
def test_of_two_steps_with_a_report_one_is_taken(racers, prepare, first, second):
    provider = make.provider()
    people = {"officer": make.quality_officer(provider).person.pk, "board": make.coordinator().person.pk}
    for _ in range(ROUNDS // 4):
        visit = prepare(provider)
        known = visit.events.count()
        who: dict[Any, Any] = {**people, "lead": visit.created_by_id, None: None}
        tasks = [
            {"kind": "visit", "pk": visit.pk, "action": action, "by": who[by]}
            for action, by in (first, second)
        ]
        assert race(racers, *tasks) == ["lost", "won"]
        assert visit.events.count() == known + 1
        assert Visit.objects.get(pk=visit.pk).status == visit.events.latest("pk").new_status


def test_a_concept_is_delivered_once(racers):
    provider = make.provider()
    officer, board = make.quality_officer(provider).person, make.coordinator().person
    today = timezone.localdate()
    for _ in range(ROUNDS // 4):
        visit = make.concept_visit(provider, opened=False)
        ConceptVersion.objects.filter(visit=visit).update(created_at=timezone.now() - timedelta(days=9))
        day = (today - timedelta(days=2)).isoformat()
        opening = {"kind": "open", "pk": visit.pk, "by": officer.pk}
        letter = {"kind": "deliver", "pk": visit.pk, "day": day, "by": board.pk}
        outcome = race(racers, opening, letter)
        delivery = Delivery.objects.get(version__visit=visit)
        assert outcome == (["lost", "won"] if delivery.how == "opened" else ["won", "won"])
        assert visit.events.filter(action="deliver").count() == 1
        assert Visit.objects.get(pk=visit.pk).reaction_due == delivery.on + timedelta(weeks=4)
        assert visit.versions.get().opened_at, "that it was opened is known either way"


def test_the_last_of_a_team_to_judge_opens_an_item_once(racers):
    """Both give the judgement that completes the team, or one opens while the other judges."""
    for round_ in range(ROUNDS):
        if round_ % 3 == 0:  # three criteria a visit
            visit = make.conducted_visit()
            Visit.objects.filter(pk=visit.pk).update(judged_apart=True)
            second = teammate(visit)
        item = make.item(f"W{round_ % 3 + 1}").pk
        lead = make.lead(visit).person.pk
        first: dict[str, Any] = {"kind": "judge", "pk": visit.pk, "item": item, "by": lead}
        other = {**first, "by": second.person.pk}
        if round_ % 2:
            other = {**other, "kind": "open_judgements", "by": lead}
            first = {**first, "by": second.person.pk}
        assert race(racers, first, other) == ["won", "won"]
        assert visit.openings.filter(item=item).count() == 1
        assert not visit.judgements.filter(item=item, apart=True).exists()
