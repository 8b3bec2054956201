"""Geometry of the small pictures."""

from datetime import date

import pytest

from profmin.lib import charts
from profmin.lib.charts import Month, Piece

START, END = date(2026, 9, 1), date(2027, 8, 31)


@pytest.mark.parametrize(
    ("share", "length"),
    [
        pytest.param(0, "0%", id="nothing"),
        pytest.param(0.5, "50%", id="half"),
        pytest.param(1 / 3, "33.333%", id="a third"),
        pytest.param(1, "100%", id="all"),
        pytest.param(1.7, "100%", id="more than all is drawn at the edge"),
        pytest.param(-1, "0%", id="less than nothing too"),
    ],
)
def test_per_cent_is_an_svg_length(share: float, length: str) -> None:
    assert charts.per_cent(share) == length


def test_stacked_pieces_follow_each_other() -> None:
    assert charts.stacked([1, 3], total=4) == [Piece("0%", "25%"), Piece("25%", "75%")]


def test_stacked_of_nothing_is_empty() -> None:
    assert charts.stacked([], total=0) == []


@pytest.mark.parametrize(
    ("window", "piece"),
    [
        pytest.param((START, END), Piece("0%", "100%"), id="the whole span"),
        pytest.param((date(2026, 1, 1), START), Piece("0%", "0.274%"), id="cut at the start"),
        pytest.param((END, date(2028, 1, 1)), Piece("99.726%", "0.274%"), id="cut at the end"),
        pytest.param((date(2025, 1, 1), date(2025, 2, 1)), None, id="before"),
        pytest.param((date(2028, 1, 1), date(2028, 2, 1)), None, id="after"),
    ],
)
def test_stretch_is_cut_by_the_span(window: tuple[date, date], piece: Piece | None) -> None:
    assert charts.stretch(window, START, END) == piece


def test_middle_of_day_of_a_one_day_span_is_its_middle() -> None:
    assert charts.middle_of_day(START, START, START) == "50%"


def test_months_of_an_academic_year_are_twelve_in_order() -> None:
    titles = [month.title for month in charts.months(START, END)]

    assert titles == [
        "сен", "окт", "ноя", "дек", "янв", "фев", "мар", "апр", "май", "июн", "июл", "авг",
    ]  # fmt: skip


def test_months_of_a_short_span_are_cut() -> None:
    found = charts.months(date(2026, 9, 29), date(2026, 10, 2))

    assert found == [Month("0%", "25%", "сен"), Month("50%", "75%", "окт")]
