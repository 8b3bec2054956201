"""Rows that do not exist for somebody: of another region, of a neighbour, moved away, unfinished."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Model

from plans.models import Assignment, Due, PartyEntry, Proof, Roadmap, RoadmapImport, RoadmapItem
from profmin.accounts.models import User
from schools.choices import SERVING_KINDS, FilePurpose
from schools.models import Appointment, OrgUnit, StoredFile
from tests.conventions.addresses import Address
from tests.conventions.owners import OWNERS
from tests.conventions.world import Sight, World

REGION, NEIGHBOUR, MOVED, UNFINISHED = "region", "neighbour", "moved", "unfinished"


@dataclass(frozen=True)
class Row:
    """A row and whether somebody sees it: True, False, or None where both would be right."""

    key: int
    kind: str
    seen_by: Callable[[Sight], bool | None]


def _never(sight: Sight) -> bool:
    return False


def _owned(model: type[Model]) -> Callable[[World], list[Row]]:
    """Rows seen wherever their unit is seen."""

    def rows(world: World) -> list[Row]:
        pairs = model._default_manager.exclude(**{OWNERS[model]: None}).order_by("pk")
        return [_row(world, key, unit) for key, unit in pairs.values_list("pk", OWNERS[model])]

    return rows


def _row(world: World, key: int, unit_id: int) -> Row:
    return Row(key, _kind(world, unit_id), lambda sight: unit_id in sight.sees)


def _kind(world: World, unit_id: int) -> str:
    if world.away is not None and unit_id >= world.away.region.pk:
        return REGION
    return MOVED if unit_id == world.moved.pk else NEIGHBOUR


def _files(world: World) -> list[Row]:
    """A document on its way is its unit's own."""
    rows = []
    for key, unit_id, purpose in StoredFile.objects.order_by("pk").values_list(
        "pk", "unit_id", "purpose"
    ):
        row = _row(world, key, unit_id)
        if purpose == FilePurpose.ROADMAP:
            row = Row(key, row.kind, _own_only(unit_id))
        rows.append(row)
    return rows


def _registers(world: World) -> list[Row]:
    keys = set(StoredFile.objects.filter(purpose=FilePurpose.REGISTER).values_list("pk", flat=True))
    return [row for row in _files(world) if row.key in keys]


def _own_only(unit_id: int) -> Callable[[Sight], bool]:
    return lambda sight: sight.unit.pk == unit_id


def _imports(world: World) -> list[Row]:
    found = RoadmapImport.objects.order_by("pk").values_list("pk", "unit_id")
    return [Row(key, _kind(world, unit_id), _own_only(unit_id)) for key, unit_id in found]


def _tasks(model: type[Model], way: str) -> Callable[[World], list[Row]]:
    """Assignments and what hangs on them; `way` leads to the assignment."""

    def rows(world: World) -> list[Row]:
        fields = ("pk", f"{way}unit_id", f"{way}roadmap__unit_id", f"{way}roadmap__published_at")
        found = model._default_manager.order_by("pk").values_list(*fields)
        return [_task(world, *values) for values in found]

    return rows


def _task(world: World, key: int, unit_id: int, issuer_id: int, published: Any) -> Row:
    if published is None:
        return Row(key, UNFINISHED, _never)
    if unit_id == world.moved.pk and issuer_id == world.home.city.pk:
        # What was done at the former place stays with it, and with the school.
        return Row(key, MOVED, lambda sight: None)
    return _row(world, key, unit_id)


def _plans(world: World) -> list[Row]:
    return [_plan(world, one.pk, one) for one in Roadmap.objects.select_related("unit")]


def _items(world: World) -> list[Row]:
    items = RoadmapItem.objects.select_related("roadmap__unit__parent").order_by("pk")
    return [_plan(world, one.pk, one.roadmap, item=one) for one in items]


def _plan(world: World, key: int, roadmap: Roadmap, item: RoadmapItem | None = None) -> Row:
    """A plan reaches its territory and is seen from above; a partner sees what names it."""
    if roadmap.published_at is None:
        return Row(key, UNFINISHED, _never)
    issuer = roadmap.unit
    place = issuer.parent if issuer.kind in SERVING_KINDS else issuer
    tasks = Assignment.objects.filter(roadmap=roadmap, **({"item": item} if item else {}))
    bound = set(tasks.values_list("unit_id", flat=True))

    def seen_by(sight: Sight) -> bool | None:
        if sight.role == "partner":
            return sight.unit.pk in bound
        return place.pk in sight.sees or place.pk in sight.above

    return Row(key, _kind(world, issuer.pk), seen_by)


def _users(world: World) -> list[Row]:
    """People are seen by appointments they agreed to."""
    rows = []
    for user in User.objects.order_by("pk"):
        units = set(
            Appointment.objects.accepted().filter(user=user).values_list("unit_id", flat=True)
        )
        rows.append(Row(user.pk, _kind(world, max(units, default=0)), _works_in(units)))
    return rows


