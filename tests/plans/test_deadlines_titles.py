"""The years of a plan, by its title or by the dates in its table."""

from datetime import date

import pytest

from plans.deadlines import PlanPeriod, earliest_full_date, plan_period_from_title
from profmin.lib.periods import Period

YEAR = PlanPeriod(2023)
CALENDAR = PlanPeriod(2024, calendar=True)
TWO_YEARS = PlanPeriod(2022, 2023, calendar=True)


@pytest.mark.parametrize(
    ("plan", "period", "name"),
    [
        pytest.param(YEAR, Period(date(2023, 9, 1), date(2024, 8, 31)), "2023/24", id="academic"),
        pytest.param(CALENDAR, Period(date(2024, 1, 1), date(2024, 12, 31)), "2024", id="calendar"),
        pytest.param(
            TWO_YEARS, Period(date(2022, 6, 1), date(2023, 12, 31)), "2022–2023", id="two years"
        ),
        pytest.param(
            PlanPeriod(2023, 2026),
            Period(date(2023, 9, 1), date(2026, 8, 31)),
            "2023/26",
            id="three academic years",
        ),
    ],
)
def test_plan_period_knows_its_days_and_name(plan, period, name):
    assert (plan.period, str(plan)) == (period, name)


def test_plan_period_refuses_to_end_before_it_starts():
    with pytest.raises(ValueError, match="before it starts"):
        PlanPeriod(2023, 2022)


@pytest.mark.parametrize(
    ("title", "plan"),
    [
        pytest.param("на 2023-2024 учебный год", YEAR, id="two years of four digits"),
        pytest.param("в 2023/2024 учебном году", YEAR, id="with a slash"),
        pytest.param("по реализации профминимума в 2023/2024 году", YEAR, id="not called academic"),
        pytest.param("обучающихся на 2023/24 год", YEAR, id="the second year in two digits"),
        pytest.param("на 2023–2024 уч. г.", YEAR, id="abbreviated"),
        pytest.param("план на учебный год (2023-2024)", YEAR, id="in brackets"),
        pytest.param("2026/27 уч. г.", PlanPeriod(2026), id="another year"),
        pytest.param("на 2022-2023 годы", TWO_YEARS, id="two calendar years"),
        pytest.param("на 2022 – 2023 гг.", TWO_YEARS, id="two calendar years, abbreviated"),
        pytest.param("на 2024 год", CALENDAR, id="a calendar year"),
        pytest.param("План мероприятий 2024 года", CALENDAR, id="a calendar year after a noun"),
        pytest.param("на 2024 учебный год", PlanPeriod(2024), id="one year called academic"),
        pytest.param("на 2023-2026 учебные годы", PlanPeriod(2023, 2026), id="academic years"),
        pytest.param("приказ от 18.08.2023 о плане на 2024 год", CALENDAR, id="beside a date"),
        pytest.param("приказ от 18 августа 2023 г.", None, id="only the date of an order"),
        pytest.param("на период до 2030 года", None, id="a national programme"),
        pytest.param("в 2023 году и в 2024 году", None, id="two years that contradict"),
        pytest.param("кабинеты 2024-2010", None, id="backwards"),
        pytest.param("План мероприятий", None, id="no year"),
    ],
)
def test_plan_period_from_title_finds_the_years(title, plan):
    assert plan_period_from_title(title) == plan


@pytest.mark.parametrize(
    ("texts", "day"),
    [
        pytest.param(["до 15.09 2023", "до 01.06.2023"], date(2023, 6, 1), id="the earliest"),
        pytest.param(["«5» июля 2023 г."], date(2023, 7, 5), id="in words"),
        pytest.param(["2023-09-15"], date(2023, 9, 15), id="ISO"),
        pytest.param(["31.11.2022, 29.02.2023, 01.10.2023"], date(2023, 10, 1), id="impossible"),
        pytest.param(["сентябрь 2023", "до 25 мая"], None, id="none is full"),
        pytest.param([], None, id="nothing"),
    ],
)
def test_earliest_full_date_passes_over_what_is_no_date(texts, day):
    assert earliest_full_date(texts) == day
