"""Who has carried out an item: the assignments of one item as lines of a table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import DateField, F, Max, OuterRef, Prefetch, QuerySet, Subquery

from plans.choices import OPEN_STATES, DueState
from plans.models import Assignment, Due, Proof
from plans.summaries.places import Place, name_on, places_on
from profmin.lib import paths

ORDERS = {
    "name": "unit_name",
    "state": "open_due_on",
    "due": "first_due",
    "done": "last_done",
}


@dataclass(frozen=True)
class Doer:
    """One unit of an item. `above`: the unit over it on that day, None at the top."""

    assignment: Assignment
    unit_name: str
    above: Place | None
    dues: list[Due]

    @property
    def open_dues(self) -> list[Due]:
        return [due for due in self.dues if due.state in OPEN_STATES]

    @property
    def done_dues(self) -> list[Due]:
        return [due for due in self.dues if due.state == DueState.DONE]

    @property
    def shown_due(self) -> Due | None:
        """The due that matters now: the first open one, else the last."""
        return next(iter(self.open_dues or self.dues[-1:]), None)

    @property
    def proofs(self) -> list[Proof]:
        return [proof for due in self.dues for proof in due.proofs.all()]

    @property
    def is_reported_for(self) -> bool:
        """Whether the regional operator has reported in the unit's place."""
        return any(due.is_reported_for for due in self.dues)

    @property
    def told(self) -> list[Due]:
        """Dues about which something was written."""
        return [due for due in self.dues if due.comment or due.reason]


def doers_of(
    assignments: QuerySet[Assignment], *, today: date, seen_on: date
) -> QuerySet[Assignment]:
    """The assignments with `standing`, dated `unit_name` and what they are sorted by."""
    dues = Due.objects.filter(assignment=OuterRef("pk")).order_by()
    first = dues.order_by(F("due_on").asc(nulls_last=True)).values("due_on")[:1]
    last = dues.values("assignment").annotate(last=Max("done_on")).values("last")
    return assignments.with_standing(today).annotate(  # type: ignore[attr-defined]
        unit_name=name_on(seen_on),
        first_due=Subquery(first, output_field=DateField()),
        last_done=Subquery(last, output_field=DateField()),
    )


def in_order_of(assignments: QuerySet[Assignment], order: str) -> QuerySet[Assignment]:
    """Sorted by a key of ORDERS, a minus turns it; late first otherwise."""
    column = ORDERS.get(order.lstrip("-"))
    if column is None:
        return assignments.order_by(F("open_due_on").asc(nulls_last=True), F("unit_name"), "pk")
    turned = (
        F(column).desc(nulls_last=True) if order.startswith("-") else F(column).asc(nulls_last=True)
    )
    return assignments.order_by(turned, F("unit_name"), "pk")


def with_dues(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Dues with their proofs beside each assignment: three queries however many."""
    dues = Due.objects.in_order().select_related("confirmed_by", "reported_by")
    return assignments.prefetch_related(
        Prefetch("dues", dues),
        Prefetch("dues__proofs", Proof.objects.select_related("file").order_by("pk")),
    )


def lines(assignments: Iterable[Assignment], seen_on: date) -> list[Doer]:
    """The page of assignments (with dues) as lines; the units above are read at once."""
    rows = list(assignments)
    above = places_on([key for row in rows if (key := above_id(row))], seen_on)
    return [
        Doer(row, row.unit_name, above.get(above_id(row) or 0), list(row.dues.all()))  # type: ignore[attr-defined]
        for row in rows
    ]


def above_id(assignment: Assignment) -> int | None:
    """The key of the unit over the assignment's unit, as its path tells."""
    above = paths.parent(assignment.path)
    return paths.node(above) if above else None


def places_above(assignments: QuerySet[Assignment], seen_on: date) -> list[Place]:
    """The units directly over those bound, for choosing among them; by name."""
    found = assignments.order_by().values_list("path", flat=True).distinct()
    keys = {paths.node(above) for path in found if (above := paths.parent(path))}
    return sorted(places_on(keys, seen_on).values(), key=lambda place: place.name)
