"""What became of each item between two editions."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from norms.comparing import compare, unknown_codes, word_diff
from norms.loading import load
from norms.models import Item

Content = dict[str, Any]
Write = Callable[..., Path]


def item(code: str, text: str = "Tekst.", **fields: Any) -> Item:
    return Item(code=code, kind="check", title=code[0], text=text, filled_by=["provider"], **fields)


def told(old: list[Item], new: list[Item]) -> list[tuple[str, str, str]]:
    return [
        (
            change.kind.value,
            " ".join(item.code for item in change.old_items),
            " ".join(item.code for item in change.new_items),
        )
        for change in compare(old, new)
    ]


def test_each_item_is_in_one_change() -> None:
    old = [item("A1"), item("A2"), item("A3"), item("A4"), item("A5"), item("A6"), item("A7")]
    new = [
        item("A1"),
        item("A2", "Andere tekst."),
        item("A3"),
        item("A8", "Een deel.", replaces=["A3"]),
        item("A9", "Samen.", replaces=["A4", "A5"]),
        item("B1", replaces=["A6"]),
        item("B2"),
    ]
    assert told(old, new) == [
        ("unchanged", "A1", "A1"),
        ("reworded", "A2", "A2"),
        ("split", "A3", "A3 A8"),
        ("merged", "A4 A5", "A9"),
        ("reworded", "A6", "B1"),
        ("new", "", "B2"),
        ("gone", "A7", ""),
    ]


def test_an_empty_list_makes_an_old_code_new() -> None:
    assert told([item("A1")], [item("A1", replaces=[])]) == [("new", "", "A1"), ("gone", "A1", "")]


def test_what_was_never_there_is_passed_over_and_told() -> None:
    new = [item("A1", replaces=["Z9"])]
    assert told([], new) == [("new", "", "A1")]
    assert unknown_codes([], new) == [(new[0], "Z9")]


def test_only_the_help_changed() -> None:
    [change] = compare([item("A1")], [item("A1", guidance="Nieuw.")])
    assert (change.kind, change.help_changed) == ("unchanged", True)


@pytest.mark.parametrize(
    ("old", "new"), [("", ""), ("", "a b"), ("a b", ""), ("De cliënt  belt u.", "De cliënt\nbelt een ander.")]
)
def test_the_pieces_are_both_texts(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "old") == new


def test_words_that_changed_in_a_row_stay_together() -> None:
    pieces = word_diff("Per onderdeel staat vast wie levert.", "Per onderdeel is duidelijk wie levert.")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "Per onderdeel"),
        ("old", " staat vast"),
        ("new", " is duidelijk"),
        ("same", " wie levert."),
    ]


def test_what_was_added_stands_apart_from_the_last_word() -> None:
    pieces = word_diff("Wij komen.", "Wij komen. Ook in de nacht.")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "Wij komen."),
        ("new", " Ook in de nacht."),
    ]


def test_texts_that_take_minutes_to_compare_stay_whole() -> None:
    old, new = "begin " + "a b " * 2500 + "einde", "begin " + "b c " * 2500 + "einde"
    assert [(piece.kind, len(piece.text)) for piece in word_diff(old, new)] == [
        ("same", 5),
        ("old", 10_000),
        ("new", 10_000),
        ("same", 6),
    ]


def test_an_edit_in_a_long_text_is_shown_by_the_word() -> None:
    long = "Wij komen ook in de nacht. " * 370
    pieces = word_diff(f"{long}Wij bellen. {long}", f"{long}Wij schrijven. {long}")
    assert [(piece.kind, piece.text) for piece in pieces[1:3]] == [
        ("old", " bellen."),
        ("new", " schrijven."),
    ]


@pytest.fixture
def two(small: Content, write: Write) -> tuple[Path, Path]:
    """An edition and the next: one question reworded, one new, one gone."""
    first = write(small, "oud.yaml")
    children = small["items"][0]["children"]
    children[1]["title"] = "Vraag K.2 met <b>"
    children[2].update(code="K.9")
    return first, write({**small, "edition": "2021-01-01", "valid_from": "2021-01-01"}, "nieuw.yaml")


def test_the_command_needs_no_database(
    two: tuple[Path, Path], small: Content, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    small["signals"] = []
    small["items"][0]["children"][2]["replaces"] = ["K.3", "K.0"]
    call_command("diff_norms", str(two[0]), str(write(small, "derde.yaml")))
    shown = capsys.readouterr()
    assert "Anders verwoord: K.2 Vraag K.2 → K.2 Vraag K.2 met <b>" in shown.out
    assert "Anders verwoord: K.3 Vraag K.3 → K.9 Vraag K.3" not in shown.out
    assert "Gelijk gebleven: K.3 Vraag K.3 → K.9 Vraag K.3" in shown.out
    assert "K.9 vervangt K.0" in shown.err
    other = write({**small, "framework": {**small["framework"], "code": "ander"}}, "ander.yaml")
    with pytest.raises(CommandError, match="twee kaders"):
        call_command("diff_norms", str(two[0]), str(other))
    with pytest.raises(CommandError, match="niet te lezen"):
        call_command("diff_norms", str(two[0]), "weg.yaml")


@pytest.mark.django_db
def test_the_page_shows_words_that_went_and_came(
    two: tuple[Path, Path], small: Content, write: Write, client: Client, django_assert_num_queries: Any
) -> None:
    small["signals"] = []
    load([two[0], write({**small, "edition": "2021-01-01", "valid_from": "2021-01-01"}, "nieuw.yaml")])
    # Two of them are the savepoint that a request is inside the transaction of a test.
    with django_assert_num_queries(4):
        page = client.get("/normen/klein/verschil/").content.decode()
    assert '<ins><span class="visually-hidden">Nieuw: </span> met &lt;b&gt;</ins>' in page
    for words in ("Anders verwoord", "Nieuw", "Vervallen", "Gelijk gebleven"):
        assert f">{words}</h2>" in page
    back = client.get("/normen/klein/verschil/?van=2021-01-01&naar=2020-01-01").content.decode()
    assert "<del>" in back
    assert "twee keer dezelfde" in client.get("/normen/klein/verschil/?van=2021-01-01").content.decode()
    assert client.get("/normen/klein/verschil/?van=1999").status_code == 404
    assert client.get("/normen/onbekend/verschil/").status_code == 404


@pytest.mark.django_db
def test_one_edition_has_nothing_to_compare(small: Content, write: Write, client: Client) -> None:
    load([write(small)])
    assert "nog maar één versie" in client.get("/normen/klein/verschil/").content.decode()
