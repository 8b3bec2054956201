"""Phrases with open endings, as the dictionary of parties writes them. Pure.

`классн* руководител*` means both words with any ending; `(a|b)` one of several; `[…]` words
that may be missing, never at the beginning; a word with two capitals («ЦОПП») is a code and
is met in exactly this writing. «е» stands for «ё».
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, TypeVar

T = TypeVar("T")

_TOKEN = re.compile(r"\(([^()]+)\)|(\[)|(\])|([^\s\[\]()]+)")
_CODE = re.compile(r"[A-ZА-Я][^A-ZА-Я]*[A-ZА-Я]")
_PREFIX = 2


def plain(text: str) -> str:
    """`text` of the same length with «е» for «ё» and blanks for line breaks."""
    return re.sub(r"\s", " ", text).replace("ё", "е").replace("Ё", "Е")


_LATIN = str.maketrans("ABCEHKMOPTXYaceopxy", "АВСЕНКМОРТХУасеорху")
_LETTERS = re.compile(r"[A-Za-zА-ЯЁа-яё]+")
_LOOKS_RUSSIAN = re.compile(
    r"[ABCEHKMOPTXYaceopxyА-ЯЁа-яё]*[А-ЯЁа-яё][ABCEHKMOPTXYaceopxyА-ЯЁа-яё]*|[OCYMBHP]{2,}"
)


def one_alphabet(text: str) -> str:
    """`text` of the same length with Russian letters for the Latin ones that look like them,
    in words which have Russian letters too («МOУO»), and in codes that look Russian («OO»)."""
    return _LETTERS.sub(
        lambda word: word[0].translate(_LATIN) if _LOOKS_RUSSIAN.fullmatch(word[0]) else word[0],
        text,
    )


@lru_cache(maxsize=4096)
def compiled(phrase: str) -> re.Pattern[str]:
    """The phrase as a pattern for texts made `plain`."""
    pattern, gap = "", ""
    for alternatives, opened, closed, word in _TOKEN.findall(plain(phrase)):
        if opened or closed:
            pattern += "(?:" if opened else ")?"
            continue
        choice = "|".join(map(_word, (alternatives or word).split("|")))
        pattern += f"{gap}(?:{choice})"
        gap = r"\s*" if "." in (alternatives or word) else r"\s+"
    return re.compile(pattern + r"(?!\w)")


def literal(words: str) -> re.Pattern[str]:
    """The words exactly so, whatever signs are in them."""
    pattern = r"\s+".join(map(re.escape, plain(words).split()))
    return re.compile(pattern + (r"(?!\w)" if words[-1:].isalnum() else ""))


def _word(word: str) -> str:
    pattern = re.escape(word).replace(r"\*", r"\w*").replace(r"\-", r"\s?[-–]\s?")
    return pattern if _CODE.search(word) else f"(?i:{pattern})"


def _prefixes(phrase: str) -> list[str]:
    """How a match of the phrase may begin; "" where anything may stand before."""
    alternatives, _, _, word = _TOKEN.findall(plain(phrase))[0]
    firsts = [re.split(r"[^\w]", one)[0].lower() for one in (alternatives or word).split("|")]
    return [first[:_PREFIX] for first in firsts]


@dataclass(frozen=True)
class Match(Generic[T]):
    start: int
    end: int
    value: T


@dataclass
class PhraseBook(Generic[T]):
    """Phrases to values, asked what stands at each word of a text."""

    _by_prefix: dict[str, list[tuple[re.Pattern[str], T]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    @classmethod
    def of(cls, entries: Iterable[tuple[str, T]]) -> "PhraseBook[T]":
        """Later entries win over earlier ones of the same length."""
        book = cls()
        for phrase, value in entries:
            for prefix in _prefixes(phrase):
                book._by_prefix[prefix].append((compiled(phrase), value))
        return book

    def with_literals(self, entries: Iterable[tuple[str, T]]) -> "PhraseBook[T]":
        """The same book and words that are met in exactly their writing; they win."""
        book = PhraseBook[T]()
        for prefix, known in self._by_prefix.items():
            book._by_prefix[prefix] = list(known)
        for words, value in entries:
            prefix = plain(words)[:_PREFIX].lower()
            book._by_prefix[prefix].append((literal(words), value))
        return book

    def at(self, text: str, place: int) -> Match[T] | None:
        """The longest phrase that begins at `place` of a `plain` text."""
        best: Match[T] | None = None
        for prefix in {text[place : place + n].lower() for n in range(_PREFIX + 1)}:
            for pattern, value in self._by_prefix.get(prefix, ()):
                found = pattern.match(text, place)
                if found and (best is None or found.end() >= best.end):
                    best = Match(place, found.end(), value)
        return best
