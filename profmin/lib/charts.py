"""Geometry of the small pictures in lists: stacked bar, share, timeline of a span of days.

Lengths are per cent of the width, written with a decimal point as SVG wants them. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from profmin.lib.wording import MONTHS_SHORT


@dataclass(frozen=True)
class Piece:
    """A stretch of a bar: where it begins and how wide it is, in per cent of the whole."""

    x: str
    width: str


@dataclass(frozen=True)
class Month:
    """A month on a timeline: where it begins, where its middle is, «сен»."""

    x: str
    middle: str
    title: str


def per_cent(share: float) -> str:
    """A share 0…1 as an SVG length; what lies outside is drawn at the edge."""
    return f"{min(max(share, 0.0), 1.0) * 100:.3f}".rstrip("0").rstrip(".") + "%"


def stacked(values: Iterable[int], total: int) -> list[Piece]:
    """One piece a value, each after the one before; none where the total is nought."""
    if total <= 0:
        return []
    pieces, before = [], 0
    for value in values:
        pieces.append(Piece(x=per_cent(before / total), width=per_cent(value / total)))
        before += value
    return pieces


def day_share(day: date, start: date, end: date) -> float:
    """Where a day begins on a span which holds both its ends: 0 for the first day."""
    return (day - start).days / ((end - start).days + 1)


def stretch(window: tuple[date, date], start: date, end: date) -> Piece | None:
    """The part of a window of days that lies within the span; none where it lies outside."""
    first, last = max(window[0], start), min(window[1], end)
    if last < first:
        return None
    width = ((last - first).days + 1) / ((end - start).days + 1)
    return Piece(x=per_cent(day_share(first, start, end)), width=per_cent(width))


def middle_of_day(day: date, start: date, end: date) -> str:
    """Where the middle of a day is drawn."""
    return per_cent(day_share(day, start, end) + 0.5 / ((end - start).days + 1))


def months(start: date, end: date) -> list[Month]:
    """The months of a span in order; the first and the last may be cut."""
    found, first = [], start
    while first <= end:
        next_first = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        last = min(next_first - timedelta(days=1), end)
        after = day_share(last + timedelta(days=1), start, end)
        middle = (day_share(first, start, end) + after) / 2
        title = MONTHS_SHORT[first.month - 1]
        found.append(
            Month(x=per_cent(day_share(first, start, end)), middle=per_cent(middle), title=title)
        )
        first = next_first
    return found
