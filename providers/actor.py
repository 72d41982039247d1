"""Who acts, for which organisation, in which roles: the one thing every permission asks."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied

from providers.models import ROLES_OF_KIND, DatedQuerySet, Membership, Organisation, Role, User

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
    def role_names(self) -> str:
        return ", ".join(str(role.label) for role in Role if role in self.roles)


ANONYMOUS = Actor()
# The clock (beat) acts with this one; no membership can give it.
SYSTEM = Actor(roles=frozenset({"system"}))


class PersonBackend(ModelBackend):
    """Finds the person of a session with what she may act for: every page needs both, so one query."""

    def get_user(self, user_id: int) -> User | None:
        memberships = list(_memberships(user_id).select_related("user"))
        if not memberships:
            return super().get_user(user_id)
        user: User = memberships[0].user
        user.current_memberships = memberships  # type: ignore[attr-defined]
        return user if self.user_can_authenticate(user) else None


def actor_for(user: User, organisation_id: int | None = None) -> Actor:
    """The user acting for one of her organisations (default: the first by name). At most one query."""
    found: Iterable[Membership] | None = getattr(user, "current_memberships", None)
    roles: dict[Organisation, set[str]] = {}
    for membership in _memberships(user.pk) if found is None else found:
        if membership.role in ROLES_OF_KIND[membership.organisation.kind]:
            roles.setdefault(membership.organisation, set()).add(membership.role)
    if not roles:
        return Actor(user=user)
    chosen = next((org for org in roles if org.pk == organisation_id), next(iter(roles)))
    return Actor(user, chosen, frozenset(roles[chosen]), tuple(roles))


def _memberships(user_id: int) -> DatedQuerySet:
    """Today's memberships, in the order in which a person meets her organisations."""
    held = Membership.objects.on().filter(user=user_id).select_related("organisation")
    return held.order_by("organisation__name", "organisation_id")
