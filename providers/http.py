"""The request as our middleware leaves it."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from providers.actor import Actor
from providers.models import User


class Request(HttpRequest):
    """A request with its actor; only a type, Django makes the object."""

    actor: Actor
    user: User | AnonymousUser
