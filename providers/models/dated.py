"""Rows that hold for a period."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class DatedQuerySet(models.QuerySet):
    """Rows that hold from `valid_from` up to and including `valid_until`."""

    def on(self, day: date | None = None) -> Self:
        """Rows that hold on a day (default today)."""
        day = day or timezone.localdate()
        return self.filter(
            Q(valid_until=None) | Q(valid_until__gte=day),
            valid_from__lte=day,
        )


class Dated(models.Model):
    valid_from = models.DateField("geldig vanaf", default=timezone.localdate)
    valid_until = models.DateField("geldig tot en met", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="%(app_label)s_%(class)s_period",
            )
        ]
