"""Which column of a table is which, by its heading in any order and of one or two rows. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from plans.readers.document import Row
from plans.roadmap_draft.months import FEWEST, period_of
from plans.roadmap_draft.numbers import is_number
from profmin.lib.text import clean, folded

Role = Literal[
    "number", "title", "deadline", "responsible", "result", "documents", "links", "indicators"
]

HEADING = 120  # characters; a longer cell is no heading
DEEP = 15  # rows of a table in which its head is looked for

_STRONG: tuple[tuple[Role, str], ...] = (
    (
        "number",
        r"^(?:№|n)(?:\s?(?:п\s?[/.\\-]?\s?п|пункта|строки|мероприятия|пп))?\.?$|^п\s?/\s?п$",
    ),
    ("number", r"^(?:порядковый )?номер(?: п/п| по порядку| пункта| мероприятия)?$|^код$"),
    ("result", r"документ\w*,? подтвержда|подтвержда\w+ документ|подтвержден|вид\w* документ"),
    ("result", r"результат|^итог|^выход|отчетност|отчетн\w+ (?:документ|материал)|продукт"),
    ("result", r"форма (?:завершени|представлени|контрол|предоставлени)|ожидаем|эффект"),
    ("indicators", r"показател|индикатор|целев\w+ значени|критери"),
    ("links", r"ссылк|\burl\b|интернет-адрес|адрес\w* (?:страниц|сайт|в сети)"),
    ("deadline", r"срок|\bдата\b|\bдаты\b|период|время проведени|^время$|^месяц|когда|график"),
    ("responsible", r"ответственн|исполнител|кто (?:проводит|отвечает|выполняет)|координатор"),
    ("documents", r"документ|\bнпа\b|нормативн|правов\w+ (?:акт|основани)|^основани"),
    (
        "title",
        r"мероприят|содержание|^действия|виды? (?:работ|деятельност)|дела\b|что (?:дела|сдела)",
    ),
    ("title", r"направлени\w* (?:работ|деятельност)|наименование (?:работ|меропр|действ|событ)"),
)
_WEAK: tuple[tuple[Role, str], ...] = (
    (
        "title",
        r"^наименование$|^название|направлени|^задач|^меры|^работы?$|^событи|^наименование|^тема",
    ),
    ("responsible", r"организатор|^фио|^кто$"),
    ("deadline", r"^начал|^окончан|^год$|^четверть|^квартал"),
    ("indicators", r"значени|количеств|охват"),
    ("documents", r"приказ|локальн\w+ акт"),
)
_BOTH = re.compile(
    r"(?:срок|дат[аы]\b|период).*(?:[,;/+]|\bи\b).*(?:ответствен|исполнител)"
    r"|(?:ответствен|исполнител).*(?:[,;/+]|\bи\b).*(?:срок|дат[аы]\b|период)"
)
_DIVISION = re.compile(
    r"начал|оконч|заверш|план|факт|количеств|дата|срок|фио|ф\.и\.о|должност|показател|значени|"
    r"единиц|ед\. ?изм|наименован"
)


@dataclass(frozen=True)
class Column:
    """A column of the plan: grid lines [start, end), its heading and meaning (None: unknown).

    `above`: the part of the heading that stands in the upper row of the head; `period`: the
    month or quarter of a calendar in which a mark is put; `joint`: deadline and responsible.
    """

    start: int
    end: int
    heading: str
    role: Role | None = None
    above: str = ""
    period: str = ""
    joint: bool = False


@dataclass(frozen=True)
class Columns:
    """The columns of a table and how many of its rows, from the first, they were read from."""

    columns: tuple[Column, ...]
    head_rows: int = 0
    head_start: int = 0
    guessed: bool = False

    def of(self, role: Role) -> tuple[int, ...]:
        """0-based indices of the columns with this meaning."""
        return tuple(
            at
            for at, column in enumerate(self.columns)
            if column.role == role or (column.joint and role == "responsible")
        )

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(role for role in ROLES if self.of(role))

    @property
    def joint(self) -> bool:
        """Whether deadline and responsible stand in one column."""
        return any(column.joint for column in self.columns)

    @property
    def calendar(self) -> bool:
        """Whether the deadline is told by marks under months."""
        return any(column.period for column in self.columns)

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(folded(column.heading) for column in self.columns)

    def as_json(self) -> dict[str, int]:
        """Meaning to 0-based index of its first column, in the contract's order."""
        return {role: self.of(role)[0] for role in ROLES if self.of(role)}


