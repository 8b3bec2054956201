"""Second pass: every row's parent, in the file or in the portal. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from schools.choices import PARENT_KINDS, FounderKind, UnitKind
from schools.register_draft.reading import KnownUnit, RawRow, RegisterRow, RowError, label
from schools.register_draft.words import (
    CODE,
    KIND,
    MUNICIPALITY,
    PARENT,
    Kind,
    founder_in_name,
)

# Letters that look alike in both alphabets: «М1» typed in Cyrillic is not «M1».
_LOOKALIKES = str.maketrans("авекмнорстух", "abekmhopctyx")


class _Spot(NamedTuple):
    """What stands under a code: a row of the file, or a unit of the portal."""

    code: str
    name: str
    kind: str | None  # None: the row's word was not understood
    is_closed: bool


@dataclass(frozen=True)
class _Tree:
    """The units of the portal below the root, with the file's rows laid over them."""

    root: KnownUnit
    known: Mapping[str, KnownUnit]
    rows: Mapping[str, RawRow]

    def spot(self, code: str) -> _Spot | None:
        row, unit = self.rows.get(code), self.known.get(code)
        if unit is not None:
            return _Spot(code, unit.name, unit.kind, unit.is_closed)
        if row is not None:
            return _Spot(code, row.name, row.kind.kind if row.kind else None, is_closed=False)
        return None

    def above(self, code: str) -> Iterator[str]:
        """The codes from `code` up to the root; ends where it would go round."""
        seen: set[str] = set()
        while code and code not in seen:
            seen.add(code)
            yield code
            code = self._parent(code)

    def _parent(self, code: str) -> str:
        row, unit = self.rows.get(code), self.known.get(code)
        if row is not None and code != self.root.code:
            stated = _stated(row)
            if stated:
                return stated
        return unit.parent_code if unit else ""

    def goes_round(self, row: RawRow) -> bool:
        """Whether the units above the row come back to it."""
        code, seen = _stated(row), set[str]()
        while code and code not in seen:
            if code == row.code:
                return True
            seen.add(code)
            code = self._parent(code)
        return False

    def similar(self, code: str) -> str:
        """A known code that differs only by case or by letters that look alike."""
        wanted = _look(code)
        return next((other for other in (*self.rows, *self.known) if _look(other) == wanted), "")


def place(
    rows: Sequence[RawRow],
    *,
    root: KnownUnit,
    known: Mapping[str, KnownUnit],
    taken: frozenset[str] = frozenset(),
) -> tuple[list[RegisterRow], list[RowError]]:
    """The rows with their parents, and all errors of places.

    `known`: code → unit of the portal at or below `root`, which is the unit the register
    belongs to. `taken`: codes of the same region that lie elsewhere; nothing more is said of
    them. Rows with an error are left out.
    """
    first: dict[str, RawRow] = {}
    for row in rows:
        if row.code:
            first.setdefault(row.code, row)
    tree = _Tree(root, known, first)
    placed: list[RegisterRow] = []
    errors: list[RowError] = []
    for row in rows:
        wrong = list(_wrong_codes(row, tree, taken))
        if not wrong and row.kind:
            parent, wrong = _parent_of(row, row.kind.kind, tree)
            if not wrong:
                placed.append(_placed(row, row.kind, parent))
        elif row.code != root.code and (row.kind is None or row.code in taken):
            wrong.extend(_wrong_references(row, None, tree))
        errors.extend(wrong)
    return placed, errors


def _placed(row: RawRow, kind: Kind, parent: str) -> RegisterRow:
    return RegisterRow(
        row=row.row,
        code=row.code,
        name=row.name,
        kind=kind.kind,
        parent_code=parent,
        variety=row.variety,
        partner_kind=kind.partner_kind,
        founder=row.founder,
        opened_on=row.opened_on,
    )


def _wrong_codes(row: RawRow, tree: _Tree, taken: frozenset[str]) -> Iterable[RowError]:
    """The row's own code: foreign, of the root, of a closed unit, of a unit of another kind."""
    unit = tree.known.get(row.code)
    if row.code and row.code == tree.root.code:
        yield RowError(
            row.row,
            CODE,
            f"«{row.code}» — код самой организации «{tree.root.name}», в которую загружается "
            "реестр. Удалите эту строку.",
        )
    elif row.code in taken:
        yield RowError(row.row, CODE, f"Код «{row.code}» занят. Укажите другой.")
    elif unit and unit.is_closed:
        yield RowError(
            row.row,
            CODE,
            f"Организация с кодом «{row.code}» закрыта. Удалите строку или отмените закрытие "
            "на странице организации.",
        )
    elif unit and row.kind and unit.kind != row.kind.kind:
        yield RowError(
            row.row,
            KIND,
            f"Под кодом «{row.code}» в портале уже есть {label(unit.kind)} «{unit.name}». Вид "
            "не меняется: закройте её и заведите организацию с новым кодом.",
        )


def _stated(row: RawRow) -> str:
    """The parent's code as the row states it: «Вышестоящее», else the municipality."""
    if row.parent:
        return row.parent
    return "" if row.municipality == row.code else row.municipality


