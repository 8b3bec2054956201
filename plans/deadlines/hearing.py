"""The pieces of a phrase, sorted by what they are about. Pure."""

from dataclasses import dataclass, field, replace
from typing import Final

from plans.deadlines.grammar import pieces
from plans.deadlines.pieces import (
    Bare,
    Dates,
    Mark,
    MonthDays,
    PartOfSome,
    Piece,
    Regular,
    Unread,
    Weekdays,
)
from plans.deadlines.spans import TERM, Stretch, YearSpan
from plans.deadlines.words import Phrase

_CHOICES: Final = ("OR", "SLASH")
_OWNED: Final = ("EXTERNAL", "STRETCH", "BARE_STRETCH", "HOLIDAYS", "TERM")


@dataclass
class Heard:
    """The pieces of a phrase by what they are."""

    dates: list[Dates] = field(default_factory=list)
    without: list[Dates] = field(default_factory=list)
    regulars: list[Regular] = field(default_factory=list)
    month_days: list[MonthDays] = field(default_factory=list)
    weekdays: list[int] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)
    bare: int | None = None
    part_of_some: PartOfSome | None = None
    tail: int = 0
    counted: bool = False

    @property
    def owned(self) -> bool:
        """Does somebody else set the day (a schedule, an event)?"""
        return not self.marks.isdisjoint(_OWNED)


def heard_in(phrase: Phrase) -> Heard:
    """Sort the pieces of a phrase; what belongs to a schedule or an event is passed over."""
    heard = Heard()
    previous: Piece | None = None
    after = ""
    for piece, words in pieces(phrase):
        if not (heard.owned and _belongs_to_owner(heard, piece, after)):
            _hear(heard, piece, previous)
            heard.marks.update(word.type for word in words if word.type in _CHOICES)
        previous, after = piece, words[-1].type
    return heard


def _belongs_to_owner(heard: Heard, piece: Piece, after: str) -> bool:
    """«по графику АмИРО на 2023/24 учебный год»: words of the schedule, not of the deadline."""
    if isinstance(piece, Unread):
        heard.tail += 1
        return True
    if isinstance(piece, Weekdays | Bare | PartOfSome):
        return True
    if isinstance(piece, Mark):
        return piece.name in {*_OWNED, *_CHOICES}
    if not isinstance(piece, Dates):
        return False
    if after == "SINCE":
        heard.tail += 1
        return True
    if "STRETCH" in heard.marks or piece.manner == "not_before":
        heard.tail += 1
        heard.counted = True
        return True
    return piece.manner in ("dates", "onto") and all(
        isinstance(stretch.start, YearSpan) for stretch in piece.stretches
    )


def _is_term(stretch: Stretch) -> bool:
    return TERM in (stretch.start.said, stretch.end.said)


def _hear(heard: Heard, piece: Piece, previous: Piece | None) -> None:
    if isinstance(piece, Dates):
        excepted = isinstance(previous, Mark) and previous.name == "EXCEPT"
        _hear_dates(heard, piece, excepted=excepted)
    elif isinstance(piece, Regular | MonthDays | Weekdays):
        _hear_regular(heard, piece)
    elif isinstance(piece, Mark):
        heard.marks.add(piece.name)
    elif isinstance(piece, Unread):
        heard.unread.append(piece.text)
    elif isinstance(piece, Bare):
        heard.bare = piece.number
    else:
        heard.part_of_some = piece


def _hear_dates(heard: Heard, piece: Dates, *, excepted: bool) -> None:
    calendar = tuple(stretch for stretch in piece.stretches if not _is_term(stretch))
    if len(calendar) < len(piece.stretches):
        heard.marks.add("TERM")
    if calendar:
        dates = replace(piece, stretches=calendar)
        (heard.without if excepted else heard.dates).append(dates)


def _hear_regular(heard: Heard, piece: Regular | MonthDays | Weekdays) -> None:
    if isinstance(piece, Regular):
        heard.regulars.append(piece)
    elif isinstance(piece, MonthDays):
        heard.month_days.append(piece)
    else:
        heard.weekdays.extend(piece.days)
