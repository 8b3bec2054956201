"""Deadlines that are no column of phrases: months with marks, a column of two, serial days."""

import pytest

from plans.roadmap_draft.months import period_of, phrase_of
from tests.plans.roadmap_draft.sheets import asked, draft, fates, plan, table

MONTHS = "сен. | окт | ноябрь | дек | янв | фев. | март | апр | май"
HEAD = f"№ | Мероприятие | {MONTHS} | Ответственный"


def told(read):
    """Each item's deadline: text, kind, windows."""
    return [
        (
            item.deadline.text,
            item.deadline.kind.value,
            " ".join(f"{one.start or ''}..{one.end}" for one in item.deadline.windows),
        )
        for item in read.items
    ]


def test_marks_under_months_are_windows():
    read = plan(
        "1 | Собрания | + | | | | | V | | | | ОО",
        "2 | Экскурсии | | ■ | x | Х | | | | | | ОО",
        head=HEAD,
    )

    assert told(read) == [
        ("сентябрь, февраль", "window", "2023-09-01..2023-09-30 2024-02-01..2024-02-29"),
        ("октябрь – декабрь", "window", "2023-10-01..2023-12-31"),
    ]
    assert asked(read) == []
    assert read.as_json()["columns"] == {
        "number": 0,
        "title": 1,
        "deadline": 2,
        "responsible": 11,
    }


def test_words_under_a_month_are_read_with_it_or_doubted():
    read = plan(
        "1 | Сбор | | до 15 | | | | | | | | ОО",
        "2 | Опрос | | | 12.11.2023 | | | | | | | ОО",
        "3 | Показ | 3 | | | | | | | | | ОО",
        "4 | Пусто | - | нет | | | | | | | | ОО",
        head=HEAD,
    )

    assert told(read) == [
        ("до 15 октября", "by_date", "..2023-10-15"),
        ("12.11.2023", "on_date", "2023-11-12..2023-11-12"),
        ("сентябрь", "window", "2023-09-01..2023-09-30"),
        ("—", "none", ""),
    ]
    assert [(one.row, one.message) for one in read.doubts] == [
        ("3", "В столбце «сентябрь» не отметка, а «3»: проверьте срок."),
        ("4", "Срок не указан."),
    ]
    assert [item.deadline.doubt for item in read.items][2:] == [one.message for one in read.doubts]


def test_bar_over_months_is_one_window():
    read = plan("1 | Подготовка | 3>+ | | | | | | | ОО", head=HEAD)

    assert told(read) == [("сентябрь – ноябрь", "window", "2023-09-01..2023-11-30")]


def test_years_stand_over_months():
    read = draft(
        "План мероприятий на 2023/2024 учебный год",
        table(
            "№ | Мероприятие | 2>2023 | 2>2024 | Ответственный",
            "^ | ^ | XI | XII | I | II | ^",
            "1 | Опрос | | + | + | | ОО",
        ),
    )

    assert told(read) == [("декабрь 2023 – январь 2024", "window", "2023-12-01..2024-01-31")]
    assert fates(read) == ["head", "head", "item"]
    assert asked(read) == []


def test_quarters_are_a_calendar_too():
    read = plan(
        "1 | Опрос | + | | + | | ОО",
        head="№ | Мероприятие | I кв. | II кв. | III кв. | IV квартал | Ответственный",
        title="План мероприятий на 2024 год",
    )

    assert told(read) == [
        ("1 квартал, 3 квартал", "window", "2024-01-01..2024-03-31 2024-07-01..2024-09-30")
    ]


def test_calendar_keeps_groups_sections_and_repeated_heads():
    read = plan(
        "12>I. Подготовка",
        "1 | Работа с родителями | | | | | | | | | |",
        "1.1 | Собрания | + | | | | | | | | | ОО",
        HEAD,
        "Итого | 1 | | | | | | | | | |",
        head=HEAD,
    )

    assert fates(read) == ["head", "section", "group", "item", "head", "doubt"]


