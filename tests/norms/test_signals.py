"""When a signal is raised."""

from typing import Any

import pytest

from norms.models import FrameworkVersion, Signal
from norms.signals import active, holds

NO = {"item": "K.2", "in": ["no", "partly"]}
LOW = {"item": "K.3", "below": 2}
NIGHT = {"item": "K.5", "row": "night", "column": "who", "in": ["nobody"]}


@pytest.mark.parametrize(
    ("condition", "answers", "raised"),
    [
        ({"any": [NO]}, {"K.2": "no"}, True),
        ({"any": [NO]}, {"K.2": "partly"}, True),
        ({"any": [NO]}, {"K.2": "yes"}, False),
        ({"any": [NO]}, {"K.2": "unknown"}, False),
        ({"any": [NO]}, {"K.2": None}, False),
        ({"any": [NO]}, {}, False),
        ({"any": [LOW]}, {"K.3": "1"}, True),
        ({"any": [LOW]}, {"K.3": "1.9"}, True),
        ({"any": [LOW]}, {"K.3": "2"}, False),
        ({"any": [LOW]}, {"K.3": "10"}, False),
        ({"any": [LOW]}, {"K.3": ""}, False),
        ({"any": [LOW]}, {"K.3": "veel"}, False),
        ({"any": [NIGHT]}, {"K.5": [{"row": "night", "who": "nobody"}]}, True),
        (
            {"any": [NIGHT]},
            {"K.5": [{"row": "day", "who": "nobody"}, {"row": "night", "who": "team"}]},
            False,
        ),
        ({"any": [NIGHT]}, {"K.5": [{"row": "night"}]}, False),
        ({"any": [NIGHT]}, {"K.5": []}, False),
        ({"any": [NIGHT]}, {"K.5": None}, False),
        ({"any": [NO, LOW]}, {"K.2": "yes", "K.3": "1"}, True),
        ({"any": [NO, LOW]}, {"K.2": "yes", "K.3": "3"}, False),
        ({"all": [NO, LOW]}, {"K.2": "no", "K.3": "1"}, True),
        ({"all": [NO, LOW]}, {"K.2": "no", "K.3": "3"}, False),
        ({"all": [NO, LOW]}, {"K.2": "no"}, False),
    ],
)
def test_truth_table(condition: dict[str, Any], answers: dict[str, Any], raised: bool) -> None:
    assert holds(condition, answers) is raised


def codes(framework: str, answers: dict[str, Any]) -> list[str]:
    version = FrameworkVersion.objects.get(framework__code=framework)
    return [signal.code for signal in active(Signal.objects.filter(version=version), answers)]


@pytest.mark.django_db
@pytest.mark.usefixtures("product_norms")
def test_the_norms_own_signals() -> None:
    assert codes("igj-wlz-thuis", {}) == []
    nobody_at_night = [
        {"row": "day", "follow_up": "own_team"},
        {"row": "night", "follow_up": "nobody", "client_reaches": "yes", "carer_reaches": "no"},
    ]
    assert codes("igj-wlz-thuis", {"W2.T": nobody_at_night}) == ["night-phone-only", "not-always-reachable"]
    assert codes("igj-wlz-thuis", {"W2.3": "no", "W1.4": "partly", "W2.9": "no"}) == [
        "night-phone-only",
        "attention-expertise",
    ]
    assert codes("addendum-wlz-thuis", {"F5.1": "1", "A2b.1": "100", "A2a.6": "99.5"}) == [
        "plan-within-24-hours",
        "learning-network",
    ]
    assert codes("addendum-wlz-thuis", {"F5.1": "2", "H2.P1": "consented", "H2.P4": "negative"}) == []
    assert codes("addendum-wlz-thuis", {"H2.P1": "asked", "H2.V6": "no"}) == [
        "instrument-conditions",
        "council-consent",
    ]
