"""Puts the actor on every request, and tells the database."""

from collections.abc import Callable

from django.http import HttpResponse

from providers.actor import ANONYMOUS, SESSION_KEY, Actor, actor_for
from providers.http import Request
from wlzthuis import isolation


def _actor(request: Request) -> Actor:
    if not request.user.is_authenticated:
        return ANONYMOUS
    return actor_for(request.user, request.session.get(SESSION_KEY))


class ActorMiddleware:
    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.actor = _actor(request)
        with isolation.acting(request.actor.scope):
            return self.get_response(request)
