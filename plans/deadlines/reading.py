"""One phrase of a plan, read into a deadline (roadmap-reading.md, «Deadlines»). Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from plans.choices import DeadlineKind
from plans.deadlines.hearing import Heard, heard_in
from plans.deadlines.outcome import MIXED, Outcome, Outcomes, joint_notes, outcomes
from plans.deadlines.pieces import PartOfSome, Regular
from plans.deadlines.recurring import Said, recurring
from plans.deadlines.spans import ImpossibleDateError, ReversedStretchError, Span
from plans.deadlines.values import Deadline, PlanPeriod, Window
from plans.deadlines.words import LONGEST_PHRASE, phrase


def read_deadline(text: str, plan: PlanPeriod) -> Deadline:
    """Read one phrase within a plan: what the phrase says, never what it may have meant.

    An empty phrase is `none` without a doubt; any other phrase that gives no reading is `none`
    with one.
    """
    return replace(_read(text.strip(), plan), text=text)


@lru_cache(maxsize=4096)
def _read(text: str, plan: PlanPeriod) -> Deadline:
    if not text:
        return Deadline(text, DeadlineKind.NONE)
    said = phrase(text)
    heard = heard_in(said)
    slips = [word.doubt for word in said.words if word.doubt]
    try:
        found = _reading(heard, plan)
    except ImpossibleDateError as error:
        return _none(text, f"Такой даты нет: {error}. Укажите срок.")
    except ReversedStretchError:
        return _none(text, f"Конец срока раньше начала: «{_short(text)}». Укажите срок.")
    except (OverflowError, ValueError):
        return _none(text, f"Срок не прочитан: «{_short(text)}». Укажите его.")
    if found is None:
        return _none(text, f"Срок не прочитан: «{_short(text)}». Укажите его.")
    notes = [*slips, *found.notes, *_general_notes(text, heard, found, plan)]
    windows = tuple(sorted(dict.fromkeys(found.windows), key=_by_end))
    return Deadline(text, found.kind, windows, found.rule, doubt=_sentence(notes))


@dataclass(frozen=True)
class _Found:
    kind: DeadlineKind
    windows: tuple[Window, ...] = ()
    rule: str | None = None
    notes: tuple[str, ...] = ()


def _none(text: str, doubt: str) -> Deadline:
    return Deadline(text, DeadlineKind.NONE, doubt=doubt)


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 120 else plain[:119] + "…"


def _sentence(notes: Iterable[str]) -> str | None:
    return " ".join(dict.fromkeys(notes)) or None


def _by_end(window: Window) -> tuple[object, object]:
    return window.end, window.start or window.end


# Deciding.


def _reading(heard: Heard, plan: PlanPeriod) -> _Found | None:
    dated = outcomes(heard.dates, plan)
    if _are_days_of_months(heard, dated):
        return _days_of_months(heard, dated)
    if heard.regulars or heard.month_days:
        return _recurring(heard, dated, plan)
    if dated.found:
        return _dated(heard, dated, plan)
    if heard.marks & {"CONTINUOUS", "VAGUE"}:
        return _Found(DeadlineKind.CONTINUOUS, notes=tuple(_vague(heard)))
    if heard.owned:
        return _Found(DeadlineKind.EXTERNAL, notes=tuple(_owner_notes(heard)))
    if heard.part_of_some:
        note = "Не сказано, конец или начало чего именно: укажите дату."
        return _Found(DeadlineKind.EXTERNAL, notes=(note,))
    return None


def _are_days_of_months(heard: Heard, dated: Outcomes) -> bool:
    """«октябрь, до 15 числа»: each month is named, so nothing recurs."""
    loose = all(one.until and one.unit is None and not one.next_month for one in heard.month_days)
    months = all(
        window.start is not None and window.start.replace(day=1) == window.end.replace(day=1)
        for window in dated.windows
    )
    named = dated.sorts == {"window"} and months
    return bool(heard.month_days) and loose and named and not heard.regulars


def _days_of_months(heard: Heard, dated: Outcomes) -> _Found:
    numbers = [day for one in heard.month_days for day in one.days]
    written = [f"{day} число" for day in numbers if not 1 <= day <= 31]
    if written:
        raise ImpossibleDateError(written[0])
    windows = [
        Window(None, window.end.replace(day=day)) for window in dated.windows for day in numbers
    ]
    notes = (*dated.notes, *_mixed_with_owner(heard))
    return _Found(DeadlineKind.BY_DATE, tuple(windows), notes=notes)


def _vague(heard: Heard) -> Iterator[str]:
    if "VAGUE" in heard.marks:
        yield "Периодичность не названа: прочитано как «постоянно»."
    if heard.owned:
        yield "Срок зависит ещё и от графика или события."


def _owner_notes(heard: Heard) -> Iterator[str]:
    counted = heard.marks & {"BARE_STRETCH", "STRETCH"}
    if counted and not heard.tail and "EXTERNAL" not in heard.marks:
        yield "Не сказано, с какого дня считать срок."
    if heard.counted:
        yield "Срок считают от названной даты: посчитайте день."
    if "TERM" in heard.marks:
        yield "Границы учебной четверти задаёт календарный учебный график школы."
    if "HOLIDAYS" in heard.marks:
        yield "Даты каникул задаёт календарный учебный график школы."


def _recurring(heard: Heard, dated: Outcomes, plan: PlanPeriod) -> _Found:
    if not heard.dates and not heard.month_days and heard.regulars[0].unit == "year":
        owned = _yearly_owned(heard)
        if owned is not None:
            return owned
    if dated.sorts == {"whole"} and {one.unit for one in heard.regulars} == {"year"}:
        notes = (*dated.notes, "«Ежегодно» и весь год: взят год плана.")
        return _Found(DeadlineKind.WHOLE_PERIOD, tuple(dated.windows), notes=notes)
    said = Said(
        regulars=tuple(_with_weekdays(heard)),
        month_days=tuple(heard.month_days),
        outcomes=tuple(dated.found),
        then="THEN" in heard.marks,
        bare=heard.bare,
        without=_without(heard),
    )
    result = recurring(said, plan)
    notes = (*_kept_notes(said, dated), *result.notes, *_mixed_with_owner(heard))
    if result.rule is None:
        return _Found(DeadlineKind.EXTERNAL, notes=notes)
    if not result.dues:
        notes = (*notes, "Внутри периода плана сроков нет.")
    return _Found(DeadlineKind.RECURRING, result.windows, result.rule, notes)


def _yearly_owned(heard: Heard) -> _Found | None:
    """«Ежегодно по графику»: the schedule names the day."""
    if heard.owned and heard.regulars[0].times == 1:
        return _Found(DeadlineKind.EXTERNAL, notes=tuple(_owner_notes(heard)))
    return None


def _kept_notes(said: Said, dated: Outcomes) -> Iterator[str]:
    """A rule of a year needs no year: what was unsure of it does not matter."""
    recount = all(not one.said_year for one in said.outcomes)
    for note in dated.notes:
        if not (recount and ("без года" in note or "по порядку" in note or "Год не" in note)):
            yield note


def _with_weekdays(heard: Heard) -> Iterator[Regular]:
    for regular in heard.regulars:
        if regular.unit == "week" and not regular.weekdays and heard.weekdays:
            yield replace(regular, weekdays=tuple(heard.weekdays))
        elif _explains(heard.part_of_some, regular):
            yield replace(regular, edge=heard.part_of_some.edge if heard.part_of_some else None)
        else:
            yield regular


def _explains(part: PartOfSome | None, regular: Regular) -> bool:
    """«ежемесячно, до конца месяца»"""
    return part is not None and part.unit == regular.unit and regular.edge is None


def _without(heard: Heard) -> tuple[int, ...]:
    months: list[int] = []
    for piece in heard.without:
        for stretch in piece.stretches:
            if isinstance(stretch.start, Span) and isinstance(stretch.end, Span):
                first, last = stretch.start.first[0], stretch.end.last[0]
                count = (last - first) % 12 + 1
                months.extend((first - 1 + n) % 12 + 1 for n in range(count))
    return tuple(months)


def _mixed_with_owner(heard: Heard) -> Iterator[str]:
    if heard.owned:
        yield "В сроке назван ещё график или событие: уточните даты."
    if heard.marks & {"CONTINUOUS", "VAGUE"}:
        yield "В сроке сказано ещё «постоянно» или похожее слово."


def _dated(heard: Heard, dated: Outcomes, plan: PlanPeriod) -> _Found:
    notes = list(dated.notes)
    constant = bool(heard.marks & {"CONTINUOUS", "VAGUE"})
    then = "THEN" in heard.marks and dated.sorts != {"open"}
    if constant and not then and dated.sorts <= {"whole", "window", "open"}:
        return _constant(heard, dated, plan)
    if "open" in dated.sorts:
        notes.append("Сказано, с какого дня, но не сказано, до какого: взят конец периода плана.")
    notes.extend(_mixed_with_owner(heard))
    if dated.sorts == {"whole"} and heard.owned:
        return _Found(DeadlineKind.EXTERNAL, notes=tuple(notes))
    if "THEN" in heard.marks and not constant:
        notes.append("Что следует за словом «далее», не прочитано.")
    kind, windows, more = _kind(_closed(dated, plan))
    return _Found(kind, windows, notes=(*notes, *more))


def _closed(dated: Outcomes, plan: PlanPeriod) -> Outcomes:
    """«с 1 сентября» and nothing more: to the end of the plan's year, with a doubt."""
    if "open" not in dated.sorts:
        return dated
    found = []
    for one in dated.found:
        start = one.window.start or one.window.end
        window = Window(start, max(start, plan.whole.end))
        found.append(replace(one, sort="window", window=window) if one.sort == "open" else one)
    return Outcomes(found, dated.notes)


