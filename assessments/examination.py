"""What a worker finds in an upload: malware, and what looks like a BSN in its text.

The row is the list of work: a worker that was away takes up later what waits (`waiting`).
"""

import logging
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assessments import evidence_mail, reading, scanning
from assessments.models import EvidenceRevision
from wlzthuis.isolation import as_system

log = logging.getLogger(__name__)

Scan, Bsn = EvidenceRevision.Scan, EvidenceRevision.Bsn
# A file that the scanner would not judge is sent once more after this time: its limits may have changed.
AGAIN = timedelta(days=1)
BATCH = 500


def soon(pk: int) -> None:
    """Have a file examined once it is kept for good; without a broker the clock finds it."""
    transaction.on_commit(partial(_queue, pk), robust=True)


def _queue(pk: int) -> None:
    from assessments.tasks import examine_evidence  # the task calls this module

    examine_evidence.delay(pk)


@as_system()
def waiting() -> list[int]:
    """Files that still have to be scanned or read, oldest first."""
    # What did not pass the scan is not read either.
    wanted = Q(bsn=Bsn.UNKNOWN) & EvidenceRevision.served()
    if scanning.is_set_up():
        wanted |= Q(scan=Scan.WAITING) | Q(scan=Scan.FAILED, scanned_at__lt=timezone.now() - AGAIN)
    return list(EvidenceRevision.objects.filter(wanted).order_by("pk").values_list("pk", flat=True)[:BATCH])


def examine(pk: int) -> None:
    """Scan a file and read it, as far as that was not done. May run twice. Raises scanning.Unreachable."""
    with as_system():
        file = EvidenceRevision.objects.get(pk=pk)
    if scanning.is_set_up() and file.scan in (Scan.WAITING, Scan.FAILED):
        _scan(file)
    if file.is_served and file.bsn == Bsn.UNKNOWN:
        _read(file)


def _scan(file: EvidenceRevision) -> None:
    before = file.scan
    try:
        with file.file.open("rb") as content:
            malware = scanning.scan(content)
        file.scan = Scan.INFECTED if malware else Scan.CLEAN
    except (scanning.Refused, FileNotFoundError) as reason:
        malware, file.scan = "", Scan.FAILED
        log.error("file %s was not scanned: %s", file.pk, type(reason).__name__)
    file.scanned_at = timezone.now()
    with as_system():
        # Of two that scanned one file at once, one tells people.
        changed = EvidenceRevision.objects.filter(pk=file.pk, scan=before)
        if changed.update(scan=file.scan, scanned_at=file.scanned_at) and malware:
            log.critical("malware in file %s: %s", file.pk, malware)
            evidence_mail.tell_infected(file)


def _read(file: EvidenceRevision) -> None:
    try:
        with file.file.open("rb") as content:
            result = reading.read(content, file.content_type)
    except FileNotFoundError:
        log.error("file %s is not there", file.pk)
        result = reading.Result([], whole=False)
    state = Bsn.FOUND if result.places else Bsn.NONE if result.whole else Bsn.UNREADABLE
    with as_system():
        changed = EvidenceRevision.objects.filter(pk=file.pk, bsn=Bsn.UNKNOWN)
        if changed.update(bsn=state, bsn_places=result.places) and state == Bsn.FOUND:
            evidence_mail.tell_bsn(file)
