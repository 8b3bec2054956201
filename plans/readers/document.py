"""What every reader answers: the document as paragraphs and tables, nothing interpreted.

A reader keeps every row and every cell as written; what the rows mean is decided in
`plans.roadmap_draft`. Values only: no Django, no file, no clock.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from profmin.lib.errors import RuleBroken

_BLANKS = re.compile(r"[\t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_BREAKS = re.compile(r"\r\n?|[\v\f\u0085\u2028\u2029]")
_HYPHENS = re.compile(r"[\u2010\u2011]")
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))


class UnreadableFile(RuleBroken):
    """A document which cannot be read, in one Russian sentence."""


@dataclass(frozen=True)
class Cell:
    """One cell of the grid.

    `text` keeps line breaks as "\\n"; blanks at the ends are cut, soft hyphens removed.
    `span` is the number of grid columns it covers (horizontal merge; a merged cell is given
    once, so the sum of the spans of a row is the width of its table).
    `continues` is true for the lower part of a vertical merge: its text is then "".
    """

    text: str
    span: int = 1
    continues: bool = False


@dataclass(frozen=True)
class Row:
    """One row of a table. `cut` is true where the row goes on a row which a page break cut
    (the reader of PDF knows; the others leave it false)."""

    cells: tuple[Cell, ...]
    cut: bool = False

    @property
    def width(self) -> int:
        return sum(cell.span for cell in self.cells)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(cell.text for cell in self.cells)


@dataclass(frozen=True)
class Table:
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Document:
    """Paragraphs and tables in the order of the document.

    `grid` is false for plain text where merges cannot be seen: an empty cell may then be
    the lower part of a merged one.
    """

    blocks: tuple[Paragraph | Table, ...]
    grid: bool = True

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Table))


def tidy(text: str) -> str:
    """The text as a person sees it: plain blanks and hyphens, "\\n" for every kind of line
    break, letters whole («й» is one sign), no control, invisible or direction marks (the
    soft hyphen is one), no blanks at the ends of its lines, no empty lines at its ends and
    at most one inside."""
    text = _BREAKS.sub("\n", _BLANKS.sub(" ", unicodedata.normalize("NFC", text)))
    text = _HYPHENS.sub("-", text)
    if not text.isprintable():
        text = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in _UNSEEN)
    if "\n" not in text:
        return text.strip()
    lines = "\n".join(line.strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def pack(document: Document) -> list[Any]:
    """Plain lists for JSON, in which a document leaves the child process.

    `[grid, [block, …]]`; a paragraph is its text, a table a list of rows `[cut, [cell, …]]`,
    a cell `[text, span, continues]`.
    """
    blocks: list[Any] = [
        block.text if isinstance(block, Paragraph) else [_pack_row(row) for row in block.rows]
        for block in document.blocks
    ]
    return [document.grid, blocks]


def _pack_row(row: Row) -> list[Any]:
    return [row.cut, [[cell.text, cell.span, cell.continues] for cell in row.cells]]


def unpack(plain: list[Any]) -> Document:
    """The document from the lists of `pack`. Source: the child process."""
    grid, blocks = plain
    return Document(
        tuple(
            Paragraph(str(block))
            if isinstance(block, str)
            else Table(tuple(_unpack_row(row) for row in block))
            for block in blocks
        ),
        grid=bool(grid),
    )


def _unpack_row(plain: list[Any]) -> Row:
    cut, cells = plain
    return Row(
        tuple(Cell(str(text), int(span), bool(more)) for text, span, more in cells), bool(cut)
    )
