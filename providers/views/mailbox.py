"""The mails of a demo, which are sent to nobody: whoever tries the portal reads them here."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from providers.http import Request
from providers.models import Mail
from providers.paging import page_after
from wlzthuis.isolation import as_system

View = Callable[..., HttpResponse]


def demo_only(view: View) -> View:
    """Elsewhere the outbox has no reader at all."""

    @require_safe
    @wraps(view)
    def wrapped(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        with as_system():
            return view(request, *args, **kwargs)

    return wrapped


@demo_only
def mailbox(request: Request) -> HttpResponse:
    """All mails, the newest first."""
    mails = Mail.objects.defer("text", "html")
    page = page_after(mails, request, order=["-created_at", "-id"], size=30)
    return render(request, "providers/mailbox/list.html", {"page": page})


@demo_only
def mailbox_mail(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One mail as text, as a mail program without pictures shows it."""
    return render(request, "providers/mailbox/mail.html", {"mail": get_object_or_404(Mail, pk=pk)})


@csp({"default-src": [NONE], "style-src": [UNSAFE_INLINE], "sandbox": True, "frame-ancestors": [NONE]})
@demo_only
def mailbox_html(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One mail as it looks: its own styles, and nothing else that a page could do."""
    return HttpResponse(get_object_or_404(Mail, pk=pk).html)
