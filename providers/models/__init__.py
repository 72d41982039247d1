"""Organisations, the people who act for them, and the record of what they do."""

from providers.models.admission import Application, Contract, Import
from providers.models.audit import AuditEvent, AuditSeal
from providers.models.dated import Dated, DatedQuerySet
from providers.models.mail import Mail
from providers.models.organisations import (
    Location,
    Organisation,
    OrganisationQuerySet,
    ProviderRegion,
    Region,
    RegionHolder,
)
from providers.models.people import ROLES_OF_KIND, Invitation, Membership, Role, User
from providers.models.profile import CareProfile, ClientCount, DeliveryForm, Housing, Profile, Sector, Tally
from providers.models.retention import LegalHold, Removal

__all__ = [
    "ROLES_OF_KIND",
    "Application",
    "AuditEvent",
    "AuditSeal",
    "CareProfile",
    "ClientCount",
    "Contract",
    "Dated",
    "DatedQuerySet",
    "DeliveryForm",
    "Housing",
    "Import",
    "Invitation",
    "LegalHold",
    "Location",
    "Mail",
    "Membership",
    "Organisation",
    "OrganisationQuerySet",
    "Profile",
    "ProviderRegion",
    "Region",
    "RegionHolder",
    "Removal",
    "Role",
    "Sector",
    "Tally",
    "User",
]
