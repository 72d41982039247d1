"""Reading the table in an uploaded CSV or XLSX file: all text, and never more than fits."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import openpyxl

from providers.errors import Refused

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5000
MAX_COLUMNS = 50
# Empty rows take time too, and a file can say that it has as many as it likes.
MAX_LINES = 20_000
# An XLSX file is a zip: what it says it unpacks to. Reading stops at that size.
MAX_UNPACKED = 60 * 1024 * 1024
MAX_PARTS = 500
# Each element in it becomes objects of some three hundred bytes.
MAX_TAGS = 1_000_000
DELIMITERS = ";,\t"

UNREADABLE = "Dit bestand kunnen wij niet lezen. Sla het op als CSV of als Excel-werkmap (.xlsx)."
TOO_MANY_ROWS = f"Dit bestand heeft meer dan {MAX_ROWS} rijen. Verdeel het over meer bestanden."
TOO_MANY_LINES = f"Dit bestand heeft meer dan {MAX_LINES} regels, lege meegeteld. Haal de lege rijen weg."
TOO_MANY_COLUMNS = f"Dit bestand heeft meer dan {MAX_COLUMNS} kolommen. Gebruik het voorbeeldbestand."
TOO_FULL = "In dit bestand staat te veel. Laat alleen de kolommen van het voorbeeldbestand staan."
EMPTY = "In dit bestand staan geen rijen onder de kolomnamen."


@dataclass(frozen=True)
class Table:
    """The names above the columns, and the filled rows below: (row number in the file, cells)."""

    header: list[str]
    rows: list[tuple[int, list[str]]]


def read(data: bytes) -> Table:
    """The first sheet of an XLSX file or the lines of a CSV file. Raises Refused when that cannot be."""
    if len(data) > MAX_BYTES:
        raise Refused("Dit bestand is groter dan 5 MB. Verdeel het over meer bestanden.")
    lines = _sheet(data) if data.startswith(b"PK\x03\x04") else _csv(data)
    filled = _filled(lines)
    _, header = next(filled, (0, []))
    rows = list(filled)
    if not rows:
        raise Refused(EMPTY)
    return Table(header, rows)


def _filled(lines: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    found = 0
    for number, cells in enumerate(lines, 1):
        if number > MAX_LINES:
            raise Refused(TOO_MANY_LINES)
        if not any(cells):
            continue
        if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
            raise Refused(TOO_MANY_COLUMNS)
        found += 1
        if found > MAX_ROWS + 1:
            raise Refused(TOO_MANY_ROWS)
        yield number, cells[:MAX_COLUMNS]


def _csv(data: bytes) -> Iterator[list[str]]:
    text = _decoded(data)
    if "\x00" in text:
        raise Refused(UNREADABLE)
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [_text(cell) for cell in cells[: MAX_COLUMNS + 1]]
    except csv.Error:
        raise Refused(
            "Dit CSV-bestand klopt niet: er staat een aanhalingsteken te veel of te weinig."
        ) from None


def _decoded(data: bytes) -> str:
    """As spreadsheets write it: UTF-8, UTF-16 with its mark, or Western European of Windows."""
    is_utf_16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if is_utf_16 else ["utf-8-sig", "cp1252"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(UNREADABLE)


def _sheet(data: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            sizes = [part.file_size for part in parts.infolist()]
            if len(sizes) > MAX_PARTS or sum(sizes) > MAX_UNPACKED:
                raise Refused(UNREADABLE)
            if sum(parts.read(part).count(b"<") for part in parts.infolist()) > MAX_TAGS:
                raise Refused(TOO_FULL)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        # One column more than fits, to see that there is one.
        for cells in book.worksheets[0].iter_rows(max_col=MAX_COLUMNS + 1, values_only=True):
            yield [_text(value) for value in cells]
    except Refused:
        raise
    except Exception as fault:  # whatever an invented file does to the library, it is not read
        raise Refused(UNREADABLE) from fault


def _text(value: Any) -> str:
    """A cell as people read it. Zeros before a number that Excel took away do not come back."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%d-%m-%Y")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    # A space that does not break looks like any other.
    return str(value).replace("\xa0", " ").strip()
