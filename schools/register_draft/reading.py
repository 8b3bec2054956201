"""First pass: every row by itself. The heading row, then cells as values or errors. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from schools.choices import UnitKind
from schools.register_draft import words
from schools.register_draft.words import CODE, FOUNDER, KIND, MUNICIPALITY, NAME, OPENED, PARENT

TableRows = Sequence[tuple[int, Sequence[str]]]

_HEAD_WITHIN = 20  # rows in which the heading row is looked for
_CODE_LENGTH = 40
_NAME_LENGTH = 300
_VARIETY_LENGTH = 100
_EXCEL_ERRORS = frozenset(
    ("#N/A", "#Н/Д", "#REF!", "#ССЫЛКА!", "#VALUE!", "#ЗНАЧ!", "#NAME?", "#ИМЯ?", "#DIV/0!")
)


@dataclass(frozen=True)
class RowError:
    """What is wrong in one cell and how to mend it. `row` as Excel shows it."""

    row: int
    column: str
    message: str


@dataclass(frozen=True)
class KnownUnit:
    """A unit the portal already has. `parent_code` is "" for the root of the import;
    `placed_on` is the first day of its present place and name, None for «always»."""

    code: str
    name: str
    kind: str
    parent_code: str = ""
    variety: str = ""
    founder: str = ""
    partner_kind: str = ""
    opened_on: date | None = None
    placed_on: date | None = None
    is_closed: bool = False


@dataclass(frozen=True)
class RawRow:
    """A row read by itself: codes of municipality and parent are not looked up yet.

    `kind` is None where the word is not known (then there is an error for it).
    """

    row: int
    code: str
    name: str
    kind: words.Kind | None
    variety: str
    municipality: str
    parent: str
    founder: str
    opened_on: date | None


@dataclass(frozen=True)
class RegisterRow:
    """A row with its place found: what the unit is to be."""

    row: int
    code: str
    name: str
    kind: str
    parent_code: str
    variety: str = ""
    partner_kind: str = ""
    founder: str = ""
    opened_on: date | None = None


@dataclass(frozen=True)
class Reading:
    """The rows and the errors of the first pass. `unused`: headings nobody asked for."""

    rows: tuple[RawRow, ...]
    errors: tuple[RowError, ...]
    unused: tuple[str, ...] = ()


def read(table: TableRows) -> Reading:
    """The rows of a register. `table`: (number, cells) of every filled row, headings included."""
    head = _head(table)
    if head is None:
        number = table[0][0] if table else 1
        message = (
            "Не найдена строка заголовков. В первой строке должны стоять: "
            f"{', '.join(words.REQUIRED)}."
        )
        return Reading((), (RowError(number, CODE, message),))
    number, cells = table[head]
    columns, unused = _columns(cells)
    errors = list(_wrong_headings(number, cells, columns))
    if errors:
        return Reading((), tuple(errors), unused)
    rows = [_row(*line, columns, errors) for line in table[head + 1 :]]
    if not rows:
        errors.append(RowError(number, CODE, "Под заголовками нет ни одной строки."))
    errors.extend(_repeated(rows))
    return Reading(tuple(rows), tuple(errors), unused)


def _head(table: TableRows) -> int | None:
    """Which of the first rows holds the headings: the one with the most of them, at least two."""
    counts = [
        len({heading for cell in cells if (heading := words.heading_of(cell))})
        for _, cells in table[:_HEAD_WITHIN]
    ]
    best = max(counts, default=0)
    return counts.index(best) if best > 1 else None


def _columns(cells: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Heading → column; and the headings nobody asked for."""
    columns: dict[str, int] = {}
    unused = []
    for column, cell in enumerate(cells):
        heading = words.heading_of(cell)
        if heading:
            columns.setdefault(heading, column)
        elif cell:
            unused.append(cell)
    return columns, tuple(unused)


