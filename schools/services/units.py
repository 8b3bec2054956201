"""Units open, are renamed, move, merge and close on a date; past periods keep the old tree."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr

from profmin.journal.models import JournalEntry
from profmin.journal.services import Actor, Subject, entry, write_entries, write_entry
from profmin.lib import paths
from profmin.lib.errors import RuleBroken
from schools.choices import PARENT_KINDS, UnitKind
from schools.models import OrgUnit, UnitPlace
from schools.services.tree import TreeChange, tell_tree_changed

CLOSED = "Закрытую организацию не переводят."


@dataclass(frozen=True)
class UnitCard:
    """What a new unit is. `opened_on` None: it has always been there."""

    code: str
    name: str
    kind: str
    founder: str = ""
    variety: str = ""
    partner_kind: str = ""
    opened_on: date | None = None


def subject(unit: OrgUnit) -> Subject:
    """The unit as the matter of a journal entry."""
    return Subject("unit", unit.pk, unit.name, unit.pk, unit.path or "")


def open_unit(
    *, parent: OrgUnit | None, card: UnitCard, by: Actor, now: datetime, today: date
) -> OrgUnit:
    """A new unit below `parent`."""
    return open_units(parent=parent, cards=[card], by=by, now=now, today=today)[0]


def open_units(
    *, parent: OrgUnit | None, cards: list[UnitCard], by: Actor, now: datetime, today: date
) -> list[OrgUnit]:
    """New units below one parent, all or none."""
    return open_units_below(placed=[(parent, card) for card in cards], by=by, now=now, today=today)


def open_units_below(
    *,
    placed: Sequence[tuple[OrgUnit | None, UnitCard]],
    by: Actor,
    now: datetime,
    today: date,
) -> list[OrgUnit]:
    """New units below parents that all stand already, all or none; set-based."""
    with transaction.atomic():
        placed = _read_parents_anew(placed)
        for parent, card in placed:
            refuse_wrong_place(card.kind, parent)
            _refuse_closed_parent(parent, card.opened_on or today)
        _refuse_taken_codes(placed)
        units = OrgUnit.objects.bulk_create(
            [_unit(card, parent) for parent, card in placed], batch_size=500
        )
        for unit, (parent, _) in zip(units, placed, strict=True):
            unit.path = (parent.path or "" if parent else "") + paths.step(unit.pk)
            if unit.kind == UnitKind.REGION:
                unit.region = unit
        OrgUnit.objects.bulk_update(units, ["path", "region"], batch_size=500)
        UnitPlace.objects.bulk_create([_first_place(unit) for unit in units], batch_size=500)
        write_entries([_opened_entry(unit, by, now) for unit in units])
        tell_tree_changed(TreeChange(tuple(unit.pk for unit in units), today, now, by))
    return units


def _read_parents_anew(
    placed: Sequence[tuple[OrgUnit | None, UnitCard]],
) -> list[tuple[OrgUnit | None, UnitCard]]:
    """The same with the parents' rows as they stand behind the lock, in two statements."""
    parents = [parent for parent, _ in placed if parent is not None]
    lock_regions(parents)
    rows = OrgUnit.objects.in_bulk({parent.pk for parent in parents})
    return [(rows[parent.pk] if parent is not None else None, card) for parent, card in placed]


def _opened_entry(unit: OrgUnit, by: Actor, now: datetime) -> JournalEntry:
    return entry(
        by=by,
        now=now,
        action="unit_opened",
        about=subject(unit),
        after={"name": unit.name, "code": unit.code, "kind": unit.kind},
    )


def _unit(card: UnitCard, parent: OrgUnit | None) -> OrgUnit:
    return OrgUnit(
        code=card.code,
        name=card.name,
        kind=card.kind,
        founder=card.founder,
        variety=card.variety,
        partner_kind=card.partner_kind,
        opened_on=card.opened_on,
        parent=parent,
        region_id=parent.region_id if parent else None,
    )


def _first_place(unit: OrgUnit) -> UnitPlace:
    return UnitPlace(unit=unit, parent_id=unit.parent_id, name=unit.name, path=unit.path or "")


def lock_regions(units: Iterable[OrgUnit]) -> None:
    """One change of a region's tree at a time, until the transaction ends.

    SQLite locks by its immediate transactions; PostgreSQL by the row of the region.
    """
    regions = {unit.region_id for unit in units if unit.region_id}
    list(OrgUnit.objects.select_for_update().filter(pk__in=regions).order_by("pk"))


def _lock_tree(*units: OrgUnit) -> None:
    """Locks the tree; the units' rows are read anew behind the lock."""
    lock_regions(units)
    for unit in units:
        unit.refresh_from_db()