def _constant(heard: Heard, dated: Outcomes, plan: PlanPeriod) -> _Found:
    """«постоянно с сентября»: a state to keep true has no due."""
    opened = {piece.manner for piece in heard.dates} == {"open"}
    early = all((window.start or window.end) <= plan.whole_start for window in dated.windows)
    notes = [] if "VAGUE" not in heard.marks else list(_vague(heard))
    if not (opened and early):
        notes.append("«Постоянно» и период названы вместе: прочитано как «постоянно», без срока.")
    return _Found(DeadlineKind.CONTINUOUS, notes=tuple(notes))


_Kind = tuple[DeadlineKind, tuple[Window, ...], tuple[str, ...]]


def _kind(dated: Outcomes) -> _Kind:
    windows = tuple(dict.fromkeys(dated.windows))
    inner = [one for one in dated.found if one.sort != "whole"]
    if "whole" not in dated.sorts:
        return _kind_inside(inner)
    if len(windows) == 1:
        return DeadlineKind.WHOLE_PERIOD, windows, ()
    if not inner:
        return DeadlineKind.WINDOW, windows, ("Названо несколько лет: прочитан каждый.",)
    kind, narrow, notes = _kind_inside(inner)
    return kind, narrow, (*notes, "Внутри года назван ещё и более узкий срок.")


