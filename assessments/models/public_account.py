"""What a provider tells the public: texts that it chose and copied, never the account itself."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assessments.models.event import Event
from assessments.models.self_assessment import Revision, SelfAssessment
from norms.models import Item
from providers.actor import Actor
from providers.models import Organisation, Role


class PublicAccountQuerySet(models.QuerySet["PublicAccount"]):
    def visible_to(self, actor: Actor) -> "PublicAccountQuerySet":
        """What was ever published, and the own draft."""
        if actor.has(Role.QUALITY_OFFICER, Role.DIRECTOR):
            return self.filter(~Q(status="draft") | Q(organisation=actor.organisation_id))
        return self.exclude(status="draft")

    def public(self) -> "PublicAccountQuerySet":
        """Today's version of each account."""
        return self.filter(status=PublicAccount.Status.PUBLISHED)

    def for_list(self) -> "PublicAccountQuerySet":
        # Without the account it was copied from: a join with what the reader may not see gives no row.
        return self.select_related("organisation").defer("content")


class PublicAccount(models.Model):
    """One version of the public account of one year; its content freezes when it is published."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Concept"
        PUBLISHED = "published", "Openbaar"
        REPLACED = "replaced", "Vervangen"
        WITHDRAWN = "withdrawn", "Ingetrokken"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    self_assessment = models.ForeignKey(SelfAssessment, models.PROTECT, related_name="public_accounts")
    # The frozen revision from which was copied.
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("versie", default=1)
    # Copied at the start, so that the address and the list need nothing that only the provider may read.
    slug = models.SlugField(max_length=120)
    year = models.PositiveSmallIntegerField("jaar")
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT)
    title = models.CharField("titel", max_length=160)
    intro = models.TextField("inleiding", blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.TextField(blank=True)
    content: Any = models.JSONField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    objects = PublicAccountQuerySet.as_manager()
    events: Any
    passages: Any

    class Meta:
        verbose_name = "openbare verantwoording"
        verbose_name_plural = "openbare verantwoordingen"
        constraints = [
            models.UniqueConstraint(fields=["self_assessment", "number"], name="public_account_number_once"),
            models.UniqueConstraint(
                fields=["self_assessment"], condition=Q(status="draft"), name="public_account_one_draft"
            ),
            models.UniqueConstraint(
                fields=["self_assessment"], condition=Q(status="published"), name="public_account_one_public"
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(content__isnull=False, published_at__isnull=False),
                name="public_account_frozen",
            ),
        ]
        indexes = [
            models.Index(fields=["slug", "year", "number"]),
            models.Index(
                fields=["-published_at", "-id"],
                name="public_account_newest",
                condition=Q(status="published"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where its provider works on it."""
        return reverse("assessments:public_account", args=[self.revision_id])

    @property
    def public_url(self) -> str:
        """The stable address of the year, whichever version is there."""
        return reverse("assessments:public_account_page", args=[self.slug, self.year])

    @property
    def version_url(self) -> str:
        return reverse("assessments:public_account_version", args=[self.slug, self.year, self.number])


class PublicPassage(models.Model):
    """One item as the public account will show it."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    account = models.ForeignKey(PublicAccount, models.CASCADE, related_name="passages")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    heading = models.CharField("kop", max_length=200)
    text = models.TextField("tekst")
    show_score = models.BooleanField("laat ons eigen oordeel zien", default=False)

    class Meta:
        verbose_name = "onderdeel van een openbare verantwoording"
        verbose_name_plural = "onderdelen van openbare verantwoordingen"
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["account", "item"], name="public_passage_once")]

    def __str__(self) -> str:
        return self.heading


class PublicAccountEvent(Event):
    """What happened to a public account, by whom; append-only."""

    public_account = models.ForeignKey(PublicAccount, models.PROTECT, related_name="events")

    class Meta(Event.Meta):
        verbose_name = "gebeurtenis bij een openbare verantwoording"
        verbose_name_plural = "gebeurtenissen bij openbare verantwoordingen"
