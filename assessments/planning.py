"""Planning a visit, and changing the plan: its days, places, team and choices, and who coordinates it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from assessments import judging, permissions, preparation_text, report_text, visit_mail
from assessments.errors import WrongState
from assessments.models import Judgement, Passage, Revision, Visit, VisitEvent, VisitMember
from assessments.report_text import visit_days
from assessments.values import clean_text
from assessments.workflow import VISIT
from norms.models import FrameworkVersion, Item
from providers import audit
from providers.actor import Actor
from providers.models import Location, Organisation, User
from wlzthuis.isolation import as_system

FIRST_NUMBER = 1_000_001
_NUMBER_LOCK = 7_140_001
# What changes a plan; the newest of these is the mark of the plan that a form shows.
PLANNING = ("plan", "move", "change", "relocate", "announce", "hand_over", "conflict")
S = Visit.Status
# With these nothing is left for the team to do.
CLOSED = (S.PUBLISHED, S.WITHDRAWN, S.OFFLINE, S.CANCELLED)
OPEN = tuple(status for status in S if status not in CLOSED)
# From these on it is certain what fell short.
FOLLOWED = (S.SETTLED, S.DECIDED, S.SUSPENDED, S.PUBLISHED, S.OFFLINE)


class StalePlan(Exception):
    """A colleague changed the plan in between: `events`, oldest first. Nothing was written."""

    def __init__(self, events: Sequence[VisitEvent]) -> None:
        self.events = events


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
    own_score_hidden: bool = False,
    judged_apart: bool = False,
    follows: Visit | None = None,
    items: Iterable[Item] = (),
    by: Actor,
) -> Visit:
    """A planned visit, pinned to the newest handed-in account; who plans it is in its team and coordinates.

    `items` narrows what is judged (a follow-up). The same plan sent twice is one visit.
    """
    if not permissions.can_plan(by):
        raise PermissionDenied
    if follows and (follows.organisation_id != provider.pk or follows.status not in FOLLOWED):
        raise WrongState(follows.get_status_display())
    locations, items = list(locations), list(items)
    number = _next_number()
    twin = Visit.objects.filter(
        organisation=provider,
        status=S.PLANNED,
        announced=announced,
        starts_on=starts_on,
        ends_on=ends_on,
        focus=focus,
        follows=follows,
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
        own_score_hidden=own_score_hidden,
        judged_apart=judged_apart,
        follows=follows,
        reaction_weeks=settings.REACTION_TERM_WEEKS,
        created_by=by.person,
    )
    visit.locations.set(locations)
    visit.editions.set(editions)
    visit.items.set(items)
    VisitMember.objects.bulk_create(
        VisitMember(visit=visit, user=user, coordinates=user == by.person) for user in {by.person, *team}
    )
    event = _log(visit, "plan", by=by, internal=not announced)
    if announced:
        visit_mail.tell("visit_announced", visit, moment=visit_mail.of_event(event))
    return visit


def _next_number() -> str:
    """V and seven digits; an advisory lock keeps two planners apart until commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBER_LOCK])
    last = Visit.objects.aggregate(last=Max("number"))["last"]
    return f"V{int(last[1:]) + 1 if last else FIRST_NUMBER}"


def _log(visit: Visit, action: str, *, by: Actor, internal: bool = True, **event: Any) -> VisitEvent:
    """An event of the plan. Not about the provider in the log: that may not read that it will be visited."""
    written: VisitEvent = VISIT.record(
        visit, action, by=by, old_status="" if action == "plan" else visit.status, internal=internal, **event
    )
    audit.record(f"visit_{action}", by=by, obj=visit)
    return written


def fell_short(visit: Visit) -> list[Item]:
    """What a follow-up takes: judged in the lower half of its scale, or with a point that must be better."""
    given = Judgement.objects.filter(visit=visit, author=None).exclude(level="")
    levels = dict(given.values_list("item", "level"))
    points = Passage.objects.filter(visit=visit, key="must").exclude(text="")
    must = set(points.values_list("item", flat=True))
    return [
        item
        for item in report_text.judged_items(visit)
        if item.pk in must or _is_low(item, levels.get(item.pk, ""))
    ]


def _is_low(item: Item, level: str) -> bool:
    ranks = {row.code: row.rank for row in item.version.scale.levels.all() if row.rank is not None}
    return level in ranks and ranks[level] <= max(ranks.values()) / 2


# --- changing it


def mark(visit: Visit) -> int:
    """What tells the plan that is shown from a newer one."""
    newest = visit.events.filter(action__in=PLANNING).aggregate(newest=Max("pk"))["newest"]
    return newest or 0


def _locked(visit_id: int, by: Actor, *statuses: str) -> Visit:
    visit = Visit.objects.select_for_update(no_key=True, of=("self",)).get(pk=visit_id)
    if not permissions.can_change_plan(by, visit):
        raise PermissionDenied
    if visit.status not in statuses:
        raise WrongState(visit.get_status_display())
    return visit


def _check_fresh(visit: Visit, seen: int) -> None:
    events = visit.events.filter(action__in=PLANNING, pk__gt=seen).select_related("by")
    if newer := list(events.order_by("pk")):
        raise StalePlan(newer)


