"""Who fills in which theme by when, and what colleagues say to each other. Never part of the account."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessments.models.self_assessment import Revision
from norms.models import Item
from providers.models import Organisation


class Assignment(models.Model):
    """A theme of one revision, with the colleague who fills it in and her date; both or neither."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="assignments")
    section = models.ForeignKey(Item, models.PROTECT, related_name="+")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="wie"
    )
    due = models.DateField("klaar op", null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "verdeling van een thema"
        verbose_name_plural = "verdeling van thema’s"
        constraints = [
            models.UniqueConstraint(fields=["revision", "section"], name="assignment_once"),
            models.CheckConstraint(
                condition=Q(assignee=None, due=None) | Q(assignee__isnull=False, due__isnull=False),
                name="assignment_has_who_and_when",
            ),
        ]
        indexes = [models.Index(fields=["assignee", "due"], name="assignment_of_person")]

    def __str__(self) -> str:
        return f"{self.section_id} van {self.revision_id}"


class Comment(models.Model):
    """What a colleague says about an item. The text stands; it can be marked as dealt with, once."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="comments")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    # Made with the form, so that sending it twice says it once.
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    text = models.TextField("opmerking")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "opmerking van een collega"
        verbose_name_plural = "opmerkingen van collega’s"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="comment_once"),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="comment_settled_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "at"], name="comment_recent")]

    def __str__(self) -> str:
        return f"opmerking bij {self.item_id}"
