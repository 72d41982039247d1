"""A broker that is away may not hold up a request: the row in the database is the outbox."""

import os
import subprocess
import sys

QUEUE = """
import time, django
django.setup()
from kombu.exceptions import OperationalError
from reports.tasks import render_report
begin = time.monotonic()
try:
    render_report.delay(1)
except OperationalError:
    print(time.monotonic() - begin)
"""


def test_queueing_gives_up_at_once() -> None:
    env = os.environ | {"REDIS_URL": "redis://127.0.0.1:1/0", "DJANGO_SETTINGS_MODULE": "wlzthuis.settings"}
    done = subprocess.run([sys.executable, "-c", QUEUE], env=env, capture_output=True, text=True, check=True)
    assert float(done.stdout) < 2