@pytest.mark.parametrize(
    ("heading", "above", "period"),
    [
        ("Сентябрь 2023 г.", "", "сентябрь 2023"),
        ("мая", "", "май"),
        ("IX", "Срок", "сентябрь"),
        ("IX", "", None),
        ("9", "Месяц", "сентябрь"),
        ("13", "Месяц", None),
        ("янв", "2024 год", "январь 2024"),
        ("янв", "2023/2024", "январь"),
        ("2-й квартал", "", "2 квартал"),
        ("Мероприятие", "Срок", None),
        ("маркетинг", "", None),
    ],
)
def test_period_of_reads_headings(heading, above, period):
    assert period_of(heading, above) == period


@pytest.mark.parametrize(
    ("written", "month"),
    [
        ("январь января январе янв. янв", "январь"),
        ("февраль февраля феврале февр. фев", "февраль"),
        ("март марта марте мар.", "март"),
        ("апрель апреля апреле апр.", "апрель"),
        ("май мая мае", "май"),
        ("июнь июня июне июн.", "июнь"),
        ("июль июля июле июл.", "июль"),
        ("август августа августе авг.", "август"),
        ("сентябрь сентября сентябре сент. сен", "сентябрь"),
        ("октябрь октября октябре окт.", "октябрь"),
        ("ноябрь ноября ноябре нояб. ноя", "ноябрь"),
        ("декабрь декабря декабре дек. декаб.", "декабрь"),
    ],
)
def test_period_of_knows_every_month_by_its_forms(written, month):
    assert {period_of(form) for form in written.split()} == {month}


def test_phrase_of_nothing_is_empty():
    assert phrase_of([("май", ""), ("июнь", "–")]) == ("", "")


BOTH = "№ | Мероприятие | Сроки и ответственные | Результат"


def parts(read):
    return [
        (item.deadline.text, item.responsible.text, item.responsible.inherited)
        for item in read.items
    ]


def test_column_of_deadline_and_responsible_is_parted_where_it_is_safe():
    read = plan(
        "1 | А | до 15.09.2023\nМОУО | П",
        "2 | Б | сентябрь 2023, МОУО, ОО | П",
        "3 | В | ИРО\nдо 15 октября | П",
        "4 | Г | в течение года – школы | П",
        "5 | Д | до 25 мая 2024 г., школы | П",
        head=BOTH,
    )

    assert parts(read) == [
        ("до 15.09.2023", "МОУО", False),
        ("сентябрь 2023", "МОУО, ОО", False),
        ("до 15 октября", "ИРО", False),
        ("в течение года", "школы", False),
        ("до 25 мая 2024 г.", "школы", False),
    ]
    assert asked(read) == []
    assert read.as_json()["columns"]["responsible"] == 2


def test_column_of_deadline_and_responsible_is_doubted_where_it_is_not():
    read = plan(
        "1 | А | до 15.09.2023 – МОУО; до 20.09.2023 – ОО | П",
        "2 | Б | МОУО | П",
        "3 | В | май 2024 | П",
        head="№ | Мероприятие | Ответственный, срок исполнения | Результат",
    )

    whole = "до 15.09.2023 – МОУО; до 20.09.2023 – ОО"
    assert parts(read) == [
        (whole, whole, False),
        (whole, "МОУО", False),
        ("май 2024", "МОУО", True),
    ]
    assert asked(read) == [
        ("1", "deadline"),
        ("1", "responsible"),
        ("2", "deadline"),
        ("3", "responsible"),
    ]


def test_own_columns_are_not_taken_for_a_joint_one():
    read = plan(
        "1 | А | май 2024 | МОУО",
        head="№ | Мероприятие | Срок и период | Ответственный за срок и исполнители",
    )

    assert parts(read) == [("май 2024", "МОУО", False)]


def test_day_that_lost_its_format_is_read_with_a_doubt():
    read = plan("1 | А | 45184 | МОУО")

    assert told(read) == [("45184", "on_date", "2023-09-15..2023-09-15")]
    assert [one.message for one in read.doubts] == [
        "Число 45184 прочитано как дата таблицы Excel: 15.09.2023."
    ]


def test_footnote_of_two_cells_is_no_group():
    read = plan("1 | А | май 2024 | МОУО", "* | по согласованию | |")
    assert fates(read) == ["head", "item", "doubt"]
