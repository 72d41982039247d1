"""`make run` from end to end, in a copy of the checkout with data and port of its own."""

import http.client
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from wlzthuis.dev import place
from wlzthuis.dev.processes import wait_until, working_folder
from wlzthuis.dev.shell import ROOT

pytestmark = pytest.mark.broker
ON_SCREEN = "Ctrl-C stops everything."


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """The files under version control or about to be, with the installed packages of the real checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    for name in (".venv", "node_modules"):
        (tmp_path / name).symlink_to(ROOT / name)
    yield tmp_path
    shutil.rmtree((tmp_path / ".local" / "servers").resolve(), ignore_errors=True)


class Portal:
    """One `make run` in the checkout."""

    def __init__(self, checkout: Path, port: int) -> None:
        self.folder, self.port = checkout, port
        self.screen = checkout / f"screen-{id(self)}"
        foreign = ("DATABASE_URL", "REDIS_URL", "DEMO", "SECRET_KEY", "PRIVATE_ROOT", "PUBLICATION_WAIT_DAYS")
        env = {name: value for name, value in os.environ.items() if name not in foreign}
        with self.screen.open("w") as screen:
            self.make = subprocess.Popen(
                ["make", "run"],
                cwd=checkout,
                env=env | {"PORT": str(port)},
                stdout=screen,
                stderr=screen,
                start_new_session=True,
            )

    def wait(self) -> str:
        """What is on the screen when the portal is up, or when it gave up."""
        wait_until(lambda: ON_SCREEN in self.screen.read_text() or self.make.poll() is not None, 240)
        return self.screen.read_text()

    def environment(self) -> dict[str, str]:
        run = self.folder / ".local" / "servers" / "run"
        return dict(json.loads((run / "environment.json").read_text()))

    def supervisor(self) -> int:
        return int((self.folder / ".local" / "servers" / "run" / "lock").read_text())


def processes_of(checkout: Path) -> list[str]:
    """Command lines of all processes that work for this copy: in its folder, or on its data."""
    places = (str(checkout), str((checkout / ".local" / "servers").resolve()))
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and working_folder(int(entry.name)).startswith(places):
            found.append((entry / "cmdline").read_text().replace("\0", " "))
    return found


def test_run_keeps_data_and_leaves_nothing_behind(checkout: Path) -> None:
    port = place.free_port()
    first = Portal(checkout, port)
    screen = first.wait()
    assert f"http://localhost:{port}" in screen and "kwaliteit@zorgthuis.example" in screen
    assert _status(port, "/health/live") == 200
    names = " ".join(processes_of(checkout))
    assert all(part in names for part in ("gunicorn", "celery -A wlzthuis worker", "celery -A wlzthuis beat"))
    assert "bin/postgres" in names and "valkey-server" in names
    _note(first, "CREATE TABLE kept ()")

    second = Portal(checkout, place.free_port())
    assert f"already runs from this folder (process {first.supervisor()})" in second.wait()
    assert second.make.wait(10) != 0

    os.kill(first.supervisor(), signal.SIGKILL)
    first.make.wait(10)
    third = Portal(checkout, port)
    assert ON_SCREEN in third.wait(), third.screen.read_text()
    _note(third, "DROP TABLE kept")

    os.killpg(third.make.pid, signal.SIGINT)
    third.make.wait(60)
    assert processes_of(checkout) == []
    with pytest.raises(OSError, match="refused"):
        _status(port, "/health/live")


def _status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection(place.HOST, port, timeout=10)
    connection.request("GET", path)
    return connection.getresponse().status


def _note(portal: Portal, statement: str) -> None:
    with psycopg.connect(portal.environment()["DATABASE_URL"]) as connection:
        connection.execute(statement)
