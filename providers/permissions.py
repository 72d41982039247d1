"""Checks that every app shares: who may enter a view at all."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from providers.actor import Actor, actor_for
from providers.http import Request
from providers.models import Organisation, Role, User

View = Callable[..., HttpResponse]


def roles_required(*roles: str) -> Callable[[View], View]:
    """Only somebody acting in one of these roles enters: others get 403, nobody goes to sign in."""

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def wrapped(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.actor.has(*roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


# Who decides which people act for an organisation.
MANAGER_OF_KIND: dict[str, Role] = {
    Organisation.Kind.PROVIDER: Role.DIRECTOR,
    Organisation.Kind.INSPECTORATE: Role.COORDINATING_INSPECTOR,
    Organisation.Kind.CARE_OFFICE: Role.CARE_OFFICE_OFFICER,
    Organisation.Kind.PORTAL: Role.PORTAL_ADMIN,
}


def can_manage_people(actor: Actor, organisation: Organisation) -> bool:
    """The organisation's own manager, and the portal's administrator."""
    own = organisation.pk == actor.organisation_id and actor.has(MANAGER_OF_KIND[organisation.kind])
    return own or actor.has(Role.PORTAL_ADMIN)


def may_manage_people(user: User, organisation: Organisation) -> bool:
    """Whether a person can still do so, for whichever organisation she acts."""
    choices = actor_for(user).choices if user.is_active else ()
    return any(can_manage_people(actor_for(user, own.pk), organisation) for own in choices)


def can_edit_organisation(actor: Actor, organisation: Organisation) -> bool:
    """The provider's own quality officer and director, and the portal's administrator."""
    own = organisation.pk == actor.organisation_id and actor.has(Role.QUALITY_OFFICER, Role.DIRECTOR)
    return own or actor.has(Role.PORTAL_ADMIN)


def can_read_profile(actor: Actor, organisation: Organisation) -> bool:
    """The provider itself, the inspectorate, and the care office of its region."""
    if actor.kind == Organisation.Kind.CARE_OFFICE and actor.organisation_id:
        return Organisation.objects.in_regions_of(actor.organisation_id).filter(pk=organisation.pk).exists()
    own = actor.kind == Organisation.Kind.PROVIDER and organisation.pk == actor.organisation_id
    return own or actor.kind == Organisation.Kind.INSPECTORATE
