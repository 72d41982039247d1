"""What workers do for people and organisations. Each task may run twice."""

from celery import shared_task

from providers import mail


@shared_task
def send_mails() -> int:
    """Send the mails of the outbox that are due. Returns how many went."""
    return mail.send_due()
