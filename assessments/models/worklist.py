"""Where the inspectorate should look: what is worked out of a provider, and the lists that people keep."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from providers.actor import Actor
from providers.models import Organisation, Role

# A list is read from an index in the order of these columns; a null would stand in the way.
NEVER = date.min
UNKNOWN = -1


class StandingQuerySet(models.QuerySet["Standing"]):
    def visible_to(self, actor: Actor) -> "StandingQuerySet":
        """The inspectorate's alone."""
        return self if actor.has(Role.INSPECTOR, Role.COORDINATING_INSPECTOR) else self.none()


class Standing(models.Model):
    """What the worklist shows of one provider, as worked out at `refreshed_at` (see risk_signals)."""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, primary_key=True, related_name="standing"
    )
    last_visit_on = models.DateField("laatste bezoek", default=NEVER)
    handed_in_on = models.DateField("laatst ingediend", default=NEVER)
    clients = models.IntegerField("cliënten", default=UNKNOWN)
    refreshed_at = models.DateTimeField(default=timezone.now)
    # Something happened since; a worker takes it up.
    outdated = models.BooleanField(default=True)

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = "stand van een aanbieder"
        verbose_name_plural = "standen van aanbieders"
        indexes = [
            models.Index(fields=["last_visit_on", "organisation"], name="standing_last_visit"),
            models.Index(fields=["-handed_in_on", "organisation"], name="standing_handed_in"),
            models.Index(fields=["-clients", "organisation"], name="standing_clients"),
            models.Index(fields=["refreshed_at"], name="standing_oldest"),
            models.Index(fields=["organisation"], name="standing_outdated", condition=Q(outdated=True)),
        ]

    def __str__(self) -> str:
        return f"Stand van {self.organisation_id}"

    @property
    def last_visit(self) -> date | None:
        return None if self.last_visit_on == NEVER else self.last_visit_on

    @property
    def handed_in(self) -> date | None:
        return None if self.handed_in_on == NEVER else self.handed_in_on

    @property
    def known_clients(self) -> int | None:
        return None if self.clients == UNKNOWN else self.clients


class RiskSignal(models.Model):
    """A reason to look at a provider, with its grounds. Worked out anew each time; never added up.

    `grounds` is a list of {"text", "url"}: what it is, and the page that shows it ('' when none does).
    """

    class Code(models.TextChoices):
        NOT_ENOUGH = "not_enough", "Alleen dit is niet voldoende"
        ATTENTION = "attention", "Aandachtspunt van de inspectie"
        LOW_OWN = "low_own", "Lage eigen score"
        FAR_ABOVE = "far_above", "Eigen score ver boven het laatste bezoek"
        LOW_JUDGED = "low_judged", "Laag oordeel bij een eerder bezoek"
        OVERDUE = "overdue", "Verbeteractie na een bezoek te laat"
        CONCERN = "concern", "Signaal of melding"
        GROWTH = "growth", "Sterke groei van het aantal cliënten"
        NOT_HANDED_IN = "not_handed_in", "Gevraagd en niet ingediend"
        NEVER_VISITED = "never_visited", "Nooit bezocht"
        NO_DATA = "no_data", "Geen gegevens"

    # What is not known says nothing good or bad, so it stands apart.
    GAPS = (Code.NEVER_VISITED, Code.NO_DATA)

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="risk_signals")
    code = models.CharField(max_length=20, choices=Code)
    grounds: list[dict[str, str]] = models.JSONField(default=list)  # type: ignore[assignment]

    class Meta:
        verbose_name = "signaal"
        verbose_name_plural = "signalen"
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="risk_signal_once")]
        indexes = [models.Index(fields=["code", "organisation"], name="risk_signal_by_code")]

    def __str__(self) -> str:
        return f"{self.get_code_display()} bij {self.organisation_id}"

    @property
    def is_gap(self) -> bool:
        return self.code in self.GAPS


class SavedView(models.Model):
    """A worklist that a person keeps under a name: the query of its address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField("naam", max_length=60)
    query = models.CharField(max_length=1000)

    class Meta:
        verbose_name = "bewaarde weergave"
        verbose_name_plural = "bewaarde weergaven"
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('assessments:worklist')}?{self.query}"
