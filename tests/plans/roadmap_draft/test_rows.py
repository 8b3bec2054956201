"""Which row is a section, a group, an item, the rest of one or a question."""

import pytest

from plans.choices import PartyKind
from plans.readers.document import Cell, Row, Table
from plans.roadmap_draft import Doubt, DraftSection
from tests.plans.roadmap_draft.sheets import HEAD, TITLE, asked, draft, fates, plan, short


def test_rows_full_width_are_sections_and_number_with_title_is_a_group():
    read = plan(
        "4>I. Организация",
        "1.1. | Приказ | май | ОО",
        "1.2. | По уровням | |",
        "1.2. 1 . | Базовый | май | ОО",
        "4>1.3. РАБОТА С КАДРАМИ",
        "1.3.1 | Курсы | май | ОО",
        "1.4. | КОНКУРСЫ | |",
        "1.4.1 | Игра | май | ОО",
        "1.5 | Итоги | май | ОО",
        "4>Раздел 2. Мониторинг",
        "2.1 | Опрос | май | ОО",
        "4>Прочее",
        "7 | Иное | май | ОО",
    )

    assert read.sections == (
        DraftSection("I", "Организация"),
        DraftSection("1.3", "РАБОТА С КАДРАМИ"),
        DraftSection("2", "Мониторинг"),
        DraftSection(None, "Прочее"),
    )
    assert [(item.number, item.section, item.group) for item in read.items] == [
        ("1.1", 0, False),
        ("1.2", 0, True),
        ("1.2.1", 0, False),
        ("1.3.1", 1, False),
        ("1.4", 0, True),
        ("1.4.1", 0, False),
        ("1.5", 0, False),
        ("2.1", 2, False),
        ("7", 3, False),
    ]
    assert read.items[2].number_text == "1.2. 1 ."
    assert read.doubts == ()


def test_rows_of_running_numbers_belong_to_the_heading_above():
    read = plan(
        "1 | Начало | май | ОО",
        "4>5. Меры",
        "4>4.1. Подраздел",
        "4.1.1 | Приказ | май | ОО",
        "4>2. Обучение",
        "3 | Курсы | май | ОО",
    )

    assert [item.section for item in read.items] == [None, 1, 2]


@pytest.mark.parametrize(
    ("text", "number", "title"),
    [
        ("III. Меры", "III", "Меры"),
        ("3.1. НОРМЫ", "3.1", "НОРМЫ"),
        ("2 Обучение", "2", "Обучение"),
        ("Раздел 4", "4", "Раздел 4"),
        ("Блок II – Кадры", "II", "Кадры"),
        ("2023 год", None, "2023 год"),
        ("I квартал", None, "I квартал"),
        ("9 – 11 классы", None, "9 – 11 классы"),
        ("и прочее", None, "и прочее"),
        ("х. Дальний", None, "х. Дальний"),
    ],
)
def test_headings_are_split_into_number_and_title(text, number, title):
    assert plan(f"4>{text}", "1 | Опрос | май | ОО").sections == (DraftSection(number, title),)


def test_rows_repeated_and_counted_heads_are_heads():
    read = plan(
        "1 | 2 | 3 | 4",
        "1.1 | Опрос | май | ОО",
        HEAD,
        "1 | 2 | 3 | 4",
        "4>Продолжение таблицы 1",
        "1.2 | Беседа | май | ОО",
    )

    assert fates(read) == ["head", "head", "item", "head", "head", "head", "item"]
    assert read.doubts == ()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("4>Итого: 5 мероприятий", "Строка не мероприятие: «Итого: 5 мероприятий»."),
        (" | Всего | 5 | ", "Строка не мероприятие: «Всего | 5»."),
        ("4>Примечание: даты уточняются", "Строка не мероприятие: «Примечание: даты уточняются»."),
        ("3. | | | ", "В строке только номер «3.»."),
        (
            "Начальник отдела | | | Орлова А.Б.",
            "Строка без мероприятия: «Начальник отдела | Орлова А.Б.».",
        ),
    ],
)
def test_rows_that_are_no_items_become_doubts(row, message):
    read = plan("1 | Опрос | май | ОО", row)

    assert read.doubts == (Doubt(None, "items", message, 2),)
    assert fates(read) == ["head", "item", "doubt"]
    assert len(read.items) == 1


def test_rows_before_any_item_which_go_on_nothing_become_doubts():
    read = plan("| | | ОО")

    assert asked(read) == [(None, "items")]
    assert fates(read) == ["head", "doubt"]


