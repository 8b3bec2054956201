"""PDF documents: tables by their drawn lines, over page breaks; words in order.

A table that goes on over pages is one table; what repeats on each page (the head) stays as
written. The part of a row after the page break which cut it is a row with `cut` set.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfplumber.utils.exceptions import PdfminerException
from pdfplumber.utils.text import extract_words

from plans.readers.document import Cell, Document, Paragraph, Row, Table, UnreadableFile, tidy
from plans.readers.grid import Ledger, even
from plans.readers.ruled import Grid, grids
from plans.readers.wrapped import TextLine, Word, lines_of, room_of, text_of

PAGES = 150
EDGES = 20_000  # lines of a page
SIGNS = 100_000  # of a page
TALL = 40.0  # points: more than three lines of type
TWICE = 0.6  # points: a sign so near to another of its kind is the same, drawn twice
NEAR = 5.0  # points: columns of one table on two pages
MARGIN = 0.1  # of the page's height: where a page's number stands

_NUMBERS = {
    sign.format(zeros) for zeros in ("0", "00", "000") for sign in ("{}", "- {} -", "– {} –")
}
_SCANNED = (
    "В файле только изображения страниц, текста в нём нет: загрузите исходный документ "
    "(DOCX) или распознайте текст."
)
_EMPTY = "В файле нет текста."
_LOCKED = "Файл защищён паролем: снимите защиту и загрузите снова."
_DAMAGED = "Файл PDF повреждён: сохраните его заново и загрузите снова."
_LONG = "В файле больше 150 страниц: оставьте только план и загрузите снова."
_DENSE = "Страницы файла слишком сложны: сохраните план как DOCX и загрузите снова."
_GARBLED = "Текст в этом PDF не извлекается (особый шрифт): загрузите исходный документ (DOCX)."


@dataclass
class _Piece:
    """A table, or what is known of it so far. `xs` are its columns' lines in points."""

    xs: tuple[float, ...]
    rows: list[list[tuple[int, int, Cell]]]  # cells as (left, right, cell) by lines of `xs`
    cut_above: bool = False
    cut_below: bool = False
    tail: float = 0.0  # the height of the last row on its page
    cuts: set[int] = field(default_factory=set)


_Block = str | _Piece


@dataclass
class _Page:
    """What stands on a page: tables with their upper edges, and the lines outside them."""

    height: float
    tables: list[tuple[float, _Piece]]
    lines: list[TextLine]


def read(path: Path) -> Document:
    """Paragraphs and tables of all pages in order."""
    try:
        with pdfplumber.open(path) as document:
            if len(document.pages) > PAGES:
                raise UnreadableFile(_LONG)
            pages = list(_pages(document))
    except (PdfminerException, PDFException) as error:
        raise _refusal(error) from error
    running = _running(pages)
    blocks = _joined(_ordered(page, running) for page in pages)
    return Document(tuple(_finished(blocks)))


def _refusal(error: Exception) -> UnreadableFile:
    cause = error.args[0] if error.args else error
    locked = isinstance(cause, PDFPasswordIncorrect | PDFEncryptionError)
    return UnreadableFile(_LOCKED if locked else _DAMAGED)


def _pages(document: Any) -> Iterator[_Page]:
    ledger = Ledger()
    signs = pictures = garbled = 0
    for page in document.pages:
        chars = page.chars
        signs += len(chars)
        pictures += len(page.images)
        garbled += sum(1 for char in chars if char["text"].startswith("(cid:"))
        if len(chars) > SIGNS or len(page.edges) > EDGES:
            raise UnreadableFile(_DENSE)
        yield _page(page, chars, ledger)
        page.close()
    if not signs:
        raise UnreadableFile(_SCANNED if pictures else _EMPTY)
    if garbled * 5 > signs:
        raise UnreadableFile(_GARBLED)


