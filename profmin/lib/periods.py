"""Spans of days in which plans run: the academic year and the plan's period. Pure."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, order=True)
class AcademicYear:
    """1 September – 31 August, named by its first calendar year (2026 is 2026/27)."""

    first: int

    @property
    def start(self) -> date:
        return date(self.first, 9, 1)

    @property
    def end(self) -> date:
        return date(self.first + 1, 8, 31)

    @classmethod
    def of(cls, day: date) -> "AcademicYear":
        """The academic year that holds `day`."""
        return cls(day.year if day.month >= 9 else day.year - 1)

    def __str__(self) -> str:
        return f"{self.first}/{(self.first + 1) % 100:02d}"


@dataclass(frozen=True)
class Period:
    """A closed span of days, both ends included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("a period must not end before it starts")

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day <= self.end
