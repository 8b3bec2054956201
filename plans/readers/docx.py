"""Word documents: the XML of the body walked directly.

The library's convenient view of a table is neither quick (420 cells of 500 rows took 18 s)
nor exact about merges. Source: ECMA-376, part 1, 17.4 (tables) and 17.3 (paragraphs, runs).
"""

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from plans.readers.document import Cell, Document, Paragraph, Row, Table, UnreadableFile, tidy
from plans.readers.grid import Ledger, bounded, even
from plans.readers.numbering import Numbering
from plans.readers.ooxml import Package, attribute, child, local, number

NEARNESS = 170  # twentieths of a point, 3 mm: no column is narrower

_PASSED_THROUGH = frozenset(("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"))
_PROPERTIES = {"pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "trPr", "tcPr"}
_DELETED = {"del", "moveFrom", "delText", "instrText", "delInstrText"}
_UNSEEN = _PROPERTIES | _DELETED | {"footnoteReference", "endnoteReference", "rt"}
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "sym": "•"}
_NO_BODY = "В документе Word нет текста."


def read(path: Path) -> Document:
    """Paragraphs and tables of the document's body in their order."""
    with Package(path) as package:
        main = package.main_part("word/document.xml")
        root = package.part(main)
        body = child(root, "body")
        if body is None:
            raise UnreadableFile(_NO_BODY)
        numbering = Numbering(package.related(main, "numbering"), package.related(main, "styles"))
        return Document(tuple(_Walk(numbering).blocks(body)))


class _Walk:
    """One pass over the body; the numbers of its lists count on as it goes."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._ledger = Ledger()

    def blocks(self, parent: etree._Element) -> Iterator[Paragraph | Table]:
        pending: list[str] = []
        for element in _content(parent):
            if local(element) == "tbl":
                yield from _as_paragraph(pending)
                yield from self._table(element)
            elif local(element) == "p":
                pending.append(self._paragraph(element))
                if not _goes_on(element):
                    yield from _as_paragraph(pending)
        yield from _as_paragraph(pending)

    def _table(self, element: etree._Element) -> Iterator[Paragraph | Table]:
        rows = [row for row in _content(element) if local(row) == "tr" and not _is_deleted(row)]
        cells = [[cell for cell in _content(row) if local(cell) == "tc"] for row in rows]
        if len(cells) == 1 and len(cells[0]) == 1 and _holds_table(cells[0][0]):
            yield from self.blocks(cells[0][0])  # a frame drawn around the page
            return
        grid = child(element, "tblGrid")
        widths = [number(column, "w") for column in (() if grid is None else grid)]
        read = [self._row(row, kids) for row, kids in zip(rows, cells, strict=True)]
        table = even(read, widths, NEARNESS)
        if table is not None:
            yield table

    def _row(self, row: etree._Element, cells: list[etree._Element]) -> Row:
        properties = child(row, "trPr")
        made = _skipped(number(child(properties, "gridBefore")))
        for cell in cells:
            style = child(cell, "tcPr")
            span = bounded(number(child(style, "gridSpan"), default=1))
            if made and _merge(style, "hMerge") == "continue":
                made[-1] = Cell(made[-1].text, made[-1].span + span, made[-1].continues)
                continue
            continues = _merge(style, "vMerge") == "continue"
            text = "" if continues else tidy(self._text(cell))
            self._ledger.add(text)
            made.append(Cell(text, span, continues))
        return Row(tuple(made))  # what `gridAfter` leaves out is filled in with the width

    def _text(self, cell: etree._Element) -> str:
        """A cell's paragraphs, and what nested tables say row by row."""
        said: list[str] = []
        joined = False
        for element in _content(cell):
            if local(element) == "p":
                text = self._paragraph(element)
                said[-1:] = [said[-1] + text] if joined else [*said[-1:], text]
                joined = _goes_on(element)
            elif local(element) == "tbl":
                said += [" ".join(self._nested(row)) for row in _content(element)]
        return "\n".join(said)

    def _nested(self, row: etree._Element) -> Iterator[str]:
        for cell in _content(row):
            if local(cell) == "tc":
                yield tidy(self._text(cell))

    def _paragraph(self, element: etree._Element) -> str:
        label = self._numbering.label(element)
        text = "".join(self._said(element))
        self._ledger.add(text, cells=0)
        return f"{label} {text}" if label else text

    def _said(self, element: etree._Element) -> Iterator[str]:
        for kid in element:
            name = local(kid)
            if name == "t":
                yield kid.text or ""
            elif name in _SIGNS:
                yield _SIGNS[name]
            elif name == "AlternateContent":
                yield from self._said(kid[0] if len(kid) else kid)
            elif name == "txbxContent":
                yield "\n" + self._text(kid) + "\n"
            elif name not in _UNSEEN and not (name == "r" and _is_hidden(kid)):
                yield from self._said(kid)


def _content(parent: etree._Element) -> Iterator[etree._Element]:
    """The children, through wrappers that show nothing themselves."""
    for kid in parent:
        name = local(kid)
        if name in _PASSED_THROUGH:
            yield from _content(kid)
        elif name == "AlternateContent" and len(kid):
            yield from _content(kid[0])
        elif name not in _UNSEEN:
            yield kid


def _as_paragraph(pending: list[str]) -> Iterator[Paragraph]:
    text = tidy("".join(pending))
    pending.clear()
    if text:
        yield Paragraph(text)


def _goes_on(paragraph: etree._Element) -> bool:
    """Whether the mark at the paragraph's end was deleted: the next goes on in it."""
    return child(paragraph, "pPr", "rPr", "del") is not None


def _is_deleted(row: etree._Element) -> bool:
    return child(row, "trPr", "del") is not None


def _is_hidden(run: etree._Element) -> bool:
    hidden = child(run, "rPr", "vanish")
    return hidden is not None and attribute(hidden, "val") not in ("0", "false", "off")


def _holds_table(cell: etree._Element) -> bool:
    return any(local(kid) == "tbl" for kid in _content(cell))


def _merge(style: etree._Element | None, name: str) -> str | None:
    """ "restart", "continue" (also where nothing is said) or None: not merged."""
    merge = child(style, name)
    return None if merge is None else attribute(merge, "val") or "continue"


def _skipped(columns: int) -> list[Cell]:
    return [Cell("", bounded(columns))] if columns > 0 else []
