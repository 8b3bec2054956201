"""From rows as written to the draft of a roadmap (roadmap-reading.md, «Rows»)."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.choices import DeadlineKind, PartyKind
from plans.readers import read_pasted
from plans.readers.document import Cell, Document, Paragraph, Row, Table
from plans.roadmap_draft import (
    BasisOrder,
    Doubt,
    DraftSection,
    Fate,
    RoadmapDraft,
    draft_from_document,
    mend_item,
)
from plans.services.parties import general_dictionary

TITLE = "План мероприятий Заречного района на 2023/2024 учебный год"
HEAD = "№ п/п | Мероприятие | Срок | Ответственный"


def table(*rows, cut=()):
    """Rows of cells between strokes: `^` goes on the cell above, `3>text` covers 3 columns."""
    return Table(tuple(_row(row, cut=place in cut) for place, row in enumerate(rows)))


def _row(row, *, cut):
    cells = []
    for written in row.split("|"):
        text, span = written.strip(), 1
        if text[:1].isdigit() and text[1:2] == ">":
            text, span = text[2:], int(text[0])
        cells.append(Cell("" if text == "^" else text, span, text == "^"))
    return Row(tuple(cells), cut)


def document(*blocks, grid=True):
    made = (Paragraph(block) if isinstance(block, str) else block for block in blocks)
    return Document(tuple(made), grid)


def draft(*blocks, grid=True, **options):
    return draft_from_document(
        document(*blocks, grid=grid), dictionary=general_dictionary(), **options
    )


def plan(*rows, head=HEAD, title=TITLE, grid=True, cut=(), **options):
    """A draft of one table under a title; `cut` counts rows after the head."""
    cuts = {place + 1 for place in cut}
    return draft(title, table(head, *rows, cut=cuts), grid=grid, **options)


def asked(read):
    return [(doubt.row, doubt.field) for doubt in read.doubts]


def fates(read):
    return [row.fate.value for row in read.rows]


def short(read):
    """Each item as number, section, title."""
    return [(item.number, item.section, item.title) for item in read.items]


# Columns


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("№ п/п | Мероприятие | Срок | Ответственный", "number title deadline responsible"),
        (
            "Ответственные исполнители | Сроки проведения | Наименование мероприятия | №",
            "responsible deadline title number",
        ),
        (
            "Номер | Содержание деятельности | Дата | Исполнители | Выход | НПА | Ссылки",
            "number title deadline responsible result documents links",
        ),
        (
            "№ | Действия | Период | Ответственные лица | Вид документа | Основание",
            "number title deadline responsible result documents",
        ),
        (
            "№п/п | Виды работ | Срок исполнения мероприятия | Ответственный | "
            "Результат реализации мероприятия",
            "number title deadline responsible result",
        ),
        (
            "№ | Направления работы | Целевые показатели | Сроки реализации | Исполнитель",
            "number title indicators deadline responsible",
        ),
        (
            "Мероприятие | Срок | Ответственный | Документ, подтверждающий исполнение",
            "title deadline responsible result",
        ),
        ("Наименование мероприятий | Начало | Организатор", "title deadline responsible"),
        ("№ | Направление деятельности | Мероприятие | Срок", "number - title deadline"),
    ],
)
def test_columns_are_known_by_synonyms_in_any_order(head, expected):
    read = plan(" | ".join(["1"] * len(head.split("|"))), head=head)

    names = expected.split()
    assert dict(read.columns) == {name: place for place, name in enumerate(names) if name != "-"}


def test_columns_of_a_head_in_two_rows_are_joined():
    read = draft(
        TITLE,
        table(
            "№ | Мероприятие | 2>Срок | Ответственный",
            "^ | ^ | начало | окончание | ^",
            "1 | 2 | 3 | 4 | 5",
            "1.1 | Опрос | 01.10.2023 | 15.10.2023 | ОО",
        ),
    )

    assert dict(read.columns) == {"number": 0, "title": 1, "deadline": 2, "responsible": 4}
    assert fates(read) == ["head", "head", "head", "item"]
    assert read.items[0].deadline.text == "с 01.10.2023 по 15.10.2023"
    assert read.items[0].deadline.kind == DeadlineKind.WINDOW
    assert read.doubts == ()


def test_columns_of_unknown_meaning_are_asked_about_once():
    read = plan(
        "1 | Опрос | май | ОО | актовый зал",
        "2 | Беседа | май | ОО | класс",
        head=f"{HEAD} | Место",
    )

    assert read.doubts == (
        Doubt(None, "columns", "Столбец «Место» не вошёл в мероприятия (например: «актовый зал»)."),
    )


def test_columns_without_a_head_are_guessed_and_asked_about():
    read = draft_from_document(
        read_pasted(
            "1\tПровести собрание\tдо 15 сентября\tклассные руководители\n"
            "2\tПосетить ярмарку\tоктябрь 2023\tдиректор школы"
        ),
        dictionary=general_dictionary(),
        year=2023,
    )

    assert dict(read.columns) == {"number": 0, "title": 1, "deadline": 2, "responsible": 3}
    assert short(read) == [("1", None, "Провести собрание"), ("2", None, "Посетить ярмарку")]
    assert read.doubts == (
        Doubt(None, "columns", "Шапка таблицы не найдена: столбцы определены по содержанию."),
    )


def test_columns_missing_from_the_table_are_asked_about_once():
    read = plan("Опрос | справка", "Беседа | отчёт", head="Мероприятие | Результат")

    assert [doubt.message for doubt in read.doubts] == [
        "В таблице нет графы «Срок».",
        "В таблице нет графы «Ответственный».",
    ]
    assert [(item.number, item.number_text) for item in read.items] == [(None, None)] * 2


# Sections, groups, items


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


def test_rows_with_nothing_written_are_empty():
    assert fates(plan("| | |", "1 | Опрос | май | ОО", "^ | ^ | ^ | ^")) == [
        *("head", "empty", "item", "continuation")
    ]


def test_groups_without_rows_below_are_asked_about():
    read = plan("1 | Опрос | |", "2 | Беседа | май | ОО", "3 | 3>Работа с родителями")

    assert [item.group for item in read.items] == [True, False, True]
    assert asked(read) == [("1", "group")]


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


# Repeated numbers


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


# Cut rows and merged items


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


def test_text_headings_in_the_title_column_are_asked_about():
    read = plan(
        "Опрос | май | ОО",
        "Беседа с родителями | |",
        "и учителями | |",
        "Игра | май | ОО",
        head="Мероприятие | Срок | Ответственный",
        grid=False,
    )

    assert read.sections == (DraftSection(None, "Беседа с родителями и учителями"),)
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


# Inheritance


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


# Months


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


# Several tables


def test_tables_of_layout_are_text_and_other_tables_are_doubts():
    read = draft(
        table("СОГЛАСОВАНО | УТВЕРЖДАЮ приказ от 01.09.2023 № 15-о"),
        TITLE,
        "Раздел 1. Школы",
        table(HEAD, "1.1 | Опрос | май | ОО"),
        "Раздел 2. Родители",
        table(HEAD, "2.1 | Беседа | май | ОО"),
        table("2.2 | Игра | май | ОО", "| | |"),
        table("Показатель | 2023", "Доля | 10", "Число | 20"),
        table("Начальник отдела | Орлова А.Б."),
    )

    assert [row.fate.value for row in read.rows] == [
        *("preface", "head", "item", "head", "item", "item", "empty"),
        *("doubt", "doubt", "doubt", "preface"),
    ]
    assert [section.title for section in read.sections] == ["Школы", "Родители"]
    assert [item.section for item in read.items] == [0, 1, 1]
    assert read.basis == BasisOrder("приказ", "15-о", date(2023, 9, 1))
    assert read.doubts == (
        Doubt(
            None,
            "items",
            "Таблица «Показатель» не похожа на план, её строки не вошли: 3.",
            7,
        ),
    )


def test_documents_without_a_plan_are_asked_about():
    read = draft("Просто текст о профориентации школьников")

    assert asked(read) == [(None, "period"), (None, "items")]
    assert read.items == ()
    assert read.title == "Просто текст о профориентации школьников"


def test_titles_inside_the_table_are_read():
    read = draft(table(f"4>{TITLE}", HEAD, "1 | Опрос | май | ОО"))

    assert read.title == TITLE
    assert fates(read) == ["head", "head", "item"]


# Preface

ORDER = (
    "УПРАВЛЕНИЕ ОБРАЗОВАНИЯ\nадминистрации города Заречного",
    "П Р И К А З",
    "«18» июля 2023 г.",
    "№ 953",
    "Об утверждении плана по профориентации",
    "1. Утвердить план по профориентации на 2023-2024 годы (далее – План) (приложение).",
    "ПЛАН МЕРОПРИЯТИЙ («ДОРОЖНАЯ КАРТА»)\nпо профориентации\nна 2023-2024 годы",
    "Пояснительная записка",
    "План мероприятий разработан на основании закона:",
    "Цель – помочь каждому выбрать профессию.",
    "Задачи:",
    "1. узнать интересы;\n2. показать профессии.",
    "План мероприятий",
    "Цель: помочь каждому выбрать профессию;",
)


def test_preface_gives_title_issuer_order_aims_and_period():
    read = draft(*ORDER, table(HEAD, "1 | Опрос | октябрь 2024 | Управление образования"))

    assert read.title == ("ПЛАН МЕРОПРИЯТИЙ («ДОРОЖНАЯ КАРТА») по профориентации на 2023-2024 годы")
    assert read.issuer == "УПРАВЛЕНИЕ ОБРАЗОВАНИЯ администрации города Заречного"
    assert read.basis == BasisOrder("приказ", "953", date(2023, 7, 18))
    assert read.aims == (
        "помочь каждому выбрать профессию.",
        "узнать интересы",
        "показать профессии.",
    )
    assert read.as_json()["period"] == {"start": "2023-06-01", "end": "2024-12-31"}
    assert read.abbreviations == {"План": "план по профориентации на 2023-2024 годы"}
    assert read.items[0].responsible.parties[0].kind == PartyKind.MUNICIPALITY
    assert read.doubts == ()


def test_preface_of_a_stamp_gives_issuer_and_order():
    read = draft(
        "УТВЕРЖДЁН\nраспоряжением Министерства образования\nЗаречной области\n"
        "от 18.08.2023 № Р-872",
        "План работы",
        table(HEAD, "1 | Опрос | до 01.10.2023 | Министерство"),
    )

    assert read.issuer == "Министерство образования Заречной области"
    assert read.basis == BasisOrder("распоряжение", "Р-872", date(2023, 8, 18))
    assert read.items[0].responsible.parties[0].kind == PartyKind.REGION


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (
            ["Об утверждении дорожной карты на 2023 год", "Текст."],
            "Об утверждении дорожной карты на 2023 год",
        ),
        (["Профориентация в школах района"], "Профориентация в школах района"),
        (
            ["ПЛАН", "(дорожная карта)", "по профориентации"],
            "ПЛАН (дорожная карта) по профориентации",
        ),
        (["План утвержден приказом:", "Муниципальный план", "Задачи:"], "Муниципальный план"),
        ([], ""),
    ],
)
def test_preface_title_is_the_first_name_of_a_plan(lines, title):
    assert draft(*lines, table(HEAD, "1 | Опрос | май 2023 | ОО")).title == title


@pytest.mark.parametrize(
    ("order", "basis"),
    [
        (["ПРИКАЗ", "32.01.2023 № 5"], BasisOrder("приказ", "5", None)),
        (["ПРИКАЗ", "«18» брюмера 2023"], BasisOrder("приказ", None, None)),
        (["текст"], None),
    ],
)
def test_preface_order_without_date_or_number_keeps_what_is_there(order, basis):
    assert (
        draft("Российская Федерация", *order, table(HEAD, "1 | А | май 2023 | ОО")).basis == basis
    )


# The years


@pytest.mark.parametrize(
    ("title", "deadline", "year", "period", "doubts"),
    [
        ("План на 2024 год", "май", None, ("2024-01-01", "2024-12-31"), []),
        ("План", "май", 2023, ("2023-09-01", "2024-08-31"), []),
        ("План", "до 10.07.2023", None, ("2023-09-01", "2024-08-31"), [(None, "period")]),
        ("План", "октябрь 2022", None, ("2022-09-01", "2023-08-31"), [(None, "period")]),
        ("План на 2024 год", "май", 2020, ("2024-01-01", "2024-12-31"), [(None, "period")]),
        ("План на 2023/24 учебный год", "май", 2024, ("2023-09-01", "2024-08-31"), []),
    ],
)
def test_period_comes_from_title_year_or_earliest_date(title, deadline, year, period, doubts):
    read = plan(f"1 | Опрос | {deadline} | ОО", title=title, year=year)

    assert tuple(read.as_json()["period"].values()) == period
    assert asked(read) == doubts


def test_period_unknown_leaves_dates_without_a_year_unread():
    read = plan("1 | Опрос | октябрь | ОО", "2 | Беседа | постоянно | ОО", title="План", year=None)

    assert read.plan is None
    assert read.as_json()["period"] is None
    assert [item.deadline.kind for item in read.items] == [
        DeadlineKind.NONE,
        DeadlineKind.CONTINUOUS,
    ]
    assert asked(read) == [(None, "period"), ("1", "deadline")]


def test_level_of_the_importing_unit_counts_where_the_document_is_silent():
    silent = plan("1 | Опрос | май 2023 | Управление образования", title="План на 2023 год")
    told = plan(
        "1 | Опрос | май 2023 | Управление образования",
        title="План на 2023 год",
        level=PartyKind.MUNICIPALITY,
    )

    assert asked(silent) == [("1", "responsible")]
    assert asked(told) == []


# Store and mending


def test_draft_survives_the_store():
    read = draft(*ORDER, table(HEAD, "1 | Опрос | октябрь 2024 | ОО", "2 | Беседа | |", "Итого|||"))

    assert RoadmapDraft.from_store(json.loads(json.dumps(read.to_store()))) == read
    empty = draft("Текст")
    assert RoadmapDraft.from_store(json.loads(json.dumps(empty.to_store()))) == empty


def test_mend_item_reads_a_deadline_again():
    read = plan("1 | Опрос | когда-нибудь | ОО")
    assert asked(read) == [("1", "deadline")]

    mended = mend_item(read, 0, "deadline", " до 25 мая ", dictionary=general_dictionary())

    assert mended.items[0].deadline.windows[0].end == date(2024, 5, 25)
    assert mended.doubts == ()


def test_mend_item_reads_parties_with_the_documents_words():
    read = draft(
        "Заречный институт развития образования (далее – ЗИР)",
        TITLE,
        table(HEAD, "1 | Опрос | май | Вымпел"),
    )

    mended = mend_item(read, 0, "responsible", "ЗИР, Вымпел-2", dictionary=general_dictionary())

    assert [(party.kind, party.name) for party in mended.items[0].responsible.parties] == [
        (PartyKind.OPERATOR, "Заречный институт развития образования")
    ]
    assert mended.doubts == (
        Doubt("1", "responsible", "Не распознано в графе ответственных: «Вымпел-2».", 1, 0),
    )


@pytest.mark.parametrize(
    ("field", "text", "values"),
    [
        ("title", " Тест ", {"title": "Тест"}),
        ("number", "1. 2.", {"number": "1.2", "number_text": "1. 2."}),
        ("result", "Отчёт", {"result": "Отчёт"}),
        ("documents", "Приказ", {"documents": "Приказ"}),
    ],
)
def test_mend_item_writes_plain_fields(field, text, values):
    mended = mend_item(
        plan("1 | Опрос | май | ОО"), 0, field, text, dictionary=general_dictionary()
    )

    assert {name: getattr(mended.items[0], name) for name in values} == values


@pytest.mark.parametrize("field", ["deadline", "responsible"])
def test_mend_item_takes_an_empty_text_for_an_answer(field):
    read = plan("1 | Опрос | когда-то | Вымпел")

    mended = mend_item(read, 0, field, "", dictionary=general_dictionary())

    assert field not in {doubt.field for doubt in mended.doubts}
    assert getattr(mended.items[0], field).text == ""


def test_mend_item_knows_its_fields():
    with pytest.raises(ValueError, match="no field 'colour'"):
        mend_item(plan("1 | А | май | ОО"), 0, "colour", "", dictionary=general_dictionary())


# Nothing is dropped

WORDS = st.sampled_from(
    [
        *("", "", "1", "1.1", "3.4. 13.3 .", "I. Раздел", "Раздел 2", "Итого", "Сентябрь", "№"),
        *("Мероприятие", "Срок", "до 15.09.2023", "ОО", "МОМО АСОУ", "Орлова А.Б.", "тест"),
        *("(далее – МОМО)", "«", "»", "-", "<b>т", "региональный оператор – ЦОПП", "(", "5)"),
    ]
)
CELLS = st.builds(Cell, st.one_of(WORDS, st.text(max_size=12)), st.integers(1, 4), st.booleans())
ROWS = st.builds(Row, st.lists(CELLS, min_size=1, max_size=6).map(tuple), st.booleans())
HEADS = st.sampled_from(["№", "Мероприятие", "Срок", "Ответственный", "Показатели", "Прочее"])
TABLES = st.builds(
    lambda head, rows: Table((Row(tuple(map(Cell, head))), *rows)),
    st.lists(HEADS, min_size=2, max_size=6),
    st.lists(ROWS, max_size=8),
)
BLOCKS = st.lists(st.one_of(TABLES, st.builds(Paragraph, WORDS)), max_size=4)


@settings(deadline=None)
@given(BLOCKS, st.booleans())
def test_draft_loses_no_row(blocks, grid):
    written = Document(tuple(blocks), grid)

    read = draft_from_document(written, dictionary=general_dictionary(), year=2023)

    rows = [row for one in written.tables for row in one.rows]
    told = [row.fate for row in read.rows]
    sources = [place for item in read.items for place in item.source_rows]
    assert [row.cells for row in read.rows] == [row.texts for row in rows]
    assert told.count(Fate.ITEM) == sum(not item.group for item in read.items)
    assert told.count(Fate.GROUP) == sum(item.group for item in read.items)
    assert len(sources) == len(set(sources))
    assert all(
        told[item.source_rows[0]] is (Fate.GROUP if item.group else Fate.ITEM)
        for item in read.items
    )
    assert {place for place, fate in enumerate(told) if fate is Fate.DOUBT} <= {
        place for place, row in enumerate(read.rows) if any(row.cells)
    }
    assert RoadmapDraft.from_store(json.loads(json.dumps(read.to_store()))) == read


@settings(deadline=None)
@given(st.lists(ROWS, max_size=10), st.booleans())
def test_draft_of_one_plan_counts_every_row(rows, grid):
    head = Row(tuple(map(Cell, ("№ п/п", "Мероприятие", "Срок", "Ответственный"))))
    written = Document((Table((head, *rows)),), grid)

    read = draft_from_document(written, dictionary=general_dictionary(), year=2023)

    told = [row.fate for row in read.rows]
    kinds = (Fate.HEAD, Fate.CONTINUATION, Fate.DOUBT, Fate.EMPTY)
    others = sum(told.count(fate) for fate in kinds)
    assert len(rows) + 1 == len(read.items) + len(read.sections) + others
