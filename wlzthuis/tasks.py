"""What the clock does for the portal itself."""

from celery import shared_task

from wlzthuis import health


@shared_task
def sign_of_life() -> None:
    """Beat runs and a worker takes its tasks."""
    health.note_sign_of_life()
