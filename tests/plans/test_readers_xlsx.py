"""Excel workbooks: values as seen, merged cells, sheets, declared sizes."""

from datetime import date, datetime, time

import pytest
from openpyxl import Workbook

from plans.readers import xlsx
from plans.readers.document import UnreadableFile
from tests.samples import plans, xlsx_files
from tests.samples.shown import blocks, expected

HEAD = ["№", "Мероприятие", "Срок"]


def read(tmp_path, data: bytes):
    path = tmp_path / "upload"  # the library wants an extension, a temporary file has none
    path.write_bytes(data)
    return blocks(xlsx.read(path))


def book_of(*rows, name: str = "Лист1") -> Workbook:
    book = Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    return book


@pytest.mark.parametrize("plan", [plans.REGION, plans.DISTRICT], ids=["region", "district"])
def test_read_keeps_every_row_and_merge(tmp_path, plan):
    assert read(tmp_path, xlsx_files.plan(plan)) == [plans.TITLE, expected(plan)]


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        pytest.param(1.0, "General", "1", id="whole number"),
        pytest.param(1.5, "General", "1.5", id="fraction"),
        pytest.param(0.1 + 0.2, "General", "0.3", id="no noise of binary fractions"),
        pytest.param(1.1, "0.00", "1.10", id="places of the format"),
        pytest.param(0.5, "0%", "50%", id="share"),
        pytest.param(date(2023, 9, 1), "dd.mm.yyyy", "01.09.2023", id="date"),
        pytest.param(datetime.fromisoformat("2023-09-01T14:30"), "dd.mm.yyyy hh:mm", "01.09.2023 14:30",
                     id="date with time"),
        pytest.param(time(9, 5), "hh:mm", "09:05", id="time"),
        pytest.param(True, "General", "да", id="true"),
        pytest.param(False, "General", "нет", id="false"),
        pytest.param(" До 1\u00a0июня \n", "General", "До 1 июня", id="text"),
        pytest.param("раз\nдва", "General", "раз\nдва", id="line break"),
        pytest.param("#REF!", "General", "#REF!", id="error"),
    ],
)  # fmt: skip
def test_read_writes_values_as_a_person_sees_them(tmp_path, value, form, shown):
    book = book_of(HEAD)
    for column, given in enumerate(("1", value, "х"), 1):
        book.active.cell(2, column, given).number_format = form
    assert read(tmp_path, xlsx_files.saved(book)) == [[HEAD, ["1", shown, "х"]]]


def test_read_takes_the_stored_value_of_a_formula(tmp_path):
    sheet = '<sheetData><row r="1"><c r="A1" t="str"><f>"а"&amp;"б"</f><v>аб</v></c>'
    sheet += '<c r="B1"><f>1+1</f><v>2</v></c><c r="C1" t="str"><f>""</f><v></v></c>'
    sheet += '<c r="D1" t="inlineStr"><is><t>в</t></is></c></row></sheetData>'
    assert read(tmp_path, xlsx_files.with_sheet(sheet)) == [[["аб", "2", "", "в"]]]


def test_read_refuses_a_formula_without_value(tmp_path):
    book = book_of(HEAD, ["=1+1", "а", "б"])
    with pytest.raises(UnreadableFile) as caught:
        read(tmp_path, xlsx_files.saved(book))
    assert caught.value.message == (
        "На листе «Лист1» в ячейке A2 формула без сохранённого значения: откройте книгу в "
        "Excel, сохраните её и загрузите снова."
    )


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param('<c r="A1" t="str"><f>B1</f><v/></c>', id="a text, empty"),
        pytest.param('<c r="A1" t="str"><f>B1</f></c>', id="a text, no value"),
        pytest.param(
            '<c r="C1" t="str"><f t="shared" si="0">B1</f><v>а</v></c>'
            '<c r="A1" t="str"><f t="shared" si="0"/><v/></c>',
            id="a shared formula",
        ),
    ],
)
def test_read_refuses_a_text_formula_that_was_never_counted(tmp_path, cell):
    sheet = f'<sheetData><row r="1">{cell}</row></sheetData>'
    with pytest.raises(UnreadableFile, match="A1 формула без сохранённого значения"):
        read(tmp_path, xlsx_files.with_sheet(sheet))


