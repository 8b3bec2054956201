"""Russian words for counts, numbers, days and moments."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from profmin.lib import wording


@pytest.mark.parametrize(
    ("count", "words"),
    [
        pytest.param(0, "0 школ", id="nought"),
        pytest.param(1, "1 школа", id="one"),
        pytest.param(2, "2 школы", id="two"),
        pytest.param(5, "5 школ", id="five"),
        pytest.param(11, "11 школ", id="eleven is many"),
        pytest.param(14, "14 школ", id="fourteen is many"),
        pytest.param(21, "21 школа", id="twenty-one"),
        pytest.param(112, "112 школ", id="hundred and twelve"),
        pytest.param(1234, "1\u00a0234 школы", id="thousands"),
        pytest.param(-3, "\u22123 школы", id="negative"),
        pytest.param(Decimal("2.5"), "2,5 школы", id="a fraction takes the second form"),
    ],
)
def test_plural_agrees_with_its_number(count: float, words: str) -> None:
    shown = wording.plural(count, "школа, школы, школ")

    assert shown == "\u00a0".join(words.rsplit(" ", 1))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        pytest.param(None, "—", id="no data is a dash"),
        pytest.param(0, "0", id="zero is an answer"),
        pytest.param(1234567, "1\u00a0234\u00a0567", id="thousands"),
        pytest.param(Decimal("1234.50"), "1\u00a0234,5", id="decimal without idle zeros"),
        pytest.param(Decimal("100"), "100", id="zeros of a whole number stay"),
        pytest.param(0.1, "0,1", id="float"),
        pytest.param(-2, "\u22122", id="a true minus"),
    ],
)
def test_number_is_written_as_in_russian(value: float | None, words: str) -> None:
    assert wording.number(value) == words


@pytest.mark.parametrize(
    ("share", "places", "words"),
    [
        pytest.param(None, 0, "—", id="no data"),
        pytest.param(0.864, 0, "86\u00a0%", id="rounded"),
        pytest.param(Decimal("0.865"), 0, "87\u00a0%", id="half goes up"),
        pytest.param(Decimal("0.8649"), 1, "86,5\u00a0%", id="with a place"),
        pytest.param(1, 0, "100\u00a0%", id="all"),
    ],
)
def test_percent_of_a_share(share: float | None, places: int, words: str) -> None:
    assert wording.percent(share, places=places) == words


def test_dates_are_written_in_words_and_in_figures() -> None:
    day = date(2026, 9, 15)

    assert wording.long_date(day) == "15\u00a0сентября\u00a02026"
    assert wording.day_month(day) == "15\u00a0сентября"
    assert wording.short_date(day) == "15.09.2026"
    assert wording.weekday_date(day) == "15.09,\u00a0вт"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        pytest.param(date(2026, 12, 19), "19.12.2026,\u00a0сб", id="Saturday"),
        pytest.param(date(2026, 12, 20), "20.12.2026,\u00a0вс", id="Sunday"),
        pytest.param(date(2026, 12, 21), "21.12.2026", id="Monday"),
    ],
)
def test_short_date_names_the_weekend(day: date, words: str) -> None:
    assert wording.short_date(day) == words


def test_moment_has_day_and_time() -> None:
    at = datetime(2026, 9, 5, 14, 2)  # noqa: DTZ001  the zone is the caller's matter

    assert wording.moment(at) == "05.09.2026,\u00a014:02"
    assert wording.clock(at) == "14:02"


@pytest.mark.parametrize(
    ("due", "words"),
    [
        pytest.param(date(2026, 9, 8), "просрочено\u00a02\u00a0дня", id="late"),
        pytest.param(date(2026, 9, 10), "сегодня", id="today"),
        pytest.param(date(2026, 9, 11), "завтра", id="tomorrow"),
        pytest.param(date(2026, 9, 15), "осталось\u00a05\u00a0дней", id="five days"),
        pytest.param(date(2026, 10, 1), "остался\u00a021\u00a0день", id="agrees in gender"),
    ],
)
def test_days_to_says_how_long(due: date, words: str) -> None:
    assert wording.days_to(due, date(2026, 9, 10)) == words


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        pytest.param(date(2026, 9, 1), date(2026, 9, 1), "1\u00a0сентября\u00a02026", id="one day"),
        pytest.param(
            date(2026, 9, 1), date(2026, 9, 30), "1–30\u00a0сентября\u00a02026", id="one month"
        ),
        pytest.param(
            date(2026, 9, 1),
            date(2026, 10, 5),
            "1\u00a0сентября – 5\u00a0октября\u00a02026",
            id="one year",
        ),
        pytest.param(
            date(2026, 9, 1),
            date(2027, 8, 31),
            "1\u00a0сентября\u00a02026 – 31\u00a0августа\u00a02027",
            id="two years",
        ),
    ],
)
def test_span_repeats_no_word(start: date, end: date, words: str) -> None:
    assert wording.span(start, end) == words


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        pytest.param("норма 12 ч", "норма 12~ч", id="unit"),
        pytest.param("в 2026 году", "в~2026~году", id="preposition and year"),
        pytest.param("1 234 школы", "1~234~школы", id="thousands"),
        pytest.param("СОШ № 5", "СОШ №~5", id="number sign"),
        pytest.param("школа г. Тамбов", "школа г.~Тамбов", id="town"),
        pytest.param("карта, п. 3.4.2", "карта, п.~3.4.2", id="point"),
        pytest.param("Е. В. Громова", "Е.~В.~Громова", id="initials apart"),
        pytest.param("Е.В. Громова", "Е.В.~Громова", id="initials together"),
        pytest.param("Срок — до мая", "Срок~— до~мая", id="dash"),
        pytest.param("готово 86 %", "готово 86~%", id="per cent"),
        pytest.param("слово и дело", "слово и~дело", id="conjunction"),
        pytest.param("дальше всего", "дальше всего", id="nothing to bind"),
    ],
)
def test_non_breaking_binds_what_belongs_together(text: str, bound: str) -> None:
    assert wording.non_breaking(text) == bound.replace("~", "\u00a0")


@pytest.mark.parametrize(
    ("signature", "name"),
    [
        pytest.param(
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 YaBrowser/24 Safari/537",
            "Яндекс Браузер, Windows",
            id="one that names others",
        ),
        pytest.param(
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Firefox, Linux", id="plain"
        ),
        pytest.param("Mozilla/5.0 (iPhone)", "iPhone", id="only the system"),
        pytest.param("", "неизвестный браузер", id="nothing"),
    ],
)
def test_browser_is_named_by_its_signature(signature: str, name: str) -> None:
    assert wording.browser(signature) == name
