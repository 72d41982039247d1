"""Mails in Dutch, text and HTML, put in the outbox in the transaction that causes them."""

from typing import Any

from django.db import transaction
from django.template.loader import render_to_string

from providers.models import Mail


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
    context = context or {}
    subject = " ".join(render_to_string(f"mail/{kind}.subject.txt", context).split())
    mail = Mail(
        kind=kind,
        key=key,
        organisation_id=organisation_id,
        to=to,
        subject=subject[:200],
        text=render_to_string(f"mail/{kind}.txt", context),
        html=render_to_string(f"mail/{kind}.html", context),
    )
    # Without reading back: who causes a mail may not see the outbox.
    Mail.objects.bulk_create([mail], ignore_conflicts=True)
    transaction.on_commit(_wake_worker, robust=True)


def _wake_worker() -> None:
    """A broker that is away costs time only: the clock looks into the outbox as well."""
    from providers.tasks import send_mails  # the task calls this module

    send_mails.delay()
