"""Tables of hostile and of ordinary files, read in a limited child."""

import io
import time
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from profmin.lib.errors import RuleBroken
from profmin.lib.spreadsheets import MERGES, ROWS, TableRow, read_plain, read_table, workbook
from tests.samples import hostile, xlsx_files

NOON = datetime(2026, 9, 1, 12)  # noqa: DTZ001 - Excel knows no time zones


def saved(folder: Path, data: bytes, name: str = "файл") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def book_of(rows, prepare=None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if prepare:
        prepare(book)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def read(folder: Path, data: bytes) -> list[tuple[int, tuple[str, ...]]]:
    """Read in this very process, as the child does."""
    rows = read_plain(str(saved(folder, data)))
    return [(number, tuple(cells)) for number, cells in rows]


TEXT = 'Код;Название\n1;"Школа; ""Росток"""\n\n2;Лицей\n'
ROWS_OF_TEXT = [(1, ("Код", "Название")), (2, ("1", 'Школа; "Росток"')), (4, ("2", "Лицей"))]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT.encode(), id="utf-8"),
        pytest.param(TEXT.encode("utf-8-sig"), id="utf-8 with a mark"),
        pytest.param(TEXT.encode("cp1251"), id="cp1251"),
        pytest.param(TEXT.encode("utf-16"), id="utf-16"),
        pytest.param(TEXT.replace("\n", "\r\n").encode(), id="windows lines"),
        pytest.param(b"sep=;\r\n" + TEXT.encode("cp1251"), id="separator told"),
    ],
)
def test_csv_is_read_in_its_encoding(tmp_path, data):
    assert read(tmp_path, data) == ROWS_OF_TEXT


def test_table_is_read_by_a_relative_path(tmp_path, monkeypatch):
    saved(tmp_path, TEXT.encode(), "реестр.csv")
    monkeypatch.chdir(tmp_path)
    assert read_table(Path("реестр.csv")) == [TableRow(*row) for row in ROWS_OF_TEXT]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_is_read_with_its_separator(tmp_path, separator):
    lines = [["Код", "Название", "Вид"], ["1", "Школа", "СОШ"], ["2", "Лицей", "лицей"]]
    data = "\n".join(separator.join(line) for line in lines).encode()
    assert read(tmp_path, data) == [(n, tuple(line)) for n, line in enumerate(lines, 1)]


def test_csv_with_commas_in_names_keeps_its_semicolons(tmp_path):
    data = "Код;Название\n1;Школа, корпуса 1, 2, 3\n2;Лицей, корпус 1\n".encode()
    assert read(tmp_path, data)[1] == (2, ("1", "Школа, корпуса 1, 2, 3"))


def test_line_break_inside_quotes_is_no_row(tmp_path):
    data = 'Код;Название\n1;"Школа\nв две строки"\n2;Лицей\n'.encode()
    assert read(tmp_path, data)[1:] == [(2, ("1", "Школа в две строки")), (3, ("2", "Лицей"))]


def test_unclosed_quote_is_refused_by_row(tmp_path):
    with pytest.raises(RuleBroken, match="Строка 2: лишняя или незакрытая кавычка"):
        read(tmp_path, 'Код;Название\n1;"Школа\n2;Лицей\n'.encode())


def test_workbook_is_read_as_a_person_sees_it(tmp_path):
    def prepare(book):
        book.active["A3"].number_format = "000"

    rows = [
        ["Код", "Название", "Дата"],
        [1, "  Школа\u00a0№\u00ad 1 ", date(2026, 9, 1)],
        [7, "=1+1", NOON],
        [None, None, None],
        [2.5, True, 10.0],
    ]
    data = book_of([*rows[:2], [7, "Лицей", NOON], *rows[3:]], prepare)
    assert read(tmp_path, data) == [
        (1, ("Код", "Название", "Дата")),
        (2, ("1", "Школа № 1", "2026-09-01")),
        (3, ("007", "Лицей", "2026-09-01")),
        (5, ("2,5", "да", "10")),
    ]


def test_merged_cells_count_for_each_of_their_rows(tmp_path):
    def prepare(book):
        book.active.merge_cells("A2:A3")

    data = book_of([["Муниципалитет", "Код"], ["M1", "1"], [None, "2"], ["M2", "3"]], prepare)
    assert read(tmp_path, data)[1:] == [(2, ("M1", "1")), (3, ("M1", "2")), (4, ("M2", "3"))]


def test_hidden_and_empty_sheets_are_passed_over(tmp_path):
    def prepare(book):
        book.active.sheet_state = "hidden"
        book.create_sheet("Пусто")
        book.create_sheet("Реестр").append(["Код", "Название"])

    assert read(tmp_path, book_of([["чужое"]], prepare)) == [(1, ("Код", "Название"))]


