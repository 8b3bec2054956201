"""Keeps what an assignment stores of its dues; set-based, always equal to a recount."""

from collections.abc import Iterable

from django.db.models import (
    BooleanField,
    Case,
    Count,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from plans.choices import OPEN_STATES, WORST_FIRST, DueState
from plans.models import Assignment, Due

_RANK = Case(*(When(state=state, then=Value(rank)) for rank, state in enumerate(WORST_FIRST)))


def _of_dues(aggregate: Min | Count, condition: Q | None = None) -> Subquery:
    dues = Due.objects.filter(assignment=OuterRef("pk"))
    if condition is not None:
        dues = dues.filter(condition)
    return Subquery(
        dues.order_by().values("assignment").annotate(found=aggregate).values("found")[:1]
    )


def refresh_standing(assignment_ids: Iterable[int]) -> None:
    """Sets `state`, `open_due_on` and `is_confirmed` of these assignments from their dues.

    A queryset of keys stays in the database: a plan may bind more units than a statement may name.
    """
    keys = assignment_ids if isinstance(assignment_ids, QuerySet) else list(assignment_ids)
    rank = _of_dues(Min(_RANK))
    unconfirmed = _of_dues(Count("pk"), Q(state=DueState.DONE, confirmed_at=None))
    chosen = Assignment.objects.filter(pk__in=keys)
    chosen.annotate(worst=rank, unconfirmed=unconfirmed).update(
        state=Case(
            *(When(worst=place, then=Value(state)) for place, state in enumerate(WORST_FIRST)),
            default=F("state"),
        ),
        open_due_on=_of_dues(Min("due_on"), Q(state__in=OPEN_STATES)),
        is_confirmed=Case(
            When(
                worst=WORST_FIRST.index(DueState.DONE),
                unconfirmed__isnull=True,
                then=Value(True),  # noqa: FBT003  a value of SQL
            ),
            default=Value(False),  # noqa: FBT003
            output_field=BooleanField(),
        ),
    )
