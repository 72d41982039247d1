"""The questions of an edition on paper or in a workbook, for a team meeting. An edition never changes, so a
PDF is made once and kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from assessments import editions
from assessments.canonical import canonical_json
from assessments.values import CHECKS
from norms.models import FrameworkVersion, Item
from providers.spreadsheets import harmless
from reports import pdf, sheets

# Another number makes all files anew: raise it with the template.
TEMPLATE = 1
HEADINGS = [
    "Onderdeel",
    "Nummer",
    "Vraag",
    "Waar het om gaat",
    "Antwoord",
    "Toelichting",
    "Wie zoekt dit uit",
]
WIDTHS = [28, 10, 60, 50, 24, 50, 22]
ANSWER = 5
FREE_ROWS = ("Regel 1", "Regel 2", "Regel 3", "Regel 4")
# What a list in a cell may say in all, by Excel's own rule.
LONGEST_LIST = 255


@dataclass(frozen=True)
class Question:
    """One line to answer; `options` is empty where one writes."""

    code: str
    text: str
    guidance: str
    kind: str
    options: tuple[str, ...]
    unit: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    code: str
    title: str
    questions: tuple[Question, ...]


def sections(edition_id: int) -> tuple[Section, ...]:
    """What an edition asks of a provider, in its own order."""
    contents = editions.contents(edition_id)
    levels = tuple(label for _, label in contents.levels)
    return tuple(
        Section(part.code, part.title, questions)
        for part, items in contents.sections
        if (questions := tuple(_question(item, levels) for item in items if item.asks_provider))
    )


def _question(item: Item, levels: tuple[str, ...]) -> Question:
    options = tuple(option["label"] for option in item.options)
    if item.kind == Item.Kind.JUDGEMENT:
        options = levels
    elif item.kind == Item.Kind.CHECK:
        options = tuple(CHECKS.values())
    table = item.table or {}
    return Question(
        code=item.code,
        text=item.text or item.title,
        guidance=item.guidance,
        kind=item.kind,
        options=options,
        unit=item.unit,
        columns=tuple(column["label"] for column in table.get("columns", [])),
        rows=_rows(table),
    )


def _rows(table: Mapping[str, Any]) -> tuple[str, ...]:
    """The rows of a table; where people add their own, a few to write in."""
    if not table:
        return ()
    return tuple(row["label"] for row in table.get("rows") or ()) or FREE_ROWS


# --- PDF


def path_of(version: FrameworkVersion) -> str:
    """Where the PDF of an edition is kept."""
    return f"blank-lists/{version.checksum[:24]}-{TEMPLATE}.pdf"


def make_pdf(version: FrameworkVersion) -> bool:
    """Make the PDF of an edition unless it is there. True when this call made it."""
    if default_storage.exists(path_of(version)):
        return False
    found = sections(version.pk)
    context = {"version": version, "sections": pdf.printable_content(found), "created": version.published_at}
    html = render_to_string("reports/pdf/blank_list.html", context)
    data = canonical_json([asdict(section) for section in found])
    default_storage.save(path_of(version), ContentFile(pdf.render_pdf(html, data).data))
    return True


# --- XLSX


def workbook(version: FrameworkVersion) -> bytes:
    """The questions with a column for the answer, its explanation and who finds it out."""
    book, sheet = sheets.new_book(version.title)
    sheet.title = "Vragen"
    sheet.append(HEADINGS)
    lists: dict[tuple[str, ...], DataValidation] = {}
    for row, (cells, options) in enumerate(_lines(version.pk), 2):
        sheet.append([harmless(cell) for cell in cells])
        if options and len(",".join(options)) <= LONGEST_LIST and not any("," in one for one in options):
            _offer(sheet, lists, options).add(sheet.cell(row, ANSWER))
    sheets.lay_out(sheet, WIDTHS)
    return sheets.saved(book)


def _lines(edition_id: int) -> Iterator[tuple[list[str], tuple[str, ...]]]:
    """The first cells of each line, and what can be chosen in it; a table has a line per cell."""
    for section in sections(edition_id):
        head = f"{section.code}. {section.title}"
        for question in section.questions:
            unit = f" ({question.unit})" if question.unit else ""
            first = [head, question.code, question.text + unit, question.guidance]
            if not question.rows:
                yield first, question.options
            for row in question.rows:
                for column in question.columns:
                    yield [*first[:2], f"{question.text} {row}: {column}", question.guidance], ()


def _offer(
    sheet: Worksheet, lists: dict[tuple[str, ...], DataValidation], options: tuple[str, ...]
) -> DataValidation:
    """The list to choose from, one for all cells with the same options."""
    if options not in lists:
        lists[options] = DataValidation("list", formula1=f'"{",".join(options)}"', allow_blank=True)
        sheet.add_data_validation(lists[options])
    return lists[options]
