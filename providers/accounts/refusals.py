"""Refused sign-ins. They are logged when the request is over, because its transaction may be undone."""

from django.http import HttpRequest

from providers import audit
from providers.actor import Actor
from providers.models import User


def note(request: HttpRequest, user: User | None) -> None:
    """Remember a refusal. What was typed is not kept: only who it was, if that person exists."""
    request.__dict__.setdefault("refused_sign_ins", []).append(user)


def log(request: HttpRequest) -> None:
    for user in getattr(request, "refused_sign_ins", ()):
        audit.record("sign_in", by=Actor(user=user), outcome=audit.REFUSED)
