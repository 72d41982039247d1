"""The whole portal as its own processes, on a database of its own: gunicorn, worker and beat."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis

from wlzthuis.dev.processes import die_with_parent

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = {
    "web": "gunicorn --config python:wlzthuis.serving wlzthuis.wsgi --bind 127.0.0.1:{port} --threads 2",
    "worker": "celery -A wlzthuis worker --concurrency 1 --loglevel INFO",
    "beat": "celery -A wlzthuis beat --schedule {folder}/beat --pidfile= --loglevel INFO",
}


@dataclass
class Portal:
    """Addresses and processes of a running portal."""

    folder: Path
    env: dict[str, str]
    port: int
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def manage(self, *arguments: str) -> str:
        """Run a management command; gives what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, name: str) -> None:
        words = COMMANDS[name].format(port=self.port, folder=self.folder).split()
        log = (self.folder / f"{name}.log").open("ab")
        self.running[name] = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            env=self.env,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Send a signal to all processes of a service and wait for its end."""
        process = self.running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        process.wait(20)

    def stop(self, number: int = signal.SIGTERM) -> None:
        for name in list(self.running):
            self.kill(name, number)

    def wait_until_up(self) -> None:
        for _ in range(150):
            with suppress(OSError):
                if urllib.request.urlopen(f"{self.url}/health/live", timeout=2).status == 200:  # noqa: S310
                    return
            time.sleep(0.2)
        raise AssertionError((self.folder / "web.log").read_text()[-3000:])

    def wait_for(self, true: Callable[[], bool], seconds: float = 30) -> None:
        """Look again and again until it is true; fails when the time is up."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it did not come"
            time.sleep(0.1)

    def start_over(self, like: str) -> None:
        """Put a copy of this database in the place of its own; processes that run connect anew."""
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {self.database} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {self.database} TEMPLATE {like}")

    @property
    def database(self) -> str:
        """The name of its database."""
        return urlsplit(self.env["DATABASE_URL"]).path[1:]

    def query(self, sql: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        """Rows straight from the portal's database, as the system sees them."""
        with psycopg.connect(self.env["DATABASE_URL"], options="-c thuispeil.kind=system") as connection:
            return connection.execute(sql, values).fetchall()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_portal(folder: Path, *, like: str = "template1", **env: str) -> Iterator[Portal]:
    """A portal with a copy of the database of that name, by default an empty one; commands and processes
    are started by who uses it, and all end here."""
    with _database(like) as database, own_broker() as broker:
        variables = {
            "DATABASE_URL": database,
            "REDIS_URL": broker,
            "PRIVATE_ROOT": str(folder / "private"),
            "DJANGO_SETTINGS_MODULE": "wlzthuis.settings",
        }
        portal = Portal(folder, os.environ | variables | env, free_port())
        try:
            yield portal
        finally:
            portal.stop(signal.SIGKILL)  # nothing of it is kept, so nothing has to end well


@contextmanager
def _database(like: str) -> Iterator[str]:
    own, name = os.environ["DATABASE_URL"], f"portal_{secrets.token_hex(4)}"
    with psycopg.connect(own, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
    try:
        yield _numbered(own, name)
    finally:
        with psycopg.connect(own, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def own_broker() -> Iterator[str]:
    """A database of Valkey that nobody uses: a worker takes the tasks of whoever shares it."""
    for number in range(1, 16):  # 0 may be in use by others
        address = _numbered(os.environ["REDIS_URL"], str(number))
        with redis.Redis.from_url(address) as broker:
            if broker.set("taken", 1, nx=True):
                try:
                    yield address
                finally:
                    broker.flushdb()
                return
    raise AssertionError("every database of Valkey is taken: empty 1 to 15 when no tests run")


def _numbered(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
