"""Writing what a provider does and for whom, and what follows from it on a day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from providers import audit
from providers.actor import Actor
from providers.models import ClientCount, Organisation, Profile, Tally

# Sent in the transaction with `organisation_id`, so that what follows from a profile follows at once.
changed = Signal()


def facts(organisation_id: int, on: date) -> dict[str, Any] | None:
    """What is known of a provider on a day; None while it told nothing.

    The care profiles are those of the last count up to that day; without a count they are not known.
    """
    profile = Profile.objects.filter(pk=organisation_id).first()
    if profile is None:
        return None
    tally = newest_tally(organisation_id, on)
    return {
        "has_wlz_clients": profile.has_wlz_clients,
        "bridging_care": profile.bridging_care,
        "delivery_forms": profile.delivery_forms,
        "housing": profile.housing,
        "sectors": profile.sectors,
        "care_profiles": sorted({care for care, _ in tally.cells}) if tally else [],
    }


def newest_tally(organisation_id: int, until: date) -> Tally | None:
    """The last count up to and including a day, as it was last corrected."""
    tallies = Tally.objects.filter(organisation=organisation_id, counted_on__lte=until)
    return tallies.with_total().order_by("-counted_on", "-version").first()


def tally_of(organisation_id: int, day: date) -> Tally | None:
    """The count of that very day, as it was last corrected."""
    tallies = Tally.objects.filter(organisation=organisation_id, counted_on=day)
    return tallies.with_total().order_by("-version").first()


def hold(organisation_id: int) -> None:
    """Let the transaction at hand be the only one that changes this provider's profile and counts."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)


@transaction.atomic
def save_profile(profile: Profile, *, by: Actor) -> None:
    """Write a profile, of which the caller checked that nobody's change is lost."""
    profile.updated_by, profile.updated_at = by.person, timezone.now()
    profile.save()
    audit.record("profile_changed", by=by, about=profile.pk, obj=profile)
    changed.send(Profile, organisation_id=profile.pk)


@transaction.atomic
def save_tally(
    organisation_id: int,
    counted_on: date,
    cells: Mapping[tuple[str, str], int],
    bridging_clients: int | None,
    *,
    by: Actor,
) -> Tally:
    """Write the clients of a day; what stood there before stays as an older version."""
    before = tally_of(organisation_id, counted_on)
    cells = {key: clients for key, clients in cells.items() if clients}
    if before and (before.cells, before.bridging_clients) == (cells, bridging_clients):
        return before
    tally = Tally.objects.create(
        organisation_id=organisation_id,
        counted_on=counted_on,
        version=before.version + 1 if before else 1,
        bridging_clients=bridging_clients,
        by=by.person,
    )
    ClientCount.objects.bulk_create(
        ClientCount(
            organisation_id=organisation_id,
            tally=tally,
            care_profile=care_profile,
            delivery_form=delivery_form,
            clients=clients,
        )
        for (care_profile, delivery_form), clients in cells.items()
    )
    audit.record("clients_counted", by=by, about=organisation_id, obj=tally)
    changed.send(Tally, organisation_id=organisation_id)
    return tally
