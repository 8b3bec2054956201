"""From the words of a phrase to its pieces, by the grammar in `deadlines.lark`. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from lark import Lark, Token, Transformer, Tree, UnexpectedInput
from lark.common import LexerConf
from lark.lexer import Lexer
from lark.visitors import v_args

from plans.deadlines.naming import (
    NEW_YEAR_DAY,
    NO_YEAR,
    PARTS,
    Year,
    between_days,
    dated,
    days_of_month,
    new_year,
    part_of_month,
    parts_of_year,
    whole_month,
    written_day,
    year_from,
    year_span,
)
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
from plans.deadlines.spans import (
    LAST_DAY,
    TERM,
    AnySpan,
    Edge,
    Span,
    Stretch,
    YearSpan,
)
from plans.deadlines.words import Phrase, Word

MARKS: Final = frozenset(
    {"EXTERNAL", "STRETCH", "BARE_STRETCH", "HOLIDAYS", "CONTINUOUS", "VAGUE", "THEN", "EXCEPT"}
)
_JOINTS: Final = frozenset({"COMMA", "AND", "DASH", "SLASH", "OR"})


class _Ready(Lexer):
    """The words are made before: the grammar only gets them."""

    def __init__(self, conf: LexerConf) -> None:
        del conf

    def lex(self, data: Any) -> Iterator[Token]:  # type: ignore[override]
        yield from data


def _of(children: Sequence[Any], *types: str) -> list[Word]:
    return [child for child in children if isinstance(child, Word) and child.type in types]


def _a(children: Sequence[Any], kind: type) -> Any:
    return next((child for child in children if isinstance(child, kind)), None)


def _year_of(children: Sequence[Any]) -> Year:
    return _a(children, Year) or NO_YEAR


def _year_of_new(children: Sequence[Any]) -> Year:
    """«Новый 2024 год», «Новый год 2024 года»."""
    years = _of(children, "NEW_YEAR")[0].meaning
    return Year(years=years) if years else _year_of(children)


def _since_new_year(child: Any) -> Any:
    """«до Нового года» is due on 31 December, «с Нового года» begins on 1 January."""
    if not isinstance(child, Span) or child.said != NEW_YEAR_DAY:
        return child
    return replace(child, first=(1, 1), last=(1, 1), years=tuple(one + 1 for one in child.years))


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
        before = [child for child in children if isinstance(child, tuple)]
        if ends := _of(children, "NUMBER"):
            return (*before[0], (ends[0].meaning, ends[-1].meaning))
        return (*(before[0] if len(before) > 1 else ()), before[-1])

    def joint(self, children: list[Any]) -> frozenset[str]:
        return frozenset(child.type for child in children)

    def year(self, children: list[Word]) -> Year:
        word = children[0]
        match word.type:
            case "YEAR":
                return Year(years=word.meaning)
            case "YEARS":
                first, last = word.meaning
                return Year(years=tuple(range(first, min(last, first + 5) + 1)))
            case "NAMED_SCHOOL_YEAR":
                return Year(school_first=word.meaning)
            case "SCHOOL_YEAR":
                new = word.meaning == "new"
                return Year(of_school_year=True, later=0 if new else word.meaning, new=new)
            case _:
                return Year(later=word.meaning)

    def worded_days(self, children: list[Any]) -> list[Stretch]:
        word = _of(children, "MONTH", "MONTH_OF")[0]
        return days_of_month(_a(children, tuple), word.meaning, _year_of(children))

    def numeric(self, children: list[Any]) -> Span:
        word = children[0]
        if word.type == "DAY_MONTH":
            day, month = word.meaning
            span = Span(written_day(day, month), (month, day), (month, day))
            return dated(span, _year_of(children[1:]))
        day, month, year = word.meaning if word.type == "DATE" else reversed(word.meaning)
        return Span(written_day(day, month, year), (month, day), (month, day), years=(year,))

    def days(self, children: list[Any]) -> list[Stretch]:
        return [Stretch(span, span) for span in children]

    def days_and_date(self, children: list[Any]) -> list[Stretch]:
        end: Span = _a(children, Span)
        earlier = days_of_month(_a(children, tuple), end.first[0], year_from(end))
        return [*earlier, Stretch(end, end)]

    def days_and_stretch(self, children: list[Any]) -> list[Stretch]:
        end: Span = _a(children, Span)
        earlier = days_of_month(_a(children, tuple), end.first[0], year_from(end))
        return [*earlier, *between_days(_of(children, "NUMBER")[0].meaning, end, until=False)]

    def days_to_date(self, children: list[Any]) -> list[Stretch]:
        end: Span = _a(children, Span)
        return between_days(_of(children, "NUMBER")[0].meaning, end, until=False)

    # Months and their parts, quarters, years.

    def month(self, children: list[Any]) -> Span:
        word = children[0]
        if word.type == "MONTH_DATE":
            month, year = word.meaning
            return replace(whole_month(month, str(word)), years=(year,))
        return dated(whole_month(word.meaning, str(word)), _year_of(children))

    month_of = month

    def new_year(self, children: list[Any]) -> Span:
        return new_year(_year_of_new(children))

    def quarter(self, children: list[Any]) -> list[Stretch]:
        return parts_of_year(_a(children, tuple), "квартал", 4, _year_of(children))

    def half(self, children: list[Any]) -> list[Stretch]:
        return parts_of_year(_a(children, tuple), "полугодие", 2, _year_of(children))

    def term(self, children: list[Any]) -> Span:
        return Span(TERM, (0, 0), (0, 0))

    def season(self, children: list[Any]) -> Span:
        word = children[0]
        first, last = word.meaning
        note = f"«{word}» прочитано как календарное время года."
        span = Span(str(word), (first, 1), (last, LAST_DAY), notes=(note,))
        return dated(span, _year_of(children))

    def edge(self, children: list[Any]) -> AnySpan:
        edge, part = children[0].meaning, children[1]
        span: AnySpan = _one(part, last=True) if isinstance(part, list) else part
        return replace(span, edge=edge)

    def part(self, children: list[Any]) -> list[Stretch]:
        word, month = _of(children, *PARTS)[0], children[-1]
        found = []
        for first, last in _a(children, tuple) or ((-1, -1),):
            start = part_of_month(first, word, month)
            end = start if first == last else part_of_month(last, word, month)
            found.append(Stretch(start, end))
        return found

    def half_of_year(self, children: list[Any]) -> YearSpan:
        number = _number_of(children)
        span: YearSpan = children[-1]
        notes = () if number in (1, 2, -1) else (f"«{children[1]}»: такой части нет.",)
        return replace(span, half=1 if number == 1 else 2, notes=(*span.notes, *notes))

    def year_span(self, children: list[Word]) -> YearSpan:
        return year_span(children[0])

    # Stretches and pieces of dates.

    def single(self, children: list[Any]) -> list[Stretch]:
        return _stretches(children[0])

    def between(self, children: list[Any]) -> list[Stretch]:
        spans = [child for child in children if not isinstance(child, Word | Tree | frozenset)]
        return _between(spans[0], spans[-1], until=False)

    def between_both(self, children: list[Any]) -> list[Stretch]:
        """«между 1 и 15 октября»: two days, no more."""
        first, *others = _stretches(children[-1])
        if len(others) == 1 and first.single and others[0].single:
            return [Stretch(first.start, others[0].end)]
        note = "После «между» не два дня."
        doubted: AnySpan = replace(first.start, notes=(*first.start.notes, note))
        return [Stretch(doubted, doubted if first.single else first.end), *others]

    def between_until(self, children: list[Any]) -> list[Stretch]:
        spans = [child for child in children if not isinstance(child, Word | Tree | frozenset)]
        return _between(spans[0], spans[-1], until=True)

    def between_days(self, children: list[Any]) -> list[Stretch]:
        until = bool(_of(children, "UNTIL"))
        days: list[Any] = _a(children, list)
        start = _of(children, "NUMBER")[0].meaning
        first, *others = days
        return [*between_days(start, first.end, until=until), *others]

    def between_months(self, children: list[Any]) -> list[Stretch]:
        """«09-10.2023»"""
        month, year = _of(children, "MONTH_DATE")[0].meaning
        number = _of(children, "NUMBER")[0]
        note = f"«{number}-{month:02d}.{year}» прочитано как месяцы с {number.meaning}-го по {month}-й."
        end = replace(whole_month(month, f"{month:02d}.{year}"), years=(year,), notes=(note,))
        return [Stretch(whole_month(number.meaning, str(number)), end)]

    def stretch(self, children: list[list[Stretch]]) -> list[Stretch]:
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
        dates = _dates("open", [_since_new_year(child) for child in children])
        reaches = any(not stretch.single for stretch in dates.stretches)
        return replace(dates, manner="dates") if reaches else dates

    def limits(self, children: list[Any]) -> Dates:
        spans = [child for child in children if isinstance(child, list | Span | YearSpan)]
        return Dates("dates", tuple(_between(spans[0], spans[-1], until=False)))

    def not_before(self, children: list[Any]) -> Dates:
        return _dates("not_before", [_since_new_year(child) for child in children])

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

    def edge_of_month(self, children: list[Any]) -> Regular:
        return Regular("month", edge="end", workday=bool(_of(children, "WORKDAY")))

    def month_days(self, children: list[Any]) -> MonthDays:
        plain = _of(children, "NUMBER")
        numbers = _a(children, tuple) or ((plain[0].meaning, plain[-1].meaning),)
        tail: MonthDays = _a(children, MonthDays) or MonthDays(())
        until = bool(_of(children, "UNTIL", "LATEST"))
        return replace(tail, days=tuple(last for _, last in numbers), until=until)

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


def _number_of(children: Sequence[Any]) -> int:
    if _of(children, "LAST"):
        return -1
    numbers: tuple[tuple[int, int], ...] = _a(children, tuple)
    return numbers[-1][1]


def _stretches(span: Any) -> list[Stretch]:
    return span if isinstance(span, list) else [Stretch(span, span)]


def _between(start: Any, end: Any, *, until: bool) -> list[Stretch]:
    """A range; lists at its ends («1 и 15 сентября – 20 октября») keep their other days."""
    *before, left = _stretches(start)
    right, *after = _stretches(end)
    return [*before, Stretch(left.start, right.end, until), *after]


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
    grammar = _grammar()
    length = len(words)
    while length:
        try:
            piece: Any = grammar.parse(words[:length])
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
