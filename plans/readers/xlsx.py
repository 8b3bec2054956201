"""Excel workbooks: the values of all visible sheets, with merged cells.

The library reads rows one by one but knows no merges in that mode, and believes the size a
sheet declares: both are taken from the sheet's XML first. Source: ECMA-376, part 1, 18.3.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
from lxml import etree
from openpyxl.utils import range_boundaries  # type: ignore[import-untyped]

from plans.readers.document import Cell, Document, Paragraph, Row, Table, UnreadableFile, tidy
from plans.readers.grid import COLUMNS, Ledger, even, trimmed
from plans.readers.ooxml import DAMAGED, Package, attribute, child, local

ROWS = 10_000  # of a sheet; the longest real plan has 62
MERGES = 20_000
_FEW = 2  # cells filled in a row that still belongs to what stands above a table

_LARGE = "На листе «{}» слишком много строк или столбцов: оставьте только план."
_NO_VALUE = (
    "На листе «{}» в ячейке {} формула без сохранённого значения: откройте книгу в Excel, "
    "сохраните её и загрузите снова."
)
_MONTHS = (
    *("январь", "февраль", "март", "апрель", "май", "июнь"),
    *("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)
_LEADING = re.compile(r'(?:\[[^\]]*\])*"([^"]*)"')  # words of a number format
_TRAILING = re.compile(r'"([^"]*)"(?:\s|\\.)*$')
_NOT_LETTERS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_DEFAULT_NAME = re.compile(r"(?:Лист|Sheet|Таблица)\s?\d*", re.IGNORECASE)

Place = tuple[int, int]  # row and column from 1


@dataclass
class _Sheet:
    """What a sheet's XML says before its values are read."""

    last_row: int = 0
    columns: set[int] = field(default_factory=set)
    spans: dict[Place, int] = field(default_factory=dict)  # of the cells a merge begins with
    lower: dict[Place, int] = field(default_factory=dict)  # of the lower rows of merges
    shared: dict[str, str] = field(default_factory=dict)  # formulas by their number
    hidden: set[Place] = field(default_factory=set)  # inside a merge, right of its first cell


def read(path: Path) -> Document:
    """Sheet by sheet: what stands above the table as paragraphs, then the table."""
    ledger = Ledger()
    with Package(path) as package:
        main = package.main_part("xl/workbook.xml")
        parts = {mark: target for mark, _, target in package.relations(main)}
        names = _visible(package.part(main), parts)
        sheets = {name: _looked_at(name, package.raw(part)) for name, part in names.items()}
    with path.open("rb") as file:  # of a path the library wants an extension
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        read = [(name, _rows(book[name], sheet, ledger)) for name, sheet in sheets.items()]
    filled = [(name, rows) for name, rows in read if rows]
    return Document(tuple(_blocks(filled)))


def _visible(workbook: etree._Element | None, parts: dict[str, str]) -> dict[str, str]:
    """The part of each visible sheet with cells, by the sheet's name."""
    found = {}
    sheets = child(workbook, "sheets")
    for sheet in () if sheets is None else sheets:
        relation = next((str(v) for k, v in sheet.attrib.items() if str(k).endswith("}id")), "")
        part = parts.get(relation, "")
        if attribute(sheet, "state") in (None, "visible") and "chartsheet" not in part and part:
            found[attribute(sheet, "name") or ""] = part
    return found


