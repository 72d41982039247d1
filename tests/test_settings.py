"""What settings of different parts must agree on."""

from datetime import timedelta

from django.conf import settings

from reports.services import LEASE
from wlzthuis.celery import app


def test_a_task_that_hangs_ends_before_its_lease_and_its_message_return() -> None:
    soft, hard = settings.CELERY_TASK_SOFT_TIME_LIMIT, settings.CELERY_TASK_TIME_LIMIT
    assert soft < hard < LEASE.total_seconds()
    assert timedelta(seconds=settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]) > LEASE


def test_what_comes_back_from_a_browser_or_the_broker_is_data_and_no_code() -> None:
    assert settings.SESSION_SERIALIZER.endswith("JSONSerializer")
    assert set(app.conf.accept_content) == {"json"} and app.conf.task_serializer == "json"
