"""Rows of a table laid on the columns of the plan; parts cut by a page put together. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from plans.readers.document import Row
from plans.roadmap_draft.columns import Columns, Role, is_number_row
from plans.roadmap_draft.months import phrase_of
from plans.roadmap_draft.numbers import is_number
from profmin.lib.text import Words, clean, close_hyphens, folded, join_cut

_PERIOD_TEXT = re.compile(
    r"январ|феврал|март|апрел|\bма[йяе]\b|июн|июл|август|сентябр|октябр|ноябр|декабр|\d\d\.\d\d|"
    r"ежегодн|ежемесячн|ежекварт|постоянн|в течение|график|весь период|20\d\d|квартал|учебн",
    re.IGNORECASE,
)
_BEGIN, _END = re.compile(r"начал"), re.compile(r"оконч|заверш|конец")


@dataclass
class Line:
    """A row by columns: texts, where a merged cell goes on, the source rows it came from.

    `broad`: a cell covers all columns, or all but one; `wide`: a cell covers all from its
    second column on; `narrow`: cells were missing in plain text.
    """

    texts: list[str]
    continues: list[bool]
    sources: list[int]
    broad: bool = False
    wide: bool = False
    cut: bool = False
    head: bool = False
    narrow: bool = False

    @property
    def filled(self) -> list[int]:
        return [at for at, text in enumerate(self.texts) if text]


@dataclass
class Layout:
    """Columns of a table and the words of the document, to read its rows as lines."""

    columns: Columns
    words: Words
    grid: bool
    _starts: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._starts = [(column.start, column.end) for column in self.columns.columns]

    def lines(self, rows: Sequence[Row], first: int) -> Iterator[Line]:
        """The rows as lines in order, cut parts joined to what they go on (heads of the next
        page may stand between). `first` is the index of the first row in the document."""
        waiting: list[Line] = []  # a line, and the heads after it
        for place, row in enumerate(rows):
            line = self._line(row, first + place)
            if line.head and waiting:
                waiting.append(line)
            elif line.cut and waiting and not waiting[0].head:
                self._join(waiting[0], line)
            else:
                yield from waiting
                waiting = [line]
        yield from waiting

    def text(self, line: Line, role: Role) -> str:
        """What the line says in the columns of a role, several joined."""
        said = [(at, line.texts[at]) for at in self.columns.of(role) if line.texts[at]]
        if role == "deadline" and self.columns.calendar:
            return self.marks(line)[0]
        if role == "deadline" and len(self.columns.of(role)) > 1:
            return self._from_to(said)
        return "; ".join(text for _, text in said)

    def marks(self, line: Line) -> tuple[str, str]:
        """The phrase for the marks under months, and what is unsure of it."""
        if not self.columns.calendar:
            return "", ""
        columns = [(self.columns.columns[at], line.texts[at]) for at in self.columns.of("deadline")]
        return phrase_of([(column.period, text) for column, text in columns])

    def is_merged(self, line: Line, role: Role) -> bool:
        """Whether the line's cell of this role goes on a merged one above."""
        return any(line.continues[at] for at in self.columns.of(role))

    def joined(self, upper: str, lower: str, role: Role | None) -> str:
        """Two parts of a cell which a page cut; the end of an address printed twice is one."""
        if role == "links" and lower and upper.endswith(lower):
            return upper
        return join_cut(upper, lower, self.words)

    def other(self, line: Line) -> list[tuple[str, str]]:
        """Headings and texts of columns without a known meaning."""
        return [
            (column.heading, line.texts[at])
            for at, column in enumerate(self.columns.columns)
            if column.role is None and line.texts[at]
        ]

    def _from_to(self, said: list[tuple[int, str]]) -> str:
        """«Начало» and «Окончание» as one phrase."""
        marks = {at: folded(self.columns.columns[at].heading) for at, _ in said}
        begin = [text for at, text in said if _BEGIN.search(marks[at])]
        end = [text for at, text in said if _END.search(marks[at])]
        if len(begin) == len(end) == 1:
            return begin[0] if begin == end else f"с {begin[0]} по {end[0]}"
        alone = len(said) == 1 and said[0][1][0].isdigit()
        sign = "до " if end else "с " if begin else ""
        return f"{sign}{said[0][1]}" if alone else ", ".join(text for _, text in said)

    def _line(self, row: Row, source: int) -> Line:
        texts = [close_hyphens(clean(cell.text), self.words) for cell in row.cells]
        line = Line([""] * len(self._starts), [False] * len(self._starts), [source], cut=row.cut)
        line.head = self._is_head(texts) or is_number_row(texts)
        if not self.grid and 2 < len(row.cells) < len(self._starts):
            self._fit(line, texts)
            return line
        at = 0
        for cell, text in zip(row.cells, texts, strict=True):
            self._put(line, at, at + cell.span, text, continues=cell.continues)
            at += cell.span
        return line

    def _put(self, line: Line, start: int, end: int, text: str, *, continues: bool) -> None:
        covered = [at for at, (a, b) in enumerate(self._starts) if a < end and start < b]
        if not covered:
            covered = [len(self._starts) - 1]
        first = covered[0]
        line.texts[first] = "; ".join(filter(None, (line.texts[first], text)))
        for at in covered if continues else ():
            line.continues[at] = True
        if text and all(self.columns.columns[at].period for at in covered):
            for at in covered[1:]:  # a bar over several months
                line.texts[at] = text
        if text and len(covered) > 1 and len(covered) >= len(self._starts) - 1:
            line.broad = True
        if text and len(covered) > 1 and first == 1 and covered[-1] == len(self._starts) - 1:
            line.wide = True

    def _is_head(self, texts: Sequence[str]) -> bool:
        said = [folded(text) for text in texts if text]
        known = set(self.columns.headings) | {
            part for heading in self.columns.headings for part in heading.split("; ")
        }
        return len(said) > 1 and all(text in known for text in said)

    def _fit(self, line: Line, texts: list[str]) -> None:
        """A row of fewer cells than columns in plain text: each cell where it looks at home."""
        line.narrow = True
        places = _best_places(texts, [column.role for column in self.columns.columns])
        for at, text in zip(places, texts, strict=True):
            line.texts[at] = text

    def _join(self, upper: Line, lower: Line) -> None:
        for at, text in enumerate(lower.texts):
            upper.texts[at] = self.joined(upper.texts[at], text, self.columns.columns[at].role)
        upper.sources += lower.sources


def _best_places(texts: Sequence[str], roles: Sequence[Role | None]) -> list[int]:
    """Ascending columns for the cells with the best sum of likenesses."""
    best: dict[int, tuple[float, list[int]]] = {-1: (0.0, [])}
    for text in texts:
        reached: dict[int, tuple[float, list[int]]] = {}
        for last, (score, places) in best.items():
            for at in range(last + 1, len(roles)):
                total = score + _likeness(text, roles[at])
                if at not in reached or total > reached[at][0]:
                    reached[at] = (total, [*places, at])
        best = reached
    return max(best.values(), key=lambda one: one[0])[1]


def _likeness(text: str, role: Role | None) -> float:
    if role == "number":
        return 3.0 if is_number(text) else -3.0
    if role == "deadline":
        return 2.0 if _PERIOD_TEXT.search(text) and len(text) < 90 else -2.0
    if role == "title":
        return 1.0
    return -0.1 if role is None else 0.0
