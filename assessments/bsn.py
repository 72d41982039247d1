"""Finding what looks like a BSN (burgerservicenummer) in text. Pure: no database, no settings.

A candidate is nine digits in a usual notation that pass the 11-proef. One in eleven other numbers of nine
digits passes it too, so what is found is a warning and never a proof.
"""

import re
import unicodedata
from collections.abc import Iterator

WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
WORD = r"(?:bsn|burgerservice[ -]?nummer|sofi[ -]?nummer)"
# Invisible in print, so they may stand between digits unseen: soft hyphen, zero-width characters.
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
BLANKS = re.compile(r"\s+")
DASHES = re.compile("[\u2010-\u2015\u2212]")
# Between groups stands one and the same sign; a longer row of equal groups is taken as a whole.
ALONE = re.compile(
    r"(?<![0-9])(?:[0-9]{9}"
    r"|[0-9]{4}([ ./-])[0-9]{2}\1[0-9]{3}"
    r"|[0-9]{2}([ ./-])[0-9]{2}\2[0-9]{2}\2[0-9]{3})(?![0-9])"
)
# A telephone number or date behind it, with dashes of its own, is no group of the row.
ROW = r"(?<![0-9])%(group)s([ ./-])(?:%(group)s\1){%(more)d,}%(group)s(?![0-9])(?!(?!\1)[/-][0-9])"
ROWS = {
    3: re.compile(ROW % {"group": "[0-9]{3}", "more": 1}),
    1: re.compile(ROW % {"group": "[0-9]", "more": 7}),
}
# The leading zero is often left out; then only a word somewhere in the text tells.
SHORT = re.compile(r"(?<![0-9])[0-9]{8}(?![0-9])")
# What firms, money and coordinates look like; these pass the proof as often as any other number.
PHONE = re.compile(r"(?:\+|\b00)31[ .()-]{0,3}(?:0[ .)-]{0,2})?(?:[0-9][ .-]?){8}[0-9]")
VAT = re.compile(r"\bNL[ .]?[0-9]{4}[.]?[0-9]{2}[.]?[0-9]{3}[.]?B[0-9]{2}\b", re.IGNORECASE)
OTHER_BEFORE = re.compile(r"(?:\brsin[^0-9\n]{0,12}|(?:€|\beuro?) ?-?|[0-9][.])\Z", re.IGNORECASE)
CENTS_AFTER = re.compile(r",(?:[0-9]{2}|-)(?![0-9])")
FIRM = re.compile(r"\b(?:kvk|agb)(?:[ -]?(?:nummer|code|nr))?[.: ]{0,3}[0-9]{8}(?![0-9])", re.IGNORECASE)
FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")
NEAR = 30


def is_bsn(digits: str) -> bool:
    """Nine digits that pass the 11-proef (https://nl.wikipedia.org/wiki/Burgerservicenummer)."""
    if len(digits) != 9 or digits == "000000000":
        return False
    return sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True)) % 11 == 0


def find(text: str) -> list[str]:
    """What looks like a BSN, each once, masked to its last four digits, in order of place."""
    if text.isascii() and sum(map(text.count, "0123456789")) < 8:
        return []
    text = _plain(text)
    is_about_it = re.search(WORD, text, re.IGNORECASE) is not None
    # A number may go on in the next line; what stands in another line may also be no part of it.
    found = {place for read in (text, text.replace("\n", " ")) for place in _candidates(read, is_about_it)}
    return list(dict.fromkeys(mask(number) for _, number in sorted(found) if is_bsn(number)))


def mask(number: str) -> str:
    return "*" * 5 + number[-4:]


def warning(text: str) -> str:
    """A sentence for beside a field, or ''."""
    if not (found := find(text)):
        return ""
    return f"Er lijkt een BSN te staan: {', '.join(found)}. Haal het weg."


def _plain(text: str) -> str:
    """The text with common digits, spaces and dashes only, and without numbers of telephones and firms."""
    text = unicodedata.normalize("NFKC", DASHES.sub("-", INVISIBLE.sub("", text)))
    text = FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.digit(digit[0])), text)
    text = BLANKS.sub(lambda blanks: "\n" if "\n" in blanks[0] else " ", text)
    return FIRM.sub(" # ", VAT.sub(" # ", PHONE.sub(" # ", text)))


def _candidates(text: str, is_about_it: bool) -> Iterator[tuple[int, str]]:
    """Where nine digits stand that may be a BSN, and which."""
    for match in ALONE.finditer(text):
        if is_about_it or not _is_other(match):
            yield match.start(), _digits(match)
    for size, row in ROWS.items():
        for match in row.finditer(text):
            if is_about_it or not _is_other(match):
                yield from ((match.start(), number) for number in _of_row(_digits(match), size, is_about_it))
    if is_about_it:
        yield from ((match.start(), "0" + match[0]) for match in SHORT.finditer(text))


def _digits(match: re.Match[str]) -> str:
    return re.sub("[^0-9]", "", match[0])


def _of_row(digits: str, size: int, is_about_it: bool) -> list[str]:
    """The numbers in a row of groups: any, or all when nothing says what they are; else it is a large number
    or a line of a table."""
    if is_about_it:
        return [digits[at : at + 9] for at in range(0, len(digits) - 8, size)]
    numbers = [digits[at : at + 9] for at in range(0, len(digits), 9)]
    return numbers if all(map(is_bsn, numbers)) else []


def _is_other(match: re.Match[str]) -> bool:
    """Whether what stands around these digits makes them another number."""
    before = match.string[max(0, match.start() - NEAR) : match.start()]
    # Without dots for the thousands it is no amount, and what follows a column of its own.
    has_cents = "." in match[0] and CENTS_AFTER.match(match.string, match.end())
    return bool(OTHER_BEFORE.search(before) or has_cents)
