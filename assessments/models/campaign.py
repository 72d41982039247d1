"""An organisation asks providers for an account: of which year, over which norms, by when."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.urls import reverse
from django.utils import timezone

from assessments.models.self_assessment import Revision
from norms.models import FrameworkVersion
from providers.actor import Actor
from providers.models import Organisation, Role


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, actor: Actor) -> "CampaignQuerySet":
        """Only to who asks: a provider sees its own line of it, others nothing."""
        if actor.has(*Campaign.ASKERS):
            return self.filter(organisation=actor.organisation_id)
        return self.none()


class Campaign(models.Model):
    """What is asked, by whom and why. 'Not handed in' has a meaning only through this."""

    ASKERS = (Role.INSPECTOR, Role.COORDINATING_INSPECTOR, Role.CARE_OFFICE_OFFICER)

    # Made with the form, so that sending it twice asks once.
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="campaigns", verbose_name="wie vraagt"
    )
    title = models.CharField("titel", max_length=160)
    reason = models.TextField("waarom u dit vraagt")
    year = models.PositiveSmallIntegerField("over het jaar")
    editions = models.ManyToManyField(FrameworkVersion, verbose_name="normenkaders", related_name="+")
    due_on = models.DateField("uiterlijk indienen op")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField("ingetrokken", null=True)
    withdrawn_because = models.TextField("waarom u de uitvraag intrekt", blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "uitvraag"
        verbose_name_plural = "uitvragen"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="campaign_sent_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_because=""),
                name="campaign_withdrawal_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("assessments:campaign", args=[self.pk])


class CampaignTargetQuerySet(models.QuerySet["CampaignTarget"]):
    def asked_of(self, actor: Actor) -> "CampaignTargetQuerySet":
        """What is asked of the actor's own organisation, for who can answer it."""
        if actor.has(Role.QUALITY_OFFICER, Role.DIRECTOR):
            return self.filter(organisation=actor.organisation_id)
        return self.none()

    def with_state(self) -> "CampaignTargetQuerySet":
        """Adds `state` and `handed_in_at`, when an account with all that is asked came in first.

        A draft counts as nothing: it is the provider's alone.
        """
        asked = Campaign.editions.through.objects.filter(campaign=OuterRef(OuterRef("campaign")))
        held = Revision.editions.through.objects.filter(
            revision=OuterRef(OuterRef("pk")), frameworkversion=OuterRef("frameworkversion")
        )
        accounts = Revision.objects.filter(
            ~Exists(asked.filter(~Exists(held))),
            organisation=OuterRef("organisation"),
            self_assessment__year=OuterRef("campaign__year"),
            status__in=Revision.HANDED_IN,
        ).order_by("submitted_at")
        state = CampaignTarget.State
        return self.annotate(
            handed_in_at=Subquery(accounts.values("submitted_at")[:1]),
            state=Case(
                When(Exists(accounts), then=Value(state.HANDED_IN)),
                When(campaign__withdrawn_at__isnull=False, then=Value(state.WITHDRAWN)),
                # The day itself still counts.
                When(due_on__lt=timezone.localdate(), then=Value(state.LATE)),
                When(extended_at__isnull=False, then=Value(state.EXTENDED)),
                default=Value(state.OPEN),
            ),
        )

    def waited_for(self) -> "CampaignTargetQuerySet":
        """Those with which something is still to be done."""
        return self.with_state().in_state(*CampaignTarget.WAITED_FOR)

    def in_state(self, *states: str) -> "CampaignTargetQuerySet":
        """Of rows with_state() those in one of these."""
        return self.filter(Q(state__in=states))

    def wanting_time(self) -> "CampaignTargetQuerySet":
        """Those whose request for more time has no answer yet."""
        return self.filter(extension_asked_at__isnull=False, extension_answered_at=None)


class CampaignTarget(models.Model):
    """One provider that is asked; its own date moves with an extension."""

    class State(models.TextChoices):
        OPEN = "open", "Nog niet ingediend"
        EXTENDED = "extended", "Uitstel"
        LATE = "late", "Niet ingediend"
        HANDED_IN = "handed_in", "Ingediend"
        WITHDRAWN = "withdrawn", "Ingetrokken"

    class Told(models.TextChoices):
        NOTHING = "", "Nog niets"
        ASKED = "asked", "Gevraagd"
        WITHDRAWN = "withdrawn", "Ingetrokken"

    WAITED_FOR = (State.OPEN, State.EXTENDED, State.LATE)

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="targets")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="asked_in")
    asked_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    due_on = models.DateField("uiterlijk indienen op")
    # What its people were mailed last: a worker brings this up to date with the campaign.
    told = models.CharField(max_length=10, choices=Told, default=Told.NOTHING, blank=True)
    reminded_on = models.DateField("laatst herinnerd op", null=True)
    extension_asked_on = models.DateField("uitstel gevraagd tot", null=True)
    extension_asked_because = models.TextField("waarom uitstel nodig is", blank=True)
    extension_asked_at = models.DateTimeField(null=True)
    extension_answered_at = models.DateTimeField(null=True)
    extension_refused_because = models.TextField("waarom geen uitstel", blank=True)
    extension_reason = models.TextField("reden van het uitstel", blank=True)
    extended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    extended_at = models.DateTimeField(null=True)

    state: str  # these two are set by with_state()
    handed_in_at: datetime | None

    objects = CampaignTargetQuerySet.as_manager()

    class Meta:
        verbose_name = "gevraagde aanbieder"
        verbose_name_plural = "gevraagde aanbieders"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "organisation"], name="campaign_target_once"),
            models.CheckConstraint(
                condition=Q(extended_at=None) | (~Q(extension_reason="") & Q(extended_by__isnull=False)),
                name="campaign_extension_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(extension_asked_at=None)
                | (Q(extension_asked_on__isnull=False) & ~Q(extension_asked_because="")),
                name="campaign_request_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "due_on"])]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.campaign}"

    def get_state_display(self) -> str:
        return str(self.State(self.state).label)

    @property
    def wants_time(self) -> bool:
        """A request for more time waits for its answer."""
        return self.extension_asked_at is not None and self.extension_answered_at is None

    @property
    def came_late(self) -> bool:
        return bool(self.handed_in_at and timezone.localdate(self.handed_in_at) > self.due_on)
