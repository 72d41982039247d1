"""What an answer may look like, per kind of item (see norms.models.Item)."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from norms.models import Item

CHECKS = {"yes": "Ja", "partly": "Deels", "no": "Nee"}
UNKNOWN = "unknown"
TEXT_LIMIT = 10_000
CELL_LIMIT = 500
# At most two decimals, so that 1.250, which people write for a thousand, is not read as one and a bit.
NUMBER = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,2})?")
DAY_FIRST = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})")
Value = str | list[dict[str, str]] | None


def is_answered(value: Value) -> bool:
    """'Weet ik nog niet' and nothing are no answers."""
    return value not in (None, UNKNOWN)


def joined(theirs: Any, mine: Any) -> str:
    """Two texts under each other."""
    return "\n\n".join(filter(None, [theirs, mine]))


def clean(item: Item, levels: frozenset[str], raw: Any) -> Value:
    """The stored form of a raw value, None when empty. Raises ValidationError in Dutch.

    `levels` are the codes of the scale that this person may give on a judgement.
    """
    if raw in (None, "", []):
        return None
    if item.kind == Item.Kind.TABLE:
        return _clean_table(item, raw)
    if not isinstance(raw, str):
        raise ValidationError("Dit antwoord is niet te lezen. Vul het opnieuw in.")
    return _CLEANERS[Item.Kind(item.kind)](item, levels, raw.strip()) or None


def clean_text(raw: str) -> str:
    """Free text with uniform line ends."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    if len(text) > TEXT_LIMIT:
        raise ValidationError(f"Deze tekst heeft {len(text)} tekens. Maak er ten hoogste {TEXT_LIMIT} van.")
    return text


def _one_of(raw: str, allowed: frozenset[str]) -> str:
    if raw not in allowed:
        raise ValidationError("Kies één van de antwoorden die er staan.")
    return raw


def _clean_judgement(item: Item, levels: frozenset[str], raw: str) -> str:
    return _one_of(raw, levels | {UNKNOWN})


def _clean_check(item: Item, levels: frozenset[str], raw: str) -> str:
    return _one_of(raw, frozenset(CHECKS) | {UNKNOWN})


def _clean_choice(item: Item, levels: frozenset[str], raw: str) -> str:
    return _one_of(raw, frozenset(option["code"] for option in item.options) | {UNKNOWN})


def _clean_date(item: Item, levels: frozenset[str], raw: str) -> str:
    try:
        return _iso_day(raw)
    except ValueError:
        raise ValidationError("Vul een datum in, bijvoorbeeld 31-12-2026.") from None


def _iso_day(raw: str) -> str:
    """A day as a browser sends it or as a person types it. Raises ValueError."""
    if typed := DAY_FIRST.fullmatch(raw):
        day, month, year = map(int, typed.groups())
        return date(year, month, day).isoformat()
    return date.fromisoformat(raw).isoformat() if raw else ""


def _clean_figure(item: Item, levels: frozenset[str], raw: str) -> str:
    return _number(raw) if raw else ""


def _number(raw: str) -> str:
    if not NUMBER.fullmatch(raw):
        raise ValidationError("Vul een getal in, bijvoorbeeld 1250 of 12,5. Zet geen punt bij duizendtallen.")
    number = Decimal(raw.replace(",", ".")).normalize() + 0  # + 0 takes the sign from -0
    return format(number, "f")


def _clean_text_value(item: Item, levels: frozenset[str], raw: str) -> str:
    return clean_text(raw)


_CLEANERS = {
    Item.Kind.JUDGEMENT: _clean_judgement,
    Item.Kind.CHECK: _clean_check,
    Item.Kind.CHOICE: _clean_choice,
    Item.Kind.DATE: _clean_date,
    Item.Kind.FIGURE: _clean_figure,
    Item.Kind.TEXT: _clean_text_value,
}


def _clean_table(item: Item, rows: Any) -> Value:
    """Rows that hold something, as [{"row": code, column: value}]; cells follow their column's kind."""
    table = item.table or {}
    columns = {column["code"]: column for column in table["columns"]}
    known = {row["code"] for row in table.get("rows") or []}
    if not _is_readable(rows, known):
        raise ValidationError("Deze tabel is niet te lezen. Vul haar opnieuw in.")
    cleaned = []
    for row in rows:
        cells = {code: _clean_cell(column, row.get(code, "")) for code, column in columns.items()}
        if filled := {code: cell for code, cell in cells.items() if cell}:
            cleaned.append({"row": row["row"], **filled})
    return cleaned or None


def _is_readable(rows: Any, known: set[str]) -> bool:
    """A list of rows of text, each row once; free rows (none known) are numbered."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return False
    if not all(isinstance(cell, str) for row in rows for cell in row.values()):
        return False
    codes = [row.get("row", "") for row in rows]
    fits = all(code in known if known else re.fullmatch(r"[0-9]{1,2}", code) for code in codes)
    return fits and len(set(codes)) == len(codes)


def _clean_cell(column: dict[str, Any], raw: str) -> str:
    raw = raw.strip()
    if not raw:
        return ""
    if column["kind"] == "check":
        return _one_of(raw, frozenset(CHECKS))
    if column["kind"] == "choice":
        return _one_of(raw, frozenset(option["code"] for option in column["options"]))
    if column["kind"] == "date":
        try:
            return _iso_day(raw)
        except ValueError:
            raise ValidationError(f"{column['label']}: vul een datum in, bijvoorbeeld 31-12-2026.") from None
    if column["kind"] == "figure":
        try:
            return _number(raw)
        except ValidationError:
            raise ValidationError(f"{column['label']}: vul een getal in, bijvoorbeeld 12 of 12,5.") from None
    text = clean_text(raw)
    if len(text) > CELL_LIMIT:
        raise ValidationError(f"{column['label']}: maak er ten hoogste {CELL_LIMIT} tekens van.")
    return text
