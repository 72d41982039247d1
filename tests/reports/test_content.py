"""The contract of a report's content is read strictly, and every refusal names its place."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from reports.content import ContentError, parse
from tests.reports import samples


def test_everything_arrives():
    report = parse(samples.full())
    assert report.provider.name == "Stichting Thuiszorg Merelveld"
    assert report.visit.started_on == date(2025, 9, 9)
    assert report.whole and report.whole.code == "W"
    assert [item.code for item in report.parts] == ["W1", "W2", "W3", "C", "S", "M"]
    assert [action.number for action in report.actions_of(report.items[2])] == ["V1", "V2"]
    assert report.findings_by_source()[0] == ("Document", 4, ["W1", "W2", "W3", "S"])


@pytest.mark.parametrize("make", [samples.concept, samples.bare, samples.extreme])
def test_other_reports_are_read(make: Callable[[], dict[str, Any]]):
    assert parse(make()).number == "V1000034"


def test_distance_to_own_score():
    steps = {item.code: item.steps_below_own for item in parse(samples.full()).items}
    assert steps == {"W": None, "W1": 1, "W2": 2, "W3": 0, "C": -1, "S": 1, "M": None}


def _without(content: dict[str, Any], *path: Any) -> None:
    for key in path[:-1]:
        content = content[key]
    del content[path[-1]]


def _set(content: dict[str, Any], value: Any, *path: Any) -> None:
    for key in path[:-1]:
        content = content[key]
    content[path[-1]] = value


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: _set(c, "thuispeil.inspection-report.2", "schema"), "schema is"),
        (lambda c: _without(c, "schema"), "schema is None"),
        (lambda c: _without(c, "provider", "kvk"), "provider.kvk: ontbreekt"),
        (lambda c: _set(c, 1, "provider", "phone"), "provider.phone: onbekend"),
        (lambda c: _set(c, "draft", "kind"), "kind: 'draft' is geen van concept, final"),
        (
            lambda c: _set(c, "14", "visit", "counts", "interviews"),
            "visit.counts.interviews: '14' is geen int",
        ),
        (lambda c: _set(c, True, "visit", "inspectors"), "visit.inspectors: True is geen int"),
        (lambda c: _set(c, "9-9-2025", "visit", "started_on"), "visit.started_on: '9-9-2025' is geen datum"),
        (lambda c: _set(c, "", "items", 1, "level"), "items[1].level: ''"),
        (lambda c: _set(c, "unknown", "items", 1, "own", "level"), "items[1].own.level: 'unknown'"),
        (lambda c: _set(c, {}, "items"), "items: geen lijst"),
        (lambda c: _set(c, [], "provider"), "provider: geen object"),
        (lambda c: c["scale"].pop(), "items.M.level: 'not_tested' staat niet in scale"),
        (lambda c: _set(c, "X9", "actions", 0, "item"), "actions.V1.item: 'X9' staat niet in items"),
        (lambda c: _set(c, "W1", "items", 2, "code"), "items: een code komt twee keer voor"),
        (lambda c: _set(c, "W1-2", "items", 1, "findings", 0, "number"), "items.W1: een nummer"),
    ],
)
def test_what_does_not_fit_is_refused(change: Callable[[dict[str, Any]], None], message: str):
    content = samples.full()
    change(content)
    with pytest.raises(ContentError) as refusal:
        parse(content)
    assert message in str(refusal.value)


def test_only_an_object_is_read():
    with pytest.raises(ContentError, match="geen object"):
        parse([])
