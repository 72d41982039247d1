"""`make drill`: the parts of a portal are killed in turn while people write; nothing is lost or doubled.

Started by wlzthuis.dev.drill, which keeps the portal's processes running as `make run` does:
python -m tests.ops.drill PORT LEDGER [--short | --together]
"""

import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import django

django.setup()

from django.core.files.storage import default_storage  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.db.models import QuerySet  # noqa: E402
from django.test import Client  # noqa: E402

from assessments.models import Answer, AnswerVersion  # noqa: E402
from reports.models import ReportFile, ReportRequest  # noqa: E402
from tests import factories as f  # noqa: E402
from tests.ops import together  # noqa: E402
from tests.ops.faults import (  # noqa: E402
    CALM,
    POSTGRES,
    WEB,
    WEB_WORKER,
    Fault,
    Visitor,
    Writer,
    judge,
    survive,
    wait,
    writing,
)
from wlzthuis.isolation import as_system  # noqa: E402

WRITERS, ITEMS_EACH = 4, 3
REPORTS_WITHIN = 300  # a lease runs out first, when the worker that held it was killed

FAULTS = (
    WEB_WORKER,
    POSTGRES,
    WEB,
    Fault("the Celery worker", "worker"),
    Fault("beat", "beat"),
    Fault("Valkey", "valkey"),
)
# Without a report that is half done, whose lease takes two minutes to run out.
SHORT = (WEB_WORKER, replace(POSTGRES, with_report=False))


def main(port: int, ledger: Path, faults: tuple[Fault, ...]) -> int:
    """Strike, look, compare; gives the exit code."""
    writers = _writers(ledger)
    visitor = Visitor(port)
    visitor.start()
    outcomes = []
    with writing(port, writers):
        for fault in faults:
            time.sleep(CALM)
            if fault.with_report:
                _ask_report()
            outcomes.append(survive(fault, ledger, visitor, writers))
        time.sleep(CALM)
    return judge(outcomes, [f"{w.notes.stem} gave up" for w in writers if w.gave_up] + _compare(writers))


@as_system()
def _writers(ledger: Path) -> list[Writer]:
    """A draft for each, with her session and what she answers."""
    found = []
    for number in range(WRITERS):
        provider = f.provider()
        revision = f.draft_revision(provider)
        client = Client()
        client.force_login(f.quality_officer(provider).person)
        items = f.asked_items(revision, "judgement")[:ITEMS_EACH]
        notes = ledger.with_name(f"writer-{number}.jsonl")
        found.append(Writer(notes, client.session.session_key or "", revision.pk, items))
    return found


def _ask_report() -> None:
    with as_system():
        f.concept_visit()
    connections.close_all()


def _compare(writers: list[Writer]) -> list[str]:
    """What is not as it was acknowledged, in sentences."""
    wrong = []
    with suppress(TimeoutError):
        wait(_reports_are_done, "", REPORTS_WITHIN)
    with as_system():
        total = 0
        for writer in writers:
            acknowledged = writer.acknowledged()
            total += len(acknowledged)
            kept = {str(version.save_id): version for version in _versions(writer)}
            wrong += [
                f"lost or changed: {note}"
                for note in acknowledged
                if note["save"] not in kept
                or (kept[note["save"]].version, kept[note["save"]].text) != (note["base"] + 1, note["text"])
            ]
            if len(kept) != _versions(writer).count() or len(kept) != len(acknowledged):
                wrong.append(
                    f"{len(acknowledged)} saves acknowledged and {len(kept)} kept: {writer.notes.stem}"
                )
            for answer in Answer.objects.filter(revision=writer.revision, item__in=writer.items):
                numbers = [v.version for v in _versions(writer).filter(answer=answer).order_by("version")]
                if numbers != list(range(1, answer.version + 1)):
                    wrong.append(f"versions with gaps: {answer} {numbers}")
        reports = ReportRequest.objects.count()
        ready = ReportRequest.objects.filter(status=ReportRequest.Status.READY).count()
        files = ReportFile.objects.count()
        on_disk = len(default_storage.listdir("reports")[1])
    if not reports == ready == files == on_disk:
        wrong.append(f"{reports} reports asked, {ready} ready, {files} files, {on_disk} on disk")
    print(f"{total} saves acknowledged, {reports} reports asked")
    return wrong


def _versions(writer: Writer) -> QuerySet[AnswerVersion]:
    return AnswerVersion.objects.filter(answer__revision=writer.revision)


def _reports_are_done() -> bool:
    connection.close_if_unusable_or_obsolete()
    with as_system():
        return not ReportRequest.objects.exclude(status=ReportRequest.Status.READY).exists()


if __name__ == "__main__":
    place = int(sys.argv[1]), Path(sys.argv[2])
    if "--together" in sys.argv:
        sys.exit(together.main(*place, together.SAVES, together.FAULTS))
    sys.exit(main(*place, SHORT if "--short" in sys.argv else FAULTS))
