"""Title, issuing authority, approving order and aims."""

from datetime import date

import pytest

from plans.choices import PartyKind
from plans.readers.text import parse_text
from plans.roadmap_draft import BasisOrder, draft_from_document
from plans.roadmap_draft.preface import read_preface
from plans.services.parties import general_dictionary
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


PLAN = "План мероприятий на 2026/2027 учебный год"
OFFICE = "Управление образования города Заречного"
OF_OFFICE = "управления образования города Заречного"
DAY = date(2026, 8, 18)
N87 = BasisOrder("приказ", "87", DAY)


@pytest.mark.parametrize(
    ("lines", "issuer", "basis"),
    [
        pytest.param(
            [f"Приложение к приказу {OF_OFFICE} от 18.08.2026 № 87"], OFFICE, N87, id="appendix"
        ),
        pytest.param(
            ["Приложение", f"к приказу {OF_OFFICE}", "от 18.08.2026 № 87"],
            *(OFFICE, N87),
            id="three paragraphs",
        ),
        pytest.param(
            [
                "Приложение № 1\nк распоряжению Министерства образования\nот «18» августа 2026 г. № Р-8"
            ],
            *("Министерство образования", BasisOrder("распоряжение", "Р-8", DAY)),
            id="numbered appendix of lines",
        ),
        pytest.param(
            ["Приложение 2 к постановлению администрации города Заречного № 87 от 18.08.2026"],
            *("Администрация города Заречного", BasisOrder("постановление", "87", DAY)),
            id="number before the date",
        ),
        pytest.param(
            ["Приложение к приказу МБОУ СОШ № 5 от 18.08.2026 № 87"],
            *("МБОУ СОШ № 5", N87),
            id="number of a school",
        ),
        pytest.param(["Приложение к приказу от 18.08.2026 № 87"], None, N87, id="no issuer"),
        pytest.param(
            [f"Приложение к приказу {OF_OFFICE} от ____ № ___"],
            *(OFFICE, BasisOrder("приказ", None, None)),
            id="blanks to fill",
        ),
        pytest.param([OFFICE, "ПРИКАЗ от 18.08.2026 № 87"], OFFICE, N87, id="bare order"),
        pytest.param([OFFICE, "П Р И К А З № 87 от 18.08.2026 г."], OFFICE, N87, id="spaced"),
        pytest.param(
            [OFFICE, "ПРИКАЗ", "18.08.2026 № 87", f"Приложение к приказу {OF_OFFICE} от ___ № ___"],
            *(OFFICE, N87),
            id="order fuller than its appendix",
        ),
        pytest.param(
            ["УТВЕРЖДЕНО", f"Приказ {OF_OFFICE}", "от 18.08.2026 № 87"], OFFICE, N87, id="stamp"
        ),
        pytest.param(
            ["УТВЕРЖДАЮ", "Директор МБОУ СОШ № 5", "Приказ от 18.08.2026 № 87"],
            *(None, N87),
            id="stamp of a person",
        ),
    ],
)
def test_preface_order_is_read_in_every_case_of_the_word(lines, issuer, basis):
    read = read_preface([*lines, PLAN])
    assert (read.issuer, read.basis, read.title) == (issuer, basis, PLAN)


def test_preface_takes_no_order_on_which_the_plan_leans():
    read = read_preface(
        [
            PLAN,
            "План разработан в соответствии с приказом Министерства просвещения от 31.08.2023 № 5",
            "Приказ от 18.08.2026 № 87",
        ]
    )
    assert (read.issuer, read.basis) == (None, None)


@pytest.mark.parametrize("title", ["План мероприятий по профориентации", PLAN])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "glossary",
    [
        "МОУО – муниципальные органы управления образованием; ОО – образовательные организации.",
        "МОУО – муниципальные органы\nуправления образованием;\nОО – образовательные организации",
        "Используемые сокращения: МОУО – муниципальные органы управления образованием; "
        "ОО – образовательные организации.",
    ],
    ids=["line", "wrapped", "named"],
)
def test_preface_of_a_text_keeps_abbreviations_apart_from_the_title(title, gap, glossary):
    rows = "№\tМероприятие\tСрок\tОтветственный\n1\tОпрос\tдо 01.10.2026\tМОУО"
    read = draft_from_document(
        parse_text(f"{title}{gap}{glossary}\n\n{rows}"), dictionary=general_dictionary()
    )
    assert read.title == title
    assert read.abbreviations == {
        "МОУО": "муниципальные органы управления образованием",
        "ОО": "образовательные организации",
    }


def test_preface_title_goes_on_with_a_motto():
    assert read_preface(["План мероприятий", "ПРОФЕССИЯ – МОЙ ВЫБОР"]).title == (
        "План мероприятий ПРОФЕССИЯ – МОЙ ВЫБОР"
    )
