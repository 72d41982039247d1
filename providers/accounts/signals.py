"""What people do to get in and out, written in the log."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.dispatch import receiver
from django.http import HttpRequest

from providers import audit
from providers.accounts import refusals, second_factor, sign_on
from providers.actor import Actor, actor_for
from providers.models import User


@receiver(account.user_logged_in)
def signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    audit.record("sign_in", by=actor_for(user, only=sign_on.organisations_of(request, user)))


@receiver(account.user_logged_out)
def signed_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    # Without an actor it is the clock that ended the session, which is logged as such.
    actor = getattr(request, "actor", None)
    if user and actor and actor.user:
        audit.record("sign_out", by=actor)


@receiver([account.password_changed, account.password_set, account.password_reset])
def password_changed(user: User, **kwargs: Any) -> None:
    audit.record("password_changed", by=Actor(user=user))


@receiver(account.email_changed)
def address_changed(user: User, **kwargs: Any) -> None:
    audit.record("address_changed", by=Actor(user=user))


@receiver(mfa.authenticator_added)
def factor_added(request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    if authenticator.type in second_factor.FACTORS:
        second_factor.mark_passed(request, user)
        audit.record("factor_added", by=Actor(user=user))


@receiver(mfa.authenticator_removed)
def factor_removed(request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    if authenticator.type in second_factor.FACTORS:
        audit.record("factor_removed", by=Actor(user=user))
    if not second_factor.has_factor(user):
        second_factor.forget(request)


@receiver(mfa.authenticator_reset)
def codes_made(user: User, **kwargs: Any) -> None:
    audit.record("codes_made", by=Actor(user=user))


@receiver(mfa.authenticator_used)
def factor_passed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    second_factor.mark_passed(request, user)


@receiver(mfa.authentication_failed)
def factor_refused(request: HttpRequest, user: User, **kwargs: Any) -> None:
    refusals.note(request, user)
