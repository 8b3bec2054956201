"""From the drawn lines of a page to the cells of its tables. Pure.

Lines are (position, from, to) in points, from the page's upper left corner. A cell cut by
the page often has no lower border, and a table may have no outer one: the outermost ends of
the crossing lines close it.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Line = tuple[float, float, float]

SNAP = 2.5  # lines nearer than this are one: a border drawn as a thin rectangle, a double one
GAP = 3.5  # between pieces of one line, as dashes have it
REACH = 2.0  # how far a border may fall short of the walls; an underline falls shorter
SHORTEST = 6.0


@dataclass(frozen=True)
class Region:
    """A cell: elementary columns `left` to `right`, rows `upper` to `lower`, ends excluded."""

    left: int
    right: int
    upper: int
    lower: int


@dataclass(frozen=True)
class Grid:
    """A table on a page: `xs` and `ys` are its lines, `regions` cover it without overlap.

    `cut_above` and `cut_below` are true where no border was drawn at that end of the page.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    regions: tuple[Region, ...]
    cut_above: bool
    cut_below: bool

    def at(self, x: float, y: float) -> tuple[int, int] | None:
        """The elementary (column, row) of a point, None outside the table."""
        if not (self.xs[0] <= x < self.xs[-1] and self.ys[0] <= y < self.ys[-1]):
            return None
        return bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1


def grids(vertical: Iterable[Line], horizontal: Iterable[Line]) -> list[Grid]:
    """The tables drawn on a page, from the top, and boxes of one column, which may be part
    of a table; a frame around other tables is none."""
    upright, level = _merged(vertical), _merged(horizontal)
    found = [_grid(*component) for component in _components(upright, level)]
    drawn = [grid for grid in found if grid]
    kept = [grid for grid in drawn if not any(_holds(grid, other) for other in drawn)]
    return sorted(kept, key=lambda grid: grid.ys[0])


def _holds(outer: Grid, inner: Grid) -> bool:
    if outer is inner or len(outer.xs) > 2:
        return False
    across = outer.xs[0] <= inner.xs[0] and inner.xs[-1] <= outer.xs[-1]
    return across and outer.ys[0] <= inner.ys[0] and inner.ys[-1] <= outer.ys[-1]


def _merged(lines: Iterable[Line]) -> list[Line]:
    """Lines at nearly the same position become one, and their pieces too."""
    groups: list[list[Line]] = []
    for line in sorted(lines):
        if groups and line[0] - groups[-1][-1][0] <= SNAP:
            groups[-1].append(line)
        else:
            groups.append([line])
    merged = []
    for group in groups:
        position = (group[0][0] + group[-1][0]) / 2
        for start, end in _joined((line[1:] for line in group), GAP):
            if end - start >= SHORTEST:
                merged.append((position, start, end))
    return merged


def _joined(pieces: Iterable[tuple[float, float]], gap: float) -> list[tuple[float, float]]:
    joined: list[tuple[float, float]] = []
    for start, end in sorted(pieces):
        if joined and start - joined[-1][1] <= gap:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _components(upright: list[Line], level: list[Line]) -> list[tuple[list[Line], list[Line]]]:
    """Lines that cross or touch, together."""
    left_over = set(range(len(level)))
    waiting = list(range(len(upright)))
    components = []
    while waiting:
        ours, crossing = [waiting.pop()], set[int]()
        for index in ours:
            touched = {at for at in left_over if _touch(upright[index], level[at])}
            left_over -= touched
            crossing |= touched
            more = [at for at in waiting if any(_touch(upright[at], level[h]) for h in touched)]
            waiting = [at for at in waiting if at not in set(more)]
            ours += more
        components.append(([upright[at] for at in ours], [level[at] for at in crossing]))
    return components


def _touch(upright: Line, level: Line) -> bool:
    x, top, bottom = upright
    y, left, right = level
    return left - GAP <= x <= right + GAP and top - GAP <= y <= bottom + GAP


def _grid(upright: list[Line], level: list[Line]) -> Grid | None:
    if not level:
        return None
    ys, cut_above, cut_below = _closed({line[0] for line in level}, upright)
    xs, *_ = _closed({line[0] for line in upright}, level)
    if len(xs) < 2 or len(ys) < 2:
        return None
    walls, floors = _covering(upright, xs, ys), _covering(level, ys, xs)
    regions = _regions(len(xs) - 1, len(ys) - 1, walls, floors)
    return Grid(tuple(xs), tuple(ys), regions, cut_above, cut_below)


def _closed(positions: set[float], crossing: list[Line]) -> tuple[list[float], bool, bool]:
    """The positions in order, with an end added where two crossing lines go beyond them."""
    ordered = sorted(positions)
    starts = sorted(line[1] for line in crossing)
    ends = sorted((line[2] for line in crossing), reverse=True)
    few = len(crossing) < 2
    before = not few and starts[1] < ordered[0] - SHORTEST
    after = not few and ends[1] > ordered[-1] + SHORTEST
    ordered = [starts[1], *ordered] if before else ordered
    return [*ordered, ends[1]] if after else ordered, before, after


Covered = Callable[[int, int], bool]


def _covering(lines: list[Line], along: Sequence[float], across: Sequence[float]) -> Covered:
    """Tells whether the line at `along[index]` is drawn from `across[step]` to the next."""
    drawn: dict[int, list[tuple[float, float]]] = {}
    for position, start, end in lines:
        drawn.setdefault(along.index(position), []).append((start, end))

    def covered(index: int, step: int) -> bool:
        start, end = across[step] + REACH, across[step + 1] - REACH
        return any(a <= start and end <= b for a, b in drawn.get(index, ()))

    return covered


def _regions(columns: int, rows: int, walls: Covered, floors: Covered) -> tuple[Region, ...]:
    """Strips of elementary cells without a wall between them, and strips of the same width
    without a floor between them put together."""
    finished: list[Region] = []
    open_: dict[tuple[int, int], Region] = {}
    for row in range(rows):
        strips: dict[tuple[int, int], Region] = {}
        edges = [0, *(c for c in range(1, columns) if walls(c, row)), columns]
        for left, right in pairwise(edges):
            above = open_.pop((left, right), None)
            floored = any(floors(row, column) for column in range(left, right))
            if above and not floored:
                strips[left, right] = Region(left, right, above.upper, row + 1)
            else:
                finished += [above] if above else []
                strips[left, right] = Region(left, right, row, row + 1)
        finished += open_.values()
        open_ = strips
    return (*finished, *open_.values())