def _page(page: Any, chars: list[dict[str, Any]], ledger: Ledger) -> _Page:
    """The tables of one page and the lines around them."""
    found = grids(_lines(page, "v"), _lines(page, "h"))
    inside: list[dict[tuple[int, int], list[dict[str, Any]]]] = [{} for _ in found]
    outside = []
    for char in _once(chars, page):
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        for grid, cells in zip(found, inside, strict=True):
            place = grid.at(x, y)
            if place is not None:
                cells.setdefault(place, []).append(char)
                break
        else:
            outside.append(char)
    tables = [
        (grid.ys[0], _piece(grid, cells, ledger)) for grid, cells in zip(found, inside, strict=True)
    ]
    return _Page(float(page.height), tables, lines_of(_words(outside)))


def _lines(page: Any, orientation: str) -> Iterator[tuple[float, float, float]]:
    for edge in page.edges:
        if edge["orientation"] == orientation == "v":
            yield edge["x0"], edge["top"], edge["bottom"]
        elif edge["orientation"] == orientation:
            yield edge["top"], edge["x0"], edge["x1"]


def _once(chars: list[dict[str, Any]], page: Any) -> Iterator[dict[str, Any]]:
    """The signs on the page, each once: bold type may be drawn twice."""
    seen: dict[tuple[str, int, int], tuple[float, float]] = {}
    for char in chars:
        sign, x, y = char["text"], char["x0"], char["top"]
        near = (
            seen.get((sign, int(x) + right, int(y) + down), (-9.0, -9.0))
            for right in (-1, 0, 1)
            for down in (-1, 0, 1)
        )
        twice = any(abs(x - left) < TWICE and abs(y - top) < TWICE for left, top in near)
        if not twice and 0 <= x <= page.width and 0 <= y <= page.height:
            seen[sign, int(x), int(y)] = (x, y)
            yield char


def _words(chars: list[dict[str, Any]]) -> list[Word]:
    """Words by the gaps between signs."""
    made = extract_words(
        chars, x_tolerance_ratio=0.18, y_tolerance=2, return_chars=True, keep_blank_chars=False
    )
    return [
        Word(
            word["text"],
            word["x0"],
            word["x1"],
            word["top"],
            word["bottom"],
            word["chars"][0]["x1"] - word["chars"][0]["x0"],
        )
        for word in made
    ]


def _piece(
    grid: Grid, signs: dict[tuple[int, int], list[dict[str, Any]]], ledger: Ledger
) -> _Piece:
    """The grid's rows with their texts; lines at which no cell ends are no rows' lines."""
    rows: list[list[tuple[int, int, Cell]]] = [[] for _ in grid.ys[1:]]
    for region in grid.regions:
        places = [
            (column, row)
            for row in range(region.upper, region.lower)
            for column in range(region.left, region.right)
        ]
        chars = [char for place in places for char in signs.get(place, ())]
        text = _cell_text(chars, grid.xs[region.left], grid.xs[region.right])
        ledger.add(text)
        rows[region.upper].append((region.left, region.right, Cell(text)))
        for row in range(region.upper + 1, region.lower):
            rows[row].append((region.left, region.right, Cell("", 1, continues=True)))
    kept = [sorted(row, key=lambda cell: cell[0]) for row in rows if _is_row(row)]
    tail = grid.ys[-1] - grid.ys[-2]
    return _Piece(grid.xs, kept, grid.cut_above, grid.cut_below, tail)


def _is_row(row: list[tuple[int, int, Cell]]) -> bool:
    return not all(cell.continues for *_, cell in row)


def _cell_text(chars: list[dict[str, Any]], left: float, right: float) -> str:
    lines = lines_of(_words(chars)) if chars else []
    return tidy(text_of(lines, room_of(lines, left, right))) if lines else ""


