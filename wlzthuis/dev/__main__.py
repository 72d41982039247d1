"""Entry of every make target: python3 -m dev <command> [arguments]."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (this is the check)
    sys.exit("Thuispeil needs Python 3.11 or newer; choose one with: make PYTHON=python3.12 ...")

from . import backup, bootstrap, checks, drill, locks, run
from .shell import Stop, warn


def main(command: str, arguments: list[str]) -> int:
    """Run one command; gives the exit code."""
    commands = {
        "run": lambda: run.run(),
        "manage": lambda: run.manage(arguments),
        "test": lambda: checks.test(arguments),
        "prove": lambda: checks.prove(),
        "bench": lambda: checks.bench(arguments),
        "lint": lambda: checks.lint(),
        "audit": lambda: checks.audit(),
        "assets": lambda: bootstrap.prepare(),
        "lock": lambda: locks.lock(),
        "drill": lambda: drill.drill(arguments),
        "backup": lambda: backup.backup(),
        "restore": lambda: backup.restore(),
    }
    try:
        commands[command]()
    except Stop as reason:
        warn(str(reason))
        return reason.code
    except KeyboardInterrupt:
        return 130
    return 0


sys.exit(main(sys.argv[1], sys.argv[2:]))
