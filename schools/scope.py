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

    `named_only` is true for partners: of the plans that reach them they see only the items
    which name their unit.
    """

    roots: tuple[str, ...]
    named_only: bool = False

    def down(self, field: str) -> Q:
        """Rows at or below a root: what is mine. No root, no row."""
        condition = Q(pk__in=[])
        for root in self.roots:
            condition |= paths.under(field, root)
        return condition

    def up(self, field: str) -> Q:
        """Rows at or above a root: whose plans reach me."""
        above = {path for root in self.roots for path in paths.ancestors(root)}
        return Q(**{f"{field}__in": sorted(above)})

    def own(self, field: str) -> Q:
        """Rows of the very units at the roots (`field` holds a unit's key), wherever they stood:
        who moved away still sees the own past, and nobody else's."""
        return Q(**{f"{field}__in": [paths.node(root) for root in self.roots if root]})

    def covers(self, path: str) -> bool:
        """Whether a unit with this path lies at or below a root."""
        return any(paths.is_under(path, root) for root in self.roots)

    def stands_above(self, path: str) -> bool:
        """Whether a unit with this path lies strictly below a root."""
        return any(paths.is_under(path, root) and path != root for root in self.roots)
