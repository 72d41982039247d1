"""What may not be removed yet, and what was removed."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from providers.models.organisations import Organisation
from providers.models.people import User


class LegalHold(models.Model):
    """Nothing of this organisation is removed while a hold stands."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="legal_holds")
    reason = models.TextField("reden")
    placed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "bewaarplicht"
        verbose_name_plural = "bewaarplichten"
        ordering = ["-placed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(lifted_at=None), name="legal_hold_one_open"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None) | Q(lifted_by__isnull=False), name="legal_hold_lifted_by"
            ),
        ]

    def __str__(self) -> str:
        return f"bewaarplicht voor {self.organisation}"


class Removal(models.Model):
    """How many rows of a kind went, and from before which moment; without their content."""

    kind = models.CharField("soort", max_length=40)
    at = models.DateTimeField(default=timezone.now)
    before = models.DateTimeField("ouder dan")
    count = models.PositiveIntegerField("aantal")

    class Meta:
        verbose_name = "opruiming"
        verbose_name_plural = "opruimingen"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.count} × {self.kind}"
