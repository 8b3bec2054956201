"""Units as they were called and where they stood on a day: plans that are over keep their names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from plans.models import Assignment
from plans.summaries.totals import Totals, totals_by_child
from profmin.lib import paths
from schools.choices import UnitKind
from schools.models import UnitPlace

# Above its neighbours stands who leads them: the unit itself, then territories, municipalities…
_ORDER = [
    UnitKind.REGION,
    UnitKind.TERRITORY,
    UnitKind.MUNICIPALITY,
    UnitKind.SCHOOL,
    UnitKind.BRANCH,
    UnitKind.OPERATOR,
    UnitKind.AUTHORITY,
    UnitKind.PARTNER,
]


@dataclass(frozen=True)
class Place:
    """A unit on a day."""

    unit_id: int
    name: str
    kind: str
    path: str


@dataclass(frozen=True)
class Child:
    """A subtree one step below, with its totals. `is_self`: the unit above alone."""

    place: Place
    totals: Totals
    is_self: bool = False

    @property
    def has_below(self) -> bool:
        """Whether a list of its own units makes sense."""
        return not self.is_self and self.place.kind in (
            UnitKind.TERRITORY,
            UnitKind.MUNICIPALITY,
            UnitKind.SCHOOL,
        )


def places_on(unit_ids: Iterable[int], day: date) -> dict[int, Place]:
    """The units' places on a day by key: one query."""
    rows = (
        UnitPlace.objects.on(day)
        .filter(unit_id__in=set(unit_ids))
        .values_list("unit_id", "name", "unit__kind", "path")
    )
    return {row[0]: Place(*row) for row in rows}


def name_on(day: date, unit: str = "unit_id") -> Subquery:
    """The name of that day of the unit whose key is in the column `unit`."""
    places = UnitPlace.objects.on(day).filter(unit_id=OuterRef(unit))
    return Subquery(places.values("name")[:1])


def children(
    assignments: QuerySet[Assignment], tops: Iterable[str], *, today: date, seen_on: date
) -> list[Child]:
    """Totals of the subtrees below one unit, named as on `seen_on`: late first, then by name.

    `tops`: every path at which that unit stood; what stands in the same subtree is added up.
    """
    found: dict[tuple[int, bool], Totals] = {}
    for top in tops:
        for child, counted in totals_by_child(assignments, top, today=today).items():
            key = paths.node(child), child == top
            found[key] = found.get(key, Totals()) + counted
    places = places_on([unit_id for unit_id, _ in found], seen_on)
    rows = [
        Child(places[unit_id], counted, is_self=is_self)
        for (unit_id, is_self), counted in found.items()
        if unit_id in places
    ]
    return sorted(rows, key=lambda row: (not row.is_self, -row.totals.late, *_rank(row)))


def _rank(row: Child) -> tuple[int, str]:
    kind = UnitKind(row.place.kind)
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER), row.place.name


def sorted_children(rows: list[Child], order: str) -> list[Child]:
    """By "name", "done" (share of N) or "late", a minus turns it; else as they come."""
    keys = {
        "name": lambda row: row.place.name,
        "done": lambda row: -1 if row.totals.percent_done is None else row.totals.percent_done,
        "late": lambda row: row.totals.late,
        "bound": lambda row: row.totals.bound,
    }
    key = keys.get(order.lstrip("-"))
    return sorted(rows, key=key, reverse=order.startswith("-")) if key else rows
