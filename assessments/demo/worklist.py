"""What makes the demo's worklist a list to choose from: clients counted twice, and what others told."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from assessments import concerns, risk_signals
from assessments.demo.accounts import Cast
from assessments.demo.clock import clock_at, moment
from assessments.demo.story import Inspectors
from assessments.demo.texts import texts
from assessments.models import Concern
from providers import profile
from providers.actor import Actor, actor_for
from providers.demo import CARE_OFFICE, dice
from providers.models import CareProfile, DeliveryForm, Membership, Role, Tally

COUNTED = 40  # so many providers told how many clients they have
KEYS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:thuispeil:demo:concern")


def seed_worklist(cast: Sequence[Cast], inspectors: Inspectors, today: date, seed: int) -> None:
    """Write what is missing of it, and work out everybody's signals."""
    counted = set(Tally.objects.values_list("organisation", flat=True))
    for member in cast[:COUNTED]:
        if member.organisation.pk not in counted and member.index % 5 != 4:
            _count(member, today, seed)
    officer = Membership.objects.filter(organisation__name=CARE_OFFICE, role=Role.CARE_OFFICE_OFFICER)
    office = actor_for(officer.select_related("user")[0].user)
    told = [(row, inspectors.team[0]) for row in texts("worklist")["concerns"]]
    told += [(row, office) for row in texts("worklist")["shared"]]
    for row, by in told:
        _tell(row, _about(row["provider"], cast, by), by, inspectors.coordinator, today)
    risk_signals.refresh_marked()


def _count(member: Cast, today: date, seed: int) -> None:
    """Two counts, half a year apart; every fourth provider grew fast."""
    chance = dice("clients", seed, member.organisation.kvk)
    clients = chance.randint(12, 60)
    by = actor_for(member.officer, member.organisation.pk)
    for days, factor in ((200, 1.0), (20, 1.6 if member.index % 4 == 1 else 1.1)):
        light = round(clients * factor * 0.7)
        cells: dict[tuple[str, str], int] = {
            (CareProfile.VV5, DeliveryForm.MPT): light,
            (CareProfile.VV6, DeliveryForm.VPT): round(clients * factor) - light,
        }
        day = today - timedelta(days=days)
        with clock_at(moment(day)):
            profile.save_tally(member.organisation.pk, day, cells, None, by=by)


def _about(place: int, cast: Sequence[Cast], by: Actor) -> int | None:
    """A provider of which this actor may tell something, by its place among them."""
    known = set(concerns.tellable(by).values_list("pk", flat=True))
    mine = [member.organisation.pk for member in cast if member.organisation.pk in known]
    return mine[place] if place < len(mine) else None


def _tell(row: dict[str, Any], provider: int | None, by: Actor, closer: Actor, today: date) -> None:
    if provider is None:
        return
    day = today - timedelta(days=row["days"])
    with clock_at(moment(day, 15)):
        told = Concern(
            key=uuid.uuid5(KEYS, row["subject"]),
            organisation_id=provider,
            received_on=day,
            **{name: row[name] for name in ("source", "subject", "text")},
        )
        kept = concerns.keep(told, by=by)
    if "outcome" in row:
        with clock_at(moment(day + timedelta(days=7), 11)):
            concerns.close(kept.pk, row["outcome"], by=closer)
