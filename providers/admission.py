"""Letting providers in: they apply, the portal's administrator admits or refuses."""

from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from providers import audit, invitations, mail
from providers.actor import ANONYMOUS, Actor
from providers.errors import Refused
from providers.models import (
    Application,
    AuditEvent,
    Location,
    Organisation,
    ProviderRegion,
    Region,
    Role,
)
from wlzthuis import origin
from wlzthuis.isolation import as_system

# How many applications one address may send in an hour; each of them causes a mail.
PER_HOUR = 5
STANDS = (
    "Deze organisatie staat al in Thuispeil. Vraag uw eigen bestuurder of de beheerder van Thuispeil "
    "om een uitnodiging."
)
WAITS = "Deze organisatie is al aangemeld. De beheerder kijkt ernaar. U hoeft niets te doen."
BEATEN = "Een andere beheerder heeft deze aanmelding al behandeld."


@as_system()
def hindrance(kvk: str, agb: str) -> str:
    """Why a provider with these numbers cannot apply; '' when it can. Names nobody."""
    numbers = {"kvk": kvk, "agb": agb}
    if Organisation.objects.providers().filter(**numbers).exists():
        return STANDS
    if Application.objects.filter(**numbers, status=Application.Status.RECEIVED).exists():
        return WAITS
    return ""


@as_system()
def apply(application: Application, regions: Iterable[Region]) -> None:
    """Keep an application and tell its sender. Raises Refused when there is one, or when too many come.

    Who applies is nobody in the portal yet, and may not read back what was sent.
    """
    since = timezone.now() - timedelta(hours=1)
    address = origin.current().address
    sent = AuditEvent.objects.filter(action="application_received", address=address, at__gte=since)
    if address and sent.count() >= PER_HOUR:
        raise Refused("Vanaf uw netwerk kwamen net al veel aanmeldingen. Probeer het over een uur opnieuw.")
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError:
        raise Refused(WAITS) from None  # the same application came at the same moment
    application.regions.set(regions)
    mail.post("application_received", application.contact_email, {"application": application})
    audit.record("application_received", by=ANONYMOUS, obj=application)


def look_alikes(application: Application) -> QuerySet[Organisation]:
    """Providers that may be the same one: an equal number or name."""
    same_place = Location.objects.filter(establishment=application.establishment).values("organisation")
    return (
        Organisation.objects.providers()
        .filter(
            Q(kvk=application.kvk)
            | Q(agb=application.agb)
            | Q(name__iexact=application.name)
            | Q(pk__in=same_place)
        )
        .exclude(application=application)
    )


@transaction.atomic
def admit(pk: int, *, by: Actor) -> Application:
    """Make the provider with its location and regions, and invite who applied. Raises Refused if too late."""
    application = _locked(pk, by)
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(
                kind=Organisation.Kind.PROVIDER,
                name=application.name,
                kvk=application.kvk,
                agb=application.agb,
                place=application.place,
            )
    except IntegrityError:
        raise Refused("Er staat al een organisatie met dit KvK-nummer en deze AGB-code.") from None
    Location.objects.create(
        organisation=organisation,
        name=f"Vestiging {application.place}",
        place=application.place,
        establishment=application.establishment,
    )
    ProviderRegion.objects.bulk_create(
        ProviderRegion(provider=organisation, region=region) for region in application.regions.all()
    )
    application.organisation = organisation
    _handle(application, Application.Status.ADMITTED, by)
    audit.record("application_admitted", by=by, about=organisation.pk, obj=application)
    invitations.invite(
        organisation,
        name=application.contact_name,
        email=application.contact_email,
        roles=application.contact_roles,
        by=by,
    )
    return application


@transaction.atomic
def refuse(pk: int, reason: str, *, by: Actor) -> Application:
    """Tell who applied why not. Raises Refused when another administrator was first."""
    application = _locked(pk, by)
    application.reason = reason
    _handle(application, Application.Status.REFUSED, by)
    context = {"application": application, "link": mail.link("apply")}
    mail.post("application_refused", application.contact_email, context)
    audit.record("application_refused", by=by, obj=application)
    return application


def _locked(pk: int, by: Actor) -> Application:
    if not by.has(Role.PORTAL_ADMIN):
        raise PermissionDenied
    application = Application.objects.select_for_update().get(pk=pk)
    if application.status != Application.Status.RECEIVED:
        raise Refused(BEATEN)
    return application


def _handle(application: Application, status: str, by: Actor) -> None:
    application.status, application.handled_by, application.handled_at = status, by.person, timezone.now()
    application.save()
