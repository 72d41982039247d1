"""The pages of a report's course ask the database as much when it was long and there is much to show."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from assessments import library, measures, reaction
from assessments.measures import MEASURE
from assessments.models import FactualRemark, Passage, Publication, Visit
from providers.actor import SYSTEM, Actor
from tests import factories as f
from tests.assessments.test_visit_queries import count, grow
from tests.assessments.visit_pages import signed_in, url
from tests.test_access import png

pytestmark = pytest.mark.django_db
COLOURS = ("red", "green", "blue", "black", "white")
KEYS = ("W2-1", "W1-1", "W2-2", "W3-1", "Werkwijze")


def same_cost(readers: Sequence[tuple[Actor, list[int]]], *names: str) -> None:
    """Each page costs the same for the first reader, with few rows, and the second, with many."""
    for name in names:
        few, many = (count(signed_in(by), url(name, *args)) for by, args in readers)
        assert few == many, name


def written(much: bool) -> tuple[Visit, Actor]:
    """A report that was sent, opened and called back, with what a second reader said; and that reader."""
    visit = f.drafting_visit()
    lead, officer = f.lead(visit), f.quality_officer(visit.organisation)
    if much:
        grow(visit)
        f.passage(visit, "must", "\n".join(f"Punt {n}." for n in range(5)), code="W2", due_in=60)
    for round_ in range(2 if much else 1):
        f.step(visit, "send_concept", lead)
        reaction.record_opening(visit.versions.latest("created_at"), by=officer)
        f.step(visit, "recall", lead, "Nog een fout.")
        f.passage(visit, "summary", f"In ronde {round_} anders.")
    reader = f.second_reader(visit)
    for number in range(3 if much else 1):
        f.reader_remark(visit, f"Opmerking {number}.", by=reader)
    return visit, reader


def sent(visit: Visit, much: bool) -> Actor:
    """Send the concept, which the provider opens, asks more time for and remarks on; gives who wrote that."""
    officer, lead = f.quality_officer(visit.organisation), f.lead(visit)
    f.step(visit, "send_concept", lead)
    reaction.record_opening(visit.versions.latest("created_at"), by=officer)
    visit.refresh_from_db()
    assert visit.reaction_due
    for number in range(2 if much else 1):
        until = visit.reaction_due + timedelta(days=7 * (number + 1))
        reaction.ask_extension(visit.pk, until, "Onze jurist is ziek.", by=officer)
        reaction.extend(visit.pk, until, "Dat kan.", by=lead)
    for key in KEYS if much else KEYS[:1]:
        row = f.remark(visit, key)
        shown = png(f"{key}.png", COLOURS[KEYS.index(key)])
        reaction.show_with(
            row.pk, [library.add_piece(shown, "", None, by=officer).revisions.get()], by=officer
        )
    return officer


def test_the_course_of_a_report(editions: Any) -> None:
    (few, one), (many, other) = written(much=False), written(much=True)
    leads = [(f.lead(visit), [visit.pk]) for visit in (few, many)]
    same_cost(leads, "visit", "report_text", "second_reading", "report_difference", "concept_send")
    same_cost([(one, [few.pk]), (other, [many.pk])], "report_text", "second_reading")
    rows = [(by, [*args, Passage.objects.get(visit=args[0], key="summary").pk]) for by, args in leads]
    same_cost(rows, "passage_history")

    pairs = [(visit, sent(visit, much=visit == many)) for visit in (few, many)]
    own = [(officer, [visit.pk]) for visit, officer in pairs]
    same_cost(own, "visit", "concept", "reaction_term", "report_difference")
    same_cost(leads, "visit", "concept", "reaction_term")
    remarks = [(by, [*args, FactualRemark.objects.filter(visit=args[0]).latest("pk").pk]) for by, args in own]
    same_cost(remarks, "remark_edit", "remark_evidence")

    for visit, officer in pairs:
        f.step(visit, "submit_reaction", officer)
    same_cost(leads, "visit", "concept", "report_text", "report_difference")
    for visit, _ in pairs:
        for row in visit.remarks.all():
            reaction.answer_remark(row.pk, "partly", "De datum is aangepast.", by=f.lead(visit))
        f.step(visit, "process", f.lead(visit))
    board = f.coordinator()
    boards = [(board, [visit.pk]) for visit, _ in pairs]
    same_cost(boards, "visit", "concept", "report_difference")
    for visit, _ in pairs:
        f.step(visit, "settle", board)
        f.step(visit, "decide", board)
        Publication.objects.filter(visit=visit).update(publish_at=timezone.now() - timedelta(minutes=1))
        f.step(visit, "publish", SYSTEM)
    for number, (visit, _) in enumerate(pairs):
        for days in range(1 + 3 * number):
            f.objection(
                visit, subject=f"Bezwaar {days}.", received_on=timezone.localdate() - timedelta(days=days)
            )
        f.correction(visit)
    same_cost(own, "visit", "concept")
    same_cost(leads, "visit", "correction", "report_difference")
    same_cost(boards, "visit", "correction")


def test_one_measure(editions: Any) -> None:
    provider, board = f.provider(), f.coordinator()
    officer = f.quality_officer(provider)
    rows = []
    for times in (1, 5):
        row = f.measure(provider, decided_on=f.LONG_AGO + timedelta(days=times))
        for number in range(times):
            measures.add_evidence(row.pk, png(f"plan-{number}.png", COLOURS[number]), by=officer)
            MEASURE.perform(row.pk, "deliver", by=officer, note="Ons plan.")
            MEASURE.perform(row.pk, "return", by=board, note="Nog niet genoeg.")
        rows.append([row.pk])
    for by in (board, officer):
        same_cost([(by, row) for row in rows], "measure")
