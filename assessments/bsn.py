"""Finding what looks like a BSN (burgerservicenummer) in text. Pure: no database, no settings.

A candidate is nine digits in a usual notation that pass the 11-proef. One in eleven other numbers of nine
digits passes it too, so what is found is a warning and never a proof.
"""

import re
import unicodedata

WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
WORD = r"(?:bsn|burgerservice[ -]?nummer|sofi[ -]?nummer)"
# Invisible in print, so they may stand between digits unseen: soft hyphen, zero-width characters.
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
DASHES = re.compile("[\u2010-\u2015\u2212]")
# Between groups stands one and the same character.
GROUPED = re.compile(
    r"(?<![0-9])(?:[0-9]{9}"
    r"|[0-9]{3}([ .-])[0-9]{3}\1[0-9]{3}"
    r"|[0-9]{4}([ .-])[0-9]{2}\2[0-9]{3}"
    r"|[0-9]{2}([ .-])[0-9]{2}\3[0-9]{2}\3[0-9]{3}"
    r"|[0-9]([ .-])(?:[0-9]\4){7}[0-9])(?![0-9])"
)
# The leading zero is often left out; then only the word before it tells.
SHORT = re.compile(WORD + r"[^0-9\n]{0,20}([0-9]{8})(?![0-9])", re.IGNORECASE)
# What firms, money and coordinates look like; these pass the proof as often as any other number.
PHONE = re.compile(r"(?:\+|\b00)31[ .()-]{0,3}(?:0[ .)-]{0,2})?(?:[0-9][ .-]?){8}[0-9]")
VAT = re.compile(r"\bNL[ .]?[0-9]{4}[.]?[0-9]{2}[.]?[0-9]{3}[.]?B[0-9]{2}\b", re.IGNORECASE)
OTHER_BEFORE = re.compile(r"(?:\brsin[^0-9\n]{0,12}|(?:€|\beuro?) ?-?|[0-9][.])\Z", re.IGNORECASE)
CENTS_AFTER = re.compile(r",(?:[0-9]{2}|-)(?![0-9])")
# A longer row of short groups is a large number, or a line of a table; a date beside it is neither.
MORE_BEFORE = re.compile(r"(?<![0-9/-])[0-9]{1,3}[ .-]\Z")
MORE_AFTER = re.compile(r"[ .-][0-9]{1,3}(?![0-9]|[/-][0-9])")
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
    found = [match[0] for match in GROUPED.finditer(text) if is_about_it or not _is_other(match)]
    found += ["0" + match[1] for match in SHORT.finditer(text)]
    numbers = (re.sub("[^0-9]", "", written) for written in found)
    return list(dict.fromkeys(mask(number) for number in numbers if is_bsn(number)))


def mask(number: str) -> str:
    return "*" * 5 + number[-4:]


def warning(text: str) -> str:
    """A sentence for beside a field, or ''."""
    if not (found := find(text)):
        return ""
    return f"Er lijkt een BSN te staan: {', '.join(found)}. Haal het weg."


def _plain(text: str) -> str:
    """The text with common digits, spaces and dashes only, and without telephone and VAT numbers."""
    text = unicodedata.normalize("NFKC", DASHES.sub("-", INVISIBLE.sub("", text)))
    text = FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.digit(digit[0])), text)
    return VAT.sub(" # ", PHONE.sub(" # ", text))


def _is_other(match: re.Match[str]) -> bool:
    """Whether what stands around these nine digits makes them another number."""
    text, start, end = match.string, match.start(), match.end()
    before, after = text[max(0, start - NEAR) : start], text[end : end + NEAR]
    if OTHER_BEFORE.search(before) or CENTS_AFTER.match(after):
        return True
    is_short_groups = len(match[0]) in (11, 17)
    return is_short_groups and bool(MORE_BEFORE.search(before) or MORE_AFTER.match(after))
