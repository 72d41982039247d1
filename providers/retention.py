"""How long rows about people are kept, and their removal when that time is over.

What organisations handed in, visits, reports and their history are a record: nothing removes them here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from providers import audit
from providers.actor import Actor
from providers.errors import Refused
from providers.models import (
    Application,
    Import,
    Invitation,
    LegalHold,
    Mail,
    Membership,
    Organisation,
    Removal,
    Role,
    User,
)
from wlzthuis.isolation import as_system

GONE = "Vertrokken medewerker"


@dataclass(frozen=True)
class Rule:
    """`old` finds what ended before a moment; `remove` takes those rows away and gives their number."""

    kind: str
    label: str
    why: str
    old: Callable[[datetime], QuerySet[Any]]
    remove: Callable[[QuerySet[Any]], int]

    @property
    def days(self) -> int:
        """How long rows are kept after they ended; 0 keeps them for good."""
        return settings.RETENTION_DAYS[self.kind]

    @property
    def term(self) -> str:
        """The same, as people say it."""
        if self.days == 0:
            return "blijvend"
        if self.days >= 2 * 365:
            return f"{round(self.days / 365.25)} jaar"
        return "1 dag" if self.days == 1 else f"{self.days} dagen"


def _held(column: str = "organisation") -> Exists:
    return Exists(LegalHold.objects.filter(lifted_at=None, organisation=OuterRef(column)))


def _mails(before: datetime) -> QuerySet[Any]:
    return Mail.objects.filter(Q(sent_at__lt=before) | Q(failed_at__lt=before)).exclude(_held())


def _invitations(before: datetime) -> QuerySet[Any]:
    ended = Q(accepted_at__lt=before) | Q(withdrawn_at__lt=before)
    lapsed = Q(accepted_at=None, withdrawn_at=None, expires_at__lt=before)
    return Invitation.objects.filter(ended | lapsed).exclude(_held())


def _applications(before: datetime) -> QuerySet[Any]:
    return Application.objects.filter(status=Application.Status.REFUSED, handled_at__lt=before)


def _imports(before: datetime) -> QuerySet[Any]:
    return Import.objects.filter(created_at__lt=before).exclude(_held())


def _people(before: datetime) -> QuerySet[Any]:
    """Who left every organisation, or never had one, that long ago."""
    lately = Membership.objects.filter(user=OuterRef("pk")).filter(
        Q(valid_until=None) | Q(valid_until__gte=timezone.localdate(before))
    )
    held = LegalHold.objects.filter(lifted_at=None, organisation__memberships__user=OuterRef("pk"))
    gone = User.objects.filter(date_joined__lt=before).exclude(name=GONE)
    return gone.exclude(Exists(lately)).exclude(Exists(held))


def _sessions(before: datetime) -> QuerySet[Any]:
    return Session.objects.filter(expire_date__lt=before)


def _delete(rows: QuerySet[Any]) -> int:
    """Counts the rows themselves, not what hangs under them."""
    name = rows.model._meta.label
    return rows.delete()[1].get(name, 0)


def _forget(people: QuerySet[Any]) -> int:
    """The row stays, because history points at it; nothing in it says any longer who it was."""
    found = list(people)
    for user in found:
        user.name, user.email, user.is_active = GONE, f"vertrokken-{user.pk}@weg.invalid", False
        user.set_unusable_password()
        user.save()
        for related in ("emailaddress_set", "authenticator_set", "socialaccount_set"):
            getattr(user, related).all().delete()
    return len(found)


RULES = [
    Rule("mails", "Verstuurde e-mails", "Om na te gaan of een bericht is verstuurd.", _mails, _delete),
    Rule(
        "invitations",
        "Uitnodigingen die zijn gebruikt of verlopen",
        "Om na te gaan wie wie toegang gaf.",
        _invitations,
        _delete,
    ),
    Rule(
        "applications",
        "Afgewezen aanmeldingen",
        "Om vragen over de afwijzing te beantwoorden.",
        _applications,
        _delete,
    ),
    Rule("imports", "Bestanden van imports", "Om een import te kunnen controleren.", _imports, _delete),
    Rule(
        "people",
        "Namen van wie nergens meer werkt",
        "Om te weten wie een antwoord of oordeel gaf.",
        _people,
        _forget,
    ),
    Rule("sessions", "Verlopen sessies", "Om ingelogd te blijven.", _sessions, _delete),
]


def remove_old() -> dict[str, int]:
    """Remove what was kept long enough, each kind in a transaction of its own. Gives how many per kind."""
    return {rule.kind: _apply(rule) for rule in RULES if rule.days}


@as_system()
def _apply(rule: Rule) -> int:
    before = timezone.now() - timedelta(days=rule.days)
    count = rule.remove(rule.old(before))
    if count:
        Removal.objects.create(kind=rule.kind, before=before, count=count)
    return count


@transaction.atomic
def place_hold(organisation: Organisation, reason: str, *, by: Actor) -> LegalHold:
    """Keep everything of an organisation until the hold is lifted. Raises Refused when there is one."""
    if not by.has(Role.PORTAL_ADMIN):
        raise PermissionDenied
    try:
        with transaction.atomic():
            hold = LegalHold.objects.create(organisation=organisation, reason=reason, placed_by=by.person)
    except IntegrityError:
        raise Refused("Voor deze organisatie geldt al een bewaarplicht.") from None
    audit.record("hold_placed", by=by, about=organisation.pk, obj=hold)
    return hold


@transaction.atomic
def lift_hold(hold_id: int, *, by: Actor) -> None:
    """End a hold. Raises Refused when it has ended already."""
    if not by.has(Role.PORTAL_ADMIN):
        raise PermissionDenied
    hold = LegalHold.objects.select_for_update(no_key=True).get(pk=hold_id)
    if hold.lifted_at:
        raise Refused("Deze bewaarplicht was al beëindigd.")
    hold.lifted_at, hold.lifted_by = timezone.now(), by.person
    hold.save()
    audit.record("hold_lifted", by=by, about=hold.organisation_id, obj=hold)