ROLES: tuple[Role, ...] = (
    *("number", "title", "deadline", "responsible"),
    *("result", "documents", "links", "indicators"),
)


def find_columns(rows: Sequence[Row]) -> Columns | None:
    """The columns by the first row that is a head; None where the table is no plan."""
    for place, row in enumerate(rows[:DEEP]):
        if _is_head(row):
            return _columns_at(rows, place)
    return None


def is_lean_plan(columns: Columns) -> bool:
    """A plan of numbers and «Мероприятие» alone; a list of schools is none."""
    titles = [columns.columns[at].heading for at in columns.of("title")]
    return any(_strong(heading) == "title" for heading in titles)


def is_number_row(texts: Sequence[str]) -> bool:
    """«1 2 3 4 5» under a head: the columns counted."""
    said = [re.sub(r"[\s.)(]", "", text) for text in texts]
    return len(said) > 2 and sorted(said) == sorted(map(str, range(1, len(said) + 1)))


def _is_head(row: Row) -> bool:
    texts = [clean(cell.text) for cell in row.cells if clean(cell.text)]
    periods = [text for text in texts if period_of(text)]
    if len(periods) >= FEWEST:
        texts = [text for text in texts if text not in periods] + ["Срок"]
    if len(texts) < 2 or any(len(text) > HEADING for text in texts):
        return False
    strong = [role for role in (_strong(text) for text in texts) if role]
    known = [role for role in map(_any, texts) if role]
    kinds = set(known)
    enough = len(kinds - {"number"}) >= 2 or ("number" in kinds and len(kinds) >= 2)
    return bool(strong) and enough and "title" in kinds and len(known) * 2 >= len(texts)


def _strong(text: str) -> Role | None:
    return _earliest(folded(text), _STRONG)


def _any(text: str) -> Role | None:
    return _strong(text) or _earliest(folded(text), _WEAK)


def _earliest(heading: str, words: Sequence[tuple[Role, str]]) -> Role | None:
    """The meaning whose word stands first in the heading; of two at one place the former."""
    best: tuple[int, int, Role] | None = None
    for order, (role, pattern) in enumerate(words):
        found = re.search(pattern, heading)
        if found and (best is None or (found.start(), order) < best[:2]):
            best = (found.start(), order, role)
    return best[2] if best else None


def _columns_at(rows: Sequence[Row], place: int) -> Columns:
    top = _ranges(rows[place])
    head_rows = 1
    below = rows[place + 1] if place + 1 < len(rows) else None
    if below is not None and _is_second_head(rows[place], below):
        top = _split(top, _ranges(below))
        head_rows = 2
    return Columns(tuple(_with_roles(top)), head_rows, place)


def _ranges(row: Row) -> list[Column]:
    columns, at = [], 0
    for cell in row.cells:
        columns.append(Column(at, at + cell.span, clean(cell.text)))
        at += cell.span
    return columns


