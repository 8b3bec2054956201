"""A document read as a roadmap: tables found, rows sorted, the preface, the years, the doubts. Pure.

Source: roadmap-reading.md, the whole page.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from plans.choices import PartyKind
from plans.deadlines import PlanPeriod, earliest_full_date, plan_period_from_title
from plans.parties import (
    PartyDictionary,
    for_document,
    learn_abbreviations,
    level_of,
    regional_authority,
)
from plans.readers.document import Document, Paragraph, Table
from plans.roadmap_draft.columns import Columns, Look, find_columns, guess_columns, is_lean_plan
from plans.roadmap_draft.draft import Doubt, DraftItem, Fate, RoadmapDraft, SourceRow
from plans.roadmap_draft.numbers import is_number
from plans.roadmap_draft.preface import Preface, glossary_apart, read_preface
from plans.roadmap_draft.reading import Reader, group_doubts, number_doubts
from plans.roadmap_draft.rows import RawItem, Rows
from profmin.lib.errors import RuleBroken
from profmin.lib.text import Words, clean, folded, words_of

_LAYOUT = re.compile(r"утвержд|согласован|приложение|подпис|м\.\s?п\.|приказ|принят|рассмотрен")
_NUMBERS = re.compile(r"^\s*\d{1,2}(?:\s?\.\s?\d{1,3})*\s?\.?\s*$")
_PERIODS = re.compile(
    r"январ|феврал|март|апрел|\bмая\b|\bмай\b|июн|июл|август|сентябр|октябр|ноябр|декабр|"
    r"\d\d\.\d\d\.|в течение|постоянно|ежемесячн|ежегодн|по графику",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"директор|руководител|педагог|отдел|управлени|министерств|школ|\bОО\b|учител|[А-ЯЁ]\.\s?[А-ЯЁ]\.",
    re.IGNORECASE,
)
_LOOKS = {"number": Look(_NUMBERS), "deadline": Look(_PERIODS), "responsible": Look(_PEOPLE)}
_HEADING = re.compile(
    r"(?:раздел|блок|модуль|часть|направление|этап)\s|[IVX]{1,5}[.)]\s|\d{1,2}[.)]\s", re.I
)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)|(?<=\d\.\d\d\.)\d\d(?!\d)")
_SHORT = 250  # characters of a heading between two tables

_GUESSED = "Шапка таблицы не найдена: столбцы определены по содержанию."
_NO_PLAN = "В документе не найдена таблица плана."
_NOTHING_READ = (
    "В документе нет таблицы с мероприятиями: нужна таблица с графами «Мероприятие», «Срок» и "
    "«Ответственный», каждое мероприятие — в своей строке."
)
_NO_COLUMN = {
    "deadline": "В таблице нет графы «Срок».",
    "responsible": "В таблице нет графы «Ответственный».",
}


def draft_from_document(
    document: Document,
    *,
    dictionary: PartyDictionary,
    year: int | None = None,
    level: PartyKind | None = None,
) -> RoadmapDraft:
    """The document's roadmap. Never fails: what is not read is doubted.

    `dictionary` is the general one or a region's; `year` is the first year of the plan where its
    title names none; `level` (region, municipality) is the issuer's where the document is silent.
    """
    work = _Work(document, words_of(_texts(document)))
    work.sort()
    preface = read_preface(work.preface)
    rows = work.rows
    names = _abbreviations(work, rows)
    level = level_of(preface.issuer or "", *preface.names[:3]) or level
    texts = _joined_texts(work, rows)
    issuer = preface.issuer or (regional_authority(texts) if level == PartyKind.REGION else "")
    known = for_document(dictionary, texts=texts, names=names, issuer=issuer, level=level)
    plan, plan_doubts = _plan(preface, rows.items, year)
    roles = work.roles
    reader = Reader(
        plan,
        known,
        with_deadline="deadline" in roles,
        with_responsible="responsible" in roles,
        plain_is_merged=not document.grid and rows.merged_text,
    )
    items = reader.items(rows.items)
    doubts = [*plan_doubts, *_table_doubts(work, items), *_row_doubts(rows, items)]
    doubts += [*number_doubts(items), *group_doubts(items, rows.items), *reader.doubts]
    return RoadmapDraft(
        title=preface.title,
        issuer=preface.issuer,
        plan=plan,
        basis=preface.basis,
        aims=preface.aims,
        columns=work.columns.as_json() if work.columns else {},
        sections=tuple(rows.sections),
        items=tuple(items),
        doubts=tuple(sorted(doubts, key=_place)),
        rows=tuple(work.source_rows()),
        context=known.context,
    )


def refuse_without_plan(draft: RoadmapDraft) -> None:
    """Raises `RuleBroken`, in one Russian sentence, for a document without a plan's table."""
    if draft.is_blank:
        raise RuleBroken(_NOTHING_READ)


