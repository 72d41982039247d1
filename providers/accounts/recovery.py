"""A way back for who lost the app, the passkeys and the recovery codes: the portal's administrator."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from providers import audit, mail
from providers.accounts.second_factor import has_factor
from providers.actor import Actor
from providers.errors import Refused
from providers.models import Organisation, Role, User

# How the administrator made sure who asked: what is written in the log.
KNOWN_BY = {
    "shown": "factor_taken_shown",
    "vouched": "factor_taken_vouched",
}


def can_take_factor(actor: Actor, user: User) -> bool:
    """The portal's administrator, and never for herself."""
    return actor.has(Role.PORTAL_ADMIN) and actor.user != user


@transaction.atomic
def take_factor(user: User, organisation: Organisation, *, known_by: str, by: Actor) -> None:
    """Remove every factor with the recovery codes, and sign the person out everywhere.

    The password stays: it is asked for at the next sign-in, and then a new factor is set up. The person is
    told by mail. `known_by` is a key of KNOWN_BY. Raises Refused when there is nothing to take away.
    """
    if not can_take_factor(by, user):
        raise PermissionDenied
    User.objects.select_for_update().get(pk=user.pk)
    if not has_factor(user):
        raise Refused(f"{user} heeft geen tweede stap.")
    Authenticator.objects.filter(user=user).delete()
    get_adapter().end_sessions(UserSession.objects.filter(user=user))
    audit.record(KNOWN_BY[known_by], by=by, about=organisation.pk, obj=user)
    mail.post(
        "account_notice",
        user.email,
        {
            "sentence": "De beheerder van Thuispeil haalde uw tweede stap weg. U bent overal uitgelogd.",
            "link": settings.PUBLIC_URL + reverse("account"),
            "at": timezone.now(),
        },
    )