def refuse_wrong_place(kind: str, parent: OrgUnit | None) -> None:
    allowed = PARENT_KINDS[kind]
    if parent is None:
        if kind not in (UnitKind.COUNTRY, UnitKind.REGION):
            raise RuleBroken("Укажите вышестоящую организацию.", field="parent")
    elif parent.kind not in allowed:
        raise RuleBroken(
            f"{UnitKind(kind).label.capitalize()} не может подчиняться организации вида "
            f"«{parent.get_kind_display()}».",
            field="parent",
        )


def _refuse_closed_parent(parent: OrgUnit | None, on: date) -> None:
    if parent is not None and parent.closed_on is not None and parent.closed_on <= on:
        raise RuleBroken("Вышестоящая организация закрыта.", field="parent")


def _refuse_taken_codes(placed: Sequence[tuple[OrgUnit | None, UnitCard]]) -> None:
    """Codes are unique within a region; those of regions and of the country among themselves."""
    by_region: dict[int | None, list[str]] = {}
    for parent, card in placed:
        inside = parent is not None and card.kind != UnitKind.REGION
        region = parent.region_id if parent and inside else None
        by_region.setdefault(region, []).append(card.code)
    for region, codes in by_region.items():
        places = Q(region=region) if region else Q(kind__in=(UnitKind.COUNTRY, UnitKind.REGION))
        units = OrgUnit.objects.filter(places, code__in=codes)
        for code in [*units.values_list("code", flat=True), *_repeated(codes)]:
            raise RuleBroken(f"Код «{code}» уже занят. Укажите другой.", field="code")


def _repeated(codes: list[str]) -> list[str]:
    return [code for code, count in Counter(codes).items() if count > 1]


def rename_unit(
    *, unit: OrgUnit, name: str, on: date, by: Actor, now: datetime, today: date
) -> None:
    """A new name from `on`; earlier periods keep the old one."""
    name = name.strip()
    if not name:
        raise RuleBroken("Введите наименование.", field="name")
    refuse_future(on, today)
    with transaction.atomic():
        _lock_tree(unit)
        if unit.name == name:
            raise RuleBroken("Организация уже так называется.", field="name")
        before = unit.name
        _split_places(Q(unit=unit), on)
        UnitPlace.objects.filter(unit=unit, ends_on=None).update(name=name)
        OrgUnit.objects.filter(pk=unit.pk).update(name=name)
        unit.name = name
        write_entry(
            by=by,
            now=now,
            action="unit_renamed",
            about=subject(unit),
            before={"name": before},
            after={"name": name, "on": on.isoformat()},
        )


def move_unit(
    *,
    unit: OrgUnit,
    parent: OrgUnit,
    on: date,
    by: Actor,
    now: datetime,
    today: date,
    reason: str = "",
) -> None:
    """The unit and all below it go under `parent` from `on`."""
    refuse_future(on, today)
    with transaction.atomic():
        _lock_tree(unit, parent)
        _refuse_move(unit, parent, on)
        before = {"parent": unit.parent.name if unit.parent else None}
        moved = _move_rows(unit, parent, on)
        write_entry(
            by=by,
            now=now,
            action="unit_moved",
            about=subject(unit),
            before=before,
            after={"parent": parent.name, "on": on.isoformat()},
            reason=reason,
        )
        tell_tree_changed(TreeChange(moved, on, now, by))


def _refuse_move(unit: OrgUnit, parent: OrgUnit, on: date) -> None:
    refuse_wrong_place(unit.kind, parent)
    if unit.closed_on is not None:
        raise RuleBroken(CLOSED)
    if parent.region_id != unit.region_id:
        raise RuleBroken("Перевести можно только внутри региона.", field="parent")
    if paths.is_under(parent.path or "", unit.path or ""):
        raise RuleBroken("Нельзя подчинить организацию ей самой.", field="parent")
    if parent.pk == unit.parent_id:
        raise RuleBroken("Организация уже подчинена этой.", field="parent")
    if not parent.is_working(on):
        raise RuleBroken("Вышестоящая организация на эту дату закрыта.", field="parent")


def _move_rows(unit: OrgUnit, parent: OrgUnit, on: date) -> tuple[int, ...]:
    """Changes paths of the whole subtree, set-based. Answers the moved units' keys."""
    old, new = unit.path or "", (parent.path or "") + paths.step(unit.pk)
    subtree = OrgUnit.objects.filter(paths.under("path", old))
    moved = tuple(subtree.values_list("pk", flat=True))
    _split_places(Q(unit_id__in=moved), on)
    rest = Concat(Value(new), Substr("path", len(old) + 1))
    UnitPlace.objects.filter(unit_id__in=moved, ends_on=None).update(path=rest)
    UnitPlace.objects.filter(unit=unit, ends_on=None).update(parent=parent)
    subtree.update(path=rest)
    OrgUnit.objects.filter(pk=unit.pk).update(parent=parent)
    unit.refresh_from_db()
    return moved


