"""Word documents: merges, wrappers, tracked changes, counted numbers."""

import pytest

from plans.readers import docx
from plans.readers.document import UnreadableFile
from tests.samples import docx_files, plans
from tests.samples.docx_files import (
    cell,
    level,
    listed,
    numbered,
    paragraph,
    row,
    run,
    scheme,
    table,
)
from tests.samples.shown import blocks, expected

HEAD = row(*(cell(paragraph(text)) for text in ("№", "Мероприятие", "Срок")))


def read(tmp_path, body: str, **parts):
    path = tmp_path / "file"
    path.write_bytes(docx_files.document(body, **parts))
    return blocks(docx.read(path))


def one(content: str, properties: str = "") -> str:
    """A table whose first cell holds `content`."""
    return table(row(cell(content, properties), cell(paragraph("x"))))


@pytest.mark.parametrize("plan", [plans.REGION, plans.DISTRICT], ids=["region", "district"])
def test_read_keeps_every_row_and_merge(tmp_path, plan):
    path = tmp_path / "file"
    path.write_bytes(docx_files.plan(plan))
    assert blocks(docx.read(path)) == [plans.TITLE, expected(plan)]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param(paragraph("Раз") + paragraph("два"), "Раз\nдва", id="paragraphs"),
        pytest.param(paragraph(raw="<w:r><w:t>Раз</w:t><w:br/><w:t>два</w:t></w:r>"),
                     "Раз\nдва", id="line break"),
        pytest.param(paragraph(raw="<w:r><w:t>Раз</w:t><w:tab/><w:t>два</w:t></w:r>"),
                     "Раз два", id="tab"),
        pytest.param(paragraph(raw="<w:r><w:t>кол</w:t><w:noBreakHyphen/><w:t>во</w:t></w:r>"),
                     "кол-во", id="hyphen that never breaks"),
        pytest.param(paragraph(raw="<w:r><w:t>меро</w:t><w:softHyphen/><w:t>приятие</w:t></w:r>"),
                     "мероприятие", id="soft hyphen"),
        pytest.param(paragraph("меро\u00adприятие\u200b"), "мероприятие", id="soft hyphen as sign"),
        pytest.param(paragraph("2023\u00a0год"), "2023 год", id="blank that never breaks"),
        pytest.param(paragraph("\u202eтекст\u202c"), "текст", id="marks of direction"),
        pytest.param(paragraph("и\u0306од"), "йод", id="letter in two signs"),
        pytest.param(paragraph(" Раз ") + paragraph() + paragraph() + paragraph(), "Раз",
                     id="blanks at the ends"),
        pytest.param(paragraph("Раз") + paragraph() * 4 + paragraph("два"), "Раз\n\nдва",
                     id="many empty lines"),
        pytest.param(paragraph(raw=run("проф") + run("ориентация", "<w:b/>")),
                     "профориентация", id="word in two runs"),
        pytest.param(paragraph(raw=f"<w:ins>{run('новое')}</w:ins><w:del><w:r><w:delText>старое"
                               "</w:delText></w:r></w:del>"), "новое", id="tracked changes"),
        pytest.param(paragraph(raw=f"<w:moveFrom>{run('там')}</w:moveFrom><w:moveTo>{run('здесь')}"
                               "</w:moveTo>"), "здесь", id="moved text"),
        pytest.param(paragraph("сначала ", "<w:rPr><w:del/></w:rPr>") + paragraph("потом"),
                     "сначала потом", id="deleted end of a paragraph"),
        pytest.param(paragraph(raw=run("видно") + run("скрыто", "<w:vanish/>")), "видно",
                     id="hidden text"),
        pytest.param(paragraph(raw=run("видно", '<w:vanish w:val="0"/>')), "видно",
                     id="not hidden text"),
        pytest.param(paragraph(raw=f'<w:hyperlink r:id="r9">{run("https://example.org/a")}'
                               "</w:hyperlink>"), "https://example.org/a", id="link"),
        pytest.param(paragraph(raw="<w:r><w:instrText>HYPERLINK x</w:instrText></w:r>"
                               + run("ссылка")), "ссылка", id="field"),
        pytest.param(paragraph(raw=f"<w:fldSimple>{run('7')}</w:fldSimple>"), "7",
                     id="simple field"),
        pytest.param(paragraph(raw='<w:r><w:sym w:font="Symbol" w:char="F0B7"/></w:r>'
                               + run(" пункт")), "• пункт", id="symbol"),
        pytest.param(f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('поле')}</w:sdtContent></w:sdt>",
                     "поле", id="field of a form"),
        pytest.param(paragraph(raw="<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>"
                               f"<w:txbxContent>{paragraph('в рамке')}</w:txbxContent></wps:txbx>"
                               "</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
                               f"<w:txbxContent>{paragraph('в рамке')}</w:txbxContent></v:textbox>"
                               "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"),
                     "в рамке", id="text box once"),
        pytest.param(paragraph("до") + table(row(cell(paragraph("а")), cell(paragraph("б"))),
                                             row(cell(paragraph("в")), cell(paragraph("г"))))
                     + paragraph("после"), "до\nа б\nв г\nпосле", id="nested table"),
        pytest.param(paragraph("<b>текст</b>"), "<b>текст</b>", id="tags as text"),
        pytest.param("", "", id="no paragraph"),
    ],
)  # fmt: skip
def test_read_gives_a_cells_text_as_a_person_sees_it(tmp_path, content, text):
    assert read(tmp_path, one(content)) == [[[text, "x"]]]