def _place(doubt: Doubt) -> tuple[int, int]:
    """Doubts about the document first, then down the table."""
    return (doubt.source_row is not None, doubt.source_row or 0)


def _texts(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            yield from (cell.text for row in block.rows for cell in row.cells if cell.text)


@dataclass
class _Work:
    """The document's blocks sorted into preface, plan tables and other tables."""

    document: Document
    words: Words
    preface: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    columns: Columns | None = None
    roles: frozenset[str] = frozenset()
    others: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows = Rows(self.words, self.document.grid)
        self.tables = list(self.document.tables)
        self._between: list[str] = []

    def sort(self) -> None:
        """Read every block of the document."""
        several = len([table for table in self.tables if find_columns(table.rows)]) > 1
        first = 0
        at = 0
        for block in self.document.blocks:
            if isinstance(block, Paragraph):
                self._paragraph(block.text)
                continue
            self._table(block, at, first, several=several)
            first += len(block.rows)
            at += 1

    def _paragraph(self, text: str) -> None:
        self._between.append(text)
        (self.preface if self.columns is None else self.after).append(text)

    def _table(self, table: Table, at: int, first: int, *, several: bool) -> None:
        columns = self._columns_of(table)
        if columns is not None:
            self._heading(first=self.columns is None, several=several)
            head = [cell.text for row in table.rows[: columns.head_start] for cell in row.cells]
            self.preface += head if self.columns is None else []
            self.columns = self.columns or columns
            self.roles |= columns.roles
            self.rows.read(columns, table.rows, first)
        elif self._is_layout(table):
            self._set_aside(table, first, Fate.PREFACE)
            for row in table.rows:
                self._paragraph("\n".join(cell.text for cell in row.cells if cell.text))
        else:
            self._set_aside(table, first, Fate.DOUBT)
            self.others.append(at)
        self._between = []

    def _columns_of(self, table: Table) -> Columns | None:
        found = find_columns(table.rows)
        if found is not None and (_is_full(found) or self._is_only(found)):
            return found
        if self.columns is not None and self._follows(table, self.columns):
            return Columns(self.columns.columns)
        plans = any(find_columns(one.rows) for one in self.tables)
        return None if plans else guess_columns(table.rows, _LOOKS)

    def _is_only(self, columns: Columns) -> bool:
        """Whether a table of few columns is the only one that can be the plan."""
        others = [find_columns(table.rows) for table in self.tables]
        return is_lean_plan(columns) and not any(one and _is_full(one) for one in others)

    def _follows(self, table: Table, columns: Columns) -> bool:
        """Whether a table without a head goes on the plan's table: as wide, and numbered."""
        width = columns.columns[-1].end
        number = columns.of("number")
        if not number or any(row.width != width for row in table.rows):
            return False
        at = number[0]
        firsts = [row.cells[at].text for row in table.rows if len(row.cells) > at]
        return any(is_number(text) for text in firsts if text)

    def _heading(self, *, first: bool, several: bool) -> None:
        """The paragraph right before a table, where each table has one as its heading."""
        said = clean(self._between[-1]) if self._between else ""
        if not several or not said or len(said) > _SHORT:
            return
        if _HEADING.match(said) or (not first and said[-1] not in ".:;"):
            self.rows.add_heading(said)

    def _is_layout(self, table: Table) -> bool:
        """Approval marks, signatures, one-row frames: text laid out by a table."""
        said = folded(" ".join(cell.text for row in table.rows for cell in row.cells))
        small = len(table.rows) <= 2 and len(said) < 600
        return small or (len(table.rows) <= 12 and _LAYOUT.search(said) is not None)

    def _set_aside(self, table: Table, first: int, fate: Fate) -> None:
        for place, row in enumerate(table.rows):
            filled = any(cell.text for cell in row.cells)
            self.rows.fates[first + place] = (fate if filled else Fate.EMPTY, None)

    def source_rows(self) -> Iterator[SourceRow]:
        """Every row of every table with its fate."""
        index = 0
        for at, table in enumerate(self.tables):
            for row in table.rows:
                fate, target = self.rows.fates[index]
                yield SourceRow(at, row.texts, fate, target)
                index += 1


def _is_full(columns: Columns) -> bool:
    return len(columns.roles - {"number"}) >= 2


def _joined_texts(work: _Work, rows: Rows) -> list[str]:
    """Paragraphs and the cells of the plan after cut parts were joined."""
    texts = [*work.preface, *work.after]
    for item in rows.items:
        texts += [item.title, item.responsible.text, item.result, item.documents]
    return [text for text in texts if text]


def _abbreviations(work: _Work, rows: Rows) -> dict[str, str]:
    names: dict[str, str] = {}
    for text in chain.from_iterable(map(glossary_apart, _joined_texts(work, rows))):
        if "(" in text or " – " in text or " - " in text:
            for short, full in learn_abbreviations(text).items():
                names.setdefault(short, full)
    return names


# The years


def _plan(
    preface: Preface, items: Sequence[RawItem], year: int | None
) -> tuple[PlanPeriod | None, list[Doubt]]:
    named = next(filter(None, map(plan_period_from_title, preface.names)), None)
    if named is not None:
        contrary = year is not None and not named.start.year <= year <= named.end.year
        message = f"В названии указан период {named}, а при загрузке — {year} год."
        return named, [Doubt(None, "period", message)] if contrary else []
    if year is not None:
        return PlanPeriod(year), []
    first = _first_year(items)
    if first is None:
        return None, [Doubt(None, "period", "Год плана не указан: выберите его.")]
    message = f"Год в названии не указан; взят год самой ранней даты таблицы — {first}."
    return PlanPeriod(first), [Doubt(None, "period", message)]


def _first_year(items: Sequence[RawItem]) -> int | None:
    """The year of the earliest full date of the deadlines; failing that, of the other cells but
    the documents; failing that, the earliest year any deadline names."""
    deadlines = [item.deadline.text or item.month for item in items]
    others = [text for item in items for text in (item.title, item.result, *item.indicators)]
    day = earliest_full_date(deadlines) or earliest_full_date(others)
    years = [2000 + int(year[-2:]) for text in deadlines for year in _YEAR.findall(text)]
    return day.year if day else min(years, default=None)


# Doubts about the table


def _table_doubts(work: _Work, items: Sequence[DraftItem]) -> Iterator[Doubt]:
    if work.columns is None:
        yield Doubt(None, "items", _NO_PLAN)
    elif work.columns.guessed:
        yield Doubt(None, "columns", _GUESSED)
    timed = "deadline" in work.roles or any(item.deadline.text for item in items)
    for role, present in (("deadline", timed), ("responsible", "responsible" in work.roles)):
        if work.columns is not None and not present:
            yield Doubt(None, "columns", _NO_COLUMN[role])
    for at in work.others:
        table = work.tables[at]
        said = next((clean(cell.text) for row in table.rows for cell in row.cells if cell.text), "")
        message = f"Таблица «{said[:80]}» не похожа на план, её строки не вошли: {len(table.rows)}."
        yield Doubt(None, "items", message, _first_row(work, at))


def _first_row(work: _Work, at: int) -> int:
    return sum(len(table.rows) for table in work.tables[:at])


def _row_doubts(rows: Rows, items: Sequence[DraftItem]) -> Iterator[Doubt]:
    for note in rows.notes:
        number = items[note.item].number if note.item is not None else None
        yield Doubt(number, note.field, note.message, note.source, note.item)
