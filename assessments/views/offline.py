"""A visit without a network: its page, its service worker, taking it along and sending what was done."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.views.decorators.http import require_GET, require_POST

from assessments import offline, permissions
from assessments.errors import WrongState
from assessments.field_edits import apply_each
from assessments.models import Visit
from assessments.views.visit_conflicts import changed
from assessments.views.visits import visible_visit
from providers.accounts.devices import device_name
from providers.http import Request
from providers.permissions import roles_required

INSPECTION = permissions.INSPECTION
NOT_READABLE = "Deze gegevens zijn niet te lezen."


@require_GET
def offline_page(request: HttpRequest) -> HttpResponse:
    """The same page for everybody, with nothing of anybody on it: what it shows is on the device."""
    return HttpResponse(offline.page())


@require_GET
def offline_worker(request: HttpRequest) -> HttpResponse:
    """The service worker; its address is its scope, so it serves this one page and nothing else."""
    lines = [
        f"self.shell = {json.dumps(offline.shell())};",
        f"importScripts({json.dumps(static('js/offline/worker.js'))});",
    ]
    return HttpResponse("\n".join(lines), content_type="text/javascript; charset=utf-8")


@require_GET
def offline_session(request: Request) -> JsonResponse:
    """Who is signed in (null: nobody), with a fresh token for what is sent next."""
    user = request.actor.user
    return JsonResponse({"person": user.pk if user else None, "token": get_token(request)})


@roles_required(*INSPECTION)
@require_POST
def visit_take(request: Request, pk: int) -> JsonResponse:
    """The whole visit for a member of its team, who takes it along on a device."""
    visit = visible_visit(request, pk)
    if refusal := _refused(request, visit):
        return refusal
    key = offline.key_of(_body(request).get("copy"))
    if key is None:
        return JsonResponse({"message": NOT_READABLE}, status=400)
    offline.note_taken(visit, key, device_name(request.headers.get("User-Agent", "")), by=request.actor)
    return JsonResponse(offline.snapshot(visit, request.actor))


@roles_required(*INSPECTION)
@require_POST
def visit_edits(request: Request, pk: int) -> JsonResponse:
    """Write what was done on a device, edit by edit, and give the visit as it now is."""
    visit = visible_visit(request, pk)
    body = _body(request)
    if refusal := _refused(request, visit):
        return refusal
    raw = body.get("edits")
    if body.get("schema") != offline.SCHEMA or not isinstance(raw, list) or len(raw) > offline.BATCH:
        return JsonResponse({"message": NOT_READABLE}, status=400)
    if body.get("person") != request.actor.person.pk:
        message = "Deze wijzigingen zijn van iemand anders. Log in als wie ze maakte."
        return JsonResponse({"message": message}, status=403)
    read = [(row, offline.read_edit(row)) for row in raw]
    edits = [edit for _, edit in read if edit]
    try:
        outcomes = apply_each(visit.pk, edits, by=request.actor, device=str(body.get("copy", "")))
    except WrongState as state:
        return JsonResponse({"message": changed(state)}, status=409)
    offline.note_sent(
        visit, offline.key_of(body.get("copy")), len(edits), body.get("returned") is True, by=request.actor
    )
    visit.refresh_from_db()
    told = [offline.told(outcome) for outcome in outcomes]
    told += offline.unreadable(row for row, edit in read if edit is None)
    return JsonResponse({"outcomes": told, "visit": offline.snapshot(visit, request.actor)})


def _refused(request: Request, visit: Visit) -> JsonResponse | None:
    if not permissions.can_record(request.actor, visit):
        message = (
            "U kunt bij dit bezoek niet vastleggen. U zit niet in het team, of u heeft nog niet verklaard "
            "dat u geen belang heeft."
        )
        return JsonResponse({"message": message}, status=403)
    if visit.status not in Visit.CORRECTING:
        return JsonResponse({"message": changed(WrongState(visit.get_status_display()))}, status=409)
    return None


def _body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
