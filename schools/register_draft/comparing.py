"""What a register would change: against the units the portal has. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from schools.choices import FounderKind, PartnerKind, UnitKind
from schools.register_draft.reading import KnownUnit, RegisterRow, RowError, label
from schools.register_draft.words import (
    CODE,
    FOUNDER,
    KIND,
    NAME,
    OPENED,
    PARENT,
    founder_in_name,
)

# Parents come before what stands below them.
_DEPTH = {UnitKind.TERRITORY: 0, UnitKind.MUNICIPALITY: 1, UnitKind.BRANCH: 3}
_USUAL_DEPTH = 2
_WITH_VARIETY = frozenset({UnitKind.SCHOOL})  # СОШ, гимназия, лицей: the kind does not tell
_WITH_FOUNDER = frozenset({UnitKind.SCHOOL, UnitKind.BRANCH})


@dataclass(frozen=True)
class Difference:
    """One thing that changes, in a person's words. `column`: the heading it stands under."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """A unit the portal has and the register states otherwise. `row` has all values filled:
    what the register leaves empty is as it was."""

    row: RegisterRow
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Plan:
    """What loading would do. `created` is in an order in which parents come first. `missing`:
    units below the root, of the kinds the register speaks of, which it does not name and which
    are not closed; they stay as they are."""

    created: tuple[RegisterRow, ...] = ()
    changed: tuple[Change, ...] = ()
    unchanged: int = 0
    missing: tuple[KnownUnit, ...] = ()


def compare(
    rows: Sequence[RegisterRow], *, root: KnownUnit, known: Mapping[str, KnownUnit], on: date
) -> tuple[Plan, list[RowError]]:
    """The plan and the errors of dates. `on`: the day from which changes hold."""
    named = {row.code: row.name for row in rows}
    created: list[RegisterRow] = []
    changed: list[Change] = []
    errors: list[RowError] = []
    unchanged = 0
    for row in rows:
        unit = known.get(row.code)
        if unit is None:
            created.append(_completed(row))
            continue
        change = _change(row, unit, known, named)
        if change.differences:
            changed.append(change)
            errors.extend(_wrong_days(change, unit, known, on))
        else:
            unchanged += 1
    created.sort(key=depth)
    kinds = {row.kind for row in rows}
    missing = tuple(
        unit
        for code, unit in known.items()
        if code not in named and code != root.code and unit.kind in kinds and not unit.is_closed
    )
    return Plan(tuple(created), tuple(changed), unchanged, missing), errors


def depth(row: RegisterRow) -> int:
    """How far down units of this kind stand: 0 is the highest."""
    return _DEPTH.get(UnitKind(row.kind), _USUAL_DEPTH)


def _completed(row: RegisterRow) -> RegisterRow:
    """A new unit: the founder told by its name where the register does not say it."""
    if row.founder or row.kind not in _WITH_FOUNDER:
        return row
    return replace(row, founder=founder_in_name(row.name))


def _change(
    row: RegisterRow,
    unit: KnownUnit,
    known: Mapping[str, KnownUnit],
    named: Mapping[str, str],
) -> Change:
    full = replace(
        row,
        founder=row.founder or unit.founder,
        opened_on=row.opened_on or unit.opened_on,
        variety=unit.variety if _says_nothing_new(row, unit) else row.variety,
        partner_kind=_partner_kind(row, unit),
    )
    return Change(full, tuple(_differences(full, unit, known, named)))


def _differences(
    row: RegisterRow,
    unit: KnownUnit,
    known: Mapping[str, KnownUnit],
    named: Mapping[str, str],
) -> Iterable[Difference]:
    if row.name != unit.name:
        yield Difference(NAME, unit.name, row.name)
    if row.parent_code != unit.parent_code:
        before, after = (
            named.get(code) or (known[code].name if code in known else code)
            for code in (unit.parent_code, row.parent_code)
        )
        yield Difference(PARENT, before, after)
    if (row.variety, row.partner_kind) != (unit.variety, unit.partner_kind):
        yield Difference(KIND, unit.variety, row.variety)
    if row.founder != unit.founder:
        yield Difference(FOUNDER, _founder(unit.founder), _founder(row.founder))
    if row.opened_on != unit.opened_on:
        yield Difference(OPENED, _day(unit.opened_on), _day(row.opened_on))


def _wrong_days(
    change: Change, unit: KnownUnit, known: Mapping[str, KnownUnit], on: date
) -> Iterable[RowError]:
    columns = {difference.column for difference in change.differences}
    parent = known.get(change.row.parent_code)
    if columns & {NAME, PARENT} and unit.placed_on and unit.placed_on > on:
        yield RowError(
            change.row.row,
            CODE,
            f"После {on:%d.%m.%Y} у этой организации уже есть изменения (с "
            f"{unit.placed_on:%d.%m.%Y}). Укажите более позднюю дату изменений.",
        )
    if PARENT in columns and parent and parent.opened_on and parent.opened_on > on:
        yield RowError(
            change.row.row,
            PARENT,
            f"Организация «{parent.name}» открыта только с {parent.opened_on:%d.%m.%Y}. "
            "Укажите более позднюю дату изменений.",
        )


def _says_nothing_new(row: RegisterRow, unit: KnownUnit) -> bool:
    """The same word as before; or, where none was, one that only repeats the kind: «школа»,
    «колледж» for a college."""
    word = row.variety.casefold()
    if unit.variety:
        return word == unit.variety.casefold()
    if unit.kind in _WITH_VARIETY:
        return word == label(unit.kind)
    return _partner_kind(row, unit) == unit.partner_kind


def _partner_kind(row: RegisterRow, unit: KnownUnit) -> str:
    """«Партнёр» alone does not make a college something else."""
    general = row.partner_kind in ("", PartnerKind.OTHER)
    return unit.partner_kind if general and unit.partner_kind else row.partner_kind


def _founder(code: str) -> str:
    return str(FounderKind(code).label) if code else "не указан"


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else "не указано"
