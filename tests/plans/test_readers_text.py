"""Plain text: the layouts seen in copies of real roadmaps, encodings, what is no table."""

import pytest

from plans.readers import read_pasted, text
from plans.readers.document import UnreadableFile
from tests.samples import plans
from tests.samples.shown import blocks, expected

HEAD = "№ п/п\tМероприятие\tСрок\tОтветственный"
SHOWN = ["№ п/п", "Мероприятие", "Срок", "Ответственный"]
LISTED = "№\nМероприятие\nСрок\nОтветственный"
LISTED_SHOWN = ["№", "Мероприятие", "Срок", "Ответственный"]


def read(given: str):
    document = text.parse_text(given)
    assert not document.grid
    return blocks(document)


@pytest.mark.parametrize("plan", [plans.REGION, plans.DISTRICT], ids=["region", "district"])
@pytest.mark.parametrize("write", [plans.as_tabbed, plans.as_indented], ids=["tabs", "indents"])
def test_parse_text_reads_a_plan(plan, write):
    given = f"{plans.TITLE}\n\n{write(plan)}\n\nКонец.\n"
    assert read(given) == [plans.TITLE, expected(plan, flat=True), "Конец."]


def test_parse_text_reads_a_plan_of_markdown():
    given = f"# {plans.TITLE}\n\n{plans.as_markdown(plans.REGION)}\n\nКонец.\n"
    assert read(given) == [plans.TITLE, expected(plans.REGION, flat=True), "Конец."]


def test_parse_text_reads_one_cell_a_line():
    rows = [row for row in plans.REGION if row[0] != "1.3."]
    assert read(plans.as_listed(rows)) == [expected(rows, flat=True)]


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        pytest.param(["1\tа\tб\tв", "", "\tг\t\t"], [["1", "а", "б", "в"], ["", "г", "", ""]],
                     id="piece of a row after a page"),
        pytest.param(["1\tа", "и ещё\tб\tв"], [["1", "а\nи ещё", "б", "в"]],
                     id="line break in a cell"),
        pytest.param(["1\tа", "раз", "два", "три\tб\tв"], [["1", "а\nраз\nдва\nтри", "б", "в"]],
                     id="lines of a list in a cell"),
        pytest.param(["1\tа\tб\tв", "и ещё", "2\tг\tд\tе"],
                     [["1", "а", "б", "в\nи ещё"], ["2", "г", "д", "е"]],
                     id="line break in the last cell"),
        pytest.param(["1\tа\tб\tв", "- раз", "- два"], [["1", "а", "б", "в\n- раз\n- два"]],
                     id="list in the last cell of all"),
        pytest.param(["1.\tа", "1.1\tб\tв\tг"], [["1.", "а", "", ""], ["1.1", "б", "в", "г"]],
                     id="empty cells cut off"),
        pytest.param(["1. Раздел", "1.1\tб\tв\tг"], [["1. Раздел", "", "", ""],
                                                     ["1.1", "б", "в", "г"]], id="heading alone"),
        pytest.param(["1\tа\tб\tв", "Работа с родителями", "2\tг\tд\tе"],
                     [["1", "а", "б", "в"], ["Работа с родителями", "", "", ""],
                      ["2", "г", "д", "е"]], id="heading without number"),
        pytest.param(["1\tа\tб\tв\t\t"], [["1", "а", "б", "в"]], id="tabs at the end"),
        pytest.param(["1\tа\tб\tв\tлишнее"], [["1", "а", "б", "в", "лишнее"]],
                     id="a cell too many is kept"),
        pytest.param(['1\t"раз', 'два ""три"""\tб\tв'], [["1", 'раз\nдва "три"', "б", "в"]],
                     id="quoted by a spreadsheet"),
        pytest.param(['1\t"раз', 'два"\t"три', 'четыре"\tв'],
                     [["1", "раз\nдва", "три\nчетыре", "в"]], id="two quoted cells"),
        pytest.param(['1\t"Билет"\tб\tв'], [["1", '"Билет"', "б", "в"]], id="quotation marks"),
        pytest.param(['1\t5" экран\tб\tв'], [["1", '5" экран', "б", "в"]], id="lone mark"),
        pytest.param(["1\t<p>а</p> <ul>\tб\tв"], [["1", "<p>а</p> <ul>", "б", "в"]], id="tags"),
        pytest.param(["1\t**а**\tб\t*в*"], [["1", "а", "б", "*в*"]], id="bold type"),
        pytest.param([HEAD, "1\tа\tб\tв"], [SHOWN, ["1", "а", "б", "в"]], id="head repeated"),
        pytest.param(["1\t \t\t"], [["1", "", "", ""]], id="blank cells"),
    ],
)  # fmt: skip
def test_parse_text_puts_rows_between_tabs_together(lines, shown):
    assert read("\n".join([HEAD, *lines])) == [[SHOWN, *shown]]


