"""What looks like a BSN is found in every usual notation; other numbers are not taken for one."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import bsn

# The notations in which people and systems write a number of nine digits.
NOTATIONS = {
    "as one": (9,),
    "by threes": (3, 3, 3),
    "as on old papers": (4, 2, 3),
    "by twos": (2, 2, 2, 3),
    "in boxes": (1,) * 9,
}
SEPARATORS = [" ", ".", "-", "\u00a0", "\u202f", "\u2011", "\u2013", "/", "\t", "  ", "\n", " \r\n "]


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Any number that passes the 11-proef: eight digits leave one or no last digit."""
    first = draw(st.integers(1, 99_999_999).map("{:08}".format))
    rest = sum(int(digit) * weight for digit, weight in zip(first, range(9, 1, -1), strict=True)) % 11
    return f"{first}{rest}" if rest < 10 else draw(numbers())


def written(number: str, groups: tuple[int, ...], separator: str) -> str:
    parts, start = [], 0
    for size in groups:
        parts.append(number[start : start + size])
        start += size
    return separator.join(parts)


words = st.text(string.ascii_letters + " \n:;!?()'\u00e9\u20acë", max_size=40)


@given(numbers(), st.sampled_from(list(NOTATIONS.values())), st.sampled_from(SEPARATORS), words, words)
def test_every_bsn_in_every_usual_notation_is_found(number, groups, separator, before, after):
    if before.lower().rstrip(" \n:;!?()'ë").endswith(("€", "eur", "euro", "rsin")):
        before = ""
    found = bsn.find(f"{before} {written(number, groups, separator)} {after}")
    assert found == ["*****" + number[-4:]]


def test_two_beside_each_other_are_two():
    assert bsn.find("111 222 333 123 456 782") == ["*****2333", "*****6782"]
    assert bsn.find("BSN 111-222-333-123-456-782") == ["*****2333", "*****6782"]
    # One of both is none, so it is a line of a table.
    assert bsn.find("111 222 333 123 456 783") == []


def test_a_lost_zero_is_found_under_a_heading():
    assert bsn.is_bsn("012345672")
    assert bsn.find("Naam  BSN\nJansen  12345672\nDe Vries 11222333\n") == ["*****5672"]
    assert bsn.find("Naam\nJansen  12345672") == []
    assert bsn.find("Geen BSN. KvK-nummer: 12345672, AGB 12345672") == []


@given(numbers(), st.sampled_from(["BSN", "bsn:", "Burgerservicenummer", "sofinummer "]))
def test_a_label_makes_up_for_a_lost_zero(number, label):
    number = "0" + number[:8]
    assert (bsn.find(f"{label} {number[1:]}") != []) == bsn.is_bsn(number)


@pytest.mark.parametrize(
    "around",
    [
        "BSN111222333naam",
        "01-02-1950 111 222 333 mevrouw",
        "111 222 333 01-02-1950",
        "1 1 1 2 2 2 3 3 3 12-03-1950",
        "12,111222333,Jansen",
        "plan_111222333_v2.pdf",
        "In 2024 111 222 333",
        "x\u00ad111\u200b222333x",
        "\u0661\u0661\u0661222333",
        "BSN 12 111 222 333",
        "(111222333)",
        "111222333,87",
        "Client 4 111 222 333",
        "111 222 333 87 jaar",
        "111 222 333 010-1234567",
        "Kamer 120\n111 222 333",
        "Kamer 120, BSN 444 111 222 333",
        "111 222\n333",
        "BSN\nJansen\nKvK 34156782\n111222333",
    ],
)
def test_what_stands_around_it_does_not_hide_it(around):
    assert bsn.find(around) == ["*****2333"]


@given(st.integers(0, 10**8 - 1).map("{:08}".format), st.sampled_from(["KvK", "AGB-code", "nummer"]))
def test_kvk_and_agb_are_no_bsn(number, label):
    assert bsn.find(f"{label}: {number}") == []


@given(st.integers(0, 10**12 - 1).map("{:012}".format))
def test_an_establishment_is_no_bsn(number):
    assert bsn.find(f"Vestiging {number}, ook {written(number, (4, 4, 4), ' ')}") == []


@given(
    st.integers(10**8, 10**9 - 1).map(str),
    st.sampled_from(["+31{}", "+31 {}", "0031 {}", "+31 (0){}", "+31-{}", "0{}"]),
    st.sampled_from([(9,), (1, 8), (2, 7), (3, 3, 3), (1, 4, 4), (2, 3, 2, 2)]),
    st.sampled_from([" ", "-"]),
)
def test_a_telephone_number_is_no_bsn(number, form, groups, separator):
    assert bsn.find("Bel " + form.format(written(number, groups, separator)) + ".") == []


@given(st.integers(0, 10**10 - 1).map("{:010}".format), st.booleans())
def test_an_iban_is_no_bsn(account, spaced):
    iban = f"NL91ABNA{account}"
    assert bsn.find(written(iban, (4, 4, 4, 4, 2), " ") if spaced else iban) == []


@given(st.integers(0, 10**11), st.sampled_from(["€ {}", "€{}", "EUR {}", "{},00", "{},-"]))
def test_an_amount_is_no_bsn(amount, form):
    assert bsn.find(form.format(f"{amount:,}".replace(",", "."))) == []


@given(numbers())
def test_numbers_of_firms_and_places_are_no_bsn(number):
    for text in (f"NL{number}B01", f"RSIN: {number}", f"52.{number}"):
        assert bsn.find(text) == []


@given(numbers())
def test_a_line_of_a_table_and_a_large_number_are_no_bsn(number):
    assert bsn.find(f"totaal 120 {written(number, (3, 3, 3), ' ')}") == []
    assert bsn.find(f"{written(number, (3, 3, 3), ' ')} 150") == []
    assert bsn.find(f"1 {written(number, (1,) * 9, ' ')}") == []
    assert bsn.find(f"1.{written(number, (3, 3, 3), '.')}") == []


@given(st.text())
def test_any_text_is_answered(text):
    assert all(len(found) == 9 for found in bsn.find(text))


def test_nought_is_no_bsn():
    assert bsn.find("BSN 000000000 en 00000000") == []


def test_long_text_takes_a_moment_only():
    text = "1 2 3-4.5 €€ NL 12 34 56 " * 40_000
    assert bsn.find(text) == []
