"""The year of a roadmap: windows as bars, due days as marks with the state they are in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from plans.choices import OPEN_STATES, DueState
from plans.models import Due, Roadmap
from plans.summaries.tree import Block, Row
from profmin.lib.periods import AcademicYear, Period
from profmin.lib.wording import NBSP

Mark = tuple[date, str]
_FARTHEST = 5  # years from that of the roadmap


@dataclass(frozen=True)
class YearRow:
    """One line of the picture. `state` hatches the bars of what is late."""

    row: Row
    windows: list[tuple[date, date]]
    marks: list[Mark]
    state: str


@dataclass(frozen=True)
class YearBlock:
    block: Block
    rows: list[YearRow]


def span_of(roadmap: Roadmap, blocks: Iterable[Block]) -> Period:
    """September–August, stretched to whole months where the plan has dates outside.

    A slip of the pen («2206») does not stretch it: so far away nothing is drawn.
    """
    year = AcademicYear(roadmap.year)
    days = [
        day
        for block in blocks
        for row in block.items
        for span in row.spans
        for day in (span[0] or span[1], span[1])
    ]
    near = [day for day in days if abs(day.year - roadmap.year) <= _FARTHEST]
    first, last = min([year.start, *near]), max([year.end, *near])
    next_month = (last.replace(day=1) + timedelta(days=32)).replace(day=1)
    return Period(first.replace(day=1), next_month - timedelta(days=1))


def marks_of(dues: QuerySet[Due], *, today: date) -> dict[int, list[Mark]]:
    """Due days by item with the state of all dues of that day together."""
    rows = (
        dues.exclude(due_on=None)
        .order_by()
        .values("assignment__item_id", "due_on")
        .annotate(
            n_open=Count("pk", filter=Q(state__in=OPEN_STATES)),
            n_done=Count("pk", filter=Q(state=DueState.DONE)),
        )
        .order_by("assignment__item_id", "due_on")
    )
    marks: dict[int, list[Mark]] = {}
    for row in rows:
        due_on: Any = row["due_on"]
        state = _state(due_on, row["n_open"], row["n_done"], today)
        marks.setdefault(row["assignment__item_id"], []).append((due_on, state))
    return marks


def _state(due_on: date, n_open: int, n_done: int, today: date) -> str:
    if n_open:
        return "late" if due_on < today else "waiting"
    return "done" if n_done else "not_applicable"


def year_blocks(blocks: Iterable[Block], marks: dict[int, list[Mark]]) -> list[YearBlock]:
    """The lines of the picture, section by section."""
    return [
        YearBlock(block, [_year_row(row, marks.get(row.item.pk, [])) for row in block.rows])
        for block in blocks
    ]


@dataclass(frozen=True)
class MonthRow:
    """An item in one month. `marks`: the dues of the month; `state`: how what runs in the month
    stands, so late bars are hatched in their own months only."""

    row: Row
    windows: list[tuple[date, date]]
    marks: list[Mark]
    state: str


@dataclass(frozen=True)
class YearMonth:
    """A month with what runs or falls due in it."""

    period: Period
    rows: list[MonthRow]

    @property
    def late(self) -> int:
        """How many items have a late due in the month."""
        return sum(any(state == "late" for _, state in row.marks) for row in self.rows)

    @property
    def late_words(self) -> str:
        return f"просрочено{NBSP}{self.late}"


def months_of(span: Period, blocks: Iterable[YearBlock]) -> list[YearMonth]:
    """The year for a narrow screen: its months with their own pictures, empty ones left out."""
    lines = [line for block in blocks for line in block.rows if line.row.spans]
    months = []
    first = span.start
    while first <= span.end:
        following = (first + timedelta(days=32)).replace(day=1)
        period = Period(first, following - timedelta(days=1))
        rows = [row for line in lines if (row := _month_row(line, period))]
        if rows:
            months.append(YearMonth(period, rows))
        first = following
    return months


def dateless_of(blocks: Iterable[YearBlock]) -> list[Row]:
    """Items that no month can hold."""
    lines = [line for block in blocks for line in block.rows]
    return [line.row for line in lines if not line.row.spans and not line.row.item.is_group]


def _month_row(line: YearRow, period: Period) -> MonthRow | None:
    windows = [one for one in line.windows if one[0] <= period.end and one[1] >= period.start]
    marks = [mark for mark in line.marks if mark[0] in period]
    if not windows and not marks:
        return None
    ends = {end for _, end in windows}
    running = [state for day, state in line.marks if day in ends] or [line.state]
    states = {state for _, state in marks} or set(running)
    state = "late" if "late" in states else "done" if states == {"done"} else "waiting"
    return MonthRow(line.row, windows, marks, state)


def _year_row(row: Row, marks: list[Mark]) -> YearRow:
    windows = [(start, end) for start, end in row.spans if start is not None]
    shown = marks or [(end, "not_started") for _, end in row.spans]
    states = {state for _, state in shown}
    state = "late" if "late" in states else "done" if states == {"done"} else "waiting"
    return YearRow(row, windows, shown, state)