def _running(pages: Sequence[_Page]) -> set[str]:
    """What repeats in the margins of most pages (a file's stamp), and pages' numbers: the
    signs of such lines, "0" for every digit."""
    seen = Counter(
        kind for page in pages for kind in {_kind(line) for line in page.lines if _edge(line, page)}
    )
    return {kind for kind, count in seen.items() if 1 < count > len(pages) // 2} | _NUMBERS


def _kind(line: TextLine) -> str:
    return re.sub(r"\d", "0", line.text)


def _edge(line: TextLine, page: _Page) -> bool:
    return line.bottom < MARGIN * page.height or line.top > (1 - MARGIN) * page.height


def _ordered(page: _Page, running: set[str]) -> list[_Block]:
    """Paragraphs and tables from the top."""
    lines = [line for line in page.lines if not (_edge(line, page) and _kind(line) in running)]
    room = max((line.width for line in lines), default=0.0)
    blocks: list[_Block] = []
    for top, table in [*page.tables, (page.height, None)]:
        above = [line for line in lines if line.top < top]
        lines = lines[len(above) :]
        blocks += text_of(above, room).split("\n") if above else []
        blocks += [table] if table else []
    return blocks


def _joined(pages: Iterator[list[_Block]]) -> list[_Block]:
    """The blocks of all pages, a table that goes on after a page break made one."""
    blocks: list[_Block] = []
    for page in pages:
        for place, block in enumerate(page):
            last = blocks[-1] if blocks else None
            if isinstance(block, str):
                blocks.append(block)
            elif not (place == 0 and isinstance(last, _Piece) and _append(last, block)):
                blocks += [block] if len(block.xs) > 2 else _boxed(block)
    return blocks


def _boxed(box: _Piece) -> list[str]:
    """The text of a box that belongs to no table, as paragraphs."""
    return [line for row in box.rows for *_, cell in row for line in cell.text.split("\n")]


def _append(table: _Piece, more: _Piece) -> bool:
    """Adds the rows of the next page; False where these are columns of another table."""
    if _places(more.xs, table.xs) is None and _places(table.xs, more.xs) is not None:
        _move(table, more.xs)
    if _places(more.xs, table.xs) is None:
        return False
    _move(more, table.xs)
    first = len(table.rows) + _repeated(table, more)
    table.rows += more.rows
    if first < len(table.rows) and _is_cut(table, more, first):
        table.cuts.add(first)
    table.cut_below, table.tail = more.cut_below, more.tail
    return True


def _is_cut(table: _Piece, more: _Piece, first: int) -> bool:
    """Whether the page cut the row before `more`, which row `first` then goes on."""
    row, before = table.rows[first], table.rows[-len(more.rows) - 1]
    if table.cut_below or more.cut_above:
        both = row[0][2].text and before[0][2].text
        return not (both and table.tail > TALL)  # the number of a tall part has no rest
    return _looks_cut(row)


def _places(few: Sequence[float], many: Sequence[float]) -> list[int] | None:
    """For each line the index of the same line among `many`; both end where they end."""
    places = []
    for x in few:
        near = min(range(len(many)), key=lambda index: abs(many[index] - x))
        if abs(many[near] - x) > NEAR:
            return None
        places.append(near)
    whole = places[0] == 0 and places[-1] == len(many) - 1
    return places if whole and len(set(places)) == len(places) else None


def _move(table: _Piece, xs: tuple[float, ...]) -> None:
    """Counts the cells of `table` by the lines `xs`."""
    places = _places(table.xs, xs)
    if places is not None:
        table.rows = [
            [(places[left], places[right], cell) for left, right, cell in row] for row in table.rows
        ]
        table.xs = xs


def _repeated(table: _Piece, more: _Piece) -> int:
    """How many rows of the head are repeated at the top of the next page."""
    count = 0
    for ours, theirs in zip(table.rows, more.rows, strict=False):
        if _said(ours) != _said(theirs) or not any(_said(ours)):
            break
        count += 1
    return count


def _said(row: list[tuple[int, int, Cell]]) -> list[str]:
    return ["".join(cell.text.split()) for *_, cell in row]


def _looks_cut(row: list[tuple[int, int, Cell]]) -> bool:
    """Without a number at the top of a page, and words go on: the page cut the row, though
    a border stands."""
    said = [cell.text for *_, cell in row if cell.text]
    return len(row) > 2 and not row[0][2].text and any(not text[0].isupper() for text in said)


def _finished(blocks: list[_Block]) -> Iterator[Paragraph | Table]:
    for block in blocks:
        if isinstance(block, str):
            text = tidy(block)
            if text:
                yield Paragraph(text)
            continue
        table = even(
            Row(
                tuple(Cell(cell.text, right - left, cell.continues) for left, right, cell in row),
                cut=index in block.cuts,
            )
            for index, row in enumerate(block.rows)
        )
        if table is not None:
            yield table
