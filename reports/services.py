"""From a frozen version to its file: request, claim, render, complete; and again when that failed.

A request is taken up under a lease with a number (the attempt). Only who still holds that number may
complete it, so a worker that was thought dead cannot put a second file beside the first.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone

from assessments.canonical import canonical_json, sha256_hex
from assessments.errors import WrongState
from assessments.models import ConceptVersion, Correction, Publication, Visit, VisitEvent
from providers.actor import Actor
from reports import pdf
from reports.content import ContentError, parse
from reports.models import Job, ReportRequest
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
Status = Job.Status


def request_report(event: VisitEvent) -> None:
    """Hook of the visit's course: a step that froze a version asks for its file, in the same transaction."""
    if event.version is not None:
        request_file(event.version)


def follow_publication(event: VisitEvent) -> None:
    """Hook of the visit's course: note on settled versions since when they are public, or that they are not.

    What was corrected before the report became public never becomes so.
    """
    if Visit.Status.PUBLISHED not in (event.old_status, event.new_status):
        return
    settled = ReportRequest.objects.filter(
        version__visit=event.visit, version__kind=ConceptVersion.Kind.FINAL
    )
    if event.new_status != Visit.Status.PUBLISHED:
        settled.update(public_since=None)
        return
    since = Publication.objects.get(visit=event.visit).published_at
    replaced = Correction.objects.settled().filter(version__created_at__lte=since)
    for request in settled.exclude(version__in=replaced.values("corrects")).select_related("version"):
        request.public_since = max(since, request.version.created_at)
        request.save(update_fields=["public_since"])


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
    """Make the file of a report when it is still wanted. True when this call made it; may run twice."""
    return run(ReportRequest, request_id, lambda request: complete(request, _make(request.version)))


def run(jobs: type[Job], pk: int, make: Callable[[Any], bool]) -> bool:
    """Take a job up and make its file. True when this call made it; may run twice at once."""
    job = claim(pk, jobs)
    if job is None:
        return False
    try:
        return make(job)
    except ContentError as fault:
        log.error("%s %s cannot be made: %s", jobs.__name__, pk, fault)
        _fail(job, UNREADABLE, retryable=False)
    except Exception:
        log.exception("%s %s: attempt %s failed", jobs.__name__, pk, job.attempt)
        _give_back(job)
    return False


@as_system()
def claim(pk: int, jobs: type[Job] = ReportRequest) -> Any:
    """Take up a waiting job under a lease and a new attempt number; None when there is none."""
    rows: Any = jobs._default_manager
    wanted = rows.waiting().select_related(*jobs.FROZEN).filter(pk=pk, attempt__lt=ATTEMPTS)
    job = wanted.select_for_update(of=("self",), skip_locked=True).first()
    if job is None:
        return None
    job.status, job.attempt = Status.RUNNING, job.attempt + 1
    job.lease_until = timezone.now() + LEASE
    job.save(update_fields=["status", "attempt", "lease_until"])
    return job


def _make(version: ConceptVersion) -> pdf.Pdf:
    data = canonical_json(version.content)
    if sha256_hex(data) != version.sha256:
        raise ContentError("de hash van de inhoud klopt niet")
    return pdf.render_pdf(pdf.render_html(parse(version.content), version.sha256), data)


def complete(job: Any, made: pdf.Pdf) -> bool:
    """Keep a finished PDF if the claim still holds. True when it was kept."""
    return keep(job, ContentFile(made.data), sha256_hex(made.data), made.pages)


def keep(job: Any, content: File, sha256: str, pages: int) -> bool:
    """Keep the file if the claim still holds; otherwise remove it again. True when it was kept."""
    made = job._meta.get_field("file").related_model
    file = made(request=job, sha256=sha256, size=content.size, pages=pages)
    file.file.save("", content, save=False)
    kept = False
    try:
        with as_system():
            if _finish(job, status=Status.READY, finished_at=timezone.now()):
                file.save()
                kept = True
    finally:
        if not kept:
            file.file.delete(save=False)
    return kept


@as_system()
def _finish(job: Any, **changes: object) -> bool:
    """Change the row if it is still this claim's."""
    rows = type(job)._default_manager
    held = rows.filter(pk=job.pk, status=Status.RUNNING, attempt=job.attempt)
    return bool(held.update(lease_until=None, **changes) == 1)


def _fail(job: Any, reason: str, *, retryable: bool) -> None:
    _finish(job, status=Status.FAILED, reason=reason, retryable=retryable, finished_at=timezone.now())


def _give_back(job: Any) -> None:
    """Let the sweeper try again, unless it was tried often enough."""
    if job.attempt >= ATTEMPTS:
        _fail(job, IN_VAIN, retryable=True)
    else:
        _finish(job, status=Status.REQUESTED, queued_at=timezone.now())


@as_system()
def requeue_stale(jobs: type[Job] = ReportRequest, again: Callable[[Any], None] = queue) -> int:
    """Queue again what no worker took up or finished; give up after the last attempt. Returns how many."""
    now = timezone.now()
    rows: Any = jobs._default_manager
    found = list(rows.waiting().filter(queued_at__lt=now - PATIENCE).order_by("queued_at")[:SWEEP])
    for job in found:
        if job.attempt >= ATTEMPTS:
            _fail(job, IN_VAIN, retryable=True)
        else:
            rows.filter(pk=job.pk).update(queued_at=now)
            again(job)
    return len(found)


def retry(request: ReportRequest, *, by: Actor) -> None:
    """Have a report made again that failed. Raises PermissionDenied, or WrongState."""
    if not can_retry(by):
        raise PermissionDenied
    start_over(request)
    queue(request)


def start_over(job: Any) -> None:
    """Ask anew for what failed. Raises WrongState when there is nothing to retry."""
    failed = type(job)._default_manager.filter(pk=job.pk, status=Status.FAILED, retryable=True)
    now = timezone.now()
    if not failed.update(status=Status.REQUESTED, attempt=0, reason="", finished_at=None, queued_at=now):
        raise WrongState(job.get_status_display())