def _kind_inside(found: Sequence[Outcome]) -> _Kind:
    windows = tuple(dict.fromkeys(one.window for one in found))
    dues = tuple(Window(None, window.end) for window in windows)
    match sorted({one.sort for one in found}):
        case ["by"]:
            return DeadlineKind.BY_DATE, windows, ()
        case ["day"] if len(windows) == 1:
            return DeadlineKind.ON_DATE, windows, ()
        case ["day"]:
            note = "Несколько дней без слова «до»: прочитаны как сроки, к которым нужно успеть."
            return DeadlineKind.BY_DATE, dues, (note,)
        case ["window"]:
            return DeadlineKind.WINDOW, windows, ()
        case ["day", "window"]:
            note = "Названы и дни, и периоды: прочитаны отдельно."
            return DeadlineKind.WINDOW, windows, (note,)
        case _:
            return DeadlineKind.BY_DATE, dues, (MIXED,)


# What holds for every kind.


def _general_notes(text: str, heard: Heard, found: _Found, plan: PlanPeriod) -> Iterator[str]:
    unread = list(heard.unread)
    if heard.bare is not None and not _bare_is_read(heard, found):
        unread.append(str(heard.bare))
    if "EXCEPT" in heard.marks and not (_without(heard) and found.rule):
        yield "Исключения из срока не прочитаны."
    if unread:
        yield "Не прочитано: " + ", ".join(f"«{_short(words)}»" for words in unread) + "."
    explained = any(_explains(heard.part_of_some, regular) for regular in heard.regulars)
    if heard.part_of_some and found.kind != DeadlineKind.EXTERNAL and not explained:
        yield "Не прочитана часть срока («до конца», «в начале»)."
    yield from joint_notes(heard.marks)
    if len(text) > LONGEST_PHRASE:
        yield "Фраза слишком длинная: прочитано только её начало."
    yield from _weekday_notes(heard, found)
    yield from _outside_notes(found, plan)


def _bare_is_read(heard: Heard, found: _Found) -> bool:
    """«ежемесячно до 10»"""
    units = {regular.unit for regular in heard.regulars}
    return found.rule is not None and not heard.month_days and bool(units & {"month", "quarter"})


def _weekday_notes(heard: Heard, found: _Found) -> Iterator[str]:
    """«15.09.2023 (пятница)» is checked; beside anything else a weekday is unclear."""
    weekly = found.rule is not None and "FREQ=WEEKLY" in found.rule
    if not heard.weekdays or weekly or found.kind == DeadlineKind.EXTERNAL:
        return
    days = found.kind in (DeadlineKind.ON_DATE, DeadlineKind.BY_DATE)
    if not days or [window.end.weekday() for window in found.windows] != heard.weekdays:
        yield "День недели не совпадает со сроком."


def _outside_notes(found: _Found, plan: PlanPeriod) -> Iterator[str]:
    reach = plan.reach
    outside = [
        window
        for window in found.windows
        if window.end not in reach or (window.start is not None and window.start not in reach)
    ]
    if outside:
        days = ", ".join(f"{window.end:%d.%m.%Y}" for window in outside[:3])
        yield f"Срок выходит за период плана ({plan}): {days}."
