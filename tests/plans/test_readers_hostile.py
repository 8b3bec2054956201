"""Hostile, damaged and strange files: always a document or one Russian sentence."""

import re
import shutil
import time
from collections import Counter
from itertools import islice

import pytest

from plans.readers import MEMORY, UnreadableFile, parse_file, read_document
from plans.readers.document import Cell, Document, Paragraph, Row, Table, pack, unpack
from profmin.lib.errors import RuleBroken
from profmin.lib.sandbox import SandboxFailed, run_limited
from tests.proof.extent import extent
from tests.proof.figures import note
from tests.samples import docx_files, hostile, mutants, pdf_files, plans, xlsx_files
from tests.samples.shown import blocks, expected

SENTENCE = re.compile(r"[А-ЯЁ][^\n]{8,160}\.")
SEED = 20231120
BATCH = 500  # damaged documents read by one child


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
    """No document takes the child along; the memory it held at most counts for all of a batch."""
    wanted, counts, longest, memory = extent().documents, Counter(), 0.0, 0
    damaged = enumerate(mutants.mutants(SEED, wanted))
    while batch := list(islice(damaged, BATCH)):
        folder = tmp_path / f"{batch[0][0]:05d}"
        folder.mkdir()
        for number, (name, data) in batch:
            (folder / f"{number:05d}-{name}").write_bytes(data)
        told = run_limited(
            "tests.samples.mutants:read_all", str(folder), memory=MEMORY, seconds=600
        )
        shutil.rmtree(folder)
        counts.update(told["counts"])
        longest, memory = max(longest, told["longest"]), max(memory, told["memory"])
    note("damaged documents", wanted, needed="20 000")
    note("the slowest of them, s", round(longest, 2), needed="20")
    note("memory held at most, MB", memory // 1024**2, needed="512")
    assert sum(counts.values()) == wanted
    assert counts["read"] > wanted // 10
    assert counts["refused"] > wanted // 10
    assert longest < 20
    assert memory < 512 * 1024**2


def test_hostile_files_are_refused_under_every_name(tmp_path):
    """In a proof each goes under the names of all formats; the content decides."""
    tried = [(case, name) for case in hostile.files() for name in extent().names]
    said = []
    for case, name in tried:
        _, data = hostile.files()[case]
        path = tmp_path / "upload"
        path.write_bytes(data)
        begun = time.monotonic()
        try:
            read_document(path, name=name)
        except UnreadableFile as refusal:
            said.append(refusal.message)
        assert time.monotonic() - begun < 20
    assert [words for words in said if not SENTENCE.fullmatch(words)] == []
    note("hostile files", len(tried) + len(hostile.files()), needed="200")


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
