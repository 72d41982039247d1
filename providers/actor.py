"""Who acts, for which organisation, in which roles: the one thing every permission asks."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone

from providers.models import ROLES_OF_KIND, Membership, Organisation, Role, User
from wlzthuis import isolation
from wlzthuis.isolation import Scope

MANAGERS = (Role.DIRECTOR, Role.COORDINATING_INSPECTOR, Role.CARE_OFFICE_OFFICER, Role.PORTAL_ADMIN)
SESSION_KEY = "acting_organisation"


@dataclass(frozen=True)
class Actor:
    """A person (or nobody) acting for one organisation. Without roles nothing is allowed."""

    user: User | None = None
    organisation: Organisation | None = None
    roles: frozenset[str] = frozenset()
    choices: tuple[Organisation, ...] = field(default=(), compare=False)

    def has(self, *roles: str) -> bool:
        """True when the actor holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def kind(self) -> str:
        """Kind of the organisation acted for, '' for nobody."""
        return self.organisation.kind if self.organisation and self.roles else ""

    @property
    def organisation_id(self) -> int | None:
        return self.organisation.pk if self.organisation else None

    @property
    def is_anonymous(self) -> bool:
        return self.user is None

    @property
    def person(self) -> User:
        """Who writes. Raises PermissionDenied when nobody is signed in."""
        if self.user is None:
            raise PermissionDenied
        return self.user

    @property
    def own(self) -> Organisation:
        """The organisation acted for. Raises PermissionDenied without one."""
        if self.organisation is None:
            raise PermissionDenied
        return self.organisation

    @property
    def scope(self) -> Scope:
        """What the database is told of this actor."""
        if self.roles == SYSTEM.roles:
            return isolation.SYSTEM
        return Scope(
            self.kind, self.organisation_id if self.roles else None, self.user.pk if self.user else None
        )

    @property
    def is_manager(self) -> bool:
        """Who decides which people act for her organisation, and reads what was done with its data."""
        return self.has(*MANAGERS)

    @property
    def role_names(self) -> str:
        return ", ".join(str(role.label) for role in Role if role in self.roles)


ANONYMOUS = Actor()
# The clock (beat) acts with this one; no membership can give it.
SYSTEM = Actor(roles=frozenset({"system"}))


class PersonBackend(AuthenticationBackend):
    """Checks address and password as its base does.

    Finds the person of a session with what she may act for: every page needs both, so one query.
    """

    def get_user(self, user_id: int) -> User | None:
        held = _held(user_id)
        user = held[0][0] if held else super().get_user(user_id)
        if user is None or not self.user_can_authenticate(user):
            return None
        user.held = held  # type: ignore[union-attr]
        return user


def actor_for(user: User, organisation_id: int | None = None, only: Collection[int] | None = None) -> Actor:
    """The user acting for one of her organisations (default: the first by name). At most one query.

    With `only`, the others do not count: who signed in elsewhere was let in for these.
    """
    roles: dict[Organisation, set[str]] = {}
    for organisation, role in held_by(user):
        if only is None or organisation.pk in only:
            roles.setdefault(organisation, set()).add(role)
    if not roles:
        return Actor(user=user)
    chosen = next((org for org in roles if org.pk == organisation_id), next(iter(roles)))
    return Actor(user, chosen, frozenset(roles[chosen]), tuple(roles))


def held_by(user: User) -> list[tuple[Organisation, str]]:
    """Today's roles of a person, by name of the organisation."""
    held: list[_Held] | None = getattr(user, "held", None)
    return [
        (organisation, role)
        for _, organisation, role in (_held(user.pk) if held is None else held)
        if role in ROLES_OF_KIND[organisation.kind]
    ]


_Held = tuple[User, Organisation, str]
_USER = [field.attname for field in User._meta.concrete_fields]
_ORGANISATION = [field.attname for field in Organisation._meta.concrete_fields]
_ID, _DAY = -1, date.max  # where the values come in the statement


def _held(user_id: int) -> list[_Held]:
    values = {str(_ID): user_id, str(_DAY): timezone.localdate()}
    rows = isolation.rows(Scope(user=user_id), _statement(), values)
    end = 1 + len(_USER)
    return [
        (
            User.from_db(DEFAULT_DB_ALIAS, _USER, row[1:end]),
            Organisation.from_db(DEFAULT_DB_ALIAS, _ORGANISATION, row[end:]),
            row[0],
        )
        for row in rows
    ]


@cache
def _statement() -> str:
    """Composed once: on every page Django took five times as long to compose it as PostgreSQL to answer."""
    rows = Membership.objects.on(_DAY).filter(user=_ID).order_by("organisation__name", "organisation_id")
    columns = [f"user__{name}" for name in _USER] + [f"organisation__{name}" for name in _ORGANISATION]
    statement, values = rows.values_list("role", *columns).query.sql_with_params()
    return statement % tuple(f"%({value})s" for value in values)
