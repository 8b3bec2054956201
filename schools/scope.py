"""Where a person may look: subtree roots, as a frozen value.

A Scope is made in one place only, `schools.access`; every QuerySet of a model that leads to a
unit takes it through `in_scope(scope)`.
"""

from dataclasses import dataclass

from django.db.models import Q

from profmin.lib import paths


@dataclass(frozen=True)
class Scope:
    """Paths of the subtrees a person works in.

    `former` are the paths at which the root units stood before: rows that keep the path of their
    time lie there, of the unit itself and of what stood below it then. Each ends with the step of
    a root, so no row of anybody else's ever lay below it, and no unit lies there today.

    `named_only` is true for partners: of the plans that reach them they see only the items
    which name their unit.
    """

    roots: tuple[str, ...]
    named_only: bool = False
    former: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[str, ...]:
        """Where the roots stand and where they stood before."""
        return (*self.roots, *self.former)

    def down(self, field: str) -> Q:
        """Rows at or below a root, also where it stood when they were made: what is mine.
        No root, no row."""
        return self._below(field, self.places)

    def before(self, field: str) -> Q:
        """Rows made where a root stood before; nothing of today's."""
        return self._below(field, self.former)

    def _below(self, field: str, places: tuple[str, ...]) -> Q:
        condition = Q(pk__in=[])
        for place in places:
            condition |= paths.under(field, place)
        return condition

    def up(self, field: str) -> Q:
        """Rows at or above a root: whose plans reach me. Those of a former place reach me no
        longer."""
        above = {path for root in self.roots for path in paths.ancestors(root)}
        return Q(**{f"{field}__in": sorted(above)})

    def own(self, field: str) -> Q:
        """Rows of the very units at the roots (`field` holds a unit's key), wherever they stood:
        who moved away still sees the own past, and nobody else's."""
        return Q(**{f"{field}__in": [paths.node(root) for root in self.roots if root]})

    def covers(self, path: str) -> bool:
        """Whether a unit with this path lies, or a row made there lay, at or below a root."""
        return any(paths.is_under(path, place) for place in self.places)

    def stands_above(self, path: str) -> bool:
        """Whether a unit with this path lies, or a row made there lay, strictly below a root."""
        return any(paths.is_under(path, place) and path != place for place in self.places)
