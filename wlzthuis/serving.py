"""Gunicorn's settings: gunicorn --config python:wlzthuis.serving wlzthuis.wsgi"""

import os
import shutil
import tempfile
from typing import Any

from django.conf import settings

from wlzthuis import tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wlzthuis.settings")

workers, threads = 2, 4
preload_app = True
control_socket_disable = True
# Its own lines as ours. Each request has one already (see logs), without the address and what is asked there.
logconfig_dict = settings.LOGGING

FIGURES = "PROMETHEUS_MULTIPROC_DIR"
if settings.METRICS_TOKEN:
    # Where the web processes count together. Told before anything of Prometheus is loaded.
    os.environ[FIGURES] = tempfile.mkdtemp(prefix="thuispeil-metrics-")


def post_fork(server: Any, worker: Any) -> None:
    tracing.send()


def child_exit(server: Any, worker: Any) -> None:
    if FIGURES in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    if FIGURES in os.environ:
        shutil.rmtree(os.environ[FIGURES], ignore_errors=True)
