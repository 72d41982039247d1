"""Writes of a visit outside its course: planning it, and the factual remarks."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from assessments import permissions, report_text
from assessments.errors import WrongState
from assessments.models import ConceptVersion, FactualRemark, Revision, Visit, VisitEvent, VisitMember
from assessments.values import clean_text
from norms.models import FrameworkVersion
from providers import audit
from providers.actor import Actor
from providers.models import Location, Organisation, User
from wlzthuis.isolation import as_system

FIRST_NUMBER = 1_000_001
_NUMBER_LOCK = 7_140_001


# With these nothing is left for the team to do.
CLOSED = (Visit.Status.PUBLISHED, Visit.Status.WITHDRAWN, Visit.Status.OFFLINE, Visit.Status.CANCELLED)


@transaction.atomic
def plan_visit(
    *,
    provider: Organisation,
    locations: Iterable[Location],
    editions: Iterable[FrameworkVersion],
    team: Iterable[User],
    announced: bool,
    starts_on: date,
    ends_on: date,
    focus: str = "",
    by: Actor,
) -> Visit:
    """A planned visit with its team (the planner is always in it), pinned to the newest handed-in account.

    The same plan sent twice is one visit.
    """
    if not permissions.can_plan(by):
        raise PermissionDenied
    locations = list(locations)
    number = _next_number()
    twin = Visit.objects.filter(
        organisation=provider,
        status=Visit.Status.PLANNED,
        announced=announced,
        starts_on=starts_on,
        ends_on=ends_on,
        focus=focus,
        created_by=by.person,
    ).first()
    if twin and set(twin.locations.all()) == set(locations):
        return twin
    visit = Visit.objects.create(
        number=number,
        organisation=provider,
        revision=Revision.objects.newest_account(provider.pk),
        announced=announced,
        starts_on=starts_on,
        ends_on=ends_on,
        focus=focus,
        reaction_weeks=settings.REACTION_TERM_WEEKS,
        created_by=by.person,
    )
    visit.locations.set(locations)
    visit.editions.set(editions)
    members = {by.person, *team}
    VisitMember.objects.bulk_create(VisitMember(visit=visit, user=user) for user in members)
    VisitEvent.objects.create(
        organisation=provider,
        visit=visit,
        action="plan",
        by=by.person,
        by_organisation=by.organisation,
        roles=",".join(sorted(by.roles)),
        new_status=visit.status,
    )
    # Not about the provider: it may not read that it will be visited.
    audit.record("visit_planned", by=by, obj=visit)
    return visit


def _next_number() -> str:
    """V and seven digits; an advisory lock keeps two planners apart until commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBER_LOCK])
    last = Visit.objects.aggregate(last=Max("number"))["last"]
    return f"V{int(last[1:]) + 1 if last else FIRST_NUMBER}"


@transaction.atomic
def save_remark(visit_id: int, passage: str, text: str, *, by: Actor) -> FactualRemark:
    """A remark of the provider on one passage of the concept it was sent; the same one twice is one."""
    visit = _reactable(visit_id, by)
    version = visit.versions.filter(kind=ConceptVersion.Kind.CONCEPT).latest("created_at")
    known = {place["key"] for place in report_text.passages_of(version.content)}
    if passage not in known:
        raise ValidationError("Kies de passage waarover het gaat.")
    text = clean_text(text)
    if not text:
        raise ValidationError("Schrijf wat er niet klopt, en wat er volgens u wel moet staan.")
    remark, _ = FactualRemark.objects.get_or_create(
        visit=visit,
        version=version,
        passage=passage,
        text=text,
        defaults={"organisation_id": visit.organisation_id, "author": by.person},
    )
    return remark


@transaction.atomic
def delete_remark(remark: FactualRemark, *, by: Actor) -> None:
    """Take back a remark that was not sent yet."""
    _reactable(remark.visit_id, by)
    remark.delete()


