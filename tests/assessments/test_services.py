"""Starting an account, saving an answer, and what readers leave behind."""

import uuid
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from assessments import services
from assessments.errors import WrongState
from assessments.models import Answer, AnswerVersion, Receipt, Revision, SelfAssessment
from assessments.services import AlreadyStarted, AnswerConflict, NewAnswer
from assessments.workflow import REVISION
from norms.models import Item
from providers.actor import ANONYMOUS, SYSTEM
from providers.models import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(editions):
    return make.draft_revision()


def new(item: Item, value="meets", text="Op orde.", base=0, save_id=None) -> NewAnswer:
    return NewAnswer(item.pk, value, text, base, save_id or uuid.uuid4())


def w1() -> Item:
    return make.item("W1")


# --- start


def test_start_pins_locations_editions_and_the_number_of_questions(editions):
    provider = make.provider(locations=2)
    officer = make.quality_officer(provider)
    revision = services.start_self_assessment(
        year=2026, locations=provider.locations.all(), editions=editions, by=officer
    )
    asked = Item.objects.filter(version__in=editions, filled_by__contains=["provider"]).count()
    assert revision.question_count == asked > 100
    assert revision.status == Revision.Status.DRAFT
    assert revision.number == 1
    assert revision.created_by == officer.user
    assert revision.locations.count() == 2
    assert set(revision.editions.all()) == set(editions)


def test_a_year_is_started_once(draft):
    officer = make.quality_officer(draft.organisation)
    with pytest.raises(AlreadyStarted) as refused:
        services.start_self_assessment(
            year=draft.self_assessment.year, locations=[], editions=draft.editions.all(), by=officer
        )
    assert refused.value.self_assessment == draft.self_assessment
    assert Revision.objects.count() == 1
    other_year = services.start_self_assessment(
        year=2024, locations=[], editions=draft.editions.all(), by=officer
    )
    assert other_year.self_assessment.year == 2024


def test_two_providers_have_a_year_each(draft):
    make.draft_revision(make.provider())
    assert SelfAssessment.objects.filter(year=draft.self_assessment.year).count() == 2


@pytest.mark.parametrize(
    "role", [Role.COUNCIL_MEMBER, Role.INSPECTOR, Role.CARE_OFFICE_OFFICER, Role.PORTAL_ADMIN]
)
def test_others_cannot_start(editions, role):
    home = {
        Role.COUNCIL_MEMBER: make.provider,
        Role.INSPECTOR: make.inspectorate,
        Role.CARE_OFFICE_OFFICER: make.care_office,
        Role.PORTAL_ADMIN: make.portal,
    }[role]
    with pytest.raises(PermissionDenied):
        services.start_self_assessment(
            year=2026, locations=[], editions=editions, by=make.acting(role, home())
        )
    assert not SelfAssessment.objects.exists()


@pytest.mark.parametrize("actor", [ANONYMOUS, SYSTEM])
def test_nobody_cannot_start(editions, actor):
    with pytest.raises(PermissionDenied):
        services.start_self_assessment(year=2026, locations=[], editions=editions, by=actor)


# --- save


def test_a_save_raises_the_version_and_keeps_every_text(draft):
    officer = make.quality_officer(draft.organisation)
    first = services.save_answer(draft.pk, new(w1(), "fails", "Nog niets."), by=officer)
    assert (first.version, first.value, first.text, first.is_answered) == (1, "fails", "Nog niets.", True)
    second = services.save_answer(draft.pk, new(w1(), "meets", "Nu wel.", base=1), by=officer)
    assert (second.pk, second.version, second.text) == (first.pk, 2, "Nu wel.")
    history = AnswerVersion.objects.filter(answer=first).order_by("version")
    assert list(history.values_list("version", "parent_version", "value", "text")) == [
        (1, 0, "fails", "Nog niets."),
        (2, 1, "meets", "Nu wel."),
    ]
    assert {row.author for row in history} == {officer.user}


def test_unknown_and_emptied_do_not_count_as_answered(draft):
    officer = make.quality_officer(draft.organisation)
    answer = services.save_answer(draft.pk, new(w1(), "unknown"), by=officer)
    assert not answer.is_answered
    answer = services.save_answer(draft.pk, new(w1(), "meets", base=1), by=officer)
    assert Revision.objects.with_progress().get(pk=draft.pk).answered == 1
    services.save_answer(draft.pk, new(w1(), None, "", base=2), by=officer)
    assert Revision.objects.with_progress().get(pk=draft.pk).answered == 0


