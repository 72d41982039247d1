"""That a visit is on somebody's device, so that its team knows what may still come in."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from assessments.models.visit import Visit
from providers.models import Organisation


class VisitCopy(models.Model):
    """A copy on a device that works without a network. The device made the key; edits name it."""

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="copies")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    device = models.CharField("apparaat", max_length=60, blank=True)
    taken_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    # The device said that it wiped the copy, with everything sent.
    returned_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "meegenomen bezoek"
        verbose_name_plural = "meegenomen bezoeken"
        ordering = ["taken_at", "pk"]

    def __str__(self) -> str:
        return f"{self.visit_id} bij {self.user_id}"
