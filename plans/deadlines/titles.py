"""Which years a plan is written for, by its title or by the dates in its table. Pure."""

import re
from collections.abc import Iterable
from datetime import date

from plans.deadlines.values import PlanPeriod

_YEAR = r"(?<!\d)(20\d\d)(?!\d)"
_DASHES = re.compile(r"[‐‑‒–—―−]")
_BLANKS = re.compile(r"\s+")
_NOT_THE_PLAN = re.compile(
    r"(?<!\d)\d{1,2}\s?\.\s?\d{1,2}\s?\.\s?\d{4}"  # a date of an order
    r"|\d{1,2}»?\"?\s(?:январ|феврал|март|апрел|ма[яй]|июн|июл|август|сентябр|октябр|ноябр|декабр)"
    r"\w*\s\d{4}(?:\sг(?:\.|ода?))?"
    r"|(?:на\sпериод\s)?до\s\d{4}\s?г(?:\.|ода)"  # a national programme
)
_PAIR = re.compile(_YEAR + r"\s?([-/\\])\s?(20\d\d|\d\d)(?!\d)\s?\)?\s?(г\w*|уч\w*)?")
_SCHOOL = re.compile(r"уч(?:ебн\w*|\.|\b)")
_SEVERAL = re.compile(r"г(?:оды|одах|одов|одам|г)\b")
_SINGLE = re.compile(r"(?:\b(?:на|в|за)\s)" + _YEAR + r"(?!\s?[-/]\s?\d)")
_ANY = re.compile(_YEAR)
_NUMERIC = re.compile(
    r"(?<![\d.])(\d{1,2})\s?[./]\s?(\d{1,2})\s?[./]?\s?(20\d\d)(?!\d)"
    r"|(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)"
)
_MONTHS = (
    *("январ", "феврал", "март", "апрел", "ма", "июн"),
    *("июл", "август", "сентябр", "октябр", "ноябр", "декабр"),
)
_WORDED = re.compile(
    r"(?<!\d)(\d{1,2})[»\"”]?\s(" + "|".join(_MONTHS) + r")[а-я]{0,2}\s(20\d\d)(?!\d)"
)


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", _DASHES.sub("-", text.lower().replace("ё", "е")))


def _pair(text: str) -> PlanPeriod | None:
    """«2023-2024 учебный год», «2022–2023 годы», «2026/27 уч. г.»."""
    for match in _PAIR.finditer(text):
        first, last = int(match[1]), int(match[3])
        last = last if last > 99 else first // 100 * 100 + last
        after, before = text[match.end(3) :][:24], text[: match.start()][-12:]
        school = bool(_SCHOOL.match(after.lstrip(" )")) or _SCHOOL.search(before))
        if last <= first or last - first > 10:
            continue
        if school or (last == first + 1 and not _SEVERAL.match(after.lstrip())):
            return PlanPeriod(first, last if last > first + 1 else None)
        return PlanPeriod(first, last, calendar=True)
    return None


def _single(text: str) -> PlanPeriod | None:
    """«на 2024 год», «2024 год», «с сентября 2023 по май 2024» has none."""
    named = {int(match[1]) for match in _SINGLE.finditer(text)}
    years = named or {int(match[1]) for match in _ANY.finditer(text)}
    if len(years) != 1:
        return None
    (year,) = years
    after = text[text.index(str(year)) + 4 :].lstrip(" )")
    return PlanPeriod(year, calendar=not _SCHOOL.match(after))


def plan_period_from_title(text: str) -> PlanPeriod | None:
    """The years named in a title; None where it names none, or several that contradict.

    Dates of orders and «на период до 2030 года» are no years of the plan.
    """
    title = _NOT_THE_PLAN.sub(" ", _plain(text))
    return _pair(title) or _single(title)


def _day(year: str, month: int, day: str) -> date | None:
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None


def _numeric_day(match: re.Match[str]) -> date | None:
    if match[3]:
        return _day(match[3], int(match[2]), match[1])
    return _day(match[4], int(match[5]), match[6])


def earliest_full_date(texts: Iterable[str]) -> date | None:
    """The earliest date with day, month and year in the texts; impossible ones are passed over."""
    found: list[date | None] = []
    for text in texts:
        plain = _plain(text)
        found.extend(_numeric_day(match) for match in _NUMERIC.finditer(plain))
        found.extend(
            _day(match[3], _MONTHS.index(match[2]) + 1, match[1])
            for match in _WORDED.finditer(plain)
        )
    return min((day for day in found if day), default=None)
