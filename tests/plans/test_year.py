"""The months of a roadmap's year: what runs in them, what falls due, how it stands."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from plans.summaries.year import YearBlock, YearRow, months_of
from profmin.lib.periods import Period

YEAR = Period(date(2026, 9, 1), date(2027, 8, 31))


def line(windows: list[tuple[date, date]], marks: list[tuple[date, str]], state: str) -> Any:
    row: Any = SimpleNamespace(spans=[(None, day) for day, _ in marks])
    return YearRow(row, windows, marks, state)


def months(*lines: Any) -> dict[int, list[tuple[int, list[str], str]]]:
    """Month → (bars, states of its dues, how it is drawn) of each line."""
    block: Any = SimpleNamespace(section=None)
    return {
        month.period.start.month: [
            (len(row.windows), [state for _, state in row.marks], row.state) for row in month.rows
        ]
        for month in months_of(YEAR, [YearBlock(block, list(lines))])
    }


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(
            line([], [(date(2026, 10, 31), "late")], "late"),
            {10: [(0, ["late"], "late")]},
            id="tick",
        ),
        pytest.param(
            line([(date(2026, 9, 30), date(2026, 11, 1))], [(date(2026, 11, 1), "late")], "late"),
            {9: [(1, [], "late")], 10: [(1, [], "late")], 11: [(1, ["late"], "late")]},
            id="bar over three months",
        ),
        pytest.param(
            line([], [(date(2026, 9, 1), "done"), (date(2026, 12, 31), "late")], "late"),
            {9: [(0, ["done"], "done")], 12: [(0, ["late"], "late")]},
            id="a month that is done is not hatched by another",
        ),
        pytest.param(
            line([], [(date(2026, 9, 1), "waiting"), (date(2026, 9, 30), "waiting")], "waiting"),
            {9: [(0, ["waiting", "waiting"], "waiting")]},
            id="two in one month",
        ),
        pytest.param(line([], [(date(2029, 1, 1), "waiting")], "waiting"), {}, id="outside"),
    ],
)
def test_months_hold_what_runs_and_falls_due(given: Any, expected: dict[int, Any]) -> None:
    assert months(given) == expected


def test_late_items_of_a_month_are_counted_once() -> None:
    marks = [(date(2026, 10, 1), "late"), (date(2026, 10, 20), "late")]
    block: Any = SimpleNamespace(section=None)

    (october,) = months_of(YEAR, [YearBlock(block, [line([], marks, "late")])])

    assert october.late == 1
