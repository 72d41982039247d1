"""Who did or saw what: a log that can only grow, chained by hash. It holds no content."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from providers.models.organisations import Organisation
from providers.models.people import Role, User

if TYPE_CHECKING:
    from providers.actor import Actor


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def visible_to(self, actor: Actor) -> AuditEventQuerySet:
        """Who manages an organisation reads what it did and what was done with its data; the portal all."""
        if actor.has(Role.PORTAL_ADMIN):
            return self
        if actor.has(Role.DIRECTOR, Role.COORDINATING_INSPECTOR, Role.CARE_OFFICE_OFFICER):
            return self.filter(Q(about=actor.organisation_id) | Q(acting_for=actor.organisation_id))
        return self.none()


class AuditEvent(models.Model):
    """One line of the log; append-only (a trigger and the lack of a right refuse change).

    Its id is made here, not by the database: reading a new row back needs the right to see it.
    """

    class Outcome(models.TextChoices):
        DONE = "done", "Gedaan"
        SEEN = "seen", "Gezien"
        REFUSED = "refused", "Geweigerd"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    at = models.DateTimeField("wanneer", default=timezone.now)
    outcome = models.CharField(max_length=8, choices=Outcome)
    action = models.CharField("wat", max_length=40)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    acting_for = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    roles = models.CharField("rollen", max_length=200, blank=True)
    # Whose data it was.
    about = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    object_kind = models.CharField("waarvan", max_length=40, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    address = models.GenericIPAddressField("vanaf", null=True)
    request_id = models.CharField(max_length=40, blank=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = "regel van het logboek"
        verbose_name_plural = "regels van het logboek"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(F("about"), F("at").desc(), F("id").desc(), name="audit_about"),
            models.Index(F("acting_for"), F("at").desc(), F("id").desc(), name="audit_acting_for"),
            models.Index(F("at").desc(), F("id").desc(), name="audit_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.outcome}"


class AuditSeal(models.Model):
    """The link of one event in the chain, made by the database when the event is committed."""

    number = models.BigIntegerField(primary_key=True)
    # Without a foreign key in the database: checking one needs the right to change the other table.
    event = models.OneToOneField(AuditEvent, models.PROTECT, related_name="seal", db_constraint=False)
    previous = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = "zegel van het logboek"
        verbose_name_plural = "zegels van het logboek"
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.number)