@pytest.mark.parametrize(
    ("form", "written"),
    [
        pytest.param("DD.MM.YYYY", "25.05.2024", id="a whole date"),
        pytest.param("MMMM YYYY", "май 2024", id="a month"),
        pytest.param("[$-419]mmm\\.yy;@", "май 2024", id="as Excel makes it of «май 2024»"),
        pytest.param("DD MMM", "25.05", id="the year is hidden"),
        pytest.param('"до "DD.MM.YYYY" г."', "до 25.05.2024 г.", id="words of the format"),
        pytest.param("YYYY", "2024", id="a year"),
    ],
)
def test_read_shows_a_date_as_its_format_does(tmp_path, form, written):
    book = book_of(HEAD, ["1", "а", date(2024, 5, 25)])
    book.active["C2"].number_format = form
    assert read(tmp_path, xlsx_files.saved(book)) == [[HEAD, ["1", "а", written]]]


def test_read_does_not_believe_the_declared_size(tmp_path):
    sheet = '<dimension ref="A1:XFD1048576"/><sheetData>'
    for row in (2, 4):
        cells = "".join(
            f'<c r="{column}{row}" t="inlineStr"><is><t>{column}</t></is></c>' for column in "BCD"
        )
        sheet += f'<row r="{row}">{cells}</row>'
    sheet += '</sheetData><mergeCells><mergeCell ref="B2:XFD2"/></mergeCells>'
    assert read(tmp_path, xlsx_files.with_sheet(sheet)) == [
        "B",
        [["B", "C", "D"]],
    ]


def test_read_takes_rows_above_the_table_for_paragraphs(tmp_path):
    book = book_of(
        ["", "", "УТВЕРЖДАЮ"], ["", "Департамент", "01.09.2023"], [], ["План"], HEAD, [1, "а", "б"]
    )
    assert read(tmp_path, xlsx_files.saved(book)) == [
        "УТВЕРЖДАЮ",
        "Департамент 01.09.2023",
        "План",
        [HEAD, ["1", "а", "б"]],
    ]


def test_read_leaves_out_empty_rows_and_columns_around(tmp_path):
    book = book_of([], ["", *HEAD, ""], ["", "", "", "", " "], ["", 1, "а", "б"])
    assert read(tmp_path, xlsx_files.saved(book)) == [[HEAD, ["1", "а", "б"]]]


def test_read_takes_all_visible_sheets(tmp_path):
    book = book_of(HEAD, [1, "а", "б"], name="Сентябрь")
    second = book.create_sheet("Октябрь")
    for row in (HEAD, [2, "в", "г"]):
        second.append(row)
    book.create_sheet("Пустой")
    book.create_sheet("Справочник").append(HEAD)
    book["Справочник"].sheet_state = "hidden"
    assert read(tmp_path, xlsx_files.saved(book)) == [
        "Сентябрь",
        [HEAD, ["1", "а", "б"]],
        "Октябрь",
        [HEAD, ["2", "в", "г"]],
    ]


@pytest.mark.parametrize(
    "sheet",
    [
        pytest.param('<sheetData><row r="1"><c r="A1"><v>1</v>', id="broken"),
        pytest.param('<sheetData><row r="99999"><c r="A99999"><v>1</v></c></row></sheetData>',
                     id="too many rows"),
        pytest.param("<sheetData/><mergeCells>" + '<mergeCell ref="A1:B2"/>' * 20_001
                     + "</mergeCells>", id="too many merges"),
    ],
)  # fmt: skip
def test_read_refuses_sheets_beyond_measure(tmp_path, sheet):
    with pytest.raises(UnreadableFile):
        read(tmp_path, xlsx_files.with_sheet(sheet))


def test_read_counts_what_merges_would_cover(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx, "ROWS", 20)
    monkeypatch.setattr(xlsx, "COLUMNS", 20)
    cells = "".join(f'<c r="{column}20"><v>1</v></c>' for column in "ABCDEFGHIJKLMNOPQRST")
    merges = '<mergeCell ref="A1:T20"/>' * 2
    sheet = f'<sheetData><row r="20">{cells}</row></sheetData><mergeCells>{merges}</mergeCells>'
    assert read(tmp_path, xlsx_files.with_sheet(sheet)) == []
