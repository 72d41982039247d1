"""Both courses: every state, action and actor against a table written here, and what each step asks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assessments import reaction
from assessments.models import (
    ConceptVersion,
    Judgement,
    Passage,
    Publication,
    Revision,
    RevisionEvent,
    Visit,
    VisitEvent,
)
from assessments.workflow import REVISION, VISIT, Machine, NotReady, WrongState
from providers.actor import ANONYMOUS, SYSTEM, Actor
from providers.models import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
R, V = Revision.Status, Visit.Status

# --- the two tables: action -> (from which states, by whom)

OWN = {"officer", "director", "both"}
TEAM = {"lead", "coordinator in team"}
REVISION_TABLE = {
    "offer": ({R.DRAFT}, OWN),
    "submit": ({R.TO_ADOPT}, {"director", "both"}),
    "return": ({R.TO_ADOPT}, {"director", "both"}),
    "supplement": ({R.SUBMITTED}, OWN),
}
VISIT_TABLE = {
    "conduct": ({V.PLANNED}, TEAM),
    "compose": ({V.CONDUCTED}, TEAM),
    "send_concept": ({V.DRAFTING}, TEAM),
    "recall": ({V.AT_PROVIDER}, TEAM),
    "submit_reaction": ({V.AT_PROVIDER}, OWN),
    "no_remarks": ({V.AT_PROVIDER}, OWN),
    "close_term": ({V.AT_PROVIDER}, {"system"}),
    "process": ({V.REACTED}, TEAM),
    "settle": ({V.PROCESSED}, {"coordinator"}),
    "reopen": ({V.PROCESSED}, {"coordinator"}),
    "decide": ({V.SETTLED}, {"coordinator"}),
    "publish": ({V.DECIDED}, {"system"}),
    "suspend": ({V.DECIDED, V.PUBLISHED}, {"coordinator"}),
    "resume": ({V.SUSPENDED}, {"coordinator"}),
    "correct": ({V.DECIDED, V.SUSPENDED, V.PUBLISHED}, {"coordinator"}),
    "withdraw": ({V.PUBLISHED, V.SUSPENDED}, {"coordinator"}),
    "take_offline": ({V.PUBLISHED}, {"system"}),
    "cancel": ({V.PLANNED}, {*TEAM, "coordinator"}),
}


def suspended() -> Visit:
    visit = make.published_visit()
    return make.step(visit, "suspend", make.coordinator(), "Uitspraak van de rechter")


def withdrawn() -> Visit:
    return make.step(make.published_visit(), "withdraw", make.coordinator(), "Na bezwaar")


def offline() -> Visit:
    visit = make.published_visit()
    long_ago = timezone.now() - timedelta(days=5 * 366)
    Publication.objects.filter(visit=visit).update(published_at=long_ago)
    return make.step(visit, "take_offline", SYSTEM)


def cancelled() -> Visit:
    visit = make.planned_visit()
    return make.step(visit, "cancel", make.lead(visit), "De aanbieder stopt")


def declared() -> Revision:
    """Offered, with what the director declares at the moment of signing."""
    revision = make.offered_revision()
    Revision.objects.filter(pk=revision.pk).update(declarations=["Dit beeld klopt."])
    return revision


def superseded() -> Revision:
    old = make.submitted_revision()
    REVISION.perform(old.pk, "supplement", by=make.quality_officer(old.organisation))
    new = Revision.objects.get(self_assessment=old.self_assessment, number=2)
    REVISION.perform(new.pk, "offer", by=make.quality_officer(old.organisation))
    make.sign(new.pk, 2022, by=make.director(old.organisation))
    return old


VISIT_STATES: dict[str, Callable[[], Visit]] = {
    V.PLANNED: make.planned_visit,
    V.CONDUCTED: make.conducted_visit,
    V.DRAFTING: make.drafting_visit,
    V.AT_PROVIDER: make.concept_visit,
    V.REACTED: make.reacted_visit,
    V.PROCESSED: make.processed_visit,
    V.SETTLED: make.settled_visit,
    V.DECIDED: make.decided_visit,
    V.PUBLISHED: make.published_visit,
    V.SUSPENDED: suspended,
    V.WITHDRAWN: withdrawn,
    V.OFFLINE: offline,
    V.CANCELLED: cancelled,
}
REVISION_STATES: dict[str, Callable[[], Revision]] = {
    R.DRAFT: make.answered_revision,
    R.TO_ADOPT: declared,
    R.SUBMITTED: make.submitted_revision,
    R.SUPERSEDED: superseded,
}


def actors(subject: Any) -> dict[str, Actor]:
    """Everybody who might try, by name."""
    home, other = subject.organisation, make.provider()
    two_roles = make.person(Role.QUALITY_OFFICER, home)
    make.add_role(two_roles, Role.DIRECTOR, home)
    in_team = make.person(Role.COORDINATING_INSPECTOR, make.inspectorate())
    people = {
        "officer": make.actor(make.person(Role.QUALITY_OFFICER, home)),
        "director": make.actor(make.person(Role.DIRECTOR, home)),
        "both": make.actor(two_roles),
        "council": make.actor(make.person(Role.COUNCIL_MEMBER, home)),
        "other officer": make.actor(make.person(Role.QUALITY_OFFICER, other)),
        "other director": make.actor(make.person(Role.DIRECTOR, other)),
        "inspector outside": make.actor(make.person(Role.INSPECTOR, make.inspectorate())),
        "coordinator": make.actor(make.person(Role.COORDINATING_INSPECTOR, make.inspectorate())),
        "coordinator in team": make.actor(in_team),
        "care office": make.actor(make.person(Role.CARE_OFFICE_OFFICER, make.care_office())),
        "portal": make.actor(make.person(Role.PORTAL_ADMIN, make.portal())),
        "nobody": ANONYMOUS,
        "system": SYSTEM,
    }
    if isinstance(subject, Visit):
        people["lead"] = make.lead(subject)
        make.member(subject, in_team)
    return people


def attempt(machine: Machine, pk: int, action: str, by: Actor) -> str:
    """What comes of a try, undone afterwards: 'open' when taken or only something is still missing."""
    try:
        with transaction.atomic():
            machine.perform(pk, action, by=by, note="Een reden")
            transaction.set_rollback(True)
    except PermissionDenied:
        return "denied"
    except WrongState:
        return "wrong state"
    except NotReady:
        pass
    return "open"


def expected(table: dict, action: str, state: str, name: str) -> str:
    sources, allowed = table[action]
    if name not in allowed:
        return "denied"
    return "open" if state in sources else "wrong state"


def check_every_action(machine: Machine, table: dict, state: str, subject: Any) -> None:
    everybody = actors(subject)
    for name, by in everybody.items():
        found = {action: attempt(machine, subject.pk, action, by) for action in machine.steps}
        assert found == {action: expected(table, action, state, name) for action in table}, name
        buttons = {choice.action for choice in machine.available(subject, by)}
        offered = {action for action, step in machine.steps.items() if step.offered(subject)}
        assert buttons == offered & {action for action, outcome in found.items() if outcome == "open"}, name


@pytest.mark.parametrize("state", R.values)
def test_every_action_of_everybody_on_a_revision(editions, state):
    revision = REVISION_STATES[state]()
    revision.refresh_from_db()
    assert revision.status == state
    check_every_action(REVISION, REVISION_TABLE, state, revision)


@pytest.mark.parametrize("state", V.values)
def test_every_action_of_everybody_on_a_visit(editions, state):
    visit = VISIT_STATES[state]()
    visit.refresh_from_db()
    assert visit.status == state
    check_every_action(VISIT, VISIT_TABLE, state, visit)


def test_the_tables_name_every_step_and_its_states():
    for machine, table in ((REVISION, REVISION_TABLE), (VISIT, VISIT_TABLE)):
        assert {name: set(step.sources) for name, step in machine.steps.items()} == {
            name: sources for name, (sources, _) in table.items()
        }


# --- the course of a revision


def history(subject: Revision | Visit) -> list[tuple[str, str, str, str]]:
    return list(subject.events.values_list("action", "old_status", "new_status", "roles"))


def test_a_revision_is_offered_returned_and_handed_in(editions):
    revision = make.answered_revision()
    officer, director = make.quality_officer(revision.organisation), make.director(revision.organisation)
    REVISION.perform(revision.pk, "offer", by=officer)
    REVISION.perform(revision.pk, "return", by=director, note="  Vul W2 aan.  ")
    revision.refresh_from_db()
    assert revision.status == R.DRAFT
    REVISION.perform(revision.pk, "offer", by=officer)
    make.sign(revision.pk, 2022, by=director)
    revision.refresh_from_db()
    assert (revision.status, revision.offered_by, revision.adopted_by) == (
        R.SUBMITTED,
        officer.user,
        director.user,
    )
    assert not revision.same_person
    assert history(revision) == [
        ("offer", "draft", "to_adopt", "quality_officer"),
        ("return", "to_adopt", "draft", "director"),
        ("offer", "draft", "to_adopt", "quality_officer"),
        ("submit", "to_adopt", "submitted", "director"),
    ]
    returned = revision.events.get(action="return")
    assert (returned.note, returned.by, returned.by_organisation) == (
        "Vul W2 aan.",
        director.user,
        revision.organisation,
    )


def test_one_person_may_offer_and_adopt_and_that_is_recorded(editions):
    revision = make.answered_revision()
    person = make.person(Role.QUALITY_OFFICER, revision.organisation)
    make.add_role(person, Role.DIRECTOR, revision.organisation)
    make.take(revision, "offer", "submit", by=make.actor(person))
    revision.refresh_from_db()
    assert revision.same_person
    assert (revision.content or {})["same_person"] is True
    assert [roles for *_, roles in history(revision)] == ["director,quality_officer"] * 2


def test_an_empty_account_is_not_offered(editions):
    revision = make.draft_revision()
    officer = make.quality_officer(revision.organisation)
    with pytest.raises(NotReady, match="ten minste één vraag"):
        REVISION.perform(revision.pk, "offer", by=officer)
    make.answer(revision, make.item("W1"), "unknown")
    with pytest.raises(NotReady):
        REVISION.perform(revision.pk, "offer", by=officer)
    make.answer(revision, make.item("W1.1"), "no")
    REVISION.perform(revision.pk, "offer", by=officer)


def test_a_supplement_replaces_the_old_revision_when_it_is_handed_in(editions):
    old = make.submitted_revision()
    officer, director = make.quality_officer(old.organisation), make.director(old.organisation)
    REVISION.perform(old.pk, "supplement", by=officer)
    with pytest.raises(NotReady, match="al een nieuwe versie"):
        REVISION.perform(old.pk, "supplement", by=officer)
    new = Revision.objects.get(number=2)
    old.refresh_from_db()
    assert (old.status, new.status) == (R.SUBMITTED, R.DRAFT)
    before = old.sha256
    REVISION.perform(new.pk, "offer", by=officer)
    make.sign(new.pk, 2022, by=director)
    old.refresh_from_db()
    assert (old.status, old.sha256) == (R.SUPERSEDED, before)
    assert history(old)[-2:] == [
        ("supplement", "submitted", "submitted", "quality_officer"),
        ("supersede", "submitted", "superseded", "director"),
    ]


# --- the course of a visit


def test_the_whole_course_writes_one_event_a_step(editions):
    account = make.submitted_revision()
    visit = make.published_visit(account.organisation)
    assert visit.revision == account
    assert history(visit) == [
        ("plan", "", "planned", "inspector"),
        ("declare", "planned", "planned", "inspector"),
        ("conduct", "planned", "conducted", "inspector"),
        ("compose", "conducted", "drafting", "inspector"),
        ("send_concept", "drafting", "at_provider", "inspector"),
        ("deliver", "at_provider", "at_provider", "quality_officer"),
        ("submit_reaction", "at_provider", "reacted", "quality_officer"),
        ("process", "reacted", "processed", "inspector"),
        ("settle", "processed", "settled", "coordinating_inspector"),
        ("decide", "settled", "decided", "coordinating_inspector"),
        ("publish", "decided", "published", "system"),
    ]
    frozen = dict(visit.events.exclude(version=None).values_list("action", "version__version"))
    assert frozen == {"send_concept": "0.1", "settle": "1.0"}
    clock = visit.events.get(action="publish")
    assert (clock.by, clock.by_organisation) == (None, None)
    assert visit.publication.published_at is not None


@pytest.mark.parametrize("handed_in", ["before planning", "before the visit"])
def test_the_account_beside_a_visit_is_that_of_the_latest_year(editions, handed_in):
    provider = make.provider()
    visit = make.planned_visit(provider) if handed_in == "before the visit" else None
    latest = make.submitted_revision(provider, year=2025)
    make.submitted_revision(provider, year=2024)  # later, over an earlier year
    visit = visit or make.planned_visit(provider)
    assert make.step(visit, "conduct", make.lead(visit)).revision == latest


def test_what_a_concept_needs_the_report_needs_too(editions):
    visit = make.reacted_visit(remarks=0)
    make.passage(visit, "summary", "")
    with pytest.raises(NotReady, match="In het kort"):
        make.step(visit, "process", make.lead(visit))


def test_a_visit_is_not_conducted_before_its_day(editions):
    visit = make.planned_visit(starts_on=timezone.localdate() + timedelta(days=1))
    with pytest.raises(NotReady, match="begint pas op"):
        make.step(visit, "conduct", make.lead(visit))


def test_conducting_takes_the_account_that_came_after_planning(editions):
    visit = make.planned_visit()
    assert visit.revision is None
    account = make.submitted_revision(visit.organisation)
    assert make.step(visit, "conduct", make.lead(visit)).revision == account


def test_a_concept_needs_a_judgement_with_reason_on_every_item(editions):
    visit = make.conducted_visit()
    make.step(visit, "compose", make.lead(visit))
    make.passage(visit, "summary", "Kort.")
    make.judge(visit, "W1")
    make.judge(visit, "W2", reason="")
    make.judge(visit, "W3", common=False)
    with pytest.raises(NotReady, match="oordeel met reden vast bij W, W2, W3"):
        make.step(visit, "send_concept", make.lead(visit))
    assert not ConceptVersion.objects.exists()


def test_a_concept_needs_a_summary_and_dates(editions):
    visit = make.drafting_visit()
    Passage.objects.filter(visit=visit, key="must").update(due_on=None)
    with pytest.raises(NotReady, match="een datum bij wat moet beter: W2"):
        make.step(visit, "send_concept", make.lead(visit))
    Passage.objects.filter(visit=visit, key="summary").update(text="")
    with pytest.raises(NotReady, match="In het kort"):
        make.step(visit, "send_concept", make.lead(visit))


def test_the_term_of_the_visit_begins_when_the_concept_is_opened(editions):
    visit = make.drafting_visit()
    Visit.objects.filter(pk=visit.pk).update(reaction_weeks=2)
    visit = make.step(visit, "send_concept", make.lead(visit))
    assert visit.reaction_due is None
    reaction.record_opening(visit.versions.get(), by=make.quality_officer(visit.organisation))
    visit.refresh_from_db()
    assert visit.reaction_due == timezone.localdate() + timedelta(weeks=2)


def test_the_reaction_term_runs_to_the_end_of_its_last_day(editions):
    visit = make.concept_visit()
    today = timezone.localdate()
    Visit.objects.filter(pk=visit.pk).update(reaction_due=today)
    with pytest.raises(NotReady, match="reactietermijn loopt nog"):
        make.step(visit, "close_term", SYSTEM)
    Visit.objects.filter(pk=visit.pk).update(reaction_due=today - timedelta(days=1))
    assert make.step(visit, "close_term", SYSTEM).status == V.REACTED


def test_no_remarks_and_remarks_exclude_each_other(editions):
    visit = make.concept_visit()
    officer = make.quality_officer(visit.organisation)
    with pytest.raises(NotReady, match="Geen opmerkingen"):
        make.step(visit, "submit_reaction", officer)
    make.remark(visit)
    with pytest.raises(NotReady, match="al opmerkingen"):
        make.step(visit, "no_remarks", officer)
    assert make.step(visit, "submit_reaction", officer).status == V.REACTED


def test_every_remark_is_answered_before_the_reaction_is_processed(editions):
    visit = make.concept_visit()
    make.remark(visit)
    make.step(visit, "submit_reaction", make.quality_officer(visit.organisation))
    with pytest.raises(NotReady, match="eerst de opmerking"):
        make.step(visit, "process", make.lead(visit))
    two = make.concept_visit()
    make.remark(two)
    make.remark(two, "W2-1", "En nog iets.")
    make.step(two, "submit_reaction", make.quality_officer(two.organisation))
    with pytest.raises(NotReady, match="alle 2 opmerkingen"):
        make.step(two, "process", make.lead(two))


def test_who_judged_does_not_settle_even_after_leaving_the_team(editions):
    visit = make.conducted_visit()
    coordinator = make.actor(make.person(Role.COORDINATING_INSPECTOR, make.inspectorate()))
    make.member(visit, coordinator.person)
    make.judge(visit, "W1", common=False, by=coordinator)
    visit.members.filter(user=coordinator.person).delete()
    Visit.objects.filter(pk=visit.pk).update(status=V.PROCESSED)
    for action in ("settle", "reopen"):
        with pytest.raises(PermissionDenied):
            make.step(visit, action, coordinator, "Een reden")
    assert Judgement.objects.filter(author=coordinator.user).exists()
    fresh = make.actor(make.person(Role.COORDINATING_INSPECTOR, make.inspectorate()))
    assert make.step(visit, "reopen", fresh, "Vul de gronden aan.").status == V.REACTED


def test_the_waiting_time_is_configuration(editions, settings):
    settings.PUBLICATION_WAIT_DAYS = 14
    visit = make.decided_visit()
    start = timezone.localtime(visit.publication.publish_at)
    assert start.date() == timezone.localdate() + timedelta(days=14)
    assert (start.hour, start.minute) == (0, 0)
    with pytest.raises(NotReady, match="wachttijd loopt nog"):
        make.step(visit, "publish", SYSTEM)
    settings.PUBLICATION_WAIT_DAYS = 0
    assert make.step(make.decided_visit(), "publish", SYSTEM).status == V.PUBLISHED


@pytest.mark.parametrize("state", [V.DECIDED, V.PUBLISHED])
def test_a_suspension_returns_to_where_it_came_from(editions, state):
    visit = VISIT_STATES[state]()
    coordinator = make.coordinator()
    visit = make.step(visit, "suspend", coordinator, "Uitspraak van de rechter")
    assert (visit.status, visit.suspended_from) == (V.SUSPENDED, state)
    assert not Visit.objects.public().filter(pk=visit.pk).exists()
    visit = make.step(visit, "resume", coordinator, "Het beroep is ongegrond")
    assert (visit.status, visit.suspended_from) == (state, "")


def test_withdrawing_ends_the_publication(editions):
    for visit in (withdrawn(), make.step(suspended(), "withdraw", make.coordinator(), "Na bezwaar")):
        assert (visit.status, visit.suspended_from) == (V.WITHDRAWN, "")
        assert Publication.objects.get(visit=visit).ended_at is not None


def test_a_report_stays_online_five_years(editions):
    visit = make.published_visit()
    with pytest.raises(NotReady, match="vijf jaar"):
        make.step(visit, "take_offline", SYSTEM)


NEED_NOTE = {"return", "recall", "reopen", "suspend", "resume", "withdraw", "cancel"}


def test_which_steps_need_a_reason():
    steps = {**REVISION.steps, **VISIT.steps}
    assert {name for name, step in steps.items() if step.needs_note} == NEED_NOTE


def test_spaces_are_no_reason_and_nothing_is_written(editions):
    visit = make.planned_visit()
    known = VisitEvent.objects.filter(visit=visit).count()
    with pytest.raises(NotReady, match="reden"):
        make.step(visit, "cancel", make.lead(visit), " \n ")
    visit.refresh_from_db()
    assert visit.status == V.PLANNED
    assert VisitEvent.objects.filter(visit=visit).count() == known


def test_a_step_taken_twice_gives_one_event(editions):
    revision = make.offered_revision()
    director = make.director(revision.organisation)
    make.sign(revision.pk, 2022, by=director)
    with pytest.raises(WrongState, match="Ingediend"):
        make.sign(revision.pk, 2022, by=director)
    assert RevisionEvent.objects.filter(revision=revision, action="submit").count() == 1


# --- hooks


@contextmanager
def hooked(hook: Callable[[VisitEvent], None]) -> Iterator[None]:
    VISIT.hooks.append(hook)
    try:
        yield
    finally:
        VISIT.hooks.remove(hook)


def test_a_hook_sees_the_event_and_its_version(editions):
    seen: list[VisitEvent] = []
    with hooked(seen.append):
        visit = make.concept_visit()
    assert [event.action for event in seen] == ["conduct", "compose", "send_concept"]
    assert seen[-1].version == visit.versions.get()


def test_a_failing_hook_undoes_the_step(editions):
    visit = make.drafting_visit()

    def refuse(event: VisitEvent) -> None:
        raise RuntimeError("no room")

    with hooked(refuse), pytest.raises(RuntimeError), transaction.atomic():
        make.step(visit, "send_concept", make.lead(visit))
    visit.refresh_from_db()
    assert visit.status == V.DRAFTING
    assert not ConceptVersion.objects.exists()
    assert not VisitEvent.objects.filter(action="send_concept").exists()
