"""Which edition counts on a day, and what the page says about it."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from norms.loading import load
from norms.models import FrameworkVersion
from norms.validity import period, status

pytestmark = pytest.mark.django_db

Content = dict[str, Any]
Write = Callable[..., Path]
day = datetime.date.fromisoformat


@pytest.fixture
def editions(small: Content, write: Write) -> None:
    """Two editions in a row, one more to come, and one of another framework without a begin."""
    other = {**small["framework"], "code": "ander"}
    contents = [
        {**small, "edition": "a", "valid_from": "2020-01-01", "valid_until": "2020-12-31"},
        {**small, "edition": "b", "valid_from": "2021-01-01", "valid_until": "2021-12-31"},
        {**small, "edition": "c", "valid_from": "2030-01-01"},
        {**small, "edition": "d", "valid_from": None, "framework": other, "step": 1},
    ]
    load([write(content, f"{content['edition']}.yaml") for content in contents])


def names(found: Any) -> list[str]:
    return [version.edition for version in found]


@pytest.mark.usefixtures("editions")
@pytest.mark.parametrize(
    ("date", "in_force", "default"),
    [
        ("2019-12-31", ["d"], ["d"]),
        ("2020-01-01", ["d", "a"], ["d", "a"]),
        ("2020-12-31", ["d", "a"], ["d", "a"]),
        ("2021-06-01", ["d", "b"], ["d", "b"]),
        ("2025-01-01", ["d"], ["d", "b"]),
        ("2030-01-01", ["d", "c"], ["d", "c"]),
    ],
)
def test_editions_by_date(date: str, in_force: list[str], default: list[str]) -> None:
    assert names(FrameworkVersion.objects.on_date(day(date)).order_by("step")) == in_force
    assert names(FrameworkVersion.objects.default_for(day(date)).for_self_assessment()) == default


def test_only_what_asks_a_provider_is_for_a_self_assessment(small: Content, write: Write) -> None:
    for item in small["items"][0]["children"]:
        item["filled_by"] = ["inspectorate"]
    small["minutes"] = 0
    load([write(small)])
    assert names(FrameworkVersion.objects.for_self_assessment()) == []


@pytest.mark.usefixtures("editions")
def test_the_status_of_each_edition_in_words() -> None:
    family = list(FrameworkVersion.objects.family("klein"))
    assert names(family) == ["c", "b", "a"]
    later, middle, first = family

    former = status(first, day("2025-01-01"), family)
    assert former.title == "Dit is een eerdere versie"
    assert former.text == "De versie gold van 1 januari 2020 tot en met 31 december 2020."
    assert former.newer == middle

    last = status(middle, day("2025-01-01"), family)
    assert last.newer is None
    assert last.text.endswith(
        "Een opvolger staat nog niet in Thuispeil. Tot die tijd werkt u met deze versie."
    )

    current = status(middle, day("2021-06-01"), family)
    assert (current.title, current.text) == (
        "Deze versie is geldig",
        "De versie geldt van 1 januari 2021 tot en met 31 december 2021.",
    )
    upcoming = status(later, day("2025-01-01"), family)
    assert (upcoming.title, upcoming.text) == (
        "Deze versie is nog niet geldig",
        "De versie geldt vanaf 1 januari 2030.",
    )
    unknown = FrameworkVersion.objects.get(edition="d")
    assert status(unknown, day("2025-01-01")).title == "Het begin van deze versie is niet bekend"
    assert period(unknown) == "begin onbekend"


def test_a_successor_from_another_framework_takes_over_once_it_is_loaded(
    small: Content, write: Write
) -> None:
    old = {**small, "valid_until": "2020-12-31", "succession_note": "Opgevolgd.", "succeeded_by": "opvolger"}
    load([write(old)])
    version = FrameworkVersion.objects.get()
    today = day("2025-01-01")
    assert status(version, today, FrameworkVersion.objects.family("klein")).text == (
        "De versie gold van 1 januari 2020 tot en met 31 december 2020. Opgevolgd. "
        "Die opvolger staat nog niet in Thuispeil. Tot die tijd werkt u met deze versie."
    )
    new = {**small, "framework": {**small["framework"], "code": "opvolger"}, "valid_from": "2021-01-01"}
    load([write(new, "nieuw.yaml")])
    after = status(version, today, FrameworkVersion.objects.family("klein"))
    assert after.newer is not None and after.newer.framework.code == "opvolger"
    assert after.text == "De versie gold van 1 januari 2020 tot en met 31 december 2020. Opgevolgd."


@pytest.mark.usefixtures("product_norms")
def test_the_whole_tree_comes_in_three_queries(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        for version in FrameworkVersion.objects.with_tree():
            assert version.framework.code and version.scale.code
            positions = [item.position for item in version.items.all()]
            assert positions == list(range(1, len(positions) + 1))
            assert all(signal.item_id for signal in version.signals.all())
