"""A roadmap as a tree: sections, group rows, items; beside each how it stands in the scope."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from plans.models import Assignment, ItemParty, Roadmap, RoadmapItem, RoadmapSection
from plans.summaries.totals import Totals, totals_by
from schools.scope import Scope

Span = tuple[date | None, date]


@dataclass(frozen=True)
class Row:
    """A group row (a heading) or an item. `depth` counts the groups above it.

    `own` is the viewer's own task, `below` how many tasks of its branches stand beside.
    """

    item: RoadmapItem
    depth: int
    spans: tuple[Span, ...]
    parties: tuple[ItemParty, ...]
    totals: Totals
    own: Assignment | None = None
    below: int = 0

    @property
    def more_dates(self) -> int:
        """How many days a cell that shows two leaves out."""
        return len(self.spans) - 2

    @property
    def is_touched(self) -> bool:
        """Whether anybody in the scope is bound at all."""
        return bool(self.totals.bound or self.totals.not_applicable)


@dataclass(frozen=True)
class Block:
    """A section with its rows; without a section: the rows before the first heading."""

    section: RoadmapSection | None
    rows: list[Row] = field(default_factory=list)

    @property
    def totals(self) -> Totals:
        return sum((row.totals for row in self.rows), Totals())

    @property
    def items(self) -> list[Row]:
        return [row for row in self.rows if not row.item.is_group]


@dataclass(frozen=True)
class Tasks:
    """The tasks of one viewer on a roadmap, by item: the own one and how many below."""

    own: dict[int, Assignment]
    below: dict[int, int]


def spans_of(item: RoadmapItem) -> tuple[Span, ...]:
    """Days of an item as read, ordered by their end."""
    return tuple(
        (
            date.fromisoformat(window["start"]) if window["start"] else None,
            date.fromisoformat(window["end"]),
        )
        for window in item.windows
    )


def tasks_of(
    roadmap: Roadmap, scope: Scope, unit_id: int, *, today: date, with_below: bool
) -> Tasks:
    """Tasks of the unit on this roadmap; `with_below`: those of its branches are counted."""
    rows = Assignment.objects.in_scope(scope).filter(roadmap=roadmap).with_standing(today)
    if not with_below:
        rows = rows.filter(unit_id=unit_id)
    own: dict[int, Assignment] = {}
    below: dict[int, int] = {}
    for row in rows.order_by("pk"):
        if row.unit_id == unit_id:
            own[row.item_id] = row
        else:
            below[row.item_id] = below.get(row.item_id, 0) + 1
    return Tasks(own, below)


def blocks_of(
    roadmap: Roadmap, scope: Scope, tasks: Tasks, *, today: date, unit_kind: str = ""
) -> list[Block]:
    """The whole roadmap as far as the scope sees it, counted over `unit_kind` or all kinds."""
    counted = Assignment.objects.in_scope(scope).filter(roadmap=roadmap)
    if unit_kind:
        counted = counted.filter(unit__kind=unit_kind)
    by_item = totals_by(counted, "item_id", today=today)
    items = (
        RoadmapItem.objects.in_scope(scope)
        .filter(roadmap=roadmap)
        .in_order()
        .prefetch_related("parties")
    )
    sections = {row.pk: row for row in RoadmapSection.objects.filter(roadmap=roadmap)}
    return _blocks(list(items), sections, by_item, tasks)


def _blocks(
    items: list[RoadmapItem],
    sections: dict[int, RoadmapSection],
    by_item: dict[int, Totals],
    tasks: Tasks,
) -> list[Block]:
    blocks: dict[int | None, Block] = {}
    groups: dict[int | None, list[str]] = {}
    for item in items:
        key = item.section_id
        section = sections.get(key) if key else None
        block = blocks.setdefault(key, Block(section))
        depth = _depth(item, groups.setdefault(key, []))
        block.rows.append(
            Row(
                item=item,
                depth=depth,
                spans=spans_of(item),
                parties=tuple(sorted(item.parties.all(), key=lambda party: party.position)),
                totals=by_item.get(item.pk, Totals()),
                own=tasks.own.get(item.pk),
                below=tasks.below.get(item.pk, 0),
            )
        )
    return list(blocks.values())


def _depth(item: RoadmapItem, groups: list[str]) -> int:
    """How many group rows stand above; `groups` holds their numbers and is kept up to date."""
    number = item.number.rstrip(". ")
    while groups and not _belongs(number, groups[-1], is_group=item.is_group):
        groups.pop()
    depth = len(groups)
    if item.is_group:
        groups.append(number)
    return depth


def _belongs(number: str, group: str, *, is_group: bool) -> bool:
    """3.4.2 belongs to 3.4; where numbers are missing, an item belongs to the group above it."""
    if not number or not group:
        return not is_group
    return number.startswith(f"{group}.")


def kept(blocks: Iterable[Block], chosen: set[int]) -> list[Block]:
    """The blocks with only the chosen items and the headings that stand above one of them."""
    found = []
    for block in blocks:
        rows = _with_headings(block.rows, chosen)
        if rows:
            found.append(Block(block.section, rows))
    return found


def _with_headings(rows: list[Row], chosen: set[int]) -> list[Row]:
    keep: list[Row] = []
    needed = 0  # headings of a lower depth than this are still to be found
    for row in reversed(rows):
        stays = row.depth < needed if row.item.is_group else row.item.pk in chosen
        if stays:
            keep.append(row)
            needed = row.depth
    return keep[::-1]
