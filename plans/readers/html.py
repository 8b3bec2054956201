"""Web pages: tables with cells over several rows and columns, and the text around them.

Nothing is fetched or run. A page's layout drawn with tables is looked through.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from plans.readers.document import Cell, Document, Paragraph, Row, Table, UnreadableFile, tidy
from plans.readers.grid import Ledger, bounded, even
from profmin.lib.documents import decode

_NOT_TEXT = "Страницу прочитать не удалось: сохраните её в кодировке UTF-8 и загрузите снова."
_DEEP = "Файл слишком сложен: оставьте в нём только таблицу плана и загрузите снова."
_FOREIGN = {"script", "style", "head", "title", "noscript", "template", "object", "iframe"}
_UNSEEN = _FOREIGN | {"svg", "math", "select", "textarea", "button", "nav"}
_LISTS = {"li", "ul", "ol", "dl", "dt", "dd", "pre", "blockquote", "hr", "address", "figure"}
_PARTS = {"body", "section", "article", "header", "footer", "main", "aside", "center", "form"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = _LISTS | _PARTS | _HEADINGS | {"p", "div", "table", "caption", "tr"}
_SPACE = re.compile(r"[ \t\r\n\f]+")


def read(path: Path) -> Document:
    """Paragraphs and tables of a page in order."""
    text = decode(path.read_bytes())
    if text is None:
        raise UnreadableFile(_NOT_TEXT)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", text).encode(), parser)
    if any("depth" in str(entry.message).lower() for entry in parser.error_log):
        raise UnreadableFile(_DEEP)
    return Document(tuple(_blocks(root, Ledger())) if root is not None else ())


def _blocks(root: etree._Element, ledger: Ledger) -> Iterator[Paragraph | Table]:
    said: list[str] = []
    for piece in _pieces(root):
        if isinstance(piece, str):
            said.append(piece)
            continue
        yield from _paragraphs(said, ledger)
        said = []
        yield from _table(piece, ledger)
    yield from _paragraphs(said, ledger)


def _pieces(element: etree._Element) -> Iterator[str | etree._Element]:
    """Text, with "\\n" around blocks, and the tables as they come."""
    if _is_hidden(element):
        return
    name = element.tag
    if name == "table" and not _is_layout(element):
        yield element
        return
    edge = "\n" if name in _BLOCKS or name in ("br", "td", "th") else ""
    yield edge + _SPACE.sub(" ", element.text or "")
    for kid in element:
        yield from _pieces(kid)
        yield _SPACE.sub(" ", kid.tail or "")
    yield edge


def _is_hidden(element: etree._Element) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return element.tag in _UNSEEN or "hidden" in element.attrib or "display:none" in style


def _is_layout(table: etree._Element) -> bool:
    """A table that only holds the page together: one inside it has more rows."""
    rows = len(_rows(table))
    return any(len(_rows(inner)) > rows for inner in table.iterdescendants("table"))


def _rows(table: etree._Element) -> list[etree._Element]:
    rows = []
    for kid in table:
        if kid.tag in ("thead", "tbody", "tfoot"):
            rows += [row for row in kid if row.tag == "tr"]
        elif kid.tag == "tr":
            rows.append(kid)
    return rows


def _paragraphs(said: list[str], ledger: Ledger) -> Iterator[Paragraph]:
    for line in "".join(said).split("\n"):
        text = tidy(line)
        ledger.add(text, cells=0)
        if text:
            yield Paragraph(text)


def _table(table: etree._Element, ledger: Ledger) -> Iterator[Paragraph | Table]:
    for caption in table.findall("caption"):
        yield from _paragraphs([_text(caption)], ledger)
    below: dict[int, tuple[int, int]] = {}
    made = even([_row(row, below, ledger) for row in _rows(table)])
    if made is not None:
        yield made


def _row(row: etree._Element, below: dict[int, tuple[int, int]], ledger: Ledger) -> Row:
    """`below` keeps, by column, how many rows a cell above still covers, and its width."""
    cells: list[Cell] = []
    column = 0
    begun: dict[int, tuple[int, int]] = {}
    for cell in [kid for kid in row if kid.tag in ("td", "th")]:
        column = _covered(cells, below, column)
        span = bounded(_number(cell, "colspan"))
        text = tidy(_text(cell))
        ledger.add(text, cells=span)
        cells.append(Cell(text, span))
        rows = _number(cell, "rowspan")
        begun[column] = (10_000 if rows == 0 else rows - 1, span)
        column += span
    while column <= max(below, default=-1):
        before = column
        column = _covered(cells, below, column)
        if column == before:
            cells.append(Cell(""))
            column += 1
    for place in list(below):
        rows, span = below.pop(place)
        if rows > 1:
            below[place] = (rows - 1, span)
    below.update({place: left for place, left in begun.items() if left[0] > 0})
    return Row(tuple(cells))


def _covered(cells: list[Cell], below: dict[int, tuple[int, int]], column: int) -> int:
    """The next column that no cell above covers; those covered are put into `cells`."""
    while column in below:
        span = below[column][1]
        cells.append(Cell("", span, continues=True))
        column += span
    return column


def _number(cell: etree._Element, name: str) -> int:
    value = (cell.get(name) or "").strip()
    return min(int(value), 10_000) if value.isascii() and value.isdigit() else 1


def _text(element: etree._Element) -> str:
    """A cell's text; nested tables row by row."""
    said = []
    for piece in (element.text or "", *element):
        if isinstance(piece, str):
            said.append(_SPACE.sub(" ", piece))
            continue
        said += _said(piece)
        said.append(_SPACE.sub(" ", piece.tail or ""))
    lines = (" ".join(line.split()) for line in "".join(said).split("\n"))
    return "\n".join(line for line in lines if line)


def _said(element: etree._Element) -> Iterator[str]:
    if _is_hidden(element):
        return
    edge = "\n" if element.tag in _BLOCKS or element.tag == "br" else ""
    edge = " " if element.tag in ("td", "th") else edge
    yield edge + _SPACE.sub(" ", element.text or "")
    for kid in element:
        yield from _said(kid)
        yield _SPACE.sub(" ", kid.tail or "")
    yield edge
