"""`make test`, `make lint`, `make prove` and `make bench`."""

import secrets
import subprocess
from collections.abc import Mapping
from pathlib import Path

from . import environment, system
from .bootstrap import PYTHON, prepare, prepare_proofs
from .shell import ROOT, Stop, call, say, shown

PRODUCTION = {
    "SECRET_KEY": secrets.token_urlsafe(48),
    "DEBUG": "0",
    "DEMO": "0",
    "SECURE": "1",
    "ALLOWED_HOSTS": "portaal.example",
    "PUBLIC_URL": "https://portaal.example",
    "EMAIL_HOST": "mail.example",
}
PYTEST = [str(PYTHON), "-m", "pytest"]


def test(arguments: list[str]) -> None:
    """All tests, or those that the pytest arguments name. Raises Stop when any fails."""
    if arguments:
        _pytest([arguments])
    else:
        # What shares a browser or the broker's queue runs alone; the rest on both cores.
        together, alone = "not (browser or broker or prove)", "(browser or broker) and not prove"
        _pytest([["-n", "2", "-m", together], ["-m", alone]])


def prove() -> None:
    """The long proofs, which are no part of `make test`."""
    prepare_proofs()
    _pytest([["-m", "prove"]])


def bench(arguments: list[str]) -> None:
    prepare()
    with environment.for_tests() as env:
        call([PYTHON, "-m", "bench.run", *arguments], env=env | {"DEMO": "0"})


def lint() -> None:
    """Every check, also after one that fails; raises Stop at the end when any failed."""
    prepare()
    with environment.for_tests() as env:
        production = env | PRODUCTION
        commands: list[tuple[list[str | Path], Mapping[str, str]]] = [
            ([PYTHON, "-m", "ruff", "check", "."], env),
            ([PYTHON, "-m", "ruff", "format", "--check", "."], env),
            ([PYTHON, "-m", "mypy"], env),
            ([PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"], env),
            ([PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], production),
        ]
        failed = [shown(command) for command, variables in commands if not _passes(command, variables)]
    failed += [f"{path.name} names a host" for path in _locks() if "://" in path.read_text()]
    if failed:
        raise Stop("Failed:\n  " + "\n  ".join(failed))
    say("All checks passed.")


def _pytest(runs: list[list[str]]) -> None:
    prepare(tests=True)
    with environment.for_tests() as env:
        env["CHROMIUM"] = system.browser() or ""
        codes = [subprocess.run([*PYTEST, *words], cwd=ROOT, env=env).returncode for words in runs]
    if any(codes):
        raise SystemExit(1)


def _passes(command: list[str | Path], env: Mapping[str, str]) -> bool:
    say(f"$ {shown(command)}")
    return subprocess.run(command, cwd=ROOT, env=env).returncode == 0


def _locks() -> list[Path]:
    return [*sorted(ROOT.glob("requirements*.lock")), ROOT / "package-lock.json"]
