"""How long a session lasts, and that nobody who needs a second factor goes on without it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import resolve, reverse

from providers import audit
from providers.accounts import refusals, second_factor
from providers.actor import Actor
from providers.http import Request
from providers.models import User

STARTED, SEEN = "started_at", "seen_at"
# Not each request writes: what was done within this time counts as done at once.
RENEW_AFTER = 60

# Where one may be before the second factor is passed: to set up the first one, or to show the one there is.
ALWAYS = {"account_logout", "session"}
TO_SET_UP = ALWAYS | {"account_reauthenticate", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn"}
TO_SHOW = ALWAYS | {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}


def seconds_left(request: Request) -> int:
    """How long the session still lasts when nothing more is done."""
    now = time.time()
    idle = request.session.get(SEEN, now) + settings.SESSION_IDLE_MINUTES * 60
    whole = request.session.get(STARTED, now) + settings.SESSION_COOKIE_AGE
    return max(0, int(min(idle, whole) - now))


class SessionLifeMiddleware:
    """Ends a session after a time without use, or when it is too old. Also logs refused sign-ins."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        if isinstance(request.user, User):
            if seconds_left(request) == 0:
                self._end(request, request.user)
            elif not _is_asked_by_the_page(request):
                renew(request)
        response = self.get_response(request)
        refusals.log(request)
        return _back_to_the_form(request, response)

    def _end(self, request: Request, user: User) -> None:
        audit.record("session_expired", by=Actor(user=user))
        UserSession.objects.filter(session_key=request.session.session_key).delete()
        logout(request)
        if "HX-Request" not in request.headers:
            messages.info(
                request,
                "U deed een tijd niets en bent daarom uitgelogd. Log opnieuw in: wat u typte, staat er nog.",
            )


def renew(request: Request) -> None:
    """The session was used now."""
    now = time.time()
    if now - request.session.get(SEEN, 0) < RENEW_AFTER:
        return
    request.session.setdefault(STARTED, now)
    request.session[SEEN] = now


def last_used(session: UserSession) -> datetime:
    """When somebody last did something in a session. It says so itself: no request has to write it twice."""
    seen = SessionStore(session.session_key).get(SEEN)
    return datetime.fromtimestamp(seen, UTC) if seen else session.created_at


def _is_asked_by_the_page(request: Request) -> bool:
    """The page itself looks whether something changed: nobody did anything."""
    return request.method == "GET" and ("HX-Request" in request.headers or request.path == reverse("session"))


def _back_to_the_form(request: Request, response: HttpResponse) -> HttpResponse:
    """Who sent a form too late comes back to the page that it stood on, where the text is still kept."""
    sign_in = resolve_url(settings.LOGIN_URL)
    page = urlsplit(request.headers.get("Referer", ""))
    if (
        request.method == "POST"
        and response.headers.get("Location", "").startswith(f"{sign_in}?")
        and page.netloc == request.get_host()
    ):
        path = page._replace(scheme="", netloc="", fragment="").geturl()
        response["Location"] = f"{sign_in}?{urlencode({REDIRECT_FIELD_NAME: path})}"
    return response


class SecondFactorMiddleware:
    """Who has a role that asks for a second factor first sets it up, or shows it."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        user = request.actor.user
        if user and second_factor.is_compulsory_for(user) and not second_factor.is_passed(request, user):
            return self._before(request, user)
        return self.get_response(request)

    def _before(self, request: Request, user: User) -> HttpResponse:
        types = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
        allowed, step = TO_SHOW, "mfa_reauthenticate"
        if types.isdisjoint(second_factor.FACTORS):
            allowed, step = TO_SET_UP, "mfa_index"
        elif Authenticator.Type.TOTP not in types:
            step = "mfa_reauthenticate_webauthn"
        if resolve(request.path_info).view_name in allowed:
            return self.get_response(request)
        url = reverse(step)
        if request.method == "GET":
            url += "?" + urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})
        if "HX-Request" in request.headers:
            return HttpResponse(headers={"HX-Redirect": reverse(step)})
        return redirect(url)
