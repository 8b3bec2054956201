"""Keeps what an assignment stores of its dues; set-based, always equal to a recount."""

from collections.abc import Iterable
from typing import Any

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

    A queryset of keys stays in the database: a plan may bind more units than a statement may
    name. A single key, as after every report, is counted here: building the statement for many
    takes longer than running it.

    The assignments are held first: who changes another due of the same one at this moment waits,
    and counts what we have written. Else each would count the other's due as it was before.
    """
    keys = assignment_ids if isinstance(assignment_ids, QuerySet) else list(assignment_ids)
    if isinstance(keys, list) and len(keys) == 1:
        _refresh_one(keys[0])
    else:
        _refresh_many(keys)


def _refresh_one(key: int) -> None:
    held = Assignment.objects.select_for_update().filter(pk=key)
    if not held.values_list("pk", flat=True):
        return
    dues = list(Due.objects.filter(assignment=key).values_list("state", "due_on", "confirmed_at"))
    if not dues:
        return
    states = {state for state, _, _ in dues}
    worst = next(state for state in WORST_FIRST if state in states)
    open_days = [day for state, day, _ in dues if state in OPEN_STATES and day is not None]
    unconfirmed = any(
        state == DueState.DONE and confirmed_at is None for state, _, confirmed_at in dues
    )
    Assignment.objects.filter(pk=key).update(
        state=worst,
        open_due_on=min(open_days, default=None),
        is_confirmed=worst == DueState.DONE and not unconfirmed,
    )


def _refresh_many(keys: "list[int] | QuerySet[Any, Any]") -> None:
    rank = _of_dues(Min(_RANK))
    unconfirmed = _of_dues(Count("pk"), Q(state=DueState.DONE, confirmed_at=None))
    chosen = Assignment.objects.filter(pk__in=keys)
    chosen.update(state=F("state"))  # holds them; the next statement sees what others committed
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
