"""The rules of a register: rows of a table → units with places, or all errors."""

from datetime import date

import pytest

from schools.choices import FounderKind, PartnerKind, UnitKind
from schools.register_draft import (
    KnownUnit,
    Plan,
    RegisterRow,
    RowError,
    compare,
    place,
    read,
    words,
)

HEAD = ["Код", "Наименование", "Муниципалитет", "Вид", "Вышестоящее"]
WIDE = [*HEAD, "Учредитель", "Открыто"]
ON = date(2026, 10, 1)
REGION = KnownUnit("91", "Заречная область", UnitKind.REGION)
CITY = KnownUnit("M1", "Город Заречный", UnitKind.MUNICIPALITY, "91")
DISTRICT = KnownUnit("M2", "Лесной район", UnitKind.MUNICIPALITY, "91")
SCHOOL = KnownUnit("S1", "МБОУ СОШ № 1", UnitKind.SCHOOL, "M1", "СОШ", FounderKind.MUNICIPAL)
BRANCH = KnownUnit("S1-1", "Филиал", UnitKind.BRANCH, "S1", "филиал")
CLOSED = KnownUnit("S9", "МБОУ СОШ № 9", UnitKind.SCHOOL, "M1", "СОШ", is_closed=True)
KNOWN = {unit.code: unit for unit in (REGION, CITY, DISTRICT, SCHOOL, BRANCH, CLOSED)}


def table(*rows, head=HEAD):
    return list(enumerate([head, *rows], 1))


def review(*rows, head=HEAD, root=REGION, known=KNOWN, taken=frozenset(), on=ON):
    """The plan and all errors of the three passes."""
    reading = read(table(*rows, head=head))
    placed, errors = place(reading.rows, root=root, known=known, taken=taken)
    plan, late = compare(placed, root=root, known=known, on=on)
    return plan, [*reading.errors, *errors, *late]


def errors_of(*rows, **options):
    return [(error.row, error.column) for error in review(*rows, **options)[1]]


def created(*rows, **options):
    plan, errors = review(*rows, **options)
    assert errors == []
    return plan.created


@pytest.mark.parametrize(
    ("word", "kind", "partner"),
    [
        pytest.param("школа", UnitKind.SCHOOL, "", id="school"),
        pytest.param("СОШ", UnitKind.SCHOOL, "", id="secondary"),
        pytest.param("ООШ № 4", UnitKind.SCHOOL, "", id="with a number"),
        pytest.param("гимназия", UnitKind.SCHOOL, "", id="gymnasium"),
        pytest.param("Лицей-интернат", UnitKind.SCHOOL, "", id="boarding lyceum"),
        pytest.param("Школа - интернат", UnitKind.SCHOOL, "", id="blanks round the hyphen"),
        pytest.param("кадетский корпус", UnitKind.SCHOOL, "", id="cadets"),
        pytest.param("Средняя общеобразовательная школа", UnitKind.SCHOOL, "", id="in full"),
        pytest.param("Центр образования", UnitKind.SCHOOL, "", id="centre"),
        pytest.param("филиал", UnitKind.BRANCH, "", id="branch"),
        pytest.param("Филиал школы", UnitKind.BRANCH, "", id="branch of a school"),
        pytest.param("структурное подразделение", UnitKind.BRANCH, "", id="department"),
        pytest.param("муниципалитет", UnitKind.MUNICIPALITY, "", id="municipality"),
        pytest.param("Городской округ", UnitKind.MUNICIPALITY, "", id="town"),
        pytest.param("муниципальный район", UnitKind.MUNICIPALITY, "", id="district"),
        pytest.param("МОУО", UnitKind.MUNICIPALITY, "", id="its authority"),
        pytest.param("территориальное управление", UnitKind.TERRITORY, "", id="territory"),
        pytest.param("колледж", UnitKind.PARTNER, PartnerKind.COLLEGE, id="college"),
        pytest.param("ПОО", UnitKind.PARTNER, PartnerKind.COLLEGE, id="college in short"),
        pytest.param("ВУЗ", UnitKind.PARTNER, PartnerKind.UNIVERSITY, id="university"),
        pytest.param("предприятие", UnitKind.PARTNER, PartnerKind.EMPLOYER, id="employer"),
        pytest.param("ДО", UnitKind.PARTNER, PartnerKind.SUPPLEMENTARY, id="supplementary"),
        pytest.param(
            "Учреждение дополнительного образования детей",
            UnitKind.PARTNER,
            PartnerKind.SUPPLEMENTARY,
            id="supplementary in full",
        ),
        pytest.param(
            "спортивная школа", UnitKind.PARTNER, PartnerKind.SUPPLEMENTARY, id="sports school"
        ),
        pytest.param("ЦОПП", UnitKind.PARTNER, PartnerKind.COPP, id="copp"),
        pytest.param("партнёр", UnitKind.PARTNER, PartnerKind.OTHER, id="partner"),
        pytest.param("Региональный оператор", UnitKind.OPERATOR, "", id="operator"),
        pytest.param("ИРО", UnitKind.OPERATOR, "", id="institute"),
        pytest.param("орган власти", UnitKind.AUTHORITY, "", id="authority"),
        pytest.param("Служба занятости", UnitKind.AUTHORITY, "", id="employment"),
    ],
)
def test_kind_is_read_from_its_usual_words(word, kind, partner):
    assert words.kind_of(word) == words.Kind(kind, partner)