def test_rows_after_a_heading_which_go_on_nothing_become_doubts():
    read = plan("4>1. Работа", "| | | ОО", "| | май | ОО", "1.1 | Опрос | май | ОО")

    assert read.sections == (DraftSection("1", "Работа"),)
    assert asked(read) == [(None, "items"), (None, "items")]


def test_rows_with_nothing_written_are_empty():
    assert fates(plan("| | |", "1 | Опрос | май | ОО", "^ | ^ | ^ | ^")) == [
        *("head", "empty", "item", "continuation")
    ]


def test_groups_without_rows_below_are_asked_about():
    read = plan(
        "1 | Опрос | |",
        "2 | Беседа | май | ОО",
        ". | Игра | |",
        "3 | 3>Работа с родителями",
    )

    assert [item.group for item in read.items] == [True, False, True, True]
    assert asked(read) == [("1", "group"), (None, "group")]


def test_rows_of_a_plan_of_two_columns_are_items():
    read = plan("1 | Опрос", "2 | Беседа", head="№ | Мероприятие")

    assert [item.group for item in read.items] == [False, False]


def test_rows_without_number_or_title_are_items_with_a_doubt():
    read = plan("1 | Опрос | май | ОО", " | Беседа | май | ОО", "3 | | май | ОО")

    assert short(read) == [("1", None, "Опрос"), (None, None, "Беседа"), ("3", None, "")]
    assert asked(read) == [(None, "number"), ("3", "title")]


def test_rows_of_an_unnumbered_table_are_items_without_doubts():
    read = plan(" | Опрос | май | ОО", " | Беседа | июнь | ОО")

    assert [(item.number, item.number_text) for item in read.items] == [(None, ""), (None, "")]
    assert read.doubts == ()


def test_items_with_merged_title_or_number_take_the_ones_above():
    read = plan("1 | Опрос | май | ОО", "2 | ^ | июнь | ОО", "^ | Беседа | июнь | ОО")

    assert short(read) == [("1", None, "Опрос"), ("2", None, "Опрос"), ("2", None, "Беседа")]
    assert asked(read) == [("2", "number")]


def test_cut_rows_are_joined_over_the_head_of_the_next_page():
    read = plan(
        " | УРОКИ | |",
        HEAD,
        "1 | 2 | 3 | 4",
        "3.4.1 | | в течение года | педагоги профориентационн",
        "| | | ого центра профориентационного кабинета школы",
        cut=(3, 4),
    )

    (item,) = read.items
    assert (item.number, item.title) == ("3.4.1", "УРОКИ")
    assert item.responsible.text.startswith("педагоги профориентационного центра")
    assert item.source_rows == (1, 4, 5)
    assert fates(read) == ["head", "item", "head", "head", "continuation", "continuation"]


def test_cut_addresses_printed_twice_are_one():
    read = plan(
        "1 | Опрос | май | ОО | https://a.ru/long-list/ | Справка",
        "| | | | long-list/ | о работе",
        head=f"{HEAD} | Ссылки | Результат",
        cut=(1,),
    )

    assert read.items[0].links == ("https://a.ru/long-list/",)
    assert read.items[0].result == "Справка о работе"


def test_cut_headings_are_joined():
    read = plan("4>I. Работа с", "4>родителями", "1.1 | Опрос | май | ОО", cut=(1,))

    assert read.sections == (DraftSection("I", "Работа с родителями"),)


def test_text_rows_without_number_go_on_the_row_above():
    read = plan(
        "1 | Провести встречу с | май | Управление социальной политики | Отчёт о",
        " | родителями | | Заречной области | проделанной работе",
        " | | | Школы | ",
        "2 | Опрос | июнь | ОО | Справка",
        head=f"{HEAD} | Результат",
        grid=False,
    )

    first = read.items[0]
    assert first.title == "Провести встречу с родителями"
    assert first.responsible.text == "Управление социальной политики Заречной области Школы"
    assert [party.kind for party in first.responsible.parties] == [
        PartyKind.OTHER_AUTHORITY,
        PartyKind.SCHOOL,
    ]
    assert first.result == "Отчёт о проделанной работе"
    assert first.source_rows == (1, 2, 3)
    assert len(read.items) == 2


def test_text_rows_whose_cells_follow_in_the_next_row_are_items():
    read = plan(
        "4>1. Работа",
        "1.1 | Провести опрос | |",
        " | всех школ | май | ОО",
        "1.2 | Беседа | май | ОО",
        grid=False,
    )

    assert [(item.group, item.title, item.deadline.text) for item in read.items] == [
        (False, "Провести опрос всех школ", "май"),
        (False, "Беседа", "май"),
    ]
    assert fates(read) == ["head", "section", "item", "continuation", "item"]
    assert read.doubts == ()