def test_read_keeps_paragraphs_between_tables(tmp_path):
    small = table(HEAD)
    body = paragraph("Выше") + small + paragraph("Между") + paragraph() + small + paragraph("Ниже")
    shown = [["№", "Мероприятие", "Срок"]]
    assert read(tmp_path, body) == ["Выше", shown, "Между", shown, "Ниже"]


def test_read_looks_through_wrappers_of_tables_rows_and_cells(tmp_path):
    inner = row(cell(paragraph("1")), f"<w:sdt><w:sdtContent>{cell(paragraph('два'))}"
                "</w:sdtContent></w:sdt>", cell(paragraph("3")))  # fmt: skip
    wrapped = f"<w:sdt><w:sdtContent>{inner}</w:sdtContent></w:sdt>"
    body = f"<w:sdt><w:sdtContent>{table(HEAD, wrapped)}</w:sdtContent></w:sdt>"
    assert read(tmp_path, body) == [[["№", "Мероприятие", "Срок"], ["1", "два", "3"]]]


def test_read_leaves_out_deleted_and_empty_rows(tmp_path):
    gone = row(cell(paragraph("1")), cell(paragraph("х")), cell(paragraph("у")),
               properties="<w:del/>")  # fmt: skip
    empty = row(*[cell(paragraph())] * 3)
    new = row(cell(paragraph("2")), cell(paragraph("а")), cell(paragraph("б")),
              properties="<w:ins/>")  # fmt: skip
    shown = [["№", "Мероприятие", "Срок"], ["2", "а", "б"]]
    assert read(tmp_path, table(HEAD, gone, empty, new)) == [shown]


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        pytest.param(row(cell(paragraph("а")), cell(paragraph("б")),
                         properties='<w:gridBefore w:val="1"/>'), ["", "а", "б"],
                     id="columns before"),
        pytest.param(row(cell(paragraph("а")), properties='<w:gridAfter w:val="2"/>'),
                     ["а", ("", 2)], id="columns after"),
        pytest.param(row(cell(paragraph("а"))), ["а", ("", 2)], id="cells missing"),
        pytest.param(row(cell(paragraph("а"), '<w:hMerge w:val="restart"/>'),
                         cell(paragraph(), '<w:hMerge w:val="continue"/>'), cell(paragraph("б"))),
                     [("а", 2), "б"], id="old way of merging"),
        pytest.param(row(cell(paragraph("а"), '<w:gridSpan w:val="3"/>')), [("а", 3)],
                     id="one cell over all"),
        pytest.param(row(cell(paragraph("а"), '<w:gridSpan w:val="0"/>'), cell(paragraph("б")),
                         cell(paragraph("в"), '<w:gridSpan w:val="х"/>')), ["а", "б", "в"],
                     id="spans that are none"),
    ],
)  # fmt: skip
def test_read_gives_every_row_the_width_of_its_table(tmp_path, made, shown):
    assert read(tmp_path, table(HEAD, made))[0][1] == shown


def test_read_bounds_an_absurd_span(tmp_path):
    absurd = row(cell(paragraph("а"), '<w:gridSpan w:val="2000000000"/>'))
    assert read(tmp_path, table(HEAD, absurd)) == [[["№", "Мероприятие", "Срок"], [("а", 3)]]]


def test_read_takes_lines_a_millimetre_apart_for_one(tmp_path):
    def spanned(*spans: int) -> str:
        return row(*(cell(paragraph(str(span)), f'<w:gridSpan w:val="{span}"/>') for span in spans))

    grid = [700, 3000, 60, 2000, 40, 3000]
    made = table(spanned(1, 1, 2, 2), spanned(1, 2, 1, 2), spanned(1, 2, 2, 1), grid=grid)
    assert read(tmp_path, made) == [
        [["1", "1", "2", "2"], ["1", "2", "1", "2"], ["1", "2", "2", "1"]]
    ]


def test_read_keeps_the_grid_where_a_narrow_cell_stands_in_it(tmp_path):
    made = table(
        row(cell(paragraph("а")), cell(paragraph("б")), cell(paragraph("в"))),
        grid=[3000, 60, 3000],
    )
    assert read(tmp_path, made) == [[["а", "б", "в"]]]


def test_read_looks_into_a_frame_drawn_around_the_page(tmp_path):
    framed = table(row(cell(paragraph("Выше") + table(HEAD) + paragraph("Ниже"))))
    assert read(tmp_path, framed) == ["Выше", [["№", "Мероприятие", "Срок"]], "Ниже"]


