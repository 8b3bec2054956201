"""What items inherit, what is asked about them, repeated numbers, months."""

from datetime import date

from plans.choices import DeadlineKind
from plans.roadmap_draft import Doubt
from tests.plans.roadmap_draft.sheets import HEAD, asked, plan


def test_inheritance_stays_in_the_section_and_asks_where_a_cell_was_plainly_empty():
    read = plan(
        "4>1. Первый",
        "1.1 | Опрос | май | ОО",
        "1.2 | По уровням | |",
        "1.3 | Беседа | | ",
        "1.4 | Игра | ^ | ^",
        "1.5 | Тест | -//- | то же",
        "4>2. Второй",
        "2.1 | Опрос | | ",
    )
    texts = [
        (item.number, item.deadline.text, item.deadline.inherited, item.responsible.text)
        for item in read.items
    ]

    assert texts == [
        ("1.1", "май", False, "ОО"),
        ("1.2", "", False, ""),
        ("1.3", "", False, ""),
        ("1.4", "май", True, "ОО"),
        ("1.5", "май", True, "ОО"),
        ("2.1", "", False, ""),
    ]


def test_inheritance_of_a_plainly_empty_responsible_is_asked_about():
    read = plan(
        "4>1. Первый",
        "1.1 | Опрос | май | ОО",
        "1.2 | Беседа | | | справка",
        "1.3 | Игра | июнь | ^ | отчёт",
        "4>2. Второй",
        "2.1 | Опрос | | | справка",
        head=f"{HEAD} | Результат",
    )

    inherited = [(item.deadline.inherited, item.responsible.inherited) for item in read.items]
    assert inherited == [(False, False), (True, True), (False, True), (False, False)]
    assert asked(read) == [("1.2", "responsible"), ("2.1", "deadline"), ("2.1", "responsible")]
    assert read.items[1].responsible.parties == read.items[0].responsible.parties


def test_inheritance_repeats_the_doubt_about_the_words():
    read = plan("1 | Опрос | май | Вымпел", "2 | Беседа | май | ^")

    assert [doubt.message for doubt in read.doubts] == [
        "Не распознано в графе ответственных: «Вымпел»."
    ] * 2


def test_cells_with_a_dash_are_answers_and_give_nothing():
    read = plan("1 | Опрос | май | ОО", "2 | Беседа | — | -")

    item = read.items[1]
    assert (item.deadline.text, item.deadline.kind, item.responsible.parties) == (
        *("—", DeadlineKind.NONE),
        (),
    )
    assert asked(read) == [("2", "deadline"), ("2", "responsible")]


def test_repeated_numbers_are_two_items_and_a_doubt():
    read = plan("4>1. Работа", "1.1 | Опрос | май | ОО", "1.1 | Беседа | май | ОО")

    assert [item.number for item in read.items] == ["1.1", "1.1"]
    assert read.doubts == (Doubt("1.1", "number", "Номер 1.1 встречается не один раз.", 3, 1),)


def test_repeated_numbers_of_a_section_that_counts_again_are_asked_about_once():
    read = plan(
        "4>Дети",
        "1 | Опрос | май | ОО",
        "2 | Беседа | май | ОО",
        "4>Родители",
        "1 | Опрос | май | ОО",
        "2 | Беседа | май | ОО",
    )

    assert asked(read) == [("1", "number")]
    assert read.doubts[0].item == 2


def test_month_headings_give_the_deadline_where_there_is_no_column():
    read = plan(
        "3>Сентябрь",
        "1 | Опрос | ОО",
        "3>Работа с родителями",
        "2 | Беседа | ОО",
        "3>Октябрь – ноябрь 2023 г.",
        "3 | Игра | ОО",
        head="№ | Мероприятие | Ответственный",
    )

    deadlines = [item.deadline for item in read.items]
    assert [one.text for one in deadlines] == [
        *("Сентябрь", "Сентябрь"),
        "Октябрь – ноябрь 2023 г.",
    ]
    assert [one.windows[0].end for one in deadlines] == [
        *(date(2023, 9, 30), date(2023, 9, 30)),
        date(2023, 11, 30),
    ]
    assert all(one.inherited for one in deadlines)
    assert len(read.sections) == 3
    assert read.doubts == ()


def test_month_headings_inside_sections_end_with_the_section():
    read = plan(
        "3>1. Школы",
        "3>Май",
        "1 | Опрос | ОО",
        "3>2. Родители",
        "2 | Беседа | ОО",
        head="№ | Мероприятие | Ответственный",
    )

    assert [item.deadline.text for item in read.items] == ["Май", ""]