@pytest.mark.parametrize("word", ["", "детский сад", "школьный лагерь", "СОШка", "регион", "?"])
def test_kind_of_other_words_is_unknown(word):
    assert words.kind_of(word) is None


@pytest.mark.parametrize("kind", [kind for kind in UnitKind if kind not in ("country", "region")])
def test_kind_is_read_from_the_words_the_portal_itself_shows(kind):
    assert words.kind_of(kind.label).kind == kind


@pytest.mark.parametrize(
    ("word", "founder"),
    [
        ("муниципальная", FounderKind.MUNICIPAL),
        ("Администрация района", FounderKind.MUNICIPAL),
        ("государственная", FounderKind.STATE),
        ("Министерство образования области", FounderKind.STATE),
        ("частная", FounderKind.PRIVATE),
        ("негосударственная", FounderKind.PRIVATE),
        ("неизвестно", None),
    ],
)
def test_founder_is_read_from_its_words(word, founder):
    assert words.founder_of(word) == founder


@pytest.mark.parametrize(
    ("name", "founder"),
    [
        ("МБОУ СОШ № 1", FounderKind.MUNICIPAL),
        ("МАОУ «Лицей»", FounderKind.MUNICIPAL),
        ("Муниципальное казённое учреждение", FounderKind.MUNICIPAL),
        ("ГБОУ «Школа-интернат»", FounderKind.STATE),
        ("ТОГБОУ «Кадетский корпус»", FounderKind.STATE),
        ("ЧОУ «Росток»", FounderKind.PRIVATE),
        ("АНОО «Росток»", FounderKind.PRIVATE),
        ("СОШ № 5", ""),
        ("Гимназия", ""),
    ],
)
def test_founder_is_told_by_the_legal_form_of_the_name(name, founder):
    assert words.founder_in_name(name) == founder


@pytest.mark.parametrize(
    ("cell", "heading"),
    [
        ("Код", "Код"),
        ("КОД ОО", "Код"),
        ("  Наименование организации* ", "Наименование"),
        ("Муниципалитет (код)", "Муниципалитет"),
        ("Вид:", "Вид"),
        ("Код вышестоящей организации", "Вышестоящее"),
        ("Дата открытия", "Открыто"),
        ("Адрес", None),
    ],
)
def test_heading_is_known_by_its_usual_wordings(cell, heading):
    assert words.heading_of(cell) == heading


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("01.09.2026", date(2026, 9, 1)),
        ("1.9.2026 г.", date(2026, 9, 1)),
        ("2026-09-01", date(2026, 9, 1)),
        ("31.02.2026", None),
        ("осень", None),
    ],
)
def test_day_is_read_in_both_spellings(text, day):
    assert words.date_of(text) == day


def test_rows_are_placed_whatever_the_order_of_columns_and_rows():
    head = ["Вышестоящее", "Вид", "Наименование", "Адрес", "Муниципалитет", "Код"]
    rows = created(
        ["N1", "филиал", "Филиал", "ул. Новая", "N", "N1-1"],
        ["", "ООШ", "МБОУ ООШ № 7", "", "N", "N1"],
        ["", "район", "Новый район", "", "", "N"],
        head=head,
    )
    assert [(row.code, row.kind, row.parent_code, row.row) for row in rows] == [
        ("N", "municipality", "91", 4),
        ("N1", "school", "N", 3),
        ("N1-1", "branch", "N1", 2),
    ]


