"""What the clock does, when, and that it may do so twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments import tasks
from assessments.models import Publication, Visit
from assessments.workflow import VISIT, NotReady
from tests import factories as make

pytestmark = pytest.mark.django_db
S = Visit.Status


def status(visit: Visit) -> str:
    return Visit.objects.get(pk=visit.pk).status


def actions(visit: Visit) -> list[str]:
    return list(visit.events.values_list("action", flat=True))


def wait(visit: Visit, **ago: float) -> None:
    Publication.objects.filter(visit=visit).update(publish_at=timezone.now() - timedelta(**ago))


def test_publishing_waits_for_the_term_and_happens_once(editions):
    due, waiting = make.decided_visit(), make.decided_visit()
    wait(due, seconds=1)
    wait(waiting, seconds=-60)
    assert tasks.publish_due() == 1
    assert tasks.publish_due() == 0
    assert (status(due), status(waiting)) == (S.PUBLISHED, S.DECIDED)
    assert actions(due).count("publish") == 1
    assert due.publication.published_at is None  # as it was read before
    assert Publication.objects.get(visit=due).published_at is not None


def test_a_suspended_report_is_not_published(editions):
    visit = make.decided_visit()
    wait(visit, days=1)
    make.step(visit, "suspend", make.coordinator(), "Uitspraak van de rechter")
    assert tasks.publish_due() == 0
    make.step(visit, "resume", make.coordinator(), "Ongegrond")
    assert tasks.publish_due() == 1


def test_a_report_that_fails_does_not_hold_up_the_others(editions, caplog):
    broken, fine = make.decided_visit(), make.decided_visit()
    for visit in (broken, fine):
        wait(visit, days=1)

    def fail_for_one(event):
        if event.visit_id == broken.pk:
            raise RuntimeError("no room")

    VISIT.hooks.append(fail_for_one)
    try:
        assert tasks.publish_due() == 1
    finally:
        VISIT.hooks.remove(fail_for_one)
    assert (status(broken), status(fine)) == (S.DECIDED, S.PUBLISHED)
    assert "no room" in caplog.text
    assert tasks.publish_due() == 1


def test_a_reaction_term_ends_after_its_last_day(editions):
    visit = make.concept_visit()
    today = timezone.localdate()
    for due in (today, today + timedelta(days=1)):
        Visit.objects.filter(pk=visit.pk).update(reaction_due=due)
        assert tasks.close_reaction_terms() == 0
    Visit.objects.filter(pk=visit.pk).update(reaction_due=today - timedelta(days=1))
    assert tasks.close_reaction_terms() == 1
    assert tasks.close_reaction_terms() == 0
    assert status(visit) == S.REACTED
    assert actions(visit).count("close_term") == 1


def test_remarks_that_were_not_sent_count_when_the_term_ends(editions):
    visit = make.concept_visit()
    make.remark(visit)
    Visit.objects.filter(pk=visit.pk).update(reaction_due=timezone.localdate() - timedelta(days=1))
    tasks.close_reaction_terms()
    assert visit.remarks.count() == 1
    with pytest.raises(NotReady, match="eerst de opmerking"):
        make.step(visit, "process", make.lead(visit))


def test_a_report_goes_offline_after_five_years(editions):
    old, young = make.published_visit(), make.published_visit()
    now = timezone.now()
    Publication.objects.filter(visit=old).update(published_at=now - timedelta(days=1827))
    Publication.objects.filter(visit=young).update(published_at=now - timedelta(days=1825))
    assert tasks.take_offline() == 1
    assert tasks.take_offline() == 0
    assert (status(old), status(young)) == (S.OFFLINE, S.PUBLISHED)
    assert Publication.objects.get(visit=old).ended_at is not None


def test_the_clock_has_nothing_to_do_on_an_empty_portal():
    assert (tasks.publish_due(), tasks.close_reaction_terms(), tasks.take_offline()) == (0, 0, 0)


def test_each_task_is_in_the_timetable(settings):
    planned = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    ours = {task.name for task in (tasks.publish_due, tasks.close_reaction_terms, tasks.take_offline)}
    assert ours <= planned
