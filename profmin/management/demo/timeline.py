"""What happened in the demo, in the order of its moments, so that the journal reads as lived."""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count


@dataclass(frozen=True)
class Event:
    """Something that happens at a moment; `act` answers what follows from it, later."""

    at: datetime
    act: Callable[[datetime], Iterable["Event"]]


def live_through(events: Iterable[Event], *, note: Callable[[str], None]) -> int:
    """Lets everything happen; tells each new month. Answers how many events there were."""
    numbers = count()
    waiting = [(event.at, next(numbers), event) for event in events]
    heapq.heapify(waiting)
    month: date | None = None
    happened = 0
    while waiting:
        at, _, event = heapq.heappop(waiting)
        if (first := at.date().replace(day=1)) != month:
            month = first
            note(f"Дорожные карты и отчёты: {month:%m.%Y}")
        for following in event.act(at):
            heapq.heappush(waiting, (following.at, next(numbers), following))
        happened += 1
    return happened
