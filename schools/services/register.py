"""A school register becomes units of the tree: all of it or nothing."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from profmin.journal.services import Actor, write_entry
from profmin.lib import paths
from profmin.lib.errors import RuleBroken
from profmin.lib.planner import refresh_statistics
from profmin.lib.spreadsheets import TableRow, read_table
from schools.choices import FilePurpose, UnitKind
from schools.models import OrgUnit, StoredFile, UnitPlace
from schools.register_draft import (
    KnownUnit,
    Plan,
    RegisterRow,
    RowError,
    compare,
    depth,
    place,
    read,
)
from schools.services.changes import UnitChange, change_units
from schools.services.files import discard_file, file_path, store_file
from schools.services.units import UnitCard, lock_regions, open_units_below, subject

# Units a register can be loaded into.
ROOT_KINDS = frozenset({UnitKind.REGION, UnitKind.TERRITORY, UnitKind.MUNICIPALITY})


@dataclass(frozen=True)
class RegisterReview:
    """What loading would do, or all errors that forbid it.

    `mark` is equal for equal plans: whoever confirms says which plan was seen. `names`: code →
    name of every unit of the file and of the portal below the root.
    """

    plan: Plan
    errors: tuple[RowError, ...]
    unused: tuple[str, ...]
    mark: str
    names: Mapping[str, str]

    @property
    def does_something(self) -> bool:
        return bool(self.plan.created or self.plan.changed)


class RegisterRefused(RuleBroken):
    """The register has errors: nothing was written."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        super().__init__("Реестр не загружен: в нём есть ошибки.")
        self.errors = tuple(errors)


def find_root(code: str) -> OrgUnit:
    """The unit with this code, or «region code/unit code» where regions share codes.

    Raises `RuleBroken` where there is none, or more than one.
    """
    region, _, own = code.strip().rpartition("/")
    units = OrgUnit.objects.filter(code=own, kind__in=ROOT_KINDS)
    if region:
        units = units.filter(region__code=region)
    found = list(units.order_by("pk")[:2])
    if not found:
        raise RuleBroken(
            f"Региона, территориального управления или муниципалитета с кодом «{code}» в портале "
            "нет.",
            field="unit",
        )
    if len(found) > 1:
        raise RuleBroken(
            f"Код «{code}» есть в нескольких регионах. Напишите его с кодом региона: 68/{own}.",
            field="unit",
        )
    return found[0]


def read_register(path: Path) -> list[TableRow]:
    """The rows of the file; raises `RuleBroken` for a file that cannot be read."""
    return read_table(path)


def keep_register(*, root: OrgUnit, upload: UploadedFile, by: Actor, now: datetime) -> StoredFile:
    """Keeps a loaded file until a person has seen what it would do; one that cannot be read is
    refused and forgotten."""
    stored = store_file(
        unit=root,
        path=root.path or "",
        purpose=FilePurpose.REGISTER,
        upload=upload,
        by=by,
        now=now,
    )
    try:
        read_register(file_path(stored))  # outside of a transaction: it may take seconds
    except RuleBroken as refusal:
        discard_file(stored)
        raise RuleBroken(refusal.message, field="file") from refusal
    return stored


def review_register(*, rows: Sequence[TableRow], root: OrgUnit, on: date) -> RegisterReview:
    """What loading these rows into `root` would do. `on`: the day from which changes hold."""
    own = _known_root(root)
    known = _known_units(root, own)
    taken = frozenset(
        OrgUnit.objects.filter(region=root.region_id)
        .exclude(paths.under("path", root.path or ""))
        .values_list("code", flat=True)
    )
    reading = read([(row.number, row.cells) for row in rows])
    placed, errors = place(reading.rows, root=own, known=known, taken=taken)
    plan, wrong_days = compare(placed, root=own, known=known, on=on)
    found = sorted({*reading.errors, *errors, *wrong_days}, key=_by_row)
    if found:
        plan = Plan()
    names = {code: unit.name for code, unit in known.items()}
    names.update({row.code: row.name for row in placed})
    return RegisterReview(plan, tuple(found), reading.unused, _mark(plan, root, on), names)


def _by_row(error: RowError) -> tuple[int, str, str]:
    return error.row, error.column, error.message


def _mark(plan: Plan, root: OrgUnit, on: date) -> str:
    said = repr((root.pk, on, plan.created, plan.changed, plan.unchanged))
    return hashlib.sha256(said.encode()).hexdigest()


def _known_root(root: OrgUnit) -> KnownUnit:
    return KnownUnit(code=root.code, name=root.name, kind=root.kind)


