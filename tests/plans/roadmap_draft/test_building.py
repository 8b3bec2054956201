"""Several tables in one document, and the years of the plan."""

from datetime import date

import pytest

from plans.choices import DeadlineKind, PartyKind
from plans.roadmap_draft import BasisOrder, Doubt
from tests.plans.roadmap_draft.sheets import HEAD, TITLE, asked, draft, fates, plan, table


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


def test_tables_with_sentences_between_them_have_no_headings():
    read = draft(
        TITLE,
        "Ниже перечислены мероприятия.",
        table(HEAD, "1 | Опрос | май | ОО"),
        "Следующая таблица продолжает план.",
        table(HEAD, "2 | Беседа | май | ОО"),
        "Список рассылки:",
        table(HEAD, "3 | Игра | май | ОО"),
        "Родители",
        table(HEAD, "4 | Тест | май | ОО"),
    )

    assert [section.title for section in read.sections] == ["Родители"]
    assert [item.section for item in read.items] == [None, None, None, 0]


def test_documents_without_a_plan_are_asked_about():
    read = draft("Просто текст о профориентации школьников")

    assert asked(read) == [(None, "period"), (None, "items")]
    assert read.items == ()
    assert read.title == "Просто текст о профориентации школьников"


def test_titles_inside_the_table_are_read():
    read = draft(table(f"4>{TITLE}", HEAD, "1 | Опрос | май | ОО"))

    assert read.title == TITLE
    assert fates(read) == ["head", "head", "item"]


@pytest.mark.parametrize(
    ("title", "deadline", "year", "period", "doubts"),
    [
        ("План на 2024 год", "май", None, ("2024-01-01", "2024-12-31"), []),
        ("План", "май", 2023, ("2023-09-01", "2024-08-31"), []),
        ("План", "до 10.07.2023", None, ("2023-09-01", "2024-08-31"), [(None, "period")]),
        ("План", "до 15.09.24", None, ("2024-09-01", "2025-08-31"), [(None, "period")]),
        ("План", "октябрь 2022", None, ("2022-09-01", "2023-08-31"), [(None, "period")]),
        ("План на 2024 год", "май", 2020, ("2024-01-01", "2024-12-31"), [(None, "period")]),
        ("План на 2023/24 учебный год", "май", 2024, ("2023-09-01", "2024-08-31"), []),
    ],
)
def test_period_comes_from_title_year_or_earliest_date(title, deadline, year, period, doubts):
    read = plan(f"1 | Опрос | {deadline} | ОО", title=title, year=year)

    assert tuple(read.as_json()["period"].values()) == period
    assert asked(read) == doubts


@pytest.mark.parametrize(
    ("lines", "start"),
    [
        (["Об утверждении плана на 2022/2023 учебный год", "План"], "2022-09-01"),
        (["План", "2022-2023 уч. год", "Текст."], "2022-09-01"),
        (["1. Утвердить план на 2022-2023 учебный год.", "План"], "2022-09-01"),
        (["г. Заречный, 2019 год", "План"], "2023-09-01"),
    ],
)
def test_period_may_stand_beside_the_title(lines, start):
    read = draft(*lines, table(HEAD, "1 | Опрос | до 10.07.2023 | ОО"))

    assert str(read.plan.start) == start


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
