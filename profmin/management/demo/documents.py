"""Word documents in the manner of approved roadmaps, out of `fixtures/demo/roadmap_*.toml`.

Order, approval mark, title, aims, then a table with headings, full-width section rows, group
rows, cells merged downwards, a heading row that is repeated.
"""

import io
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Cm, Pt
from docx.table import Table, _Cell, _Row

ABOVE = "^"  # the cell goes on the one above
_FONT = "Liberation Serif"
_LEFT, _CENTRE = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
_RIGHT, _BOTH = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY


@dataclass(frozen=True)
class DemoDocument:
    """A document as data, its days filled in. `published` None: it was never published."""

    data: Mapping[str, Any]

    @property
    def file(self) -> str:
        return str(self.data["file"])

    @property
    def published(self) -> date | None:
        said = self.data["published"]
        return date.fromisoformat(said) if said else None

    @property
    def rows(self) -> list[dict[str, Any]]:
        return list(self.data["row"])

    @property
    def answers(self) -> list[dict[str, Any]]:
        return list(self.data.get("answer", []))

    @property
    def set_dues(self) -> list[dict[str, Any]]:
        return list(self.data.get("due", []))

    def said(self, number: str, key: str) -> list[str]:
        """What is written about the item with this number: `key` is done, skipped or returned."""
        for row in self.rows:
            if _bare(row.get("number", "")) == number:
                return list(row.get(key, []))
        return []


def read_demo_document(path: Path, words: Mapping[str, object]) -> DemoDocument:
    """The document of a TOML file with its days filled in."""
    with path.open("rb") as file:
        raw = tomllib.load(file)
    raw["published"] = re.sub(r"^\{(\w+)\}$", r"{\1:iso}", raw["published"])
    return DemoDocument(_filled(raw, words))


def _filled(value: Any, words: Mapping[str, object]) -> Any:
    if isinstance(value, str):
        return value.format_map(words)
    if isinstance(value, list):
        return [_filled(one, words) for one in value]
    if isinstance(value, dict):
        return {key: _filled(one, words) for key, one in value.items()}
    return value


def _bare(number: str) -> str:
    return re.sub(r"\s", "", number).rstrip(".")


def write_document(document: DemoDocument) -> bytes:
    """The document as .docx."""
    data = document.data
    made = docx.Document()
    _page(made)
    _order(made, data)
    for line in data["approval"]:
        _say(made, line, _RIGHT)
    _say(made, "")
    for line in data["title"]:
        _say(made, line, _CENTRE, bold=True)
    _say(made, "")
    for line in data["note"]:
        _say(made, line, _BOTH)
    _table(made, data)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def _page(made: Document) -> None:
    section = made.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin, section.right_margin = Cm(2), Cm(1)
    section.top_margin = section.bottom_margin = Cm(2)
    style = made.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(12)


def _order(made: Document, data: Mapping[str, Any]) -> None:
    if not data["order"]:
        return
    for line in [*data["letterhead"], "", data["order"]]:
        _say(made, line, _CENTRE, bold=True)
    for line in [data["order_line"], data["place"], "", data["subject"], "", *data["preface"]]:
        _say(made, line, _BOTH)
    _say(made, "")
    _say(made, data["signature"])
    made.add_page_break()


def _say(
    made: Document, text: str, align: WD_ALIGN_PARAGRAPH = _LEFT, *, bold: bool = False
) -> None:
    paragraph = made.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.add_run(text).bold = bold


def _table(made: Document, data: Mapping[str, Any]) -> None:
    columns = data["columns"]
    table = made.add_table(rows=0, cols=len(columns), style="Table Grid")
    _head(table, columns)
    if data["counted"]:
        _fill(table, [str(place) for place in range(1, len(columns) + 1)])
    above: list[_Cell] = []
    for row in data["row"]:
        above = _row(table, row, data, above)
    for row in table.rows:
        for cell, width in zip(row.cells, data["widths"], strict=True):
            cell.width = Cm(width)


def _row(
    table: Table, row: Mapping[str, Any], data: Mapping[str, Any], above: list[_Cell]
) -> list[_Cell]:
    """Adds a row; answers its cells, which the next row may go on."""
    columns = data["columns"]
    full = row.get("section") or row.get("total")
    if row.get("head"):
        return _head(table, columns)
    if full:
        cells = _fill(table, [full])
        cells[0].merge(cells[-1])
        _style(cells[0], _CENTRE, bold=True)
        return cells
    if "group" in row:
        return _fill(table, [row["group"], row["title"]], bold=True)
    texts = [str(row.get(key, "")) for key in data["keys"]]
    cells = _fill(table, ["" if text == ABOVE else text for text in texts])
    for place, text in enumerate(texts):
        if text == ABOVE:
            cells[place] = above[place].merge(cells[place])
    return cells


def _head(table: Table, columns: list[str]) -> list[_Cell]:
    """A heading row; the first one is repeated on every page."""
    cells = _fill(table, columns, bold=True)
    for cell in cells:
        _style(cell, _CENTRE, bold=True)
    if len(table.rows) == 1:
        _repeat(table.rows[0])
    return cells


def _repeat(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - no other way


def _fill(table: Table, texts: list[str], *, bold: bool = False) -> list[_Cell]:
    cells = list(table.add_row().cells)
    for cell, text in zip(cells, texts, strict=False):
        if text:
            cell.paragraphs[0].add_run(text)
        _style(cell, _LEFT, bold=bold)
    return cells


def _style(cell: _Cell, align: WD_ALIGN_PARAGRAPH, *, bold: bool) -> None:
    for paragraph in cell.paragraphs:
        paragraph.alignment = align
        for run in paragraph.runs:
            run.bold, run.font.size = bold, Pt(11)