def _split_places(which: Q, on: date) -> None:
    """Ends the open places on `on` and opens equal ones; places that start then stay."""
    open_places = UnitPlace.objects.filter(which, ends_on=None)
    if open_places.filter(starts_on__gt=on).exists():
        raise RuleBroken(
            "После этой даты у организации уже есть изменения. Укажите более позднюю.", field="on"
        )
    splitting = open_places.filter(Q(starts_on=None) | Q(starts_on__lt=on))
    fresh = [
        UnitPlace(
            unit_id=place.unit_id,
            parent_id=place.parent_id,
            name=place.name,
            path=place.path,
            starts_on=on,
        )
        for place in splitting
    ]
    splitting.update(ends_on=on)
    UnitPlace.objects.bulk_create(fresh, batch_size=500)


def refuse_future(on: date, today: date) -> None:
    if on > today:
        raise RuleBroken(
            "Дата ещё не наступила. Внесите изменение в тот день или позже.", field="on"
        )


def close_unit(
    *, unit: OrgUnit, on: date, by: Actor, now: datetime, today: date, reason: str = ""
) -> None:
    """The unit no longer works from `on`; its history stays."""
    with transaction.atomic():
        _lock_tree(unit)
        _refuse_closing(unit, on)
        _close(unit, on, None)
        write_entry(
            by=by,
            now=now,
            action="unit_closed",
            about=subject(unit),
            after={"on": on.isoformat()},
            reason=reason,
        )
        tell_tree_changed(TreeChange((unit.pk,), on, now, by))


def merge_unit(
    *,
    unit: OrgUnit,
    into: OrgUnit,
    on: date,
    by: Actor,
    now: datetime,
    today: date,
    reason: str = "",
) -> None:
    """The unit is closed and joined to `into`; its branches go over to it."""
    refuse_future(on, today)
    with transaction.atomic():
        _lock_tree(unit, into)
        _refuse_merger(unit, into, on)
        _refuse_closed(unit, on)
        children = OrgUnit.objects.filter(parent=unit).exclude(closed_on__lte=on)
        moved = [key for child in children.order_by("pk") for key in _move_rows(child, into, on)]
        _close(unit, on, into)
        write_entry(
            by=by,
            now=now,
            action="unit_merged",
            about=subject(unit),
            after={"into": into.name, "on": on.isoformat()},
            reason=reason,
        )
        tell_tree_changed(TreeChange((unit.pk, *moved), on, now, by))


def _refuse_merger(unit: OrgUnit, into: OrgUnit, on: date) -> None:
    if into.pk == unit.pk or into.kind != unit.kind or into.region_id != unit.region_id:
        raise RuleBroken("Присоединить можно к другой организации того же вида.", field="into")
    if not into.is_working(on):
        raise RuleBroken("Организация, к которой присоединяют, закрыта.", field="into")


def _close(unit: OrgUnit, on: date, successor: OrgUnit | None) -> None:
    OrgUnit.objects.filter(pk=unit.pk, closed_on=None).update(closed_on=on, successor=successor)
    unit.refresh_from_db()


def _refuse_closed(unit: OrgUnit, on: date) -> None:
    if unit.closed_on is not None:
        raise RuleBroken("Организация уже закрыта.")
    if unit.opened_on and on < unit.opened_on:
        raise RuleBroken("Нельзя закрыть раньше, чем открыли.", field="on")


def _refuse_closing(unit: OrgUnit, on: date) -> None:
    _refuse_closed(unit, on)
    if OrgUnit.objects.below(unit).exclude(closed_on__lte=on).exists():
        raise RuleBroken("Сначала закройте или переведите подчинённые организации.", field="on")


def reopen_unit(*, unit: OrgUnit, by: Actor, now: datetime, today: date, reason: str = "") -> None:
    """Takes a mistaken closing back. Branches that went over by a merger stay where they are."""
    with transaction.atomic():
        _lock_tree(unit)
        before = unit.closed_on
        if before is None:
            raise RuleBroken("Организация не закрыта.")
        if unit.parent and unit.parent.closed_on is not None:
            raise RuleBroken("Сначала откройте вышестоящую организацию.")
        OrgUnit.objects.filter(pk=unit.pk).update(closed_on=None, successor=None)
        unit.refresh_from_db()
        write_entry(
            by=by,
            now=now,
            action="unit_reopened",
            about=subject(unit),
            before={"closed_on": before.isoformat()},
            reason=reason,
        )
        tell_tree_changed(TreeChange((unit.pk,), today, now, by))


def path_on(unit: OrgUnit, day: date) -> str:
    """The unit's path on that day."""
    place = UnitPlace.objects.on(day).filter(unit=unit).first()
    return place.path if place else unit.path or ""


def wrong_paths() -> int:
    """How many units lie elsewhere than their parent says: 0, or the tree is damaged."""
    expected = OrgUnit.objects.exclude(parent=None).exclude(path__startswith=F("parent__path"))
    return expected.count()
