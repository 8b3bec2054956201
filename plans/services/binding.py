"""Whom an item binds (domain.md, «Whom publishing binds»), written set-based.

One INSERT … SELECT per item and one per due date, on both databases; what is already there
stays, so every call may run twice.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import (
    Case,
    CharField,
    DateField,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast

from plans.choices import OPEN_STATES, DueState, PartyKind
from plans.models import Assignment, Due, ItemParty, Proof, Roadmap, RoadmapItem
from plans.models.assignments import LET_GO
from plans.services.standing import refresh_standing
from profmin.lib import paths
from schools.choices import UnitKind
from schools.models import OrgUnit, StoredFile
from schools.services.tree import TreeChange

# Issuers who stand below the region and cannot bind it.
_BELOW_REGION = frozenset({UnitKind.MUNICIPALITY, UnitKind.TERRITORY})


@dataclass(frozen=True)
class Window:
    """One due date of an item; `start` None where only the end is known."""

    start: date | None
    end: date | None


def windows_of(item: RoadmapItem) -> list[Window]:
    """Due dates of an item in order, one a day; without any date: one undated."""
    by_end: dict[date, Window] = {}
    for row in item.windows:
        end = date.fromisoformat(row["end"])
        start = date.fromisoformat(row["start"]) if row["start"] else None
        by_end.setdefault(end, Window(start, end))
    return [by_end[end] for end in sorted(by_end)] or [Window(None, None)]


def bound_by(party: ItemParty, roadmap: Roadmap, *, branches: bool) -> Q:
    """Which units one responsible party means in this roadmap."""
    if not party.is_binding:
        return Q(pk__in=[])
    below = paths.under("path", roadmap.path)
    if party.unit_id is not None:
        return Q(pk=party.unit_id) & below
    if party.kind in (PartyKind.SCHOOL, PartyKind.OPERATOR, PartyKind.PARTNER):
        return _kinds_of(party, branches=branches) & below
    return _authorities_of(party, roadmap.unit, below)


def _kinds_of(party: ItemParty, *, branches: bool) -> Q:
    """All schools, all operators, or all partners of the named kind."""
    if party.kind == PartyKind.SCHOOL:
        return Q(kind__in=[UnitKind.SCHOOL, UnitKind.BRANCH] if branches else [UnitKind.SCHOOL])
    if party.kind == PartyKind.OPERATOR:
        return Q(kind=UnitKind.OPERATOR)
    if party.partner_kind:
        return Q(kind=UnitKind.PARTNER, partner_kind=party.partner_kind)
    return Q(pk__in=[])


def _authorities_of(party: ItemParty, issuer: OrgUnit, below: Q) -> Q:
    """The issuing authority, or all municipalities below the issuer.

    A municipality's own plan binds itself for «municipality»; a surname belongs to the issuer;
    a plan from below the region cannot bind the region.
    """
    if party.kind == PartyKind.MUNICIPALITY:
        return Q(kind=UnitKind.MUNICIPALITY) & below
    if party.kind == PartyKind.PERSON:
        return Q(pk=issuer.pk)
    if party.kind == PartyKind.REGION and issuer.kind not in _BELOW_REGION:
        return Q(pk=issuer.region_id)
    return Q(pk__in=[])


def bound_units(item: RoadmapItem, *, on: date) -> QuerySet[OrgUnit]:
    """The units an item binds on a day: those of all its parties, each once."""
    condition = Q(pk__in=[])
    for party in item.parties.all():
        condition |= bound_by(party, item.roadmap, branches=item.binds_branches)
    return OrgUnit.objects.filter(condition).working(on)


def bind_item(
    item: RoadmapItem,
    *,
    on: date,
    now: datetime,
    unit_ids: tuple[int, ...] | None = None,
    due_from: date | None = None,
) -> None:
    """Gives every bound unit its assignment and its dues; those that have them keep them.

    What was due before a unit opened does not concern it. With `unit_ids` only these units;
    with `due_from` only what is due on that day or later.
    """
    windows = [
        window
        for window in windows_of(item)
        if due_from is None or window.end is None or window.end >= due_from
    ]
    if item.is_group or not windows:
        return
    units = bound_units(item, on=on)
    if unit_ids is not None:
        units = units.filter(pk__in=unit_ids)
    with transaction.atomic():
        _insert_assignments(item, units, windows, now)
        for window in windows:
            _insert_dues(item, window, units)
        if due_from is None and unit_ids is None:
            return
        bound = Assignment.objects.filter(item=item)
        if unit_ids is not None:
            bound = bound.filter(unit_id__in=unit_ids)
        refresh_standing(bound.values_list("pk", flat=True))


def _opened_by(window: Window) -> Q:
    """Units that stood open on the day of a due date; without a date: all."""
    return Q() if window.end is None else Q(opened_on=None) | Q(opened_on__lte=window.end)


def _first_due(windows: list[Window]) -> Case | Cast:
    """The first of these days (in order) that a unit has lived to see."""
    if windows[0].end is None:
        return Cast(Value(None), DateField())
    days = [When(_opened_by(one), then=Cast(Value(one.end), DateField())) for one in windows]
    return Case(*days, default=None, output_field=DateField())


def _insert_assignments(
    item: RoadmapItem, units: QuerySet[OrgUnit], windows: list[Window], now: datetime
) -> None:
    rows = (
        units.filter(_opened_by(windows[-1]))
        .order_by()
        .values_list(
            Value(item.roadmap_id, IntegerField()),
            Value(item.pk, IntegerField()),
            F("pk"),
            F("path"),
            Value(DueState.NOT_STARTED.value, CharField()),
            _first_due(windows),
            Cast(Value(False), Assignment._meta.get_field("is_confirmed")),  # noqa: FBT003
            Cast(Value(now), DateTimeField()),
        )
    )
    _insert_from(
        Assignment,
        [
            "roadmap_id",
            "item_id",
            "unit_id",
            "path",
            "state",
            "open_due_on",
            "is_confirmed",
            "created_at",
        ],
        rows,
    )


def _insert_dues(item: RoadmapItem, window: Window, units: QuerySet[OrgUnit]) -> None:
    """Dues of the units bound now: who left keeps the assignment and gets nothing new."""
    open_then = units.filter(_opened_by(window)).order_by()
    bound = Assignment.objects.filter(item=item, unit_id__in=open_then.values("pk"))
    rows = bound.order_by().values_list(
        F("pk"),
        Cast(Value(window.start), DateField()),
        Cast(Value(window.end), DateField()),
        Value(DueState.NOT_STARTED.value, CharField()),
        Value("", CharField()),
        Value("", CharField()),
        Cast(Value(False), Due._meta.get_field("is_reported_for")),  # noqa: FBT003
        Value(1, IntegerField()),
    )
    _insert_from(
        Due,
        [
            "assignment_id",
            "starts_on",
            "due_on",
            "state",
            "comment",
            "reason",
            "is_reported_for",
            "version",
        ],
        rows,
    )


def _insert_from(model: type[Assignment | Due], columns: list[str], rows: QuerySet) -> None:
    """INSERT … SELECT … ON CONFLICT DO NOTHING; names come from the models, never from people."""
    try:
        select, parameters = rows.query.sql_with_params()
    except EmptyResultSet:  # an item that binds nobody by its parties
        return
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({names}) {select} ON CONFLICT DO NOTHING"
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def follow_tree(change: TreeChange) -> None:
    """After the tree changed: running roadmaps bind who came and let go who left.

    A unit opened later gets what is still due; one that closed or moved out of a plan's reach
    keeps its history, and its plan keeps the path of that time; one that comes back finds its
    work as it was.
    """
    with transaction.atomic():
        for roadmap in _running_for(change):
            _follow_issuer(roadmap, change)
            _let_go(roadmap, change)
            _follow_paths(roadmap, change)
            _take_in(roadmap, change)
            if roadmap.published_at is not None:
                _bind_newcomers(roadmap, change)


def _running_for(change: TreeChange) -> list[Roadmap]:
    """Roadmaps not over on the day of the change that bind or reach one of the units."""
    changed = OrgUnit.objects.filter(pk__in=change.unit_ids).values_list("path", flat=True)
    reaching = {above for path in changed if path for above in paths.ancestors(path)}
    return list(
        Roadmap.objects.running(change.on)
        .filter(
            Q(path__in=sorted(reaching))
            | Q(unit_id__in=change.unit_ids)
            | Q(pk__in=Assignment.objects.filter(unit_id__in=change.unit_ids).values("roadmap_id"))
        )
        .select_related("unit")
        .order_by("pk")
    )


def _follow_issuer(roadmap: Roadmap, change: TreeChange) -> None:
    """The issuer itself moved: its running plan reaches the subtree at the new place."""
    reach = roadmap.unit.territory_path
    if roadmap.unit_id in change.unit_ids and roadmap.path != reach:
        roadmap.path = reach
        Roadmap.objects.filter(pk=roadmap.pk).update(path=reach)


def _still_reached(roadmap: Roadmap, change: TreeChange) -> QuerySet[OrgUnit]:
    return OrgUnit.objects.filter(
        paths.under("path", roadmap.path), pk__in=change.unit_ids
    ).working(change.on)


def _let_go(roadmap: Roadmap, change: TreeChange) -> None:
    """Units closed or out of reach: what falls due later is taken back, the rest is history."""
    gone = Assignment.objects.filter(roadmap=roadmap, unit_id__in=change.unit_ids).exclude(
        unit_id__in=_still_reached(roadmap, change).values("pk")
    )
    keys = list(gone.values_list("pk", flat=True))
    if not keys:
        return
    later = Due.objects.filter(
        Q(due_on=None) | Q(due_on__gte=change.on), assignment_id__in=keys, state__in=OPEN_STATES
    )
    worked_on = Exists(Proof.objects.filter(due=OuterRef("pk")))
    later.filter(~worked_on, state=DueState.NOT_STARTED, comment="").delete()
    later.update(
        state=DueState.NOT_APPLICABLE,
        reason=f"{LET_GO} {change.on:%d.%m.%Y}.",
        reported_at=change.now,
        version=F("version") + 1,
    )
    Assignment.objects.filter(pk__in=keys, dues=None).delete()
    refresh_standing(keys)


def _take_in(roadmap: Roadmap, change: TreeChange) -> None:
    """Units that came back or opened again: what the portal closed then is to be done again."""
    back = _still_reached(roadmap, change).values("pk")
    closed = Due.objects.let_go().filter(
        Q(due_on=None) | Q(due_on__gte=change.on),
        assignment__roadmap=roadmap,
        assignment__unit_id__in=back,
    )
    bound = set(closed.values_list("assignment_id", flat=True))
    if not bound:
        return
    closed.update(
        state=DueState.IN_PROGRESS,
        reason="",
        reported_at=None,
        confirmed_at=None,
        confirmed_by=None,
        version=F("version") + 1,
    )
    refresh_standing(bound)


def _follow_paths(roadmap: Roadmap, change: TreeChange) -> None:
    reached = _still_reached(roadmap, change)
    path = OrgUnit.objects.filter(pk=OuterRef("unit_id")).values("path")[:1]
    Assignment.objects.filter(roadmap=roadmap, unit_id__in=reached.values("pk")).update(
        path=Subquery(path)
    )
    StoredFile.objects.filter(
        proofs__due__assignment__roadmap=roadmap, unit_id__in=reached.values("pk")
    ).update(path=Subquery(path))


def _bind_newcomers(roadmap: Roadmap, change: TreeChange) -> None:
    items = roadmap.items.duties().in_order().prefetch_related("parties")
    for item in items:
        item.roadmap = roadmap
        bind_item(item, on=change.on, now=change.now, unit_ids=change.unit_ids, due_from=change.on)