def _known_units(root: OrgUnit, own: KnownUnit) -> dict[str, KnownUnit]:
    """Code → unit at or below the root, as the rules know it."""
    units = list(OrgUnit.objects.below(root).select_related("parent").in_tree_order())
    placed = dict(
        UnitPlace.objects.filter(unit__in=OrgUnit.objects.below(root), ends_on=None).values_list(
            "unit_id", "starts_on"
        )
    )
    return {
        own.code: own,
        **{unit.code: _known(unit, placed.get(unit.pk)) for unit in units},
    }


def _known(unit: OrgUnit, placed_on: date | None) -> KnownUnit:
    return KnownUnit(
        code=unit.code,
        name=unit.name,
        kind=unit.kind,
        parent_code=unit.parent.code if unit.parent else "",
        variety=unit.variety,
        founder=unit.founder,
        partner_kind=unit.partner_kind,
        opened_on=unit.opened_on,
        placed_on=placed_on,
        is_closed=unit.closed_on is not None,
    )


def import_register(
    *,
    rows: Sequence[TableRow],
    root: OrgUnit,
    on: date,
    by: Actor,
    now: datetime,
    today: date,
    seen: str = "",
) -> RegisterReview:
    """Opens and changes units as the register says; answers what was done.

    `seen`: the mark of the plan a person confirmed; another plan is refused. Raises
    `RegisterRefused` with all errors, `RuleBroken` for dates and for a tree that changed.
    """
    if on > today:
        raise RuleBroken(
            "Дата ещё не наступила. Внесите изменения в тот день или позже.", field="on"
        )
    with transaction.atomic():
        lock_regions([root])
        root.refresh_from_db()
        review = review_register(rows=rows, root=root, on=on)
        _refuse(review, root, on, seen)
        _open_new(review.plan.created, root, by, now, today)
        _change_old([change.row for change in review.plan.changed], root, on, by, now, today)
        _note(review, root, on, by, now)
        refresh_statistics(OrgUnit, UnitPlace)
    return review


def _refuse(review: RegisterReview, root: OrgUnit, on: date, seen: str) -> None:
    if root.kind not in ROOT_KINDS:
        raise RuleBroken("Реестр загружают в регион или муниципалитет.", field="unit")
    if not root.is_working(on):
        raise RuleBroken(f"«{root.name}» на эту дату закрыта.", field="unit")
    if review.errors:
        raise RegisterRefused(review.errors)
    if seen and seen != review.mark:
        raise RuleBroken(
            "Пока вы смотрели, организации изменились. Проверьте ещё раз, что будет загружено."
        )


def _open_new(
    rows: Sequence[RegisterRow], root: OrgUnit, by: Actor, now: datetime, today: date
) -> None:
    """Level by level, so that parents stand before what is below them."""
    units = _units(root)
    for _, level in groupby(rows, key=depth):
        placed = [(units[row.parent_code], _card(row)) for row in level]
        opened = open_units_below(placed=placed, by=by, now=now, today=today)
        units.update({unit.code: unit for unit in opened})


def _card(row: RegisterRow) -> UnitCard:
    return UnitCard(
        code=row.code,
        name=row.name,
        kind=row.kind,
        founder=row.founder,
        variety=row.variety,
        partner_kind=row.partner_kind,
        opened_on=row.opened_on,
    )


def _change_old(
    rows: Sequence[RegisterRow], root: OrgUnit, on: date, by: Actor, now: datetime, today: date
) -> None:
    if rows:
        units = _units(root)
        changes = [_unit_change(row, units) for row in rows]
        change_units(changes=changes, on=on, by=by, now=now, today=today, reason="Загрузка реестра")


def _unit_change(row: RegisterRow, units: Mapping[str, OrgUnit]) -> UnitChange:
    return UnitChange(
        unit=units[row.code],
        name=row.name,
        parent=units[row.parent_code],
        variety=row.variety,
        founder=row.founder,
        partner_kind=row.partner_kind,
        opened_on=row.opened_on,
    )


def _units(root: OrgUnit) -> dict[str, OrgUnit]:
    below = OrgUnit.objects.below(root).select_related("parent")
    return {root.code: root, **{unit.code: unit for unit in below}}


def _note(review: RegisterReview, root: OrgUnit, on: date, by: Actor, now: datetime) -> None:
    """One entry about the whole beside those of the single units."""
    write_entry(
        by=by,
        now=now,
        action="register_imported",
        about=subject(root),
        after={
            "created": len(review.plan.created),
            "changed": len(review.plan.changed),
            "unchanged": review.plan.unchanged,
            "on": on.isoformat(),
        },
    )
