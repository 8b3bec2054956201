"""Spans as words name them: days of a month, parts of months and years. Pure."""

from dataclasses import dataclass, replace
from typing import Final

from plans.deadlines.spans import LAST_DAY, NEW_YEAR, Span, Stretch, YearSpan
from plans.deadlines.words import Word

Numbers = tuple[tuple[int, int], ...]
"""Numbers as a phrase lists them, each a range from–to: «1, 15–20»."""

PARTS: Final = ("DECADE", "WEEK", "HALF_OF", "WEEKDAY", "WORKDAY", "DAY")
"""Words of the lexicon that name a part of a month."""

_DECADES: Final = {1: (1, 10), 2: (11, 20), 3: (21, LAST_DAY), -1: (21, LAST_DAY)}
_HALVES: Final = {1: (1, 15), 2: (16, LAST_DAY), -1: (16, LAST_DAY)}
_WEEKS: Final = {
    1: (1, 7), 2: (8, 14), 3: (15, 21), 4: (22, 28), 5: (29, LAST_DAY), -1: (25, LAST_DAY),
}  # fmt: skip
_NO_DAYS: Final = (0, 0)
_WORKDAY: Final = "Рабочий день посчитан по производственному календарю."
_VAGUE_WEEK: Final = "Неделя месяца прочитана как числа месяца, а не по календарю."

_WHICH_YEAR: Final = "Не сказано, какой это год: учебный или календарный."


@dataclass(frozen=True)
class Year:
    """A year said beside a day or a month."""

    years: tuple[int, ...] = ()
    school_first: int | None = None
    of_school_year: bool = False
    later: int | None = None
    new: bool = False


NO_YEAR: Final = Year()
NEW_YEAR_DAY: Final = "Новый год"


def dated(span: Span, year: Year) -> Span:
    return replace(
        span,
        years=year.years,
        school_first=year.school_first,
        of_school_year=year.of_school_year,
        later=year.later,
        notes=(*span.notes, NEW_YEAR) if year.new else span.notes,
    )


def written_day(day: int, month: int, year: int | None = None) -> str:
    return f"{day:02d}.{month:02d}" + (f".{year}" if year else "")


def whole_month(month: int, said: str) -> Span:
    return Span(said, (month, 1), (month, LAST_DAY))


def new_year(year: Year) -> Span:
    """«Нового 2024 года» is 31 December 2023, the last day before it."""
    before = replace(year, years=tuple(one - 1 for one in year.years))
    return dated(Span(NEW_YEAR_DAY, (12, 31), (12, 31)), before)


def days_of_month(numbers: tuple[tuple[int, int], ...], month: int, year: Year) -> list[Stretch]:
    found = []
    for index, (first, last) in enumerate(numbers):
        own = year if index == len(numbers) - 1 else replace(year)
        start = dated(Span(written_day(first, month), (month, first), (month, first)), own)
        end = start
        if last != first:
            end = dated(Span(written_day(last, month), (month, last), (month, last)), own)
        found.append(Stretch(start, end))
    return found


def year_from(span: Span) -> Year:
    return Year(span.years, span.school_first, span.of_school_year, span.later)


def between_days(first: int, end: Span, *, until: bool) -> list[Stretch]:
    """«с 1 по 15 сентября»: the month and the year stand at the end only."""
    month = end.first[0]
    start = dated(Span(written_day(first, month), (month, first), (month, first)), year_from(end))
    return [Stretch(start, end, until)]


def parts_of_year(numbers: Numbers, name: str, count: int, year: Year) -> list[Stretch]:
    """Quarters and half-years: «I и III квартал», «1–2 квартал»."""
    found = []
    for first, last in numbers:
        start = _part_of_year(first, name, count, year)
        end = start if first == last else _part_of_year(last, name, count, year)
        found.append(Stretch(start, end))
    return found


def _part_of_year(number: int, name: str, count: int, year: Year) -> Span:
    months = 12 // count
    last = number * months
    said = f"{number} {name}"
    if not 1 <= number <= count:
        return Span(said, (13, 1), (13, 1))
    half = number if name == "полугодие" else None
    return dated(Span(said, (last - months + 1, 1), (last, LAST_DAY), half=half), year)


def part_of_month(number: int, word: Word, month: Span) -> Span:
    """«первая декада мая», «последняя пятница мая»; −1 is the last."""
    part = replace(month, said=f"{word} ({month.said})")
    if word.type == "WEEKDAY":
        return replace(part, nth=(number, word.meaning))
    if word.type == "WORKDAY":
        return replace(part, nth=(number, None), notes=(*month.notes, _WORKDAY))
    if word.type == "DAY":
        first = last = LAST_DAY if number < 0 else number
    else:
        table = {"DECADE": _DECADES, "HALF_OF": _HALVES, "WEEK": _WEEKS}[word.type]
        first, last = table.get(number, _NO_DAYS)
    notes = (*month.notes, _VAGUE_WEEK) if word.type == "WEEK" else month.notes
    (number_of_month, _) = month.first
    return replace(part, first=(number_of_month, first), last=(number_of_month, last), notes=notes)


def year_span(word: Word) -> YearSpan:
    said = str(word)
    match word.type:
        case "NAMED_SCHOOL_YEAR":
            return YearSpan(said, "school", (word.meaning,))
        case "SCHOOL_YEAR":
            return YearSpan(said, "school", later=word.meaning)
        case "YEAR":
            return YearSpan(said, "calendar", word.meaning)
        case "YEARS":
            first, last = word.meaning
            return YearSpan(said, "calendar", tuple(range(first, min(last, first + 10) + 1)))
        case "WHOLE":
            return YearSpan(said, "plan")
        case _:
            return _some_year(word)


def _some_year(word: Word) -> YearSpan:
    """«года», «текущего года», «круглогодично»: which one is not said."""
    said = str(word)
    if word.type in {"THIS_YEAR", "NEXT_YEAR"}:
        return YearSpan(said, "any", later=word.meaning, notes=(_WHICH_YEAR,))
    if word.type == "ALL_YEAR":
        return YearSpan(said, "any", notes=("«Круглогодично» прочитано как «в течение года».",))
    notes = ("Назван календарный год.",) if "календарн" in said else ()
    return YearSpan(said, "any", notes=notes)
