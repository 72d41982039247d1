"""What people do with a campaign: ask, remind, give more time, withdraw; and what a provider answers."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments import campaign_mail, permissions, risk_signals, widening
from assessments.errors import NotReady, WrongState
from assessments.models import Campaign, CampaignTarget, Revision
from assessments.models.campaign import CampaignTargetQuerySet
from norms.models import FrameworkVersion
from providers import audit
from providers.actor import Actor
from providers.models import Organisation, OrganisationQuerySet

WITHDRAWN = "Deze uitvraag is ingetrokken."
# Only its own row is locked: who may not change an organisation cannot lock it either.
OWN = ("self",)
WITH = ("campaign", "campaign__organisation", "organisation", "asked_by")


@dataclass(frozen=True)
class NewCampaign:
    """What somebody wants to ask; `key` is the form's, so that sending it twice asks once."""

    key: uuid.UUID
    title: str
    reason: str
    year: int
    editions: Collection[FrameworkVersion]
    due_on: date


def askable(actor: Actor) -> OrganisationQuerySet:
    """The providers that the actor may ask: any for an inspectorate, its regions' for a care office."""
    if actor.has(*permissions.INSPECTION):
        return Organisation.objects.providers()
    if permissions.can_ask(actor) and actor.organisation_id:
        return Organisation.objects.in_regions_of(actor.organisation_id)
    return Organisation.objects.none()


def send(new: NewCampaign, providers: Iterable[int], *, by: Actor) -> Campaign:
    """Ask these providers. Raises PermissionDenied when one of them may not be asked."""
    wanted = set(providers)
    if not permissions.can_ask(by) or askable(by).filter(pk__in=wanted).count() != len(wanted):
        raise PermissionDenied
    try:
        return _send(new, wanted, by)
    except IntegrityError:
        sent = Campaign.objects.filter(organisation=by.own, key=new.key).first()
        if sent is None:
            raise
        return sent


@transaction.atomic
def _send(new: NewCampaign, providers: set[int], by: Actor) -> Campaign:
    campaign = Campaign.objects.create(
        key=new.key,
        organisation=by.own,
        title=new.title,
        reason=new.reason,
        year=new.year,
        due_on=new.due_on,
        created_by=by.person,
    )
    campaign.editions.set(new.editions)
    CampaignTarget.objects.bulk_create(
        [
            CampaignTarget(campaign=campaign, organisation_id=pk, asked_by=by.own, due_on=new.due_on)
            for pk in sorted(providers)
        ]
    )
    audit.record("campaign_sent", by=by, obj=campaign)
    campaign_mail.tell_soon()
    return campaign


@transaction.atomic
def withdraw(campaign_id: int, reason: str, *, by: Actor) -> Campaign:
    """Ask no longer. Raises WrongState when it was withdrawn before."""
    campaign = _locked(campaign_id, by)
    campaign.withdrawn_at, campaign.withdrawn_because = timezone.now(), reason
    campaign.save(update_fields=["withdrawn_at", "withdrawn_because"])
    audit.record("campaign_withdrawn", by=by, obj=campaign)
    risk_signals.mark(*campaign.targets.values_list("organisation", flat=True))
    campaign_mail.tell_soon()
    return campaign


@transaction.atomic
def remind(campaign_id: int, target_ids: Iterable[int], *, by: Actor) -> int:
    """Mail those that did not hand in, once a day at most. Returns how many providers were reminded."""
    campaign = _locked(campaign_id, by)
    today = timezone.localdate()
    waited_for = campaign.targets.waited_for().filter(pk__in=target_ids).exclude(reminded_on=today)
    audit.record("campaign_reminded", by=by, obj=campaign)
    return campaign_mail.remind(waited_for, today)


@transaction.atomic
def extend(campaign_id: int, target_ids: Iterable[int], until: date, reason: str, *, by: Actor) -> int:
    """Give more time to those that did not hand in. Returns how many.

    Raises NotReady when the day is no later than what one of them has, or is over.
    """
    campaign = _locked(campaign_id, by)
    targets = _lock(campaign.targets.waited_for().filter(pk__in=target_ids))
    latest = max((target.due_on for target in targets), default=until)
    if targets and until <= latest:
        raise NotReady("Kies een dag na de datum die er nu staat.")
    if until < timezone.localdate():
        raise NotReady("Deze dag is voorbij. Kies een latere dag.")
    now = timezone.now()
    for target in targets:
        if target.wants_time:
            target.extension_answered_at, target.extension_refused_because = now, ""
        target.due_on, target.extension_reason = until, reason
        target.extended_by, target.extended_at = by.person, now
        target.save()
        audit.record("extension_granted", by=by, about=target.organisation_id, obj=target)
    risk_signals.mark(*[target.organisation_id for target in targets])
    campaign_mail.post_all("campaign_extended", targets, moment=f"uitstel-{until:%Y%m%d}")
    return len(targets)


