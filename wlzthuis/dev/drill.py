"""`make drill`: a portal of its own, its data as safe on disk as in production, of which parts are killed."""

import os
import shutil
import subprocess

from . import place, run
from .bootstrap import PYTHON, prepare
from .processes import Processes
from .shell import ROOT, Stop

# The drill never touches a portal that is there.
NOT_OURS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS")


def drill(arguments: list[str]) -> None:
    """Run it (tests/ops/drill.py) beside the portal that this process keeps running. Raises Stop when
    anything was lost."""
    prepare()
    for name in NOT_OURS:
        os.environ.pop(name, None)
    folder = place.data_folder() / f"drill-{os.getpid()}"
    port = place.free_port()
    with place.held(folder, "This folder is in use"):
        os.environ |= {"DEMO": "0", "SECURE": "0", "PRIVATE_ROOT": str(folder / "private")}
        processes = Processes(folder)
        try:
            env = run.start(folder, processes, port)
            command = [str(PYTHON), "-m", "tests.ops.drill", str(port), str(processes.ledger), *arguments]
            work = subprocess.Popen(
                command, cwd=ROOT, env=env | {"DJANGO_SETTINGS_MODULE": "wlzthuis.settings"}
            )
            run.keep_running(processes, until=lambda: work.poll() is not None)
        finally:
            processes.stop()
            shutil.rmtree(folder)
    if work.returncode:
        raise Stop("The drill failed.")
