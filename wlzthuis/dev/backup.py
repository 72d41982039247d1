"""`make backup` and `make restore`: with PostgreSQL's own programs at hand and the servers running."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from . import environment, place
from .bootstrap import PYTHON, prepare
from .postgres import Postgres
from .processes import Processes
from .shell import LOCAL, ROOT, Stop, call, say


def backup() -> None:
    """Write a backup to BACKUP_DIR, or to a folder named after the moment below .local/backups."""
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    folder = Path(os.environ.get("BACKUP_DIR") or LOCAL / "backups" / moment).absolute()
    with _servers(may_run=True) as env:
        call([PYTHON, "manage.py", "backup", folder], env=env)


def restore() -> None:
    """Fill the portal that does not run from FROM; FORCE=1 empties it first."""
    source = os.environ.get("FROM")
    if not source:
        raise Stop("Say which backup: make restore FROM=.local/backups/2026-01-31T020000Z")
    force = ["--force"] if os.environ.get("FORCE") == "1" else []
    with _servers(may_run=False) as env:
        call([PYTHON, "manage.py", "restore", ROOT / source, *force], env=env)
        say("Now start the portal: make run")


@contextmanager
def _servers(*, may_run: bool) -> Iterator[dict[str, str]]:
    """The portal's environment: of the one that runs, else on servers started for this work alone."""
    prepare()
    folder = place.data_folder() / "run"
    try:
        with place.held(folder, "The portal runs: stop it first"):
            processes = Processes(folder)
            processes.clear_leftovers()
            try:
                yield _with_programs(environment.for_run(folder, processes), folder)
            finally:
                processes.stop()
    except place.Held:
        if not may_run:
            raise
        yield _with_programs(environment.of_running(), folder)


def _with_programs(env: dict[str, str], folder: Path) -> dict[str, str]:
    """With a database of one's own its programs come from the PATH, else from beside the embedded server."""
    if "DATABASE_URL" in os.environ:
        return env
    return env | {"PATH": f"{Postgres(folder).programs}:{env['PATH']}"}
