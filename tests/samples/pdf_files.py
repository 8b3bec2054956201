"""PDF documents as bytes: lines and text at places, and tables that a page cuts.

The one font has a map to Cyrillic (code page 1251) and half its size as every sign's width,
so places can be reckoned in a test.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from tests.samples.plans import Rows, span_of, text_of

WIDTH, HEIGHT, SIZE = 842.0, 595.0, 9.0
LEFT, TOP, BOTTOM = 50.0, 45.0, 550.0
LEADING, PADDING = 11.0, 2.5


@dataclass
class Page:
    """What a page draws; places are points from its upper left corner."""

    drawn: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, size: float = SIZE) -> None:
        """A line of text whose upper edge is at `y`."""
        code = text.encode("cp1251").hex()
        self.drawn.append(f"BT /F1 {size} Tf {x} {HEIGHT - y - size * 0.8} Td <{code}> Tj ET")

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A stroke."""
        self.drawn.append(f"{x0} {HEIGHT - y0} m {x1} {HEIGHT - y1} l S")

    def box(self, x: float, y: float, width: float, height: float) -> None:
        """A filled rectangle, as Word draws a border."""
        self.drawn.append(f"{x} {HEIGHT - y - height} {width} {height} re f")


def document(pages: Iterable[Page], trailer: str = "") -> bytes:
    """The file; `trailer` is added to the trailer's dictionary."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", _FONT, _DESCRIPTOR, _stream(_cmap())]
    kids = []
    for page in pages:
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /Resources << /Font << /F1 3 0 R >> >> "
            f"/MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {len(objects) + 2} 0 R >>"
        )
        objects.append(_stream("\n".join(page.drawn)))
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return assembled(objects, trailer)


def assembled(objects: Sequence[str], trailer: str = "") -> bytes:
    """A file of these objects, numbered from 1; the first is the catalogue."""
    made = b"%PDF-1.7\n"
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    start = len(made)
    made += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    ending = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\n"
    return made + f"{ending}startxref\n{start}\n%%EOF\n".encode()


def _stream(text: str) -> str:
    return f"<< /Length {len(text)} >>\nstream\n{text}\nendstream"


_FONT = (
    "<< /Type /Font /Subtype /Type1 /BaseFont /Sample /FirstChar 0 /LastChar 255 "
    f"/Widths [{'500 ' * 256}] /FontDescriptor 4 0 R /ToUnicode 5 0 R >>"
)
_DESCRIPTOR = (
    "<< /Type /FontDescriptor /FontName /Sample /Flags 32 /FontBBox [0 -200 500 800] "
    "/ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>"
)


def _cmap() -> str:
    signs = [(code, bytes([code]).decode("cp1251", "ignore")) for code in range(32, 256)]
    pairs = [f"<{code:02x}> <{ord(sign):04x}>" for code, sign in signs if sign]
    blocks = "\n".join(
        f"{len(pairs[at : at + 100])} beginbfchar\n"
        + "\n".join(pairs[at : at + 100])
        + "\nendbfchar"
        for at in range(0, len(pairs), 100)
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{blocks}\nendcmap end end"
    )


def wrapped(text: str, width: float) -> list[str]:
    """Lines of at most `width` points; a word too long is broken between letters."""
    most = int(width / (SIZE / 2))
    lines: list[str] = []
    for part in text.split("\n"):
        line = ""
        for word in part.split():
            rest = word
            if line and len(line) + 1 + len(rest) <= most:
                line += f" {rest}"
                continue
            lines += [line] if line else []
            while len(rest) > most:
                lines.append(rest[:most])
                rest = rest[most:]
            line = rest
        lines.append(line)
    return lines


class Flow:
    """A document written from top to bottom, page after page."""

    def __init__(self, start: float = TOP) -> None:
        self.pages = [Page()]
        self.y = start

    def paragraph(self, text: str) -> None:
        """Lines over the page's width."""
        for line in wrapped(text, WIDTH - 2 * LEFT):
            self.pages[-1].text(LEFT, self.y, line)
            self.y += LEADING
        self.y += LEADING

    def table(self, rows: Rows, widths: Sequence[float], *, head: int = 1) -> None:
        """A table whose first `head` rows stand on each page. A row that has no room is cut;
        the cut has no border."""
        for place, row in enumerate(rows):
            ends = accumulate((span_of(cell) for cell in row), initial=0)
            xs = [LEFT + sum(widths[:end]) for end in ends]
            texts = [
                wrapped(text_of(cell), right - left - 2 * PADDING)
                for cell, left, right in zip(row, xs, xs[1:], strict=False)
            ]
            following = rows[place + 1] if place + 1 < len(rows) else ()
            floors = [not (at < len(following) and following[at] is None) for at in range(len(row))]
            self._row(texts, xs, floors, rows[:head] if place >= head else (), widths)

    def _row(
        self,
        texts: list[list[str]],
        xs: list[float],
        floors: list[bool],
        head: Rows,
        widths: Sequence[float],
    ) -> None:
        fitting = int((BOTTOM - self.y - 2 * PADDING) / LEADING)
        if fitting < 1:
            self._next_page(head, widths)
            fitting = int((BOTTOM - self.y - 2 * PADDING) / LEADING)
        height = max(map(len, texts))
        cut = height > fitting
        shown = [lines[:fitting] for lines in texts]
        lower = BOTTOM if cut else self.y + height * LEADING + 2 * PADDING
        self._draw(shown, xs, [floor and not cut for floor in floors], lower)
        self.y = lower
        if cut:
            self._next_page(head, widths)
            self._row([lines[fitting:] for lines in texts], xs, floors, head, widths)

    def _draw(
        self, texts: list[list[str]], xs: list[float], floors: list[bool], lower: float
    ) -> None:
        page = self.pages[-1]
        for x in xs:
            page.line(x, self.y, x, lower)
        for left, right, floor in zip(xs, xs[1:], floors, strict=False):
            if floor:
                page.line(left, lower, right, lower)
        for lines, left in zip(texts, xs, strict=False):
            for number, line in enumerate(lines):
                page.text(left + PADDING, self.y + PADDING + number * LEADING, line)

    def _next_page(self, head: Rows, widths: Sequence[float]) -> None:
        self.pages.append(Page())
        self.y = TOP
        self.border(widths)
        if head:
            self.table(head, widths, head=len(head))

    def border(self, widths: Sequence[float]) -> None:
        """The upper border of a table."""
        self.pages[-1].line(LEFT, self.y, LEFT + sum(widths), self.y)

    def done(self) -> bytes:
        """The file."""
        return document(self.pages)


def plan(rows: Rows, widths: Sequence[float], title: str, *, head: int = 1) -> bytes:
    """A document of a title and a table."""
    flow = Flow()
    flow.paragraph(title)
    flow.border(widths)
    flow.table(rows, widths, head=head)
    return flow.done()
