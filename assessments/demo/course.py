"""What happens in the demo between the text of a report and its settling: reading along, more time."""

import uuid
from datetime import timedelta

from assessments import reaction, second_reading
from assessments.demo.story import Story
from assessments.demo.texts import texts
from assessments.models import Passage

# By place in the cast. Of some the team did not answer yet, so that there is something to do.
READ_ALONG, READ_OPEN = {16, 17, 19, 27}, {16}
ASKED_TIME, GOT_TIME = {20, 27}, {27}


def read_along(story: Story) -> None:
    """A colleague outside the team reads the summary."""
    if story.earlier or story.cast.index not in READ_ALONG:
        return
    words = texts("course")
    reader = story.coordinator
    second_reading.ask(story.visit.pk, reader.person, words["question"], by=story.lead)
    summary = Passage.objects.get(visit=story.visit, key="summary")
    said = second_reading.remark(story.visit.pk, summary.pk, words["remark"], uuid.uuid4(), by=reader)
    if story.cast.index not in READ_OPEN:
        second_reading.answer(said.pk, words["answer"], by=story.lead)
        second_reading.finish(story.visit.pk, by=reader)


def ask_time(story: Story) -> None:
    """The provider needs two weeks more."""
    due = story.visit.reaction_due
    if story.earlier or due is None or story.cast.index not in ASKED_TIME:
        return
    words = texts("course")
    reaction.ask_extension(story.visit.pk, due + timedelta(weeks=2), words["ask"], by=story.provider)
    if story.cast.index in GOT_TIME:
        reaction.extend(story.visit.pk, due + timedelta(weeks=2), words["give"], by=story.lead)
