"""Mails in Dutch, text and HTML: put in the outbox in the transaction that causes them, sent by a worker.

A worker takes a mail under a lease with a number (the attempt), so two never send the same one at once. Only
a worker that dies between the server's 'accepted' and our own note makes a mail go twice; both then carry
one Message-ID, by which mail programs recognise a copy.
"""

import logging
import re
import time
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, transaction
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone

from providers.models import Mail
from wlzthuis.isolation import as_system

log = logging.getLogger(__name__)

# Longer than a whole conversation with a slow server (EMAIL_TIMEOUT a step) and than a task may last.
LEASE = timedelta(minutes=5)
# After these pauses a mail is tried again; some 36 hours after the first attempt it is given up.
PAUSES = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 480, 480, 960)]
# A run stops taking new mails after this many seconds, well before the time limit of a task.
RUN_SECONDS = 45
# What a server says about one mail. Every other fault of the network stands in the way of all.
ABOUT_ONE_MAIL = (SMTPRecipientsRefused, SMTPDataError)


def link(name: str, *args: object) -> str:
    """The absolute address of a page, for in a mail. From our settings: a Host header may be a lie."""
    return urljoin(settings.PUBLIC_URL, reverse(name, args=args))


def post(
    kind: str,
    to: str,
    context: dict[str, Any] | None = None,
    *,
    organisation_id: int | None = None,
    key: str = "",
) -> None:
    """Put the mail `templates/mail/<kind>.{subject.txt,txt,html}` in the outbox; a worker sends it.

    Nothing is sent when the transaction fails. With a key, a second one is never made.
    """
    known = {"public_url": settings.PUBLIC_URL, "support_email": settings.SUPPORT_EMAIL}
    context = known | (context or {})
    context["subject"] = " ".join(_render(f"{kind}.subject.txt", context).split())[:200]
    mail = Mail(
        kind=kind,
        key=key,
        organisation_id=organisation_id,
        to=to,
        subject=context["subject"],
        # Blocks that a mail leaves empty leave no holes.
        text=re.sub(r"\n{3,}", "\n\n", _render(f"{kind}.txt", context).strip()) + "\n",
        html=_render(f"{kind}.html", context),
    )
    # Without reading back: who causes a mail may not see the outbox.
    Mail.objects.bulk_create([mail], ignore_conflicts=True)
    # One message for a transaction, however many mails it causes.
    if all(function is not _wake_worker for _, function, *_ in connection.run_on_commit):
        transaction.on_commit(_wake_worker, robust=True)


def _render(name: str, context: dict[str, Any]) -> str:
    """Plain text is not escaped: an ampersand in a name stays one."""
    template = get_template(f"mail/{name}").template  # type: ignore[attr-defined]
    return template.render(Context(context, autoescape=name.endswith(".html")))


def _wake_worker() -> None:
    """A broker that is away costs time only: the clock looks into the outbox as well."""
    from providers.tasks import send_mails  # the task calls this module

    send_mails.delay()


def send_due() -> int:
    """Send what is due until nothing is, the time is up or the server is away. Returns how many were sent."""
    sent, end = 0, time.monotonic() + RUN_SECONDS
    server = get_connection()
    try:
        while time.monotonic() < end and (mail := _claim()):
            try:
                server.send_messages([_message(mail)])
            except Exception as fault:  # whatever it is, the mails behind this one have their turn
                server.close()
                _give_back(mail, fault)
                if isinstance(fault, OSError) and not isinstance(fault, ABOUT_ONE_MAIL):
                    break  # the server itself; the clock asks again
            else:
                _finish(mail, sent_at=timezone.now())
                sent += 1
    finally:
        server.close()
    return sent


@as_system()
def _claim() -> Mail | None:
    """Take up one mail under a lease and a new attempt number; None when nothing is due."""
    due = Mail.objects.filter(sent_at=None, failed_at=None, due_at__lte=timezone.now()).order_by("due_at")
    mail = due.select_for_update(skip_locked=True).first()
    if mail is not None:
        mail.attempts, mail.due_at = mail.attempts + 1, timezone.now() + LEASE
        mail.save(update_fields=["attempts", "due_at"])
    return mail


def _message(mail: Mail) -> EmailMultiAlternatives:
    headers = {
        "Message-ID": f"<{mail.pk}@{urlsplit(settings.PUBLIC_URL).hostname}>",
        # Nobody's absence message has a reader here.
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    message = EmailMultiAlternatives(mail.subject, mail.text, settings.MAIL_FROM, [mail.to], headers=headers)
    message.attach_alternative(mail.html, "text/html")
    return message


def _give_back(mail: Mail, fault: Exception) -> None:
    """Try again later, or give up. The fault itself may quote the address, so only its kind is logged."""
    if mail.attempts > len(PAUSES):
        _finish(mail, failed_at=timezone.now())
        log.error("mail %s (%s) given up: %s", mail.pk, mail.kind, type(fault).__name__)
        return
    log.warning("mail %s (%s), attempt %s: %s", mail.pk, mail.kind, mail.attempts, type(fault).__name__)
    _change(mail, due_at=timezone.now() + PAUSES[mail.attempts - 1])


def _finish(mail: Mail, **end: Any) -> None:
    """Note the end. The text goes, because it may hold a secret link; a demo shows it in its mailbox."""
    _change(mail, **end, **({} if settings.DEMO else {"text": "", "html": ""}))


@as_system()
def _change(mail: Mail, **changes: Any) -> None:
    """Change the row if it is still this claim's."""
    Mail.objects.filter(pk=mail.pk, attempts=mail.attempts, sent_at=None, failed_at=None).update(**changes)
