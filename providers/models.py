"""Organisations, their locations and regions, and the people who act for them."""

from datetime import date
from typing import Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from providers.identifiers import validate_agb, validate_establishment, validate_kvk


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


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str, password: str | None = None) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), name=name)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").lower())


class User(AbstractBaseUser):
    """A person who can sign in. What she may do follows from her memberships alone."""

    email = models.EmailField("e-mailadres", unique=True)
    name = models.CharField("naam", max_length=120)
    is_active = models.BooleanField("mag inloggen", default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = "gebruiker"
        verbose_name_plural = "gebruikers"
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower")]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        parts = self.name.split()
        return (parts[0][:1] + (parts[-1][:1] if len(parts) > 1 else "")).upper() if parts else "?"


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


class Role(models.TextChoices):
    QUALITY_OFFICER = "quality_officer", "Kwaliteitsmedewerker"
    DIRECTOR = "director", "Bestuurder"
    COUNCIL_MEMBER = "council_member", "Lid cliëntenraad of OR"
    INSPECTOR = "inspector", "Inspecteur"
    COORDINATING_INSPECTOR = "coordinating_inspector", "Coördinerend inspecteur"
    CARE_OFFICE_OFFICER = "care_office_officer", "Medewerker zorgkantoor"
    PORTAL_ADMIN = "portal_admin", "Functioneel beheerder"


ROLES_OF_KIND: dict[str, frozenset[str]] = {
    Organisation.Kind.PROVIDER: frozenset({Role.QUALITY_OFFICER, Role.DIRECTOR, Role.COUNCIL_MEMBER}),
    Organisation.Kind.INSPECTORATE: frozenset({Role.INSPECTOR, Role.COORDINATING_INSPECTOR}),
    Organisation.Kind.CARE_OFFICE: frozenset({Role.CARE_OFFICE_OFFICER}),
    Organisation.Kind.PORTAL: frozenset({Role.PORTAL_ADMIN}),
}


class Membership(Dated):
    """One role of one person in one organisation, for a period."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField("rol", max_length=30, choices=Role)

    class Meta(Dated.Meta):
        verbose_name = "lidmaatschap"
        verbose_name_plural = "lidmaatschappen"
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "organisation", "role"], condition=Q(valid_until=None), name="membership_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} bij {self.organisation}"
