"""`make test`, `make lint`, `make audit`, `make prove` and `make bench`."""

import json
import secrets
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from . import environment, system
from .bootstrap import PYTHON, prepare, prepare_proofs
from .shell import ROOT, Stop, Unreachable, call, say, shown

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
        # What drives a worker or a browser comes last: it waits for answers, and the rest keeps both cores
        # busy. Not together: while a browser is driven, its process lets Django ask no database.
        _in_turns(
            "not (browser or broker or prove)",
            "broker and not (browser or prove)",
            "browser and not prove",
        )


def prove() -> None:
    """The long proofs, which are no part of `make test`."""
    prepare_proofs()
    _in_turns("prove and not browser", "prove and browser")


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


def audit() -> None:
    """Compare every pinned package with the public lists of weaknesses. Raises Stop for a known weakness,
    and Unreachable when a list could not be asked: then nothing is known."""
    prepare()
    python: list[str | Path] = [
        PYTHON,
        "-m",
        "pip_audit",
        "--require-hashes",
        "--disable-pip",
        "--format",
        "json",
    ]
    known, unasked = [], []
    lists: tuple[tuple[str, list[str | Path], Callable[[Any], tuple[list[str], bool]]], ...] = (
        ("requirements.lock", [*python, "-r", ROOT / "requirements.lock"], _python_weaknesses),
        ("package-lock.json", ["npm", "audit", "--json"], _node_weaknesses),
    )
    for name, command, look in lists:
        say(f"$ {shown(command)}")
        found, is_complete = look(_json_of(command))
        known += found
        if not is_complete:
            unasked.append(name)
    if known:
        raise Stop("Known weaknesses:\n  " + "\n  ".join(known))
    if unasked:
        raise Unreachable(
            f"NOT AUDITED: {' and '.join(unasked)}. The lists of weaknesses could not be asked from here, "
            "so nothing is known about these packages. Run `make audit` where they can."
        )
    say("No known weaknesses.")


def _json_of(command: list[str | Path]) -> Any:
    """What a command prints, whatever it ends with; None when that is no JSON."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
        return json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def _python_weaknesses(told: Any) -> tuple[list[str], bool]:
    """Those in the answer of pip-audit, and whether it knew every package."""
    packages = told["dependencies"] if told else []
    found = [f"{p['name']} {p['version']}: {weak['id']}" for p in packages for weak in p.get("vulns", [])]
    return found, bool(packages) and not any("skip_reason" in package for package in packages)


def _node_weaknesses(told: Any) -> tuple[list[str], bool]:
    """Those in the answer of npm audit, and whether there was one."""
    if not told or "vulnerabilities" not in told:
        return [], False
    return [f"{name}: {weak['severity']}" for name, weak in told["vulnerabilities"].items()], True


def _in_turns(*kinds: str) -> None:
    """On both cores, by file, so that what the tests of a file share is made once."""
    both = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "-m"]
    _pytest([[*both, kind] for kind in kinds])


def _pytest(runs: list[list[str]]) -> None:
    prepare(tests=True)
    with environment.for_tests(with_tables=True) as env:
        env["CHROMIUM"] = system.browser() or ""
        codes = [subprocess.run([*PYTEST, *words], cwd=ROOT, env=env).returncode for words in runs]
    if any(codes):
        raise SystemExit(1)


def _passes(command: list[str | Path], env: Mapping[str, str]) -> bool:
    say(f"$ {shown(command)}")
    return subprocess.run(command, cwd=ROOT, env=env).returncode == 0


def _locks() -> list[Path]:
    return [*sorted(ROOT.glob("requirements*.lock")), ROOT / "package-lock.json"]
