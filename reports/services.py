"""From a frozen version to its file: request, claim, render, complete; and again when that failed.

A request is taken up under a lease with a number (the attempt). Only who still holds that number may
complete it, so a worker that was thought dead cannot put a second file beside the first.
"""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from assessments.canonical import canonical_json, sha256_hex
from assessments.errors import WrongState
from assessments.models import ConceptVersion, Publication, Visit, VisitEvent
from providers.actor import Actor
from reports import pdf
from reports.content import ContentError, parse
from reports.models import ReportFile, ReportRequest
from reports.permissions import can_retry
from wlzthuis.isolation import as_system

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
# A request that nobody took up this long after it was queued is queued again.
PATIENCE = timedelta(seconds=getattr(settings, "REPORT_PATIENCE_SECONDS", 60))
ATTEMPTS = 3
SWEEP = 100
UNREADABLE = "De inhoud van dit rapport is niet te lezen. Vraag de beheerder om hulp."
IN_VAIN = (
    f"Het maken van het rapport is {ATTEMPTS} keer mislukt. Probeer het later opnieuw. "
    "Blijft het mislukken, vraag dan de beheerder om hulp."
)
Status = ReportRequest.Status


def request_report(event: VisitEvent) -> None:
    """Hook of the visit's course: a step that froze a version asks for its file, in the same transaction."""
    if event.version is not None:
        request_file(event.version)


def follow_publication(event: VisitEvent) -> None:
    """Hook of the visit's course: note on the settled report since when it is public, or that it is not."""
    if Visit.Status.PUBLISHED not in (event.old_status, event.new_status):
        return
    is_public = event.new_status == Visit.Status.PUBLISHED
    settled = ReportRequest.objects.filter(
        version__visit=event.visit, version__kind=ConceptVersion.Kind.FINAL
    )
    settled.update(
        public_since=Publication.objects.get(visit=event.visit).published_at if is_public else None
    )


def request_file(version: ConceptVersion) -> ReportRequest:
    """The request for a version's file; a new one is queued once its transaction is committed."""
    request, is_new = ReportRequest.objects.get_or_create(
        version=version,
        kind=ReportRequest.Kind.INSPECTION_REPORT,
        defaults={"organisation_id": version.organisation_id, **_listing(version.content)},
    )
    if is_new:
        queue(request)
    return request


def _listing(content: Mapping[str, Any]) -> dict[str, str]:
    """What lists show of a report."""
    return {
        "provider_name": content["provider"]["name"],
        "place": next((location["place"] for location in content["locations"]), ""),
        "level": next((item["level"] for item in content["items"] if item["is_whole"]), ""),
    }


def queue(request: ReportRequest) -> None:
    """Tell the workers after commit. A broker that is away costs time only: the sweeper asks again."""
    from reports.tasks import render_report  # the tasks call this module

    transaction.on_commit(lambda: render_report.delay(request.pk), robust=True)


def render(request_id: int) -> bool:
    """Make the file when it is still wanted. True when this call made it; may run twice at once."""
    request = claim(request_id)
    if request is None:
        return False
    try:
        return complete(request, _make(request.version))
    except ContentError as fault:
        log.error("report %s cannot be made: %s", request_id, fault)
        _fail(request, UNREADABLE, retryable=False)
    except Exception:
        log.exception("report %s: attempt %s failed", request_id, request.attempt)
        _give_back(request)
    return False


@as_system()
def claim(request_id: int) -> ReportRequest | None:
    """Take up a waiting request under a lease and a new attempt number; None when there is none."""
    wanted = (
        ReportRequest.objects.waiting().select_related("version").filter(pk=request_id, attempt__lt=ATTEMPTS)
    )
    request = wanted.select_for_update(of=("self",), skip_locked=True).first()
    if request is None:
        return None
    request.status, request.attempt = Status.RUNNING, request.attempt + 1
    request.lease_until = timezone.now() + LEASE
    request.save(update_fields=["status", "attempt", "lease_until"])
    return request


def _make(version: ConceptVersion) -> pdf.Pdf:
    data = canonical_json(version.content)
    if sha256_hex(data) != version.sha256:
        raise ContentError("de hash van de inhoud klopt niet")
    return pdf.render_pdf(pdf.render_html(parse(version.content), version.sha256), data)


def complete(request: ReportRequest, made: pdf.Pdf) -> bool:
    """Keep the file if the claim still holds; otherwise remove it again. True when it was kept."""
    file = ReportFile(request=request, sha256=sha256_hex(made.data), size=len(made.data), pages=made.pages)
    file.file.save("", ContentFile(made.data), save=False)
    kept = False
    try:
        with as_system():
            if _finish(request, status=Status.READY, finished_at=timezone.now()):
                file.save()
                kept = True
    finally:
        if not kept:
            file.file.delete(save=False)
    return kept


@as_system()
def _finish(request: ReportRequest, **changes: object) -> bool:
    """Change the row if it is still this claim's."""
    held = ReportRequest.objects.filter(pk=request.pk, status=Status.RUNNING, attempt=request.attempt)
    return held.update(lease_until=None, **changes) == 1


def _fail(request: ReportRequest, reason: str, *, retryable: bool) -> None:
    _finish(request, status=Status.FAILED, reason=reason, retryable=retryable, finished_at=timezone.now())


def _give_back(request: ReportRequest) -> None:
    """Let the sweeper try again, unless it was tried often enough."""
    if request.attempt >= ATTEMPTS:
        _fail(request, IN_VAIN, retryable=True)
    else:
        _finish(request, status=Status.REQUESTED, queued_at=timezone.now())


@as_system()
def requeue_stale() -> int:
    """Queue again what no worker took up or finished; give up after the last attempt. Returns how many."""
    now = timezone.now()
    stale = ReportRequest.objects.waiting().filter(queued_at__lt=now - PATIENCE).order_by("queued_at")
    found = list(stale[:SWEEP])
    for request in found:
        if request.attempt >= ATTEMPTS:
            _fail(request, IN_VAIN, retryable=True)
        else:
            ReportRequest.objects.filter(pk=request.pk).update(queued_at=now)
            queue(request)
    return len(found)


def retry(request: ReportRequest, *, by: Actor) -> None:
    """Start over after a failure. Raises PermissionDenied, or WrongState when there is nothing to retry."""
    if not can_retry(by):
        raise PermissionDenied
    failed = ReportRequest.objects.filter(pk=request.pk, status=Status.FAILED, retryable=True)
    now = timezone.now()
    if not failed.update(status=Status.REQUESTED, attempt=0, reason="", finished_at=None, queued_at=now):
        raise WrongState(request.get_status_display())
    queue(request)
