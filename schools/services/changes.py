"""Many units changed at once: names, places, words of the register. Set-based."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from profmin.journal.models import JournalEntry
from profmin.journal.services import Actor, entry, write_entries
from profmin.lib import paths
from profmin.lib.errors import RuleBroken
from schools.models import OrgUnit, UnitPlace
from schools.services.tree import TreeChange, tell_tree_changed
from schools.services.units import (
    CLOSED,
    lock_regions,
    refuse_future,
    refuse_wrong_place,
    subject,
)

_WORDS = ("variety", "founder", "partner_kind", "opened_on")
_PLACE = ("name", "parent_id", "path")
CHANGED = (
    "Пока вы смотрели, организацию изменил кто-то другой. Откройте страницу заново и внесите "
    "изменения ещё раз."
)


@dataclass(frozen=True)
class UnitChange:
    """What a unit is to be; equal values change nothing. Name and parent hold from a day,
    the other words for all time. `unit` is the unit as the caller saw it: what differs from it
    is written, and what has changed since is never written over."""

    unit: OrgUnit
    name: str
    parent: OrgUnit | None
    variety: str
    founder: str
    partner_kind: str
    opened_on: date | None


def change_units(
    *,
    changes: Sequence[UnitChange],
    on: date,
    by: Actor,
    now: datetime,
    today: date,
    reason: str = "",
) -> None:
    """Renames, moves and describes units of one region, all or none; about ten statements.

    Raises `RuleBroken` where a unit is no longer what the caller saw.
    """
    refuse_future(on, today)
    with transaction.atomic():
        seen, changes = changes, _read_anew(changes)
        _refuse(changes, on)
        entries = [row for change in changes for row in _entries(change, on, by, now, reason)]
        moved = [change for change in changes if _is_moved(change)]
        named = {
            change.unit.pk: change.name for change in changes if change.name != change.unit.name
        }
        at = _new_paths(moved)
        _rewrite_places(named, at, {change.unit.pk: change.parent for change in moved}, on)
        _write(changes, at)
        write_entries(entries)
        told = {*at, *(change.unit.pk for change in changes if _is_bound_otherwise(change))}
        for old, change in zip(seen, changes, strict=True):
            _take_over(old.unit, change, at)
        if told:
            tell_tree_changed(TreeChange(tuple(sorted(told)), on, now, by))


def _read_anew(changes: Sequence[UnitChange]) -> list[UnitChange]:
    """The same about the rows as they stand behind the lock of their region."""
    units = [change.unit for change in changes]
    parents = [change.parent for change in changes if change.parent is not None]
    lock_regions([*units, *parents])
    rows = OrgUnit.objects.select_related("parent").filter(
        pk__in={unit.pk for unit in [*units, *parents]}
    )
    found = {row.pk: row for row in rows}
    return [_on_row(change, found) for change in changes]


def _on_row(change: UnitChange, rows: Mapping[int, OrgUnit]) -> UnitChange:
    """What the caller wants of the row: words left as they were seen stay as they are."""
    seen, row = change.unit, rows[change.unit.pk]
    wanted = {word: getattr(change, word) for word in _WORDS}
    own = [word for word in _WORDS if wanted[word] != getattr(seen, word)]
    if any(getattr(seen, name) != getattr(row, name) for name in (*_PLACE, *own)):
        raise RuleBroken(CHANGED)
    return UnitChange(
        unit=row,
        name=change.name,
        parent=rows[change.parent.pk] if change.parent else None,
        **{word: wanted[word] if word in own else getattr(row, word) for word in _WORDS},
    )


def _refuse(changes: Sequence[UnitChange], on: date) -> None:
    for change in changes:
        if not change.name.strip():
            raise RuleBroken("Введите наименование.", field="name")
        if _is_moved(change):
            _refuse_move(change, on)


def _refuse_move(change: UnitChange, on: date) -> None:
    unit, parent = change.unit, change.parent
    refuse_wrong_place(unit.kind, parent)
    if unit.closed_on is not None:
        raise RuleBroken(CLOSED)
    if parent is None or parent.region_id != unit.region_id:
        raise RuleBroken("Перевести можно только внутри региона.", field="parent")
    if not parent.is_working(on):
        raise RuleBroken("Вышестоящая организация на эту дату закрыта.", field="parent")


def _is_moved(change: UnitChange) -> bool:
    return change.unit.parent_id != (change.parent.pk if change.parent else None)


def _is_bound_otherwise(change: UnitChange) -> bool:
    """What decides, beside the place, which plans bind the unit."""
    unit = change.unit
    return (unit.opened_on, unit.partner_kind) != (change.opened_on, change.partner_kind)


def _new_paths(moved: Iterable[UnitChange]) -> dict[int, str]:
    """Unit → its new path, for every unit whose path changes (whole subtrees)."""
    parents = {change.unit.pk: change.parent.pk for change in moved if change.parent}
    if not parents:
        return {}
    region = next(change.unit.region_id for change in moved)
    rows = OrgUnit.objects.filter(region_id=region).values_list("pk", "parent_id", "path")
    old = {key: path or "" for key, _, path in rows}
    above: dict[int, int | None] = {key: parents.get(key, parent) for key, parent, _ in rows}
    found: dict[int, str] = {}
    for key in old:
        _find_path(key, above, old, found)
    return {key: path for key, path in found.items() if path != old[key]}


def _find_path(
    key: int, above: dict[int, int | None], old: dict[int, str], found: dict[int, str]
) -> str:
    """The path by the parents as they will be; a region keeps its own."""
    chain = []
    at: int | None = key
    while at is not None and at in old and at not in found:
        if at in chain:
            raise RuleBroken("Нельзя подчинить организацию ей самой.", field="parent")
        chain.append(at)
        at = above[at]
    for one in reversed(chain):
        parent = above[one]
        inside = parent is not None and parent in found
        found[one] = found[parent] + paths.step(one) if inside and parent else old[one]
    return found[key]


def _rewrite_places(
    named: dict[int, str], at: dict[int, str], parents: dict[int, OrgUnit | None], on: date
) -> None:
    """Ends the open places on `on` and opens those with the new name, path and parent."""
    places = list(UnitPlace.objects.filter(unit_id__in={*named, *at}, ends_on=None))
    if any(place.starts_on and place.starts_on > on for place in places):
        raise RuleBroken(
            "После этой даты у организации уже есть изменения. Укажите более позднюю.", field="on"
        )
    ended = [place.pk for place in places if place.starts_on is None or place.starts_on < on]
    UnitPlace.objects.filter(pk__in=ended).update(ends_on=on)
    split, same_day = set(ended), []
    fresh = []
    for place in places:
        new = UnitPlace(
            unit_id=place.unit_id,
            parent_id=place.parent_id,
            name=named.get(place.unit_id, place.name),
            path=at.get(place.unit_id, place.path),
            starts_on=on,
        )
        if place.unit_id in parents:
            new.parent = parents[place.unit_id]
        if place.pk in split:
            fresh.append(new)
        else:
            new.pk = place.pk
            same_day.append(new)
    UnitPlace.objects.bulk_create(fresh, batch_size=500)
    UnitPlace.objects.bulk_update(same_day, ["name", "path", "parent"], batch_size=500)


def _write(changes: Sequence[UnitChange], at: dict[int, str]) -> None:
    """The rows of today: all changed units, then the paths of those below moved ones."""
    own = {change.unit.pk for change in changes}
    rows = [
        OrgUnit(
            pk=change.unit.pk,
            name=change.name,
            parent=change.parent,
            path=at.get(change.unit.pk, change.unit.path),
            **{word: getattr(change, word) for word in _WORDS},
        )
        for change in changes
    ]
    OrgUnit.objects.bulk_update(rows, ["name", "parent", "path", *_WORDS], batch_size=200)
    below = [OrgUnit(pk=key, path=path) for key, path in at.items() if key not in own]
    OrgUnit.objects.bulk_update(below, ["path"], batch_size=500)


def _take_over(unit: OrgUnit, change: UnitChange, at: dict[int, str]) -> None:
    """The caller's object shows what was written."""
    unit.name, unit.parent = change.name, change.parent
    unit.path = at.get(unit.pk, unit.path)
    for word in _WORDS:
        setattr(unit, word, getattr(change, word))


