"""Taking a step by its page: who is refused, and what becomes of a reason that was typed."""

from typing import Any

import pytest

from assessments.models import Revision, RevisionEvent
from tests import factories as f
from tests.assessments.visit_pages import signed_in, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered(editions: Any) -> Revision:
    return f.offered_revision(f.provider("Zorgthuis De Linde"))


def test_whoever_may_not_take_a_step_is_refused_before_a_reason_is_asked(offered: Revision) -> None:
    address = url("revision_step", offered.pk, "return")
    officer = signed_in(f.quality_officer(offered.organisation))
    assert [officer.post(address, {"note": note}).status_code for note in ("", "Waarom.")] == [403, 403]


def test_signs_that_the_database_refuses_are_left_out_of_a_reason(offered: Revision) -> None:
    director = signed_in(f.director(offered.organisation))
    director.post(url("revision_step", offered.pk, "return"), {"note": "De nacht\x00 ontbreekt.\r\nVul aan."})
    assert RevisionEvent.objects.get(action="return").note == "De nacht ontbreekt.\nVul aan."


def test_a_reason_that_is_too_long_is_refused_and_kept(offered: Revision) -> None:
    director = signed_in(f.director(offered.organisation))
    answer = director.post(url("revision_step", offered.pk, "return"), {"note": "lang " * 3000})
    assert "Maak er ten hoogste 10000 van." in answer.content.decode()
    assert "lang lang" in answer.content.decode()
    assert not RevisionEvent.objects.filter(action="return").exists()


def test_a_reason_for_a_step_that_came_too_late_is_shown_again(offered: Revision) -> None:
    director = signed_in(f.director(offered.organisation))
    f.sign(offered.pk, 2022, by=f.director(offered.organisation))
    html = director.post(url("revision_step", offered.pk, "return"), {"note": "De nacht ontbreekt."}).content
    assert "Er is niets gewijzigd." in html.decode() and "De nacht ontbreekt." in html.decode()


def test_a_reason_that_was_sent_twice_is_kept_once(offered: Revision) -> None:
    director = signed_in(f.director(offered.organisation))
    address, note = url("revision_step", offered.pk, "return"), {"note": "De nacht ontbreekt."}
    assert [director.post(address, note).status_code for _ in range(2)] == [302, 302]
    assert RevisionEvent.objects.filter(action="return").count() == 1
