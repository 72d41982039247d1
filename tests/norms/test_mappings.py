"""Which questions share an answer, and that nothing may contradict itself."""

import copy
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from norms import mappings
from norms.files import NormFileError
from norms.loading import load
from norms.mapping_checks import same_groups
from norms.models import Item, ItemMapping
from tests import factories

pytestmark = pytest.mark.django_db

Content = dict[str, Any]
Write = Callable[..., Path]
Kind = ItemMapping.Kind


@pytest.fixture
def three(small: Content, write: Write) -> list[Path]:
    """One small edition under the names of three frameworks."""
    return [
        write({**small, "framework": {**small["framework"], "code": code}}, f"{code}.yaml")
        for code in ("een", "twee", "drie")
    ]


def mapping(first: str, second: str, *pairs: tuple[str, str, str]) -> Content:
    return {
        "first": {"framework": first, "edition": "2020-01-01"},
        "second": {"framework": second, "edition": "2020-01-01"},
        "pairs": [{"first": a, "second": b, "kind": kind, "reason": "Daarom."} for a, b, kind in pairs],
    }


def pk(framework: str, code: str) -> int:
    return Item.objects.get(version__framework__code=framework, code=code).pk


def refusal(paths: list[Path]) -> list[tuple[str, str]]:
    with pytest.raises(NormFileError) as refused:
        load(paths)
    return [(problem.path, problem.reason) for problem in refused.value.problems]


def test_every_pair_that_touches_a_criterion_is_decided() -> None:
    factories.load_norms()
    tagged = list(Item.objects.exclude(criteria=[]).select_related("version__framework"))
    decided = {frozenset(pair) for pair in ItemMapping.objects.values_list("item_a", "item_b")}
    undecided = [
        f"{one.version.framework.code} {one.code} – {other.version.framework.code} {other.code}"
        for one, other in combinations(tagged, 2)
        if one.version.framework_id != other.version.framework_id
        and set(one.criteria) & set(other.criteria)
        and frozenset((one.pk, other.pk)) not in decided
    ]
    assert undecided == []
    assert not ItemMapping.objects.filter(reason="").exists()


def test_all_criteria_of_the_norm_are_touched_by_the_norm_itself() -> None:
    checks = factories.item("W1").version.items.filter(kind="check")
    assert all(item.criteria == [item.code] for item in checks)
    assert checks.count() == 21


def test_one_answer_serves_all_that_ask_the_same(three: list[Path], write: Write) -> None:
    load([*three, write(mapping("een", "twee", ("K.2", "K.2", "same")), "a.yaml")])
    load([write(mapping("drie", "twee", ("K.2", "K.2", "same"), ("K.3", "K.3", "covered_by")), "b.yaml")])
    one, two, three_ = (pk(code, "K.2") for code in ("een", "twee", "drie"))
    assert mappings.same_items([one, two, pk("een", "K.3")]) == {
        one: frozenset({two, three_}),
        two: frozenset({one, three_}),
    }
    wide, narrow = pk("twee", "K.3"), pk("drie", "K.3")
    assert [(row.item_id, row.words) for row in mappings.related_items(wide)] == [(narrow, "Omvat")]
    assert [(row.item_id, row.words) for row in mappings.related_items(narrow)] == [(wide, "Valt onder")]
    assert mappings.related_items(one) == []


def test_a_mapping_may_be_corrected(three: list[Path], write: Write) -> None:
    path = write(mapping("een", "twee", ("K.2", "K.2", "same")), "a.yaml")
    load([*three, path])
    assert str(load([path])[-1]).endswith("ongewijzigd")
    write(mapping("een", "twee", ("K.2", "K.2", "none"), ("K.3", "K.3", "same")), "a.yaml")
    assert str(load([path])[-1]).endswith("gewijzigd")
    assert mappings.same_items([pk("een", "K.2")]) == {}
    assert mappings.same_items([pk("een", "K.3")]) == {pk("een", "K.3"): frozenset({pk("twee", "K.3")})}


