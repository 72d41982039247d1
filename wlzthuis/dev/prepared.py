"""The cluster that every test run starts from: made once, then copied.

Making all tables takes much longer than most tests do. A copy of the data folder of a stopped server takes
a tenth of a second, and so does a copy of a database inside it.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from . import place
from .bootstrap import PYTHON
from .postgres import ROLE, Postgres
from .processes import Processes
from .shell import ROOT, call, say

# What every test starts with: tables and norms; and what a portal starts with. Nobody works in them, so
# that they can be copied.
FOR_TESTS, FOR_PORTALS = "for_tests", "for_portals"
STEPS = (
    (FOR_TESTS, "template1", "migrate"),
    (FOR_TESTS, "", "load_norms"),
    (FOR_PORTALS, FOR_TESTS, "prepare"),
)
# All that decides what is in those two.
SOURCES = (
    "*/migrations/*.py",
    "wlzthuis/isolation.py",
    "wlzthuis/postgres/*.py",
    "wlzthuis/dev/postgres.py",
    "wlzthuis/dev/prepared.py",
    "norms/*.py",
    "norms/data/**/*.*",
    "providers/regions.py",
    "providers/data/*.*",
    "requirements-dev.lock",
)


def copy_to(folder: Path, env: dict[str, str]) -> None:
    """Put the cluster and its passwords in the folder of a test run; make them first when what they hold
    changed. env: settings of the portal, without addresses. Safe from several processes at once."""
    base = place.data_folder()
    with place.turn(base / "prepared.lock"):
        # Somebody may change a file while it is being made.
        while not (cluster := base / f"prepared-{(key := _key())}").is_dir():
            fresh = _make(base / "prepared.new", env)
            if _key() == key:
                fresh.rename(cluster)
        parts = [cluster / "postgres", *cluster.glob("*.secret")]
        subprocess.run(["cp", "-a", "--reflink=auto", *parts, folder], check=True)


def _make(fresh: Path, env: dict[str, str]) -> Path:
    """A stopped cluster in this folder; what was made before, in whole or in part, goes."""
    say("Making the database that tests start from")
    for old in fresh.parent.glob("prepared-*"):
        shutil.rmtree(old)
    if fresh.is_dir():
        Processes(fresh).clear_leftovers()
        shutil.rmtree(fresh)
    fresh.mkdir(mode=0o711)
    processes, server = Processes(fresh), Postgres(fresh, throwaway=True)
    try:
        url = urlsplit(server.start(processes))
        for name, source, command in STEPS:
            if source:
                server.run_sql(f"CREATE DATABASE {name} OWNER {ROLE} TEMPLATE {source};")
            own = {"DATABASE_URL": url._replace(path=f"/{name}").geturl(), "DEMO": "0"}
            call([PYTHON, "manage.py", command, "--verbosity", "0"], env=os.environ | env | own)
    finally:
        processes.stop()
    return fresh


def _key() -> str:
    """A fingerprint of everything that decides what the databases hold."""
    found = hashlib.sha256()
    for path in _sources():
        found.update(f"{path.relative_to(ROOT)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    for pattern in SOURCES:
        yield from sorted(path for path in ROOT.glob(pattern) if path.is_file())
