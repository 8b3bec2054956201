"""A document as plain values, to be compared with what a test expects."""

from plans.readers.document import Document, Row, Table

Shown = str | tuple[str, int]


def cells(row: Row) -> list[Shown]:
    """Each cell as its text, as (text, span) where it covers several columns, and as "^"
    (or ("^", span)) where it goes on the cell above."""
    made: list[Shown] = []
    for cell in row.cells:
        text = "^" if cell.continues else cell.text
        made.append(text if cell.span == 1 else (text, cell.span))
    return made


def rows(table: Table) -> list[list[Shown]]:
    """The table's rows."""
    return [cells(row) for row in table.rows]


def blocks(document: Document) -> list[str | list[list[Shown]]]:
    """Paragraphs as text, tables as rows, in order."""
    return [rows(block) if isinstance(block, Table) else block.text for block in document.blocks]


def expected(plan: object, *, flat: bool = False) -> list[list[Shown]]:
    """The rows a plan of `tests.samples.plans` must be read as."""
    made: list[list[Shown]] = []
    for row in plan:  # type: ignore[attr-defined]
        shown: list[Shown] = []
        for cell in row:
            text, span = cell if isinstance(cell, tuple) else (cell, 1)
            text = ("" if flat else "^") if text is None else text
            shown += [text, *[""] * (span - 1)] if flat else [text if span == 1 else (text, span)]
        made.append(shown)
    return made