def test_formula_without_a_value_is_refused_by_cell(tmp_path):
    with pytest.raises(RuleBroken, match="Ячейка B2: формула без сохранённого значения"):
        read(tmp_path, book_of([["Код", "Название"], ["1", "=A2"]]))


def test_too_many_rows_are_refused(tmp_path):
    data = "\n".join(["Код;Название", *(f"{n};Школа" for n in range(ROWS + 1))]).encode()
    with pytest.raises(RuleBroken, match="Таблица слишком велика"):
        read(tmp_path, data)


def test_too_many_columns_are_refused(tmp_path):
    with pytest.raises(RuleBroken, match="Таблица слишком велика"):
        read(tmp_path, (";".join(["я"] * 61)).encode())


def test_long_cell_is_refused_by_row(tmp_path):
    with pytest.raises(RuleBroken, match="Строка 2: в ячейке больше 2000 знаков"):
        read(tmp_path, f"Код;Название\n1;{'я' * 2001}\n".encode())


def test_old_excel_is_told_what_to_do(tmp_path):
    with pytest.raises(RuleBroken, match="Сохраните её как XLSX"):
        read(tmp_path, hostile.files()["old excel"][1])


@pytest.mark.parametrize("what", sorted(hostile.files()))
def test_hostile_file_is_refused_in_words_and_soon(tmp_path, what):
    began = time.monotonic()
    said = outcome(tmp_path, hostile.files()[what][1])
    assert said.endswith(".")
    assert time.monotonic() - began < 20


def outcome(folder, data):
    """The refusal, or how many rows were read."""
    try:
        return f"{len(read_table(saved(folder, data)))} rows."
    except RuleBroken as refusal:
        return refusal.message


def test_external_entity_is_never_read(tmp_path):
    with pytest.raises(RuleBroken, match="Файл повреждён"):
        read_table(saved(tmp_path, hostile.files()["excel external entity"][1]))


def test_sample_workbook_keeps_codes_as_text(tmp_path):
    data = workbook(title="Реестр", headings=["Код", "Название"], rows=[["001", "=1+1"]])
    assert read_table(saved(tmp_path, data)) == [
        TableRow(1, ("Код", "Название")),
        TableRow(2, ("001", "=1+1")),
    ]


def test_huge_row_number_is_read_without_building_the_rows_before_it(tmp_path):
    cell = '<sheetData><row r="900000"><c r="A900000" t="inlineStr"><is><t>я</t></is></c></row>'
    assert read(tmp_path, xlsx_files.with_sheet(cell + "</sheetData>")) == [(900_000, ("я",))]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        pytest.param('<c r="A1" t="b"><v>0</v></c>', "нет", id="no"),
        pytest.param('<c r="A1" t="d"><v>2026-09-01</v></c>', "2026-09-01", id="day"),
        pytest.param('<c r="A1" t="str"><f>""</f><v></v></c>', "", id="formula of nothing"),
        pytest.param('<c r="A1"><f>1+1</f><v>2</v></c>', "2", id="formula of a number"),
    ],
)
def test_cell_of_a_workbook_is_read(tmp_path, cell, words):
    other = '<c r="B1" t="inlineStr"><is><t>я</t></is></c>'
    xml = f'<sheetData><row r="1">{cell}{other}</row></sheetData>'
    assert read(tmp_path, xlsx_files.with_sheet(xml)) == [(1, (words, "я"))]


def test_merge_begun_in_an_empty_column_is_filled_with_nothing(tmp_path):
    def prepare(book):
        book.active.merge_cells("C1:C2")

    data = book_of([["Код"], ["1"]], prepare)
    assert read(tmp_path, data) == [(1, ("Код",)), (2, ("1",))]


def test_too_many_merges_are_refused(tmp_path):
    merges = "".join(f'<mergeCell ref="A{2 * n}:A{2 * n + 1}"/>' for n in range(1, MERGES + 2))
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>я</t></is></c></row>'
    xml = f"<sheetData>{cell}</sheetData><mergeCells>{merges}</mergeCells>"
    with pytest.raises(RuleBroken, match="Таблица слишком велика"):
        read(tmp_path, xlsx_files.with_sheet(xml))


@pytest.mark.parametrize("what", ["bomb", "encrypted office", "noise", "empty workbook"])
def test_refusal_tells_what_is_wrong(tmp_path, what):
    with pytest.raises(RuleBroken):
        read(tmp_path, hostile.files()[what][1])


def test_csv_whose_first_lines_have_open_quotes_is_refused(tmp_path):
    with pytest.raises(RuleBroken, match="кавычка"):
        read(tmp_path, ('"' + "я" * 30_000 + ";" * 10).encode())
