"""Recurring days and the production calendar."""

from datetime import date

import pytest

from profmin.lib.periods import Period
from profmin.lib.recurrence import (
    dues,
    is_weekend,
    is_working_day,
    month_ends,
    working_days_before,
)

YEAR = Period(date(2023, 9, 1), date(2024, 8, 31))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        pytest.param(
            "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=20\nFREQ=YEARLY;BYMONTH=5;BYMONTHDAY=25",
            [date(2023, 12, 20), date(2024, 5, 25)],
            id="two rules, two days",
        ),
        pytest.param(
            "FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=1", [date(2023, 9, 1)], id="the first day counts"
        ),
        pytest.param(
            "FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=31", [date(2024, 8, 31)], id="the last day counts"
        ),
        pytest.param(
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", [date(2024, 2, 29)], id="end of a leap February"
        ),
        pytest.param(
            "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=2\nFREQ=YEARLY;BYMONTH=10;BYMONTHDAY=31",
            [date(2023, 10, 31), date(2023, 12, 31)],
            id="a day of two rules stands once",
        ),
    ],
)
def test_dues_lie_inside_the_period(rule, expected):
    assert dues(rule, YEAR) == expected


def test_dues_refuses_what_is_no_rule():
    with pytest.raises(ValueError, match="unpack"):
        dues("каждый день", YEAR)


def test_month_ends_of_an_academic_year_are_twelve():
    ends = month_ends(YEAR)

    assert len(ends) == 12
    assert (ends[0], ends[5], ends[-1]) == (
        date(2023, 9, 30),
        date(2024, 2, 29),
        date(2024, 8, 31),
    )


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(date(2026, 9, 4), False, id="Friday"),
        pytest.param(date(2026, 9, 5), True, id="Saturday"),
        pytest.param(date(2027, 2, 20), True, id="a working Saturday is a weekend all the same"),
    ],
)
def test_is_weekend_knows_only_the_week(day, expected):
    assert is_weekend(day) is expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(date(2026, 9, 4), True, id="an ordinary Friday"),
        pytest.param(date(2026, 9, 5), False, id="Saturday"),
        pytest.param(date(2026, 6, 12), False, id="a holiday"),
        pytest.param(date(2027, 2, 20), True, id="a working Saturday"),
    ],
)
def test_is_working_day_follows_the_production_calendar(day, expected):
    assert is_working_day(day) is expected


def test_is_working_day_is_overridden_by_a_region():
    friday, saturday = date(2026, 9, 4), date(2026, 9, 5)

    assert is_working_day(friday, extra_off={friday}) is False
    assert is_working_day(saturday, extra_on={saturday}) is True
    assert is_working_day(friday, extra_off={friday}, extra_on={friday}) is True


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        pytest.param(date(2026, 9, 7), 0, date(2026, 9, 7), id="none before is the day itself"),
        pytest.param(date(2026, 9, 7), 1, date(2026, 9, 4), id="over a weekend"),
        pytest.param(date(2026, 9, 7), 5, date(2026, 8, 31), id="a week of work"),
        pytest.param(date(2027, 2, 22), 1, date(2027, 2, 20), id="to a working Saturday"),
        pytest.param(date(2026, 1, 12), 1, date(2025, 12, 30), id="over the New Year holidays"),
    ],
)
def test_working_days_before_counts_back(day, n, expected):
    assert working_days_before(day, n) == expected


def test_working_days_before_heeds_days_of_a_region():
    monday = date(2026, 9, 7)

    assert working_days_before(monday, 1, extra_off={date(2026, 9, 4)}) == date(2026, 9, 3)
    assert working_days_before(monday, 1, extra_on={date(2026, 9, 6)}) == date(2026, 9, 6)


def test_working_days_before_refuses_a_negative_number():
    with pytest.raises(ValueError, match="negative"):
        working_days_before(date(2026, 9, 7), -1)


class _Everything:
    def __contains__(self, day):
        return True


def test_working_days_before_gives_up_when_every_day_is_off():
    with pytest.raises(ValueError, match="too few"):
        working_days_before(date(2026, 9, 7), 1, extra_off=_Everything())
