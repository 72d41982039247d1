"""All providers with what gives a reason to look at them, in an order that people choose; no total."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q

from assessments.models import RiskSignal, Standing
from assessments.models.worklist import StandingQuerySet
from assessments.worklist_rules import rules
from providers.actor import Actor
from providers.models import Organisation, Profile, ProviderRegion

ORDERS: dict[str, tuple[str, ...]] = {
    "naam": ("organisation__name", "organisation_id"),
    "bezoek": ("last_visit_on", "organisation_id"),
    "ingediend": ("-handed_in_on", "organisation_id"),
    "clienten": ("-clients", "organisation_id"),
}


def found(actor: Actor, wanted: Mapping[str, Any]) -> StandingQuerySet:
    """The providers that fit what a valid WorklistForm asks; {} asks nothing."""
    rows = (
        Standing.objects.visible_to(actor)
        .select_related("organisation")
        .filter(organisation__kind=Organisation.Kind.PROVIDER)
    )
    if words := wanted.get("q"):
        rows = rows.filter(
            Q(organisation__name__icontains=words)
            | Q(organisation__kvk__startswith=words)
            | Q(organisation__place__icontains=words)
        )
    if region := wanted.get("regio"):
        here = ProviderRegion.objects.on().filter(region=region)
        rows = rows.filter(organisation__in=here.values("provider"))
    if form := wanted.get("leveringsvorm"):
        rows = rows.filter(organisation__in=Profile.objects.filter(delivery_forms__contains=[form]))
    if day := wanted.get("voor"):
        rows = rows.filter(last_visit_on__lt=day)
    for code in wanted.get("signaal") or []:
        rows = rows.filter(Exists(RiskSignal.objects.filter(organisation=OuterRef("pk"), code=code)))
    return rows


def signals_of(providers: Collection[int]) -> dict[int, list[RiskSignal]]:
    """Per provider its signals, in the order of the rules."""
    order = {code: place for place, code in enumerate(rules().signals)}
    by_provider: dict[int, list[RiskSignal]] = {pk: [] for pk in providers}
    for signal in RiskSignal.objects.filter(organisation__in=providers, code__in=order):
        by_provider[signal.organisation_id].append(signal)
    for signals in by_provider.values():
        signals.sort(key=lambda signal: order[signal.code])
    return by_provider


def as_of(actor: Actor) -> datetime | None:
    """The moment of which, or after which, all that the worklist shows was worked out."""
    found = Standing.objects.visible_to(actor).aggregate(oldest=Min("refreshed_at"))
    return found["oldest"]
