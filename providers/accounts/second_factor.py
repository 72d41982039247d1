"""The second factor: who must have one, and whether this session passed it."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.http import HttpRequest

from providers.actor import held_by
from providers.models import Role, User

COMPULSORY_FOR = frozenset(Role) - {Role.QUALITY_OFFICER, Role.COUNCIL_MEMBER}
# Recovery codes are no factor of their own: they stand in for a lost one.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# Holds the person and not just 'yes': who goes on in the same session is somebody else.
SESSION_KEY = "second_factor_of"


def is_compulsory_for(user: User) -> bool:
    """One of the roles of today asks for it, whichever of them the person acts in now."""
    return settings.SECOND_FACTOR == "compulsory" and any(role in COMPULSORY_FOR for _, role in held_by(user))


def has_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def is_passed(request: HttpRequest, user: User) -> bool:
    return request.session.get(SESSION_KEY) == user.pk


def mark_passed(request: HttpRequest, user: User) -> None:
    request.session[SESSION_KEY] = user.pk


def forget(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)


class SecondStep(AuthenticateStage):
    """Asks for the second factor, unless who vouched for the person asked for one already."""

    def _should_handle(self, request: HttpRequest) -> bool:
        user: Any = self.login.user
        return not (user and is_passed(request, user)) and super()._should_handle(request)
