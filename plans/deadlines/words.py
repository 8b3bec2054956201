"""From a phrase to the words of the grammar. Pure.

Every normalisation keeps positions, so that what was not understood can be shown as written.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from lark import Token

from plans.deadlines.lexicon import KEYWORDS, MONTH_NAMES, ROWS

LONGEST_PHRASE = 600
"""Characters; a longer «deadline» is a cell of something else and is left to a person."""

_LATIN: Final = str.maketrans("ABCEHKMOPTXYaceopxyb", "АВСЕНКМОРТХУасеорхуь")
_LIKE_LATIN: Final = re.compile(r"(?![IVXivx]+$)[ABCEHKMOPTXYaceopxyk]+")
_CYRILLIC: Final = re.compile(r"[а-яё]", re.IGNORECASE)
_LETTERS: Final = re.compile(r"[a-zа-яё]+", re.IGNORECASE)
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,80}>|&nbsp;")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_DASHES: Final = "‐‑‒–—―−﹣－…"
_QUOTES: Final = "«»\"'“”„‟`’‘‹›()[]{}*!?·•"
_CUT_WORD: Final = re.compile(r"([а-яё]+)-[ \t]*\n\s*([а-яё]+)", re.IGNORECASE)
_DIGITS: Final = str.maketrans("ОOоoЗзlI|б", "0000331116")
_LIKE_DATE: Final = re.compile(
    r"(?<!\w)[\dОOоoЗзlI|б]{1,2}([./])[\dОOоoЗзlI|б]{1,2}\1[\dОOоoЗзlI|б]{4}(?!\w)"
)
_SIGNS: Final = str.maketrans(
    {**dict.fromkeys(_DASHES, "-"), **dict.fromkeys(_QUOTES, " "), "ё": "е", "і": "i", "ї": "i"}
)
_BLANK: Final = re.compile(r"\s")
_IGNORED: Final = frozenset(". :")


@dataclass(frozen=True)
class Row:
    """A row of the lexicon, compiled."""

    name: str
    pattern: re.Pattern[str]
    meaning: Any


class Word(Token):
    """A token of the grammar; `meaning` is what the lexicon says of it, `doubt` what is unsure."""

    meaning: Any
    doubt: str | None


@dataclass(frozen=True)
class Phrase:
    """A phrase as written, and its words. Positions count in `text`."""

    text: str
    words: tuple[Word, ...]

    def written(self, words: list[Word]) -> str:
        """The stretch of the phrase that the words cover."""
        start, end = words[0].start_pos or 0, words[-1].end_pos or 0
        return " ".join(self.text[start:end].split())


def cleaned(text: str) -> str:
    """The text with composed letters, without tags and signs that nobody sees, and with words
    cut by a line break made whole."""
    composed = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return _CUT_WORD.sub(_whole, _TAG.sub(" ", composed))


def _whole(match: re.Match[str]) -> str:
    word = (match[1] + match[2]).lower()
    return match[1] + match[2] if word in MONTH_NAMES or word in KEYWORDS else match[0]


def _one_alphabet(match: re.Match[str]) -> str:
    word = match[0]
    if _CYRILLIC.search(word) or _LIKE_LATIN.fullmatch(word):
        return word.translate(_LATIN)
    return word


def plain(text: str) -> str:
    """Lower case, one alphabet in a word, one kind of dash and blank; of the same length."""
    letters = _LETTERS.sub(_one_alphabet, text)
    lowered = "".join(low if len(low := sign.lower()) == 1 else sign for sign in letters)
    return _BLANK.sub(" ", lowered.translate(_SIGNS))


@cache
def _rows() -> tuple[Row, ...]:
    return tuple(
        Row(name, re.compile(_whole_words(pattern)), meaning) for name, pattern, meaning in ROWS
    )


def _whole_words(pattern: str) -> str:
    return rf"(?:{pattern.replace(' ', '[ ]+').replace('[ ]+?', '[ ]*')})(?:(?<![а-яa-z])|(?![а-яa-z]))"


@cache
def _any_row() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<r{n}>{row.pattern.pattern})" for n, row in enumerate(_rows())))


def _word(name: str, text: str, span: tuple[int, int], meaning: object = None) -> Word:
    word = Word(name, text, start_pos=span[0], end_pos=span[1])
    word.meaning = meaning
    word.doubt = None
    return word


_UNKNOWN: Final = re.compile(r"[а-яa-z]+|\d+|\S")


def _known(text: str, position: int) -> Word | None:
    match = _any_row().match(text, position)
    if match is None or match.lastgroup is None or match.end() == position:
        return None
    row = next(row for n, row in enumerate(_rows()) if match.group(f"r{n}") is not None)
    again = row.pattern.match(text, position)
    meaning = row.meaning(again) if callable(row.meaning) else row.meaning
    return _word(row.name, match[0], match.span(), meaning)


def distance(one: str, other: str) -> int:
    """Edits (a neighbour swap counts as one) that make one word of the other."""
    rows = [list(range(len(other) + 1))]
    for i, left in enumerate(one, 1):
        row = [i]
        for j, right in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and right == one[i - 2]:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


@lru_cache(maxsize=4096)
def _guess(text: str) -> str | None:
    """The only word of the lexicon that an unknown one can be a slip of."""
    if len(text) < 5:
        return None
    allowed = 1 if len(text) < 8 else 2
    near = [
        (distance(text, name), MONTH_NAMES.get(name, name), name)
        for name in (*MONTH_NAMES, *KEYWORDS)
        if abs(len(name) - len(text)) <= allowed
    ]
    best = min((edits for edits, _, _ in near), default=allowed + 1)
    names = [(meaning, name) for edits, meaning, name in near if edits == best]
    if best > allowed or len({meaning for meaning, _ in names}) > 1:
        return None
    return names[0][1]


def _unknown(text: str, position: int) -> Word:
    match = _UNKNOWN.match(text, position)
    end = match.end() if match else position + 1
    return _word("WORD", text[position:end], (position, end))


def _guessed(text: str, unknown: Word) -> Word:
    name = _guess(str(unknown))
    known = _known(name, 0) if name else None
    if name is None or name == unknown or known is None or known.end_pos != len(name):
        return unknown
    word = _word(known.type, name, (unknown.start_pos or 0, unknown.end_pos or 0), known.meaning)
    word.doubt = f"Слово «{unknown}» прочитано как «{name}»."
    return word


def _scanned(text: str) -> Iterator[Word]:
    position = 0
    while position < len(text):
        if text[position] in _IGNORED and not text.startswith("..", position):
            position += 1
            continue
        word = _known(text, position)
        if word is None:
            word = _guessed(text, _unknown(text, position))
        position = word.end_pos or len(text)
        if word.type != "SKIP":
            yield word


def _named(word: Word) -> Word:
    """2023/24 is one academic year, 2022–2023 годы are several; «мая» continues «до 1 апреля»."""
    if word.type == "MONTH":
        word.type = "MONTH_OF" if word.meaning[1] else "MONTH"
        word.meaning = word.meaning[0]
    if word.type != "SCHOOL_YEARS":
        return word
    first, last, called_years = word.meaning
    school = last == first + 1 and not called_years
    kind = "NAMED_SCHOOL_YEAR" if school else "YEARS" if last > first else "WORD"
    meaning = first if school else (first, last)
    return _word(kind, str(word), (word.start_pos or 0, word.end_pos or 0), meaning)


def _joined(words: list[Word]) -> Iterator[Word]:
    """«2022 г., 2023 г.» is one word with two years; «сентябрь, 2023» loses its comma."""
    done: list[Word] = []
    for word in words:
        if word.type == "YEAR" and len(done) > 1 and done[-1].type in {"COMMA", "AND"}:
            before = done[-2]
            if before.type == "YEAR":
                del done[-2:]
                span = (before.start_pos or 0, word.end_pos or 0)
                word = _word("YEAR", f"{before}, {word}", span, before.meaning + word.meaning)
            elif before.type in {"MONTH", "MONTH_OF"} and done[-1].type == "COMMA":
                del done[-1:]
        if not (done and _says_again(done[-1], word)):
            done.append(word)
    return iter(done)


def _says_again(before: Word, word: Word) -> bool:
    """«15 (пятнадцатого)»"""
    return before.type == word.type == "NUMBER" and before.meaning == word.meaning


def _as_digit(match: re.Match[str]) -> str:
    """A date with letters for digits, as a scanner reads them: «З0.О9.2023»."""
    return match[0].translate(_DIGITS) if sum(map(str.isdigit, match[0])) > 3 else match[0]


def phrase(text: str) -> Phrase:
    """The words of a phrase; a phrase too long to be a deadline has only unread ones."""
    written = cleaned(text)[:LONGEST_PHRASE]
    dated = _LIKE_DATE.sub(_as_digit, written)
    words = [_named(word) for word in _scanned(plain(dated))]
    for word in words:
        start, end = word.start_pos or 0, word.end_pos or 0
        if written[start:end] != dated[start:end]:
            word.doubt = f"«{written[start:end]}» прочитано как «{dated[start:end]}»."
    return Phrase(written, tuple(_joined(words)))
