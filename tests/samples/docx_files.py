"""Word documents as bytes, written part by part: python-docx cannot write what we test."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from tests.samples.plans import TITLE, Cell, Rows, span_of, text_of

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACES = (
    f'xmlns:w="{MAIN}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def run(text: str, properties: str = "") -> str:
    """A run of text."""
    inner = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inner}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(text: str = "", properties: str = "", *, raw: str = "") -> str:
    """A paragraph of one run, or of the runs in `raw`."""
    inner = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{inner}{raw or (run(text) if text else '')}</w:p>"


def cell(content: str, properties: str = "") -> str:
    """A cell; `content` are its paragraphs."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    """A row of cells."""
    inner = f"<w:trPr>{properties}</w:trPr>" if properties else ""
    return f"<w:tr>{inner}{''.join(cells)}</w:tr>"


def table(*rows: str, grid: Sequence[int] = ()) -> str:
    """A table; `grid` are the widths of its columns in twentieths of a point."""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in grid)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"


def plan_table(rows: Rows) -> str:
    """A table of the cells of `tests.samples.plans`."""
    width = sum(map(span_of, rows[0]))
    made = [row(*(_plan_cell(rows, y, x) for x in range(len(rows[y])))) for y in range(len(rows))]
    return table(*made, grid=[2000] * width)


def _plan_cell(rows: Rows, y: int, x: int) -> str:
    found: Cell = rows[y][x]
    paragraphs = "".join(paragraph(line) for line in text_of(found).split("\n"))
    properties = f'<w:gridSpan w:val="{span_of(found)}"/>' if span_of(found) > 1 else ""
    if found is None:
        properties = "<w:vMerge/>"
    elif y + 1 < len(rows) and x < len(rows[y + 1]) and rows[y + 1][x] is None:
        properties += '<w:vMerge w:val="restart"/>'
    return cell(paragraphs, properties)


def plan(rows: Rows, title: str = TITLE) -> bytes:
    """A document of a title and a table."""
    return document(paragraph(title) + plan_table(rows))


def document(
    body: str,
    *,
    numbering: str = "",
    styles: str = "",
    parts: Mapping[str, bytes] | None = None,
    head: str = "",
    main_type: str = f"{_TYPE}.document.main+xml",
) -> bytes:
    """The package; `head` stands before the root (a DTD), `parts` are added or replace."""
    texts = {
        "[Content_Types].xml": _content_types(main_type),
        "_rels/.rels": _relations({"officeDocument": "word/document.xml"}),
        "word/_rels/document.xml.rels": _relations(
            {"numbering": "numbering.xml", "styles": "styles.xml"}
        ),
        "word/document.xml": f'<?xml version="1.0" encoding="UTF-8"?>{head}'
        f"<w:document {_SPACES}><w:body>{body}<w:sectPr/></w:body></w:document>",
        "word/numbering.xml": f"<w:numbering {_SPACES}>{numbering}</w:numbering>",
        "word/styles.xml": f"<w:styles {_SPACES}>{styles}</w:styles>",
    }
    return archive({name: text.encode() for name, text in texts.items()} | dict(parts or {}))


def archive(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive with these members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as package:
        for name, data in parts.items():
            package.writestr(zipfile.ZipInfo(name), data, method)
    return made.getvalue()


def _content_types(main_type: str) -> str:
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main_type}"/></Types>'
    )


def _relations(targets: Mapping[str, str]) -> str:
    made = "".join(
        f'<Relationship Id="r{kind}" Type="{_KIND}/{kind}" Target="{target}"/>'
        for kind, target in targets.items()
    )
    return f'<Relationships xmlns="{_RELATIONS}">{made}</Relationships>'


def scheme(number: int, *levels: str) -> str:
    """A list's scheme and the list of the same number; levels are `level(...)`."""
    made = "".join(f'<w:lvl w:ilvl="{place}">{inner}</w:lvl>' for place, inner in enumerate(levels))
    return f'<w:abstractNum w:abstractNumId="{number}">{made}</w:abstractNum>'


def level(text: str, form: str = "decimal", start: int = 1, more: str = "") -> str:
    """One level of a scheme, e.g. `level("%1.%2.")`."""
    return (
        f'<w:start w:val="{start}"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{escape(text)}"/>{more}'
    )


def listed(number: int, scheme_number: int, overrides: str = "") -> str:
    """A list that counts by a scheme."""
    return (
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{scheme_number}"/>{overrides}</w:num>'
    )


def numbered(number: int, place: int = 0) -> str:
    """Properties of a paragraph in a list."""
    return f'<w:numPr><w:ilvl w:val="{place}"/><w:numId w:val="{number}"/></w:numPr>'
