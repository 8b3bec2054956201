"""Plain text, a file's or pasted: rows of cells between tabs, Markdown, one cell a line.

Merges cannot be seen in text, so the document's `grid` is false. Tags inside cells stay as
written. The layouts themselves are in `plans.readers.layouts`.
"""

import re
from pathlib import Path

from plans.readers.document import Cell, Document, Paragraph, Row, Table, UnreadableFile, tidy
from plans.readers.grid import Ledger
from plans.readers.layouts import blocks_of
from profmin.lib.documents import decode

_NOT_TEXT = "Текст прочитать не удалось: сохраните файл в кодировке UTF-8 и загрузите снова."
_LINE_END = re.compile(r"\r\n|[\r\n\f\x85\u2028\u2029]")
_BOOKMARK = re.compile(r"\[bookmark: ?\w+\]")
_EMPHASIS = re.compile(r"\*\*(?=\S)([^*]{1,2000})\*\*")
_HASHES = re.compile(r"^#{1,6} +", re.MULTILINE)


def read(path: Path) -> Document:
    """Paragraphs and tables of a text file."""
    text = decode(path.read_bytes())
    if text is None:
        raise UnreadableFile(_NOT_TEXT)
    return parse_text(text)


def parse_text(text: str) -> Document:
    """Paragraphs and tables of a text; a row whose cells could not all be told apart is
    narrower than its table."""
    lines = _LINE_END.split(_BOOKMARK.sub("", text.lstrip("\ufeff")))
    ledger = Ledger()
    blocks: list[Paragraph | Table] = []
    for block in blocks_of(lines):
        made = _paragraph(block) if isinstance(block, str) else _table(block, ledger)
        blocks += [made] if made else []
    return Document(tuple(blocks), grid=False)


def _paragraph(block: str) -> Paragraph | None:
    text = _plain(_HASHES.sub("", block))
    return Paragraph(text) if text else None


def _table(rows: list[list[str]], ledger: Ledger) -> Table | None:
    made = []
    for cells in rows:
        for cell in cells:
            ledger.add(cell)
        made.append(Row(tuple(Cell(_plain(cell)) for cell in cells)))
    return Table(tuple(made)) if any(any(row.texts) for row in made) else None


def _plain(text: str) -> str:
    """Without Markdown's signs of bold type."""
    return tidy(_EMPHASIS.sub(r"\1", text) if "**" in text else text)
