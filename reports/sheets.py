"""Workbooks that read and print well: headings that stay, text that wraps, pages as wide as the sheet."""

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

HEAD = PatternFill("solid", fgColor="15323A")
LINE = Border(bottom=Side("thin", color="B9C1C1"))


def new_book(title: str) -> tuple[Workbook, Worksheet]:
    """A workbook with one empty sheet."""
    book = Workbook()
    book.properties.title, book.properties.creator = title, "Thuispeil"
    book.properties.language = "nl-NL"
    return book, book.worksheets[0]


def lay_out(sheet: Worksheet, widths: Sequence[int]) -> None:
    """Give a filled sheet its looks; its first row holds the headings. `widths` are in characters."""
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[sheet.cell(1, number).column_letter].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment, cell.border = Alignment(wrap_text=True, vertical="top"), LINE
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), HEAD
    sheet.freeze_panes = "A2"
    if len(widths) > 2:  # names with their values need no filter
        sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.right.text = "&P van &N"


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
