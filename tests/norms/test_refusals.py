"""A broken file is refused with its name, the place and the reason, and nothing is loaded."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from norms.files import SCHEMA, NormFileError
from norms.loading import load
from norms.models import Framework, FrameworkVersion, Item, Scale

Content = dict[str, Any]
Write = Callable[..., Path]
Change = Callable[[Content], object]


def child(content: Content, code: str) -> Content:
    return next(item for item in content["items"][0]["children"] if item["code"] == code)


def condition(content: Content, **fields: object) -> None:
    content["signals"][0]["when"] = {"any": [fields]}


BROKEN: dict[str, tuple[Change, str, str]] = {
    "missing field": (lambda c: c.pop("title"), "title", "ontbreekt"),
    "missing deep down": (
        lambda c: child(c, "K.2").pop("title"),
        "items › K › children › K.2 › title",
        "ontbreekt",
    ),
    "unknown field": (lambda c: c.update(kleur="groen"), "kleur", "onbekend veld"),
    "unknown kind": (
        lambda c: child(c, "K.2").update(kind="vraag"),
        "items › K › children › K.2 › kind",
        "is ‘vraag’, maar moet een van deze zijn: theme, judgement",
    ),
    "replaces what never was": (
        lambda c: child(c, "K.2").update(replaces=["K.9"]),
        "items › K › children › K.2 › replaces",
        "‘K.9’ staat in geen andere versie van",
    ),
    "number as code": (
        lambda c: child(c, "K.2").update(code=1.1),
        "items › K › children › 2 › code",
        "is ‘1.1’, maar moet tekst zijn; zet de waarde tussen aanhalingstekens",
    ),
    "empty text": (lambda c: c.update(summary="  "), "summary", "is leeg"),
    "bad date": (lambda c: c.update(valid_from="2020-02-30"), "valid_from", "geen bestaande datum"),
    "dates the wrong way round": (
        lambda c: c.update(valid_until="2019-12-31"),
        "valid_until",
        "ligt vóór het begin (2020-01-01)",
    ),
    "nobody answers": (
        lambda c: child(c, "K.2").update(filled_by=[]),
        "items › K › children › K.2 › filled_by",
        "minstens 1 nodig",
    ),
    "a theme is answered": (
        lambda c: c["items"][0].update(filled_by=["provider"]),
        "items › K › filled_by",
        "hooguit 0",
    ),
    "figure without unit": (
        lambda c: child(c, "K.3").pop("unit"),
        "items › K › children › K.3 › unit",
        "ontbreekt",
    ),
    "unit without figure": (
        lambda c: child(c, "K.2").update(unit="procent"),
        "items › K › children › K.2 › unit",
        "niet toegestaan",
    ),
    "choice without options": (
        lambda c: child(c, "K.4").pop("options"),
        "items › K › children › K.4 › options",
        "ontbreekt",
    ),
    "option twice": (
        lambda c: child(c, "K.4")["options"].append({"code": "a", "label": "Nog een"}),
        "items › K › children › K.4 › options › a › code",
        "komt 2 keer voor",
    ),
    "table without columns": (
        lambda c: child(c, "K.5")["table"].pop("columns"),
        "items › K › children › K.5 › table › columns",
        "ontbreekt",
    ),
    "no source": (
        lambda c: child(c, "K.2").pop("source_ref"),
        "items › K › children › K.2 › source_ref",
        "ontbreekt",
    ),
    "inferred without saying what": (
        lambda c: child(c, "K.2").update(inferred=True),
        "items › K › children › K.2 › inferred_note",
        "ontbreekt",
    ),
    "code twice": (
        lambda c: child(c, "K.2").update(code="K.1"),
        "items › K › children › K.1 › code",
        "‘K.1’ komt 2 keer voor",
    ),
    "no page to fill in on": (
        lambda c: c["items"][0].update(section=False),
        "items › K › children › K.1",
        "section: true",
    ),
    "unknown scale": (lambda c: c.update(scale="vijf"), "scale", "bekend: four-point-1"),
    "signal at nothing": (
        lambda c: c["signals"][0].update(item="K.9"),
        "signals › let-op › item",
        "‘K.9’ bestaat niet",
    ),
    "condition on nothing": (
        lambda c: condition(c, item="K.9", **{"in": ["no"]}),
        "signals › let-op › when › any › 1 › item",
        "‘K.9’ bestaat niet",
    ),
    "condition on an answer that is none": (
        lambda c: condition(c, item="K.2", **{"in": ["nee"]}),
        "signals › let-op › when › any › 1 › in",
        "‘nee’ is daar geen antwoord; mogelijk: yes, partly, no",
    ),
    "condition on a level that is none": (
        lambda c: condition(c, item="K.1", **{"in": ["good"]}),
        "signals › let-op › when › any › 1 › in",
        "mogelijk: meets, largely_meets",
    ),
    "condition on an option that is none": (
        lambda c: condition(c, item="K.4", **{"in": ["c"]}),
        "signals › let-op › when › any › 1 › in",
        "mogelijk: a, b",
    ),
    "below at a check": (
        lambda c: condition(c, item="K.2", below=2),
        "signals › let-op › when › any › 1 › below",
        "alleen bij een getal",
    ),
    "table without row": (
        lambda c: condition(c, item="K.5", **{"in": ["no"]}),
        "signals › let-op › when › any › 1",
        "noem row en column",
    ),
    "row without column": (
        lambda c: condition(c, item="K.5", row="night", **{"in": ["no"]}),
        "signals › let-op › when › any › 1 › column",
        "ontbreekt",
    ),
    "unknown row": (
        lambda c: condition(c, item="K.5", row="noon", column="reached", **{"in": ["no"]}),
        "signals › let-op › when › any › 1 › row",
        "‘noon’ bestaat niet in K.5",
    ),
    "unknown column": (
        lambda c: condition(c, item="K.5", row="night", column="who", **{"in": ["no"]}),
        "signals › let-op › when › any › 1 › column",
        "‘who’ bestaat niet in K.5",
    ),
    "row at a check": (
        lambda c: condition(c, item="K.2", row="night", column="reached", **{"in": ["no"]}),
        "signals › let-op › when › any › 1 › row",
        "alleen bij een tabel",
    ),
    "both in and below": (
        lambda c: condition(c, item="K.3", below=2, **{"in": ["no"]}),
        "signals › let-op › when › any › 1",
        "precies één van deze velden hebben: in, below",
    ),
    "bare no is a boolean": (
        lambda c: condition(c, item="K.2", **{"in": [False]}),
        "signals › let-op › when › any › 1 › in › 1",
        "is false, maar moet tekst zijn; zet de waarde tussen aanhalingstekens",
    ),
}


def nothing_is_loaded() -> bool:
    return not any(model.objects.exists() for model in (Framework, FrameworkVersion, Item, Scale))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(yaml.safe_load(SCHEMA.read_text()))


@pytest.mark.django_db
def test_the_small_edition_is_sound(small: Content, write: Write) -> None:
    assert [outcome.is_new for outcome in load([write(small)])] == [True, True]


@pytest.mark.django_db
@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_names_file_place_and_reason(case: str, small: Content, write: Write) -> None:
    change, path, reason = BROKEN[case]
    sound = write({**small, "framework": {**small["framework"], "code": "heel"}}, "heel.yaml")
    change(small)
    broken = write(small, "stuk.yaml")
    with pytest.raises(NormFileError) as refused:
        load([sound, broken])
    problems = refused.value.problems
    assert {problem.file for problem in problems} == {str(broken)}
    assert any(problem.path == path and reason in problem.reason for problem in problems), problems
    assert nothing_is_loaded()


TEXTS = {
    "no YAML": ("title: [", "regel 1, kolom 9", "geen geldige YAML"),
    "a key twice": ("title: a\ntitle: b\n", "regel 1, kolom 1", "title staat er twee keer"),
    "no mapping": ("- a\n", "", "is een lijst, maar moet een groep velden zijn"),
    "empty": ("", "", "is leeg, maar moet een groep velden zijn"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", TEXTS)
def test_a_text_that_is_no_edition(case: str, write: Write) -> None:
    text, path, reason = TEXTS[case]
    with pytest.raises(NormFileError) as refused:
        load([write(text)])
    [problem] = refused.value.problems
    assert problem.path == path
    assert reason in problem.reason
    assert nothing_is_loaded()


@pytest.mark.django_db
def test_an_unquoted_code_loses_its_zero_and_is_refused(small: Content, write: Write) -> None:
    text = yaml.safe_dump(small, allow_unicode=True).replace("code: K.2", "code: 1.10")
    with pytest.raises(NormFileError) as refused:
        load([write(text)])
    [message] = [str(problem) for problem in refused.value.problems if problem.path.endswith("› code")]
    assert message.endswith("is ‘1.1’, maar moet tekst zijn; zet de waarde tussen aanhalingstekens")


@pytest.mark.django_db
def test_a_missing_file_and_one_in_another_encoding(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("title: één".encode("latin-1"))
    with pytest.raises(NormFileError) as refused:
        load([tmp_path / "weg.yaml", latin])
    assert [problem.reason for problem in refused.value.problems] == [
        "is geen UTF-8-tekst",
        "niet te lezen (No such file or directory)",
    ]


@pytest.mark.django_db
def test_all_problems_of_all_files_come_at_once(small: Content, write: Write) -> None:
    small["minutes"] = -1
    del small["title"]
    first, second = write(small, "een.yaml"), write({**small, "step": "x"}, "twee.yaml")
    with pytest.raises(NormFileError) as refused:
        load([first, second])
    assert [(Path(problem.file).name, problem.path) for problem in refused.value.problems] == [
        ("een.yaml", "minutes"),
        ("een.yaml", "title"),
        ("twee.yaml", "minutes"),
        ("twee.yaml", "step"),
        ("twee.yaml", "title"),
    ]
