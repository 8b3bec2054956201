"""From rows of cells as a format stores them to rows of one width.

Tables drawn by hand have grid lines a millimetre apart that nobody sees; rows may be shorter
than their table; a declared span may be absurd. Pure.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from plans.readers.document import Cell, Row, Table, UnreadableFile

COLUMNS = 63  # Word's own limit
CELLS = 100_000  # of one document; the longest real one has 500
CHARACTERS = 5_000_000
_TOO_LARGE = "В таблицах файла слишком много ячеек: оставьте только план и загрузите снова."


class Ledger:
    """Counts the cells and characters of a document while it is read."""

    def __init__(self) -> None:
        self._cells = 0
        self._characters = 0

    def add(self, text: str, cells: int = 1) -> None:
        """Raises `UnreadableFile` when the document is beyond all measure."""
        self._cells += cells
        self._characters += len(text)
        if self._cells > CELLS or self._characters > CHARACTERS:
            raise UnreadableFile(_TOO_LARGE)


def bounded(span: int) -> int:
    """A declared span, between one and the most columns a table can have."""
    return min(max(span, 1), COLUMNS)


def even(rows: Iterable[Row], widths: Sequence[int] = (), nearness: int = 0) -> Table | None:
    """A table whose rows all have its width, None where nothing is written in it.

    Grid lines nearer than `nearness` to each other (in the units of `widths`, the widths of
    the grid's columns) become one; short rows are filled with an empty cell at their end;
    rows in which nothing is written are left out.
    """
    kept = [row for row in rows if any(row.texts)]
    if not kept:
        return None
    kept = _dense(_snapped(kept, widths, nearness))
    width = max(row.width for row in kept)
    return Table(tuple(_filled(row, width) for row in kept))


def trimmed(rows: Sequence[Row]) -> list[Row]:
    """Rows of one width without the empty columns on both sides."""
    placed = [list(_places(row)) for row in rows]
    begins = [left for row in placed for left, _, cell in row if cell.text or cell.continues]
    first, last = min(begins, default=0), max(begins, default=0)
    return [
        Row(
            tuple(
                replace(cell, span=min(right, last + 1) - max(left, first))
                for left, right, cell in row
                if left <= last and right > first
            ),
            cut,
        )
        for row, cut in zip(placed, (row.cut for row in rows), strict=True)
    ]


def _places(row: Row) -> Iterator[tuple[int, int, Cell]]:
    """The cells with the grid lines at which they begin and end."""
    lines = accumulate((cell.span for cell in row.cells), initial=0)
    for (left, right), cell in zip(pairwise(lines), row.cells, strict=True):
        yield left, right, cell


def _filled(row: Row, width: int) -> Row:
    missing = width - row.width
    return Row((*row.cells, Cell("", missing)), row.cut) if missing else row


def _snapped(rows: list[Row], widths: Sequence[int], nearness: int) -> list[Row]:
    """Rows on the grid whose near lines are one; as given where a cell would vanish."""
    if not nearness or any(row.width > len(widths) for row in rows):
        return rows
    lines = [0, *accumulate(widths)]
    place = [0]
    anchor = 0
    for line in lines[1:]:
        far = line - anchor >= nearness
        anchor = line if far else anchor
        place.append(place[-1] + far)
    snapped = [_placed(row, place) for row in rows]
    return [row for row in snapped if row is not None] if None not in snapped else rows


def _dense(rows: list[Row]) -> list[Row]:
    """Rows on a grid without the lines at which no cell begins: a heading merged over more
    columns than there are ends where the table ends."""
    begins = {0}
    for row in rows:
        begins.update(accumulate(cell.span for cell in row.cells[:-1]))
    ordered = sorted(begins)
    longest = max(row.width for row in rows)
    place = [bisect_left(ordered, line) for line in range(longest + 1)]
    dense = [_placed(row, place) for row in rows]
    return [row for row in dense if row is not None]


def _placed(row: Row, place: Sequence[int]) -> Row | None:
    """The row with its lines at `place`, None where a cell would have no width."""
    lines = [0, *accumulate(cell.span for cell in row.cells)]
    spans = [place[after] - place[before] for before, after in pairwise(lines)]
    if 0 in spans:
        return None
    cells = zip(row.cells, spans, strict=True)
    return Row(tuple(replace(cell, span=span) for cell, span in cells), row.cut)
