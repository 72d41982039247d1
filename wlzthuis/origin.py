"""Where the work at hand comes from: which request, from which address. Through web and worker alike."""

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
# What a proxy may hand us as the name of a request: short, and nothing that a log could read as its own.
_SOUND = re.compile(r"[A-Za-z0-9-]{8,40}\Z")


@dataclass(frozen=True)
class Origin:
    """`address` is the client's IP address, None for the clock; `request_id` '' outside a request."""

    request_id: str = ""
    address: str | None = None


NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def current() -> Origin:
    return _origin.get()


@contextmanager
def coming_from(origin: Origin) -> Iterator[None]:
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)


def client_address(request: HttpRequest) -> str | None:
    """The client's address as our own proxies saw it: what it claims itself further left is not believed.

    Always an IP address, or None: a socket has none.
    """
    count = settings.TRUSTED_PROXY_COUNT
    passed = request.headers.get("X-Forwarded-For", "").split(",")
    seen = passed[-count] if count and len(passed) >= count else ""
    return _ip(seen) or _ip(request.META.get("REMOTE_ADDR", ""))


def _ip(text: str) -> str | None:
    """The IP address in a text; some proxies write the port behind it."""
    bare = text.strip().partition("%")[0]
    try:
        host = bare if bare.count(":") > 1 and "[" not in bare else urlsplit(f"//{bare}").hostname
        return str(ip_address(host or ""))
    except ValueError:
        return None


class OriginMiddleware:
    """Names each request, and says the name in the answer, so that a person can quote it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        claimed = request.headers.get(HEADER, "")
        request_id = claimed if _SOUND.match(claimed) else uuid.uuid4().hex
        with coming_from(Origin(request_id, client_address(request))):
            response = self.get_response(request)
        response[HEADER] = request_id
        return response