@transaction.atomic
def move(visit_id: int, starts_on: date, ends_on: date, reason: str, seen: int, *, by: Actor) -> Visit:
    """Other days, with the inspectorate's own reason; a provider that knows of the visit hears of them.

    `seen` is the mark of the plan that was shown. Raises PermissionDenied, WrongState, ValidationError or
    StalePlan. The days that it already has change nothing.
    """
    visit = _locked(visit_id, by, S.PLANNED)
    if (visit.starts_on, visit.ends_on) == (starts_on, ends_on):
        return visit
    _check_fresh(visit, seen)
    reason = clean_text(reason)
    if not reason:
        raise ValidationError({"reason": "Schrijf waarom u het bezoek verzet."})
    before = visit_days(visit)
    visit.starts_on, visit.ends_on = starts_on, ends_on
    visit.save(update_fields=["starts_on", "ends_on"])
    changed = {"days": [before, visit_days(visit)]}
    event = _log(visit, "move", by=by, internal=not visit.announced, note=reason, changed=changed)
    if visit.announced:
        visit_mail.tell("visit_moved", visit, moment=visit_mail.of_event(event), before=before)
    return visit


@dataclass(frozen=True)
class Changes:
    """What the plan of a visit becomes. The coordinator is in the team, whether named in it or not."""

    locations: Sequence[Location]
    team: Sequence[User]
    coordinator: User
    announced: bool
    focus: str
    own_score_hidden: bool
    judged_apart: bool


@transaction.atomic
def change(visit_id: int, new: Changes, seen: int, *, by: Actor) -> Visit:
    """Another plan until the visit took place. Raises PermissionDenied, WrongState, ValidationError by field
    or StalePlan.

    A visit that the provider knows of stays announced. How is judged stands once somebody judged.
    """
    visit = _locked(visit_id, by, S.PLANNED)
    inside = _change_of_team(visit, new) | _change_of_choices(visit, new)
    places = _change_of_places(visit, new)
    if not (inside or places or new.announced != visit.announced):
        return visit
    _check_fresh(visit, seen)
    if visit.announced and not new.announced:
        raise ValidationError(
            {"announced": "De aanbieder weet al van het bezoek. Het blijft daarom aangekondigd."}
        )
    if {"own_score_hidden", "judged_apart"} & inside.keys() and has_judgements(visit):
        raise ValidationError(
            "Er is al geoordeeld. Hoe u oordeelt, kunt u daarom niet meer veranderen. Zet die keuze terug."
        )
    was_announced = visit.announced
    visit.announced, visit.focus = new.announced, new.focus
    visit.own_score_hidden, visit.judged_apart = new.own_score_hidden, new.judged_apart
    visit.save(update_fields=["announced", "focus", "own_score_hidden", "judged_apart"])
    visit.locations.set(new.locations)
    _set_team(visit, {new.coordinator, *new.team}, new.coordinator)
    if inside:
        _log(visit, "change", by=by, changed=inside)
    if places:
        event = _log(visit, "relocate", by=by, internal=not was_announced, changed=places)
        if was_announced:
            before, after = places["locations"]
            moment = visit_mail.of_event(event)
            visit_mail.tell("visit_relocated", visit, moment=moment, before=before, after=after)
    if visit.announced and not was_announced:
        event = _log(visit, "announce", by=by, internal=False)
        visit_mail.tell("visit_announced", visit, moment=visit_mail.of_event(event))
    return visit


@as_system()
def has_judgements(visit: Visit) -> bool:
    """Whether anybody judged. As the system: of who judges apart a colleague sees nothing."""
    return Judgement.objects.filter(visit=visit).exclude(level="").exists()


def _change_of_team(visit: Visit, new: Changes) -> dict[str, list[str]]:
    members = list(visit.members.select_related("user"))
    changed = {}
    if {member.user for member in members} != {new.coordinator, *new.team}:
        changed["team"] = [
            _names(member.user.name for member in members),
            _names(user.name for user in {new.coordinator, *new.team}),
        ]
    coordinators = [member.user for member in members if member.coordinates]
    if coordinators != [new.coordinator]:
        changed["coordinator"] = [_names(user.name for user in coordinators), new.coordinator.name]
    return changed


def _change_of_choices(visit: Visit, new: Changes) -> dict[str, list[str]]:
    changed = {}
    for name in ("own_score_hidden", "judged_apart"):
        before, after = getattr(visit, name), getattr(new, name)
        if before != after:
            changed[name] = ["Ja" if before else "Nee", "Ja" if after else "Nee"]
    if visit.focus != new.focus:
        changed["focus"] = [visit.focus, new.focus]
    return changed


def _change_of_places(visit: Visit, new: Changes) -> dict[str, list[str]]:
    before = set(visit.locations.all())
    if before == set(new.locations):
        return {}
    return {"locations": [_names(row.name for row in rows) for rows in (before, new.locations)]}


def _names(names: Iterable[str]) -> str:
    return report_text.join_words(sorted(names))


