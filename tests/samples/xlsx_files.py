"""Excel workbooks as bytes: usual ones by openpyxl, unusual sheets by their XML."""

import io
import zipfile
from collections.abc import Mapping

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.samples.plans import TITLE, Rows, span_of, text_of


def plan(rows: Rows, title: str = TITLE) -> bytes:
    """A workbook of one sheet: the title over the table, the table from the third row."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet["A1"] = title
    sheet.merge_cells("A1:E1")
    write(sheet, rows, first=3)
    return saved(book)


def write(sheet: Worksheet, rows: Rows, *, first: int = 1) -> None:
    """The cells of a plan, with their merges, from row `first` on."""
    for y, cells in enumerate(rows):
        column = 1
        for x, cell in enumerate(cells):
            span = span_of(cell)
            if cell is not None:
                sheet.cell(first + y, column, text_of(cell) or None)
            below = _below(rows, y, x)
            if span > 1 or below:
                sheet.merge_cells(
                    start_row=first + y,
                    start_column=column,
                    end_row=first + y + below,
                    end_column=column + span - 1,
                )
            column += span


def _below(rows: Rows, y: int, x: int) -> int:
    below = 0
    while (
        rows[y][x] is not None
        and y + below + 1 < len(rows)
        and x < len(rows[y + below + 1])
        and rows[y + below + 1][x] is None
    ):
        below += 1
    return below


def saved(book: Workbook) -> bytes:
    """The workbook's bytes."""
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def with_sheet(xml: str, head: str = "") -> bytes:
    """A workbook whose only sheet is this XML (the inside of `worksheet`)."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<?xml version="1.0"?>{head}<worksheet xmlns="{space}">{xml}</worksheet>'
    return replaced(plan((("№", "Мероприятие", "Срок"),)), {"xl/worksheets/sheet1.xml": sheet})


def replaced(package: bytes, parts: Mapping[str, str]) -> bytes:
    """The package with some parts replaced."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, parts[name] if name in parts else old.read(name))
    return made.getvalue()
