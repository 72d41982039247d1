"""The Celery application; its schedule stands in settings. A task knows the request that asked for it."""

import logging.config
import os
from contextlib import ExitStack
from typing import Any

from celery import Celery, signals

from wlzthuis import origin, tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wlzthuis.settings")
app = Celery("wlzthuis")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

HEADER = "asked_by_request"
# What each task that runs in this process has to put back when it is done.
_running: dict[str, ExitStack] = {}


@signals.setup_logging.connect
def _log_as_the_rest(**kwargs: Any) -> None:
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@signals.worker_process_init.connect(weak=False)
def _trace(**kwargs: Any) -> None:
    tracing.instrument()
    tracing.send()


@signals.before_task_publish.connect
def _name_request(headers: dict[str, Any], **kwargs: Any) -> None:
    headers.setdefault(HEADER, origin.current().request_id)


@signals.task_prerun.connect
def _take_name(task_id: str, task: Any, **kwargs: Any) -> None:
    # What the clock sends has no request; then the task's own id ties its lines together.
    request_id = task.request.get(HEADER) or task_id
    _running[task_id] = ExitStack()
    _running[task_id].enter_context(origin.coming_from(origin.Origin(request_id)))


@signals.task_postrun.connect
def _give_name_back(task_id: str, **kwargs: Any) -> None:
    _running.pop(task_id).close()
