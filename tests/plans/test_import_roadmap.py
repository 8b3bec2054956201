"""The command line's answer: JSON alone on standard output, one sentence on refusal."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.samples import docx_files, plans

HEAD = "№\tМероприятие\tСрок\tОтветственный"
WORDS = "План мероприятий готовится.".encode()
NO_TABLE = (
    "В документе нет таблицы с мероприятиями: нужна таблица с графами «Мероприятие», «Срок» и "
    "«Ответственный», каждое мероприятие — в своей строке.\n"
)
RENAMED = (
    "Файл назван {0}, но это простой текст: сохраните документ как {1} или переименуйте файл "
    "в .txt и загрузите снова.\n"
)


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.docx"
    path.write_bytes(docx_files.plan(plans.REGION))
    return path


def test_import_roadmap_prints_the_contract(plan_file, capsys):
    call_command("import_roadmap", str(plan_file), "--dry-run", "--json")
    answer = json.loads(capsys.readouterr().out)

    assert list(answer) == [
        *("title", "issuer", "period", "basis", "aims", "columns"),
        *("abbreviations", "sections", "items", "doubts"),
    ]
    assert answer["title"] == plans.TITLE
    assert answer["period"] == {"start": "2023-09-01", "end": "2024-08-31"}
    assert answer["sections"] == [
        {"number": "I", "title": "Организационные меры"},
        {"number": "II", "title": "Мониторинг"},
    ]
    assert answer["items"][3] == {
        "number": "1.3.1",
        "number_text": "1.3. 1.",
        "section": 0,
        "group": False,
        "title": "Базовый уровень",
        "deadline": {
            "text": "в течение года",
            "kind": "whole_period",
            "windows": [{"start": "2023-09-01", "end": "2024-05-31"}],
            "rule": None,
            "inherited": False,
            "doubt": None,
        },
        "responsible": {
            "text": "Школы",
            "parties": [{"kind": "school", "name": "Школы"}],
            "inherited": False,
        },
        "result": "Не менее 40 часов",
        "documents": "",
        "links": [],
        "indicators": [],
    }
    assert answer["doubts"] == []


def test_import_roadmap_takes_the_year_a_title_lacks(tmp_path, capsys):
    path = tmp_path / "plan.txt"
    path.write_text("План\n\n" + plans.as_tabbed(plans.DISTRICT), encoding="utf-8")

    call_command("import_roadmap", str(path), "--dry-run", "--json", "--year", "2022")
    answer = json.loads(capsys.readouterr().out)

    assert answer["period"] == {"start": "2022-09-01", "end": "2023-08-31"}
    assert answer["doubts"] == []


def test_import_roadmap_tells_a_person_in_short(plan_file, capsys):
    call_command("import_roadmap", str(plan_file), "--dry-run")

    assert capsys.readouterr().out.splitlines() == [
        plans.TITLE,
        "Мероприятий: 5, подзаголовков: 1, разделов: 2, вопросов: 0.",
    ]


def test_import_roadmap_takes_a_relative_path(plan_file, monkeypatch, capsys):
    monkeypatch.chdir(plan_file.parent)
    call_command("import_roadmap", plan_file.name, "--dry-run", "--json")
    assert json.loads(capsys.readouterr().out)["title"] == plans.TITLE


def test_import_roadmap_keeps_a_table_of_questions(tmp_path, capsys):
    path = tmp_path / "plan.txt"
    path.write_text(f"{HEAD}\nИтого\t\t12\t\n", encoding="utf-8")

    call_command("import_roadmap", str(path), "--dry-run", "--json", "--year", "2026")
    answer = json.loads(capsys.readouterr().out)

    assert (answer["items"], answer["sections"]) == ([], [])
    assert [doubt["field"] for doubt in answer["doubts"]] == ["items"]


@pytest.mark.parametrize(
    ("name", "content", "options", "sentence"),
    [
        pytest.param("no.docx", None, ["--dry-run"], "Файл не найден", id="missing"),
        pytest.param("bad.docx", b"PK\x03\x04 broken", ["--dry-run"], "Файл повреждён", id="bad"),
        pytest.param("empty.txt", b"", ["--dry-run"], "", id="empty"),
        pytest.param(
            "bad.docx", WORDS, ["--dry-run"], RENAMED.format(".docx", "DOCX"), id="text as docx"
        ),
        pytest.param(
            "bad.XLSX", WORDS, ["--dry-run"], RENAMED.format(".xlsx", "XLSX"), id="text as xlsx"
        ),
        pytest.param(
            "bad.pdf", WORDS, ["--dry-run"], RENAMED.format(".pdf", "PDF"), id="text as pdf"
        ),
        pytest.param("words.txt", WORDS, ["--dry-run"], NO_TABLE, id="text without a table"),
        pytest.param("head.txt", HEAD.encode(), ["--dry-run"], NO_TABLE, id="head alone"),
        pytest.param(
            "page.html", b"<p>" + WORDS, ["--dry-run"], NO_TABLE, id="page without a table"
        ),
        pytest.param(
            "words.docx",
            docx_files.document(docx_files.paragraph("План")),
            ["--dry-run"],
            NO_TABLE,
            id="document without a table",
        ),
        pytest.param(
            "plan.txt",
            b"1",
            ["--dry-run", "--year", "23"],
            "Укажите год четырьмя цифрами",
            id="year",
        ),
    ],
)
def test_import_roadmap_refuses_in_one_sentence(tmp_path, capsys, name, content, options, sentence):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(SystemExit) as stopped:
        call_command("import_roadmap", str(path), "--json", *options)

    said = capsys.readouterr()
    assert stopped.value.code == 1
    assert said.out == ""
    assert said.err.startswith(sentence)
    assert len(said.err.strip().splitlines()) == 1


@pytest.mark.parametrize("options", [["--dry-run"], ["--unit", "91"]], ids=["read", "load"])
@pytest.mark.parametrize(
    ("place", "words"),
    [
        pytest.param("large", "Файл больше 20 МБ", id="large"),
        pytest.param("", "Файл не открывается: ", id="folder"),
        pytest.param("/proc/self/mem", "Файл не открывается: ", id="unreadable"),
    ],
)
def test_import_roadmap_looks_at_the_file_before_reading(
    cast, file_store, tmp_path, capsys, place, words, options
):
    with (tmp_path / "large").open("wb") as file:
        file.truncate(1 << 40)  # a hole: nothing on the disk, more than memory holds

    with pytest.raises(SystemExit) as stopped:
        call_command("import_roadmap", str(tmp_path / place), *options)

    said = capsys.readouterr()
    assert (stopped.value.code, said.out) == (1, "")
    assert said.err.startswith(words)
    assert len(said.err.strip().splitlines()) == 1