def _works_in(units: set[int]) -> Callable[[Sight], bool]:
    return lambda sight: bool(units & sight.sees)


def _entries(world: World) -> list[Row]:
    """Entries about documents on their way are their unit's own."""
    model = apps.get_model("journal", "JournalEntry")
    rows = []
    for key, unit_id, matter in model._default_manager.exclude(unit_id=None).values_list(
        "pk", "unit_id", "object_type"
    ):
        row = _row(world, key, unit_id)
        if matter == "import":
            row = Row(key, row.kind, _own_only(unit_id))
        elif unit_id == world.moved.pk:
            row = Row(key, row.kind, lambda sight: None)  # by the place of that moment
        rows.append(row)
    return rows


def _told_units(world: World) -> list[Row]:
    """Units whose journal is asked for: what a moved one did at its former place stays there."""
    rows = _owned(OrgUnit)(world)
    return [
        Row(one.key, one.kind, lambda sight: None) if one.kind == MOVED else one for one in rows
    ]


# What a converter of an address stands for. A new name fails until its rows are written here.
ROWS: Mapping[str, Callable[[World], list[Row]]] = {
    "unit_id": _owned(OrgUnit),
    "appointment_id": _owned(Appointment),
    "file_id": _files,
    "register_file_id": _registers,
    "roadmap_id": _plans,
    "item_id": _items,
    "assignment_id": _tasks(Assignment, ""),
    "due_id": _tasks(Due, "assignment__"),
    "proof_id": _tasks(Proof, "due__assignment__"),
    "import_id": _imports,
    "user_id": _users,
    "entry_id": _entries,
    "party_id": _owned(PartyEntry),
    "told_unit_id": _told_units,
}
# Converters that name no row, and why; each has its value.
NO_ROWS: Mapping[str, tuple[object, str]] = {
    "item": (0, "the place of a row in the document that import_id names"),
    "token": ("x" * 43, "a secret of 256 bits: whoever has it is the one it was sent to"),
    "uidb36": ("1z", "the library answers every pair without the secret alike"),
    "key": ("set-password", "a secret"),
    "app_label": ("schools", "a chapter of the admin"),
}
# The admin calls every key object_id; the model stands in the route.
_OF_MODEL: Mapping[str, str] = {
    "schools/orgunit": "unit_id",
    "schools/appointment": "appointment_id",
    "accounts/user": "user_id",
    "plans/roadmap": "roadmap_id",
    "plans/partyentry": "party_id",
    "journal/journalentry": "entry_id",
}


# Pages that open only some of the rows a converter stands for.
_SOME: Mapping[tuple[str, str], str] = {
    ("schools:register_review", "file_id"): "register_file_id",
}
# Pages that tell of the past: what a unit did at its former place stays there.
_OF_THE_PAST = frozenset({"plans:unit_plan"})


def meaning(address: Address, argument: str) -> str:
    """Which rows an argument of an address stands for."""
    if address.key in _OF_THE_PAST:
        return f"told_{argument}"
    if argument != "object_id":
        return _SOME.get((address.key, argument), argument)
    _, app, model, *_ = address.route.split("/")
    if f"{app}/{model}" not in _OF_MODEL:
        raise AssertionError(f"{address}: add a foreign row for the admin of {app}.{model}")
    return _OF_MODEL[f"{app}/{model}"]


def row_argument(address: Address) -> str | None:
    """The argument of the address that names a row of somebody, if there is one."""
    named = [one for one in address.arguments if meaning(address, one) not in NO_ROWS]
    for one in named:
        if meaning(address, one) not in ROWS:
            raise AssertionError(f"{address}: add a foreign row for «{one}» to strangers.ROWS")
    return named[0] if named else None


class Rows:
    """All rows of the world, read once for each of its states."""

    def __init__(self, world: World) -> None:
        self._telling = world.telling()
        self._read = cache(lambda name: ROWS[name](world))

    def foreign(self, name: str, sight: Sight, *, most: int = 2) -> list[Row]:
        """Rows that do not exist for this person: at most so many of each kind."""
        found: dict[str, list[Row]] = {}
        for row in self._read(name):
            if row.seen_by(sight) is False:
                found.setdefault(row.kind, []).append(row)
        return [row for rows in found.values() for row in _spread(rows, most)]

    def own(self, name: str, sight: Sight, *, most: int = 2) -> list[Row]:
        """Rows the person sees, of region A only."""
        rows = [row for row in self._read(name) if row.kind != REGION and row.seen_by(sight)]
        telling = set(self._telling.get(name, ()))
        return [
            *_spread([row for row in rows if row.key not in telling], most),
            *(row for row in rows if row.key in telling),
        ]


def _spread(rows: list[Row], most: int) -> list[Row]:
    """So many, from the first to the last, evenly."""
    if len(rows) <= most:
        return rows
    return [rows[place * (len(rows) - 1) // max(most - 1, 1)] for place in range(most)]