def test_parse_text_keeps_empty_cells_at_the_ends_of_a_table():
    given = "\tМероприятие\tСрок\tОтветственный\n1\tа\tб\tв\nИтого\t\t\t"
    shown = [["", *SHOWN[1:]], ["1", "а", "б", "в"], ["Итого", "", "", ""]]
    assert blocks(read_pasted(given)) == [shown]


def test_parse_text_tells_two_tables_apart():
    given = f"{HEAD}\n1\tа\tб\tв\n\nЧасть вторая\n\n№\tЧто\tКогда\n1\tг\tд\n"
    assert read(given) == [
        [SHOWN, ["1", "а", "б", "в"]],
        "Часть вторая",
        [["№", "Что", "Когда"], ["1", "г", "д"]],
    ]


@pytest.mark.parametrize(
    "given",
    [
        pytest.param("Начальник\t\t\tИванов И. И.", id="signature"),
        pytest.param("Одна строка\nи другая", id="lines"),
        pytest.param("а | б", id="stroke"),
        pytest.param("№\nтолько знак", id="sign alone"),
        pytest.param("\tотступ", id="indent"),
        pytest.param("\tВ целях работы\n\tприказываю:\n\t1. Назначить.", id="indented prose"),
    ],
)
def test_parse_text_sees_no_table_in_lines(given):
    assert [type(block).__name__ for block in text.parse_text(given).blocks] == ["Paragraph"]


def test_parse_text_leaves_an_office_mark_above_the_table():
    given = f"УТВЕРЖДАЮ\t\tДиректор\n\n{HEAD}\n1\tа\tб\tв"
    assert read(given) == ["УТВЕРЖДАЮ Директор", [SHOWN, ["1", "а", "б", "в"]]]


