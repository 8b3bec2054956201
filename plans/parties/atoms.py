"""A responsible cell in pieces: known units, surnames, quoted names, words, separators. Pure."""

import re
from dataclasses import dataclass
from enum import Enum

from plans.parties.dictionary import Entry
from plans.parties.phrases import PhraseBook, plain

_NAME = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
_INITIALS = r"[А-ЯЁ]\.\s?[А-ЯЁ]\.?"
_PERSON = re.compile(
    rf"{_NAME}\s{_INITIALS}(?!\w)|{_INITIALS}\s?{_NAME}(?!\w)"
    rf"|{_NAME}\s{_NAME}\s[А-ЯЁ][а-яё]+(?:вич|вна|ична|инична|ьич)(?:ем|ой|у|а|е)?(?!\w)"
)
_WORD = re.compile(r"\d+\s?[-–—]\s?\d+|[\w№%]+(?:[-–.][\w]+)*\.?")
_AND = re.compile(r"(?:и|или|и/или)(?!\w)", re.IGNORECASE)
_SEPARATOR = re.compile(r"[,;/+•·:|]|\.(?=\s|$)|(?:(?<=\s)|^)[-–—*](?=\s)|[-–—](?=\s)")
_DEFINITION = re.compile(r"\(\s*далее\b[^()]*(?:\([^()]*\)[^()]*)*\)", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()]*\)")
_OPENING = "«“„"
_CLOSING = "»”“"
_LONGEST = 400  # characters of a quoted name


class Form(Enum):
    """What a piece is."""

    UNIT = "unit"
    PERSON = "person"
    QUOTE = "quote"
    WORD = "word"
    BREAK = "break"


@dataclass(frozen=True)
class Atom:
    """A piece at [start, end) of the text; `inner` are the units inside a quoted name."""

    form: Form
    start: int
    end: int
    text: str
    entry: Entry | None = None
    inner: tuple["Atom", ...] = ()


def without_asides(text: str) -> str:
    """The text, as long as before, without «(далее – …)» and bracketed remarks; brackets
    that name a person or the regional operator are opened."""
    text = _DEFINITION.sub(lambda found: ";".ljust(len(found.group())), text)
    made, at = "", 0
    for aside in _ASIDE.finditer(text):
        made += text[at : aside.start()]
        at = aside.end()
        opened = _PERSON.search(aside.group()) or _names(made)
        inside = aside.group()[1:-1]
        made += f",{inside}," if opened else " " * len(aside.group())
    return made + text[at:]


def _names(before: str) -> bool:
    words = before.lower().split()
    return not words or words[-1].startswith(("оператор", "координатор", "исполнител"))


def atoms_of(text: str, book: PhraseBook[Entry]) -> list[Atom]:
    """The pieces of a text in one line, from left to right; nothing but blanks is left out."""
    flat = plain(text)
    found: list[Atom] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        atom = _atom(text, flat, at, book)
        found.append(atom)
        at = atom.end
    return found


def _atom(text: str, flat: str, at: int, book: PhraseBook[Entry]) -> Atom:
    person = _PERSON.match(text, at)
    if person:
        return Atom(Form.PERSON, at, person.end(), person.group())
    match = book.at(flat, at)
    if match:
        return Atom(Form.UNIT, at, match.end, text[at : match.end], match.value)
    end = quote_end(text, at)
    if end:
        inner = tuple(_inner(text, flat, at + 1, end - 1, book))
        return Atom(Form.QUOTE, at, end, text[at:end], inner=inner)
    for pattern, form in ((_AND, Form.BREAK), (_SEPARATOR, Form.BREAK), (_WORD, Form.WORD)):
        found = pattern.match(text, at)
        if found:
            return Atom(form, at, found.end(), found.group())
    return Atom(Form.WORD, at, at + 1, text[at])


def _inner(text: str, flat: str, at: int, end: int, book: PhraseBook[Entry]) -> list[Atom]:
    units = []
    while at < end:
        match = book.at(flat, at) if not flat[at - 1].isalnum() else None
        if match and match.end <= end:
            units.append(Atom(Form.UNIT, at, match.end, text[at : match.end], match.value))
        at = match.end if match else at + 1
    return units


def quote_end(text: str, at: int) -> int:
    """The place after the quotation that opens at `at`; 0 where none opens or it never ends.

    Inner quotations are counted; where one bracket is missing the first closing one ends it.
    """
    if text[at] == '"':
        return text.find('"', at + 1) + 1
    if text[at] not in _OPENING:
        return 0
    depth = 0
    for place in range(at, min(len(text), at + _LONGEST)):
        depth += (text[place] in _OPENING) - (text[place] in _CLOSING)
        if depth <= 0:
            return place + 1
    closings = [text.find(sign, at + 1, at + _LONGEST) for sign in _CLOSING]
    return min((place for place in closings if place > 0), default=-1) + 1
