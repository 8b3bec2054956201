"""Who is told, inside the same transaction, that the tree changed.

What a higher app stores by path must never lag behind the tree (a school that moved away must
at once be a stranger to its former municipality), so listeners run inside the transaction.
`profmin.apps` alone fills the list.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from profmin.journal.services import Actor


@dataclass(frozen=True)
class TreeChange:
    """These units were opened, moved, closed or merged; it holds from `on`."""

    unit_ids: tuple[int, ...]
    on: date
    now: datetime
    by: Actor


TREE_LISTENERS: list[Callable[[TreeChange], None]] = []


def tell_tree_changed(change: TreeChange) -> None:
    for listener in TREE_LISTENERS:
        listener(change)
