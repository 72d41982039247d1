"""Organisations, their locations and regions."""

from django.db import models
from django.db.models import Q

from providers.identifiers import validate_agb, validate_establishment, validate_kvk
from providers.models.dated import Dated, DatedQuerySet


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def providers(self) -> "OrganisationQuerySet":
        return self.filter(kind=Organisation.Kind.PROVIDER)

    def in_regions_of(self, care_office_id: int) -> "OrganisationQuerySet":
        """Providers in a region that the care office holds today."""
        return self.providers().filter(
            pk__in=ProviderRegion.objects.held_by(care_office_id).values("provider")
        )


class Organisation(models.Model):
    class Kind(models.TextChoices):
        PROVIDER = "provider", "Zorgaanbieder"
        INSPECTORATE = "inspectorate", "Inspectie"
        CARE_OFFICE = "care_office", "Zorgkantoor"
        PORTAL = "portal", "Beheer van het portaal"

    kind = models.CharField("soort", max_length=20, choices=Kind)
    name = models.CharField("naam van de organisatie", max_length=160)
    kvk = models.CharField("KvK-nummer", max_length=8, blank=True, validators=[validate_kvk])
    agb = models.CharField("AGB-code", max_length=8, blank=True, validators=[validate_agb])
    place = models.CharField("plaats", max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisatie"
        verbose_name_plural = "organisaties"
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kvk="") | Q(kvk__regex=r"^[0-9]{8}$"), name="organisation_kvk"
            ),
            models.CheckConstraint(
                condition=Q(agb="") | Q(agb__regex=r"^[0-9]{8}$"), name="organisation_agb"
            ),
            # One provider may register several AGB codes under one KvK number, so the pair is what is unique.
            models.UniqueConstraint(
                fields=["kvk", "agb"], condition=Q(kind="provider"), name="organisation_provider_once"
            ),
        ]
        indexes = [models.Index(fields=["kind", "name", "id"])]

    def __str__(self) -> str:
        return self.name


class Location(models.Model):
    """A place or team from which a provider gives care at home."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="locations")
    name = models.CharField("naam van locatie of team", max_length=120)
    place = models.CharField("plaats", max_length=80)
    establishment = models.CharField(
        "vestigingsnummer", max_length=12, blank=True, validators=[validate_establishment]
    )

    class Meta:
        verbose_name = "locatie of team"
        verbose_name_plural = "locaties en teams"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="location_name_once",
                violation_error_message="U heeft al een locatie of team met deze naam. Kies een andere naam.",
            ),
            models.CheckConstraint(
                condition=Q(establishment="") | Q(establishment__regex=r"^[0-9]{12}$"),
                name="location_establishment",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Region(models.Model):
    """A zorgkantoorregio (iStandaarden COD001)."""

    code = models.CharField(max_length=4, unique=True)
    name = models.CharField("naam", max_length=80)
    ended_on = models.DateField("vervallen per", null=True, blank=True)

    class Meta:
        verbose_name = "zorgkantoorregio"
        verbose_name_plural = "zorgkantoorregio's"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class RegionHolder(Dated):
    """Which care office holds a region, and when."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="holders")
    care_office = models.ForeignKey(Organisation, models.PROTECT, related_name="held_regions")

    class Meta(Dated.Meta):
        verbose_name = "houder van een regio"
        verbose_name_plural = "houders van regio's"

    def __str__(self) -> str:
        return f"{self.care_office} in {self.region}"


class ProviderRegionQuerySet(DatedQuerySet):
    def held_by(self, care_office_id: int) -> "ProviderRegionQuerySet":
        """Today's provider regions that a care office holds today."""
        held = RegionHolder.objects.on().filter(care_office=care_office_id)
        return self.on().filter(region__in=held.values("region"))


class ProviderRegion(Dated):
    """Where a provider gives care, and when."""

    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="provider_regions")
    region = models.ForeignKey(Region, models.PROTECT, related_name="provider_regions")

    objects = ProviderRegionQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Dated.Meta):
        verbose_name = "regio van een aanbieder"
        verbose_name_plural = "regio's van aanbieders"

    def __str__(self) -> str:
        return f"{self.provider} in {self.region}"
