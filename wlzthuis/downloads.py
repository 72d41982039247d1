"""Private files: who may have one gets an address for it that holds for a minute and knows no person.

The page that was asked for the file checks the permission. The address it leads to is signed for that one
file, and cookies mean nothing there (see middleware.CookielessMiddleware): what others uploaded is handed
over where nobody is signed in, and always as a download.
"""

import logging
from typing import Protocol, cast

from django.apps import apps
from django.core import signing
from django.db import transaction
from django.db.models import Model
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from wlzthuis.isolation import as_system

log = logging.getLogger(__name__)

SALT = "download"
SECONDS = 60


class Download(Protocol):
    """A row with a file that people may keep; `name` is what it is called for them."""

    pk: int
    file: FieldFile

    @property
    def name(self) -> str: ...

    @property
    def content_type(self) -> str: ...


def hand_over(row: Model) -> HttpResponseRedirect:
    """Send who may have this row's file to it. The caller has checked that."""
    token = signing.dumps([row._meta.label_lower, row.pk], salt=SALT)
    return HttpResponseRedirect(reverse("file", args=[token]))


@transaction.non_atomic_requests
@require_safe
def file(request: HttpRequest, token: str) -> HttpResponseBase:
    """The file that the address was signed for."""
    try:
        label, pk = signing.loads(token, salt=SALT, max_age=SECONDS)
    except signing.SignatureExpired:
        return render(request, "410.html", {"is_expired": True}, status=410)
    except signing.BadSignature:
        return render(request, "404.html", status=404)
    with as_system():
        row = apps.get_model(label)._default_manager.filter(pk=pk).first()
        return answer(request, cast(Download, row)) if row else render(request, "410.html", status=410)


def answer(request: HttpRequest, row: Download) -> HttpResponseBase:
    """The file as a download that no cache keeps and that can run nothing; a page when the disk lacks it."""
    try:
        content = row.file.open("rb")
    except FileNotFoundError:
        log.error("the file of %s %s is not there", type(row).__name__, row.pk)
        return render(request, "410.html", status=410)
    response: HttpResponse | FileResponse = FileResponse(
        content, as_attachment=True, filename=row.name, content_type=row.content_type
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
