"""Laws of reading deadlines: whatever is written, the answer keeps the contract."""

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from plans.choices import DeadlineKind
from plans.deadlines import Deadline, PlanPeriod, Window, read_deadline

YEAR = PlanPeriod(2023)
CALENDAR = PlanPeriod(2024, calendar=True)
TWO_YEARS = PlanPeriod(2022, 2023, calendar=True)

VOCABULARY = (
    "до к по с в на от не позднее ранее после сентября сентябрь май мая июль года г. 2023 2024 "
    "2023/2024 2023-2024 15 1 31 31.11 15.09.2023 01.10 учебного уч.г. течение весь период "
    "ежегодно ежемесячно ежеквартально каждый четверг раз квартал полугодие IV II числа месяца "
    "следующего за отчётным далее постоянно кроме графику согласно конца начала последняя "
    "неделя декада половина первая и , - / ( ) или включительно каникулы четверть класс"
)
WORDS = st.sampled_from(VOCABULARY.split())
PHRASE = st.one_of(st.text(), st.lists(WORDS, max_size=9).map(" ".join))
PLANS = st.sampled_from([YEAR, CALENDAR, TWO_YEARS])
WITHOUT_WINDOWS = {DeadlineKind.NONE, DeadlineKind.EXTERNAL, DeadlineKind.CONTINUOUS}


@given(PHRASE, PLANS)
def test_read_deadline_answers_any_text_by_the_contract(phrase, plan):
    deadline = read_deadline(phrase, plan)
    ends = [window.end for window in deadline.windows]

    assert deadline.text == phrase
    assert ends == sorted(ends)
    assert (deadline.rule is not None) is (deadline.kind == DeadlineKind.RECURRING)
    assert not (deadline.kind in WITHOUT_WINDOWS and ends)
    assert ends or deadline.kind in WITHOUT_WINDOWS or deadline.doubt
    assert deadline.kind != DeadlineKind.NONE or deadline.doubt or not phrase.strip()
    assert all(window.start is None or window.start <= window.end for window in deadline.windows)


@given(PHRASE, PLANS)
def test_deadline_survives_json(phrase, plan):
    deadline = read_deadline(phrase, plan)

    assert Deadline.from_json(json.loads(json.dumps(deadline.as_json()))) == deadline


@given(st.dates(date(2023, 4, 1), date(2024, 8, 31)))
def test_full_date_inside_the_plan_is_read_without_a_doubt(day):
    assert read_deadline(f"До {day:%d.%m.%Y}", YEAR) == Deadline(
        f"До {day:%d.%m.%Y}", DeadlineKind.BY_DATE, (Window(None, day),)
    )


@given(st.dates(date(2000, 1, 1), date(2023, 3, 31)) | st.dates(date(2024, 9, 1), date(2099, 1, 1)))
def test_full_date_outside_the_plan_is_kept_and_flagged(day):
    deadline = read_deadline(f"до {day:%d.%m.%Y}", YEAR)

    assert deadline.windows == (Window(None, day),)
    assert deadline.doubt == f"Срок выходит за период плана (2023/24): {day:%d.%m.%Y}."


def test_as_json_is_the_object_of_the_contract():
    deadline = read_deadline("Ежегодно до 20 декабря и 25 мая", YEAR)

    assert deadline.as_json() == {
        "text": "Ежегодно до 20 декабря и 25 мая",
        "kind": "recurring",
        "windows": [{"start": None, "end": "2023-12-20"}, {"start": None, "end": "2024-05-25"}],
        "rule": "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=20\nFREQ=YEARLY;BYMONTH=5;BYMONTHDAY=25",
        "inherited": False,
        "doubt": None,
    }
