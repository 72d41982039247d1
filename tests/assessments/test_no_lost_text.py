"""Eight people on the same answers, each a process that speaks HTTP: every acknowledged text is kept once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.portal import ROOT, running_portal

KEPT = "Nothing was lost and nothing was doubled."


def test_people_who_write_together_lose_no_text(loaded: str, tmp_path: Path) -> None:
    with running_portal(tmp_path, like=loaded) as portal:
        portal.start("web")
        portal.wait_until_up()
        command = [
            sys.executable,
            "-m",
            "tests.ops.together",
            str(portal.port),
            str(tmp_path / "ledger"),
            "13",
        ]
        done = subprocess.run(command, cwd=ROOT, env=portal.env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "104 saves acknowledged" in done.stdout
    assert KEPT in done.stdout


@pytest.mark.prove
def test_no_text_is_lost_when_the_web_and_the_database_are_killed() -> None:
    command = [sys.executable, "-m", "dev", "drill", "--together"]
    done = subprocess.run(command, cwd=ROOT / "wlzthuis", env=os.environ, capture_output=True, text=True)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2000 saves acknowledged" in done.stdout
    assert KEPT in done.stdout
