"""The real settings with a sweeper that has no patience, for workers that tests kill."""

from wlzthuis.settings import *  # noqa: F403
from wlzthuis.settings import CELERY_BEAT_SCHEDULE

REPORT_PATIENCE_SECONDS = 1
CELERY_BEAT_SCHEDULE = {"sweep": {**CELERY_BEAT_SCHEDULE["requeue-stale-reports"], "schedule": 1.0}}
