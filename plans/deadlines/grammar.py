"""From the words of a phrase to its pieces, by the grammar in `deadlines.lark`. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from lark import Lark, Token, Transformer, Tree, UnexpectedInput
from lark.common import LexerConf
from lark.lexer import Lexer
from lark.visitors import v_args

from plans.deadlines.pieces import (
    Bare,
    Dates,
    Manner,
    Mark,
    MonthDays,
    PartOfSome,
    Piece,
    Regular,
    Unit,
    Unread,
    Weekdays,
)
from plans.deadlines.spans import LAST_DAY, NEW_YEAR, TERM, AnySpan, Edge, Span, Stretch, YearSpan
from plans.deadlines.words import Phrase, Word

MARKS: Final = frozenset(
    {"EXTERNAL", "STRETCH", "BARE_STRETCH", "HOLIDAYS", "CONTINUOUS", "VAGUE", "THEN", "EXCEPT"}
)
_JOINTS: Final = frozenset({"COMMA", "AND", "DASH", "SLASH", "OR"})
_DECADES: Final = {1: (1, 10), 2: (11, 20), 3: (21, LAST_DAY), -1: (21, LAST_DAY)}
_HALVES: Final = {1: (1, 15), 2: (16, LAST_DAY), -1: (16, LAST_DAY)}
_WEEKS: Final = {
    1: (1, 7), 2: (8, 14), 3: (15, 21), 4: (22, 28), 5: (29, LAST_DAY), -1: (25, LAST_DAY),
}  # fmt: skip
_VAGUE_WEEK: Final = "Неделя месяца прочитана как числа месяца, а не по календарю."
_NO_SUCH_PART: Final = "Такой части месяца нет."


class _Ready(Lexer):
    """The words are made before: the grammar only gets them."""

    def __init__(self, conf: LexerConf) -> None:
        del conf

    def lex(self, data: Any) -> Iterator[Token]:  # type: ignore[override]
        yield from data


@dataclass(frozen=True)
class _Year:
    """A year said beside a day or a month."""

    years: tuple[int, ...] = ()
    school_first: int | None = None
    of_school_year: bool = False
    later: int | None = None
    new: bool = False


_NO_YEAR: Final = _Year()


def _dated(span: Span, year: _Year) -> Span:
    return replace(
        span,
        years=year.years,
        school_first=year.school_first,
        of_school_year=year.of_school_year,
        later=year.later,
        notes=(*span.notes, NEW_YEAR) if year.new else span.notes,
    )


def _of(children: Sequence[Any], *types: str) -> list[Word]:
    return [child for child in children if isinstance(child, Word) and child.type in types]


def _a(children: Sequence[Any], kind: type) -> Any:
    return next((child for child in children if isinstance(child, kind)), None)


def _year_of(children: Sequence[Any]) -> _Year:
    return _a(children, _Year) or _NO_YEAR


def _said(day: int, month: int, year: int | None = None) -> str:
    return f"{day:02d}.{month:02d}" + (f".{year}" if year else "")


def _whole_month(month: int, said: str) -> Span:
    return Span(said, (month, 1), (month, LAST_DAY))


def _one(stretches: Sequence[Stretch], *, last: bool = False) -> AnySpan:
    return stretches[-1].end if last else stretches[0].start


@v_args(inline=False)
class _Reader(Transformer[Token, Any]):
    """Each method is a rule of the grammar of the same name."""

    # Numbers, years, days.

    def number_item(self, children: list[Any]) -> tuple[int, int]:
        numbers = _of(children, "NUMBER")
        return numbers[0].meaning, numbers[-1].meaning

    def numbers(self, children: list[Any]) -> tuple[tuple[int, int], ...]:
        *before, last = [child for child in children if isinstance(child, tuple)]
        return (*(before[0] if before else ()), last)

    def joint(self, children: list[Any]) -> frozenset[str]:
        return frozenset(child.type for child in children)

    def year(self, children: list[Word]) -> _Year:
        word = children[0]
        match word.type:
            case "YEAR":
                return _Year(years=word.meaning)
            case "YEARS":
                first, last = word.meaning
                return _Year(years=tuple(range(first, min(last, first + 5) + 1)))
            case "NAMED_SCHOOL_YEAR":
                return _Year(school_first=word.meaning)
            case "SCHOOL_YEAR":
                new = word.meaning == "new"
                return _Year(of_school_year=True, later=0 if new else word.meaning, new=new)
            case _:
                return _Year(later=word.meaning)

    def worded_days(self, children: list[Any]) -> list[Stretch]:
        word = _of(children, "MONTH", "MONTH_OF")[0]
        return _days(_a(children, tuple), word.meaning, _year_of(children))

    def numeric(self, children: list[Any]) -> Span:
        word = children[0]
        if word.type == "DAY_MONTH":
            day, month = word.meaning
            span = Span(_said(day, month), (month, day), (month, day))
            return _dated(span, _year_of(children[1:]))
        day, month, year = word.meaning if word.type == "DATE" else reversed(word.meaning)
        return Span(_said(day, month, year), (month, day), (month, day), years=(year,))

    def days(self, children: list[Any]) -> list[Stretch]:
        return [Stretch(span, span) for span in children]

    def days_and_date(self, children: list[Any]) -> list[Stretch]:
        end: Span = _a(children, Span)
        earlier = _days(_a(children, tuple), end.first[0], _year_from(end))
        return [*earlier, Stretch(end, end)]

    def days_to_date(self, children: list[Any]) -> list[Stretch]:
        end: Span = _a(children, Span)
        return _between_days(_of(children, "NUMBER")[0].meaning, end, until=False)

    # Months and their parts, quarters, years.

    def month(self, children: list[Any]) -> Span:
        word = children[0]
        if word.type == "MONTH_DATE":
            month, year = word.meaning
            return replace(_whole_month(month, str(word)), years=(year,))
        return _dated(_whole_month(word.meaning, str(word)), _year_of(children))

    month_of = month

    def quarter(self, children: list[Any]) -> list[Stretch]:
        return _numbered(children, "квартал", 4)

    def half(self, children: list[Any]) -> list[Stretch]:
        return _numbered(children, "полугодие", 2)

    def term(self, children: list[Any]) -> Span:
        return Span(TERM, (0, 0), (0, 0))

    def season(self, children: list[Any]) -> Span:
        word = children[0]
        first, last = word.meaning
        note = f"«{word}» прочитано как календарное время года."
        span = Span(str(word), (first, 1), (last, LAST_DAY), notes=(note,))
        return _dated(span, _year_of(children))

    def edge(self, children: list[Any]) -> AnySpan:
        edge, part = children[0].meaning, children[1]
        span: AnySpan = _one(part, last=True) if isinstance(part, list) else part
        return replace(span, edge=edge)

    def part(self, children: list[Any]) -> list[Stretch]:
        word, month = _of(children, *_PARTS)[0], children[-1]
        found = []
        for first, last in _a(children, tuple) or ((-1, -1),):
            start = _part(first, word, month)
            end = start if first == last else _part(last, word, month)
            found.append(Stretch(start, end))
        return found

    def half_of_year(self, children: list[Any]) -> YearSpan:
        number, span = _number_of(children), children[-1]
        note = () if number in (1, 2) else (_NO_SUCH_PART,)
        return replace(span, half=1 if number == 1 else 2, notes=note)

    def year_span(self, children: list[Word]) -> YearSpan:
        return _year_span(children[0])

    # Stretches and pieces of dates.

    def span(self, children: list[Any]) -> Any:
        return children[0]

    def single(self, children: list[Any]) -> list[Stretch]:
        return _stretches(children[0])

    def between(self, children: list[Any]) -> list[Stretch]:
        spans = [child for child in children if not isinstance(child, Word | Tree | frozenset)]
        return _between(spans[0], spans[-1], until=False)

    def between_until(self, children: list[Any]) -> list[Stretch]:
        spans = [child for child in children if not isinstance(child, Word | Tree | frozenset)]
        return _between(spans[0], spans[-1], until=True)

    def between_days(self, children: list[Any]) -> list[Stretch]:
        until = bool(_of(children, "UNTIL"))
        days: list[Stretch] = _a(children, list)
        start = _of(children, "NUMBER")[0].meaning
        first, *others = days
        return [*_between_days(start, first.end, until=until), *others]

    def stretch(self, children: list[Any]) -> list[Stretch]:
        return children[-1]

    def to(self, children: list[Any]) -> frozenset[str]:
        return frozenset()

    def until(self, children: list[Any]) -> Dates:
        return _dates("until", children)

    def inclusive(self, children: list[Any]) -> Dates:
        return _dates("inclusive", children)

    def latest(self, children: list[Any]) -> Dates:
        return _dates("latest", children)

    def dates(self, children: list[Any]) -> Dates:
        return _dates("dates", children)

    def during(self, children: list[Any]) -> Dates:
        return _dates("during", children)

    def onto(self, children: list[Any]) -> Dates:
        return _dates("onto", children)

    def open(self, children: list[Any]) -> Dates:
        dates = _dates("open", children)
        reaches = any(not stretch.single for stretch in dates.stretches)
        return replace(dates, manner="dates") if reaches else dates

    def limits(self, children: list[Any]) -> Dates:
        spans = [child for child in children if isinstance(child, list | Span | YearSpan)]
        return Dates("dates", tuple(_between(spans[0], spans[-1], until=False)))

    def not_before(self, children: list[Any]) -> Dates:
        return _dates("not_before", children)

    # Regular ones.

    def unit(self, children: list[Word]) -> Unit:
        word = children[0]
        if word.type == "SCHOOL_YEAR":
            return "year"
        return "day" if word.type == "WORKDAY" else word.meaning

    def unit_of_some(self, children: list[Word]) -> Unit:
        word = children[0]
        return "month" if word.type == "OWN_MONTH" else word.meaning

    def every(self, children: list[Word]) -> Regular:
        return Regular(children[0].meaning)

    def each(self, children: list[Any]) -> Regular:
        numbers = _a(children, tuple)
        return Regular(children[-1], step=numbers[0][0] if numbers else 1)

    def times(self, children: list[Any]) -> Regular:
        types = [child.type if isinstance(child, Word) else "" for child in children]
        at = types.index("TIMES")
        times = _of(children[:at], "NUMBER")
        step = _of(children[at:], "NUMBER")
        return Regular(
            children[-1],
            times=times[0].meaning if times else 1,
            step=step[0].meaning if step else 1,
        )

    def twice(self, children: list[Any]) -> Regular:
        return Regular(children[-1], times=_of(children, "TWICE")[0].meaning)

    def each_weekday(self, children: list[Any]) -> Regular:
        days = tuple(word.meaning for word in _of(children, "WEEKDAY"))
        return Regular("week", weekdays=days, times=len(days))

    def weekday_of_month(self, children: list[Any]) -> Regular:
        weekday = _of(children, "WEEKDAY")[0].meaning
        return Regular("month", weekdays=(weekday,), number=_number_of(children))

    def edge_of_each(self, children: list[Any]) -> Regular:
        edges = _of(children, "EDGE")
        edge: Edge = edges[0].meaning if edges else "end"
        return Regular(children[-1], edge=edge, workday=bool(_of(children, "WORKDAY")))

    def month_days(self, children: list[Any]) -> MonthDays:
        plain = _of(children, "NUMBER")
        numbers = _a(children, tuple) or ((plain[0].meaning, plain[-1].meaning),)
        tail: MonthDays = _a(children, MonthDays) or MonthDays(())
        return replace(tail, days=tuple(last for _, last in numbers))

    def days_tail(self, children: list[Any]) -> MonthDays:
        following = _of(children, "NEXT_MONTH")
        if of_quarter := _of(children, "QUARTER_MONTH"):
            return MonthDays((), "quarter", quarter_month=of_quarter[0].meaning)
        unit: Unit | None = next((child for child in children if not isinstance(child, Word)), None)
        if following and "квартал" in following[0]:
            unit = "quarter"
        if unit is None and (following or _of(children, "OWN_MONTH")):
            unit = "month"
        return MonthDays((), unit, bool(following))

    def weekdays(self, children: list[Any]) -> Weekdays:
        return Weekdays(tuple(word.meaning for word in _of(children, "WEEKDAY")))

    def part_of_some(self, children: list[Any]) -> PartOfSome:
        return PartOfSome(_of(children, "EDGE")[0].meaning, children[-1])

    def bare(self, children: list[Word]) -> Bare:
        return Bare(children[-1].meaning)

    def start(self, children: list[Any]) -> Piece:
        piece: Piece = children[0]
        return piece


_PARTS: Final = ("DECADE", "WEEK", "HALF_OF", "WEEKDAY", "WORKDAY", "DAY")


def _number_of(children: Sequence[Any]) -> int:
    if _of(children, "LAST"):
        return -1
    numbers: tuple[tuple[int, int], ...] = _a(children, tuple)
    return numbers[-1][1]


def _days(numbers: tuple[tuple[int, int], ...], month: int, year: _Year) -> list[Stretch]:
    found = []
    for index, (first, last) in enumerate(numbers):
        own = year if index == len(numbers) - 1 else replace(year)
        start = _dated(Span(_said(first, month), (month, first), (month, first)), own)
        end = start
        if last != first:
            end = _dated(Span(_said(last, month), (month, last), (month, last)), own)
        found.append(Stretch(start, end))
    return found


def _year_from(span: Span) -> _Year:
    return _Year(span.years, span.school_first, span.of_school_year, span.later)


def _between_days(first: int, end: AnySpan, *, until: bool) -> list[Stretch]:
    """«с 1 по 15 сентября»: the month and the year stand at the end only."""
    if not isinstance(end, Span):
        return [Stretch(end, end)]
    month = end.first[0]
    start = _dated(Span(_said(first, month), (month, first), (month, first)), _year_from(end))
    return [Stretch(start, end, until)]


def _stretches(span: Any) -> list[Stretch]:
    return span if isinstance(span, list) else [Stretch(span, span)]


def _between(start: Any, end: Any, *, until: bool) -> list[Stretch]:
    """A range; lists at its ends («1 и 15 сентября – 20 октября») keep their other days."""
    *before, left = _stretches(start)
    right, *after = _stretches(end)
    return [*before, Stretch(left.start, right.end, until), *after]


def _numbered(children: Sequence[Any], name: str, count: int) -> list[Stretch]:
    """Quarters and half-years: «I и III квартал», «1–2 квартал»."""
    found = []
    for first, last in _a(children, tuple):
        start = _part_of_year(first, name, count, _year_of(children))
        end = start if first == last else _part_of_year(last, name, count, _year_of(children))
        found.append(Stretch(start, end))
    return found


def _part_of_year(number: int, name: str, count: int, year: _Year) -> Span:
    months = 12 // count
    last = number * months
    said = f"{number} {name}"
    if not 1 <= number <= count:
        return Span(said, (13, 1), (13, 1))
    half = number if name == "полугодие" else None
    return _dated(Span(said, (last - months + 1, 1), (last, LAST_DAY), half=half), year)


def _part(number: int, word: Word, month: Span) -> Span:
    month_number = month.first[0]
    said = f"{word} ({month.said})"
    if word.type == "WEEKDAY":
        return replace(month, said=said, weekday=(number, word.meaning))
    if word.type in {"WORKDAY", "DAY"}:
        day = LAST_DAY if number < 0 else number
        note = ("Рабочий день посчитан как календарный.",) if word.type == "WORKDAY" else ()
        return replace(
            month, said=said, first=(month_number, day), last=(month_number, day), notes=note
        )
    table = {"DECADE": _DECADES, "HALF_OF": _HALVES, "WEEK": _WEEKS}[word.type]
    notes = (_VAGUE_WEEK,) if word.type == "WEEK" else ()
    first, last = table.get(number, (13, 13))
    return replace(
        month, said=said, first=(month_number, first), last=(month_number, last), notes=notes
    )


def _year_span(word: Word) -> YearSpan:
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


_WHICH_YEAR: Final = "Не сказано, какой это год: учебный или календарный."


def _dates(manner: Manner, children: Sequence[Any]) -> Dates:
    stretches: list[Stretch] = []
    for child in children:
        if isinstance(child, list | Span | YearSpan):
            stretches.extend(_stretches(child))
    towards = any(word.meaning == "towards" for word in _of(children, "UNTIL"))
    inclusive = bool(_of(children, "INCLUSIVE"))
    return Dates(manner, tuple(stretches), inclusive, towards)


@cache
def _grammar() -> Lark:
    source = Path(__file__).with_name("deadlines.lark").read_text(encoding="utf-8")
    return Lark(source, parser="lalr", lexer=_Ready, transformer=_Reader())


def _longest(words: Sequence[Word]) -> tuple[Piece, int] | None:
    """The longest piece that the words begin with, and how many words it takes."""
    length = len(words)
    while length:
        try:
            piece: Any = _grammar().parse(words[:length])  # type: ignore[arg-type]
        except UnexpectedInput as error:
            token = getattr(error, "token", None)
            at = next((n for n in range(length) if words[n] is token), length)
            length = min(at, length - 1)
        else:
            return piece, length
    return None


def pieces(phrase: Phrase) -> Iterator[tuple[Piece, list[Word]]]:
    """The pieces of a phrase in order, each with its words; unread neighbours are one piece."""
    words = list(phrase.words)
    unread: list[Word] = []
    at = 0
    while at < len(words):
        found = _piece_at(words[at:])
        if found is None:
            unread.append(words[at])
            at += 1
            continue
        piece, length = found
        if unread:
            yield from _unread(phrase, unread)
            unread = []
        yield piece, words[at : at + length]
        at += length
    if unread:
        yield from _unread(phrase, unread)


def _piece_at(words: list[Word]) -> tuple[Piece, int] | None:
    if words[0].type in MARKS:
        return Mark(words[0].type), 1
    return _longest(words[:40])


def _unread(phrase: Phrase, words: list[Word]) -> Iterator[tuple[Piece, list[Word]]]:
    """Joints at the ends are nothing unread; a choice and a slash must not be lost."""
    for word in words:
        if word.type in {"OR", "SLASH"}:
            yield Mark(word.type), [word]
    while words and words[0].type in _JOINTS:
        words = words[1:]
    while words and words[-1].type in _JOINTS:
        words = words[:-1]
    if words:
        yield Unread(phrase.written(words)), words
