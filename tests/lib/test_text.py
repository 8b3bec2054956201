"""Texts of office documents: tags, blanks, words cut by a page."""

import pytest

from profmin.lib.text import clean, close_hyphens, collapse, folded, join_cut, words_of

WORDS = words_of(
    ["а профориентационного а", "а вакансий а", "а онлайн-уроки а", "а ДГ-1773 а", "а и по тому а"]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  два\n слова\t", "два слова"),
        ('<p>один;</p> <ul style="list-style-type: none"> <li>два</li></ul>', "один; два"),
        ("<b>Проф</b>минимум", "Профминимум"),
        ("охват < 5 и > 3 &lt; 7&nbsp;%", "охват < 5 и > 3 < 7 %"),
        ("Рога &amp; копыта &unknown; <!-- скрыто -->", "Рога & копыта &unknown;"),
        ('хвост <ul style="list', "хвост"),
        ("класс <5", "класс <5"),
    ],
)
def test_clean_gives_one_line_without_tags(text, expected):
    assert clean(text) == expected


def test_folded_makes_texts_comparable():
    assert folded(" Ещё\nОДИН ") == "еще один"
    assert collapse(" ") == ""


@pytest.mark.parametrize(
    ("upper", "lower", "expected"),
    [
        ("минимум профориентационн", "ого вида", "минимум профориентационного вида"),
        ("ярмарках ва-", "кансий", "ярмарках вакансий"),
        ("смотреть онлайн-", "уроки", "смотреть онлайн-уроки"),
        ("письмо ТВ-", "1290/03", "письмо ТВ-1290/03"),
        ("редкое профориентацио", "ного вида", "редкое профориентационого вида"),
        ("новое образова", "тельных мер", "новое образовательных мер"),
        ("новый регламентирующ", "их мер", "новый регламентирующих мер"),
        ("полная мотиваци", "я детей", "полная мотивация детей"),
        ("Отчёт.", "ниже", "Отчёт. ниже"),
        ("проведение уроков", "и встреч", "проведение уроков и встреч"),
        ("Управление", "Заречной области", "Управление Заречной области"),
        ("профессии и", "по тому же", "профессии и по тому же"),
        ("https://a.ru/b/", "c-d/", "https://a.ru/b/c-d/"),
        ("https://a.ru/b-", "c/", "https://a.ru/b-c/"),
        ("", "текст", "текст"),
        ("текст", "", "текст"),
        ("текст ", " дальше", "текст дальше"),
        ("а –", "б", "а – б"),
        ("тире -", "слово", "тире - слово"),
    ],
)
def test_join_cut_joins_what_a_page_cut(upper, lower, expected):
    assert join_cut(upper, lower, WORDS) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ярмарка ва- кансий", "ярмарка вакансий"),
        ("письмо ДГ- 1773", "письмо ДГ-1773"),
        ("минимум- это", "минимум- это"),
        ("без дефиса", "без дефиса"),
    ],
)
def test_close_hyphens_closes_only_known_words(text, expected):
    assert close_hyphens(text, WORDS) == expected
