"""Puts the actor on every request, tells the database, and logs what was refused."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpResponse

from providers import audit
from providers.accounts import sign_on
from providers.actor import ANONYMOUS, SESSION_KEY, Actor, actor_for
from providers.http import Request
from wlzthuis import isolation

REFUSED = (403, 404)


def _actor(request: Request) -> Actor:
    if not request.user.is_authenticated:
        return ANONYMOUS
    only = sign_on.organisations_of(request, request.user)
    return actor_for(request.user, request.session.get(SESSION_KEY), only)


class ActorMiddleware:
    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.actor = _actor(request)
        with isolation.acting(request.actor.scope):
            response = self.get_response(request)
            if response.status_code in REFUSED and request.actor.user and request.resolver_match:
                self._log_refusal(request)
        return response

    def _log_refusal(self, request: Request) -> None:
        """In a transaction of its own: the one of the request was rolled back."""
        match = request.resolver_match
        with transaction.atomic():
            audit.record(
                "page_refused", by=request.actor, page=match.view_name if match else "", outcome=audit.REFUSED
            )
