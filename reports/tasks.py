"""What workers do for reports. Each task may run twice."""

from celery import shared_task

from reports import services


@shared_task
def render_report(request_id: int) -> bool:
    """Make the file of a request, unless that is done or being done. True when this run made it."""
    return services.render(request_id)


@shared_task
def requeue_stale() -> int:
    """Queue again what was lost between the database and the workers. Returns how many."""
    return services.requeue_stale()