def _entries(
    change: UnitChange, on: date, by: Actor, now: datetime, reason: str
) -> Iterable[JournalEntry]:
    unit, day = change.unit, on.isoformat()
    if change.name != unit.name:
        before, after = {"name": unit.name}, {"name": change.name, "on": day}
        yield _entry(change, "unit_renamed", before, after, by, now, reason)
    if _is_moved(change):
        places = [parent.name if parent else None for parent in (unit.parent, change.parent)]
        before_, after_ = {"parent": places[0]}, {"parent": places[1], "on": day}
        yield _entry(change, "unit_moved", before_, after_, by, now, reason)
    old = {word: _plain(getattr(unit, word)) for word in _WORDS}
    new = {word: _plain(getattr(change, word)) for word in _WORDS}
    if old != new:
        words = [word for word in _WORDS if old[word] != new[word]]
        yield _entry(
            change,
            "unit_described",
            {word: old[word] for word in words},
            {word: new[word] for word in words},
            by,
            now,
            reason,
        )


def _entry(
    change: UnitChange,
    action: str,
    before: dict[str, Any],
    after: dict[str, Any],
    by: Actor,
    now: datetime,
    reason: str,
) -> JournalEntry:
    return entry(
        by=by,
        now=now,
        action=action,
        about=subject(change.unit),
        before=before,
        after=after,
        reason=reason,
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
