"""Moments and chances of the demo's past; the same seed gives the same ones."""

from datetime import date, datetime, time
from random import Random

from django.utils import timezone

_OPENS, _CLOSES = 8, 17


def chance(seed: str) -> Random:
    """Chances that are equal at every loading."""
    return Random(seed)  # noqa: S311 - decides what is shown, guards nothing


def moment(day: date, rng: Random) -> datetime:
    """A moment of the day's working hours."""
    return at(day, rng.randint(_OPENS, _CLOSES - 1), rng.randint(0, 59))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))
