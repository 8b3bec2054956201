"""Days of the demo move with the day of loading: half of the year is always behind. Pure."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

PAST, AHEAD = 12, 10  # days that have passed and days ahead which the documents may name
LONGEST_PAST = 165  # days from the first due to today, at most
_MONTHS = (
    *("январь", "февраль", "март", "апрель", "май", "июнь"),
    *("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)
_OF_MONTH = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)


class Day(date):
    """A day that a text may name: `{p1}` 05.10.2026, `{p1:w}` «5 октября 2026 года», `{p1:wd}`
    the same with «г.», `{p1:M}` «Октябрь 2026 г.», `{p1:iso}` 2026-10-05."""

    def __format__(self, spec: str) -> str:
        words = f"{self.day} {_OF_MONTH[self.month - 1]} {self.year}"
        forms = {
            "": self.strftime("%d.%m.%Y"),
            "w": f"{words} года",
            "wd": f"{words} г.",
            "M": f"{_MONTHS[self.month - 1]} {self.year} г.".capitalize(),
            "iso": self.isoformat(),
        }
        return forms[spec]


@dataclass(frozen=True)
class Days:
    """The days of one loading.

    `year` is the first year of the running academic year; from June on that is the next one.
    """

    today: date

    @property
    def year(self) -> int:
        return self.today.year if self.today.month >= 6 else self.today.year - 1

    @property
    def opened(self) -> date:
        """The day on which the portal began in the region."""
        return date(self.year - 1, 2, 3)

    @property
    def begins(self) -> date:
        """The first due day of the running roadmap: April–August before the year are inside."""
        return max(date(self.year, 4, 1), self.today - timedelta(days=LONGEST_PAST))

    @property
    def published(self) -> date:
        return _working(self.begins - timedelta(days=21), self.opened, self.begins)

    @property
    def changed(self) -> date:
        """In the middle of what has passed of the year: a school is opened."""
        middle = self.begins + (self.today - self.begins) / 2
        return _working(middle, self.begins, self.yesterday)

    @property
    def merged(self) -> date:
        """A week later another school joins its neighbour."""
        return self.changed + timedelta(days=7)

    @property
    def yesterday(self) -> date:
        return self.today - timedelta(days=1)

    def words(self) -> dict[str, object]:
        """What stands in the braces of the documents."""
        last, own = date(self.year - 1, 5, 20), self.published + timedelta(days=9)
        named = {
            "published": self.published,
            "order": self.published - timedelta(days=4),
            "m_published": own,
            "m_order": own - timedelta(days=3),
            "l_published": last,
            "l_order": last - timedelta(days=5),
            "l1_last": date(self.year, 5, 28),
            "pm1": self._last_month(),
        }
        return {
            **{name: _day(day) for name, day in named.items()},
            **{f"p{place}": day for place, day in enumerate(self._past(), 1)},
            **{f"f{place}": day for place, day in enumerate(self._ahead(), 1)},
            "y": self.year,
            "y1": self.year + 1,
            "l": self.year - 1,
            "l1": self.year,
        }

    def _past(self) -> list[Day]:
        return _spread(self.begins, self.today - timedelta(days=2), PAST)

    def _ahead(self) -> list[Day]:
        end = max(date(self.year + 1, 5, 31), self.today + timedelta(days=30))
        return _spread(self.today + timedelta(days=2), end, AHEAD)

    def _last_month(self) -> date:
        """The first day of the latest month that is over, not before April."""
        month = (self.today - timedelta(days=1)).replace(day=1)
        ended = month.replace(day=calendar.monthrange(month.year, month.month)[1])
        if ended > self.today - timedelta(days=2):
            month = (month - timedelta(days=1)).replace(day=1)
        return max(month, date(self.year, 4, 1))


def _day(day: date) -> Day:
    return Day(day.year, day.month, day.day)


def _spread(first: date, last: date, count: int) -> list[Day]:
    """`count` days from `first` to `last`, on working days where there is room."""
    step = (last - first).days / (count - 1)
    days = [first + timedelta(days=round(step * place)) for place in range(count)]
    return [_day(_working(day, first, last)) for day in days]


def _working(day: date, first: date, last: date) -> date:
    """The nearest working day within [first, last]; the day itself where there is none."""
    over = day.weekday() - 4
    near = [day - timedelta(days=over), day + timedelta(days=3 - over)] if over > 0 else [day]
    return next((one for one in near if first <= one <= last), day)
