"""The drill in short: a web worker and PostgreSQL are killed under load. `make drill` kills every part."""

import os
import subprocess
import sys

import pytest

from tests.portal import ROOT


@pytest.mark.broker
def test_nothing_is_lost_when_parts_are_killed() -> None:
    command = [sys.executable, "-m", "dev", "drill", "--short"]
    done = subprocess.run(command, cwd=ROOT / "wlzthuis", env=os.environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing was lost and nothing was doubled." in done.stdout
