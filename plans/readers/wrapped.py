"""From words at places to a text with its line breaks understood. Pure.

On a page a line may end because the next word had no room (a blank), because a word alone
was too long (nothing) or because the writer wished so ("\\n"): only the room tells which.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BLANK = 0.6  # of the type's size: a blank's width and the doubt about it
_ITEM = re.compile(r"(?:[-–—•·*\uf0b7]|\d{1,2}[).])\s")
_LINK = re.compile(r"https?://\S*$|www\.\S*$")
_IN_LINK = re.compile(r"[\w%?#&=~./+-]+", re.ASCII)
_LINK_PART = re.compile(r"(?=.*/)[\w%?#&=~./+-]+[/-]", re.ASCII)
_NUMBER_PART = re.compile(r"\d[\d. ]*")
_REPEATED_PIECE = re.compile(r"(?<=[a-z]-)([\w-]{3,80}/)\1(?=\s|$)", re.ASCII)  # two, not one
LONGEST = 24  # letters of a word that may have been broken


@dataclass(frozen=True)
class Word:
    """A word and its box in points; `first` is the width of its first sign."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    first: float

    @property
    def size(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True)
class TextLine:
    """Words on one line, from left to right."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)

    @property
    def width(self) -> float:
        return self.words[-1].x1 - self.words[0].x0


def lines_of(words: Iterable[Word]) -> list[TextLine]:
    """Words put into lines: those whose middles are nearly at one height."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.top + word.bottom) / 2):
        middle = (word.top + word.bottom) / 2
        if lines and middle - _middle(lines[-1]) < 0.4 * word.size:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [TextLine(tuple(sorted(line, key=lambda word: word.x0))) for line in lines]


def _middle(line: list[Word]) -> float:
    return sum(word.top + word.bottom for word in line) / (2 * len(line))


def room_of(lines: Sequence[TextLine], left: float, right: float) -> float:
    """The width for text between two walls: the padding is taken to be alike on both sides."""
    padding = min(line.words[0].x0 for line in lines) - left
    return right - left - 2 * max(padding, 0.0)


def text_of(lines: Sequence[TextLine], room: float) -> str:
    """The lines as one text; `room` is the width that text could take."""
    said = ""
    for before, line in zip((None, *lines), lines, strict=False):
        if before is None:
            said = line.text
        elif said.endswith(("\u00ad", "\u2010")):  # a mark of automatic hyphenation
            said = said[:-1] + line.text
        else:
            said += join_of(said, before, line, room) + line.text
    return _REPEATED_PIECE.sub(r"\1 \1", said)


def join_of(said: str, before: TextLine, line: TextLine, room: float) -> str:
    """What stands between a line and the next: "", a blank or "\\n"."""
    word, last = line.words[0], before.words[-1]
    free = room - before.width
    if _in_one_link(said, word.text) or _in_one_number(said, line.text):
        return ""
    if _LINK.search(said) and _LINK.match(word.text):
        return "\n"
    if _ITEM.match(f"{line.text} ") or line.top - before.bottom > 0.9 * word.size:
        return "\n"
    if _is_hyphened(last.text, word.text):
        return ""
    if BLANK * word.size + word.x1 - word.x0 < free:
        return "\n"
    return "" if is_broken(before, word, free) else " "


def is_broken(before: TextLine, word: Word, free: float) -> bool:
    """Whether a word too long for the column was broken between two letters: it fills its
    line alone, not even one more letter had room."""
    alone, start = len(before.words) == 1, before.text
    if not alone or free >= word.first or len(start) + len(word.text) > LONGEST:
        return False
    return start[-1].isalpha() and word.text[0].islower()


def _is_hyphened(said: str, text: str) -> bool:
    """«практико-» / «ориентированный», «6–» / «11-х»."""
    if len(said) < 2 or said[-1] not in "-–":
        return False
    before, after = said[-2], text[0]
    return before.isalpha() if said[-1] == "-" else before.isdigit() and after.isdigit()


def _in_one_number(said: str, text: str) -> bool:
    """Whether all there is so far is a number like «3.4.12.» which goes on."""
    number = "." in said and _NUMBER_PART.fullmatch(said)
    return bool(number) and _NUMBER_PART.fullmatch(text) is not None


def _in_one_link(said: str, text: str) -> bool:
    going = _LINK.search(said) or _LINK_PART.fullmatch(said)
    fresh = text.startswith(("http", "www."))
    return going is not None and not fresh and _IN_LINK.fullmatch(text.rstrip(";,")) is not None
