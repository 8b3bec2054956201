"""Recurring deadlines: their rules and their dues inside the plan (RFC 5545)."""

import pytest

from plans.deadlines import PlanPeriod, read_deadline
from profmin.lib.recurrence import dues

YEAR = PlanPeriod(2023)
TWO_YEARS = PlanPeriod(2022, 2023, calendar=True)

PHRASES = """
Ежегодно до 20 декабря и 25 мая | recurring | 2023-12-20 2024-05-25 | FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=20 + FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=25
до 15.09 ежегодно | recurring | 2023-09-15 | FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=15
ежегодно, до 15 сентября и 25 мая | recurring | 2023-09-15 2024-05-25 | FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=15 + FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=25
до 1 июня каждого года | recurring | 2024-06-01 | FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=1
ежегодно в сентябре | recurring | 2023-09-30 | FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=-1
ежегодно с 1 по 15 сентября | recurring | 2023-09-15 | FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=15
ноябрь-декабрь ежегодно | recurring | 2023-12-31 | FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1
2 раза в год (декабрь, май) | recurring | 2023-12-31 2024-05-31 | FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1 + FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=-1
2 раза в год до 20 декабря, до 25 мая, до 1 июня | recurring? | 2023-12-20 2024-05-25 2024-06-01 | FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=20 + FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=25 + FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=1
не реже двух раз в год | recurring? | 2023-12-31 2024-05-31 | FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31 + FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31
1 раз в год до 1 июня | recurring | 2024-06-01 | FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=1
ежегодно | recurring? | 2024-05-31 | FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31
3 раза в год | recurring? | 2024-05-31 | FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31
1 раз в 3 года, май | recurring? | 2024-05-31 | FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=-1
до 1 августа ежегодно | recurring? | 2024-08-01 | FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=1
до 1 октября 2023, далее ежегодно | recurring | 2023-10-01 | FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=1
до 15.09.2023; далее ежегодно до 1 июня | recurring? | 2023-09-15 2024-06-01 | FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=15 + FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=1
ежемесячно | recurring | 2023-09-30 2023-10-31 2023-11-30 2023-12-31 +8 | FREQ=MONTHLY;BYMONTHDAY=-1
не реже одного раза в месяц | recurring | 2023-09-30 2023-10-31 2023-11-30 2023-12-31 +8 | FREQ=MONTHLY;BYMONTHDAY=-1
до 25 числа каждого месяца | recurring | 2023-09-25 2023-10-25 2023-11-25 2023-12-25 +8 | FREQ=MONTHLY;BYMONTHDAY=25
ежемесячно 1 и 15 числа | recurring | 2023-09-01 2023-09-15 2023-10-01 2023-10-15 +20 | FREQ=MONTHLY;BYMONTHDAY=1,15
ежемесячно 31 числа | recurring? | 2023-09-30 2023-10-31 2023-11-30 2023-12-31 +8 | FREQ=MONTHLY;BYMONTHDAY=-1
ежемесячно до 5 числа месяца, следующего за отчётным | recurring? | 2023-10-05 2023-11-05 2023-12-05 2024-01-05 +7 | FREQ=MONTHLY;BYMONTHDAY=5
ежемесячно до 10 | recurring? | 2023-09-10 2023-10-10 2023-11-10 2023-12-10 +8 | FREQ=MONTHLY;BYMONTHDAY=10
до 25 числа | recurring? | 2023-09-25 2023-10-25 2023-11-25 2023-12-25 +8 | FREQ=MONTHLY;BYMONTHDAY=25
2 раза в месяц | recurring? | 2023-09-15 2023-09-30 2023-10-15 2023-10-31 +20 | FREQ=MONTHLY;BYMONTHDAY=15,-1
раз в 2 месяца | recurring? | 2023-10-31 2023-12-31 2024-02-29 2024-04-30 +2 | FREQ=YEARLY;BYMONTH=2,4,6,8,10,12;BYMONTHDAY=-1
3 раза в месяц | recurring? | 2023-09-30 2023-10-31 2023-11-30 2023-12-31 +8 | FREQ=MONTHLY;BYMONTHDAY=-1
ежемесячно с сентября по май | recurring | 2023-09-30 2023-10-31 2023-11-30 2023-12-31 +5 | FREQ=MONTHLY;BYMONTH=1,2,3,4,5,9,10,11,12;BYMONTHDAY=-1
ежемесячно, начиная с октября | recurring | 2023-10-31 2023-11-30 2023-12-31 2024-01-31 +7 | FREQ=MONTHLY;BYMONTH=1,2,3,4,5,6,7,8,10,11,12;BYMONTHDAY=-1
ежемесячно с 15 октября | recurring? | 2023-10-15 2023-11-15 2023-12-15 2024-01-15 +7 | FREQ=MONTHLY;BYMONTHDAY=15
ежемесячно, кроме июля и августа | recurring | 2023-09-30 2023-10-31 2023-11-30 2023-12-31 +6 | FREQ=MONTHLY;BYMONTH=1,2,3,4,5,6,9,10,11,12;BYMONTHDAY=-1
ежемесячно в течение учебного года | recurring? | 2023-09-30 2023-10-31 2023-11-30 2023-12-31 +5 | FREQ=MONTHLY;BYMONTH=1,2,3,4,5,9,10,11,12;BYMONTHDAY=-1
ежемесячно до 25.05.2024 | recurring? | 2023-09-30 2023-10-31 2023-11-30 2023-12-31 +5 | FREQ=MONTHLY;BYMONTHDAY=-1
до 01.10.2023, далее ежемесячно | recurring? | 2023-10-01 2023-11-01 2023-12-01 2024-01-01 +7 | FREQ=MONTHLY;BYMONTHDAY=1
до 1 октября 2023 г., далее ежемесячно до 5 числа | recurring? | 2023-10-01 2023-10-05 2023-11-05 2023-12-05 +8 | FREQ=MONTHLY;BYMONTHDAY=5
ежемесячно до конца месяца | recurring | 2023-09-30 2023-10-31 2023-11-30 2023-12-31 +8 | FREQ=MONTHLY;BYMONTHDAY=-1
в начале каждого месяца | recurring? | 2023-09-01 2023-10-01 2023-11-01 2023-12-01 +8 | FREQ=MONTHLY;BYMONTHDAY=1
в последний рабочий день месяца | recurring? | 2023-09-29 2023-10-31 2023-11-30 2023-12-29 +8 | FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1
последняя пятница месяца | recurring | 2023-09-29 2023-10-27 2023-11-24 2023-12-29 +8 | FREQ=MONTHLY;BYDAY=-1FR
ежемесячно по графику | recurring? | 2023-09-30 2023-10-31 2023-11-30 2023-12-31 +8 | FREQ=MONTHLY;BYMONTHDAY=-1
ежемесячно 45 числа | none? |  |
До 02.10.2023, далее ежеквартально | recurring? | 2023-10-02 2024-01-02 2024-04-02 2024-07-02 | FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=2
ежеквартально, начиная с 02.10.2023 | recurring? | 2023-10-02 2024-01-02 2024-04-02 2024-07-02 | FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=2
ежеквартально до 5 числа месяца, следующего за отчётным | recurring | 2023-10-05 2024-01-05 2024-04-05 2024-07-05 | FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=5
ежеквартально до 25 числа последнего месяца квартала | recurring | 2023-09-25 2023-12-25 2024-03-25 2024-06-25 | FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=25
ежеквартально до 10 числа | recurring? | 2023-10-10 2024-01-10 2024-04-10 2024-07-10 | FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=10
ежеквартально (сентябрь, декабрь, март, июнь) | recurring | 2023-09-30 2023-12-31 2024-03-31 2024-06-30 | FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=-1 + FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1 + FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=-1 + FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=-1
1 раз в квартал | recurring? | 2023-09-30 2023-12-31 2024-03-31 2024-06-30 | FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1
в конце каждого квартала | recurring | 2023-09-30 2023-12-31 2024-03-31 2024-06-30 | FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1
2 раза в квартал | recurring? | 2023-09-30 2023-12-31 2024-03-31 2024-06-30 | FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1
раз в полугодие | recurring? | 2023-12-31 2024-05-31 | FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31 + FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31
раз в полугодие (декабрь, май) | recurring | 2023-12-31 2024-05-31 | FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1 + FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=-1
раз в полугодие, до 1 октября | recurring? | 2023-10-01 2023-12-31 2024-05-31 | FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31 + FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31
каждый четверг | recurring | 2023-09-07 2023-09-14 2023-09-21 2023-09-28 +48 | FREQ=WEEKLY;BYDAY=TH
еженедельно по четвергам | recurring | 2023-09-07 2023-09-14 2023-09-21 2023-09-28 +48 | FREQ=WEEKLY;BYDAY=TH
еженедельно, четверг | recurring | 2023-09-07 2023-09-14 2023-09-21 2023-09-28 +48 | FREQ=WEEKLY;BYDAY=TH
еженедельно | recurring? | 2023-09-01 2023-09-08 2023-09-15 2023-09-22 +49 | FREQ=WEEKLY;BYDAY=FR
каждые две недели | recurring? | 2023-09-01 2023-09-15 2023-09-29 2023-10-13 +23 | FREQ=WEEKLY;INTERVAL=2;BYDAY=FR
раз в декаду | recurring? | 2023-09-10 2023-09-20 2023-09-30 2023-10-10 +32 | FREQ=MONTHLY;BYMONTHDAY=10,20,-1
ежедневно | recurring? | 2023-09-01 2023-09-02 2023-09-03 2023-09-04 +362 | FREQ=DAILY
ежегодно в течение учебного года | whole_period? | 2024-05-31 |
ежегодно, по отдельному графику | external |  |
ежемесячно, ежеквартально | recurring? | 2023-09-30 2023-10-31 2023-11-30 2023-12-31 +8 | FREQ=MONTHLY;BYMONTHDAY=-1
ежегодно до 29 февраля | recurring | 2024-02-29 | FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29
ежегодно до 31 ноября | none? |  |
постоянно, ежемесячно | recurring? | 2023-09-30 2023-10-31 2023-11-30 2023-12-31 +8 | FREQ=MONTHLY;BYMONTHDAY=-1
ежегодно с 1 сентября | recurring? | 2024-05-31 | FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31
дважды в год: в декабре и в мае | recurring | 2023-12-31 2024-05-31 | FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1 + FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=-1
до 15 сентября каждого учебного года | recurring | 2023-09-15 | FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=15
с октября 2023 года ежегодно в мае | recurring? | 2024-05-31 | FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=-1
до 10 числа месяца, следующего за отчётным кварталом | recurring | 2023-10-10 2024-01-10 2024-04-10 2024-07-10 | FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=10
ежеквартально до 31 числа последнего месяца квартала | recurring? | 2023-09-30 2023-12-31 2024-03-31 2024-06-30 | FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1
сентябрь 2023, далее ежеквартально | recurring? | 2023-09-30 2023-12-31 2024-03-31 2024-06-30 | FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1
ежеквартально с октября | recurring? | 2023-12-31 2024-03-31 2024-06-30 | FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1
десятый понедельник месяца | none? |  |
каждую пятую пятницу месяца | recurring? | 2023-09-29 2023-12-29 2024-03-29 2024-05-31 +1 | FREQ=MONTHLY;BYDAY=5FR
каждый второй четверг месяца | recurring | 2023-09-14 2023-10-12 2023-11-09 2023-12-14 +8 | FREQ=MONTHLY;BYDAY=2TH
каждый понедельник и четверг | recurring | 2023-09-04 2023-09-07 2023-09-11 2023-09-14 +100 | FREQ=WEEKLY;BYDAY=MO,TH
каждый четверг с сентября по май | recurring | 2023-09-07 2023-09-14 2023-09-21 2023-09-28 +35 | FREQ=WEEKLY;BYDAY=TH
по четвергам в течение учебного года | recurring | 2023-09-07 2023-09-14 2023-09-21 2023-09-28 +35 | FREQ=WEEKLY;BYDAY=TH
2 раза в неделю | recurring? | 2023-09-01 2023-09-08 2023-09-15 2023-09-22 +49 | FREQ=WEEKLY;BYDAY=FR
до конца отчётного месяца, ежемесячно | recurring | 2023-09-30 2023-10-31 2023-11-30 2023-12-31 +8 | FREQ=MONTHLY;BYMONTHDAY=-1
не реже 1 раза в 2 месяца | recurring? | 2023-10-31 2023-12-31 2024-02-29 2024-04-30 +2 | FREQ=YEARLY;BYMONTH=2,4,6,8,10,12;BYMONTHDAY=-1
по полугодиям | recurring? | 2023-12-31 2024-05-31 | FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31 + FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31
помесячно | recurring | 2023-09-30 2023-10-31 2023-11-30 2023-12-31 +8 | FREQ=MONTHLY;BYMONTHDAY=-1
4 раза в год | recurring? | 2023-09-30 2023-12-31 2024-03-31 2024-06-30 | FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1
4 раза в год (октябрь, январь, апрель, июль) | recurring? | 2023-10-31 2024-01-31 2024-04-30 2024-07-31 | FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=-1 + FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=-1 + FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=-1 + FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=-1
ежегодно, кроме 2024 года | recurring? | 2024-05-31 | FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31
до 10 раз в год | recurring? | 2024-05-31 | FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31
ежегодно до сентября | recurring? | 2024-08-31 | FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=-1
с 1 по 5 число каждого месяца | recurring | 2023-09-05 2023-10-05 2023-11-05 2023-12-05 +8 | FREQ=MONTHLY;BYMONTHDAY=5
до 5 числа следующего месяца | recurring? | 2023-10-05 2023-11-05 2023-12-05 2024-01-05 +7 | FREQ=MONTHLY;BYMONTHDAY=5
до 5 числа отчетного месяца | recurring | 2023-09-05 2023-10-05 2023-11-05 2023-12-05 +8 | FREQ=MONTHLY;BYMONTHDAY=5
до 5 числа месяца, следующего за отчетным, с ноября по март | recurring? | 2023-11-05 2023-12-05 2024-01-05 2024-02-05 +1 | FREQ=MONTHLY;BYMONTHDAY=5
ежегодно в течение года до 25 мая | recurring | 2024-05-25 | FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=25
ежегодно до 31.11 | none? |  |
2 раза в год по графику | recurring? | 2023-12-31 2024-05-31 | FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31 + FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31
по графику, ежемесячно | recurring? | 2023-09-30 2023-10-31 2023-11-30 2023-12-31 +8 | FREQ=MONTHLY;BYMONTHDAY=-1
ежегодно, в первый понедельник сентября | recurring | 2023-09-04 | FREQ=YEARLY;BYMONTH=9;BYDAY=1MO
ежегодно до последней пятницы апреля | recurring | 2024-04-26 | FREQ=YEARLY;BYMONTH=4;BYDAY=-1FR
ежегодно, последний рабочий день декабря | recurring? | 2023-12-29 | FREQ=YEARLY;BYMONTH=12;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1
ежемесячно, последняя пятница | recurring | 2023-09-29 2023-10-27 2023-11-24 2023-12-29 +8 | FREQ=MONTHLY;BYDAY=-1FR
ежемесячно в последний рабочий день | recurring? | 2023-09-29 2023-10-31 2023-11-30 2023-12-29 +8 | FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1
1 раз в четверть (до 30.10, 30.12, 25.03, 25.05) | recurring | 2023-10-30 2023-12-30 2024-03-25 2024-05-25 | FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=30 + FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=30 + FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=25 + FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=25
раз в четверть, до 25 мая | recurring? | 2024-05-25 | FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=25
каждый октябрь | recurring | 2023-10-31 | FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=-1
по итогам квартала | recurring? | 2023-09-30 2023-12-31 2024-03-31 2024-06-30 | FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1
"""


