"""`make drill`: the parts of a portal are killed in turn while people write; nothing is lost or doubled.

Started by wlzthuis.dev.drill, which keeps the portal's processes running as `make run` does:
python -m tests.ops.drill PORT LEDGER [--short]
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.files.storage import default_storage  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.db.models import QuerySet  # noqa: E402
from django.test import Client  # noqa: E402

from assessments.models import Answer, AnswerVersion, Revision  # noqa: E402
from reports.models import ReportFile, ReportRequest  # noqa: E402
from tests import factories as f  # noqa: E402
from wlzthuis import health  # noqa: E402
from wlzthuis.isolation import as_system  # noqa: E402

WRITERS, ITEMS_EACH = 4, 3
CALM = 2  # seconds of work before each fault
LONGEST = 90  # seconds in which the portal must be whole again
REPORTS_WITHIN = 300  # a lease runs out first, when the worker that held it was killed
WRITER = Path(__file__).with_name("writer.py")


@dataclass(frozen=True)
class Fault:
    """A process of a service in the ledger that gets a signal; `child`: one of its children instead."""

    name: str
    service: str
    child: bool = False
    blow: signal.Signals = signal.SIGKILL
    with_report: bool = True

    def strike(self, ledger: Path) -> None:
        pid = next(entry["pid"] for entry in json.loads(ledger.read_text()) if entry["name"] == self.service)
        if self.child:
            pid = int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
        os.kill(pid, self.blow)


FAULTS = (
    Fault("a web worker", "web", child=True),
    Fault("PostgreSQL, at once", "postgres", blow=signal.SIGQUIT),
    Fault("gunicorn's master", "web"),
    Fault("the Celery worker", "worker"),
    Fault("beat", "beat"),
    Fault("Valkey", "valkey"),
)
# Without a report that is half done, whose lease takes two minutes to run out.
SHORT = (FAULTS[0], replace(FAULTS[1], with_report=False))


@dataclass(frozen=True)
class Outcome:
    fault: str
    away: float
    whole: float
    repeated: int


class Visitor(threading.Thread):
    """Asks for a page that needs the database, all the time; remembers when it came."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.seen: list[float] = []

    def run(self) -> None:
        while True:
            if _get(self.port, "/normen/")[0] == 200:
                self.seen.append(time.monotonic())
            time.sleep(0.05)

    def longest_wait(self, since: float) -> float:
        """The longest time without that page."""
        moments = [since, *(moment for moment in self.seen if moment > since)]
        return max(after - before for before, after in zip(moments, moments[1:], strict=False))


def main(port: int, ledger: Path, faults: tuple[Fault, ...]) -> int:
    """Strike, look, compare; gives the exit code."""
    revisions = _accounts()
    notes = [ledger.with_name(f"writer-{number}.jsonl") for number in range(WRITERS)]
    visitor = Visitor(port)
    visitor.start()
    with _writers(port, revisions, notes) as writers:
        outcomes = [_survive(fault, port, ledger, visitor, notes) for fault in faults]
        time.sleep(CALM)
    wrong = [f"writer {number} gave up" for number, writer in enumerate(writers) if writer.returncode]
    wrong += _compare(revisions, notes)
    print(f"\n{'killed':24}{'pages away':>12}{'whole after':>13}{'saves repeated':>16}")
    for outcome in outcomes:
        print(f"{outcome.fault:24}{outcome.away:>10.1f} s{outcome.whole:>11.1f} s{outcome.repeated:>16}")
    print(*(["", "WRONG:"] + wrong if wrong else ["Nothing was lost and nothing was doubled."]), sep="\n")
    return 1 if wrong else 0


@as_system()
def _accounts() -> list[tuple[Revision, str, list[int]]]:
    """A draft for each writer, with her session and what she answers."""
    found = []
    for _ in range(WRITERS):
        provider = f.provider()
        revision = f.draft_revision(provider)
        client = Client()
        client.force_login(f.quality_officer(provider).person)
        items = [item.pk for item in f.asked_items(revision, "judgement")[:ITEMS_EACH]]
        found.append((revision, client.session.session_key or "", items))
    return found


