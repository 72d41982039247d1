"""Mails about campaigns, to the people of a provider who can act on them."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assessments.models import CampaignTarget
from assessments.models.campaign import CampaignTargetQuerySet
from providers import mail
from providers.models import Membership, Role
from wlzthuis.isolation import as_system

# Days before the date on which a provider is reminded; -1 is the day after it.
REMIND_AT = (14, 3, -1)
BATCH = 100
WITH = ("campaign", "asked_by", "organisation")


def post_all(kind: str, targets: Sequence[CampaignTarget], *, moment: str) -> None:
    """One mail to each quality officer and director of each provider; one of a moment is never doubled."""
    people = _people(target.organisation_id for target in targets)
    for target in targets:
        link = mail.link("assessments:campaign_for_us", target.pk)
        for person, name, address in people.get(target.organisation_id, ()):
            mail.post(
                kind,
                address,
                {"name": name, "target": target, "campaign": target.campaign, "link": link},
                organisation_id=target.organisation_id,
                key=f"campaign-{target.pk}-{person}-{moment}",
            )


@as_system()
def _people(organisations: Iterable[int]) -> dict[int, set[tuple[int, str, str]]]:
    """Who answers for each organisation: id, name, address. Who asks may not read this itself."""
    held = Membership.objects.on().filter(
        organisation__in=set(organisations),
        role__in=(Role.QUALITY_OFFICER, Role.DIRECTOR),
        user__is_active=True,
    )
    people: dict[int, set[tuple[int, str, str]]] = {}
    for organisation, pk, name, address in held.values_list(
        "organisation", "user", "user__name", "user__email"
    ):
        people.setdefault(organisation, set()).add((pk, name, address))
    return people


def remind(targets: CampaignTargetQuerySet, today: date) -> int:
    """Remind these once today, in the transaction at hand. Returns how many providers."""
    found = list(targets.select_for_update(of=("self",)).select_related(*WITH).order_by("pk"))
    post_all("campaign_reminder", found, moment=f"reminder-{today:%Y%m%d}")
    CampaignTarget.objects.filter(pk__in=[target.pk for target in found]).update(reminded_on=today)
    return len(found)


def remind_due() -> int:
    """Remind those whose date is near or was yesterday, unless they were asked or reminded today."""
    today = timezone.localdate()
    due = CampaignTarget.objects.filter(
        due_on__in=[today + timedelta(days=days) for days in REMIND_AT], campaign__created_at__date__lt=today
    ).exclude(reminded_on=today)
    reminded = 0
    while count := _remind_batch(due, today):
        reminded += count
    return reminded


@as_system()
def _remind_batch(due: CampaignTargetQuerySet, today: date) -> int:
    batch = due.waited_for().order_by("pk").values("pk")[:BATCH]
    return remind(CampaignTarget.objects.filter(pk__in=batch).waited_for(), today)


def tell_soon() -> None:
    """A worker mails what changed; without a broker the clock finds it later."""
    transaction.on_commit(_wake_worker, robust=True)


def _wake_worker() -> None:
    from assessments.tasks import tell_providers  # the task calls this module

    tell_providers.delay()


def tell() -> int:
    """Mail providers that they are asked, or are asked no longer. Returns how many were told."""
    told = 0
    while count := _tell_batch():
        told += count
    return told


@as_system()
def _tell_batch() -> int:
    """Targets of which the people do not know yet how the campaign stands; taken by one worker at a time."""
    told = CampaignTarget.Told
    behind = Q(told=told.NOTHING, campaign__withdrawn_at=None) | Q(
        told=told.ASKED, campaign__withdrawn_at__isnull=False
    )
    found = list(
        CampaignTarget.objects.filter(behind)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related(*WITH)
        .order_by("pk")[:BATCH]
    )
    for kind, state in (("campaign_asked", told.NOTHING), ("campaign_withdrawn", told.ASKED)):
        post_all(kind, [target for target in found if target.told == state], moment=kind)
    for target in found:
        target.told = told.ASKED if target.told == told.NOTHING else told.WITHDRAWN
    CampaignTarget.objects.bulk_update(found, ["told"])
    return len(found)
