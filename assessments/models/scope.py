"""Which questions a provider leaves out or takes in by its own choice, and why."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from assessments.models.self_assessment import Revision
from norms.models import Item
from providers.models import Organisation


class ScopeChoice(models.Model):
    """One decision about a question, or about all questions of a section; append-only, the last one holds."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="scope_choices")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    # Empty: it follows the profile again.
    applies = models.BooleanField("geldt voor ons", null=True)
    reason = models.TextField("reden", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "keuze over de reikwijdte"
        verbose_name_plural = "keuzes over de reikwijdte"
        indexes = [models.Index(fields=["revision", "item", "-id"], name="scope_choice_last")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(applies=None) | ~models.Q(reason=""), name="scope_choice_has_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id} in {self.revision_id}"
