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
from providers.models.retention import LegalHold, Removal

__all__ = [
    "ROLES_OF_KIND",
    "Application",
    "AuditEvent",
    "AuditSeal",
    "Contract",
    "Dated",
    "DatedQuerySet",
    "Import",
    "Invitation",
    "LegalHold",
    "Location",
    "Mail",
    "Membership",
    "Organisation",
    "OrganisationQuerySet",
    "ProviderRegion",
    "Region",
    "RegionHolder",
    "Removal",
    "Role",
    "User",
]