def test_new_unit_has_all_that_the_row_says():
    (row,) = created(
        ["K1", "Колледж связи", "M1", "колледж", "", "государственная", "01.09.2001"], head=WIDE
    )
    assert row == RegisterRow(
        row=2,
        code="K1",
        name="Колледж связи",
        kind="partner",
        parent_code="M1",
        variety="колледж",
        partner_kind="college",
        founder="state",
        opened_on=date(2001, 9, 1),
    )


@pytest.mark.parametrize(
    ("cells", "parent"),
    [
        pytest.param(["N", "ГБОУ «Лицей»", "", "лицей", ""], "91", id="state school"),
        pytest.param(["N", "Гимназия", "", "гимназия", ""], "91", id="founder not said"),
        pytest.param(["N", "Гимназия", "M1", "гимназия", "M1"], "M1", id="said twice"),
        pytest.param(["N", "ГБОУ «Лицей»", "M1", "лицей", "91"], "91", id="under the region"),
        pytest.param(["N", "Округ", "N", "городской округ", ""], "91", id="own municipality"),
        pytest.param(["N", "Институт", "M1", "оператор", ""], "91", id="operator in a town"),
        pytest.param(["N", "Филиал", "", "филиал", "S1"], "S1", id="branch"),
        pytest.param(["N", "Филиал", "M1", "филиал", "S1"], "S1", id="branch with its town"),
    ],
)
def test_parent_is_found(cells, parent):
    assert [row.parent_code for row in created(cells)] == [parent]


def test_founder_of_a_new_school_is_taken_from_its_name_when_not_said():
    rows = created(
        ["A", "МБОУ СОШ № 5", "M1", "СОШ", ""],
        ["B", "ГБОУ «Лицей»", "", "лицей", ""],
        ["C", "Политех", "", "вуз", ""],
    )
    assert [row.founder for row in rows] == ["municipal", "state", ""]


def test_register_of_a_municipality_puts_its_schools_under_it():
    known = {unit.code: unit for unit in (CITY, SCHOOL)}
    rows = created(["S7", "МБОУ СОШ № 7", "", "СОШ", ""], root=CITY, known=known)
    assert [row.parent_code for row in rows] == ["M1"]


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        pytest.param(["", "Школа", "M1", "СОШ", ""], (2, "Код"), id="no code"),
        pytest.param(["X" * 41, "Школа", "M1", "СОШ", ""], (2, "Код"), id="long code"),
        pytest.param(["N", "", "M1", "СОШ", ""], (2, "Наименование"), id="no name"),
        pytest.param(["N", "Ш" * 301, "M1", "СОШ", ""], (2, "Наименование"), id="long name"),
        pytest.param(["N", "#ССЫЛКА!", "M1", "СОШ", ""], (2, "Наименование"), id="excel error"),
        pytest.param(["N", "Школа", "M1", "", ""], (2, "Вид"), id="no kind"),
        pytest.param(["N", "Школа", "M1", "садик", ""], (2, "Вид"), id="unknown kind"),
        pytest.param(["N", "Школа", "M7", "СОШ", ""], (2, "Муниципалитет"), id="no such town"),
        pytest.param(["N", "Школа", "S1", "СОШ", ""], (2, "Муниципалитет"), id="not a town"),
        pytest.param(["N", "МБОУ СОШ", "", "СОШ", ""], (2, "Муниципалитет"), id="municipal alone"),
        pytest.param(["N", "Школа", "M1", "СОШ", "S1"], (2, "Вышестоящее"), id="school in school"),
        pytest.param(["N", "Школа", "M1", "СОШ", "X"], (2, "Вышестоящее"), id="no such parent"),
        pytest.param(["N", "Школа", "M1", "СОШ", "N"], (2, "Вышестоящее"), id="itself"),
        pytest.param(["N", "Школа", "M1", "СОШ", "M2"], (2, "Муниципалитет"), id="two towns"),
        pytest.param(["N", "Филиал", "M1", "филиал", ""], (2, "Вышестоящее"), id="lone branch"),
        pytest.param(
            ["N", "Филиал", "M1", "филиал", "M1"], (2, "Вышестоящее"), id="branch of town"
        ),
        pytest.param(["N", "Филиал", "M2", "филиал", "S1"], (2, "Муниципалитет"), id="far branch"),
        pytest.param(["N", "Филиал", "M1", "филиал", "S9"], (2, "Вышестоящее"), id="closed parent"),
        pytest.param(["N", "ИРО", "", "оператор", "M1"], (2, "Вышестоящее"), id="town's operator"),
        pytest.param(["S9", "СОШ № 9", "M1", "СОШ", ""], (2, "Код"), id="closed itself"),
        pytest.param(["S1", "Филиал", "", "филиал", "S1-1"], (2, "Вид"), id="other kind"),
        pytest.param(["91", "Область", "", "муниципалитет", ""], (2, "Код"), id="the root"),
        pytest.param(["T1", "Школа", "M1", "СОШ", ""], (2, "Код"), id="foreign code"),
    ],
)
def test_wrong_cell_is_named_by_row_and_column(cells, where):
    assert errors_of(cells, taken=frozenset({"T1"})) == [where]


