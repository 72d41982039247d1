"""All providers with what gives a reason to look at them, in an order that people choose; no total."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from assessments.models import RiskSignal, Standing
from assessments.models.worklist import StandingQuerySet
from assessments.worklist_rules import rules
from providers.actor import Actor
from providers.models import Organisation, Profile, ProviderRegion

# The grounds of a signal for which the list has room.
FEW = 3
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
        offering = Profile.objects.filter(delivery_forms__contains=[form])
        rows = rows.filter(organisation__in=offering.values("pk"))
    if day := wanted.get("voor"):
        rows = rows.filter(last_visit_on__lt=day)
    for code in wanted.get("signaal") or []:
        rows = rows.filter(Exists(RiskSignal.objects.filter(organisation=OuterRef("pk"), code=code)))
    return rows


def rows_of(standings: Sequence[Standing]) -> list[dict[str, Any]]:
    """What the list shows of each, as plain values: a template reads those fastest, and there are many."""
    labels = {code: str(label) for code, label in RiskSignal.Code.choices}
    order = {code: place for place, code in enumerate(rules().signals)}
    told: dict[int, list[tuple[str, list[dict[str, str]]]]] = {standing.pk: [] for standing in standings}
    found = RiskSignal.objects.filter(organisation__in=told, code__in=order)
    for provider, code, grounds in found.values_list("organisation_id", "code", "grounds"):
        told[provider].append((code, grounds))
    rows = []
    for standing in standings:
        signals = sorted(told[standing.pk], key=lambda signal: order[signal[0]])
        rows.append(
            {
                "pk": standing.pk,
                "name": standing.organisation.name,
                "place": standing.organisation.place,
                "kvk": standing.organisation.kvk,
                "signals": [
                    {"label": labels[code], "links": _links(grounds[:FEW]), "more": len(grounds[FEW:])}
                    for code, grounds in signals
                    if code not in RiskSignal.GAPS
                ],
                "gaps": [labels[code] for code, _ in signals if code in RiskSignal.GAPS],
                "last_visit": standing.last_visit,
                "handed_in": standing.handed_in,
                "clients": standing.known_clients,
            }
        )
    return rows


def _links(grounds: Sequence[Mapping[str, str]]) -> SafeString:
    """The grounds as links; of what no page shows the address is ''."""
    return format_html_join("; ", "{}", ((_link(**ground),) for ground in grounds))


def _link(text: str, url: str) -> str:
    return format_html('<a href="{}">{}</a>', url, text) if url else text


def signals_of(provider: int) -> list[RiskSignal]:
    """The signals of one provider, in the order of the rules."""
    order = {code: place for place, code in enumerate(rules().signals)}
    signals = RiskSignal.objects.filter(organisation=provider, code__in=order)
    return sorted(signals, key=lambda signal: order[signal.code])


def as_of(actor: Actor) -> datetime | None:
    """The moment of which, or after which, all that the worklist shows was worked out."""
    found = Standing.objects.visible_to(actor).aggregate(oldest=Min("refreshed_at"))
    return found["oldest"]
