"""A table out of a file that people fill: XLSX, or CSV in UTF-8 or CP1251 with «;», «,» or tabs.

Every file is hostile: it is read in a child process with hard limits, its parts are counted
before anything is built. Values come out as the words a person sees; nothing is interpreted.
"""

import csv
import io
import re
import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import defusedxml.ElementTree as ET  # type: ignore[import-untyped]  # noqa: N817 - its usual name
import openpyxl  # type: ignore[import-untyped]
from openpyxl.styles import Font, PatternFill  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter, range_boundaries  # type: ignore[import-untyped]

from profmin.lib.documents import FileType, check_container, decode
from profmin.lib.errors import RuleBroken
from profmin.lib.sandbox import Reason, SandboxFailed, run_limited

ROWS = 5_000
COLUMNS = 60
CELL = 2_000  # characters of one cell
MERGES = 2_000
_SAMPLE = 50  # records by which a separator is chosen
_SEPARATORS = ";,\t"

_WRONG_KIND = "Загрузите таблицу Excel (XLSX) или CSV. Другие файлы не подходят."
_OLD_EXCEL = "Это книга старого Excel (XLS). Сохраните её как XLSX и загрузите снова."
_DAMAGED = "Файл повреждён: откройте его, сохраните заново и загрузите снова."
_LARGE = (
    f"Таблица слишком велика: строк должно быть не больше {ROWS}, столбцов — не больше {COLUMNS}. "
    "Разделите её на несколько файлов."
)
_LONG_CELL = f"Строка {{}}: в ячейке больше {CELL} знаков. Сократите текст."
_NO_TABLE = "В файле нет таблицы: нет ни одной заполненной строки."
_QUOTES = "Строка {}: лишняя или незакрытая кавычка. Пересохраните файл в Excel как XLSX."
_NO_VALUE = "Ячейка {}: формула без сохранённого значения. Откройте книгу в Excel и сохраните её."
_REFUSALS = {
    Reason.TIME: "Файл читается слишком долго и не принимается. Оставьте в нём только таблицу.",
    Reason.MEMORY: "Файл слишком сложен и не принимается. Оставьте в нём только таблицу.",
    Reason.ANSWER: _LARGE,
}


@dataclass(frozen=True)
class TableRow:
    """One filled row. `number` is the row's number as Excel shows it (the first row is 1);
    `cells` are the words of its cells from column A on, "" for an empty cell."""

    number: int
    cells: tuple[str, ...]


def read_table(path: Path) -> list[TableRow]:
    """The filled rows of the first visible sheet with cells, or of the CSV file.

    Raises `RuleBroken` with a Russian sentence for whatever cannot or must not be read.
    """
    try:
        rows = run_limited("profmin.lib.spreadsheets:read_plain", str(path.resolve()))
    except SandboxFailed as failure:
        raise RuleBroken(_REFUSALS.get(failure.reason, _DAMAGED)) from failure
    return [TableRow(number, tuple(cells)) for number, cells in rows]


def read_plain(path: str) -> list[tuple[int, list[str]]]:
    """The rows as plain lists: what the child process answers."""
    file = Path(path)
    kind = check_container(file)
    rows: Iterable[tuple[int, list[str]]]
    if kind is FileType.XLSX:
        rows = _workbook_rows(file)
    elif kind is FileType.TEXT:
        rows = _csv_rows(file.read_bytes())
    else:
        raise RuleBroken(_OLD_EXCEL if kind is FileType.XLS else _WRONG_KIND)
    found = list(_filled(rows))
    if not found:
        raise RuleBroken(_NO_TABLE)
    return found


