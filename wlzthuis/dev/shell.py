"""Words to the person at the keyboard, and commands that must succeed."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
LOCAL = ROOT / ".local"


class Stop(Exception):
    """A reason to stop that is meant for the reader: printed without a traceback."""

    code = 1


class Unreachable(Stop):
    """A service elsewhere did not answer, so nothing is known."""

    code = 3


def say(text: str) -> None:
    print(text, flush=True)


def warn(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def call(command: Sequence[str | Path], env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> None:
    """Run a command in the foreground; raises Stop naming it when it fails."""
    code = subprocess.run(command, env=env, cwd=cwd, stdin=subprocess.DEVNULL).returncode
    if code:
        raise Stop(f"Stopped: `{shown(command)}` ended with code {code}.")


def succeeds(command: Sequence[str | Path]) -> bool:
    """Whether a command can be run and ends with code 0; its output is thrown away."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)
    except OSError:
        return False
    return done.returncode == 0


def shown(command: Sequence[str | Path]) -> str:
    return " ".join(str(word).replace(f"{ROOT}/", "") for word in command)
