"""From the pieces of a cell to the spans that name somebody, and what stays unknown. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from plans.choices import PartyKind
from plans.parties.atoms import Atom, Form
from plans.parties.dictionary import Entry, Sort

_CODE = re.compile(r"[А-ЯЁA-Z][А-ЯЁA-Zа-яё]*[А-ЯЁA-Z]\w*$")
_NOMINATIVE = re.compile(
    r"(?:Управление|Министерство|Отдел|Департамент|Комитет|Центр|Институт|Фонд|Администрация)(?!\w)"
)
_ADJECTIVE = re.compile(
    r"[А-ЯЁа-яё-]+(?<!ни)(?<!ти)(?<!ви)(?:ые|ие|ый|ий|ой|ая|яя|ое|ее|ого|его|ых|их|ым|им|ыми|ими|ую)"
)
_NEW_ADJECTIVE = re.compile(r"[а-яё-]+(?:ые|(?<!н)ие|ый|(?<!ц)ий|ая)(?!\w)")
_OF_MANY = re.compile(r"[а-яё-]+(?:ов|ев|ей)(?!\w)")
_MISSPELT = re.compile(r"образ|общеобр|учебн", re.IGNORECASE)
_MINISTRY = re.compile(r"министерства|минобр\w*", re.IGNORECASE)
_PART_OF_MINISTRY = re.compile(r"отдел|управлени|сектор|департамент", re.IGNORECASE)
_GENITIVE = re.compile(r"[А-ЯЁа-яё-]+(?:ого|его|ой|ей|ых|их)")
_CLAUSE = re.compile(
    r"[а-яё]+(?:щ(?:ий|ая|ее|ие|его|ей|их|им|ими|ую)(?:ся)?|нн(?:ый|ая|ое|ые|ого|ой|ых|ыми))"
    r"|не|котор\w+|в|на|по|за|для|из|от|при|с|среди|включая|входящ\w+"
)
_PLACE = re.compile(r"(?:г|город\w*|республик\w*|пос|пгт|села)\.?")
_PLACES = frozenset(("России", "Югры", "Москвы", "Татарстан", "Башкортостан", "Якутия", "Россия"))
_REGION = re.compile(r"[А-ЯЁ]{2,4}(?:-[А-ЯЁ][а-яё]+)?")
_PREPOSITIONS = frozenset(("по", "за", "в", "во", "на", "для", "из", "при", "от", "к", "о", "с"))
_POSTS = (Sort.POST, Sort.OFFICE)
_FORMS = (Sort.FORM, Sort.MUNICIPAL_FORM)
_ONE_POST = re.compile(
    r"(?:начальник|директор|методист|специалист|заместитель|зам\.|заведующ(?:ий|ая)|главный|"
    r"ведущий|старший|консультант|инспектор|председатель|руководитель|министр|координатор)(?!\w)",
    re.IGNORECASE,
)


@dataclass
class Span:
    """A place in the text that names somebody.

    `posts`: it begins with a post; `body` the entry that decides; `entries` all that were met.
    """

    start: int
    end: int
    body: Entry | None
    entries: list[Entry] = field(default_factory=list)
    person: bool = False
    posts: bool = False
    pending: bool = False
    dash: bool = False


@dataclass
class Assembly:
    """The pieces put together: spans in order, unknown places, whether a qualification stood."""

    text: str
    tails: frozenset[str]
    codes: frozenset[str]
    spans: list[Span] = field(default_factory=list)
    unknown: list[tuple[int, int]] = field(default_factory=list)
    qualified: bool = False
    _fresh: bool = True
    _skipping: bool = False
    _dash: bool = False
    _slash: bool = False
    _words: list[Atom] = field(default_factory=list)
    _last: Atom | None = None

    def take(self, atoms: Sequence[Atom]) -> "Assembly":
        """Assemble the pieces of the text; answers itself."""
        for atom in atoms:
            self._take(atom)
            self._last = atom
        self._give_up()
        return self

    def _take(self, atom: Atom) -> None:
        if atom.form is Form.BREAK:
            self._break(atom)
        elif self._skipping:
            return
        elif atom.form is Form.PERSON:
            self._person(atom)
        elif atom.form is Form.QUOTE:
            self._quote(atom)
        elif atom.entry is not None:
            self._unit(atom, atom.entry)
        else:
            self._word(atom)

    def _break(self, atom: Atom) -> None:
        self._give_up()
        self._skipping = False
        self._fresh = True
        self._dash = atom.text in "-–—" and bool(self.spans)
        self._slash = atom.text == "/" and bool(self.spans)

    # A surname

    def _person(self, atom: Atom) -> None:
        self._give_up()
        span = self.spans[-1] if self.spans else None
        if span and not self._fresh and _ONE_POST.match(self.text, span.start):
            self.spans.pop()
            self._add(Span(span.start, atom.end, None, person=True))
        else:
            self._add(Span(atom.start, atom.end, None, person=True))

    def _add(self, span: Span) -> None:
        span.dash = self._dash
        self._dash = self._slash = False
        self.spans.append(span)
        self._fresh = False

    # A quoted name

    def _quote(self, atom: Atom) -> None:
        span = self.spans[-1] if self.spans and not self._fresh and not self._words else None
        if span is None or self._is_listed(span, atom):
            self._lone_quote(atom)
            return
        span.end = atom.end
        inner = _telling(atom)
        if span.body and span.body.sort in _FORMS and inner and not _municipal(span.body, inner):
            span.body = inner
        span.entries += [inner] if inner else []

    def _is_listed(self, span: Span, atom: Atom) -> bool:
        """Whether a known name in quotation marks only follows a code in a list."""
        alone = bool(_CODE.fullmatch(self.text[span.start : span.end]))
        form = span.body is not None and span.body.sort in _FORMS
        return alone and not form and _telling(atom) is not None

    def _lone_quote(self, atom: Atom) -> None:
        inner = _telling(atom)
        if inner is None:
            self._words.append(atom)
            return
        self._give_up()
        self._add(Span(atom.start, atom.end, inner, [inner]))

    # A known unit

    def _unit(self, atom: Atom, entry: Entry) -> None:
        if entry.sort is Sort.NOISE:
            self._give_up()
            self._fresh = True
        elif entry.sort is Sort.QUALIFICATION:
            self._give_up()
            self.qualified = self._skipping = True
        elif not (self._joins_post(atom) or self._joins_body(atom, entry)):
            self._new(atom, entry)

    def _new(self, atom: Atom, entry: Entry) -> None:
        start = self._leading(atom)
        if entry.kind is PartyKind.PARTNER and _MISSPELT.search(self.text, start, atom.start):
            self.unknown.append((start, atom.end))  # «общеобразователные организации»
            return
        span = self.spans[-1] if self.spans else None
        if self._fresh and span and span.person and _is_one_post(atom):
            span.end = atom.end  # «Петрова И.И., начальник отдела»
            span.pending = True
            self._fresh = False
            return
        if self._slash and span and entry in span.entries and start == atom.start:
            span.end = atom.end  # «предприятия/организации»
            self._fresh = False
            return
        post = entry.sort in _POSTS
        self._add(Span(start, atom.end, entry, [entry], posts=post, pending=post))

    def _leading(self, atom: Atom) -> int:
        """Where the unit begins with the adjectives before it; other words stay unknown."""
        words, self._words = self._words, []
        for place, word in enumerate(words):
            if all(_ADJECTIVE.fullmatch(one.text) for one in words[place:]):
                self._forget(words[:place])
                return word.start
        self._forget(words)
        return atom.start

    def _joins_post(self, atom: Atom) -> bool:
        """«руководители» + «ОО»: the post takes the kind of the body after it."""
        span = self.spans[-1] if self.spans else None
        if span is None or self._fresh or self._words or not span.pending:
            return False
        entry = atom.entry
        if _NOMINATIVE.match(atom.text) or entry is None or not self._goes_on(span, atom):
            return False
        span.end = atom.end
        span.entries.append(entry)
        if not span.person:
            span.pending = entry.sort in _POSTS
            span.body = entry if entry.kind or not span.pending else span.body
        return True

    def _goes_on(self, span: Span, atom: Atom) -> bool:
        """A unit right after the post, or after words that lead to it."""
        last = self._last
        if last is None or last.form is not Form.WORD:
            return True
        return atom.text[0].islower() or last.text.lower() in _PREPOSITIONS

    def _joins_body(self, atom: Atom, entry: Entry) -> bool:
        """«отдел образования» + «администрации города», «ГБУ ДПО» + «РЦОКО»."""
        span = self.spans[-1] if self.spans else None
        if span is None or self._fresh or self._words or span.person or span.body is None:
            return False
        if self._is_in_ministry(span, atom, entry):
            span.body = replace(entry, sort=Sort.AUTHORITY)
        elif span.body.sort in _FORMS:
            span.body = span.body if _municipal(span.body, entry) else entry
        elif not self._is_part(atom, entry):
            return False
        span.end = atom.end
        span.entries.append(entry)
        return True

    def _is_in_ministry(self, span: Span, atom: Atom, entry: Entry) -> bool:
        """«отдел общего образования министерства» is the ministry's."""
        inner = span.body is not None and span.body.sort in (Sort.AUTHORITY, Sort.BARE)
        ministry = entry.sort in (Sort.AUTHORITY, Sort.BARE) and _MINISTRY.match(atom.text)
        part = _PART_OF_MINISTRY.match(self.text, span.start)
        return bool(inner and ministry and part and entry.kind is PartyKind.REGION)

    def _is_part(self, atom: Atom, entry: Entry) -> bool:
        """Whether a unit in small letters only says whose the one before is."""
        before = self._last.text if self._last else ""
        people = entry.kind is PartyKind.SCHOOL and _OF_MANY.match(atom.text)
        small = atom.text[0].islower() and (people or not _CODE.fullmatch(before))
        own = entry.sort in _POSTS or _NEW_ADJECTIVE.match(atom.text)
        return small and not own and not before.endswith(("»", '"', "."))

    # Any other word

    def _word(self, atom: Atom) -> None:
        span = self.spans[-1] if self.spans else None
        if self._words or span is None:
            self._words.append(atom)
        elif self._is_tail(atom) if not self._fresh else self._is_clause(atom):
            span.end = atom.end
            self._fresh = self._dash = False
        else:
            self._words.append(atom)

    def _is_tail(self, atom: Atom) -> bool:
        text = atom.text.rstrip(".") or atom.text
        before = self._last.text.lower() if self._last else ""
        if text[0].islower() or not text[0].isalpha() or text in self.codes:
            return True
        if _is_form(self.spans[-1]) and _REGION.fullmatch(text):
            return True
        if before in _PREPOSITIONS or _PLACE.fullmatch(before) or text in _PLACES:
            return True
        return _GENITIVE.fullmatch(text) is not None and not _CODE.fullmatch(text)

    def _is_clause(self, atom: Atom) -> bool:
        """Whether a word after a comma or «и» goes on the one before."""
        text = atom.text.lower().replace("ё", "е")
        if not atom.text[0].islower():
            return atom.text[0].isdigit() or atom.text in self.codes
        if self._dash:
            return True  # «ОО – участники проекта»
        return bool(text in self.tails or _CLAUSE.fullmatch(text) or _GENITIVE.fullmatch(text))

    def _give_up(self) -> None:
        words, self._words = self._words, []
        self._forget(words)

    def _forget(self, words: list[Atom]) -> None:
        if any(one.text[0].isalnum() or one.form is Form.QUOTE for one in words):
            self.unknown.append((words[0].start, words[-1].end))


def _is_form(span: Span) -> bool:
    return span.body is not None and span.body.sort in _FORMS


def _telling(quote: Atom) -> Entry | None:
    """The entry a quoted name begins with or, failing that, any in it."""
    entries = [one.entry for one in quote.inner if one.entry and one.entry.kind]
    firm = [one for one in entries if one.sort not in _POSTS]
    return firm[0] if firm else None


def _municipal(form: Entry, inner: Entry) -> bool:
    """Whether the municipal founder decides and not the name."""
    centre = inner.sort in (Sort.CENTRE, Sort.AUTHORITY, Sort.INSTITUTE)
    return form.sort is Sort.MUNICIPAL_FORM and centre


def _is_one_post(atom: Atom) -> bool:
    return atom.text[0].islower() and _ONE_POST.match(atom.text) is not None
