"""The environment variables of a run and of the tests, and the embedded servers that go with them."""

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import place, prepared
from .postgres import Postgres
from .processes import Processes
from .shell import LOCAL
from .valkey import Valkey

TESTS = {
    "SECRET_KEY": secrets.token_urlsafe(48),
    "DEBUG": "0",
    "DEMO": "1",
    "SECURE": "0",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "CSRF_TRUSTED_ORIGINS": "",
    "PUBLICATION_WAIT_DAYS": "0",
    "REACTION_TERM_WEEKS": "4",
    "SECOND_FACTOR": "optional",
    "PWNED_PASSWORDS": "0",
}


def for_run(folder: Path, processes: Processes) -> dict[str, str]:
    """Start the servers that the caller named no address of; gives the whole environment of the portal.

    Demo data belongs to the embedded database. On another one DEMO=1 has to be asked for.
    """
    embedded = "DATABASE_URL" not in os.environ
    chosen = {
        "SECRET_KEY": place.password(LOCAL, "secret-key"),
        "DEMO": "1" if embedded else "0",
        "PUBLIC_URL": f"http://localhost:{os.environ.get('PORT') or '8000'}",
        "SECURE": "0",  # the runner serves plain http, to this machine only
        "PUBLICATION_WAIT_DAYS": "0" if embedded else "14",
    }
    servers = _servers(folder, processes)
    place.write_secret(folder / "environment.json", json.dumps(chosen | servers))
    return chosen | os.environ | servers


@contextmanager
def for_tests(with_tables: bool = False) -> Iterator[dict[str, str]]:
    """The environment of a test run, on servers that are thrown away after it; with_tables: PostgreSQL has
    the databases of `prepared`, unless it is the caller's own."""
    base = place.data_folder()
    _remove_abandoned(base)
    folder = base / f"test-{os.getpid()}"
    with place.held(folder, "This folder is in use"):
        processes = Processes(folder)
        try:
            servers = {}
            if with_tables and "DATABASE_URL" not in os.environ:
                prepared.copy_to(folder, TESTS)
                servers["PREPARED"] = "1"
            servers |= _servers(folder, processes, throwaway=True)
            yield os.environ | TESTS | servers | {"PRIVATE_ROOT": str(folder / "private")}
        finally:
            processes.stop()
            shutil.rmtree(folder)


def of_running() -> dict[str, str]:
    """The environment of the portal that `make run` keeps running."""
    stored = json.loads((place.data_folder() / "run" / "environment.json").read_text())
    return stored | os.environ


def _servers(folder: Path, processes: Processes, throwaway: bool = False) -> dict[str, str]:
    addresses = {}
    if "REDIS_URL" not in os.environ:
        addresses["REDIS_URL"] = Valkey(folder, throwaway).start(processes)
    if "DATABASE_URL" not in os.environ:
        addresses["DATABASE_URL"] = Postgres(folder, throwaway).start(processes)
    return addresses


def _remove_abandoned(base: Path) -> None:
    """Clear the folders of test runs that were killed."""
    for folder in base.glob("test-*"):
        with (folder / "lock").open("a") as lock:
            if place.take(lock):
                Processes(folder).clear_leftovers()
                # A server that was just ended may still be removing its own files.
                shutil.rmtree(folder, ignore_errors=True)
