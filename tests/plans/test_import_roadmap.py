"""The command line's answer: JSON alone on standard output, one sentence on refusal."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.samples import docx_files, plans


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


@pytest.mark.parametrize(
    ("name", "content", "options", "sentence"),
    [
        pytest.param("no.docx", None, ["--dry-run"], "Файл не найден", id="missing"),
        pytest.param("bad.docx", b"PK\x03\x04 broken", ["--dry-run"], "Файл повреждён", id="bad"),
        pytest.param("empty.txt", b"", ["--dry-run"], "", id="empty"),
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