@pytest.mark.parametrize(
    ("pair", "place", "reason"),
    [
        (("K.2", "K.3", "same"), "pairs › 1 › kind", "same kan niet: het ene is check, het andere figure"),
        (("K", "K", "same"), "pairs › 1 › kind", "alleen als de aanbieder beide invult"),
        (("K.9", "K.2", "none"), "pairs › 1 › first", "‘K.9’ bestaat niet in een"),
        (("K.2", "K.9", "none"), "pairs › 1 › second", "‘K.9’ bestaat niet in twee"),
        (("K.2", "K.2", "alike"), "pairs › 1 › kind", "is ‘alike’, maar moet een van deze zijn: same"),
    ],
)
def test_a_wrong_pair_is_refused(
    three: list[Path], write: Write, pair: tuple[str, str, str], place: str, reason: str
) -> None:
    [(path, words)] = refusal([*three, write(mapping("een", "twee", pair), "a.yaml")])
    assert path == place
    assert reason in words
    assert not Item.objects.exists()


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("K.3", {"unit": "punten"}),
        ("K.4", {"options": [{"code": "a", "label": "A"}, {"code": "c", "label": "C"}]}),
        ("K.5", {"table": {"rows": None, "columns": [{"code": "reached", "label": "B", "kind": "check"}]}}),
    ],
)
def test_same_needs_the_same_unit_choices_and_columns(
    small: Content, write: Write, field: str, changed: Content
) -> None:
    first = write(small, "een.yaml")
    next(item for item in small["items"][0]["children"] if item["code"] == field).update(changed)
    second = write({**small, "framework": {**small["framework"], "code": "twee"}}, "twee.yaml")
    linked = mapping("klein", "twee", (field, field, "same"))
    assert "same kan niet" in refusal([first, second, write(linked, "a.yaml")])[0][1]


def test_a_chain_may_not_contradict_itself(three: list[Path], write: Write) -> None:
    chain = [
        write(mapping("een", "twee", ("K.2", "K.2", "same")), "a.yaml"),
        write(mapping("twee", "drie", ("K.2", "K.2", "same")), "b.yaml"),
    ]
    load([*three, *chain])
    found = refusal([write(mapping("een", "drie", ("K.2", "K.2", "related")), "c.yaml")])
    assert "elders gelijk én niet gelijk" in found[0][1]
    assert Kind.RELATED not in ItemMapping.objects.values_list("kind", flat=True)


def test_two_questions_of_one_framework_are_never_one(
    small: Content, three: list[Path], write: Write
) -> None:
    small["items"][0]["children"].append({**copy.deepcopy(small["items"][0]["children"][1]), "code": "K.6"})
    wider = write({**small, "framework": {**small["framework"], "code": "vier"}}, "vier.yaml")
    twice = mapping("een", "vier", ("K.2", "K.2", "same"), ("K.2", "K.6", "same"))
    found = refusal([*three, wider, write(twice, "a.yaml")])
    assert all("maakt twee vragen van één kader gelijk" in reason for _, reason in found)


def test_two_files_about_one_pair_of_editions_are_refused(three: list[Path], write: Write) -> None:
    first = write(mapping("een", "twee", ("K.2", "K.2", "same")), "a.yaml")
    second = write(mapping("twee", "een", ("K.2", "K.2", "none")), "b.yaml")
    assert any("deze twee versies staan al in" in reason for _, reason in refusal([*three, first, second]))


def test_a_mapping_of_what_is_not_there_is_refused(write: Write) -> None:
    found = refusal([write(mapping("een", "een", ("K.2", "K.2", "same")), "a.yaml")])
    assert ("second", "is hetzelfde kader; een verwijzing legt twee kaders naast elkaar") in found
    assert ("first", "versie 2020-01-01 van een bestaat niet") in found


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=20))
def test_what_asks_the_same_does_so_both_ways_and_in_any_order(
    pairs: list[tuple[int, int]],
) -> None:
    groups = same_groups(pairs)
    assert groups == same_groups([(b, a) for a, b in reversed(pairs)])
    assert groups.keys() == {element for pair in pairs for element in pair}
    assert all(b in groups[a] for a, b in pairs)
    assert all(groups[other] == members for members in groups.values() for other in members)
    # Nothing is the same without a row of pairs that leads there.
    for element, members in groups.items():
        reached = {element}
        for _ in members:
            reached |= {x for pair in pairs if reached & set(pair) for x in pair}
        assert members == reached
