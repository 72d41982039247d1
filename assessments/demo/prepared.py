"""How the team of a visit of the demo prepares: declarations, notes, documents asked for, consent at home."""

import uuid
from datetime import timedelta

from assessments import document_requests, home_visits, planning, visit_notes
from assessments.demo.story import Story
from assessments.demo.texts import texts
from assessments.models import HomeVisit
from norms.models import FrameworkVersion, Item

# By the provider's place: where a member still has to declare, and where notes and requests are to be seen.
UNDECLARED, NOTED = {11}, {10, 12, 15}
ASKED_BEFORE, ASKED_AFTER = {10}, {17}


def prepare(story: Story, edition: FrameworkVersion) -> None:
    """Right after planning."""
    planning.declare(story.visit.pk, by=story.lead)
    if story.earlier or story.cast.index not in UNDECLARED:
        planning.declare(story.visit.pk, by=story.second)
    if story.earlier:
        return
    words = texts("visits")["preparing"]
    if story.cast.index in NOTED:
        items = dict(Item.objects.filter(version=edition).values_list("code", "pk"))
        for code, text in words["notes"].items():
            place = items[code] if code != "visit" else None
            visit_notes.save(story.visit.pk, place, text, 0, uuid.uuid4(), by=story.lead)
    if story.cast.index in ASKED_BEFORE:
        _ask(story, -3)


def afterwards(story: Story) -> None:
    """Once it took place: the homes that were entered, and what the team still wants to read."""
    ways = [(by, how) for how in HomeVisit.ConsentHow for by in HomeVisit.ConsentBy]
    for number in range(story.chance.randint(2, 6)):
        by, how = ways[number % len(ways)]
        home_visits.record(
            story.visit.pk,
            day=story.start,
            consent_on=story.start,
            consent_by=by,
            consent_how=how,
            key=uuid.uuid4(),
            by=story.lead,
        )
    if story.cast.index in ASKED_AFTER and not story.earlier:
        _ask(story, 10)


def _ask(story: Story, days: int) -> None:
    """Due so many days after the visit begins."""
    words = texts("visits")["preparing"]["documents"]
    due = story.start + timedelta(days=days)
    document_requests.ask(
        story.visit.pk, what=words["what"], why=words["why"], due=due, key=uuid.uuid4(), by=story.lead
    )