def _parent_of(row: RawRow, kind: UnitKind, tree: _Tree) -> tuple[str, list[RowError]]:
    """The parent's code and what is wrong with it."""
    errors = _wrong_references(row, kind, tree)
    if row.parent:
        return row.parent, errors
    municipality = _stated(row)
    if kind == UnitKind.BRANCH:
        errors.append(
            RowError(row.row, PARENT, "Для филиала укажите в этом столбце код его школы.")
        )
        return "", errors
    if municipality and UnitKind.MUNICIPALITY in PARENT_KINDS[kind]:
        return municipality, errors
    unit = tree.known.get(row.code)
    if unit and not municipality:
        return unit.parent_code, errors  # nothing is said of its place: it stays where it is
    errors.extend(_wrong_under_root(row, kind, tree.root))
    return tree.root.code, errors


def _wrong_references(row: RawRow, kind: UnitKind | None, tree: _Tree) -> list[RowError]:
    """What is wrong with the codes of municipality and parent; without `kind`
    (not known, or of no matter yet) nothing is said of what may stand under what."""
    errors = list(_wrong_municipality(row, tree))
    if row.parent:
        errors.extend(_wrong_parent(row, kind, tree))
        if not errors:
            errors.extend(_wrong_pair(row, tree))
    return errors


def _wrong_municipality(row: RawRow, tree: _Tree) -> Iterable[RowError]:
    code = row.municipality
    if not code or code == row.code:
        return
    spot = tree.spot(code)
    if spot is None:
        yield RowError(
            row.row,
            MUNICIPALITY,
            f"Муниципалитета с кодом «{code}» нет ни в портале, ни в файле. "
            f"{_hint(code, tree)}Исправьте код или добавьте строку этого муниципалитета.",
        )
    elif spot.is_closed:
        yield RowError(
            row.row, MUNICIPALITY, f"Муниципалитет «{spot.name}» закрыт. Укажите действующий."
        )
    elif spot.kind not in (UnitKind.MUNICIPALITY, None):
        yield RowError(
            row.row,
            MUNICIPALITY,
            f"«{code}» — это {label(spot.kind)} «{spot.name}». Укажите код муниципалитета.",
        )


def _wrong_parent(row: RawRow, kind: UnitKind | None, tree: _Tree) -> Iterable[RowError]:
    code = row.parent
    spot = tree.spot(code)
    if code == row.code:
        yield RowError(
            row.row,
            PARENT,
            "Организация указана вышестоящей для самой себя. Укажите код другой организации.",
        )
    elif spot is None:
        yield RowError(
            row.row,
            PARENT,
            f"Организации с кодом «{code}» нет ни в портале, ни в файле. "
            f"{_hint(code, tree)}Исправьте код или добавьте её строку.",
        )
    elif tree.goes_round(row):
        yield RowError(
            row.row,
            PARENT,
            f"Получается круг: «{row.code}» подчинена «{code}», а та — снова «{row.code}». "
            "Исправьте один из кодов.",
        )
    elif spot.is_closed:
        yield RowError(row.row, PARENT, f"Организация «{spot.name}» закрыта. Укажите действующую.")
    elif kind and spot.kind is not None and spot.kind not in PARENT_KINDS[kind]:
        yield RowError(row.row, PARENT, _wrong_kinds(kind, spot))


def _wrong_kinds(kind: UnitKind, spot: _Spot) -> str:
    allowed = ", ".join(sorted(label(above) for above in PARENT_KINDS[kind]))
    return (
        f"{label(kind).capitalize()} не может подчиняться организации вида "
        f"«{label(spot.kind or '')}» («{spot.name}»). Здесь должен быть код организации вида: "
        f"{allowed}."
    )


def _wrong_pair(row: RawRow, tree: _Tree) -> Iterable[RowError]:
    """The parent lies in another municipality than the row says."""
    if not row.municipality or row.municipality == row.code:
        return
    for code in tree.above(row.parent):
        spot = tree.spot(code)
        if spot and spot.kind == UnitKind.MUNICIPALITY and code != row.municipality:
            yield RowError(
                row.row,
                MUNICIPALITY,
                f"Указан муниципалитет «{row.municipality}», а вышестоящая организация "
                f"«{row.parent}» относится к муниципалитету «{code}». Исправьте один из кодов.",
            )


def _wrong_under_root(row: RawRow, kind: UnitKind, root: KnownUnit) -> Iterable[RowError]:
    """The row names no parent at all: it would stand right under the root."""
    if root.kind not in PARENT_KINDS[kind]:
        yield RowError(
            row.row,
            PARENT,
            f"{label(kind).capitalize()} не может подчиняться организации вида "
            f"«{label(root.kind)}» («{root.name}»). Укажите код вышестоящей организации.",
        )
    elif kind == UnitKind.SCHOOL and root.kind != UnitKind.MUNICIPALITY:
        founder = row.founder or founder_in_name(row.name)
        if founder == FounderKind.MUNICIPAL:
            yield RowError(
                row.row,
                MUNICIPALITY,
                "Укажите код муниципалитета: без него стоят только государственные и частные "
                "школы, а эта — муниципальная.",
            )


def _hint(code: str, tree: _Tree) -> str:
    similar = tree.similar(code)
    return f"Есть похожий код «{similar}» (другой регистр или раскладка). " if similar else ""


def _look(code: str) -> str:
    return code.casefold().translate(_LOOKALIKES)
