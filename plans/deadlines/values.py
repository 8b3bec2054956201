"""What a written deadline is read into: windows, a deadline, and the plan it stands in. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from plans.choices import DeadlineKind
from profmin.lib.periods import AcademicYear, Period

TEACHING_ENDS = (5, 31)
"""Month and day on which «в течение учебного года» ends (domain.md); an installation may differ."""

PREPARATION_STARTS = (4, 1)
"""An academic plan's explicit dates begin here: April–August before its September are no slip."""


@dataclass(frozen=True)
class Window:
    """Days in which a thing is to be done; the due day is `end`, `start` may be unknown."""

    start: date | None
    end: date

    def as_json(self) -> dict[str, str | None]:
        return {"start": self.start.isoformat() if self.start else None, "end": str(self.end)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Window":
        start = data["start"]
        return cls(date.fromisoformat(start) if start else None, date.fromisoformat(data["end"]))


@dataclass(frozen=True)
class Deadline:
    """A phrase and how it was read (roadmap-reading.md, «Deadlines»).

    `windows` is ordered by end; `rule` holds RRULE values (RFC 5545) without prefix, one a line,
    for `recurring` only; `doubt` is a Russian sentence for a person, or None.
    """

    text: str
    kind: DeadlineKind
    windows: tuple[Window, ...] = ()
    rule: str | None = None
    inherited: bool = False
    doubt: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The JSON object `deadline` of roadmap-reading.md."""
        return {
            "text": self.text,
            "kind": str(self.kind.value),
            "windows": [window.as_json() for window in self.windows],
            "rule": self.rule,
            "inherited": self.inherited,
            "doubt": self.doubt,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Deadline":
        return cls(
            text=data["text"],
            kind=DeadlineKind(data["kind"]),
            windows=tuple(Window.from_json(window) for window in data["windows"]),
            rule=data["rule"],
            inherited=data["inherited"],
            doubt=data["doubt"],
        )


@dataclass(frozen=True)
class PlanPeriod:
    """The years a plan is written for.

    `PlanPeriod(2023)` is the academic year 2023/24, `PlanPeriod(2024, calendar=True)` the year
    2024, `PlanPeriod(2022, end_year=2023, calendar=True)` the plan «на 2022–2023 годы».
    `end_year` is the calendar year in which the plan ends; `teaching_ends` is (month, day).
    """

    year: int
    end_year: int | None = None
    calendar: bool = False
    teaching_ends: tuple[int, int] = TEACHING_ENDS

    def __post_init__(self) -> None:
        if self.last_year < self.year:
            raise ValueError("a plan must not end before it starts")

    @property
    def last_year(self) -> int:
        if self.end_year is None:
            return self.year if self.calendar else self.year + 1
        return self.end_year

    @property
    def several_years(self) -> bool:
        """Is it longer than one academic or calendar year, so that a bare month is ambiguous?"""
        return self.last_year > (self.year if self.calendar else self.year + 1)

    @property
    def start(self) -> date:
        """1 September; 1 January; for a plan of several calendar years its first summer."""
        if not self.calendar:
            return AcademicYear(self.year).start
        return date(self.year, 6 if self.several_years else 1, 1)

    @property
    def end(self) -> date:
        """31 August of an academic plan, else 31 December."""
        if not self.calendar:
            return AcademicYear(self.last_year - 1).end
        return date(self.last_year, 12, 31)

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)

    @property
    def reach(self) -> Period:
        """The days an explicit date may fall on without a doubt."""
        start = self.start if self.calendar else date(self.year, *PREPARATION_STARTS)
        return Period(start, self.end)

    def school_year(self, first: int) -> Window:
        """Teaching in the academic year that starts in `first`."""
        month, day = self.teaching_ends
        return Window(date(first, 9, 1), date(first + 1, month, day))

    @property
    def whole(self) -> Window:
        """What «в течение (учебного) года» means in this plan."""
        if self.calendar and not self.several_years:
            return Window(self.start, self.end)
        return self.school_year(self.year)

    @property
    def whole_start(self) -> date:
        return self.whole.start or self.start

    def __str__(self) -> str:
        if self.calendar:
            return f"{self.year}–{self.last_year}" if self.several_years else str(self.year)
        return f"{self.year}/{self.last_year % 100:02d}"
