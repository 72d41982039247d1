"""Who works for an organisation in which roles: changing that, and leaving."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from providers import audit, leaving
from providers.actor import Actor
from providers.errors import Refused
from providers.models import ROLES_OF_KIND, Membership, Organisation, Role, User
from providers.permissions import MANAGER_OF_KIND, can_manage_people


@dataclass(frozen=True)
class Colleague:
    """A person with the roles of now and later, in the order of Role."""

    user: User
    memberships: tuple[Membership, ...]

    @property
    def mark(self) -> str:
        """Changes when anything about the roles changes."""
        return ",".join(f"{m.pk}:{m.valid_from}:{m.valid_until or ''}" for m in self.memberships)


def held_roles(organisation: Organisation) -> QuerySet[Membership]:
    """Roles that hold today or will."""
    holds = Q(valid_until=None) | Q(valid_until__gte=timezone.localdate())
    return Membership.objects.filter(holds, organisation=organisation)


def colleagues(organisation: Organisation) -> list[Colleague]:
    """Everybody with a role, by name."""
    found: dict[User, list[Membership]] = {}
    for membership in held_roles(organisation).select_related("user").order_by("user__name", "user_id"):
        found.setdefault(membership.user, []).append(membership)
    return [_colleague(user, memberships) for user, memberships in found.items()]


def colleague(organisation: Organisation, user_id: int) -> Colleague | None:
    """One person with a role here."""
    memberships = list(held_roles(organisation).select_related("user").filter(user=user_id))
    return _colleague(memberships[0].user, memberships) if memberships else None


def _colleague(user: User, memberships: Iterable[Membership]) -> Colleague:
    order = Role.values
    return Colleague(user, tuple(sorted(memberships, key=lambda m: (order.index(m.role), m.valid_from))))


@transaction.atomic
def set_roles(
    organisation: Organisation, user: User, wanted: Mapping[str, date | None], *, seen: str, by: Actor
) -> None:
    """Let a colleague hold exactly these roles from now on, each up to and including a day or without end.

    `seen` is the mark of what the person who decides had before her. Raises Refused when that changed, or
    when nobody would manage the organisation any more.
    """
    if not wanted or not set(wanted) <= ROLES_OF_KIND[organisation.kind]:
        raise PermissionDenied
    present = _decide(organisation, user, by)
    if present.mark != seen:
        raise Refused("Een collega wijzigde deze rollen intussen. Kijk ze na en sla opnieuw op.")
    managed_until = _manages_until(organisation, present)
    for membership in present.memberships:
        if membership.role in wanted:
            membership.valid_until = wanted[membership.role]
            membership.save(update_fields=["valid_until"])
        else:
            _end(membership, _yesterday())
    kept = {membership.role for membership in present.memberships}
    for role, until in wanted.items():
        if role not in kept:
            Membership.objects.create(user=user, organisation=organisation, role=role, valid_until=until)
    _require_manager(organisation, user, managed_until)
    audit.record("roles_changed", by=by, about=organisation.pk, obj=user)


@transaction.atomic
def leave(
    organisation: Organisation, user: User, *, last_day: date | None, heir: User | None, by: Actor
) -> None:
    """End all roles: at once, or after a last day. Open work goes to `heir` at once.

    Raises Refused when work lies open and nobody takes it, or when nobody would manage the organisation.
    """
    present = _decide(organisation, user, by)
    managed_until = _manages_until(organisation, present)
    if heir:
        if heir == user or not held_roles(organisation).filter(user=heir).exists():
            raise PermissionDenied
        leaving.hand_over(user, heir, organisation, by=by)
    elif leaving.open_work(user, organisation):
        raise Refused("Kies wie het open werk overneemt.")
    for membership in present.memberships:
        _end(membership, last_day or _yesterday())
    _require_manager(organisation, user, managed_until)
    audit.record("member_left", by=by, about=organisation.pk, obj=user)


def _decide(organisation: Organisation, user: User, by: Actor) -> Colleague:
    """The colleague, while nobody else decides about the people of this organisation."""
    if not can_manage_people(by, organisation):
        raise PermissionDenied
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    present = colleague(organisation, user.pk)
    if present is None:
        raise Refused(f"{user} werkt niet meer voor {organisation}.")
    return present


def _end(membership: Membership, last_day: date) -> None:
    """Let a role end after a day. One that began later never held."""
    if membership.valid_until and membership.valid_until < last_day:
        return
    membership.valid_from = min(membership.valid_from, last_day)
    membership.valid_until = last_day
    membership.save(update_fields=["valid_from", "valid_until"])


def _yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)


def _manages_until(organisation: Organisation, present: Colleague | None) -> date | None:
    """The last day on which this person may manage the organisation; None when she may not."""
    role = MANAGER_OF_KIND[organisation.kind]
    held = [m for m in present.memberships if m.role == role] if present else []
    return max((m.valid_until or date.max for m in held), default=None)


def _require_manager(organisation: Organisation, user: User, before: date | None) -> None:
    """Who stops managing earlier than she would have, leaves somebody who manages on the day after."""
    after = _manages_until(organisation, colleague(organisation, user.pk))
    if before is None or (after is not None and after >= before):
        return
    role = MANAGER_OF_KIND[organisation.kind]
    day = after + timedelta(days=1) if after else timezone.localdate()
    others = Membership.objects.on(day).filter(organisation=organisation, role=role, user__is_active=True)
    if not others.exists():
        raise Refused(
            f"{organisation} heeft dan geen {Role(role).label.lower()} meer. "
            "Nodig eerst een opvolger uit, of geef een collega deze rol."
        )
