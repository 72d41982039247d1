"""Pages that belong to no app: the start page, the texts about the portal, and what goes wrong."""

from datetime import UTC, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.defaults import page_not_found, permission_denied, server_error

from norms.models import FrameworkVersion
from providers import retention
from reports import public

__all__ = ["page_not_found", "permission_denied", "server_error"]  # urls.py names them as handlers

LATEST_REPORTS = 3
SECURITY_TXT_HOLDS = timedelta(days=180)


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What the portal is and for whom, with the newest reports and the norms in use."""
    editions = FrameworkVersion.objects.default_for(timezone.localdate()).select_related("framework")
    context = {"editions": editions, "reports": public.latest(LATEST_REPORTS)}
    return render(request, "pages/start.html", context)


@transaction.non_atomic_requests
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/about.html")


@transaction.non_atomic_requests
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html", {"support_email": settings.SUPPORT_EMAIL})


@transaction.non_atomic_requests
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    context = {
        "support_email": settings.SUPPORT_EMAIL,
        "idle_minutes": settings.SESSION_IDLE_MINUTES,
        "session_hours": settings.SESSION_COOKIE_AGE // 3600,
        "rules": retention.RULES,
    }
    return render(request, "pages/privacy.html", context)


@transaction.non_atomic_requests
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/contact.html", {"support_email": settings.SUPPORT_EMAIL})


@transaction.non_atomic_requests
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """security.txt (RFC 9116): where to report a weakness, for who looks for it where it always is."""
    contact = settings.SECURITY_CONTACT
    address = request.build_absolute_uri("/").rstrip("/")
    if urlsplit(settings.PUBLIC_URL).scheme == "https":
        address = settings.PUBLIC_URL.rstrip("/")
    expires = timezone.now().astimezone(UTC) + SECURITY_TXT_HOLDS
    lines = {
        "Contact": contact if "://" in contact else f"mailto:{contact}",
        "Expires": f"{expires:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages": "nl, en",
        "Canonical": address + reverse("security_txt"),
        "Policy": address + reverse("contact") + "#beveiliging",
    }
    text = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that Django cannot read; one that is too large has its own page."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)
