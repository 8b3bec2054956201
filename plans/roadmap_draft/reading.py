"""Raw items read: deadlines, parties, what is inherited, and the doubts about each. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from plans.choices import DeadlineKind
from plans.deadlines import Deadline, PlanPeriod, halves, read_deadline
from plans.parties import Party, PartyDictionary, read_parties
from plans.roadmap_draft.draft import Doubt, DraftItem, Responsible
from plans.roadmap_draft.numbers import is_under
from plans.roadmap_draft.rows import Cellular, RawItem

_LINK = re.compile(r"(?:https?://|www\.)[^\s;,]*[^\s;,.)»]")
_TWICE = re.compile(r"([\w-]{10,}/)\1$")  # the end of an address which a page break repeated
_NOTHING = re.compile(r"\W*")
_TIMELESS = (DeadlineKind.CONTINUOUS, DeadlineKind.EXTERNAL, DeadlineKind.NONE)
_UNKNOWN_YEAR = PlanPeriod(2000)  # only phrases without dates are believed in it
_PARTIES_EMPTY = "Ответственный не указан."
_PARTIES_ABOVE = "Графа ответственного пуста: взят ответственный из строки выше."
_NO_DEADLINE = "Срок не указан."
_JOINT = "Срок и ответственные стоят в одной графе и не разделены: проверьте оба."
_NO_TIME = "В общей графе срока и ответственных срок не назван."
_JOINTS = " ,;:–—-/\n"
_SERIAL = re.compile(r"4\d{4}")  # 2009–2036
_FIRST_DAY = date(1899, 12, 30)
_NO_YEAR = "Год плана не известен, а в сроке он не указан."


@dataclass
class Reader:
    """Reads the items of one plan. `with_deadline`, `with_responsible`: the table has such a
    column; `plain_is_merged`: empty cells of a text stand for merged ones."""

    plan: PlanPeriod | None
    dictionary: PartyDictionary
    with_deadline: bool = True
    with_responsible: bool = True
    plain_is_merged: bool = False
    doubts: list[Doubt] = field(default_factory=list)
    _deadlines: dict[str, Deadline] = field(default_factory=dict)
    _parties: dict[str, tuple[tuple[Party, ...], str | None]] = field(default_factory=dict)

    def items(self, raw: Sequence[RawItem]) -> list[DraftItem]:
        """The items in order; doubts are collected in `doubts`."""
        made: list[DraftItem] = []
        above: DraftItem | None = None
        for place, one in enumerate(raw):
            giver = above if above and above.section == one.section else None
            item = self._group(one) if one.group else self._item(one, place, giver)
            above = above if one.group else item
            made.append(item)
        return made

    def _group(self, raw: RawItem) -> DraftItem:
        return _draft(raw, Deadline("", DeadlineKind.NONE), Responsible(""))

    def _item(self, raw: RawItem, place: int, above: DraftItem | None) -> DraftItem:
        if raw.joint and raw.deadline.text:
            raw = self._parted(raw)
        deadline = self._deadline(raw, above)
        if raw.deadline.doubt:
            doubts = filter(None, (raw.deadline.doubt, deadline.doubt))
            deadline = replace(deadline, doubt=" ".join(doubts))
        if deadline.doubt:
            self._doubt(raw, place, "deadline", deadline.doubt)
        responsible = self._responsible(raw, place, above)
        return _draft(raw, deadline, responsible)

    def _parted(self, raw: RawItem) -> RawItem:
        """A cell of deadline and responsible in two; where it cannot be parted safely both are
        read from the whole, with a doubt."""
        text = raw.deadline.text
        ways = halves(text)
        if not ways and self._is_deadline(text):
            return replace(raw, responsible=Cellular())
        parted = self._parts(ways)
        if parted:
            timed, named = parted
            return replace(raw, deadline=Cellular(timed), responsible=Cellular(named))
        if self.parties(text)[1] is None:
            return replace(raw, deadline=Cellular(doubt=_NO_TIME), responsible=Cellular(text))
        return replace(raw, deadline=Cellular(text, doubt=_JOINT), responsible=Cellular(text))

    def _parts(self, ways: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
        """Deadline and parties, the first way in which both can be read."""
        for said in ways:
            timed, named = (half.strip(_JOINTS) for half in said)
            if self._is_deadline(timed) and named and self.parties(named)[1] is None:
                return timed, named
        return None

    def _is_deadline(self, text: str) -> bool:
        """Whether the whole text is a deadline: nothing in it stays unread."""
        read = self.deadline(text)
        unread = read.doubt is not None and "прочитан" in read.doubt
        return read.kind != DeadlineKind.NONE and not unread

    # Deadline

    def _deadline(self, raw: RawItem, above: DraftItem | None) -> Deadline:
        text = raw.deadline.text
        if text:
            return self.deadline(text)
        if not self.with_deadline:
            inherited = self.deadline(raw.month) if raw.month else Deadline("", DeadlineKind.NONE)
            return replace(inherited, inherited=bool(raw.month))
        if above is not None and above.deadline.text:
            return replace(above.deadline, inherited=True)
        return Deadline("", DeadlineKind.NONE, doubt=_NO_DEADLINE)

    def deadline(self, text: str) -> Deadline:
        """One phrase read within the plan, whatever its year."""
        if text not in self._deadlines:
            self._deadlines[text] = self._read(text)
        return self._deadlines[text]

    def _read(self, text: str) -> Deadline:
        if _NOTHING.fullmatch(text):
            return Deadline(text, DeadlineKind.NONE, doubt=_NO_DEADLINE)
        if _SERIAL.fullmatch(text):
            return self._serial(text)
        if self.plan is not None:
            return read_deadline(text, self.plan)
        read = read_deadline(text, _UNKNOWN_YEAR)
        timeless = read.kind in _TIMELESS
        return read if timeless else Deadline(text, DeadlineKind.NONE, doubt=_NO_YEAR)

    def _serial(self, text: str) -> Deadline:
        """A date that lost its format in a spreadsheet: days since 30.12.1899."""
        day = f"{_FIRST_DAY + timedelta(days=int(text)):%d.%m.%Y}"
        read = self._read(day)
        doubt = f"Число {text} прочитано как дата таблицы Excel: {day}."
        return replace(read, text=text, doubt=" ".join(filter(None, (doubt, read.doubt))))

    # Responsible

    def _responsible(self, raw: RawItem, place: int, above: DraftItem | None) -> Responsible:
        cell = raw.responsible
        if cell.text:
            parties, doubt = self.parties(cell.text)
            if doubt:
                self._doubt(raw, place, "responsible", doubt)
            return Responsible(cell.text, parties)
        if above is not None and above.responsible.text:
            return self._inherited(raw, place, cell, above.responsible)
        if self.with_responsible:
            self._doubt(raw, place, "responsible", _PARTIES_EMPTY)
        return Responsible("")

    def _inherited(
        self, raw: RawItem, place: int, cell: Cellular, above: Responsible
    ) -> Responsible:
        _, doubt = self.parties(above.text)
        plainly = not cell.merged and not self.plain_is_merged
        sentences = [_PARTIES_ABOVE if plainly else "", doubt or ""]
        if any(sentences):
            self._doubt(raw, place, "responsible", " ".join(filter(None, sentences)))
        return replace(above, inherited=True)

    def parties(self, text: str) -> tuple[tuple[Party, ...], str | None]:
        """The parties of one cell and the doubt about it."""
        if text not in self._parties:
            self._parties[text] = parties_of(text, self.dictionary)
        return self._parties[text]

    def _doubt(self, raw: RawItem, place: int, key: str, message: str) -> None:
        self.doubts.append(Doubt(raw.number, key, message, raw.sources[0], place))


def parties_of(text: str, dictionary: PartyDictionary) -> tuple[tuple[Party, ...], str | None]:
    """The parties of a cell; a cell that names nobody is doubted too."""
    parties, doubt = read_parties(text, dictionary)
    return parties, doubt or (None if parties else _PARTIES_EMPTY)


def _draft(raw: RawItem, deadline: Deadline, responsible: Responsible) -> DraftItem:
    return DraftItem(
        number=raw.number,
        number_text=raw.number_text,
        section=raw.section,
        group=raw.group,
        title=raw.title,
        deadline=deadline,
        responsible=responsible,
        result=raw.result,
        documents=raw.documents,
        links=links_of(raw.links),
        indicators=tuple(raw.indicators),
        source_rows=tuple(raw.sources),
    )


def links_of(text: str) -> tuple[str, ...]:
    """The addresses of a cell, each once; other words are kept as one; a dash is nothing."""
    found = list(dict.fromkeys(_TWICE.sub(r"\1", one) for one in _LINK.findall(text)))
    rest = _LINK.sub(" ", text).strip(" ;,.-–—")
    whole = [one for one in found if not any(one != other and one in other for other in found)]
    return tuple(whole) if whole or len(rest) < 2 else (rest,)


def number_doubts(items: Sequence[DraftItem]) -> list[Doubt]:
    """Repeated numbers. Where a section counts from the beginning again, one question for it."""
    doubts: list[Doubt] = []
    counts = Counter(item.number for item in items if item.number)
    seen: set[str] = set()
    again: set[int | None] = set()
    for place, item in enumerate(items):
        number = item.number
        if number is None or counts[number] == 1:
            continue
        if number in seen and not _counts_again(items, place, again):
            message = f"Номер {number} встречается не один раз."
            doubts.append(Doubt(number, "number", message, _first(item), place))
        elif number in seen and item.section not in again:
            again.add(item.section)
            message = (
                f"Нумерация в разделе начинается заново: номер {number} встречается не один раз."
            )
            doubts.append(Doubt(number, "number", message, _first(item), place))
        seen.add(number)
    return doubts


def _counts_again(items: Sequence[DraftItem], place: int, again: set[int | None]) -> bool:
    """Whether the item's whole section has numbers of its own, which began again."""
    section = items[place].section
    own = [item.number for item in items if item.section == section]
    begins = [item for item in items if item.section == section][:1]
    return (
        section is not None
        and own.count(items[place].number) == 1
        and (section in again or begins[0] is items[place])
    )


def _first(item: DraftItem) -> int | None:
    return item.source_rows[0] if item.source_rows else None


def group_doubts(items: Sequence[DraftItem], raw: Sequence[RawItem]) -> list[Doubt]:
    """Groups under which nothing stands: perhaps items whose cells were left empty."""
    doubts = []
    for place, item in enumerate(items):
        below = items[place + 1] if place + 1 < len(items) else None
        if item.group and not raw[place].wide and (below is None or not _holds(item, below)):
            message = (
                "Строка без срока и ответственного прочитана как подзаголовок: это мероприятие?"
            )
            doubts.append(Doubt(item.number, "group", message, _first(item), place))
    return doubts


def _holds(group: DraftItem, below: DraftItem) -> bool:
    if group.number is None or below.number is None:
        return False
    return is_under(below.number, group.number)
