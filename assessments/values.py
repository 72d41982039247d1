"""What an answer may look like, per kind of item (see norms.models.Item)."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError

from norms.models import Item

CHECKS = {"yes": "Ja", "partly": "Deels", "no": "Nee"}
UNKNOWN = "unknown"
TEXT_LIMIT = 10_000
Value = str | list[dict[str, str]] | None


def is_answered(value: Value) -> bool:
    """'Weet ik nog niet' and nothing are no answers."""
    return value not in (None, UNKNOWN)


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
    return _CLEANERS[item.kind](item, levels, raw.strip()) or None


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
        return date.fromisoformat(raw).isoformat() if raw else ""
    except ValueError:
        raise ValidationError("Vul een datum in, bijvoorbeeld 31-12-2026.") from None


def _clean_figure(item: Item, levels: frozenset[str], raw: str) -> str:
    if not raw:
        return ""
    try:
        number = Decimal(raw.replace(",", "."))
    except InvalidOperation:
        raise ValidationError("Vul een getal in, bijvoorbeeld 12 of 12,5.") from None
    if not number.is_finite() or abs(number) >= 10**9:
        raise ValidationError("Dit getal is te groot. Vul een kleiner getal in.")
    return format(number.normalize(), "f")


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
    columns = {column["code"]: column for column in item.table["columns"]}
    known = {row["code"] for row in item.table.get("rows") or []}
    cleaned = []
    for row in rows:
        if (
            known
            and row.get("row") not in known
            or not known
            and not re.fullmatch(r"\d{1,2}", row.get("row", ""))
        ):
            raise ValidationError("Deze tabel is niet te lezen. Vul haar opnieuw in.")
        cells = {code: _clean_cell(column, row.get(code, "")) for code, column in columns.items()}
        if filled := {code: cell for code, cell in cells.items() if cell}:
            cleaned.append({"row": row["row"], **filled})
    return cleaned or None


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
            return date.fromisoformat(raw).isoformat()
        except ValueError:
            raise ValidationError(f"{column['label']}: vul een datum in, bijvoorbeeld 31-12-2026.") from None
    return clean_text(raw)[:500]