def _set_team(visit: Visit, team: set[User], coordinator: User) -> None:
    """Who stays keeps the own declaration; who comes has to make one."""
    visit.members.exclude(user__in=team).delete()
    there = set(visit.members.values_list("user", flat=True))
    VisitMember.objects.bulk_create(
        VisitMember(visit=visit, user=user) for user in team if user.pk not in there
    )
    visit.members.filter(coordinates=True).exclude(user=coordinator).update(coordinates=False)
    visit.members.filter(user=coordinator).update(coordinates=True)
    _open_judgements(visit)


def _open_judgements(visit: Visit) -> None:
    """Who judged apart may have waited for somebody who is no longer of the team."""
    if visit.members.exists():
        judging.open_what_all_judged(visit, [item.pk for item in report_text.judged_items(visit)])


@transaction.atomic
def hand_over(visit_id: int, leaver: User, heir: User, seen: int, *, by: Actor) -> Visit:
    """A colleague takes the place of a member, and coordinates if that one did. The heir declares anew.

    Raises PermissionDenied, WrongState or StalePlan.
    """
    visit = _locked(visit_id, by, *OPEN)
    place = visit.members.filter(user=leaver).first()
    if place is None and visit.members.filter(user=heir).exists():
        return visit
    _check_fresh(visit, seen)
    if place is None or leaver == heir:
        raise ValidationError({"leaver": "Kies wie het bezoek overdraagt aan een ander."})
    _replace(visit, place, heir, by)
    return visit


def _replace(visit: Visit, place: VisitMember, heir: User, by: Actor) -> None:
    """Under the lock of the visit. Who was of the team already keeps the own declaration."""
    place.delete()
    taken, _ = VisitMember.objects.get_or_create(visit=visit, user=heir)
    if place.coordinates:
        taken.coordinates = True
        taken.save(update_fields=["coordinates"])
    _open_judgements(visit)
    _log(visit, "hand_over", by=by, changed={"team": [place.user.name, heir.name]})


_LABELS = {
    "days": "Dagen",
    "locations": "Locaties en teams",
    "team": "Team",
    "coordinator": "Coördinator",
    "own_score_hidden": "Eigen oordeel eerst verborgen",
    "judged_apart": "Eerst apart oordelen",
    "focus": "Aanleiding en aandachtspunten",
}


def changes_in_words(event: VisitEvent) -> list[str]:
    """What an event of the plan changed, a sentence each."""
    return [
        f"{_LABELS.get(name, name)}: eerst {before or '‘leeg’'}, nu {after or '‘leeg’'}."
        for name, (before, after) in event.changed.items()
    ]


# --- who has an interest in the provider


def _own_place(visit_id: int, by: Actor) -> tuple[Visit, VisitMember | None]:
    visit = Visit.objects.select_for_update(no_key=True, of=("self",)).get(pk=visit_id)
    if not permissions.can_plan(by):
        raise PermissionDenied
    if visit.status in CLOSED:
        raise WrongState(visit.get_status_display())
    return visit, visit.members.filter(user=by.person).first()


@transaction.atomic
def declare(visit_id: int, *, by: Actor) -> None:
    """A member declares to have no interest in the provider; the words of that day go into the log.

    Raises PermissionDenied or WrongState.
    """
    visit, place = _own_place(visit_id, by)
    if place is None:
        raise PermissionDenied
    if place.no_conflict_at:
        return
    place.no_conflict_at = timezone.now()
    place.save(update_fields=["no_conflict_at"])
    _log(visit, "declare", by=by, note=preparation_text.declaration(timezone.localdate()))


@transaction.atomic
def report_conflict(visit_id: int, *, by: Actor) -> None:
    """A member has an interest in the provider and leaves the team; which interest is not kept.

    Raises PermissionDenied or WrongState. Who left that way already may say it again.
    """
    visit, place = _own_place(visit_id, by)
    if place is None:
        if not visit.events.filter(action="conflict", by=by.person).exists():
            raise PermissionDenied
        return
    place.delete()
    _open_judgements(visit)
    _log(visit, "conflict", by=by, changed={"team": [by.person.name, ""]})


# --- who leaves the inspectorate


def _open_places(user: User) -> QuerySet[VisitMember]:
    return VisitMember.objects.filter(user=user).exclude(visit__status__in=CLOSED)


@as_system()
def open_visits(user: User, inspectorate: Organisation) -> int:
    """On how many visits that still go on somebody is of the team. Also told to who sees no visits."""
    return _open_places(user).count() if inspectorate.kind == Organisation.Kind.INSPECTORATE else 0


@as_system()
def hand_over_all(leaver: User, heir: User, inspectorate: Organisation, by: Actor) -> None:
    """A colleague takes the leaver's place in each team and declares anew. Who judged still cannot settle."""
    if inspectorate.kind != Organisation.Kind.INSPECTORATE:
        return
    held = _open_places(leaver).values("visit")
    visits = Visit.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=held).order_by("pk")
    for visit in visits:
        if place := visit.members.select_related("user").filter(user=leaver).first():
            _replace(visit, place, heir, by)