def _is_second_head(row: Row, below: Row) -> bool:
    """Whether the row under the head only divides its columns: nothing under its number and
    title, short words elsewhere."""
    texts = [clean(cell.text) for cell in below.cells]
    said = [text for text in texts if text]
    merged = any(cell.continues for cell in below.cells)
    if not said or is_number_row(texts) or any(len(text) > HEADING // 2 for text in said):
        return False
    heads = {column.start: _any(column.heading) for column in _ranges(row)}
    free = all(
        not column.heading or heads.get(column.start) not in ("number", "title")
        for column in _ranges(below)
    )
    divided = len(below.cells) > len(row.cells) or merged
    words = divided or all(_DIVISION.search(folded(text)) for text in said)
    return free and words and not is_number(texts[0])


def _split(top: Sequence[Column], below: Sequence[Column]) -> list[Column]:
    """The upper columns, divided where the lower row divides them."""
    columns: list[Column] = []
    for upper in top:
        parts = [one for one in below if upper.start <= one.start < upper.end]
        if len(parts) < 2 and not any(one.heading for one in parts):
            columns.append(upper)
            continue
        columns += [
            Column(
                one.start, one.end, f"{upper.heading} {one.heading}".strip(), above=upper.heading
            )
            for one in parts
        ]
    return columns


def _with_roles(columns: Sequence[Column]) -> list[Column]:
    """The columns with their meanings: sure words first, then weaker words for what is missing."""
    roles: list[Role | None] = [_strong(column.heading) for column in columns]
    roles = _one_title(columns, roles)
    periods = _periods(columns)
    joint = _joint(columns, roles)
    for at in joint:
        roles[at] = "deadline"
    if any(periods):
        roles = [
            "deadline" if period else None if role == "deadline" else role
            for role, period in zip(roles, periods, strict=True)
        ]
    for at, column in enumerate(columns):
        free = roles[at] is None and not (any(periods) and at not in joint and _is_timed(column))
        weak = _earliest(folded(column.heading), _WEAK) if free else None
        if weak and weak not in roles:
            roles[at] = weak
    return [
        replace(column, role=role, period=period, joint=at in joint)
        for at, (column, role, period) in enumerate(zip(columns, roles, periods, strict=True))
    ]


def _is_timed(column: Column) -> bool:
    return _any(column.heading) == "deadline"


def _periods(columns: Sequence[Column]) -> list[str]:
    """The month or quarter of each column of a calendar; a column or two are none."""
    own = [column.heading[len(column.above) :].strip() for column in columns]
    found = [
        period_of(heading, column.above) or "" for heading, column in zip(own, columns, strict=True)
    ]
    return found if sum(map(bool, found)) >= FEWEST else [""] * len(columns)


def _joint(columns: Sequence[Column], roles: Sequence[Role | None]) -> list[int]:
    """The column «Сроки и ответственные», where neither has a column of its own."""
    both = [at for at, one in enumerate(columns) if _BOTH.search(folded(one.heading))]
    others = {role for at, role in enumerate(roles) if at not in both}
    return both[:1] if not others & {"deadline", "responsible"} else []


def _one_title(columns: Sequence[Column], roles: list[Role | None]) -> list[Role | None]:
    """Of several title columns («Направление деятельности», «Мероприятие») one is the title."""
    titles = [at for at, role in enumerate(roles) if role == "title"]
    if len(titles) < 2:
        return roles
    best = next((at for at in titles if "мероприят" in folded(columns[at].heading)), titles[0])
    return [None if at in titles and at != best else role for at, role in enumerate(roles)]


def guess_columns(rows: Sequence[Row], looks: Mapping[str, "Look"]) -> Columns | None:
    """The columns of a table without a head, by what stands in them; None if nothing is sure."""
    body = [row for row in rows if len([cell for cell in row.cells if cell.text]) > 1]
    if len(body) < 2:
        return None
    widest = max(body, key=lambda row: len(row.cells))
    columns = _ranges(widest)
    texts = {at: _texts_in(body, column) for at, column in enumerate(columns)}
    roles: dict[int, Role] = {}
    for role in ("number", "deadline", "responsible"):
        shares = {at: looks[role].share(said) for at, said in texts.items() if at not in roles}
        best = max(shares, key=lambda at: shares[at], default=None)
        if best is not None and shares[best] >= 0.6:
            roles[best] = role
    rest = [at for at in texts if at not in roles]
    if not rest or "deadline" not in roles.values():
        return None
    roles[max(rest, key=lambda at: sum(map(len, texts[at])))] = "title"
    guessed = [Column(c.start, c.end, "", roles.get(at)) for at, c in enumerate(columns)]
    return Columns(tuple(guessed), 0, 0, guessed=True)


def _texts_in(rows: Sequence[Row], column: Column) -> list[str]:
    found = []
    for row in rows:
        found += [one.heading for one in _ranges(row) if one.start == column.start and one.heading]
    return found


@dataclass(frozen=True)
class Look:
    """How a cell of some meaning looks."""

    pattern: re.Pattern[str]

    def share(self, texts: Sequence[str]) -> float:
        """The share of texts, 0…1, that look so."""
        hits = sum(1 for text in texts if self.pattern.search(text))
        return hits / len(texts) if texts else 0.0
