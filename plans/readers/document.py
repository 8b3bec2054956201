"""What every reader answers: the document as paragraphs and tables, nothing interpreted.

A reader keeps every row and every cell as written; what the rows mean is decided in
`plans.roadmap_draft`. Values only: no Django, no file, no clock.
"""

from dataclasses import dataclass


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
