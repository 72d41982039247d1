"""What settings of different parts must agree on."""

from datetime import timedelta

from django.conf import settings

from reports.services import LEASE


def test_a_task_that_hangs_ends_before_its_lease_and_its_message_return() -> None:
    soft, hard = settings.CELERY_TASK_SOFT_TIME_LIMIT, settings.CELERY_TASK_TIME_LIMIT
    assert soft < hard < LEASE.total_seconds()
    assert timedelta(seconds=settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]) > LEASE