def test_text_headings_stand_in_one_cell_and_groups_in_two():
    read = plan(
        "I. Работа | | |",
        "1.1 | По уровням | |",
        "1.1.1 | Опрос | май | ОО",
        "Прочее | | |",
        "5 | Иное | май | ОО",
        grid=False,
    )

    assert [section.title for section in read.sections] == ["Работа", "Прочее"]
    assert [item.group for item in read.items] == [True, False, False]
    assert asked(read) == [(None, "sections")]


def test_text_headings_are_told_from_the_rest_of_a_first_cell():
    read = plan(
        "Школы | | Опрос | май",
        "1. Дети | | |",
        "Классные | 1.1 | Беседа | май",
        "руководители | | |",
        "Школы | 1.2 | Игра | май",
        "МОУО | | |",
        head="Ответственный | № | Мероприятие | Срок",
        grid=False,
    )

    assert [section.title for section in read.sections] == ["Дети"]
    assert [item.responsible.text for item in read.items] == [
        *("Школы", "Классные руководители"),
        "Школы МОУО",
    ]


def test_text_headings_in_the_title_column_are_asked_about():
    read = plan(
        "Опрос | май | ОО",
        "Беседа с родителями | |",
        "и учителями | |",
        "Игра | май | ОО",
        "2. Родители | |",
        head="Мероприятие | Срок | Ответственный",
        grid=False,
    )

    assert read.sections == (
        DraftSection(None, "Беседа с родителями и учителями"),
        DraftSection("2", "Родители"),
    )
    assert asked(read) == [(None, "sections")]


def test_text_rows_of_fewer_cells_are_fitted_and_asked_about():
    rows = Table(
        (
            Row(tuple(map(Cell, ("№", "Мероприятие", "Показатели", "Срок", "Ответственный")))),
            Row(tuple(map(Cell, ("1", "Опрос", "до 25 мая", "ОО")))),
        )
    )
    read = draft(TITLE, rows, grid=False)

    (item,) = read.items
    assert (item.deadline.text, item.responsible.text, item.indicators) == ("до 25 мая", "ОО", ())
    assert asked(read) == [("1", "title")]


MERGED = (
    "4>1. Работа",
    "1.1 | Опрос | Число участников | до 20 декабря | ОО",
    "^ | ^ | Доля участников | ^ | ^",
    "1.2 | Беседа | Число бесед | ^ | школы",
)


def test_merged_items_have_an_indicator_a_row():
    read = plan(*MERGED, head="№ | Мероприятие | Показатели | Срок | Ответственный")

    assert [item.indicators for item in read.items] == [
        ("Число участников", "Доля участников"),
        ("Число бесед",),
    ]
    assert [item.deadline.inherited for item in read.items] == [False, True]
    assert fates(read) == ["head", "section", "item", "continuation", "item"]
    assert read.doubts == ()


def test_merged_items_in_text_leave_empty_cells_that_are_no_question():
    rows = [row.replace("^", "") for row in MERGED]
    read = plan(
        *rows,
        "1.3 | Игра | Число | май |",
        " | | участников | |",
        head="№ | Мероприятие | Показатели | Срок | Ответственный",
        grid=False,
    )

    assert read.items[0].indicators == ("Число участников", "Доля участников")
    assert read.items[2].indicators == ("Число участников",)
    assert read.items[2].responsible.inherited
    assert read.doubts == ()


def test_merged_items_with_cells_of_their_own_keep_all_words():
    read = plan(
        "1 | Опрос | до 20 декабря | ОО | Справка | https://a.ru/x",
        "^ | ^ | до 25 мая | школы | Отчёт. | https://b.ru",
        "^ | ^ | до 25 мая | ОО | Приказ | -",
        head=f"{HEAD} | Результат | Ссылки",
    )

    (item,) = read.items
    assert item.deadline.text == "до 20 декабря, до 25 мая, до 25 мая"
    assert item.responsible.text == "ОО, школы, ОО"
    assert item.result == "Справка; Отчёт. Приказ"
    assert item.links == ("https://a.ru/x", "https://b.ru")


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("https://a.ru/b/, www.c.ru", ("https://a.ru/b/", "www.c.ru")),
        ("https://a.ru/b-managed-list/ managed-list/", ("https://a.ru/b-managed-list/",)),
        ("https://a.ru/managed-list/managed-list/", ("https://a.ru/managed-list/",)),
        ("Приказ № 5", ("Приказ № 5",)),
        ("-", ()),
        ("", ()),
    ],
)
def test_links_are_the_addresses_of_a_cell(text, links):
    read = plan(f"1 | Опрос | май | ОО | {text}", head=f"{HEAD} | Ссылки")

    assert read.items[0].links == links