def _filled(rows: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Rows with at least one word, without the empty cells at their ends; counted."""
    count = 0
    for number, cells in rows:
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        count += 1
        if count > ROWS + 1 or len(cells) > COLUMNS:
            raise RuleBroken(_LARGE)
        if any(len(cell) > CELL for cell in cells):
            raise RuleBroken(_LONG_CELL.format(number))
        yield number, cells


# --- CSV --------------------------------------------------------------------------------------


def _csv_rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    separator, text = _separator((decode(data) or "").removeprefix("\ufeff"))
    csv.field_size_limit(CELL * 10)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            yield number, [_words(cell) for cell in cells]
    except csv.Error as error:
        raise RuleBroken(_QUOTES.format(number + 1)) from error


def _separator(text: str) -> tuple[str, str]:
    """The separator and the text without Excel's own first line «sep=;», which is no row."""
    told = re.match(r"sep=([;,\t])\r?\n", text, re.IGNORECASE)
    if told:
        return told.group(1), text[told.end() :]
    return max(_SEPARATORS, key=lambda sign: (_usual_width(text, sign), sign == ";")), text


def _usual_width(text: str, separator: str) -> float:
    """How many cells most of the first records have with this separator."""
    widths = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            if any(cells):
                widths.append(len(cells))
            if len(widths) == _SAMPLE:
                break
    except csv.Error:
        return 0
    return statistics.median(widths) if widths else 0


# --- XLSX -------------------------------------------------------------------------------------


def _workbook_rows(path: Path) -> list[tuple[int, list[str]]]:
    with path.open("rb") as file:  # of a path the library wants an extension
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible" and hasattr(sheet, "iter_rows"):
                rows = list(_sheet_rows(path, sheet))
                if rows:
                    return rows
    return []


def _sheet_rows(path: Path, sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """The sheet's filled rows; a cell merged over several rows counts for each of them."""
    merged = _merges(path, sheet._worksheet_path)  # noqa: SLF001 - in read-only mode unnamed
    sheet.reset_dimensions()  # what the sheet declares is not believed
    held: dict[str, str] = {}
    for number, cells in enumerate(sheet.iter_rows(max_col=COLUMNS + 1), 1):
        words = [_cell_words(cell) for cell in cells]
        for area in merged:
            _fill(area, number, words, held)
        if any(words):
            yield number, words


@dataclass(frozen=True)
class _Area:
    """Cells merged over several rows; columns and rows count from 1."""

    name: str
    left: int
    top: int
    right: int
    bottom: int


def _fill(area: _Area, number: int, words: list[str], held: dict[str, str]) -> None:
    if not area.top <= number <= area.bottom:
        return
    if number == area.top:
        held[area.name] = words[area.left - 1] if area.left <= len(words) else ""
        return
    words.extend([""] * (area.left - len(words)))
    words[area.left - 1] = held.get(area.name, "")


def _merges(path: Path, part: str) -> list[_Area]:
    """The areas merged over several rows. Also refuses formulas nobody has counted yet."""
    areas: list[_Area] = []
    with ZipFile(path) as archive, archive.open(part) as sheet:
        for _, element in ET.iterparse(sheet, forbid_dtd=True):
            kind = element.tag.rpartition("}")[2]
            if kind == "mergeCell":
                areas.extend(_tall(element.get("ref") or ""))
            elif kind == "c":
                _refuse_uncounted(element)
            elif kind == "row":
                element.clear()
            if len(areas) > MERGES:
                raise RuleBroken(_LARGE)
    return areas


def _tall(name: str) -> list[_Area]:
    left, top, right, bottom = (int(bound or 0) for bound in range_boundaries(name))
    if not left or not top or bottom <= top or left > COLUMNS:
        return []
    return [_Area(name, left, top, right, min(bottom, top + ROWS))]


def _refuse_uncounted(cell: Any) -> None:
    """An empty text is a value, too."""
    parts = {kid.tag.rpartition("}")[2]: kid.text for kid in cell}
    if "f" in parts and not parts.get("v") and cell.get("t") != "str":
        raise RuleBroken(_NO_VALUE.format(cell.get("r") or ""))


def _cell_words(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, int | float):
        return _number_words(value, cell.number_format or "")
    return _words(str(value))


def _number_words(value: float, number_format: str) -> str:
    """«12» for 12.0; «007» where the cell's format is «000»."""
    if float(value).is_integer():
        words = str(int(value))
        return words.zfill(len(number_format)) if set(number_format) == {"0"} else words
    return str(value).replace(".", ",")


def _words(text: str) -> str:
    """In one line, without what is not seen: control and direction marks, double blanks."""
    seen = (" " if sign.isspace() else sign if sign.isprintable() else "" for sign in text)
    return " ".join("".join(seen).split())


# --- A sample to fill -------------------------------------------------------------------------


def workbook(*, title: str, headings: list[str], rows: list[list[str]]) -> bytes:
    """A workbook of one sheet with a heading row; every cell is text, so that codes keep their
    zeros and nothing is a formula."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row, cells in enumerate([headings, *rows], 1):
        for column, words in enumerate(cells, 1):
            cell = sheet.cell(row, column)
            cell.value, cell.data_type, cell.number_format = words, "s", "@"
    for column, heading in enumerate(headings, 1):
        cell = sheet.cell(1, column)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E6EEF0")
        longest = max(len(heading), *(len(cells[column - 1]) for cells in rows), 8)
        sheet.column_dimensions[get_column_letter(column)].width = min(longest + 3, 60)
    sheet.freeze_panes = "A2"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
