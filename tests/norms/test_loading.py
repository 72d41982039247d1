"""What a load leaves behind: once, unchanged, in a fixed number of statements."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from norms import files, loading
from norms.files import DATA, NormFileError
from norms.loading import load
from norms.models import Framework, FrameworkVersion, Item, Scale, ScaleLevel, Signal

Content = dict[str, Any]
Write = Callable[..., Path]


@pytest.mark.django_db
def test_the_command_says_new_then_unchanged(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_norms")
    assert capsys.readouterr().out.splitlines() == [
        f"norms/data/{name}: nieuw"
        for name in ("scales.yaml", *sorted(str(path.relative_to(DATA)) for path in DATA.glob("*/*.yaml")))
    ]
    before = list(Item.objects.order_by("pk").values())
    call_command("load_norms")
    assert capsys.readouterr().out.count("ongewijzigd") == 1 + len(list(DATA.glob("*/*.yaml")))
    assert list(Item.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_the_command_fails_with_every_reason(small: Content, write: Write) -> None:
    path = write({**small, "minutes": -1})
    with pytest.raises(CommandError) as failed:
        call_command("load_norms", str(path))
    assert failed.value.returncode == 1
    assert str(failed.value) == f"Niets geladen.\n{path}: minutes: is -1, maar de grens is 0"


@pytest.mark.django_db
def test_layout_and_comments_are_no_change(small: Content, write: Write) -> None:
    path = write(small)
    load([path])
    path.write_text("# een opmerking\n\n" + path.read_text("utf-8"), "utf-8")
    assert [outcome.is_new for outcome in load([path])] == [False, False]


@pytest.mark.django_db
def test_a_published_edition_does_not_change(small: Content, write: Write) -> None:
    load([write(small)])
    published_at = FrameworkVersion.objects.get().published_at
    small["items"][0]["title"] = "Ander thema"
    other = write({**small, "edition": "2021-01-01"}, "nieuw.yaml")
    with pytest.raises(NormFileError) as refused:
        load([other, write(small)])
    [problem] = refused.value.problems
    assert problem.path == "edition"
    assert problem.reason == (
        "versie 2020-01-01 van klein is al gepubliceerd en verandert niet meer; "
        "maak voor een wijziging een nieuw bestand met een nieuwe versie"
    )
    assert FrameworkVersion.objects.get().published_at == published_at
    assert Item.objects.get(code="K").title == "Thema"
    assert [outcome.is_new for outcome in load([other])] == [False, True]


@pytest.mark.django_db
def test_a_framework_keeps_its_name(small: Content, write: Write) -> None:
    load([write(small)])
    small["edition"] = "2021-01-01"
    small["framework"]["name"] = "Groot kader"
    with pytest.raises(NormFileError) as refused:
        load([write(small, "nieuw.yaml")])
    assert [problem.path for problem in refused.value.problems] == ["framework"]


@pytest.mark.django_db
def test_one_edition_in_two_files_is_refused(small: Content, write: Write) -> None:
    with pytest.raises(NormFileError) as refused:
        load([write(small, "een.yaml"), write(small, "twee.yaml")])
    assert {problem.reason for problem in refused.value.problems} == {
        "versie 2020-01-01 van klein staat in meer dan één bestand"
    }


@pytest.mark.django_db
def test_a_loaded_scale_does_not_change(
    small: Content, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    load([write(small)])
    text = files.SCALES.read_text("utf-8").replace("Het is geen lage score.", "Dat is een lage score.")
    monkeypatch.setattr(loading, "SCALES", write(text, "scales.yaml"))
    with pytest.raises(NormFileError) as refused:
        load([write(small)])
    assert [problem.path for problem in refused.value.problems] == ["scales › four-point-1"]
    assert not ScaleLevel.objects.filter(meaning__contains="Dat is").exists()


@pytest.mark.django_db
def test_the_tree_is_stored_with_parent_section_and_order(small: Content, write: Write) -> None:
    small["items"][0]["children"][0]["children"] = [
        {"code": "K.1a", "kind": "check", "filled_by": ["provider"], "title": "Deel", "source_ref": "regel 2"}
    ]
    load([write(small)])
    rows = Item.objects.order_by("position").values_list("code", "depth", "parent__code", "section__code")
    assert list(rows)[:4] == [
        ("K", 0, None, "K"),
        ("K.1", 1, "K", "K"),
        ("K.1a", 2, "K.1", "K"),
        ("K.2", 1, "K", "K"),
    ]
    assert Signal.objects.get().item.code == "K.1"
    assert not Item.objects.get(code="K").asks_provider
    assert Item.objects.get(code="K.1").asks_provider


@pytest.mark.django_db
def test_the_number_of_statements_does_not_grow(small: Content, write: Write) -> None:
    load([])

    def statements(paths: list[Path]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            load(paths)
        return len(queries)

    one = statements([write(small)])
    many = [write({**small, "edition": f"20{year}-01-01"}, f"{year}.yaml") for year in range(30, 40)]
    assert statements(many) == one


@pytest.mark.django_db(transaction=True)
def test_two_loaders_at_once_load_once() -> None:
    start = threading.Barrier(2)
    outcomes: list[list[bool]] = []

    def run() -> None:
        try:
            start.wait()
            outcomes.append([outcome.is_new for outcome in load()])
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    files = 1 + len(list(DATA.glob("*/*.yaml")))
    assert sorted(outcomes) == [[False] * files, [True] * files]
    assert (Framework.objects.count(), FrameworkVersion.objects.count(), Scale.objects.count()) == (7, 7, 1)
