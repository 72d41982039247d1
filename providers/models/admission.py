"""How organisations come in: by applying themselves, or by an import."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from providers.identifiers import validate_agb, validate_establishment, validate_kvk
from providers.models.dated import Dated
from providers.models.organisations import Organisation, Region
from providers.models.people import Role, User


class Application(models.Model):
    """A provider asks to be let in; the portal's administrator admits or refuses it."""

    class Status(models.TextChoices):
        RECEIVED = "received", "Ontvangen"
        ADMITTED = "admitted", "Toegelaten"
        REFUSED = "refused", "Afgewezen"

    status = models.CharField(max_length=10, choices=Status, default=Status.RECEIVED)
    name = models.CharField("naam van de organisatie", max_length=160)
    kvk = models.CharField("KvK-nummer", max_length=8, validators=[validate_kvk])
    establishment = models.CharField("vestigingsnummer", max_length=12, validators=[validate_establishment])
    agb = models.CharField("AGB-code", max_length=8, validators=[validate_agb])
    place = models.CharField("plaats", max_length=80)
    regions = models.ManyToManyField(Region, verbose_name="zorgkantoorregio's", related_name="+")
    contact_name = models.CharField("uw naam", max_length=120)
    contact_email = models.EmailField("uw e-mailadres")
    contact_roles = ArrayField(models.CharField(max_length=30, choices=Role), verbose_name="uw rol")
    applied_at = models.DateTimeField(default=timezone.now)
    handled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    handled_at = models.DateTimeField(null=True)
    reason = models.TextField("reden", blank=True)
    organisation = models.OneToOneField(Organisation, models.PROTECT, null=True, related_name="application")

    class Meta:
        verbose_name = "aanmelding"
        verbose_name_plural = "aanmeldingen"
        ordering = ["applied_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(contact_roles=[]), name="application_has_roles"),
            models.CheckConstraint(
                condition=Q(status="received") | Q(handled_at__isnull=False, handled_by__isnull=False),
                name="application_handled",
            ),
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(reason=""), name="application_refused_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(status="admitted") ^ Q(organisation=None), name="application_admitted"
            ),
            models.UniqueConstraint(
                fields=["kvk", "agb"], condition=Q(status="received"), name="application_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"aanmelding van {self.name}"


class Contract(Dated):
    """A care office buys care of one kind from a provider, for a period."""

    class DeliveryForm(models.TextChoices):
        """Leveringsvormen (iStandaarden COD578) of care at home."""

        PGB = "2", "pgb"
        VPT = "5", "vpt"
        MPT = "7", "mpt"

    care_office = models.ForeignKey(Organisation, models.PROTECT, related_name="contracts")
    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="care_contracts")
    delivery_form = models.CharField("leveringsvorm", max_length=2, choices=DeliveryForm)
    contact = models.CharField("contactpersoon", max_length=160, blank=True)

    class Meta(Dated.Meta):
        verbose_name = "contract"
        verbose_name_plural = "contracten"
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["care_office", "provider", "delivery_form", "valid_from"], name="contract_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_delivery_form_display()} van {self.provider}"


class Import(models.Model):
    """A file with rows, kept between the preview and the decision to take them over."""

    class Kind(models.TextChoices):
        PROVIDERS = "providers", "Zorgaanbieders"
        CONTRACTS = "contracts", "Contracten"

    kind = models.CharField("soort", max_length=10, choices=Kind)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    file_name = models.CharField("bestand", max_length=200)
    rows: Any = models.JSONField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "import"
        verbose_name_plural = "imports"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name
