"""What every request passes before a view."""

import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url

# Room for a page of answers with a file at the limit; above it nothing is read at all.
REQUEST_MAX_BYTES = 60 * 1024 * 1024
COOKIELESS = ("/bestanden/", "/health/", "/metrics")
# The forms that were answered last, in the session: more than the tabs in which somebody sends at one moment.
ANSWERED, FORMS = "answered_forms", 5
# Pages sign in with a passkey; nothing else of what a browser can do is used.
OWN = ("publickey-credentials-create", "publickey-credentials-get")
UNUSED = (
    "accelerometer",
    "autoplay",
    "bluetooth",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "web-share",
    "window-management",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY = ", ".join([f"{name}=()" for name in UNUSED] + [f"{name}=(self)" for name in OWN])


class RequestSizeMiddleware:
    """A request that is too large gets its own page, 413, before its body is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > REQUEST_MAX_BYTES:
            return self._refuse(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return self._refuse(request) if isinstance(exception, RequestDataTooBig) else None

    def _refuse(self, request: HttpRequest) -> HttpResponse:
        response = render(request, "413.html", status=413)
        # The rest of the body is not read, so the connection cannot be used again.
        response["Connection"] = "close"
        return response


class HeadersMiddleware:
    """Says to browsers what no page needs, and that what is somebody's own is kept nowhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        # A page that sets a cookie is one person's as well: of a form with its token, for instance.
        user = getattr(request, "user", None)
        is_own = bool(response.cookies) or (user is not None and user.is_authenticated)
        if is_own and "no-store" not in response.get("Cache-Control", ""):
            response["Cache-Control"] = "private, no-store"
        return response


class CookielessMiddleware:
    """Addresses where nobody is signed in, whoever asks: no session is read there and none is begun."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(COOKIELESS):
            request.META.pop("HTTP_COOKIE", None)
        return self.get_response(request)


class AnsweredFormsMiddleware:
    """Remembers of which forms the sender got an answer.

    Each brings a number, and a browser keeps what was typed until a page names it (static/js/keep.js).
    Comes after all that sends somebody off to sign in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400 and request.user.is_authenticated and (number := _sent(request)):
            request.session[ANSWERED] = [*request.session.get(ANSWERED, []), number][-FORMS:]
        return response


def answered_forms(request: HttpRequest) -> list[str]:
    """Of which forms the page that is made now tells that they were answered: by it, or just before."""
    return [*request.session.get(ANSWERED, []), _sent(request)]


def _sent(request: HttpRequest) -> str:
    number = request.POST.get("sent", "")
    return number if re.fullmatch(r"[0-9]{1,20}", number) else ""


class SignedOutMiddleware:
    """What htmx asks after the session ended gets one sentence, beside the fields that it was about.

    The page to sign in would land inside the question, and count as an answer that was saved.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_sent_off = response.headers.get("Location", "").startswith(resolve_url(settings.LOGIN_URL))
        if not (is_sent_off and "HX-Request" in request.headers):
            return response
        response = render(request, "components/signed_out.html", status=401)
        response["HX-Reswap"] = "beforeend"  # the hidden fields that the question needs stay
        return response
