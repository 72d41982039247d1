"""To whom an item applies, from when, and what is said about it."""

import datetime
import json
from typing import Any

import pytest

from norms import applicability
from norms.applicability import FOR_ALL, Applicability, applies
from norms.files import SCHEMA, Document
from norms.loading import items_of
from norms.models import Item

TODAY = datetime.date(2026, 11, 22)


def item(**when: Any) -> Item:
    return Item(code="A1", applies_when=[{"when": when, "reason": "Alleen dan."}] if when else [])


@pytest.mark.parametrize(
    ("when", "profile", "expected"),
    [
        ({}, {}, True),
        ({"delivery_forms": ["vpt", "mpt"]}, {"delivery_forms": ["mpt"]}, True),
        ({"delivery_forms": ["vpt", "mpt"]}, {"delivery_forms": ["pgb"]}, False),
        ({"delivery_forms": ["vpt"], "housing": ["unclustered"]}, {"delivery_forms": ["vpt"]}, True),
        (
            {"delivery_forms": ["vpt"], "housing": ["unclustered"]},
            {"delivery_forms": ["vpt"], "housing": ["clustered"]},
            False,
        ),
        ({"has_wlz_clients": True}, {"has_wlz_clients": False}, False),
        ({"has_wlz_clients": True}, {"has_wlz_clients": True}, True),
        ({"has_wlz_clients": True}, {}, True),
        ({"bridging_care": False}, {"bridging_care": True}, False),
        # The ninth profile has two forms, and nothing is between the eighth and the tenth.
        ({"care_profiles": ["9bvv"]}, {"care_profiles": ["9avv"]}, False),
        ({"care_profiles": ["4vv"]}, {"care_profiles": []}, True),
    ],
)
def test_any_of_a_fact_and_all_facts(when: Any, profile: Any, expected: bool) -> None:
    assert applies(item(**when), profile, TODAY).applies is expected


def test_one_of_several_ways_is_enough() -> None:
    ways = [{"sectors": ["vv"], "housing": ["unclustered"]}, {"sectors": ["vv"], "bridging_care": True}]
    either = Item(code="A1", applies_when=[{"when": ways, "reason": "Alleen dan."}])
    clustered = {"sectors": ["vv"], "housing": ["clustered"]}
    assert applies(
        either, {"sectors": ["vv"], "housing": ["unclustered"], "bridging_care": False}, TODAY
    ).applies
    assert applies(either, clustered | {"bridging_care": True}, TODAY).applies
    assert not applies(either, clustered | {"bridging_care": False}, TODAY).applies
    assert not applies(either, {"sectors": ["ggz"], "bridging_care": True}, TODAY).applies


def test_the_reason_is_told_either_way() -> None:
    assert applies(item(), {}, TODAY) == Applicability(True, FOR_ALL)
    assert applies(item(has_wlz_clients=True), {"has_wlz_clients": True}, TODAY).reason == "Alleen dan."
    assert applies(item(has_wlz_clients=True), {"has_wlz_clients": False}, TODAY).reason == "Alleen dan."


def test_before_its_day_it_does_not_apply() -> None:
    later = Item(code="A1", applies_from=TODAY + datetime.timedelta(1))
    assert applies(later, {}, TODAY) == Applicability(False, "Geldt vanaf 23 november 2026.")
    assert applies(Item(code="A1", applies_from=TODAY), {}, TODAY).applies


def test_a_condition_holds_for_what_hangs_below_it(small: dict[str, Any]) -> None:
    theme = small["items"][0]
    small.update(applies_when={"sectors": ["vv"]}, applies_reason="Voor ouderenzorg.")
    theme.update(applies_when={"has_wlz_clients": True}, applies_reason="Met cliënten.")
    theme["children"][0]["applies_from"] = "2027-01-01"
    items = {found.code: found for found in items_of(Document("klein.yaml", small))}
    assert [row["reason"] for row in items["K.2"].applies_when] == ["Voor ouderenzorg.", "Met cliënten."]
    assert applies(items["K.2"], {"sectors": ["ggz"]}, TODAY).reason == "Voor ouderenzorg."
    assert applies(items["K.2"], {"has_wlz_clients": False}, TODAY).reason == "Met cliënten."
    assert not applies(items["K.1"], {}, TODAY).applies


def test_a_file_may_name_what_a_profile_can_say_and_nothing_else() -> None:
    named = json.loads(SCHEMA.read_text("utf-8"))["$defs"]["appliesTo"]["properties"]
    facts = {name: tuple(rule["items"]["enum"]) for name, rule in named.items() if "items" in rule}
    assert facts == applicability.FACTS
    assert {name for name, rule in named.items() if "items" not in rule} == set(applicability.ANSWERS)
