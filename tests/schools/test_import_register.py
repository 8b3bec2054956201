"""The command: JSON on stdout, words on stderr, status 1 with errors."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from schools.models import OrgUnit

HEAD = "Код;Наименование;Муниципалитет;Вид;Вышестоящее"
GOOD = (
    f"{HEAD}\nN;Новый округ;;городской округ;\nN1;МБОУ СОШ № 10;N;СОШ;\nM1;Город;;муниципалитет;\n"
)
BAD = f"{HEAD}\nN;Новый округ;;городской округ;\nN1;Школа;N9;СОШ;\nN2;;N;клуб;\n"


@pytest.fixture
def run(cast, tmp_path):
    """Runs the command on a text; answers (raised words or "", stdout, stderr)."""

    def go(text, *options, unit="91", encoding="utf-8"):
        path = tmp_path / "реестр.csv"
        path.write_bytes(text.encode(encoding))
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command("import_register", path, "--unit", unit, *options, stdout=out, stderr=err)
        except CommandError as error:
            return str(error), out.getvalue(), err.getvalue()
        return "", out.getvalue(), err.getvalue()

    return go


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_register_is_loaded(run, encoding):
    raised, out, _ = run(GOOD, "--json", encoding=encoding)
    assert raised == ""
    assert json.loads(out) == {"created": 2, "updated": 1, "unchanged": 0, "errors": []}
    assert OrgUnit.objects.get(code="N1").parent.code == "N"


def test_register_is_loaded_by_a_relative_path(cast, tmp_path, monkeypatch):
    (tmp_path / "реестр.csv").write_text(GOOD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    out = io.StringIO()
    call_command("import_register", "реестр.csv", "--unit", "91", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"created": 2, "updated": 1, "unchanged": 0, "errors": []}


def test_dry_run_counts_and_writes_nothing(run):
    raised, out, _ = run(GOOD, "--dry-run", "--json")
    assert raised == ""
    assert json.loads(out) == {"created": 2, "updated": 1, "unchanged": 0, "errors": []}
    assert not OrgUnit.objects.filter(code="N").exists()


@pytest.mark.parametrize("options", [["--json"], ["--json", "--dry-run"]])
def test_errors_are_told_by_row_and_column_and_nothing_is_written(run, options):
    raised, out, err = run(BAD, *options)
    told = json.loads(out)
    assert raised == "Ничего не записано: 3\u00a0ошибки."
    assert (told["created"], told["updated"], told["unchanged"]) == (0, 0, 0)
    assert [(error["row"], error["column"]) for error in told["errors"]] == [
        (3, "Муниципалитет"),
        (4, "Вид"),
        (4, "Наименование"),
    ]
    assert [list(error) for error in told["errors"]] == [["row", "column", "message"]] * 3
    assert err.count("\n") == 3
    assert err.startswith("Строка 3, Муниципалитет: Муниципалитета с кодом «N9» нет")
    assert not OrgUnit.objects.filter(code="N").exists()


def test_unused_columns_and_units_the_file_lacks_are_told(run):
    text = f"{HEAD};Адрес\nS1;МБОУ СОШ № 1;M1;СОШ;;ул. Новая\n"
    raised, out, err = run(text, "--json")
    assert raised == ""
    assert json.loads(out)["unchanged"] == 1
    assert err.replace("\u00a0", " ").splitlines() == [
        "Столбцы, которые не используются: Адрес.",
        "В файле нет: 3 организации портала. Загрузка ничего не закрывает.",
    ]


def test_register_that_names_all_of_its_kind_is_told_nothing(run):
    text = f"{HEAD}\nOP;Институт развития образования;;оператор;\n"
    raised, out, err = run(text)
    assert (raised, err) == ("", "")
    assert out == "Новых: 0\u00a0организаций, изменено: 0\u00a0организаций, без изменений: 1.\n"


def test_words_without_json(run):
    assert run(GOOD, "--dry-run")[1] == (
        "Появятся: 2\u00a0организации, изменятся: 1\u00a0организация, без изменений: 0.\n"
    )
    assert run(GOOD)[1].startswith("Новых: 2")


@pytest.mark.parametrize(
    ("text", "unit", "words"),
    [
        pytest.param(GOOD, "77", "с кодом «77» в портале нет", id="no such unit"),
        pytest.param(GOOD, "M1", "есть в нескольких регионах", id="many such units"),
        pytest.param("", "91", "Файл пуст", id="empty"),
        pytest.param("<svg xmlns='x'/>", "91", "Загрузите таблицу", id="drawing"),
    ],
)
def test_refusal_of_the_whole_has_no_row(run, text, unit, words):
    raised, out, err = run(text, "--json", unit=unit)
    (error,) = json.loads(out)["errors"]
    assert raised == "Ничего не записано: 1\u00a0ошибка."
    assert (error["row"], error["column"]) == (None, "")
    assert words in error["message"]
    assert words in err


def test_missing_file_is_told(cast, tmp_path):
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command(
            "import_register", tmp_path / "нет.csv", "--unit", "91", "--json",
            stdout=out, stderr=io.StringIO(),
        )  # fmt: skip
    message = json.loads(out.getvalue())["errors"][0]["message"]
    assert message == f"Файл не найден: {tmp_path / 'нет.csv'}."


def test_unreadable_file_is_told(cast):
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError):
        call_command("import_register", "/proc/self/mem", "--unit", "91", stdout=out, stderr=err)
    assert (out.getvalue(), err.getvalue()) == ("", "Файл не открывается: /proc/self/mem.\n")


def test_day_of_the_changes_is_taken(run):
    raised, _, err = run(GOOD, "--on", "2999-01-01")
    assert raised == "Ничего не записано: 1\u00a0ошибка."
    assert err.startswith("Дата ещё не наступила.")
