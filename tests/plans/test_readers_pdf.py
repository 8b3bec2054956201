"""PDF documents: drawn tables, page breaks, wrapped lines."""

import pytest

from plans.readers import pdf
from plans.readers.document import UnreadableFile
from tests.samples import hostile, pdf_files, plans
from tests.samples.pdf_files import Flow, Page
from tests.samples.shown import blocks, expected, rows

WIDTHS = (60, 250, 100, 140, 190)
HEAD = ("№", "Мероприятие", "Срок", "Ответственный", "Результат")


def document(tmp_path, data: bytes):
    path = tmp_path / "file"
    path.write_bytes(data)
    return pdf.read(path)


def read(tmp_path, data: bytes):
    return blocks(document(tmp_path, data))


def long_row(number: str, words: int, start: int = 0) -> tuple[str, ...]:
    """A row whose result has so many different words of eight letters."""
    said = " ".join(f"слово{index:03d}" for index in range(start, start + words))
    return (number, "Дело", "постоянно", "Школы", said)


def joined(found) -> list[list[str]]:
    """The rows with the parts that a page cut put together."""
    made: list[list[str]] = []
    for row in found:
        texts = [" ".join(text.split()) for text in row.texts]
        if row.cut:
            made[-1] = [f"{a} {b}".strip() for a, b in zip(made[-1], texts, strict=True)]
        else:
            made.append(texts)
    return made


@pytest.mark.parametrize("plan", [plans.REGION, plans.DISTRICT], ids=["region", "district"])
def test_read_keeps_every_row_and_merge(tmp_path, plan):
    data = pdf_files.plan(plan, WIDTHS, plans.TITLE)
    assert read(tmp_path, data) == [plans.TITLE, expected(plan)]


def test_read_puts_rows_cut_by_pages_under_one_table(tmp_path):
    plan = [HEAD, ("1", "2", "3", "4", "5"), *(long_row(f"{n}.", 150, n) for n in range(1, 5))]
    found = document(tmp_path, pdf_files.plan(plan, WIDTHS, plans.TITLE, head=2))
    table = found.tables[0]
    repeated = [list(HEAD), ["1", "2", "3", "4", "5"]]
    assert [len(found.tables), {row.width for row in table.rows}] == [1, {5}]
    assert {row.cut for row in table.rows if list(row.texts) in repeated} == {False}
    assert sum(row.cut for row in table.rows) == 3
    kept = [row for row in table.rows if list(row.texts) not in repeated]
    assert joined(kept) == [list(row) for row in plan[2:]]


def test_read_marks_the_part_after_the_break_only(tmp_path):
    plan = [HEAD, long_row("1.", 90), long_row("2.", 90), long_row("3.", 20)]
    table = document(tmp_path, pdf_files.plan(plan, WIDTHS, plans.TITLE)).tables[0]
    assert [(row.texts[0], row.cut) for row in table.rows] == [
        ("№", False),
        ("1.", False),
        ("2.", False),
        ("№", False),
        ("", True),
        ("3.", False),
    ]


def test_read_marks_no_row_where_the_break_stands_between_rows(tmp_path):
    flow = Flow()
    flow.border(WIDTHS)
    flow.table([HEAD, long_row("1.", 20)], WIDTHS)
    flow._next_page([HEAD], WIDTHS)
    flow.table([long_row("2.", 20)], WIDTHS, head=0)
    found = document(tmp_path, flow.done())
    assert [len(found.tables), [row.cut for row in found.tables[0].rows]] == [1, [False] * 4]


def test_read_tells_a_cut_row_though_borders_stand_at_both_pages(tmp_path):
    flow = Flow()
    flow.border(WIDTHS)
    flow.table([HEAD, ("1.", "Провести встречу", "май", "Школы", "Справка о")], WIDTHS)
    flow._next_page([HEAD], WIDTHS)
    flow.table([("", "", "", "", "проведении"), ("2.", "а", "б", "в", "г")], WIDTHS, head=0)
    table = document(tmp_path, flow.done()).tables[0]
    assert [row.cut for row in table.rows] == [False, False, False, True, False]


def test_read_joins_a_page_that_shows_fewer_lines(tmp_path):
    flow = Flow()
    flow.border(WIDTHS)
    flow.table([HEAD, ("1.", "а", "б", "в", "г")], WIDTHS)
    flow._next_page((), WIDTHS)
    flow.table([(("II. Раздел", 5),)], WIDTHS, head=0)
    flow._next_page((), WIDTHS)
    flow.table([("2.", ("а", 2), "в", "г"), ("3.", "а", "б", "в", "г")], WIDTHS, head=0)
    assert read(tmp_path, flow.done()) == [
        [
            list(HEAD),
            ["1.", "а", "б", "в", "г"],
            [("II. Раздел", 5)],
            ["2.", ("а", 2), "в", "г"],
            ["3.", "а", "б", "в", "г"],
        ]
    ]