def _reactable(visit_id: int, by: Actor) -> Visit:
    visit = Visit.objects.select_for_update(no_key=True).get(pk=visit_id)
    if not permissions.can_react(by, visit):
        raise PermissionDenied
    if visit.status != Visit.Status.AT_PROVIDER:
        raise WrongState(visit.get_status_display())
    return visit


class StaleAnswer(Exception):
    """A colleague answered this remark in between; `current` is that row. Nothing was written."""

    def __init__(self, current: FactualRemark) -> None:
        self.current = current


@transaction.atomic
def answer_remark(remark_id: int, verdict: str, answer: str, *, by: Actor, seen: str = "") -> FactualRemark:
    """The team's answer to a remark: a verdict with its reason. `seen` is the mark of the answer it replaces.

    Raises PermissionDenied, WrongState, ValidationError by field, or StaleAnswer.
    """
    visit_id = FactualRemark.objects.values_list("visit", flat=True).get(pk=remark_id)
    visit = Visit.objects.select_for_update(no_key=True).get(pk=visit_id)
    if not permissions.can_record(by, visit):
        raise PermissionDenied
    if visit.status != Visit.Status.REACTED:
        raise WrongState(visit.get_status_display())
    answer = clean_text(answer)
    if verdict not in FactualRemark.Verdict.values:
        raise ValidationError({"verdict": "Kies of u de opmerking overneemt."})
    if not answer:
        raise ValidationError({"answer": "Schrijf waarom."})
    remark = FactualRemark.objects.select_related("answered_by").get(pk=remark_id)
    if (remark.verdict, remark.answer) == (verdict, answer):
        return remark
    if answer_mark(remark) != seen:
        raise StaleAnswer(remark)
    remark.verdict, remark.answer = verdict, answer
    remark.answered_by, remark.answered_at = by.person, timezone.now()
    remark.save()
    return remark


def answer_mark(remark: FactualRemark) -> str:
    """What tells one answer to a remark from the next; '' while there is none."""
    return remark.answered_at.isoformat() if remark.answered_at else ""


COUNTS = ("interviews", "records", "home_visits", "documents")


class StaleCounts(Exception):
    """A colleague counted differently in between; `current` holds the numbers of those fields."""

    def __init__(self, current: dict[str, int]) -> None:
        self.current = current


@transaction.atomic
def save_counts(visit_id: int, counts: dict[str, int], seen: dict[str, int], *, by: Actor) -> None:
    """How many talks, records, homes and documents; only numbers that differ from those seen are written."""
    visit = Visit.objects.select_for_update(no_key=True).get(pk=visit_id)
    if not permissions.can_record(by, visit):
        raise PermissionDenied
    if visit.status not in Visit.CORRECTING:
        raise WrongState(visit.get_status_display())
    changed = {name: counts[name] for name in COUNTS if counts[name] != seen[name]}
    stale = {
        name: getattr(visit, name)
        for name in changed
        if getattr(visit, name) not in (seen[name], changed[name])
    }
    if stale:
        raise StaleCounts(stale)
    for name, number in changed.items():
        setattr(visit, name, number)
    visit.save(update_fields=[*changed])


def record_opening(version: ConceptVersion, *, by: Actor) -> None:
    """Note when the provider first opened the concept; once."""
    if by.organisation_id == version.organisation_id:
        ConceptVersion.objects.filter(pk=version.pk, opened_at=None).update(opened_at=timezone.now())


def _open_places(user: User) -> QuerySet[VisitMember]:
    return VisitMember.objects.filter(user=user).exclude(visit__status__in=CLOSED)


@as_system()
def open_visits(user: User, inspectorate: Organisation) -> int:
    """On how many visits that still go on somebody is of the team. Also told to who sees no visits."""
    return _open_places(user).count() if inspectorate.kind == Organisation.Kind.INSPECTORATE else 0


@as_system()
def hand_over(leaver: User, heir: User, inspectorate: Organisation) -> None:
    """A colleague takes the leaver's place in each team. Who judged still cannot settle."""
    if inspectorate.kind != Organisation.Kind.INSPECTORATE:
        return
    places = _open_places(leaver)
    places.filter(visit__members__user=heir).delete()
    places.update(user=heir)