@pytest.mark.parametrize(("cell", "column"), [("ничей", "Учредитель"), ("когда-то", "Открыто")])
def test_wrong_optional_cell_is_named(cell, column):
    cells = ["N", "Школа", "M1", "СОШ", "", *[cell if head == column else "" for head in WIDE[5:]]]
    assert errors_of(cells, head=WIDE) == [(2, column)]


def test_all_errors_of_all_rows_are_told_at_once():
    assert errors_of(
        ["N", "", "M7", "сад", ""],
        ["N", "Школа", "M1", "СОШ", ""],
        ["", "Школа", "M1", "СОШ", "S1"],
        ["F", "Филиал", "M1", "филиал", ""],
    ) == [
        (2, "Наименование"),
        (2, "Вид"),
        (4, "Код"),
        (3, "Код"),
        (2, "Муниципалитет"),
        (4, "Вышестоящее"),
        (5, "Вышестоящее"),
    ]


@pytest.mark.parametrize(
    ("cells", "columns"),
    [
        pytest.param(
            ["N", "Школа", "M7", "садик", "X"], ["Вид", "Муниципалитет", "Вышестоящее"], id="kind"
        ),
        pytest.param(
            ["N", "Школа", "M7", "", "N"], ["Вид", "Муниципалитет", "Вышестоящее"], id="no kind"
        ),
        pytest.param(["N", "Школа", "M1", "садик", "M2"], ["Вид", "Муниципалитет"], id="pair"),
        pytest.param(["N", "Школа", "M1", "садик", "S1"], ["Вид"], id="any kind of parent"),
        pytest.param(["91", "Область", "M7", "садик", ""], ["Вид", "Код"], id="the root goes"),
        pytest.param(
            ["T1", "Школа", "M7", "СОШ", "X"], ["Код", "Муниципалитет", "Вышестоящее"], id="taken"
        ),
    ],
)
def test_codes_are_looked_up_beside_a_wrong_kind_or_code(cells, columns):
    assert errors_of(cells, taken=frozenset({"T1"})) == [(2, column) for column in columns]


def test_closed_municipality_is_no_place():
    town = KnownUnit("M5", "Старый", UnitKind.MUNICIPALITY, "91", is_closed=True)
    known = {**KNOWN, "M5": town}
    assert errors_of(["N", "Школа", "M5", "СОШ", ""], known=known) == [(2, "Муниципалитет")]


def test_operator_under_a_municipality_has_no_place_of_its_own():
    known = {"M1": CITY}
    assert errors_of(["N", "ИРО", "", "оператор", ""], root=CITY, known=known) == [
        (2, "Вышестоящее")
    ]


def test_repeated_code_names_the_first_row():
    _, errors = review(["N", "А", "M1", "СОШ", ""], ["N", "Б", "M1", "СОШ", ""])
    assert errors == [
        RowError(3, "Код", "Код «N» уже стоит в строке 2. У каждой организации свой код.")
    ]


def test_circle_of_parents_is_told_on_each_of_its_rows():
    assert errors_of(
        ["A", "Филиал А", "", "филиал", "B"],
        ["B", "Филиал Б", "", "филиал", "A"],
        ["C", "Филиал В", "", "филиал", "A"],
    ) == [(2, "Вышестоящее"), (3, "Вышестоящее"), (4, "Вышестоящее")]


def test_look_alike_code_is_offered():
    _, errors = review(["N", "Школа", "м1", "СОШ", ""])  # Cyrillic
    assert "Есть похожий код «M1»" in errors[0].message


def test_parent_with_an_unknown_kind_is_told_once():
    assert errors_of(["N", "Новый", "", "планета", ""], ["S", "СОШ", "N", "СОШ", ""]) == [
        (2, "Вид")
    ]


