"""Days that recur, and working days by the Russian production calendar. Pure: no clock.

Rules are RRULE values of RFC 5545 without prefix, one a line; their union is meant. Two months
with two days in one value give four dates, so every date of a year has a line of its own.
"""

from collections.abc import Container
from datetime import date, datetime, time, timedelta
from functools import cache

import holidays
from dateutil.rrule import rrulestr

from profmin.lib.periods import Period

LONGEST_SEARCH_DAYS = 400
"""How far `working_days_before` looks back for each day before it calls the calendar broken."""


def dues(rule: str, period: Period) -> list[date]:
    """The days of the rules inside the period, in order, each once; intervals count from its start.

    Raises ValueError for what is no rule.
    """
    first = datetime.combine(period.start, time.min)
    last = datetime.combine(period.end, time.min)
    found: set[date] = set()
    for line in rule.splitlines():
        found.update(
            moment.date() for moment in rrulestr(line, dtstart=first).between(first, last, inc=True)
        )
    return sorted(found)


def month_ends(period: Period) -> list[date]:
    """The last days of months that lie inside the period."""
    return dues("FREQ=MONTHLY;BYMONTHDAY=-1", period)


@cache
def _calendar() -> holidays.HolidayBase:
    return holidays.country_holidays("RU")


def is_weekend(day: date) -> bool:
    """Saturday or Sunday, whatever the production calendar says of it."""
    return day.weekday() >= 5


def is_working_day(
    day: date, *, extra_off: Container[date] = (), extra_on: Container[date] = ()
) -> bool:
    """A day of work by the production calendar, transfers and working Saturdays included.

    `extra_off` and `extra_on` (days off and days of work of a region) override it, days of work
    last. Years for which no transfers are published yet know only the fixed holidays.
    """
    if day in extra_on:
        return True
    return day not in extra_off and bool(_calendar().is_working_day(day))


def working_days_before(
    day: date, n: int, *, extra_off: Container[date] = (), extra_on: Container[date] = ()
) -> date:
    """The n-th working day before `day` (1: the nearest); 0 is `day` itself, working or not."""
    if n < 0:
        raise ValueError("a number of days before must not be negative")
    found, left = day, n
    for _ in range(n * LONGEST_SEARCH_DAYS):
        if not left:
            break
        found -= timedelta(days=1)
        left -= is_working_day(found, extra_off=extra_off, extra_on=extra_on)
    if left:
        raise ValueError("the calendar has too few working days")
    return found