def test_read_keeps_tables_of_different_columns_apart(tmp_path):
    flow = Flow()
    flow.border(WIDTHS)
    flow.table([HEAD, ("1.", "а", "б", "в", "г")], WIDTHS)
    flow._next_page((), WIDTHS)
    flow.table([("№", "Показатель", "Итог")], (100, 300, 340), head=0)
    assert [len(table.rows) for table in document(tmp_path, flow.done()).tables] == [2, 1]


def test_read_keeps_paragraphs_around_tables_in_order(tmp_path):
    flow = Flow()
    flow.paragraph("Выше таблицы")
    flow.border(WIDTHS)
    flow.table([HEAD], WIDTHS)
    flow.y += 20
    flow.paragraph("Между таблицами")
    flow.border(WIDTHS)
    flow.table([HEAD], WIDTHS)
    flow.y += 20
    flow.paragraph("Ниже таблицы")
    flow.pages[-1].text(420, 570, "7")
    assert read(tmp_path, flow.done()) == [
        "Выше таблицы",
        [list(HEAD)],
        "Между таблицами",
        [list(HEAD)],
        "Ниже таблицы",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("Провести встречу учеников с представителями предприятий области",
                     "Провести встречу учеников с представителями предприятий области",
                     id="wrapped"),
        pytest.param("Приказ.\nСправка.", "Приказ.\nСправка.", id="lines the writer ended"),
        pytest.param("Проведены на выбор:\n- встречи с родителями и учителями;\n- экскурсии",
                     "Проведены на выбор:\n- встречи с родителями и учителями;\n- экскурсии",
                     id="list"),
        pytest.param("https://example.org/documents/plans/regional-management-tools/plan-2023",
                     "https://example.org/documents/plans/regional-management-tools/plan-2023",
                     id="link"),
        pytest.param("https://example.org/a\nhttps://example.org/b",
                     "https://example.org/a\nhttps://example.org/b", id="two links"),
        pytest.param("Практико-ориентированный модуль", "Практико-ориентированный модуль",
                     id="hyphen"),
    ],
)  # fmt: skip
def test_read_understands_the_ends_of_lines(tmp_path, text, shown):
    plan = [HEAD, ("1.", "Дело", "май", "Школы", text)]
    assert read(tmp_path, pdf_files.plan(plan, WIDTHS, plans.TITLE))[1][1][4] == shown


@pytest.mark.parametrize(
    ("width", "text", "shown"),
    [
        pytest.param(95, "профориентационного минимума", "профориентационного минимума",
                     id="word broken between letters"),
        pytest.param(50, "3.4.12.15", "3.4.12.15", id="number broken after a full stop"),
        pytest.param(41, "6–\n11-х классов", "6–11-х классов", id="dash between numbers"),
    ],
)  # fmt: skip
def test_read_joins_what_a_narrow_column_broke(tmp_path, width, text, shown):
    widths = (width, 250, 100)
    plan = [("Кто", "Мероприятие", "Срок"), (text, "а", "б")]
    assert read(tmp_path, pdf_files.plan(plan, widths, plans.TITLE))[1][1][0] == shown


def grid_page(xs, ys) -> Page:
    page = Page()
    for x in xs:
        page.line(x, ys[0], x, ys[-1])
    for y in ys:
        page.line(xs[0], y, xs[-1], y)
    return page


def test_read_takes_borders_of_rectangles_dashes_and_double_lines(tmp_path):
    page = Page()
    for x in (50, 150, 300, 500):
        page.box(x, 100, 0.5, 60)
        page.box(x + 1.4, 100, 0.5, 60)
    for start in range(50, 502, 6):
        page.line(start, 100, start + 4, 100)
        page.line(start, 130, start + 4, 130)
    page.line(50, 160, 500, 160)
    for row, y in (("абв", 110), ("где", 140)):
        for x, sign in zip((60, 160, 310), row, strict=True):
            page.text(x, y, sign)
    assert read(tmp_path, pdf_files.document([page])) == [[["а", "б", "в"], ["г", "д", "е"]]]


def test_read_takes_an_underline_for_no_border(tmp_path):
    page = grid_page((50, 150, 300), (100, 150, 200))
    page.text(155, 110, "подчёркнуто")
    page.line(155, 120, 205, 120)
    page.text(60, 110, "1")
    page.text(60, 160, "2")
    assert read(tmp_path, pdf_files.document([page])) == [[["1", "подчёркнуто"], ["2", ""]]]