def _looked_at(name: str, data: bytes) -> _Sheet:
    """Counts rows, columns and merges before anything is built from them."""
    sheet = _Sheet()
    merges: list[str] = []
    walk = etree.iterparse(
        io.BytesIO(data),
        events=("end",),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        for _, element in walk:
            kind = local(element)
            if kind == "c":
                _look_at_cell(name, element, sheet)
            elif kind == "mergeCell":
                merges.append(attribute(element, "ref") or "")
            elif kind == "row":
                element.clear()
    except etree.XMLSyntaxError as error:
        raise UnreadableFile(DAMAGED) from error
    if len(merges) > MERGES:
        raise UnreadableFile(_LARGE.format(name))
    for merge in merges:
        _merge(sheet, merge)
    return sheet


def _look_at_cell(name: str, cell: etree._Element, sheet: _Sheet) -> None:
    kinds = {local(kid): (kid.text or "") for kid in cell}
    if not kinds:
        return
    formula = _formula(cell, kinds, sheet)
    place = attribute(cell, "r") or ""
    column, row, *_ = range_boundaries(place) if place else (1, sheet.last_row + 1)
    written = kinds.get("v") or (attribute(cell, "t") == "str" and '""' in formula)
    if "f" in kinds and not written:
        raise UnreadableFile(_NO_VALUE.format(name, place))
    sheet.columns.add(int(column or 1))
    sheet.last_row = max(sheet.last_row, int(row or 1))
    if len(sheet.columns) > COLUMNS or sheet.last_row > ROWS:
        raise UnreadableFile(_LARGE.format(name))


def _formula(cell: etree._Element, kinds: dict[str, str], sheet: _Sheet) -> str:
    """The cell's formula, or the one it shares; only one that says "" can come out empty."""
    element = child(cell, "f")
    shared = None if element is None else attribute(element, "si")
    if shared is None:
        return kinds.get("f", "")
    return sheet.shared.setdefault(shared, kinds["f"])


def _merge(sheet: _Sheet, merge: str) -> None:
    left, top, right, bottom = (int(bound or 1) for bound in range_boundaries(merge))
    right = min(right, max(sheet.columns, default=left))
    if right < left:
        return
    inner = range(left + 1, right + 1)
    sheet.spans[top, left] = right - left + 1
    sheet.hidden.update((top, column) for column in inner)
    for row in range(top + 1, min(bottom, sheet.last_row) + 1):
        sheet.lower[row, left] = right - left + 1
        sheet.hidden.update((row, column) for column in inner)
        if len(sheet.hidden) + len(sheet.lower) > ROWS * COLUMNS:
            raise UnreadableFile(DAMAGED)


def _rows(values: Any, sheet: _Sheet, ledger: Ledger) -> list[Row]:
    if not sheet.columns:
        return []
    values.reset_dimensions()  # what the sheet declares is not believed
    left, right = min(sheet.columns), max(sheet.columns)
    bounds = {"min_col": left, "max_col": right, "max_row": sheet.last_row}
    rows = []
    for number, cells in enumerate(values.iter_rows(min_row=1, **bounds), 1):
        row = Row(tuple(_cells(number, left, cells, sheet)))
        for text in row.texts:
            ledger.add(text)
        if any(row.texts):
            rows.append(row)
    return rows


def _cells(number: int, left: int, cells: Sequence[Any], sheet: _Sheet) -> Iterator[Cell]:
    for column, cell in enumerate(cells, left):
        place = (number, column)
        if place in sheet.lower:
            yield Cell("", sheet.lower[place], continues=True)
        elif place not in sheet.hidden:
            yield Cell(tidy(_written(cell)), sheet.spans.get(place, 1))


def _written(cell: Any) -> str:
    """A value as a person sees it in the sheet."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, date):
        return _dated(value, cell.number_format or "")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return _number(value, cell.number_format) if isinstance(value, int | float) else str(value)


def _dated(value: date, form: str) -> str:
    """«сентябрь 2023» and «25.05» where the format shows no day or no year: what is hidden is
    of the day of typing; words of the format stay («до 15.09.2023»)."""
    first = form.partition(";")[0]
    before, after = _LEADING.match(first), _TRAILING.search(first)
    letters = _NOT_LETTERS.sub("", first).lower()
    said = f"{value:%d.%m.%Y}"
    if "y" in letters and "d" not in letters:
        said = f"{_MONTHS[value.month - 1]} {value.year}" if "m" in letters else str(value.year)
    elif "d" in letters and "m" in letters and "y" not in letters:
        said = f"{value:%d.%m}"
    if isinstance(value, datetime) and value.time() != time():
        said += f" {value:%H:%M}"
    words = (before[1] if before else "", said, after[1] if after else "")
    return " ".join(filter(None, map(str.strip, words)))


def _number(value: float, form: str) -> str:
    """«1.10» where the format asks for two places, «50%», and no «.0»."""
    decimals = re.search(r"0\.(0+)", form or "")
    if "%" in (form or ""):
        return f"{round(value * 100, 6):.12g}%"
    if decimals and value != int(value):
        return f"{value:.{len(decimals.group(1))}f}"
    return f"{value:.12g}"


def _blocks(sheets: list[tuple[str, list[Row]]]) -> Iterator[Paragraph | Table]:
    for name, rows in sheets:
        if len(sheets) > 1 and not _DEFAULT_NAME.fullmatch(name):
            yield Paragraph(tidy(name))
        above = next((place for place, row in enumerate(rows) if _filled(row) > _FEW), len(rows))
        for row in rows[:above]:
            yield Paragraph(" ".join(text for text in row.texts if text))
        table = even(trimmed(rows[above:]))
        if table is not None:
            yield table


def _filled(row: Row) -> int:
    return sum(1 for text in row.texts if text)
