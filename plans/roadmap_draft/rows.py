"""What each line of the plan's tables is: heading, group, item or the rest of one. Pure.

Source: roadmap-reading.md, «Rows». Every row gets exactly one fate; nothing is dropped.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from plans.readers.document import Row
from plans.roadmap_draft.columns import Columns, Role
from plans.roadmap_draft.draft import DraftSection, Fate
from plans.roadmap_draft.lines import Layout, Line
from plans.roadmap_draft.numbers import is_number, is_under, normal_number, split_heading
from profmin.lib.text import Words, folded, join_cut

_TOTAL = re.compile(r"\W*(?:итого|всего|общий итог|примечани[ея]|\*+\s*(?:\w|$))", re.IGNORECASE)
_REPEATED = re.compile(
    r"\W*(?:продолжение|окончание) (?:таблицы|приложения)|\W*таблица\s\d+\W*$", re.I
)
_MONTHS = (
    r"(?:январ|феврал|март|апрел|ма[йяе]|июн|июл|август|сентябр|октябр|ноябр|декабр)\w*"
    r"|зима|весна|лето|осень|[iv]{1,3} (?:квартал|полугодие|четверть)"
    r"|[1-4](?:-?[йея]{1,2})? (?:квартал|полугодие|четверть)"
)
_MONTH = re.compile(
    rf"(?:{_MONTHS})(?:(?:\s?[-–—/,]\s?|\s+и\s+|\s+)(?:{_MONTHS}))*(?:\s?,?\s?20\d\d(?:[-/]\d+)?)?"
    r"(?:\s?г(?:од|ода)?)?\.?"
)
_DITTO = re.compile(
    r"(?:[-–—_]{0,4}\s?[\"«»„“”/]{1,4}\s?[-–—_]{0,4})|то же(?: самое)?|там же", re.I
)
_NO_MARKS = "—"  # in a calendar nothing is taken from the row above
_ENDS = (".", ";", ":", ",")


@dataclass
class Cellular:
    """The deadline or responsible of an item as written: a text, merged into the one above,
    or plainly empty; `doubt`: what the table leaves unsure of it."""

    text: str = ""
    merged: bool = False
    doubt: str = ""


@dataclass
class RawItem:
    """An item or group as the rows gave it, nothing read yet."""

    number_text: str | None
    title: str
    section: int | None
    group: bool
    sources: list[int]
    deadline: Cellular = field(default_factory=Cellular)
    responsible: Cellular = field(default_factory=Cellular)
    month: str = ""
    result: str = ""
    documents: str = ""
    links: str = ""
    indicators: list[str] = field(default_factory=list)
    wide: bool = False  # its title covers all other columns
    joint: bool = False  # deadline and responsible stand in one cell

    @property
    def has_more(self) -> bool:
        """Whether it says more than number and title."""
        cells = (self.deadline.text, self.responsible.text, self.result, self.documents)
        return any(cells) or bool(self.links or self.indicators)

    @property
    def number(self) -> str | None:
        return normal_number(self.number_text or "")


@dataclass(frozen=True)
class Note:
    """Something about the rows which a person is to be asked."""

    field: str
    message: str
    source: int | None = None
    item: int | None = None


@dataclass
class Rows:
    """Reads the lines of all tables of a plan one after the other."""

    words: Words
    grid: bool
    sections: list[DraftSection] = field(default_factory=list)
    items: list[RawItem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    fates: dict[int, tuple[Fate, int | None]] = field(default_factory=dict)
    merged_text: bool = False
    _section: int | None = None
    _group: RawItem | None = None
    _month: str = ""
    _months_first: bool = False
    _open: tuple[Fate, int] | None = None
    _numbered: bool = True
    _new_page: bool = False  # the line above is a head printed again
    _others: dict[str, int] = field(default_factory=dict)

    def read(self, columns: Columns, rows: Sequence[Row], first: int) -> None:
        """Read a table; `first` is the index of its first row in the document."""
        layout = Layout(columns, self.words, self.grid)
        head = columns.head_start + columns.head_rows
        for place in range(head):
            self.fates[first + place] = (Fate.HEAD, None)
        lines = list(layout.lines(rows[head:], first + head))
        self._numbered = _is_numbered(layout, lines)
        for line in lines:
            self._line(layout, line)
            self._new_page = self.fates[line.sources[-1]][0] is Fate.HEAD

    def add_heading(self, text: str) -> None:
        """A heading that stands as a paragraph between tables."""
        self._begin_section(text)

    # One line

    def _line(self, layout: Layout, line: Line) -> None:
        if not line.filled:
            self._nothing(line)
        elif line.head or _REPEATED.match(line.texts[line.filled[0]]):
            self._fate(line, Fate.HEAD)
        elif _TOTAL.match(line.texts[line.filled[0]]):
            self._ask(line, f"Строка не мероприятие: «{_said(line)}».")
        elif len(line.filled) == 1 and not any(line.continues):
            self._lone(layout, line)
        elif self._goes_on(layout, line):
            self._continue(layout, line)
        else:
            self._begin_item(layout, line)

    def _nothing(self, line: Line) -> None:
        if any(line.continues) and self._open:
            kind, at = self._open
            self._fate(line, Fate.CONTINUATION, None if kind is Fate.SECTION else at)
        else:
            self._fate(line, Fate.EMPTY)

    def _lone(self, layout: Layout, line: Line) -> None:
        """A line with one text: a heading, the rest of the item above, or a question."""
        at = line.filled[0]
        text, role = line.texts[at], layout.columns.columns[at].role
        if line.broad or (at == 0 and self._heads(text, role)):
            self._wonder(line, text)
            self._begin_section(text, line)
        elif role == "number" or (at == 0 and is_number(text)):
            self._ask(line, f"В строке только номер «{text}».")
        elif role != "title" or (not self.grid and text[0].islower() and self._open):
            self._continue(layout, line)
        else:
            self._lone_title(line, text)

    def _heads(self, text: str, role: Role | None) -> bool:
        """Whether the one text of a line, in the first column, is a heading: always where that
        is the column of numbers; elsewhere unless it looks like the rest of a cell."""
        if role == "title" or is_number(text):
            return False
        if role in (None, "number") or self._open is None:
            return True
        numbered = any(section.number for section in self.sections)
        return split_heading(text).number is not None or (text[0].isupper() and not numbered)

    def _wonder(self, line: Line, text: str) -> None:
        """In plain text a heading without a number among numbered ones may be a stray cell."""
        numbered = any(section.number for section in self.sections)
        heading = split_heading(text)
        if not self.grid and numbered and heading.number is None and not _is_month(heading.title):
            self._note(line, "sections", f"Прочитано как заголовок раздела: «{text}».")

    def _lone_title(self, line: Line, text: str) -> None:
        doubtful = not self.grid and self._open is not None and self._open[0] is Fate.ITEM
        doubtful = doubtful and not self.items[-1].title.endswith((".", ";", "»", ")"))
        self._begin_section(text, line)
        if doubtful and split_heading(text).number is None:
            self._note(line, "sections", f"Прочитано как заголовок раздела: «{text}».")

    def _goes_on(self, layout: Layout, line: Line) -> bool:
        """Whether the line is the rest of the item above it."""
        if self._open is None or layout.text(line, "number"):
            return False
        title = layout.text(line, "title")
        if not title:
            return True
        if self.grid:
            return self._numbered and title[0].islower() and not layout.text(line, "deadline")
        bare = not layout.text(line, "deadline") and not layout.text(line, "responsible")
        return not title[0].isupper() or (bare and self._numbered)

    # Sections

    def _begin_section(self, text: str, line: Line | None = None) -> None:
        heading = split_heading(text)
        self.sections.append(DraftSection(heading.number, heading.title))
        self._section = len(self.sections) - 1
        self._group = None
        self._take_month(heading.title)
        if line is not None:
            self._fate(line, Fate.SECTION, self._section)
            self._open = (Fate.SECTION, self._section)

    def _take_month(self, title: str) -> None:
        """A month as heading holds until the next one; where months are the inner headings,
        until the next heading."""
        month = _is_month(title)
        if len(self.sections) == 1:
            self._months_first = month
        if month or not self._months_first:
            self._month = title if month else ""

    # Items and groups

    def _begin_item(self, layout: Layout, line: Line) -> None:
        number = layout.text(line, "number")
        title = layout.text(line, "title")
        has_number = bool(layout.columns.of("number"))
        if not title and not layout.is_merged(line, "title") and self._is_stray(layout, line):
            self._ask(line, f"Строка без мероприятия: «{_said(line)}».")
            return
        above = self._last_item()
        if not title and layout.is_merged(line, "title") and above:
            title = above.title
        if not number and layout.is_merged(line, "number") and above:
            number = above.number_text or ""
        group = self._is_group(layout, line, number, title)
        item = RawItem(number if has_number else None, title, self._section, group, [*line.sources])
        item.section = self._section_of(item)
        item.month = "" if group else self._month
        self._group = item if group else self._group
        item.wide, item.joint = line.wide, layout.columns.joint
        self.items.append(item)
        self._open = (Fate.GROUP if group else Fate.ITEM, len(self.items) - 1)
        self._fate(line, self._open[0], self._open[1])
        self._fill(layout, line, item)
        self._doubt_line(layout, line, item)

    def _is_stray(self, layout: Layout, line: Line) -> bool:
        """A line without title and number which goes on nothing."""
        number = layout.text(line, "number")
        return not is_number(number) or len(line.filled) < 2

    def _is_group(self, layout: Layout, line: Line, number: str, title: str) -> bool:
        known = layout.columns.roles - {"number", "title"}
        alone = not any(layout.text(line, role) for role in known)
        merged = any(layout.is_merged(line, role) for role in known)
        return bool(number and title and known and alone and not merged and not layout.other(line))

    def _section_of(self, item: RawItem) -> int | None:
        """The section above; under a numbered group, or after a sub-section that is not its
        own, the section whose number is the item's prefix."""
        number = item.number
        here = self.sections[self._section].number if self._section is not None else None
        if number is None or here is None or is_under(number, here):
            return self._section
        under_group = self._group is not None and _is_below(number, self._group.number)
        for at in range(len(self.sections) - 1, -1, -1):
            parent = self.sections[at].number
            if (
                parent
                and is_under(number, parent)
                and (item.group or under_group or is_under(here, parent))
            ):
                return at
        return self._section

    def _fill(self, layout: Layout, line: Line, item: RawItem) -> None:
        item.deadline = _cellular(layout, line, "deadline")
        item.responsible = _cellular(layout, line, "responsible")
        item.result = layout.text(line, "result")
        item.documents = layout.text(line, "documents")
        item.links = layout.text(line, "links")
        indicator = layout.text(line, "indicators")
        item.indicators = [indicator] if indicator else []
        self._note_others(layout, line)

    def _doubt_line(self, layout: Layout, line: Line, item: RawItem) -> None:
        at = len(self.items) - 1
        if line.narrow:
            self._note(line, "title", "Ячеек меньше, чем столбцов: проверьте, что где стоит.", at)
        if not item.title:
            self._note(line, "title", "У мероприятия нет названия.", at)
        if item.number_text == "" and self._numbered:
            self._note(line, "number", f"У мероприятия «{item.title}» нет номера.", at)

    def _note_others(self, layout: Layout, line: Line) -> None:
        """One question for each column of unknown meaning that says something."""
        for heading, text in layout.other(line):
            name = heading or "без названия"
            if name not in self._others:
                self._others[name] = line.sources[0]
                said = f"Столбец «{name}» не вошёл в мероприятия (например: «{text[:80]}»)."
                self.notes.append(Note("columns", said))

    def _last_item(self) -> RawItem | None:
        return self.items[-1] if self.items and not self.items[-1].group else None

    # The rest of an item

    def _continue(self, layout: Layout, line: Line) -> None:
        if self._open is None:
            self._ask(line, f"Строка ничего не продолжает: «{_said(line)}».")
            return
        kind, at = self._open
        if kind is Fate.SECTION:
            self._continue_section(line, at)
            return
        self._fate(line, Fate.CONTINUATION, at)
        item = self.items[at]
        item.sources += line.sources
        item.title = join_cut(item.title, layout.text(line, "title"), self.words)
        self._extend(item.deadline, layout, line, "deadline")
        self._extend(item.responsible, layout, line, "responsible")
        item.result = self._longer(item.result, layout.text(line, "result"))
        item.documents = self._longer(item.documents, layout.text(line, "documents"))
        item.links = layout.joined(item.links, layout.text(line, "links"), "links")
        self._continue_indicators(item, layout.text(line, "indicators"))
        self._note_others(layout, line)
        if item.group and item.has_more:
            self._ungroup(item, at)

    def _ungroup(self, item: RawItem, at: int) -> None:
        """What looked like a group had the rest of its cells in the next row."""
        item.group = False
        item.month = self._month
        self._group = None if self._group is item else self._group
        item.section = self._section_of(item)
        self.fates[item.sources[0]] = (Fate.ITEM, at)
        self._open = (Fate.ITEM, at)

    def _continue_section(self, line: Line, at: int) -> None:
        section = self.sections[at]
        rest = line.texts[line.filled[0]]
        if len(line.filled) > 1 or not rest[0].islower():
            self._ask(line, f"Строка ничего не продолжает: «{_said(line)}».")
            return
        self._fate(line, Fate.CONTINUATION)
        title = join_cut(section.title, rest, self.words)
        self.sections[at] = DraftSection(section.number, title)

    def _continue_indicators(self, item: RawItem, text: str) -> None:
        if not text:
            return
        if item.indicators and not self._is_apart() and text[0].islower():
            item.indicators[-1] = join_cut(item.indicators[-1], text, self.words)
            return
        self.merged_text = self.merged_text or bool(item.indicators)
        item.indicators.append(text)

    def _extend(self, cell: Cellular, layout: Layout, line: Line, role: Role) -> None:
        text = layout.text(line, role)
        if text and self._is_apart() and cell.text:
            cell.text = cell.text if text == cell.text else f"{cell.text}, {text}"
        elif text:
            cell.text = join_cut(cell.text, text, self.words)

    def _longer(self, upper: str, lower: str) -> str:
        if not self._is_apart() or not upper or not lower:
            return join_cut(upper, lower, self.words)
        return f"{upper} {lower}" if upper.endswith(_ENDS) else f"{upper}; {lower}"

    def _is_apart(self) -> bool:
        """Whether a lower cell says something of its own: in a drawn table a merged row's does,
        the rest of a row which a page cut (right under the head printed again) does not."""
        return self.grid and not self._new_page

    # Fates and questions

    def _fate(self, line: Line, fate: Fate, target: int | None = None) -> None:
        self.fates[line.sources[0]] = (fate, target)
        more = None if fate is Fate.SECTION else target
        for source in line.sources[1:]:
            self.fates[source] = (Fate.CONTINUATION, more)

    def _ask(self, line: Line, message: str) -> None:
        for source in line.sources:
            self.fates[source] = (Fate.DOUBT, None)
        self._note(line, "items", message)

    def _note(self, line: Line, key: str, message: str, item: int | None = None) -> None:
        self.notes.append(Note(key, message, line.sources[0], item))


def _is_month(title: str) -> bool:
    return _MONTH.fullmatch(folded(title)) is not None


def is_ditto(text: str) -> bool:
    """«-//-», «то же»: as in the row above."""
    return bool(text) and _DITTO.fullmatch(text.strip()) is not None


def _cellular(layout: Layout, line: Line, role: Role) -> Cellular:
    text = layout.text(line, role)
    if is_ditto(text):
        return Cellular(merged=True)
    if role == "deadline" and layout.columns.calendar and not layout.is_merged(line, role):
        return Cellular(text or _NO_MARKS, doubt=layout.marks(line)[1])
    return Cellular(text, layout.is_merged(line, role))


def _is_numbered(layout: Layout, lines: Sequence[Line]) -> bool:
    """Whether the rows of the table have numbers, as a rule."""
    titled = [line for line in lines if not line.head and layout.text(line, "title")]
    several = [line for line in titled if len(line.filled) > 1]
    numbers = [line for line in several if layout.text(line, "number")]
    return bool(numbers) and len(numbers) * 2 >= len(several)


def _is_below(number: str, group: str | None) -> bool:
    return group is not None and is_under(number, group)


def _said(line: Line) -> str:
    return " | ".join(line.texts[at] for at in line.filled)[:300]
