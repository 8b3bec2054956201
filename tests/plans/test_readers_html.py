"""Web pages: cells over rows and columns, text around tables, nothing fetched or run."""

import pytest

from plans.readers import html
from plans.readers.document import UnreadableFile
from tests.samples import hostile, plans
from tests.samples.shown import blocks, expected


def read(tmp_path, page: str | bytes):
    path = tmp_path / "file"
    path.write_bytes(page if isinstance(page, bytes) else page.encode())
    return blocks(html.read(path))


@pytest.mark.parametrize("plan", [plans.REGION, plans.DISTRICT], ids=["region", "district"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_read_keeps_every_row_and_merge(tmp_path, plan, encoding):
    page = plans.as_html(plan).encode(encoding, "xmlcharrefreplace")
    assert read(tmp_path, page) == [plans.TITLE, expected(plan)]


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        pytest.param("раз<br>два<br/>три", "раз\nдва\nтри", id="line breaks"),
        pytest.param("<p>раз</p>\n <p>два</p>", "раз\nдва", id="paragraphs"),
        pytest.param("<ul><li>раз<li>два</ul>", "раз\nдва", id="list"),
        pytest.param("  раз\n   два ", "раз два", id="blanks"),
        pytest.param("<b>раз</b><i>два</i>", "раздва", id="type in a word"),
        pytest.param("раз&nbsp;&mdash;&nbsp;два &lt;b&gt;", "раз — два <b>", id="entities"),
        pytest.param("раз<script>alert(1)</script><style>p{}</style>", "раз", id="script"),
        pytest.param("раз<!-- два --><span hidden>три</span>", "раз", id="hidden"),
        pytest.param('<span style="DISPLAY : none">раз</span>два', "два", id="hidden by style"),
        pytest.param("<table><tr><td>а<td>б<tr><td>в</table>", "а б\nв", id="nested table"),
        pytest.param('<a href="javascript:x()">ссылка</a>', "ссылка", id="link"),
        pytest.param("", "", id="empty"),
    ],
)
def test_read_gives_a_cells_text_as_a_person_sees_it(tmp_path, inner, text):
    page = f"<table><tr><td>{inner}</td><td>x</td></tr><tr><td>1<td>2</tr></table>"
    assert read(tmp_path, page) == [[[text, "x"], ["1", "2"]]]


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        pytest.param("<tr><td rowspan=2>а<td>б<tr><td>в", [["а", "б"], ["^", "в"]], id="down"),
        pytest.param("<tr><td>а<td rowspan=2>б<tr><td>в<tr><td>г<td>д",
                     [["а", "б"], ["в", "^"], ["г", "д"]], id="down at the end"),
        pytest.param("<tr><td rowspan=2 colspan=2>а<td>б<tr><td>в<tr><td>г<td>д<td>е",
                     [[("а", 2), "б"], [("^", 2), "в"], ["г", "д", "е"]], id="both"),
        pytest.param("<tr><td rowspan=0>а<td>б<tr><td>в<tr><td>г",
                     [["а", "б"], ["^", "в"], ["^", "г"]], id="to the end"),
        pytest.param("<tr><td rowspan=99999999>а<td>б<tr><td>в", [["а", "б"], ["^", "в"]],
                     id="absurd rowspan"),
        pytest.param("<tr><td colspan=99999999>а<tr><td>б<td>в", [[("а", 2)], ["б", "в"]],
                     id="absurd colspan"),
        pytest.param("<tr><td colspan=x rowspan=-1>а<td>б", [["а", "б"]], id="no numbers"),
        pytest.param("<tr><td>а<tr><td>б<td>в", [["а", ""], ["б", "в"]], id="short row"),
        pytest.param("<tr><td>а<td>б<td rowspan=2>в<tr><td>г", [["а", "б", "в"], ["г", "", "^"]],
                     id="gap before a merged cell"),
        pytest.param("<thead><tr><th>а<th>б<tbody><tr><td>1<td>2<tfoot><tr><td>3<td>4",
                     [["а", "б"], ["1", "2"], ["3", "4"]], id="parts"),
    ],
)  # fmt: skip
def test_read_lays_merged_cells_on_the_grid(tmp_path, page, shown):
    assert read(tmp_path, f"<table>{page}</table>") == [shown]


def test_read_keeps_text_around_tables_in_order(tmp_path):
    page = """<html><head><title>x</title></head><body><nav>меню</nav><h1>План</h1>
    <div>до<br>таблицы</div><table><caption>Таблица 1</caption><tr><td>а<td>б</table>
    <p>после</p></body></html>"""
    assert read(tmp_path, page) == ["План", "до", "таблицы", "Таблица 1", [["а", "б"]], "после"]


def test_read_looks_through_a_layout_of_tables(tmp_path):
    plan = "".join(f"<tr><td>{number}<td>дело" for number in range(1, 4))
    page = f"<table><tr><td>Сайт<td>Выше<table>{plan}</table>Ниже</table>"
    rows = [["1", "дело"], ["2", "дело"], ["3", "дело"]]
    assert read(tmp_path, page) == ["Сайт", "Выше", rows, "Ниже"]


@pytest.mark.parametrize("attempt", ["deep page", "deep tables of a page", "wide cells"])
def test_read_refuses_pages_beyond_measure(tmp_path, attempt):
    with pytest.raises(UnreadableFile):
        read(tmp_path, hostile.files()[attempt][1])


def test_read_refuses_what_is_no_text(tmp_path):
    with pytest.raises(UnreadableFile, match="UTF-8"):
        read(tmp_path, b"<html>\0\1\2")