def test_read_counts_rows_numbered_by_word(tmp_path):
    numbering = scheme(0, level("%1.", "upperRoman"), level("%1.%2.", more="<w:isLgl/>"))
    numbering += listed(1, 0)

    def item(place: int, text: str) -> str:
        return row(cell(paragraph("", numbered(1, place))), cell(paragraph(text)))

    made = table(item(0, "раздел"), item(1, "а"), item(1, "б"), item(0, "раздел"), item(1, "в"))
    assert read(tmp_path, made, numbering=numbering) == [
        [["I.", "раздел"], ["1.1.", "а"], ["1.2.", "б"], ["II.", "раздел"], ["2.1.", "в"]]
    ]


@pytest.mark.parametrize(
    ("lines", "numbering", "shown"),
    [
        pytest.param([(1, 0), (1, 0)], scheme(0, level("%1)", "russianLower")) + listed(1, 0),
                     ["а) х", "б) х"], id="russian letters"),
        pytest.param([(1, 0), (1, 0)], scheme(0, level("%1)", "upperLetter")) + listed(1, 0),
                     ["A) х", "B) х"], id="latin letters"),
        pytest.param([(1, 0)], scheme(0, level("(%1)", "lowerRoman", 4)) + listed(1, 0),
                     ["(iv) х"], id="another start"),
        pytest.param([(1, 0)], scheme(0, level("%1", "decimalZero")) + listed(1, 0),
                     ["01 х"], id="zero before"),
        pytest.param([(1, 0)], scheme(0, level("•", "bullet")) + listed(1, 0), ["х"], id="bullet"),
        pytest.param([(9, 0)], scheme(0, level("%1.")) + listed(1, 0), ["х"], id="unknown list"),
        pytest.param([(1, 5)], scheme(0, level("%1.")) + listed(1, 0), ["х"], id="unknown level"),
        pytest.param([(0, 0)], scheme(0, level("%1.")) + listed(1, 0), ["х"], id="no list"),
        pytest.param([(1, 0), (2, 0), (1, 0)],
                     scheme(0, level("%1.")) + listed(1, 0) + listed(2, 0),
                     ["1. х", "2. х", "3. х"], id="two lists of one scheme count on"),
        pytest.param([(1, 0), (2, 0), (2, 0)],
                     scheme(0, level("%1.")) + listed(1, 0) + listed(
                         2, 0, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
                         "</w:lvlOverride>"),
                     ["1. х", "1. х", "2. х"], id="a list that begins anew"),
        pytest.param([(1, 0), (1, 1), (1, 0), (1, 1)],
                     scheme(0, level("%1."), level("%2)", more='<w:lvlRestart w:val="0"/>'))
                     + listed(1, 0),
                     ["1. х", "1) х", "2. х", "2) х"], id="a level that never restarts"),
        pytest.param([(1, 0)], scheme(0, level("%1.")) + listed(
            1, 0, '<w:lvlOverride w:ilvl="0"><w:lvl>' + level("Раздел %1:") + "</w:lvl>"
            "</w:lvlOverride>"), ["Раздел 1: х"], id="a level of its own"),
    ],
)  # fmt: skip
def test_read_writes_counted_numbers(tmp_path, lines, numbering, shown):
    body = "".join(paragraph("х", numbered(number, place)) for number, place in lines)
    assert read(tmp_path, body, numbering=numbering) == shown


def test_read_takes_a_list_from_the_style(tmp_path):
    styles = (
        f'<w:style w:styleId="Base"><w:pPr>{numbered(1)}</w:pPr></w:style>'
        '<w:style w:styleId="Middle"><w:basedOn w:val="Base"/></w:style>'
        '<w:style w:styleId="Item"><w:basedOn w:val="Middle"/><w:pPr><w:jc/></w:pPr></w:style>'
        '<w:style w:styleId="Ring"><w:basedOn w:val="Ring"/><w:pPr/></w:style>'
    )
    body = paragraph("х", '<w:pStyle w:val="Item"/>') * 2
    body += paragraph("у", '<w:pStyle w:val="Ring"/>')
    numbering = scheme(0, level("%1.")) + listed(1, 0)
    assert read(tmp_path, body, numbering=numbering, styles=styles) == ["1. х", "2. х", "у"]


def test_read_finds_a_main_part_of_another_name_and_the_strict_form(tmp_path):
    space = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    kind = "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
    parts = {
        "_rels/.rels": (
            '<Relationships><Relationship Id="a" TargetMode="External" Target="x"/>'
            f'<Relationship Id="b" Type="{kind}" Target="/word/document2.xml"/></Relationships>'
        ).encode(),
        "word/document2.xml": (
            f'<w:document xmlns:w="{space}"><w:body>{paragraph("План")}</w:body></w:document>'
        ).encode(),
    }
    assert read(tmp_path, "", parts=parts) == ["План"]


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({"word/document.xml": b"<w:document"}, id="broken"),
        pytest.param({"word/document.xml": b""}, id="empty part"),
        pytest.param({"word/document.xml": b"<a/>"}, id="no body"),
    ],
)
def test_read_refuses_a_broken_main_part(tmp_path, parts):
    with pytest.raises(UnreadableFile):
        read(tmp_path, "", parts=parts)
