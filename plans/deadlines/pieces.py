"""What is said in one breath: dates, how often, marks, unread words. Pure values."""

from dataclasses import dataclass
from typing import Literal

from plans.deadlines.spans import Edge, Stretch

Manner = Literal["until", "inclusive", "latest", "dates", "during", "onto", "open", "not_before"]
Unit = Literal["day", "week", "decade", "month", "quarter", "half", "term", "year"]


@dataclass(frozen=True)
class Dates:
    """Stretches said in one manner: «до …», «с … по …», «в течение …»; `towards` is «к …»."""

    manner: Manner
    stretches: tuple[Stretch, ...]
    inclusive: bool = False
    towards: bool = False


@dataclass(frozen=True)
class Regular:
    """How often: `times` in each `step` units; `edge` and `weekdays` say when in the unit.

    `number` is which of the weekdays in a month (−1: the last).
    """

    unit: Unit
    times: int = 1
    step: int = 1
    edge: Edge | None = None
    weekdays: tuple[int, ...] = ()
    number: int | None = None
    workday: bool = False


@dataclass(frozen=True)
class MonthDays:
    """Days named by number only; `unit` is what they repeat in, if it was said.

    `quarter_month` is the month of a quarter that they belong to (1 or 3); `until` stands for
    «до 15 числа».
    """

    days: tuple[int, ...]
    unit: Unit | None = None
    next_month: bool = False
    quarter_month: int | None = None
    until: bool = False


@dataclass(frozen=True)
class Weekdays:
    """Days of the week with nothing else: they may explain a date."""

    days: tuple[int, ...]


@dataclass(frozen=True)
class PartOfSome:
    """«до конца месяца»: of which is not said."""

    edge: Edge
    unit: Unit | None


@dataclass(frozen=True)
class Bare:
    """«до 10»: a number that may be a day of the month."""

    number: int


@dataclass(frozen=True)
class Mark:
    """A word outside the grammar that the lexicon knows: постоянно, по графику, далее …"""

    name: str


@dataclass(frozen=True)
class Unread:
    """Words that were not understood, as written."""

    text: str


Piece = Dates | Regular | MonthDays | Weekdays | PartOfSome | Bare | Mark | Unread
