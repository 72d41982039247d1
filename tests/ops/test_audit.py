"""An audit that could not ask says so, and is no success."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.portal import ROOT
from wlzthuis.dev.checks import _node_weaknesses, _python_weaknesses

SOUND = {"name": "django", "version": "5.2", "vulns": []}
WEAK = {"name": "pillow", "version": "1", "vulns": [{"id": "PYSEC-1"}]}
SKIPPED = {"name": "celery", "version": "5", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("packages", "found", "complete"),
    [
        ([SOUND], [], True),
        ([SOUND, WEAK], ["pillow 1: PYSEC-1"], True),
        ([WEAK, SKIPPED], ["pillow 1: PYSEC-1"], False),
        ([], [], False),
    ],
)
def test_what_pip_audit_tells(packages: list[object], found: list[str], complete: bool) -> None:
    assert _python_weaknesses({"dependencies": packages}) == (found, complete)


def test_what_npm_tells() -> None:
    assert _node_weaknesses({"vulnerabilities": {}}) == ([], True)
    assert _node_weaknesses({"vulnerabilities": {"x": {"severity": "high"}}}) == (["x: high"], True)
    assert _node_weaknesses({"message": "endpoint not found"}) == ([], False)
    assert _node_weaknesses(None) == ([], False)


def test_lists_that_cannot_be_asked_have_a_code_of_their_own(tmp_path: Path) -> None:
    """Run with a proxy that nobody listens at, so that no list answers wherever this runs."""
    nowhere = dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"), "http://127.0.0.1:1")
    env = os.environ | nowhere | {"NO_PROXY": "", "no_proxy": ""}
    command = [sys.executable, "-m", "dev", "audit"]
    done = subprocess.run(command, cwd=ROOT / "wlzthuis", env=env, capture_output=True, text=True)
    assert done.returncode == 3 and "NOT AUDITED" in done.stderr
