"""Recurring deadlines: a rule of RFC 5545 and its dues inside the plan. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from plans.deadlines.outcome import Outcome
from plans.deadlines.pieces import MonthDays, Regular, Unit
from plans.deadlines.spans import LAST_DAY, ImpossibleDateError
from plans.deadlines.values import PlanPeriod, Window
from profmin.lib.periods import Period
from profmin.lib.recurrence import dues

WEEKDAY_CODES: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WORKDAYS: Final = "BYDAY=MO,TU,WE,TH,FR"
_CHECK: Final = "Проверьте даты."
_QUARTER_ENDS: Final = (3, 6, 9, 12)
_AFTER_QUARTERS: Final = (1, 4, 7, 10)


@dataclass(frozen=True)
class Said:
    """All that a phrase says of how often; `outcomes` are its dates, `then` stands for «далее»."""

    regulars: tuple[Regular, ...]
    month_days: tuple[MonthDays, ...]
    outcomes: tuple[Outcome, ...]
    then: bool = False
    bare: int | None = None
    without: tuple[int, ...] = ()

    @property
    def unit(self) -> Unit:
        for regular in self.regulars:
            return regular.unit
        return next((days.unit for days in self.month_days if days.unit), "month")

    @property
    def regular(self) -> Regular:
        return self.regulars[0] if self.regulars else Regular(self.unit)

    @property
    def points(self) -> tuple[Outcome, ...]:
        """Dates to be done by and days of events; before «далее» the end of a period too."""
        sorts = ("by", "day", "window") if self.then else ("by", "day")
        return tuple(one for one in self.outcomes if one.sort in sorts)

    @property
    def stretches(self) -> tuple[Outcome, ...]:
        sorts = ("whole", "open") if self.then else ("window", "whole", "open")
        return tuple(one for one in self.outcomes if one.sort in sorts)

    @property
    def first_day(self) -> Outcome | None:
        """«начиная с 02.10.2023»: the day from which the dues are counted."""
        opened = [one for one in self.outcomes if one.sort == "open" and one.from_day]
        if len(opened) != 1 or len(self.outcomes) != 1:
            return None
        first = opened[0].window.start or opened[0].window.end
        return replace(opened[0], sort="by", window=Window(None, first))


@dataclass
class Recurring:
    """The rule, its dues in order and what is unsure; no rule where nothing can be counted."""

    rule: str | None = None
    dues: list[date] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def windows(self) -> tuple[Window, ...]:
        return tuple(Window(None, day) for day in self.dues)


def recurring(said: Said, plan: PlanPeriod) -> Recurring:
    """Read how often; dates named with it are its dues."""
    found = Recurring()
    if len({regular.unit for regular in said.regulars}) > 1:
        found.notes.append("Названо несколько разных периодичностей: взята первая.")
    readers = {
        "year": _yearly, "half": _halves, "quarter": _quarterly, "month": _monthly,
        "week": _weekly, "decade": _by_decades, "day": _daily, "term": _terms,
    }  # fmt: skip
    readers[said.unit](found, said, plan)
    _with_named_days(found, said)
    if plan.several_years and found.rule and said.unit != "year":
        found.notes.append(f"План на {plan} годы: взяты все сроки внутри него.")
    return found


def _with_named_days(found: Recurring, said: Said) -> None:
    """A day named beside numbers of months («до 1 октября, далее до 5 числа») is a due too."""
    missed = {one.due for one in said.points} - set(found.dues)
    if missed and said.unit != "year":
        found.dues = sorted({*found.dues, *missed})
        if said.then:
            found.dues = [day for day in found.dues if day >= min(missed)]
        found.notes.append(f"Названный день добавлен к повторяющимся срокам. {_CHECK}")


def _inside(found: Recurring, rule: str, plan: PlanPeriod, said: Said | None = None) -> None:
    """Set the rule and its dues inside the plan, or inside the periods the phrase names."""
    found.rule = rule
    found.dues = dues(rule, plan.period)
    if said is None:
        return
    found.dues = [day for day in found.dues if day.month not in said.without]
    if said.stretches:
        found.dues = [
            day
            for day in found.dues
            if any((one.window.start or day) <= day <= one.window.end for one in said.stretches)
        ]


# Years.


def _line(outcome: Outcome) -> str:
    month = f"FREQ=YEARLY;BYMONTH={outcome.due.month}"
    if outcome.nth is not None:
        number, weekday = outcome.nth
        if weekday is None:
            return f"{month};{_WORKDAYS};BYSETPOS={number}"
        return f"{month};BYDAY={number}{WEEKDAY_CODES[weekday]}"
    day = -1 if outcome.month_end else outcome.due.day
    return f"{month};BYMONTHDAY={day}"


def _dated_lines(
    found: Recurring, said: Said, outcomes: Sequence[Outcome], plan: PlanPeriod
) -> None:
    """Dates of a year, each with a rule of its own; dates with a year of their own are kept."""
    rule = "\n".join(dict.fromkeys(_line(outcome) for outcome in outcomes))
    found.rule = rule
    first = min((one.due for one in outcomes if one.said_year), default=plan.start)
    inside = {day for day in dues(rule, plan.period) if day >= first}
    named = {one.due for one in outcomes if one.said_year}
    found.dues = sorted(inside | named)
    if named and inside - named:
        found.notes.append(f"Год написан, но срок повторяется: взяты и другие годы. {_CHECK}")
    summer = [day for day in inside - named if day.month in (7, 8)]
    if summer and not plan.calendar and not plan.several_years:
        found.notes.append(
            f"Июль или август без года: взят {summer[0]:%d.%m.%Y}, внутри периода плана. Проверьте."
        )


def _yearly(found: Recurring, said: Said, plan: PlanPeriod) -> None:
    dated = said.points + tuple(one for one in said.stretches if one.sort == "window")
    times = said.regular.times
    if dated:
        if times > 1 and times != len(dated):
            found.notes.append(f"Сказано «{times} раза в год», а дат названо {len(dated)}.")
        _dated_lines(found, said, dated, plan)
        if any(one.sort == "open" for one in said.outcomes):
            found.notes.append(f"Срок с открытым концом не учтён. {_CHECK}")
    elif times in (2, 4):
        _halves_alone(found, plan) if times == 2 else _quarters_alone(found, plan)
        found.notes = [f"Сказано «{times} раза в год», но не сказано когда: взяты даты. {_CHECK}"]
    else:
        end = plan.whole.end
        _inside(found, f"FREQ=YEARLY;BYMONTH={end.month};BYMONTHDAY={end.day}", plan)
        found.notes.append("Не сказано, к какому дню года: взят конец периода плана.")
        if times > 1:
            found.notes.append(f"Сказано «{times} раза», а срок взят один.")
    if said.regular.step > 1:
        found.notes.append("Срок не каждый год: проверьте, нужен ли он в этом плане.")


def _matches(said: Said, count: int) -> tuple[Outcome, ...]:
    """Dates that answer «раз в квартал» one for each quarter."""
    dated = said.points + tuple(one for one in said.stretches if one.sort == "window")
    return dated if len(dated) == count * said.regular.times else ()


def _halves(found: Recurring, said: Said, plan: PlanPeriod) -> None:
    dated = _matches(said, 2)
    if dated:
        _dated_lines(found, said, dated, plan)
        return
    _halves_alone(found, plan)
    if said.outcomes or said.month_days or said.regular.times > 1 or said.regular.step > 1:
        found.notes.append(f"Срок полугодий прочитан не полностью. {_CHECK}")


def _halves_alone(found: Recurring, plan: PlanPeriod) -> None:
    ends = ((6, 30), (12, 31)) if plan.calendar else ((12, 31), plan.teaching_ends)
    _inside(
        found,
        "\n".join(f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}" for month, day in ends),
        plan,
    )
    if not plan.calendar:
        found.notes.append("Сроком взяты концы полугодий учебного года. Проверьте.")


# Quarters.


def _months_rule(months: Sequence[int], day: int) -> str:
    return f"FREQ=YEARLY;BYMONTH={','.join(map(str, sorted(months)))};BYMONTHDAY={day}"


def _quarterly(found: Recurring, said: Said, plan: PlanPeriod) -> None:
    dated = _matches(said, 4)
    if dated:
        _dated_lines(found, said, dated, plan)
    elif said.month_days or said.bare:
        _quarterly_by_number(found, said, plan)
    elif len(said.points) == 1:
        _quarters_from(found, said.points[0], plan)
    elif said.first_day is not None:
        _quarters_from(found, said.first_day, plan)
    else:
        _quarters_alone(found, plan, said)
        if said.regular.edge == "end" and not said.outcomes:
            found.notes = []
    if said.regular.times > 1 or said.regular.step > 1 or said.regular.edge in ("start", "middle"):
        found.notes.append(f"Периодичность прочитана не полностью. {_CHECK}")


def _quarters_alone(found: Recurring, plan: PlanPeriod, said: Said | None = None) -> None:
    _inside(found, _months_rule(_QUARTER_ENDS, -1), plan, said)
    if not plan.calendar or (said is not None and said.outcomes):
        found.notes.append(f"Не сказано, к какому дню: взяты последние дни кварталов. {_CHECK}")


def _quarterly_by_number(found: Recurring, said: Said, plan: PlanPeriod) -> None:
    days = _day_numbers(found, said.month_days[0].days if said.month_days else (said.bare or 1,))
    month = said.month_days[0].quarter_month if said.month_days else None
    lines = [_months_rule(_QUARTER_ENDS if month == 3 else _AFTER_QUARTERS, day) for day in days]
    _inside(found, "\n".join(lines), plan, said)
    next_month = bool(said.month_days) and said.month_days[0].next_month
    if next_month and plan.calendar:
        found.notes.append("Отчёт за последний квартал плана сдают уже после его конца. Проверьте.")
    if month is None and not next_month:
        found.notes.append(f"Не сказано, какого месяца: взят первый месяц после квартала. {_CHECK}")


def _quarters_from(found: Recurring, first: Outcome, plan: PlanPeriod) -> None:
    """«До 02.10.2023, далее ежеквартально»: 02.10, 02.01, 02.04, 02.07 (domain.md)."""
    months = sorted((first.due.month - 1 + 3 * step) % 12 + 1 for step in range(4))
    day = -1 if first.month_end or first.due.day > 28 else first.due.day
    _from_first(found, _months_rule(months, day), first, plan)
    found.notes.append(f"Следующие сроки отсчитаны по кварталам от {first.due:%d.%m.%Y}. {_CHECK}")


def _from_first(found: Recurring, rule: str, first: Outcome, plan: PlanPeriod) -> None:
    found.rule = rule
    last = max(plan.end, first.due)
    later = dues(rule, Period(first.due, last))
    found.dues = sorted({first.due, *later})


# Months.


def _monthly(found: Recurring, said: Said, plan: PlanPeriod) -> None:
    regular = said.regular
    if said.month_days:
        _monthly_by_number(found, said, plan)
    elif said.bare is not None:
        (day,) = _day_numbers(found, (said.bare,))
        _inside(found, f"FREQ=MONTHLY;BYMONTHDAY={day}", plan, said)
        found.notes.append(f"«{said.bare}» прочитано как число месяца. {_CHECK}")
    elif said.then and len(said.points) == 1:
        _months_from(found, said.points[0], plan)
    elif said.points:
        _monthly_with_dates(found, said, plan)
    elif said.first_day is not None and said.first_day.due.day > 1:
        _months_from(found, said.first_day, plan)
    elif regular.weekdays or regular.workday or regular.edge in ("start", "middle"):
        _monthly_parts(found, said, plan)
    elif regular.times == 2 and regular.step == 1:
        _inside(found, "FREQ=MONTHLY;BYMONTHDAY=15,-1", plan, said)
        found.notes.append("Не сказано, в какие дни: взяты 15-е и последнее число месяца.")
    else:
        _month_ends(found, said, plan)


def _month_ends(found: Recurring, said: Said, plan: PlanPeriod) -> None:
    regular = said.regular
    if regular.step > 1:
        start = (plan.start.month + regular.step - 2) % 12
        every = [(start + regular.step * n) % 12 + 1 for n in range(12 // regular.step)]
        _inside(found, _months_rule(every, -1), plan, said)
        found.notes.append(f"Месяцы отсчитаны от начала плана. {_CHECK}")
        return
    limited = bool(said.stretches or said.without)
    _inside(found, "FREQ=MONTHLY;BYMONTHDAY=-1", plan, said)
    if limited:
        months = sorted({day.month for day in found.dues})
        listed = ",".join(map(str, months))
        found.rule = f"FREQ=MONTHLY;BYMONTH={listed};BYMONTHDAY=-1" if months else found.rule
        if any(one.sort == "whole" for one in said.stretches) and not plan.calendar:
            found.notes.append("Взяты месяцы учебных занятий, с сентября по май. Проверьте.")
    if regular.times > 1:
        found.notes.append(f"Сказано «{regular.times} раза»: взято по одному сроку в месяц.")


def _day_numbers(found: Recurring, days: Sequence[int]) -> list[int]:
    """Numbers of a month as BYMONTHDAY takes them; 31 stands for the last day."""
    if not days or not all(1 <= day <= 31 for day in days):
        raise ImpossibleDateError(f"{', '.join(map(str, days))} число")
    if max(days) > 28:
        found.notes.append(f"Числа {max(days)} нет в коротких месяцах. {_CHECK}")
    return [LAST_DAY if day == 31 else day for day in sorted(set(days))]


def _monthly_by_number(found: Recurring, said: Said, plan: PlanPeriod) -> None:
    days = _day_numbers(found, [day for one in said.month_days for day in one.days])
    _inside(found, f"FREQ=MONTHLY;BYMONTHDAY={','.join(map(str, days))}", plan, said)
    if said.month_days[0].next_month and found.dues:
        first, *rest = found.dues
        if first.month == plan.start.month:
            found.dues = rest
        found.notes.append("Отчёт за последний месяц плана сдают уже после его конца. Проверьте.")
    if not said.regulars and said.month_days[0].unit is None and not said.month_days[0].next_month:
        found.notes.append("Не сказано, какого месяца: прочитано как каждый месяц.")


def _months_from(found: Recurring, first: Outcome, plan: PlanPeriod) -> None:
    day = -1 if first.month_end or first.due.day > 28 else first.due.day
    _from_first(found, f"FREQ=MONTHLY;BYMONTHDAY={day}", first, plan)
    found.notes.append(f"Следующие сроки отсчитаны по месяцам от {first.due:%d.%m.%Y}. {_CHECK}")


def _monthly_with_dates(found: Recurring, said: Said, plan: PlanPeriod) -> None:
    last = max(one.due for one in said.points)
    _inside(found, "FREQ=MONTHLY;BYMONTHDAY=-1", plan, said)
    found.dues = sorted({day for day in found.dues if day < last} | {last})
    found.notes.append(f"Ежемесячный срок с датой прочитан как «до {last:%d.%m.%Y}». {_CHECK}")


def _monthly_parts(found: Recurring, said: Said, plan: PlanPeriod) -> None:
    regular = said.regular
    if regular.weekdays:
        number = -1 if regular.number is None else regular.number
        if number not in (-1, 1, 2, 3, 4, 5):
            raise ImpossibleDateError(f"{number}-й день недели месяца")
        if number == 5:
            found.notes.append("Пятая неделя есть не в каждом месяце.")
        days = ",".join(f"{number}{WEEKDAY_CODES[day]}" for day in regular.weekdays)
        _inside(found, f"FREQ=MONTHLY;BYDAY={days}", plan, said)
    elif regular.workday:
        _inside(found, f"FREQ=MONTHLY;{_WORKDAYS};BYSETPOS=-1", plan, said)
        found.notes.append("Праздничные дни не учтены: последний будний день месяца.")
    else:
        day = 1 if regular.edge == "start" else 15
        _inside(found, f"FREQ=MONTHLY;BYMONTHDAY={day}", plan, said)
        found.notes.append(f"Часть месяца названа не точно: взято {day}-е число.")


# Shorter ones.


def _weekly(found: Recurring, said: Said, plan: PlanPeriod) -> None:
    regular = next((one for one in said.regulars if one.weekdays), said.regular)
    days = ",".join(WEEKDAY_CODES[day] for day in regular.weekdays or (4,))
    step = f";INTERVAL={said.regular.step}" if said.regular.step > 1 else ""
    _inside(found, f"FREQ=WEEKLY{step};BYDAY={days}", plan, said)
    if not regular.weekdays:
        found.notes.append("День недели не назван: взята пятница.")
    if said.points or step or said.month_days or said.regular.times > max(len(regular.weekdays), 1):
        found.notes.append(f"Еженедельный срок прочитан не полностью. {_CHECK}")


def _by_decades(found: Recurring, said: Said, plan: PlanPeriod) -> None:
    _inside(found, "FREQ=MONTHLY;BYMONTHDAY=10,20,-1", plan, said)
    found.notes.append("Сроком взят последний день каждой декады месяца.")


def _daily(found: Recurring, said: Said, plan: PlanPeriod) -> None:
    _inside(found, "FREQ=DAILY", plan, said)
    found.notes.append("Ежедневный срок даёт отметку на каждый день: возможно, нужно «постоянно».")


def _terms(found: Recurring, said: Said, plan: PlanPeriod) -> None:
    dated = said.points + tuple(one for one in said.stretches if one.sort == "window")
    if dated:
        _dated_lines(found, said, dated, plan)
        if len(dated) not in (3, 4):
            found.notes.append(f"Сказано «раз в четверть», а дат названо {len(dated)}.")
        return
    found.notes.append("Границы четвертей задаёт календарный учебный график школы: укажите даты.")
