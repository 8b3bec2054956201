"""Roll-ups of execution: by section, by unit, by kind of unit. Nothing is stored here.

N = bound less not applicable; done + late + in progress (with returned) + not started = N.
"""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

from plans.choices import DueState
from plans.models import Assignment
from profmin.lib import paths


@dataclass(frozen=True)
class Totals:
    """Counts of assignments; `done` holds the confirmed ones too."""

    done: int = 0
    late: int = 0
    in_progress: int = 0
    not_started: int = 0
    not_applicable: int = 0
    returned: int = 0  # how many of `in_progress`
    confirmed: int = 0  # how many of `done`

    @property
    def bound(self) -> int:
        """N: whom the plan binds, less those it does not concern."""
        return self.done + self.late + self.in_progress + self.not_started

    @property
    def percent_done(self) -> int | None:
        """Done of N in whole percent, rounded down so that 100 means all; None without any."""
        return self.done * 100 // self.bound if self.bound else None

    @property
    def by_state(self) -> dict[str, int]:
        """What makes up N, in the order of a bar: code of state → how many."""
        return {
            "done": self.done,
            "in_progress": self.in_progress - self.returned,
            "returned": self.returned,
            "late": self.late,
            "not_started": self.not_started,
        }

    @property
    def unconfirmed(self) -> int:
        return self.done - self.confirmed

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            **{
                field.name: getattr(self, field.name) + getattr(other, field.name)
                for field in fields(self)
            }
        )


def _counts(today: date) -> dict[str, Count]:
    late = Q(open_due_on__lt=today)
    on_time = Q(open_due_on=None) | Q(open_due_on__gte=today)
    working = Q(state__in=[DueState.IN_PROGRESS, DueState.RETURNED])
    return {
        "n_done": Count("pk", filter=Q(state=DueState.DONE)),
        "n_late": Count("pk", filter=late),
        "n_in_progress": Count("pk", filter=on_time & working),
        "n_not_started": Count("pk", filter=on_time & Q(state=DueState.NOT_STARTED)),
        "n_not_applicable": Count("pk", filter=Q(state=DueState.NOT_APPLICABLE)),
        "n_returned": Count("pk", filter=on_time & Q(state=DueState.RETURNED)),
        "n_confirmed": Count("pk", filter=Q(state=DueState.DONE, is_confirmed=True)),
    }


def _totals(row: dict[str, Any]) -> Totals:
    return Totals(**{field.name: row[f"n_{field.name}"] for field in fields(Totals)})


def totals(assignments: QuerySet[Assignment], *, today: date) -> Totals:
    """All of these assignments together, as they stand on `today`."""
    return _totals(assignments.aggregate(**_counts(today)))


def totals_by(assignments: QuerySet[Assignment], field: str, *, today: date) -> dict[Any, Totals]:
    """Totals by the value of `field` (a name from our own code): "item_id", "unit__kind", …"""
    rows = assignments.order_by().values(field).annotate(**_counts(today))
    return {row[field]: _totals(row) for row in rows}


def totals_by_child(
    assignments: QuerySet[Assignment], path: str, *, today: date
) -> dict[str, Totals]:
    """Totals of each subtree one step below `path`; the unit at `path` itself under its path."""
    length = len(path) + paths.STEP
    rows = (
        assignments.filter(paths.under("path", path))
        .order_by()
        .annotate(child=Substr("path", 1, length))
        .values("child")
        .annotate(**_counts(today))
    )
    return {row["child"]: _totals(dict(row)) for row in rows}
