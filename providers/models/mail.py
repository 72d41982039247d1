"""Mails to send: the row is the outbox, so a queue that is lost costs time and never a mail."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from providers.models.organisations import Organisation


class Mail(models.Model):
    """One mail to one address. Its text is wiped once it was sent, because it may hold a secret link."""

    # Made here, not by the database: who asks for a mail may not read the outbox, so no id can come back.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField("soort", max_length=40)
    # What makes a second one needless ('campaign-3-provider-7-reminder'); empty for mails that may repeat.
    key = models.CharField(max_length=120, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    to = models.EmailField("aan")
    subject = models.CharField("onderwerp", max_length=200)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    # When it may be tried (again); a worker that takes it puts this ahead, as its lease.
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField("pogingen", default=0)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField("opgegeven", null=True)

    class Meta:
        verbose_name = "e-mail"
        verbose_name_plural = "e-mails"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="mail_once"),
            models.CheckConstraint(condition=Q(sent_at=None) | Q(failed_at=None), name="mail_one_end"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at=None, failed_at=None), name="mail_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} aan {self.to}"
