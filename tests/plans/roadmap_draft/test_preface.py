"""Title, issuing authority, approving order and aims."""

from datetime import date

import pytest

from plans.choices import PartyKind
from plans.roadmap_draft import BasisOrder
from tests.plans.roadmap_draft.sheets import HEAD, ORDER, draft, table


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
        (["УТВЕРЖДЕН приказом от 01.02.2023 № 5"], BasisOrder("приказ", "5", date(2023, 2, 1))),
    ],
)
def test_preface_order_without_date_or_number_keeps_what_is_there(order, basis):
    assert (
        draft("Российская Федерация", *order, table(HEAD, "1 | А | май 2023 | ОО")).basis == basis
    )