def _wrong_headings(
    number: int, cells: Sequence[str], columns: Mapping[str, int]
) -> Iterable[RowError]:
    for heading in words.REQUIRED:
        if heading not in columns:
            yield RowError(
                number,
                heading,
                f"Нет столбца «{heading}». Добавьте его; ячейки, которые не нужны, могут быть "
                "пустыми.",
            )
    for heading in columns:
        same = [cell for cell in cells if words.heading_of(cell) == heading]
        if len(same) > 1:
            written = ", ".join(f"«{cell}»" for cell in same)
            yield RowError(
                number,
                heading,
                f"Столбец «{heading}» есть несколько раз: {written}. Оставьте один.",
            )


def _row(
    number: int, cells: Sequence[str], columns: Mapping[str, int], errors: list[RowError]
) -> RawRow:
    values = {
        heading: cells[column].strip() if column < len(cells) else ""
        for heading, column in columns.items()
    }
    formulas = list(_excel_errors(number, values))
    spoilt = {error.column for error in formulas}
    errors.extend(formulas)
    errors.extend(error for error in _wrong_values(number, values) if error.column not in spoilt)
    return RawRow(
        row=number,
        code=values[CODE],
        name=values[NAME],
        kind=words.kind_of(values[KIND]),
        variety=values[KIND][:_VARIETY_LENGTH],
        municipality=values[MUNICIPALITY],
        parent=values[PARENT],
        founder=words.founder_of(values.get(FOUNDER, "")) or "",
        opened_on=words.date_of(values.get(OPENED, "")),
    )


def _excel_errors(number: int, values: dict[str, str]) -> Iterable[RowError]:
    """Errors of formulas; such a cell then counts as empty."""
    for heading, value in values.items():
        if value.upper() in _EXCEL_ERRORS:
            values[heading] = ""
            yield RowError(
                number, heading, f"В ячейке ошибка Excel «{value}». Впишите само значение."
            )


def _wrong_values(number: int, values: Mapping[str, str]) -> Iterable[RowError]:
    yield from _wrong_texts(number, values)
    kind, founder, opened = values[KIND], values.get(FOUNDER, ""), values.get(OPENED, "")
    if not kind:
        yield RowError(number, KIND, f"Укажите вид: {words.KIND_EXAMPLES}.")
    elif words.kind_of(kind) is None:
        yield RowError(
            number, KIND, f"Вид «{kind}» портал не знает. Подойдёт: {words.KIND_EXAMPLES}."
        )
    if founder and words.founder_of(founder) is None:
        yield RowError(
            number,
            FOUNDER,
            f"Учредитель «{founder}» не понят. Напишите: муниципальная, государственная, частная.",
        )
    if opened and words.date_of(opened) is None:
        yield RowError(number, OPENED, f"«{opened}» — не дата. Напишите день, например 01.09.2026.")


def _wrong_texts(number: int, values: Mapping[str, str]) -> Iterable[RowError]:
    code, name = values[CODE], values[NAME]
    if not code:
        yield RowError(
            number, CODE, "Укажите код: по нему портал узнаёт организацию при новой загрузке."
        )
    elif len(code) > _CODE_LENGTH:
        yield RowError(number, CODE, f"Код длиннее {_CODE_LENGTH} знаков. Сократите его.")
    if not name:
        yield RowError(number, NAME, "Укажите наименование организации.")
    elif len(name) > _NAME_LENGTH:
        yield RowError(
            number,
            NAME,
            f"Наименование длиннее {_NAME_LENGTH} знаков. Впишите краткое наименование.",
        )


def _repeated(rows: Sequence[RawRow]) -> Iterable[RowError]:
    first: dict[str, int] = {}
    for row in rows:
        if row.code and first.setdefault(row.code, row.row) != row.row:
            yield RowError(
                row.row,
                CODE,
                f"Код «{row.code}» уже стоит в строке {first[row.code]}. "
                "У каждой организации свой код.",
            )


def label(kind: str) -> str:
    """The kind in Russian, as messages say it."""
    return str(UnitKind(kind).label)
