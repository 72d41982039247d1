"""Which items apply to a provider on a day, and why. Pure functions, no database."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format

from norms.models import Item

# What a framework file may ask of a provider, with the codes that it may name.
DELIVERY_FORMS = ("vpt", "mpt", "pgb")
# The profiles for nursing and care. They are codes, no numbers: the ninth has two forms.
CARE_PROFILES = ("1vv", "2vv", "3vv", "4vv", "5vv", "6vv", "7vv", "8vv", "9avv", "9bvv", "10vv")
SECTORS = ("vv", "ghz", "ggz")
HOUSING = ("unclustered", "clustered")
FACTS: dict[str, tuple[str, ...]] = {
    "delivery_forms": DELIVERY_FORMS,
    "care_profiles": CARE_PROFILES,
    "sectors": SECTORS,
    "housing": HOUSING,
}
ANSWERS = ("has_wlz_clients", "bridging_care")

FOR_ALL = "Geldt voor iedere aanbieder."

Profile = Mapping[str, Any]


@dataclass(frozen=True)
class Applicability:
    """Whether an item applies, with the reason in words for whoever asks why."""

    applies: bool
    reason: str


def applies(item: Item, profile: Profile, on: datetime.date) -> Applicability:
    """Whether an item applies to a provider with this profile on that day.

    A profile gives lists of codes for the names in FACTS, and True or False for those in ANSWERS. What it
    does not say never takes an item away: who has not told yet is asked.
    """
    if item.applies_from and on < item.applies_from:
        return Applicability(False, f"Geldt vanaf {date_format(item.applies_from, 'j F Y')}.")
    for condition in item.applies_when:
        if not any(_holds(when, profile) for when in ways(condition["when"])):
            return Applicability(False, condition["reason"])
    reasons = [condition["reason"] for condition in item.applies_when]
    return Applicability(True, reasons[-1] if reasons else FOR_ALL)


def ways(when: Mapping[str, Any] | list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What a file asks is one set of facts, or a list of them of which one is enough."""
    return when if isinstance(when, list) else [when]


def _holds(when: Mapping[str, Any], profile: Profile) -> bool:
    """Any of the codes of each fact, and all facts together."""
    return all(_fits(wanted, profile.get(fact)) for fact, wanted in when.items())


def _fits(wanted: Any, found: Any) -> bool:
    if found is None or found == []:
        return True
    if isinstance(wanted, bool):
        return bool(found) == wanted
    return not set(wanted).isdisjoint(found)