def test_read_closes_a_table_without_outer_borders(tmp_path):
    page = Page()
    for x in (150, 300):
        page.line(x, 100, x, 200)
    for y in (150, 200):
        page.line(50, y, 500, y)
    for y, row in ((110, "абв"), (160, "где")):
        for x, sign in zip((60, 160, 310), row, strict=True):
            page.text(x, y, sign)
    assert read(tmp_path, pdf_files.document([page])) == [[["а", "б", "в"], ["г", "д", "е"]]]


def test_read_takes_a_frame_around_the_page_for_no_table(tmp_path):
    page = grid_page((20, 820), (20, 580))
    page.text(50, 50, "План")
    assert read(tmp_path, pdf_files.document([page])) == ["План"]


def test_read_reads_bold_type_drawn_twice_once(tmp_path):
    page = Page()
    page.text(50, 50, "План")
    page.text(50.2, 50, "План")
    assert read(tmp_path, pdf_files.document([page])) == ["План"]


def test_read_orders_words_by_their_places(tmp_path):
    page = Page()
    for x, y, word in ((150, 80, "г"), (50, 50, "а"), (90, 50.4, "б"), (50, 80, "в")):
        page.text(x, y, word)
    assert read(tmp_path, pdf_files.document([page])) == ["а б", "в г"]


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        pytest.param("locked pdf", "Файл защищён паролем: снимите защиту и загрузите снова.",
                     id="locked"),
        pytest.param("scanned pdf", "В файле только изображения страниц, текста в нём нет: "
                     "загрузите исходный документ (DOCX) или распознайте текст.", id="scanned"),
        pytest.param("pdf without text", "В файле нет текста.", id="empty"),
        pytest.param("only a mark", "Файл PDF повреждён: сохраните его заново и загрузите снова.",
                     id="broken"),
        pytest.param("too many pages", "В файле больше 150 страниц: оставьте только план и "
                     "загрузите снова.", id="too long"),
    ],
)  # fmt: skip
def test_read_refuses_in_one_sentence(tmp_path, attempt, sentence):
    with pytest.raises(UnreadableFile) as caught:
        document(tmp_path, hostile.files()[attempt][1])
    assert caught.value.message == sentence


def test_read_refuses_letters_that_cannot_be_told(tmp_path):
    page = Page()
    page.text(50, 50, "План мероприятий")
    data = pdf_files.document([page]).replace(b"/ToUnicode 5 0 R", b"").replace(
        b"/Subtype /Type1 /BaseFont", b"/Encoding << /Differences [0 " + b"/g1 " * 256
        + b"] >> /Subtype /Type1 /BaseFont"
    )  # fmt: skip
    with pytest.raises(UnreadableFile, match="не извлекается"):
        document(tmp_path, data)


def test_read_refuses_pages_of_too_many_lines(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "EDGES", 3)
    data = pdf_files.document([grid_page((50, 150, 300), (100, 150, 200))])
    with pytest.raises(UnreadableFile, match="слишком сложны"):
        document(tmp_path, data)


def test_read_gives_rows_of_a_long_plan(tmp_path):
    plan = plans.many(60)
    table = document(tmp_path, pdf_files.plan(plan, WIDTHS, plans.TITLE)).tables[0]
    whole = joined(row for row in table.rows if row.texts[0] != "№ п/п")
    assert [row[0] for row in whole] == [plans.text_of(row[0]) for row in plan[1:]]
    assert rows(table)[1] == [("1. Раздел о работе со школьниками", 5)]


def test_read_leaves_out_what_repeats_in_the_margins(tmp_path):
    flow = Flow()
    flow.paragraph("План")
    flow.border(WIDTHS)
    flow.table([HEAD, long_row("1.", 150), long_row("2.", 150)], WIDTHS)
    for number, page in enumerate(flow.pages, 1):
        page.text(50, 575, f"Электронный документ, страница {number} из 9")
        page.text(700, 20, f"- {number} -")
    title, table = read(tmp_path, flow.done())
    assert [title, table[0], table[1][0], len(table)] == ["План", list(HEAD), "1.", 5]


def test_read_takes_a_whole_row_after_an_open_border_for_a_row(tmp_path):
    flow = Flow()
    flow.border(WIDTHS)
    flow.table([HEAD, long_row("1.", 30)], WIDTHS)
    page = flow.pages[-1]
    page.drawn.pop(next(at for at in range(len(page.drawn) - 1, 0, -1) if "l S" in page.drawn[at]))
    flow._next_page((), WIDTHS)
    flow.table([long_row("2.", 20)], WIDTHS, head=0)
    table = document(tmp_path, flow.done()).tables[0]
    assert [(row.texts[0], row.cut) for row in table.rows] == [
        ("№", False),
        ("1.", False),
        ("2.", False),
    ]