def test_a_repeated_save_changes_nothing(draft):
    officer = make.quality_officer(draft.organisation)
    save = new(w1())
    services.save_answer(draft.pk, save, by=officer)
    again = services.save_answer(draft.pk, save, by=officer)
    assert again.version == 1
    assert AnswerVersion.objects.count() == 1


def test_a_repeat_that_arrives_after_a_newer_save_does_not_bring_the_old_text_back(draft):
    officer = make.quality_officer(draft.organisation)
    late = new(w1(), text="Eerste tekst")
    services.save_answer(draft.pk, late, by=officer)
    services.save_answer(draft.pk, new(w1(), text="Tweede tekst", base=1), by=officer)
    services.save_answer(draft.pk, late, by=officer)
    answer = Answer.objects.get()
    assert (answer.version, answer.text) == (2, "Tweede tekst")


def test_what_was_left_alone_is_no_conflict_and_overwrites_nothing(draft):
    """A whole page is sent while a colleague wrote at another question of it."""
    officer, colleague = make.quality_officer(draft.organisation), make.quality_officer(draft.organisation)
    services.save_answer(draft.pk, new(w1(), text="Van haar"), by=colleague)
    untouched = services.save_answer(draft.pk, new(w1(), None, "", base=0), by=officer)
    services.save_answer(draft.pk, new(w1(), text="Van haar, en meer", base=1), by=colleague)
    services.save_answer(draft.pk, new(w1(), text="Van haar", base=1), by=officer)
    answer = Answer.objects.get()
    assert (answer.version, answer.text) == (2, "Van haar, en meer")
    with pytest.raises(AnswerConflict):
        services.save_answer(draft.pk, new(w1(), text="Van mij", base=untouched.version), by=officer)
    with pytest.raises(AnswerConflict):
        services.save_answer(
            draft.pk, replace(new(w1(), text="Van haar", base=1), is_chosen=True), by=officer
        )


def test_who_repeats_a_save_does_not_overwrite_what_came_in_between(draft):
    """A lost reply, a colleague's newer text, the same save again, and then one goes on writing."""
    officer, colleague = make.quality_officer(draft.organisation), make.quality_officer(draft.organisation)
    lost = new(w1(), text="Van mij")
    services.save_answer(draft.pk, lost, by=officer)
    services.save_answer(draft.pk, new(w1(), text="Van haar", base=1), by=colleague)
    repeated = services.save_answer(draft.pk, lost, by=officer)
    assert (repeated.version, repeated.text) == (1, "Van mij")
    with pytest.raises(AnswerConflict) as conflict:
        services.save_answer(draft.pk, new(w1(), text="Van mij, en meer", base=repeated.version), by=officer)
    assert conflict.value.current.text == "Van haar"


def test_an_old_page_with_a_new_text_is_a_conflict_and_not_a_repeat(draft):
    """The back button brings a page with its old save id; what is typed there may not vanish."""
    officer = make.quality_officer(draft.organisation)
    page = uuid.uuid4()
    services.save_answer(draft.pk, new(w1(), text="Eerste tekst", save_id=page), by=officer)
    with pytest.raises(AnswerConflict) as clash:
        services.save_answer(draft.pk, new(w1(), text="Andere tekst", save_id=page), by=officer)
    assert clash.value.current.text == "Eerste tekst"


def test_the_same_text_is_no_conflict_whatever_the_version(draft):
    officer = make.quality_officer(draft.organisation)
    services.save_answer(draft.pk, new(w1(), text="Gelijk"), by=officer)
    answer = services.save_answer(
        draft.pk, new(w1(), text="Gelijk", base=0), by=make.director(draft.organisation)
    )
    assert answer.version == 1
    assert AnswerVersion.objects.count() == 1


@pytest.mark.parametrize("base", [0, 7])
def test_a_conflict_writes_nothing(draft, base):
    officer, director = make.quality_officer(draft.organisation), make.director(draft.organisation)
    services.save_answer(draft.pk, new(w1(), text="Van de kwaliteitsmedewerker"), by=officer)
    with pytest.raises(AnswerConflict) as clash:
        services.save_answer(draft.pk, new(w1(), "fails", "Van de bestuurder", base=base), by=director)
    assert clash.value.current.text == "Van de kwaliteitsmedewerker"
    assert clash.value.current.author == officer.user
    stored = Answer.objects.get()
    assert (stored.version, stored.value, stored.text) == (1, "meets", "Van de kwaliteitsmedewerker")
    assert AnswerVersion.objects.count() == 1


