"""Hostile, damaged and strange files: always a document or one Russian sentence."""

import re
import time

import pytest

from plans.readers import MEMORY, UnreadableFile, parse_file, read_document
from plans.readers.document import Cell, Document, Paragraph, Row, Table, pack, unpack
from profmin.lib.errors import RuleBroken
from profmin.lib.sandbox import SandboxFailed, run_limited
from tests.samples import docx_files, hostile, mutants, pdf_files, plans, xlsx_files
from tests.samples.shown import blocks, expected

SENTENCE = re.compile(r"[А-ЯЁ][^\n]{8,160}\.")
SEED = 20231120
MUTANTS = 200


def attempt(tmp_path, name: str, data: bytes) -> str:
    """What a person is told."""
    path = tmp_path / "upload"
    path.write_bytes(data)
    with pytest.raises(UnreadableFile) as caught:
        read_document(path, name=name)
    return caught.value.message


@pytest.mark.parametrize("case", hostile.files())
def test_read_document_refuses_in_one_sentence(tmp_path, case):
    name, data = hostile.files()[case]
    begun = time.monotonic()
    said = attempt(tmp_path, name, data)
    assert SENTENCE.fullmatch(said), said
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        pytest.param("renamed program", "Такой файл прочитать нельзя: нужен документ DOCX, PDF, "
                     "XLSX, HTML или текст.", id="program"),
        pytest.param("old word", "Это документ старого формата Word (.doc): сохраните его как "
                     "DOCX и загрузите снова.", id="doc"),
        pytest.param("package of nothing", "В файле нет текста.", id="nothing"),
        pytest.param("deep page", "Файл слишком сложен: оставьте в нём только таблицу плана и "
                     "загрузите снова.", id="deep"),
        pytest.param("external entity", "Файл устроен небезопасно и не принимается: сохраните "
                     "документ заново.", id="entity"),
        pytest.param("bad cell name", "Файл повреждён или устроен необычно: откройте его, "
                     "сохраните заново и загрузите снова.", id="an error of a library"),
    ],
)  # fmt: skip
def test_read_document_tells_what_to_do(tmp_path, case, sentence):
    assert attempt(tmp_path, *hostile.files()[case]) == sentence


def test_read_document_tells_of_a_file_beyond_the_limits(tmp_path, monkeypatch):
    monkeypatch.setattr("plans.readers.SECONDS", 0.01)
    said = attempt(tmp_path, "план.docx", docx_files.plan(plans.REGION))
    assert said == "Файл слишком сложен: оставьте в нём только таблицу плана и загрузите снова."


@pytest.mark.parametrize("case", ["old word", "empty", "macros", "drawing"])
def test_parse_file_refuses_before_it_reads(tmp_path, case):
    name, data = hostile.files()[case]
    path = tmp_path / "upload"
    path.write_bytes(data)
    with pytest.raises(RuleBroken) as caught:
        parse_file(str(path), name)
    assert caught.value.message == attempt(tmp_path, name, data)


def test_read_document_tells_of_a_missing_file(tmp_path):
    with pytest.raises(UnreadableFile, match="Такого файла нет"):
        read_document(tmp_path / "нет.docx", name="нет.docx")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        pytest.param(docx_files.plan(plans.REGION), "план.pdf", id="docx called pdf"),
        pytest.param(xlsx_files.plan(plans.REGION), "план", id="xlsx without extension"),
        pytest.param(pdf_files.plan(plans.REGION, mutants.WIDTHS, plans.TITLE), "../план.docx",
                     id="pdf called docx"),
        pytest.param(plans.as_html(plans.REGION).encode(), "план.doc", id="page called doc"),
    ],
)  # fmt: skip
def test_read_document_goes_by_the_content(tmp_path, data, name):
    path = tmp_path / "upload"
    path.write_bytes(data)
    shown = [plans.TITLE, expected(plans.REGION)]
    assert blocks(read_document(path, name=name)) == shown
    assert blocks(unpack(parse_file(str(path), name))) == shown


def test_read_document_takes_the_name_for_a_hint_about_text(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes("План<br>мероприятий".encode())
    assert blocks(read_document(path, name="план.HTM")) == ["План", "мероприятий"]
    assert blocks(read_document(path, name="план.txt")) == ["План<br>мероприятий"]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        pytest.param(docx_files.plan(plans.many(500)), "план.docx", id="docx"),
        pytest.param(xlsx_files.plan(plans.many(500)), "план.xlsx", id="xlsx"),
        pytest.param(plans.as_tabbed(plans.many(500)).encode(), "план.txt", id="text"),
        pytest.param(plans.as_html(plans.many(500)).encode(), "план.html", id="html"),
    ],
)
def test_read_document_takes_500_rows_in_three_seconds(tmp_path, data, name):
    path = tmp_path / "upload"
    path.write_bytes(data)
    begun = time.monotonic()
    document = read_document(path, name=name)
    assert time.monotonic() - begun < 3
    assert len(document.tables[0].rows) == 526


def test_readers_survive_mutants(tmp_path):
    for number, (name, data) in enumerate(mutants.mutants(SEED, MUTANTS)):
        (tmp_path / f"{number:05d}-{name}").write_bytes(data)
    told = run_limited("tests.samples.mutants:read_all", str(tmp_path), memory=MEMORY, seconds=60)
    assert sum(told["counts"].values()) == MUTANTS
    assert told["counts"]["read"] > MUTANTS // 10
    assert told["counts"]["refused"] > MUTANTS // 10
    assert told["longest"] < 5
    assert told["memory"] < MEMORY


def test_pack_and_unpack_keep_a_document_whole():
    cells = (Cell("а", 2), Cell("", 1, continues=True))
    document = Document((Paragraph("План"), Table((Row(cells), Row(cells, cut=True)))), grid=False)
    assert unpack(pack(document)) == document


def test_parse_file_breaks_no_rule_silently(tmp_path):
    """An exception of a library leaves the child as its class only."""
    path = tmp_path / "upload"
    path.write_bytes(hostile.files()["bad cell name"][1])
    with pytest.raises(SandboxFailed, match="ValueError"):
        run_limited("plans.readers:parse_file", str(path), "план.xlsx")