def test_parse_text_drops_signs_of_markdown_and_of_a_converter():
    given = "[bookmark: _GoBack]## **План**\n\nстрока  \nвторая"
    assert read(given) == ["План", "строка\nвторая"]


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        pytest.param(["| a | b | c |", "|:--|---|--:|", "| 1 | 2 |"],
                     [["a", "b", "c"], ["1", "2", ""]], id="short row"),
        pytest.param(["a | b | c", "---|---|---", "1 | x \\| y | 3"],
                     [["a", "b", "c"], ["1", "x | y", "3"]], id="no outer strokes"),
        pytest.param(["| a | b | c |", "| 1 | 2 | 3 |"], [["a", "b", "c"], ["1", "2", "3"]],
                     id="no rule"),
        pytest.param(["|a|b|c|", "|-|-|-|", "|1|2|3|", "", "|4|5|6|"],
                     [["a", "b", "c"], ["1", "2", "3"], ["4", "5", "6"]], id="blank line inside"),
        pytest.param(["|a|b|c|", "|-|-|-|", "|1|<br>x<br>|3|4|"],
                     [["a", "b", "c", ""], ["1", "<br>x<br>", "3", "4"]], id="a cell too many"),
    ],
)  # fmt: skip
def test_parse_text_reads_markdown(lines, shown):
    assert read("\n".join(lines)) == [shown]


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        pytest.param(["\t1.", "\tа", "\t", "\tв"], [["1.", "а", "", "в"]], id="empty cell"),
        pytest.param(["\t1.", "\tа:", "- раз", "", "\tб", "\tв"], [["1.", "а:\n- раз", "б", "в"]],
                     id="blank line inside a cell"),
        pytest.param(["\t1. Раздел", "", "\t1.1", "\tа", "\tб", "\tв"],
                     [["1. Раздел", "", "", ""], ["1.1", "а", "б", "в"]], id="heading"),
        pytest.param(["\t1.", "\tа", "", "\t2. Раздел", "", "\t2.1.", "\tа", "\tб", "\tв"],
                     [["1.", "а", "", ""], ["2. Раздел", "", "", ""], ["2.1.", "а", "б", "в"]],
                     id="row too short before a heading"),
        pytest.param(["\t1.", "\tа"], [["1.", "а", "", ""]], id="row too short at the end"),
    ],
)  # fmt: skip
def test_parse_text_reads_one_indented_cell_a_line(lines, shown):
    head = [f"\t{cell}" for cell in SHOWN]
    assert read("\n".join([*head, "", *lines])) == [[SHOWN, *shown]]


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        pytest.param(["1", "а", "б", "в", "2", "г", "д", "е"],
                     [["1", "а", "б", "в"], ["2", "г", "д", "е"]], id="whole rows"),
        pytest.param(["1", "2", "3", "4", "1", "а", "б", "в"],
                     [["1", "2", "3", "4"], ["1", "а", "б", "в"]], id="row of numbers"),
        pytest.param(["1.1", "а", "1.2", "г", "д", "е"], [["1.1", "а"], ["1.2", "г", "д", "е"]],
                     id="row with empty cells is narrow"),
        pytest.param(["1", "а", "40", "в"], [["1", "а", "40", "в"]], id="number in a cell"),
        pytest.param(["1", "а", "- раз", "- два", "б", "в"], [["1", "а\n- раз\n- два", "б", "в"]],
                     id="list in a cell"),
        pytest.param(["1", "а", "б", "в", "и ещё"], [["1", "а", "б", "в\nи ещё"]], id="more"),
        pytest.param(["I. Раздел", "1", "а", "б", "в"], [["I. Раздел", "", "", ""],
                                                        ["1", "а", "б", "в"]], id="heading"),
        pytest.param(["1", "а", "б", "в", "Подпись"], [["1", "а", "б", "в"],
                                                       ["Подпись", "", "", ""]], id="after all"),
        pytest.param(["", "1", "а", "б", "в", "", "2", "г", "д", "е"],
                     [["1", "а", "б", "в"], ["2", "г", "д", "е"]], id="blank lines between rows"),
    ],
)  # fmt: skip
def test_parse_text_reads_one_cell_a_line_and_nothing_else(lines, shown):
    assert read("\n".join([LISTED, *lines])) == [[LISTED_SHOWN, *shown]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_parse_text_knows_all_ends_of_lines(end):
    assert read(f"{HEAD}{end}1\tа\tб\tв{end}") == [[SHOWN, ["1", "а", "б", "в"]]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_read_knows_the_encodings_of_offices(tmp_path, encoding):
    path = tmp_path / "file"
    path.write_bytes(plans.as_tabbed(plans.REGION).encode(encoding))
    assert blocks(text.read(path)) == [expected(plans.REGION, flat=True)]


def test_read_refuses_what_is_no_text(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"\0\1\2")
    with pytest.raises(UnreadableFile, match="UTF-8"):
        text.read(path)


def test_read_pasted_reads_a_plan():
    assert blocks(read_pasted(plans.as_tabbed(plans.REGION))) == [expected(plans.REGION, flat=True)]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        pytest.param(" \n\t\n", "Вставлен пустой текст.", id="nothing"),
        pytest.param("я" * 300_001, "Текст слишком длинный: вставьте только таблицу плана.",
                     id="too long"),
        pytest.param("№" + "\t" * 200_000 + "\nх\t\t", "В таблицах файла слишком много ячеек: "
                     "оставьте только план и загрузите снова.", id="too many cells"),
    ],
)  # fmt: skip
def test_read_pasted_refuses_in_one_sentence(given, sentence):
    with pytest.raises(UnreadableFile) as caught:
        read_pasted(given)
    assert caught.value.message == sentence
