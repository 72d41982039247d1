"""The portal as in production, in one process: of several, the kernel chooses who answers."""

import http.client
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wlzthuis.dev.place import HOST, free_port
from wlzthuis.dev.processes import Processes, Service
from wlzthuis.dev.shell import ROOT

COMMAND = (
    "gunicorn bench.wsgi --workers 1 --threads 4 --preload --no-control-socket --graceful-timeout 8 "
    "--access-logfile -"
)


@contextmanager
def gunicorns(databases: list[str]) -> Iterator[list[int]]:
    """The port of a running gunicorn per database."""
    with tempfile.TemporaryDirectory() as folder:
        processes = Processes(Path(folder))
        try:
            yield [_start(processes, number, url) for number, url in enumerate(databases)]
        finally:
            processes.stop()


def _start(processes: Processes, number: int, database: str) -> int:
    port = free_port()
    command = [sys.executable, "-m", *COMMAND.split(), "--bind", f"{HOST}:{port}"]
    env = {**os.environ, "DATABASE_URL": database}
    service = Service(name=f"web-{number}", command=command, env=env, folder=ROOT)
    processes.start_and_wait(service, lambda: _answers(port))
    return port


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