@pytest.mark.parametrize("missing", HEAD)
def test_missing_column_is_an_error_of_the_heading_row(missing):
    head = [cell for cell in HEAD if cell != missing]
    assert errors_of(["1", "2", "3", "4"], head=head) == [(1, missing)]


def test_repeated_column_is_an_error():
    assert errors_of(["1"] * 6, head=[*HEAD, "Название"]) == [(1, "Наименование")]


def test_table_without_headings_is_an_error_of_its_first_row():
    assert [(error.row, error.column) for error in read([(3, ["а", "б"])]).errors] == [(3, "Код")]
    assert [(error.row, error.column) for error in read([]).errors] == [(1, "Код")]


def test_headings_alone_are_an_error():
    assert errors_of() == [(1, "Код")]


def test_title_above_the_headings_keeps_the_rows_numbers():
    rows = [(1, ["Реестр"]), (4, HEAD), (6, ["N", "", "M1", "СОШ", ""])]
    reading = read(rows)
    assert [(error.row, error.column) for error in reading.errors] == [(6, "Наименование")]


def test_unused_columns_are_told():
    reading = read(table(["N", "Школа", "M1", "СОШ", "", "x"], head=[*HEAD, "Адрес", ""]))
    assert reading.unused == ("Адрес",)


def test_same_register_again_changes_nothing():
    plan, errors = review(
        ["M1", "Город Заречный", "", "муниципалитет", ""],
        ["M2", "Лесной район", "", "муниципалитет", ""],
        ["S1", "МБОУ СОШ № 1", "M1", "СОШ", ""],
        ["S1-1", "Филиал", "M1", "филиал", "S1"],
    )
    assert (plan, errors) == (Plan(unchanged=4), [])


def test_changes_are_told_in_words():
    plan, errors = review(
        ["S1", "МБОУ «Лицей № 1»", "M2", "лицей", "", "государственная", "01.09.1990"], head=WIDE
    )
    (change,) = plan.changed
    assert errors == []
    assert [(one.column, one.before, one.after) for one in change.differences] == [
        ("Наименование", "МБОУ СОШ № 1", "МБОУ «Лицей № 1»"),
        ("Вышестоящее", "Город Заречный", "Лесной район"),
        ("Вид", "СОШ", "лицей"),
        ("Учредитель", "муниципальная", "государственная"),
        ("Открыто", "не указано", "01.09.1990"),
    ]


def test_empty_cells_leave_a_known_unit_where_it_is():
    plan, errors = review(["S1", "МБОУ СОШ № 1", "", "школа", ""])
    assert errors == []
    assert [one.column for change in plan.changed for one in change.differences] == ["Вид"]


@pytest.mark.parametrize(("word", "same"), [("школа", True), ("гимназия", False)])
def test_general_word_of_a_school_says_nothing_new(word, same):
    school = KnownUnit("S5", "Гимназия", UnitKind.SCHOOL, "M1")
    plan, _ = review(["S5", "Гимназия", "M1", word, ""], known={**KNOWN, "S5": school})
    assert (plan.unchanged == 1) is same


def test_general_words_do_not_replace_exact_ones():
    college = KnownUnit("K", "Колледж", UnitKind.PARTNER, "91", "", "", PartnerKind.COLLEGE)
    plan, _ = review(["K", "Колледж", "", "партнёр", ""], known={"91": REGION, "K": college})
    assert plan == Plan(unchanged=1)


def test_units_of_the_same_kinds_that_the_file_lacks_are_told():
    plan, _ = review(["N", "Гимназия", "M1", "гимназия", ""])
    assert plan.missing == (SCHOOL,)


def test_change_before_the_last_one_is_refused():
    late = KnownUnit("L", "Школа", UnitKind.SCHOOL, "M1", "СОШ", placed_on=date(2026, 10, 5))
    known = {**KNOWN, "L": late}
    assert errors_of(["L", "Гимназия", "M1", "СОШ", ""], known=known) == [(2, "Код")]
    assert errors_of(["L", "Гимназия", "M1", "СОШ", ""], known=known, on=date(2026, 10, 5)) == []


def test_move_to_a_parent_not_yet_open_is_refused():
    young = KnownUnit("M3", "Юный", UnitKind.MUNICIPALITY, "91", opened_on=date(2026, 11, 1))
    known = {**KNOWN, "M3": young}
    assert errors_of(["S1", "МБОУ СОШ № 1", "M3", "СОШ", ""], known=known) == [(2, "Вышестоящее")]