def table(rows):
    """Rows «phrase | kind, with ? for a doubt | dues | rules joined by +»."""
    cells = [[cell.strip() for cell in row.split("|")] for row in rows.strip().splitlines()]
    return [pytest.param(*row, id=row[0]) for row in cells]


def written(windows):
    """The first four due days, and how many more there are."""
    days = [str(window.end) for window in windows[:4]]
    return " ".join([*days, *([f"+{len(windows) - 4}"] if len(windows) > 4 else [])])


@pytest.mark.parametrize(("phrase", "kind", "days", "rule"), table(PHRASES))
def test_recurring_deadline_has_rule_and_dues(phrase, kind, days, rule):
    deadline = read_deadline(phrase, YEAR)

    assert (deadline.kind + ("?" if deadline.doubt else ""), written(deadline.windows)) == (
        kind,
        days,
    )
    assert (deadline.rule or "").replace("\n", " + ") == rule


@pytest.mark.parametrize(
    "phrase",
    ["Ежегодно до 20 декабря и 25 мая", "ежемесячно", "каждый четверг", "раз в полугодие"],
)
def test_dues_of_a_rule_are_those_inside_the_plan(phrase):
    deadline = read_deadline(phrase, YEAR)

    assert [window.end for window in deadline.windows] == dues(deadline.rule, YEAR.period)
    assert {window.start for window in deadline.windows} == {None}


def test_plan_of_two_years_holds_every_yearly_due():
    deadline = read_deadline("Ежегодно до 20 декабря и 25 мая", TWO_YEARS)

    assert written(deadline.windows) == "2022-12-20 2023-05-25 2023-12-20"
    assert deadline.doubt is None


def test_plan_of_two_years_flags_what_recurs_more_often():
    deadline = read_deadline("ежемесячно", TWO_YEARS)

    assert written(deadline.windows) == "2022-06-30 2022-07-31 2022-08-31 2022-09-30 +15"
    assert deadline.doubt == "План на 2022–2023 годы: взяты все сроки внутри него."
