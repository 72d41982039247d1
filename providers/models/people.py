"""People, their roles, and how they come in."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from providers.models.dated import Dated
from providers.models.organisations import Organisation


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
    wants_digest = models.BooleanField("mail over wat er voor u ligt", default=True)
    # When the last of those mails was made; there is at most one a day.
    digested_at = models.DateTimeField(null=True, editable=False)

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


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Not accepted, not withdrawn and not too old."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """The offer of roles in one organisation to who receives mail at an address.

    The link's secret is kept as a digest only, so that who reads the database cannot come in with it.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    email = models.EmailField("e-mailadres")
    name = models.CharField("naam", max_length=120)
    roles = ArrayField(models.CharField(max_length=30, choices=Role), verbose_name="rollen")
    valid_until = models.DateField("rollen gelden tot en met", null=True, blank=True)
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField("link geldig tot")
    token_sha256 = models.CharField(max_length=64, unique=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "uitnodiging"
        verbose_name_plural = "uitnodigingen"
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_lower"),
            models.CheckConstraint(condition=~Q(roles=[]), name="invitation_has_roles"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(accepted_by__isnull=False), name="invitation_accepted_by"
            ),
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"uitnodiging van {self.organisation}"

    @property
    def is_open(self) -> bool:
        """Still to be accepted: see InvitationQuerySet.open."""
        is_waiting = self.accepted_at is None and self.withdrawn_at is None
        return is_waiting and self.expires_at > timezone.now()
