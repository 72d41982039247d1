"""System packages: looked for by what they give, installed by apt where that is allowed."""

import ctypes
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from .shell import Stop, call, say, succeeds


@dataclass(frozen=True)
class Need:
    """A Debian package and the test that tells whether what it gives is there."""

    package: str
    met: Callable[[], bool]


def library(soname: str) -> Callable[[], bool]:
    def met() -> bool:
        try:
            ctypes.CDLL(soname)
        except OSError:
            return False
        return True

    return met


def program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


PDF = (
    Need("libpango-1.0-0", library("libpango-1.0.so.0")),
    Need("libpangoft2-1.0-0", library("libpangoft2-1.0.so.0")),
    Need("libharfbuzz-subset0", library("libharfbuzz-subset.so.0")),
)
TESTS = (
    Need("poppler-utils", program("pdftoppm")),
    Need("clamav-daemon", program("clamd", "/usr/sbin/clamd")),
)
CHROMIUM = ("chromium", "chromium-browser")


def browser() -> str | None:
    """Path of the system's Chromium. Ubuntu's launcher counts only when its snap works."""
    for name in CHROMIUM:
        path = shutil.which(name)
        if path and succeeds([path, "--version"]):
            return path
    return None


def ensure(needs: Iterable[Need]) -> None:
    """Install what is missing; raises Stop with the command to type when apt may not be used."""
    missing = [need.package for need in needs if not need.met()]
    if not missing:
        return
    install(missing)
    still = [need.package for need in needs if not need.met()]
    if still:
        raise Stop(f"Installed {' '.join(missing)}, but {' '.join(still)} still cannot be used.")


def install(packages: list[str]) -> None:
    """apt-get install as root or by password-less sudo; else raises Stop with the exact command."""
    by_hand = f"apt-get update && apt-get install --yes --no-install-recommends {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise Stop(f"Missing: {' '.join(packages)} (names of Debian packages). Install them first.")
    prefix = _rights()
    if prefix is None:
        raise Stop(f"Missing system packages. Nothing was started. Type:\n\n    sudo sh -c '{by_hand}'\n")
    say(f"Installing system packages: {' '.join(packages)}")
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive"]
    apt = [*prefix, *quiet, "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=500", "-o", "Dpkg::Use-Pty=0"]
    call([*apt, "update"], cwd=Path("/"))
    call([*apt, "install", "--yes", "--no-install-recommends", *packages], cwd=Path("/"))


def _rights() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if succeeds(["sudo", "-n", "true"]) else None
