"""What every course of something keeps of each step."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from providers.models import Organisation


class Event(models.Model):
    """A step that was taken, by whom and acting for whom; append-only. Subclasses add what it happened to."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    action = models.CharField(max_length=30)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    roles = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)
    note = models.TextField(blank=True)
    old_status = models.CharField(max_length=20)
    new_status = models.CharField(max_length=20)

    class Meta:
        abstract = True
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.action
