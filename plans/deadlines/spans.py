"""Stretches of the calendar as they are named in a phrase, before their years are known. Pure."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from plans.deadlines.values import Window
from profmin.lib.recurrence import is_working_day

LAST_DAY: Final = -1
"""Stands for the last day of a month in a (month, day)."""

TERM: Final = "четверть"
"""What a span of a school term is called: no calendar has its days."""

NEW_YEAR: Final = "Не сказано, какой учебный год новый: взят учебный год плана."

Edge = Literal["start", "middle", "end"]


class ImpossibleDateError(ValueError):
    """A day that no calendar has; the argument is the day as written."""


class ReversedStretchError(ValueError):
    """A stretch that ends before it begins."""


def _day(year: int, month_day: tuple[int, int], said: str) -> date:
    month, day = month_day
    try:
        return date(year, month, calendar.monthrange(year, month)[1] if day == LAST_DAY else day)
    except ValueError as error:  # IllegalMonthError is one too
        raise ImpossibleDateError(said) from error


@dataclass(frozen=True)
class Span:
    """Days from `first` to `last`, each (month, day); equal for a single day.

    `years` are the calendar years written beside it (several: the span repeats); `school_first`
    the academic year written beside it; `later` counts years from «текущий» (0) to «следующий»
    (1), None where nothing was said. `edge` is «начало», «середина», «конец» of the span;
    `nth` is the number (−1: the last) of a weekday inside it, or with None of a working day;
    `half` the half-year it is.
    """

    said: str
    first: tuple[int, int]
    last: tuple[int, int]
    years: tuple[int, ...] = ()
    school_first: int | None = None
    of_school_year: bool = False
    later: int | None = None
    edge: Edge | None = None
    nth: tuple[int, int | None] | None = None
    half: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_day(self) -> bool:
        return self.first == self.last and self.edge is None

    @property
    def is_month(self) -> bool:
        return self.first == (self.last[0], 1) and self.last[1] == LAST_DAY

    def in_year(self, year: int) -> Window:
        """The span that starts in `year`; raises `ImpossibleDateError`."""
        first = _day(year, self.first, self.said)
        last = _day(year + (self.last[0] < self.first[0]), self.last, self.said)
        if self.nth is not None:
            number, weekday = self.nth
            named = _days_like(first, last, weekday)
            if not -1 <= number <= len(named) or number == 0:
                raise ImpossibleDateError(self.said)
            first = last = named[-1] if number < 0 else named[number - 1]
        return Window(first, last)


def _days_like(first: date, last: date, weekday: int | None) -> list[date]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if weekday is None:
        return [day for day in days if is_working_day(day)]
    return [day for day in days if day.weekday() == weekday]


YearKind = Literal["plan", "school", "calendar", "any"]


@dataclass(frozen=True)
class YearSpan:
    """A whole year: the plan's («весь период»), a school, a calendar one, or just «года».

    `firsts` are the first calendar years named; `later` as in `Span`, or "new" for «нового
    учебного года»; `half` 1 or 2 for «первая половина года».
    """

    said: str
    kind: YearKind
    firsts: tuple[int, ...] = ()
    later: int | Literal["new"] = 0
    edge: Edge | None = None
    half: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def calendar_said(self) -> bool:
        return "календарн" in self.said


AnySpan = Span | YearSpan


@dataclass(frozen=True)
class Stretch:
    """From a span to another; the same object twice for a single one.

    `until` is True for «с сентября до мая», where the end may not belong to it.
    """

    start: AnySpan
    end: AnySpan
    until: bool = False

    @property
    def single(self) -> bool:
        return self.start is self.end