@contextmanager
def _writers(
    port: int, revisions: list[tuple[Revision, str, list[int]]], notes: list[Path]
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """A process for each draft; at the end each finishes the save that it is at."""
    running = []
    for (revision, session, items), path in zip(revisions, notes, strict=True):
        arguments = [str(port), session, str(revision.pk), ",".join(map(str, items)), str(path)]
        running.append(subprocess.Popen([sys.executable, str(WRITER), *arguments]))
    try:
        yield running
        for path, writer in zip(notes, running, strict=True):
            path.with_suffix(".stop").touch()
            writer.wait(60)
    finally:
        for writer in running:
            writer.kill()


def _survive(fault: Fault, port: int, ledger: Path, visitor: Visitor, notes: list[Path]) -> Outcome:
    """A report is asked for and the part is killed; done when all parts are well again."""
    time.sleep(CALM)
    if fault.with_report:
        with as_system():
            f.concept_visit()
        connections.close_all()
    before, begin = _repeated(notes), time.monotonic()
    moment = time.time()
    fault.strike(ledger)
    time.sleep(0.5)
    _wait(lambda: _is_whole(port, moment), f"the portal was not whole {LONGEST} s after {fault.name}")
    whole = time.monotonic() - begin
    time.sleep(CALM)
    return Outcome(fault.name, visitor.longest_wait(begin), whole, _repeated(notes) - before)


def _is_whole(port: int, moment: float) -> bool:
    """Every part says that it is well, and the clock struck since."""
    status, body = _get(port, "/health/ready")
    if status != 200 or json.loads(body)["status"] != "ready":
        return False
    age = health.clock_age()
    return age is not None and time.time() - age > moment


def _compare(revisions: list[tuple[Revision, str, list[int]]], notes: list[Path]) -> list[str]:
    """What is not as it was acknowledged, in sentences."""
    wrong = []
    with suppress(TimeoutError):
        _wait(_reports_are_done, "", REPORTS_WITHIN)
    with as_system():
        total = 0
        for (revision, _, items), path in zip(revisions, notes, strict=True):
            acknowledged = _read(path)
            total += len(acknowledged)
            kept = {str(version.save_id): version for version in _versions(revision)}
            wrong += [
                f"lost or changed: {note}"
                for note in acknowledged
                if note["save"] not in kept
                or (kept[note["save"]].version, kept[note["save"]].text) != (note["version"], note["text"])
            ]
            if len(kept) != _versions(revision).count() or len(kept) != len(acknowledged):
                wrong.append(f"{len(acknowledged)} saves acknowledged and {len(kept)} kept: {revision}")
            for answer in Answer.objects.filter(revision=revision, item__in=items):
                numbers = [v.version for v in _versions(revision).filter(answer=answer).order_by("version")]
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


def _versions(revision: Revision) -> QuerySet[AnswerVersion]:
    return AnswerVersion.objects.filter(answer__revision=revision)


def _reports_are_done() -> bool:
    connection.close_if_unusable_or_obsolete()
    with as_system():
        return not ReportRequest.objects.exclude(status=ReportRequest.Status.READY).exists()


def _repeated(notes: list[Path]) -> int:
    return sum(note["tries"] - 1 for path in notes for note in _read(path))


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def _wait(true: Callable[[], bool], otherwise: str, seconds: float = LONGEST) -> None:
    end = time.monotonic() + seconds
    while True:
        with suppress(Exception):  # a part that is away may answer anything
            if true():
                return
        if time.monotonic() > end:
            raise TimeoutError(otherwise)
        time.sleep(0.1)


def _get(port: int, path: str) -> tuple[int, str]:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        client.request("GET", path)
        response = client.getresponse()
        return response.status, response.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        client.close()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), Path(sys.argv[2]), SHORT if "--short" in sys.argv else FAULTS))
