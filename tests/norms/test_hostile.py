"""A file may hold anything: it is loaded or refused with a sentence, and never takes the process down."""

import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from norms import loading
from norms.files import DATA, LIMIT, NormFileError, Problem, read
from norms.loading import check, load
from norms.models import FrameworkVersion
from tests.norms.conftest import SMALL

# The folder of a test stays the same for all that is tried in it; each try writes its file anew.
TRIES = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MAPPING = {
    "first": {"framework": "klein", "edition": "2020-01-01"},
    "second": {"framework": "ander", "edition": "2020-01-01"},
    "pairs": [{"first": "K.2", "second": "K.2", "kind": "same", "reason": "Daarom."}],
}

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.dates()
    | st.datetimes()
    | st.binary(max_size=10)
    | st.sampled_from(
        ["K.1", "K", "2020-01-01", "2020-01-01\n", "../../etc/passwd", "\x00", "９", "judgement"]
    )
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | scalars, inner, max_size=4)
    ),
    max_leaves=12,
)


def refused(path: Path) -> list[Problem]:
    """The problems of a file, each of which says something; none when it can be read."""
    try:
        read(path)
    except NormFileError as error:
        assert error.problems
        assert all(problem.reason and problem.file for problem in error.problems)
        return error.problems
    return []


def _two_editions(folder: Path) -> Path:
    """A folder like that of the product, with the two editions that the mapping is about."""
    for code in ("klein", "ander"):
        content = {**SMALL, "framework": {**SMALL["framework"], "code": code}}
        (folder / code).mkdir(exist_ok=True)
        (folder / code / "2020.yaml").write_text(yaml.safe_dump(content), "utf-8")
    return folder


def places(data: Any, steps: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in plain data."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [steps, *(place for key, value in inner for place in places(value, (*steps, key)))]


def changed(data: Any, steps: tuple[Any, ...], value: Any) -> Any:
    """A copy of the data with something else in that place."""
    if not steps:
        return value
    key, *rest = steps
    if isinstance(data, dict):
        return {**data, key: changed(data[key], tuple(rest), value)}
    return [changed(one, tuple(rest), value) if n == key else one for n, one in enumerate(data)]


@TRIES
@given(
    content=st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))
)
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kader.yaml"
    path.write_bytes(content)
    assert refused(path)


@TRIES
@given(text=st.text(alphabet="[]{}:,-?!&*<>|%@'\"#\n\t aA0.~_", max_size=60))
def test_any_marks_of_yaml(tmp_path: Path, text: str) -> None:
    path = tmp_path / "kader.yaml"
    path.write_text(text, "utf-8")
    assert refused(path)


@pytest.mark.parametrize("sound", [SMALL, MAPPING], ids=["edition", "mapping"])
@TRIES
@given(data=st.data())
def test_anything_in_any_place(
    tmp_path: Path, sound: Any, data: st.DataObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "DATA", _two_editions(tmp_path))
    place = data.draw(st.sampled_from(places(sound)))
    path = tmp_path / "kader.yaml"
    path.write_text(yaml.dump(changed(sound, place, data.draw(values)), allow_unicode=True), "utf-8")
    refused(path)
    check([path])


@pytest.mark.django_db
@settings(TRIES, max_examples=40)
@given(data=st.data())
def test_what_is_accepted_can_be_stored(tmp_path: Path, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([place for place in places(SMALL) if place]))
    text = st.text(min_size=1, max_size=300)
    path = tmp_path / "kader.yaml"
    path.write_text(yaml.dump(changed(SMALL, place, data.draw(text)), allow_unicode=True), "utf-8")
    before = FrameworkVersion.objects.count()
    try:
        load([path])
    except NormFileError as error:
        assert error.problems
        assert FrameworkVersion.objects.count() == before


BOMBS = {
    "references to references": (
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n",
        "verwijzingen met & en * mogen niet",
    ),
    "a name for later": ("title: &naam Kader\n", "verwijzingen met & en * mogen niet"),
    "deep lists": ("[" * 5000, "gaat dieper dan 40 niveaus"),
    "deep groups": ("".join(" " * n + "a:\n" for n in range(200)), "gaat dieper dan 40 niveaus"),
    "a class": ("!!python/object/apply:os.system ['true']", "geen geldige YAML"),
    "no such day": ("title: 2026-13-45", "heeft een waarde die niet bestaat"),
    "a very long number": ("title: " + "9" * 5000, "heeft een waarde die niet bestaat"),
    "two documents": ("a: 1\n---\nb: 2\n", "geen geldige YAML"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_it_grows(tmp_path: Path, name: str) -> None:
    text, reason = BOMBS[name]
    path = tmp_path / "kader.yaml"
    path.write_text(text, "utf-8")
    started = time.process_time()
    assert any(reason in problem.reason for problem in refused(path)), refused(path)
    assert time.process_time() - started < 2


def test_no_number_without_end_and_no_broken_character(tmp_path: Path) -> None:
    path = tmp_path / "kader.yaml"
    text = yaml.safe_dump(SMALL).replace("below: 2", "below: .nan")
    path.write_text(text.replace("title: Bron", r'title: "Bron\0"'), "utf-8")
    assert {(problem.path, problem.reason) for problem in refused(path)} == {
        ("signals › 1 › when › any › 2 › below", "is geen gewoon getal"),
        ("source › title", "bevat een teken dat niet in een tekst hoort"),
    }


def test_a_file_of_10_mb_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "groot.yaml"
    path.write_bytes(b"a" * 10 * LIMIT)
    [problem] = refused(path)
    assert problem.reason == "niet te lezen (is groter dan 1 MB)"
    [problem] = refused(tmp_path)
    assert problem.reason == "niet te lezen (is geen bestand)"
    assert refused(Path("/dev/zero"))


def test_a_code_is_no_path(tmp_path: Path) -> None:
    path = tmp_path / "kader.yaml"
    framework = {**SMALL["framework"], "code": "../../elders"}
    path.write_text(yaml.safe_dump({**SMALL, "framework": framework, "edition": "../x"}), "utf-8")
    assert {problem.path for problem in refused(path)} == {"framework › code", "edition"}


def test_a_code_ends_where_its_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "kader.yaml"
    path.write_text(yaml.safe_dump({**SMALL, "edition": "2020-01-01\n"}), "utf-8")
    assert [problem.path for problem in refused(path)] == ["edition"]


def test_the_files_of_the_product_are_far_from_the_limit() -> None:
    assert max(path.stat().st_size for path in DATA.glob("*/*.yaml")) < LIMIT / 5
