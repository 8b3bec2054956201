"""Columns by their headings, in any order, of one or two rows."""

import pytest

from plans.choices import DeadlineKind
from plans.readers import read_pasted
from plans.roadmap_draft import Doubt, draft_from_document
from plans.services.parties import general_dictionary
from tests.plans.roadmap_draft.sheets import HEAD, TITLE, draft, fates, plan, short, table


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


@pytest.mark.parametrize(
    ("begin", "end", "text"),
    [
        ("01.10.2023", "15.10.2023", "с 01.10.2023 по 15.10.2023"),
        ("15.10.2023", "15.10.2023", "15.10.2023"),
        ("", "15.10.2023", "до 15.10.2023"),
        ("15.10.2023", "", "с 15.10.2023"),
        ("постоянно", "", "постоянно"),
        ("", "", ""),
    ],
)
def test_columns_of_beginning_and_end_make_one_phrase(begin, end, text):
    read = plan(
        f"1 | Опрос | {begin} | {end} | ОО | отчёт",
        head="№ | Мероприятие | Дата начала | Дата окончания | Ответственный | Результат",
    )

    assert read.items[0].deadline.text == text


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