def test_a_first_save_with_a_version_that_never_was_is_a_conflict(draft):
    with pytest.raises(AnswerConflict):
        services.save_answer(draft.pk, new(w1(), base=3), by=make.quality_officer(draft.organisation))
    assert not Answer.objects.exists()


def test_only_a_draft_is_written(editions):
    for revision in (make.offered_revision(), make.submitted_revision()):
        before = revision.answers.count()
        with pytest.raises(WrongState, match="Ter vaststelling|Ingediend"):
            services.save_answer(
                revision.pk, new(w1(), "fails", base=1), by=make.quality_officer(revision.organisation)
            )
        assert revision.answers.count() == before


def test_the_own_council_and_others_cannot_write(draft):
    strangers = [
        make.quality_officer(make.provider()),
        make.director(make.provider()),
        make.acting(Role.COUNCIL_MEMBER, draft.organisation),
        make.inspector(),
        make.coordinator(),
        make.acting(Role.CARE_OFFICE_OFFICER, make.care_office()),
        make.acting(Role.PORTAL_ADMIN, make.portal()),
        ANONYMOUS,
        SYSTEM,
    ]
    for stranger in strangers:
        with pytest.raises(PermissionDenied):
            services.save_answer(draft.pk, new(w1()), by=stranger)
    assert not Answer.objects.exists()


# --- a new revision, and readers


def test_supplementing_copies_answers_history_and_evidence_into_a_draft(editions):
    old = make.submitted_revision(n=4)
    officer = make.quality_officer(old.organisation)
    REVISION.perform(old.pk, "supplement", by=officer)
    copy = Revision.objects.get(self_assessment=old.self_assessment, number=2)
    assert (copy.status, copy.question_count) == (Revision.Status.DRAFT, old.question_count)
    assert set(copy.editions.all()) == set(old.editions.all())
    pairs = [
        list(row.answers.order_by("item").values_list("item", "value", "text", "is_answered"))
        for row in (old, copy)
    ]
    assert pairs[0] == pairs[1] != []
    assert all(answer.versions.count() == 1 for answer in copy.answers.all())
    make.answer(copy, make.item("W1"), "fails", "Aangevuld", base_version=1)
    assert old.answers.get(item__code="W1").value == "meets"


def test_a_receipt_is_written_once_per_reader(editions):
    revision = make.submitted_revision()
    for reader in (
        make.inspector(),
        make.coordinator(),
        make.acting(Role.CARE_OFFICE_OFFICER, make.care_office()),
    ):
        services.record_opening(revision, by=reader)
    services.record_opening(revision, by=make.quality_officer(revision.organisation))
    services.record_opening(revision, by=ANONYMOUS)
    kinds = Receipt.objects.filter(revision=revision).values_list("reader__kind", flat=True)
    assert sorted(kinds) == ["care_office", "inspectorate"]


def test_a_draft_gets_no_receipt(draft):
    services.record_opening(draft, by=make.inspector())
    assert not Receipt.objects.exists()


# --- who sees an account


def test_a_draft_is_the_providers_alone(draft):
    seen = {
        "own": make.quality_officer(draft.organisation),
        "own director": make.director(draft.organisation),
        "council": make.acting(Role.COUNCIL_MEMBER, draft.organisation),
        "other provider": make.quality_officer(make.provider()),
        "inspector": make.inspector(),
        "portal": make.acting(Role.PORTAL_ADMIN, make.portal()),
        "nobody": ANONYMOUS,
    }
    visible = {name for name, actor in seen.items() if Revision.objects.visible_to(actor).exists()}
    assert visible == {"own", "own director"}


def test_what_is_handed_in_is_seen_by_readers_of_the_region(editions):
    region, elsewhere = make.region(), make.region("5509", "Utrecht")
    revision = make.submitted_revision(make.provider(regions=[region]))
    seen = {
        "own": make.quality_officer(revision.organisation),
        "council": make.acting(Role.COUNCIL_MEMBER, revision.organisation),
        "inspector": make.inspector(),
        "coordinator": make.coordinator(),
        "care office": make.acting(Role.CARE_OFFICE_OFFICER, make.care_office([region])),
        "other care office": make.acting(
            Role.CARE_OFFICE_OFFICER, make.care_office([elsewhere], name="Zorgkantoor Utrecht")
        ),
        "other provider": make.director(make.provider(regions=[region])),
        "portal": make.acting(Role.PORTAL_ADMIN, make.portal()),
        "nobody": ANONYMOUS,
    }
    visible = {name for name, actor in seen.items() if Revision.objects.visible_to(actor).exists()}
    assert visible == {"own", "council", "inspector", "coordinator", "care office"}
