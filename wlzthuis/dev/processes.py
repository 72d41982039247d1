"""Child processes that never outlive their supervisor.

Each child leads a session of its own, so Ctrl-C reaches the supervisor only and it stops them in order.
When the supervisor is killed the kernel signals the children (PR_SET_PDEATHSIG); whatever still lives at
the next start is found in the ledger, by process id and start time, so that no stranger is ever ended.
"""

import ctypes
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .shell import Stop

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, eq=False)
class Service:
    """A command to keep running. `stop_signal` asks it to end in order, within `patience` seconds."""

    name: str
    command: list[str]
    env: dict[str, str]
    folder: Path
    user: tuple[int, int] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 15


class Processes:
    """The running services of one folder: logs in folder/log, ledger in folder/processes.json."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ledger = folder / "processes.json"
        self.running: dict[Service, subprocess.Popen[bytes]] = {}
        (folder / "log").mkdir(exist_ok=True)

    def log(self, service: Service) -> Path:
        return self.folder / "log" / f"{service.name}.log"

    def start(self, service: Service) -> None:
        uid, gid = service.user or (None, None)
        with self.log(service).open("ab") as log:
            self.running[service] = subprocess.Popen(
                service.command,
                cwd=service.folder,
                env=service.env,
                user=uid,
                group=gid,
                extra_groups=[] if gid is not None else None,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(service.stop_signal),
            )
        self._write_ledger()

    def start_and_wait(self, service: Service, answers: Callable[[], bool], seconds: float = 60) -> None:
        """Raises Stop, with the place of the log, when it ends or does not answer in time."""
        self.start(service)
        process = self.running[service]
        wait_until(lambda: process.poll() is not None or answers(), seconds)
        if process.poll() is not None or not answers():
            raise Stop(f"{service.name} did not start; read {self.log(service)}")

    def ended(self) -> Iterator[tuple[Service, int]]:
        """Services that ended by themselves, with their exit code; they leave the running ones."""
        for service, process in list(self.running.items()):
            if process.poll() is not None:
                del self.running[service]
                end_group(process.pid)
                yield service, process.returncode

    def stop(self) -> None:
        """End all, the last started first; what does not listen in time is killed."""
        for service, process in reversed(list(self.running.items())):
            process.send_signal(service.stop_signal)
            try:
                process.wait(service.patience)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            end_group(process.pid)
            del self.running[service]
        self.ledger.unlink(missing_ok=True)

    def clear_leftovers(self) -> list[str]:
        """End what a killed supervisor left behind; gives the names of what still ran."""
        if not self.ledger.is_file():
            return []
        left = [Trace(**entry) for entry in json.loads(self.ledger.read_text())]
        names = [trace.name for trace in left if trace.end()]
        self.ledger.unlink()
        return names

    def _write_ledger(self) -> None:
        traces = [
            {"name": service.name, "pid": process.pid, "started": started(process.pid)}
            | {"signal": service.stop_signal.value, "folder": str(service.folder)}
            for service, process in self.running.items()
        ]
        fresh = self.ledger.with_suffix(".new")
        fresh.write_text(json.dumps(traces))
        fresh.replace(self.ledger)


@dataclass(frozen=True)
class Trace:
    """A process as the ledger remembers it; `started` is in clock ticks since boot."""

    name: str
    pid: int
    started: str
    signal: int
    folder: str

    def end(self, patience: float = 10) -> bool:
        """Ask this very process to end, then kill its group; False when nothing of it is left."""
        if not started(self.pid):
            return self._end_orphans()
        if started(self.pid) != self.started:
            return False
        os.kill(self.pid, self.signal)
        if not wait_until(lambda: started(self.pid) != self.started, patience):
            os.kill(self.pid, signal.SIGKILL)
        self._end_orphans()
        return True

    def _end_orphans(self) -> bool:
        """Kill members of the group whose leader is gone. The number of a group with members is not given
        out again; the folder they work in tells ours from those of an older group with the same number."""
        orphans = [pid for pid in group(self.pid) if working_folder(pid) == self.folder]
        for pid in orphans:
            os.kill(pid, signal.SIGKILL)
        return bool(orphans)


def group(leader: int) -> list[int]:
    """Process ids in the group of a leader, itself included."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.getpgid(int(entry.name)) == leader:
                found.append(int(entry.name))
        except ProcessLookupError:
            continue
    return found


def working_folder(pid: int) -> str:
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return ""


def started(pid: int) -> str:
    """Start time of a live process, '' when there is none (a zombie counts as none)."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if after_name[0] == "Z" else after_name[19]


def end_group(leader: int) -> None:
    """Kill the children that an ended leader left in its process group."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def wait_until(true: Callable[[], bool], seconds: float) -> bool:
    """Look again and again until it is true or the time is up."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def die_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """For preexec_fn: the kernel signals the child when its parent is gone, however that ended."""
    parent = os.getpid()

    def ask_kernel() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:
            os._exit(1)

    return ask_kernel
