"""Parts of a running portal that are killed while people write, and what the people noted of it.

The portal's processes are kept running by wlzthuis.dev.drill, which says in a ledger which they are.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from norms.models import Item
from wlzthuis import health

CALM = 2  # seconds of work before and after each fault
LONGEST = 90  # seconds in which the portal must be whole again
WRITER = Path(__file__).with_name("writer.py")


@dataclass(frozen=True)
class Fault:
    """A process of a service in the ledger that gets a signal; `child`: one of its children instead.

    `with_report`: while a report is being made.
    """

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


WEB_WORKER = Fault("a web worker", "web", child=True)
WEB = Fault("gunicorn's master", "web")
POSTGRES = Fault("PostgreSQL, at once", "postgres", blow=signal.SIGQUIT)


@dataclass(frozen=True)
class Outcome:
    """How long it took until all was well again, and how many saves were sent again meanwhile."""

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


@dataclass
class Writer:
    """A person who answers questions in a process of her own, and notes each save that was acknowledged.

    `saves`: that many, on questions that others answer too; else until she is stopped, on her own.
    """

    notes: Path
    session: str
    revision: int
    items: Sequence[Item]
    saves: int = 0
    person: int = 0
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self, port: int) -> None:
        items = ",".join(f"{item.pk}:{item.kind}" for item in self.items)
        words = [port, self.session, self.revision, items, self.notes, self.saves]
        self.process = subprocess.Popen([sys.executable, str(WRITER), *map(str, words)])

    @property
    def gave_up(self) -> bool:
        return bool(self.process.poll())

    def acknowledged(self) -> list[dict[str, Any]]:
        if not self.notes.exists():
            return []
        # The last line may be half written.
        lines = self.notes.read_text().splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]


@contextmanager
def writing(port: int, writers: Sequence[Writer]) -> Iterator[None]:
    """A process for each; at the end each finishes the save that she is at."""
    for writer in writers:
        writer.start(port)
    try:
        yield
        for writer in writers:
            writer.notes.with_suffix(".stop").touch()
            writer.process.wait(60)
    finally:
        for writer in writers:
            writer.process.kill()


def survive(fault: Fault, ledger: Path, visitor: Visitor, writers: Sequence[Writer]) -> Outcome:
    """A part is killed; done when all parts are well again."""
    before, begin = repeated(writers), time.monotonic()
    moment = time.time()
    fault.strike(ledger)
    time.sleep(0.5)
    wait(lambda: _is_whole(visitor.port, moment), f"the portal was not whole {LONGEST} s after {fault.name}")
    whole = time.monotonic() - begin
    time.sleep(CALM)
    return Outcome(fault.name, visitor.longest_wait(begin), whole, repeated(writers) - before)


def _is_whole(port: int, moment: float) -> bool:
    """Every part says that it is well, and the clock struck since."""
    status, body = _get(port, "/health/ready")
    if status != 200 or json.loads(body)["status"] != "ready":
        return False
    age = health.clock_age()
    return age is not None and time.time() - age > moment


def repeated(writers: Sequence[Writer]) -> int:
    """How many saves were sent again because no acknowledgement came."""
    return sum(note["repeats"] for writer in writers for note in writer.acknowledged())


def judge(outcomes: Sequence[Outcome], wrong: Sequence[str]) -> int:
    """Print what was survived and what is wrong; gives the exit code."""
    if outcomes:
        print(f"\n{'killed':24}{'pages away':>12}{'whole after':>13}{'saves repeated':>16}")
    for outcome in outcomes:
        print(f"{outcome.fault:24}{outcome.away:>10.1f} s{outcome.whole:>11.1f} s{outcome.repeated:>16}")
    print(*(["", "WRONG:", *wrong] if wrong else ["Nothing was lost and nothing was doubled."]), sep="\n")
    return 1 if wrong else 0


def wait(true: Callable[[], bool], otherwise: str, seconds: float = LONGEST) -> None:
    """Look again and again until it is true. Raises TimeoutError."""
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
