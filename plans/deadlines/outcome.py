"""What the dates of a phrase say: days to be done by, days of events, periods. Pure."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal, cast

from plans.deadlines.naming import NEW_YEAR_DAY
from plans.deadlines.pieces import Dates, Manner
from plans.deadlines.spans import LAST_DAY, AnySpan, ReversedStretchError, Span, Stretch, YearSpan
from plans.deadlines.values import PlanPeriod, Window
from plans.deadlines.years import eve, repeated, settle, year_windows

Sort = Literal["by", "day", "window", "open", "whole"]

MIXED = "В одной фразе сроки разного вида: взят последний день каждого."


@dataclass(frozen=True)
class Outcome:
    """One stretch, read. `month_end`: the due day is the end of its month in every year.

    `said_year`: the phrase names its year. `from_day`: an open stretch begins with a named day.
    `nth`: the due day is a weekday of its month, as in `Span`.
    """

    sort: Sort
    window: Window
    month_end: bool = False
    said_year: bool = False
    from_day: bool = False
    nth: tuple[int, int | None] | None = None

    @property
    def due(self) -> date:
        return self.window.end


@dataclass
class Outcomes:
    """All stretches of a phrase in its order, and what is unsure of them."""

    found: list[Outcome] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def sorts(self) -> set[Sort]:
        return {outcome.sort for outcome in self.found}

    @property
    def windows(self) -> list[Window]:
        return [outcome.window for outcome in self.found]


def outcomes(pieces: Sequence[Dates], plan: PlanPeriod) -> Outcomes:
    """Read the dates of a phrase; raises `ImpossibleDateError` and `ReversedStretchError`."""
    result = Outcomes()
    settled = settle([one for piece in pieces for one in piece.stretches], plan)
    result.notes.extend(settled.notes)
    dated = iter(settled.stretches)
    for piece in pieces:
        for stretch in piece.stretches:
            if isinstance(stretch.start, YearSpan) or isinstance(stretch.end, YearSpan):
                _read_years(result, piece, stretch, plan)
                continue
            for _ in repeated(stretch):
                _read_dated(result, piece, next(dated), plan)
    result.notes.extend(_span_notes(pieces))
    return result


def joint_notes(joints: Container[str]) -> Iterable[str]:
    """What joints between dates leave unsure."""
    if "SLASH" in joints:
        yield "Через дробь: прочитан каждый названный срок отдельно."
    if "OR" in joints:
        yield "В сроке стоит «или»: прочитан каждый вариант."


def _span_notes(pieces: Sequence[Dates]) -> Iterable[str]:
    for piece in pieces:
        for stretch in piece.stretches:
            for span in {id(stretch.start): stretch.start, id(stretch.end): stretch.end}.values():
                if isinstance(span, Span):
                    yield from span.notes


def _middle(window: Window) -> date:
    start = window.start or window.end
    return start + (window.end - start) / 2


def _said_year(span: Span) -> bool:
    return bool(span.years or span.school_first)


# «до …», «по …», «не позднее …»


def _read_dated(
    result: Outcomes, piece: Dates, row: tuple[Stretch, Window, Window], plan: PlanPeriod
) -> None:
    stretch, start, end = row
    first, span = cast(Span, stretch.start), cast(Span, stretch.end)
    said = _said_year(first) or _said_year(span)
    if not stretch.single and piece.manner in ("until", "inclusive", "latest"):
        result.notes.append("После «до» назван промежуток: взят его последний день.")
        outcome = Outcome("by", Window(None, end.end), _ends_month(span))
    elif not stretch.single:
        outcome = _between(result, stretch, start, end)
    elif piece.manner in ("until", "inclusive", "latest"):
        outcome = _due(result, piece, span, end)
    elif piece.manner in ("open", "not_before"):
        outcome = replace(_open(start, plan), from_day=span.is_day)
    else:
        outcome = _on(result, piece.manner, span, start)
    result.found.append(replace(outcome, said_year=said))


def _ends_month(span: Span) -> bool:
    return span.last[1] == LAST_DAY and span.nth is None


def _due(result: Outcomes, piece: Dates, span: Span, window: Window) -> Outcome:
    """«до сентября» is 31 August, «до конца сентября» and «по сентябрь» 30 September."""
    if span.edge == "end" or span.is_day or span.nth is not None:
        return Outcome("by", Window(None, window.end), _ends_month(span), nth=span.nth)
    if span.edge == "middle":
        result.notes.append(f"Середина («{span.said}») — не точный день.")
        return Outcome("by", Window(None, _middle(window)))
    if span.edge is None and (piece.manner != "until" or piece.inclusive):
        if piece.manner == "latest" and not piece.inclusive:
            result.notes.append(f"«Не позднее» («{span.said}») прочитано включительно.")
        return Outcome("by", Window(None, window.end), _ends_month(span))
    if span.edge is None and (not span.is_month or span.said[0].isdigit()):
        result.notes.append(f"«До» («{span.said}») прочитано как день перед его началом.")
    return Outcome("by", Window(None, eve(window.start or window.end)), span.first[1] == 1)


def _between(result: Outcomes, stretch: Stretch, start: Window, end: Window) -> Outcome:
    first, last = cast(Span, stretch.start), cast(Span, stretch.end)
    closing = _closing(result, last, end, until=stretch.until)
    opening = start.start or start.end
    if first.edge in ("middle", "end"):
        opening = _part(first, start).start or opening
        result.notes.append(f"«{first.said}»: начало срока названо не точно.")
    if closing < opening:
        raise ReversedStretchError
    month_end = _ends_month(last) and closing == end.end
    return Outcome("window", Window(opening, closing), month_end)


def _closing(result: Outcomes, span: Span, window: Window, *, until: bool) -> date:
    if span.edge in ("start", "middle"):
        result.notes.append(f"«{span.said}»: конец срока назван не точно.")
        return _part(span, window).end
    if until and not span.is_day and span.edge is None:
        result.notes.append(f"«До» («{span.said}») прочитано как день перед его началом.")
        return eve(window.start or window.end)
    return window.end


def _open(start: Window, plan: PlanPeriod) -> Outcome:
    """From a day on: a recurring deadline goes on to the plan's end, a thing to the year's."""
    opening = start.start or start.end
    return Outcome("open", Window(opening, max(plan.end, opening)))


def _on(result: Outcomes, manner: Manner, span: Span, window: Window) -> Outcome:
    if span.is_day or span.nth is not None:
        if manner == "onto":
            result.notes.append("Дата с предлогом «на» прочитана как день исполнения.")
        if span.said == NEW_YEAR_DAY:
            result.notes.append("Новый год прочитан как 31 декабря.")
        day = window.end
        return Outcome("day", Window(day, day), _ends_month(span), nth=span.nth)
    if span.edge is not None:
        result.notes.append(f"Часть срока («{span.said}») названа не точно.")
        return Outcome("window", _part(span, window), _ends_month(span) and span.edge == "end")
    return Outcome("window", window, _ends_month(span))


def _part(span: Span | YearSpan, window: Window) -> Window:
    """The first, second or last third of the days."""
    start = window.start or window.end
    third = ((window.end - start).days + 1) // 3
    first_end = start + timedelta(days=third - 1)
    last_start = window.end - timedelta(days=third - 1)
    if span.edge == "start":
        return Window(start, first_end)
    if span.edge == "middle":
        return Window(first_end + timedelta(days=1), eve(last_start))
    return Window(last_start, window.end)


# Whole years.


def _read_years(result: Outcomes, piece: Dates, stretch: Stretch, plan: PlanPeriod) -> None:
    if not stretch.single:
        result.found.append(_between_years(result, stretch, plan))
        return
    span = cast(YearSpan, stretch.start)
    windows, notes = year_windows(span, plan)
    result.notes.extend(notes)
    result.found.extend(_read_year(result, piece, span, window, plan) for window in windows)


def _between_years(result: Outcomes, stretch: Stretch, plan: PlanPeriod) -> Outcome:
    """«с 1 сентября до конца учебного года»"""
    start, end = (_days_of(result, span, plan) for span in (stretch.start, stretch.end))
    opening, closing = start.start or start.end, end.end
    year_alone = isinstance(stretch.end, YearSpan) and stretch.end.edge is None
    before_year = stretch.until and stretch.end.edge == "start"
    if stretch.until and (year_alone or before_year):
        closing = eve(end.start or end.end)
    vague = stretch.start.edge in ("middle", "end") or stretch.end.edge in ("start", "middle")
    if year_alone or (vague and not before_year):
        result.notes.append("Границы срока названы не точно.")
    if closing < opening:
        opening = _earlier(result, stretch.start, closing)
    return Outcome("window", Window(opening, closing))


def _earlier(result: Outcomes, span: AnySpan, closing: date) -> date:
    """«с 1 июня до начала учебного года»: a beginning without a year stands before the end."""
    if isinstance(span, YearSpan) or _said_year(span):
        raise ReversedStretchError
    window = span.in_year(closing.year)
    opening = window.start or window.end
    if opening > closing:
        raise ReversedStretchError
    result.notes.append(f"Год у «{span.said}» не написан: взят {opening.year}.")
    return opening


def _days_of(result: Outcomes, span: AnySpan, plan: PlanPeriod) -> Window:
    if isinstance(span, YearSpan):
        windows, notes = year_windows(span, plan)
        result.notes.extend(notes)
        return Window(windows[0].start, windows[-1].end)
    settled = settle([Stretch(span, span)], plan)
    result.notes.extend(settled.notes)
    return settled.stretches[0][1]


def _read_year(
    result: Outcomes, piece: Dates, span: YearSpan, window: Window, plan: PlanPeriod
) -> Outcome:
    if span.half is not None:
        window = _half(result, span, window, plan)
    start = window.start or window.end
    said = bool(span.firsts)
    if piece.manner in ("until", "inclusive", "latest"):
        return replace(_due_year(result, piece, span, window), said_year=said)
    if piece.manner in ("open", "not_before"):
        return _open(Window(start, start), plan)
    if span.edge is not None:
        result.notes.append(f"Часть года («{span.said}») названа не точно.")
        return Outcome("window", _edge_month(span, window), said_year=said)
    if span.half is not None:
        return Outcome("window", window, said_year=said)
    sort = _whole_sort(span, window, plan)
    if sort == "window":
        note = f"«{span.said}» прочитано как календарный год, а план на {plan}."
        result.notes.append(note)
    return Outcome(sort, window, said_year=said)


def _whole_sort(span: YearSpan, window: Window, plan: PlanPeriod) -> Sort:
    """A calendar year in an academic plan is a period like any other."""
    own = plan.calendar or window == plan.whole
    return "window" if span.kind == "calendar" and not own else "whole"


def _due_year(result: Outcomes, piece: Dates, span: YearSpan, window: Window) -> Outcome:
    start = window.start or window.end
    if span.edge == "end" or (span.half is not None and piece.manner != "until"):
        return Outcome("by", Window(None, window.end))
    if span.edge == "start":
        if piece.towards:
            result.notes.append(f"«К» («{span.said}») прочитано как день перед его началом.")
        return Outcome("by", Window(None, eve(start)), month_end=True)
    if span.edge == "middle":
        result.notes.append(f"Середина («{span.said}») — не точный день.")
        return Outcome("by", Window(None, _middle(window)))
    if piece.manner != "until" or piece.inclusive:
        result.notes.append(f"Год («{span.said}») прочитан включительно.")
        return Outcome("by", Window(None, window.end))
    result.notes.append(f"«До» («{span.said}») прочитано как день перед его началом.")
    return Outcome("by", Window(None, eve(start)), month_end=True)


def _half(result: Outcomes, span: YearSpan, window: Window, plan: PlanPeriod) -> Window:
    start = window.start or window.end
    if span.kind != "school" and not plan.calendar:
        result.notes.append("Не сказано, какого года половина: взят учебный год.")
    school = start.month == 9
    turn = date(start.year, 12 if school else 6, 31 if school else 30)
    return Window(start, turn) if span.half == 1 else Window(turn + timedelta(days=1), window.end)


def _edge_month(span: YearSpan, window: Window) -> Window:
    start = window.start or window.end
    if span.edge == "start":
        return Window(start, start.replace(day=30 if start.month == 9 else 31))
    if span.edge == "end":
        return Window(window.end.replace(day=1), window.end)
    return _part(span, window)
