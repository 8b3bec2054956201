"""What an assignment stores of its dues equals a recount, and N adds up, after any deeds."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plans.choices import OPEN_STATES, WORST_FIRST, DueState, PartyKind
from plans.models import Assignment, Due, Proof
from plans.services.execution import (
    add_link,
    confirm_due,
    mark_done,
    mark_not_applicable,
    return_due,
    save_progress,
    take_back,
)
from plans.services.standing import refresh_standing
from plans.summaries import Totals, totals, totals_by, totals_by_child
from profmin.journal.services import SYSTEM
from profmin.lib.errors import RuleBroken
from tests.factories.cast import NOW, Cast
from tests.factories.plans import planned, publish_roadmap

DAY = date(2026, 11, 1)

DEEDS = {
    "save": lambda due: save_progress(due=due, version=due.version, comment="", by=SYSTEM, now=NOW),
    "done": lambda due: mark_done(
        due=due, version=due.version, done_on=DAY, comment="", by=SYSTEM, now=NOW, today=DAY
    ),
    "refuse": lambda due: mark_not_applicable(
        due=due, version=due.version, reason="нет", by=SYSTEM, now=NOW
    ),
    "take_back": lambda due: take_back(due=due, version=due.version, by=SYSTEM, now=NOW),
    "confirm": lambda due: confirm_due(due=due, version=due.version, by=SYSTEM, now=NOW),
    "return": lambda due: return_due(
        due=due, version=due.version, reason="нет", by=SYSTEM, now=NOW
    ),
    "link": lambda due: add_link(due=due, link="https://a.test/", by=SYSTEM, now=NOW),
}


@pytest.fixture
def plan(cast: Cast):
    """Items with two dues, one due and none."""
    return publish_roadmap(
        cast.home.region,
        [
            planned(
                "1",
                PartyKind.SCHOOL,
                PartyKind.MUNICIPALITY,
                due=[DAY - timedelta(days=3), DAY + timedelta(days=3)],
            ),
            planned("2", PartyKind.REGION, PartyKind.OPERATOR, due=DAY),
            planned("3", PartyKind.SCHOOL),
        ],
        year=2026,
    )


def recount(assignment: Assignment) -> tuple[str, date | None, bool]:
    """The plain reading of domain.md, without SQL."""
    dues = list(Due.objects.filter(assignment=assignment))
    state = next(state for state in WORST_FIRST if any(due.state == state for due in dues))
    days = [due.due_on for due in dues if due.state in OPEN_STATES and due.due_on]
    done = [due for due in dues if due.state == DueState.DONE]
    confirmed = state == DueState.DONE and all(due.confirmed_at for due in done)
    return state, min(days, default=None), confirmed


def brute_totals(assignments: list[Assignment], today: date) -> Totals:
    found: dict[str, int] = dict.fromkeys(vars(Totals()), 0)
    for assignment in assignments:
        state, open_due_on, confirmed = recount(assignment)
        if open_due_on and open_due_on < today:
            found["late"] += 1
        elif state == DueState.RETURNED:
            found["in_progress"] += 1
            found["returned"] += 1
        else:
            found[state] += 1
            found["confirmed"] += confirmed
    return Totals(**found)


@given(deeds=st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), st.integers(0, 19)), max_size=12))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_totals_and_standing_equal_a_recount_after_any_deeds(plan, deeds) -> None:
    _reset()
    keys = list(Due.objects.order_by("pk").values_list("pk", flat=True))
    for name, place in deeds:
        due = Due.objects.select_related("assignment__item").get(pk=keys[place % len(keys)])
        try:
            DEEDS[name](due)
        except RuleBroken:
            continue

    assignments = list(Assignment.objects.select_related("unit"))
    stored = [(row.state, row.open_due_on, row.is_confirmed) for row in assignments]
    assert stored == [recount(row) for row in assignments]

    counted = totals(Assignment.objects.all(), today=DAY)
    assert counted == brute_totals(assignments, DAY)
    assert counted.bound == len(assignments) - counted.not_applicable
    assert sum(counted.by_state.values()) == counted.bound
    assert sum(totals_by(Assignment.objects.all(), "item_id", today=DAY).values(), Totals()) == (
        counted
    )
    root = plan.path
    assert sum(totals_by_child(Assignment.objects.all(), root, today=DAY).values(), Totals()) == (
        counted
    )


def _reset() -> None:
    """Every example begins with nothing done."""
    Proof.objects.all().delete()
    Due.objects.update(
        state=DueState.NOT_STARTED, done_on=None, reason="", comment="", confirmed_at=None
    )
    refresh_standing(Assignment.objects.values("pk"))


def test_undated_due_is_never_late(plan) -> None:
    undated = Assignment.objects.filter(item__number="3")

    assert undated.overdue(date(2999, 1, 1)).count() == 0


def test_due_day_itself_is_not_late(plan) -> None:
    own = Assignment.objects.filter(item__number="2")

    assert (own.overdue(DAY).count(), own.overdue(DAY + timedelta(days=1)).count()) == (0, 2)


def test_standing_says_late_before_every_other(plan) -> None:
    rows = Assignment.objects.filter(item__number="1").with_standing(DAY)

    assert set(rows.values_list("standing", flat=True)) == {"late"}


def test_totals_stand_in_the_order_of_a_bar() -> None:
    """The same on every page: done, what goes on, what is late, what has not begun."""
    assert list(Totals().by_state) == ["done", "in_progress", "returned", "late", "not_started"]
