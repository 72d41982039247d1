"""Which questions apply: from the profile and the day, or by the provider's own choice with a reason."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assessments import questions, scope, tasks
from assessments.errors import NotReady, WrongState
from assessments.models import Revision, ScopeChoice
from assessments.question import Question
from assessments.scope import Reach
from norms import applicability
from norms.models import Item
from tests import factories as f

pytestmark = pytest.mark.django_db
WHEN = {"when": {"delivery_forms": ["vpt"]}, "reason": "Alleen als u vpt levert."}


@pytest.fixture
def conditional(editions: Any, monkeypatch: pytest.MonkeyPatch) -> Item:
    """W3.4 holds for providers of vpt only."""
    from assessments.editions import contents

    item = f.item("W3.4")
    cached = next(row for row in contents(item.version_id).items if row.pk == item.pk)
    monkeypatch.setattr(cached, "applies_when", [WHEN])
    return item


def loaded(revision: Revision) -> questions.QuestionSet:
    return questions.load(Revision.objects.get(pk=revision.pk))


def question(revision: Revision, item: Item) -> Question:
    return next(one for one in loaded(revision).questions if one.item.pk == item.pk)


def test_without_a_profile_everything_applies(conditional: Item):
    revision = f.draft_revision(frameworks=[f.IGJ])
    assert revision.scope == {}
    assert revision.question_count == len(f.asked_items(revision))


def test_what_does_not_apply_follows_the_profile_and_keeps_its_answer(conditional: Item):
    revision = f.draft_revision(frameworks=[f.IGJ])
    f.answer(revision, conditional, "yes", "Er is een dagprogramma.")
    before = loaded(revision)
    f.provider_profile(revision.organisation, delivery_forms=["mpt"])
    after = loaded(revision)
    assert question(revision, conditional).reach == Reach(False, "Alleen als u vpt levert.")
    assert (after.total, after.answered) == (before.total - 1, before.answered - 1)
    listed = Revision.objects.for_list().get()
    assert (listed.question_count, listed.answered) == (after.total, after.answered) == (before.total - 1, 0)
    again = revision.organisation.profile
    again.delivery_forms = ["vpt"]
    f.profiles.save_profile(again, by=f.quality_officer(revision.organisation))
    shown = question(revision, conditional)
    assert (shown.applies, shown.value, shown.note) == (True, "yes", "Er is een dagprogramma.")


def test_a_choice_with_a_reason_overrules_both_ways_and_can_be_taken_back(conditional: Item):
    revision, other = f.draft_revision(frameworks=[f.IGJ]), f.item("W3.1")
    f.provider_profile(revision.organisation, delivery_forms=["mpt"])
    by = f.quality_officer(revision.organisation)
    scope.choose(revision.pk, conditional, True, "Wij beginnen met vpt.", by=by)
    scope.choose(revision.pk, other, False, "Dit doet de gemeente.", by=by)
    assert question(revision, conditional).reach == Reach(True, "Wij beginnen met vpt.", chosen=True)
    assert question(revision, other).reach == Reach(False, "Dit doet de gemeente.", chosen=True)
    scope.choose(revision.pk, conditional, None, "", by=by)
    scope.choose(revision.pk, other, None, "", by=by)
    assert not question(revision, conditional).applies and question(revision, other).reach is None
    assert ScopeChoice.objects.count() == 4


def test_a_choice_about_a_section_holds_for_its_questions_unless_one_has_its_own(conditional: Item):
    revision = f.draft_revision(frameworks=[f.IGJ])
    by, section = f.quality_officer(revision.organisation), f.item("W3")
    scope.choose(revision.pk, section, False, "Wij leveren alleen zorg.", by=by)
    scope.choose(revision.pk, f.item("W3.1"), True, "Dit doen wij wel.", by=by)
    shown = {one.code: one.applies for one in loaded(revision).questions if one.code.startswith("W3")}
    assert shown.pop("W3.1") and not any(shown.values())
    assert len(shown) == 5


def test_one_question_follows_the_profile_again_in_a_section_that_was_left_out(conditional: Item):
    revision, one = f.draft_revision(frameworks=[f.IGJ]), f.item("W3.1")
    by, section = f.quality_officer(revision.organisation), f.item("W3")
    scope.choose(revision.pk, section, False, "Wij leveren alleen zorg.", by=by)
    scope.choose(revision.pk, one, None, "", by=by)
    assert question(revision, one).applies and not question(revision, conditional).applies
    scope.choose(revision.pk, section, None, "", by=by)
    assert Revision.objects.get(pk=revision.pk).scope == {}


def test_without_a_reason_or_outside_a_draft_nothing_is_chosen(conditional: Item):
    offered = f.offered_revision(frameworks=[f.IGJ])
    by = f.quality_officer(offered.organisation)
    with pytest.raises(WrongState):
        scope.choose(offered.pk, conditional, False, "Niet van ons.", by=by)
    draft = f.draft_revision(frameworks=[f.IGJ])
    with pytest.raises(NotReady):
        scope.choose(draft.pk, conditional, False, "  ", by=f.quality_officer(draft.organisation))
    with pytest.raises(PermissionDenied):
        scope.choose(draft.pk, conditional, False, "Niet van ons.", by=by)
    assert not ScopeChoice.objects.exists()


def test_nothing_moves_while_it_lies_with_the_board_or_is_handed_in(conditional: Item):
    revision = f.answered_revision(frameworks=[f.IGJ])
    own = revision.organisation
    f.REVISION.perform(revision.pk, "offer", by=f.quality_officer(own))
    f.provider_profile(own, delivery_forms=["mpt"])
    assert Revision.objects.get().scope == {}
    f.REVISION.perform(revision.pk, "return", by=f.director(own), note="Kijk nog eens.")
    assert list(Revision.objects.get().scope) == [str(conditional.pk)]
    f.REVISION.perform(revision.pk, "offer", by=f.quality_officer(own))
    handed_in = f.sign(revision.pk, 2022, by=f.director(own))
    frozen = {row["item"]: row for row in handed_in.content["answers"]}
    assert frozen["W3.4"]["applies"] is False
    assert frozen["W3.4"]["applies_reason"] == "Alleen als u vpt levert."
    assert frozen["W3.1"]["applies"] is True
    profile = own.profile
    profile.delivery_forms = ["vpt"]
    f.profiles.save_profile(profile, by=f.quality_officer(own))
    assert list(Revision.objects.get().scope) == [str(conditional.pk)]


def test_a_supplement_begins_with_the_choices_of_what_it_supplements(conditional: Item):
    revision = f.answered_revision(frameworks=[f.IGJ])
    own, by = revision.organisation, f.quality_officer(revision.organisation)
    scope.choose(revision.pk, f.item("W3.1"), False, "Dit doet de gemeente.", by=by)
    f.REVISION.perform(revision.pk, "offer", by=by)
    f.sign(revision.pk, 2022, by=f.director(own))
    f.REVISION.perform(revision.pk, "supplement", by=by)
    newer = Revision.objects.get(status=Revision.Status.DRAFT)
    assert question(newer, f.item("W3.1")).reach == Reach(False, "Dit doet de gemeente.", chosen=True)
    assert newer.question_count == len(f.asked_items(newer)) - 1


def test_what_begins_to_apply_is_asked_from_that_day(conditional: Item, monkeypatch: pytest.MonkeyPatch):
    from assessments.editions import contents

    cached = next(row for row in contents(conditional.version_id).items if row.code == "W3.5")
    today = timezone.localdate()
    monkeypatch.setattr(cached, "applies_from", today.replace(year=today.year + 1))
    revision = f.draft_revision(frameworks=[f.IGJ])
    assert not question(revision, f.item("W3.5")).applies
    assert tasks.follow_the_day() == 0
    monkeypatch.setattr(cached, "applies_from", today)
    assert tasks.follow_the_day() == 1
    assert question(revision, f.item("W3.5")).applies


def test_the_day_of_an_account_is_the_end_of_its_year_or_today(conditional: Item):
    year = timezone.localdate().year
    assert scope.day_of(year) == timezone.localdate()
    assert scope.day_of(year - 1) == date(year - 1, 12, 31)


def test_a_choice_is_never_written_over(conditional: Item):
    revision = f.draft_revision(frameworks=[f.IGJ])
    scope.choose(revision.pk, conditional, False, "Zo.", by=f.quality_officer(revision.organisation))
    with pytest.raises(DatabaseError), transaction.atomic():
        ScopeChoice.objects.update(reason="Anders.")


# --- what may follow from a profile at all

CODES = {name: st.lists(st.sampled_from(codes), unique=True) for name, codes in applicability.FACTS.items()}
ANSWERS = {name: st.booleans() for name in applicability.ANSWERS}
FACTS = st.fixed_dictionaries({}, optional={**CODES, **ANSWERS})
CONDITIONS = st.lists(
    st.fixed_dictionaries(
        {
            "when": st.fixed_dictionaries(
                {},
                optional={
                    **{
                        name: st.lists(st.sampled_from(codes), min_size=1, unique=True)
                        for name, codes in applicability.FACTS.items()
                    },
                    **ANSWERS,
                },
            ),
            "reason": st.just("Reden."),
        }
    ),
    max_size=3,
)
DAYS = st.dates(date(2019, 1, 1), date(2030, 1, 1))


@given(CONDITIONS, FACTS, DAYS, st.none() | DAYS)
def test_telling_less_never_takes_a_question_away(
    conditions: list[dict[str, Any]], facts: dict[str, Any], on: date, begins: date | None
):
    item = Item(applies_when=conditions, applies_from=begins)
    if applicability.applies(item, facts, on).applies:
        for name in facts:
            less = {key: value for key, value in facts.items() if key != name}
            assert applicability.applies(item, less, on).applies


@given(CONDITIONS, FACTS, DAYS, st.none() | DAYS)
def test_doing_more_never_takes_a_question_away(
    conditions: list[dict[str, Any]], facts: dict[str, Any], on: date, begins: date | None
):
    item = Item(applies_when=conditions, applies_from=begins)
    if applicability.applies(item, facts, on).applies:
        more = {
            name: list(applicability.FACTS[name]) if name in applicability.FACTS else value
            for name, value in facts.items()
        }
        assert applicability.applies(item, more, on).applies
        # What binds keeps binding.
        assert applicability.applies(item, facts, date.max).applies
    assert applicability.applies(item, facts, on).reason


@given(CONDITIONS, FACTS, st.sampled_from([None, True, False]), st.sampled_from([None, True, False]))
def test_the_nearest_choice_always_wins(
    conditions: list[dict[str, Any]], facts: dict[str, Any], own: bool | None, of_section: bool | None
):
    item = Item(pk=2, section_id=1, applies_when=conditions)
    given = {2: own, 1: of_section}
    choices = {
        pk: ScopeChoice(applies=applies, reason="Zo.") for pk, applies in given.items() if applies is not None
    }
    reach = scope._reach(item, facts, date(2026, 1, 1), choices)
    wanted = own if own is not None else of_section
    assert reach.chosen == (wanted is not None)
    assert reach.applies == (
        wanted if wanted is not None else applicability.applies(item, facts, date(2026, 1, 1)).applies
    )


# --- the pages


def test_a_beginner_is_asked_for_the_profile_first_and_then_sees_the_reasons(
    conditional: Item, client: Client
):
    revision = f.draft_revision(frameworks=[f.IGJ])
    client.force_login(f.quality_officer(revision.organisation).person)
    url = reverse("assessments:scope", args=[revision.pk])
    assert "Vul eerst uw profiel in" in client.get(url).content.decode()
    f.provider_profile(revision.organisation, delivery_forms=["mpt"])
    page = client.get(url).content.decode()
    assert "Vul eerst uw profiel in" not in page and "Alleen als u vpt levert." in page
    fill_in = client.get(
        reverse("assessments:fill_in_section", args=[revision.pk, conditional.section_id])
    ).content.decode()
    assert "(geldt niet voor u)" in fill_in and "Alleen als u vpt levert." in fill_in
    assert f'name="a-{conditional.pk}"' in fill_in


def test_choosing_asks_for_a_reason_and_keeps_what_was_typed(conditional: Item, client: Client):
    revision = f.draft_revision(frameworks=[f.IGJ])
    client.force_login(f.quality_officer(revision.organisation).person)
    url = reverse("assessments:scope_choice", args=[revision.pk, conditional.pk])
    answer = client.post(url, {"applies": "False", "reason": " "})
    assert "Schrijf waarom." in answer.content.decode() and not ScopeChoice.objects.exists()
    assert client.post(url, {"applies": "False", "reason": "Dit doet de gemeente."}).status_code == 302
    assert not question(revision, conditional).applies
    assert "Dit doet de gemeente." in client.get(url).content.decode()
    assert client.post(url, {"applies": "None", "reason": ""}).status_code == 302
    assert question(revision, conditional).applies


def test_readers_of_what_was_handed_in_see_the_reason(conditional: Item, client: Client):
    revision = f.answered_revision(frameworks=[f.IGJ])
    f.scope_choice(revision, "W3.4", "Dit doet de gemeente.")
    f.REVISION.perform(revision.pk, "offer", by=f.quality_officer(revision.organisation))
    f.sign(revision.pk, 2022, by=f.director(revision.organisation))
    client.force_login(f.inspector().person)
    page = client.get(reverse("assessments:fill_in", args=[revision.pk])).content.decode()
    assert "Geldt niet. Dit doet de gemeente." in page


def test_a_new_year_begins_with_the_choices_and_what_does_not_apply_waits_for_nobody(conditional: Item):
    from assessments import services

    old = f.answered_revision(year=timezone.localdate().year - 1, frameworks=[f.IGJ])
    own, by = old.organisation, f.quality_officer(old.organisation)
    f.answer(old, f.item("W3.4"), "yes")
    f.scope_choice(old, "W3.4")
    new = services.start_self_assessment(
        year=timezone.localdate().year,
        locations=own.locations.all(),
        editions=f.editions(f.IGJ),
        based_on=old,
        by=by,
    )
    assert question(new, f.item("W3.4")).reach == Reach(False, "Dit doet de gemeente.", chosen=True)
    to_confirm = {one.code for one in loaded(new).to_confirm}
    assert to_confirm and "W3.4" not in to_confirm
    for code in to_confirm:
        services.confirm_answer(new.pk, f.item(code).pk, by=by)
    assert f.REVISION.perform(new.pk, "offer", by=by).status == Revision.Status.TO_ADOPT