@transaction.atomic
def refuse_extension(target_id: int, reason: str, *, by: Actor) -> CampaignTarget:
    """Answer a request for more time with no. Raises WrongState when it has its answer."""
    target = CampaignTarget.objects.select_for_update(of=OWN).select_related(*WITH).get(pk=target_id)
    if not permissions.can_manage(by, target.campaign):
        raise PermissionDenied
    if not target.wants_time:
        raise WrongState("Deze vraag om uitstel is al beantwoord.")
    target.extension_answered_at, target.extension_refused_because = timezone.now(), reason
    target.save(update_fields=["extension_answered_at", "extension_refused_because"])
    audit.record("extension_refused", by=by, about=target.organisation_id, obj=target)
    campaign_mail.post_all(
        "campaign_refused", [target], moment=f"geen-uitstel-{target.extension_answered_at:%Y%m%d%H%M%S}"
    )
    return target


@transaction.atomic
def ask_extension(target_id: int, until: date, because: str, *, by: Actor) -> CampaignTarget:
    """Ask for more time; a later request takes the place of one that waits.

    Raises WrongState when nothing is waited for, NotReady when the day is not later.
    """
    target = _answering(target_id, by)
    if until <= max(target.due_on, timezone.localdate()):
        raise NotReady("Kies een dag na vandaag en na de datum die er nu staat.")
    target.extension_asked_on, target.extension_asked_because = until, because
    target.extension_asked_at, target.extension_answered_at = timezone.now(), None
    target.extension_refused_because = ""
    target.save()
    audit.record("extension_asked", by=by, about=target.organisation_id, obj=target)
    return target


@transaction.atomic
def add_editions(target_id: int, *, by: Actor) -> Revision:
    """Put what is asked and missing in the draft of that year. Raises WrongState without a draft."""
    target = _answering(target_id, by)
    draft = (
        Revision.objects.select_for_update()
        .filter(organisation=target.organisation_id, self_assessment__year=target.campaign.year)
        .filter(status=Revision.Status.DRAFT)
        .first()
    )
    if draft is None:
        raise WrongState("Er is geen concept van dit jaar waaraan u iets kunt toevoegen.")
    return widening.add_editions(draft.pk, target.campaign.editions.all(), by=by)


def asked_of(actor: Actor) -> CampaignTargetQuerySet:
    """What the actor's own organisation is asked and did not hand in, the earliest date first."""
    waited_for = CampaignTarget.objects.asked_of(actor).waited_for()
    return waited_for.select_related("campaign", "asked_by").order_by("due_on", "pk")


def requests_for_time(actor: Actor) -> CampaignTargetQuerySet:
    """Requests for more time that wait for the actor's organisation, the earliest first."""
    own = Campaign.objects.visible_to(actor).filter(withdrawn_at=None)
    waiting = CampaignTarget.objects.filter(campaign__in=own.values("pk")).wanting_time().waited_for()
    return waiting.select_related("campaign", "organisation").order_by("extension_asked_at", "pk")


def asked_editions(organisation_id: int) -> QuerySet[FrameworkVersion]:
    """What is asked of a provider in campaigns that were not withdrawn."""
    campaigns = Campaign.objects.filter(targets__organisation=organisation_id, withdrawn_at=None)
    asked = Campaign.editions.through.objects.filter(campaign__in=campaigns.values("pk"))
    return FrameworkVersion.objects.filter(pk__in=asked.values("frameworkversion"))


def _locked(campaign_id: int, by: Actor) -> Campaign:
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    if not permissions.can_manage(by, campaign):
        raise PermissionDenied
    if campaign.withdrawn_at:
        raise WrongState(WITHDRAWN)
    return campaign


def _lock(targets: CampaignTargetQuerySet) -> list[CampaignTarget]:
    return list(targets.select_for_update(of=OWN).select_related(*WITH).order_by("pk"))


def _answering(target_id: int, by: Actor) -> CampaignTarget:
    """The own organisation's line, locked, as long as something is waited for."""
    target = (
        CampaignTarget.objects.with_state().select_for_update(of=OWN).select_related(*WITH).get(pk=target_id)
    )
    if not permissions.can_answer(by, target):
        raise PermissionDenied
    if target.state not in CampaignTarget.WAITED_FOR:
        raise WrongState(WITHDRAWN if target.campaign.withdrawn_at else "U heeft al ingediend.")
    return target
