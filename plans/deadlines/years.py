"""Which year a month without a year belongs to (roadmap-reading.md, «Deadlines»). Pure.

September–June fall in the plan's academic year, July and August are those before its
1 September; in a phrase of several dates time runs forward; a year written once is shared.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, cast

from plans.deadlines.spans import (
    LAST_DAY,
    NEW_YEAR,
    AnySpan,
    ReversedStretchError,
    Span,
    Stretch,
    YearSpan,
)
from plans.deadlines.values import PlanPeriod, Window

_SUMMER: Final = {7: ("Июль", "июлю"), 8: ("Август", "августу")}


@dataclass
class _Place:
    """A span on its way to a year (0: not known yet); `mate` is the other end of its stretch."""

    span: Span
    year: int
    mate: int | None = None
    last_of_stretch: bool = False

    @property
    def key(self) -> tuple[int, int]:
        return self.span.first

    @property
    def summer(self) -> bool:
        return self.span.first[0] in _SUMMER


@dataclass(frozen=True)
class Settled:
    """Stretches with their years: for each the days of its first and of its last span."""

    stretches: tuple[tuple[Stretch, Window, Window], ...]
    notes: tuple[str, ...]


def repeated(stretch: Stretch) -> list[Stretch]:
    """«Июнь–август 2022 г., 2023 г.» is two stretches."""
    start, end = stretch.start, stretch.end
    if not isinstance(end, Span) or not isinstance(start, Span) or len(end.years) < 2:
        return [stretch]
    found = []
    for year in end.years:
        last = replace(end, years=(year,))
        first = last if stretch.single else replace(start, years=start.years[:1] or ())
        found.append(Stretch(first, last, stretch.until))
    return found


def _written_year(span: Span, plan: PlanPeriod) -> int:
    autumn = span.first[0] >= 9
    if span.years:
        return span.years[0]
    if span.school_first is not None:
        return span.school_first + (not autumn)
    if span.of_school_year:
        return plan.year + (span.later or 0) + (not autumn and not plan.calendar)
    if span.later:
        return plan.year + span.later
    return 0


def plan_year(month: int, plan: PlanPeriod) -> int:
    """The calendar year of a month that stands alone in the plan without a year."""
    if plan.calendar:
        return plan.year + (month < plan.start.month)
    return plan.year + (month <= 6)


def settle(stretches: Sequence[Stretch], plan: PlanPeriod) -> Settled:
    """Give every stretch its years; raises `ImpossibleDateError`. Year spans stay with the caller."""
    expanded = [
        _of_school(one, plan)
        for stretch in stretches
        for one in repeated(stretch)
        if isinstance(one.start, Span) and isinstance(one.end, Span)
    ]
    places = _places(expanded, plan)
    notes = [note for place in places for note in _said_notes(place.span, plan)]
    if any(place.year for place in places):
        notes += _by_written(places, plan)
    else:
        notes += _by_plan(places, plan)
    _refuse_reversed(places)
    return Settled(tuple(_windows(expanded, places)), tuple(notes))


def _refuse_reversed(places: Sequence[_Place]) -> None:
    """«с 30.11 по 15.11.2023» is a slip, not a year of days."""
    for place in places:
        if place.last_of_stretch and place.mate is not None:
            start = places[place.mate]
            both = _named(start.span) and _named(place.span)
            if not both and start.span.first[0] == place.span.first[0] and start.key > place.key:
                raise ReversedStretchError


def _named(span: Span) -> bool:
    return bool(span.years or span.school_first)


def _of_school(stretch: Stretch, plan: PlanPeriod) -> Stretch:
    """Half-years of an academic year are September–December and January–May."""
    start = _school_half(stretch.start, plan)
    end = start if stretch.single else _school_half(stretch.end, plan)
    return Stretch(start, end, stretch.until)


def _school_half(span: AnySpan, plan: PlanPeriod) -> AnySpan:
    if not isinstance(span, Span) or span.half is None or span.years:
        return span
    named = span.of_school_year or span.school_first is not None
    if plan.calendar and not named:
        return span
    notes = () if named else (f"«{span.said}» прочитано как полугодие учебного года.",)
    if span.half == 1:
        return replace(span, first=(9, 1), last=(12, LAST_DAY), notes=notes)
    return replace(span, first=(1, 1), last=plan.teaching_ends, notes=notes)


def _places(stretches: Sequence[Stretch], plan: PlanPeriod) -> list[_Place]:
    places: list[_Place] = []
    for stretch in stretches:
        spans = [stretch.start] if stretch.single else [stretch.start, stretch.end]
        for index, span in enumerate(cast(list[Span], spans)):
            mate = None if stretch.single else len(places) + (1 if index == 0 else -1)
            places.append(_Place(span, _written_year(span, plan), mate, index == 1))
    return places


def _said_notes(span: Span, plan: PlanPeriod) -> list[str]:
    if span.later == 0 and not span.of_school_year and not plan.calendar and span.first[0] < 9:
        return ["«Текущего года» прочитано в пределах учебного года плана."]
    if span.half is not None and span.notes:
        return list(span.notes)
    if span.of_school_year and plan.calendar:
        return ["План на календарный год, а в сроке назван учебный."]
    return []


def _forward(place: _Place, before: _Place) -> int:
    return before.year + (place.key < before.key)


def _by_written(places: list[_Place], plan: PlanPeriod) -> list[str]:
    """Years from the one that is written: back to the left of it, forward to the right."""
    notes = []
    anchor = next(n for n, place in enumerate(places) if place.year)
    for n in range(anchor - 1, -1, -1):
        after = places[n + 1]
        places[n].year = after.year - (places[n].key > after.key)
        if places[n].year != after.year and places[n].mate != n + 1:
            notes += _differs(places[n], plan)
    for n in range(anchor + 1, len(places)):
        mate = places[n + 1] if n + 1 < len(places) and places[n].mate == n + 1 else None
        if not places[n].year and mate is not None and mate.year:
            places[n].year = mate.year - (places[n].key > mate.key)
        elif not places[n].year:
            places[n].year = _forward(places[n], places[n - 1])
            if not places[n].last_of_stretch:
                notes += _differs(places[n], plan) or _summer(places[n], plan, "after")
    return notes


def _differs(place: _Place, plan: PlanPeriod) -> list[str]:
    year = plan_year(place.key[0], plan)
    if place.year == year or place.summer:
        return []
    return [f"Год у «{place.span.said}» не написан: взят {place.year} по соседней дате."]


def _by_plan(places: list[_Place], plan: PlanPeriod) -> list[str]:
    notes: list[str] = []
    for n, place in enumerate(places):
        before = places[n - 1] if n else None
        place.year = _alone(place, places, before, plan)
        if before is not None and place.last_of_stretch:
            place.year = _forward(place, before)
        elif before is not None and not place.summer and _reversed(place, before):
            notes.append("Даты идут не по порядку: годы взяты в пределах плана.")
        notes += _summer(place, plan, "before" if place.year == plan.year else "after")
        if _prepares(place, places, plan) and not place.summer:
            notes.append(f"Год не написан: срок начат до учебного года, в {place.year} году.")
    if plan.several_years and places:
        notes.append(f"Год не написан, а план на {plan} годы: взят первый возможный.")
    return notes


def _alone(place: _Place, places: list[_Place], before: _Place | None, plan: PlanPeriod) -> int:
    if plan.calendar:
        return plan_year(place.key[0], plan)
    if place.summer and before is not None:
        return _forward(place, before)
    if _prepares(place, places, plan):
        return plan.year
    return plan_year(place.key[0], plan)


def _prepares(place: _Place, places: list[_Place], plan: PlanPeriod) -> bool:
    """«июнь–сентябрь»: begins before the academic year and goes on into it."""
    if place.mate is None or place.last_of_stretch or plan.calendar:
        return False
    return 4 <= place.key[0] <= 8 and places[place.mate].key[0] >= 9


def _reversed(place: _Place, before: _Place) -> bool:
    return (place.year, place.key) < (before.year, before.key)


def _summer(place: _Place, plan: PlanPeriod, where: str) -> list[str]:
    if plan.calendar or not place.summer or place.span.of_school_year:
        return []
    name, dative = _SUMMER[place.key[0]]
    why = "до начала учебного года" if where == "before" else "после предыдущей даты"
    return [f"{name} без года: отнесён к {dative} {place.year} года, {why}. Проверьте."]


def _windows(
    stretches: Sequence[Stretch], places: Sequence[_Place]
) -> list[tuple[Stretch, Window, Window]]:
    found = []
    rest = iter(places)
    for stretch in stretches:
        start = _window(next(rest))
        end = start if stretch.single else _window(next(rest))
        found.append((stretch, start, end))
    return found


def _window(place: _Place) -> Window:
    return place.span.in_year(place.year)


def eve(day: date) -> date:
    return day - timedelta(days=1)


def year_windows(span: YearSpan, plan: PlanPeriod) -> tuple[tuple[Window, ...], tuple[str, ...]]:
    """The days of whole years named in a phrase, and what is unsure of them."""
    if span.kind == "plan":
        several = plan.several_years
        return ((Window(plan.start, plan.end) if several else plan.whole),), span.notes
    if span.kind == "calendar":
        return _calendar_years(span, plan)
    if span.kind == "school":
        return _school_years(span, plan)
    if span.later:
        return (_calendar_year(plan.year + 1),), span.notes
    if span.calendar_said and span.edge in ("start", "end") and not plan.calendar:
        return (_calendar_year(plan.year + (span.edge == "start")),), ()
    notes = [] if plan.calendar and span.calendar_said else list(span.notes)
    if plan.several_years:
        notes.append(f"План на {plan} годы: не сказано, какой год.")
    elif span.edge and not plan.calendar:
        notes.append("Не сказано, какой год, учебный или календарный: взят учебный.")
    return (plan.whole,), tuple(notes)


def _calendar_year(year: int, last: int | None = None) -> Window:
    return Window(date(year, 1, 1), date(last or year, 12, 31))


def _calendar_years(span: YearSpan, plan: PlanPeriod) -> tuple[tuple[Window, ...], tuple[str, ...]]:
    first, last = span.firsts[0], span.firsts[-1]
    if plan.calendar and (first, last) == (plan.year, plan.last_year):
        return (Window(plan.start, plan.end),), span.notes
    if not plan.calendar and (first, last) == (plan.year, plan.last_year):
        note = "Названы календарные годы, а план на учебный: взят учебный год."
        return (plan.whole,), (*span.notes, note)
    return (_calendar_year(first, last),), span.notes


def _school_years(span: YearSpan, plan: PlanPeriod) -> tuple[tuple[Window, ...], tuple[str, ...]]:
    if span.firsts:
        return tuple(plan.school_year(first) for first in span.firsts), span.notes
    notes = span.notes
    if span.later == "new":
        notes = (*notes, NEW_YEAR)
    first = plan.year + (span.later if isinstance(span.later, int) else 0)
    if not plan.calendar:
        return (plan.school_year(first),), notes
    if plan.several_years:
        note = f"План на {plan} годы: не сказано, какой учебный год; взят {first}/{first + 1}."
        return (plan.school_year(first),), (*notes, note)
    if span.edge == "end":
        return (plan.school_year(first - 1),), notes
    if span.edge == "start":
        return (plan.school_year(first),), notes
    note = "План на календарный год, а в сроке назван учебный: взят год плана."
    return (plan.whole,), (*notes, note)
