"""What workers do for people and organisations. Each task may run twice."""

import logging

from celery import shared_task

from providers import audit_chain, mail, retention

log = logging.getLogger(__name__)


@shared_task
def send_mails() -> int:
    """Send the mails of the outbox that are due. Returns how many went."""
    return mail.send_due()


@shared_task
def remove_old() -> int:
    """Remove what was kept long enough. Returns how many rows."""
    return sum(retention.remove_old().values())


@shared_task
def follow_audit_chain() -> bool:
    """Whether the log is still what it was; when not, whoever watches the logs hears it."""
    chain = audit_chain.check()
    if not chain.is_whole:
        log.critical("the audit log is damaged: link %s, %s lines unsealed", chain.broken_at, chain.unsealed)
    return chain.is_whole
