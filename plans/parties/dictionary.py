"""The words by which responsible parties are known: general < a region's < the document's.

Pure: the general part is data (`fixtures/parties.toml`), given by the caller.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from plans.choices import PartyKind
from plans.parties.phrases import PhraseBook, compiled, plain


class Sort(StrEnum):
    """What an entry of the dictionary is; the words are explained in the fixture."""

    BODY = "body"
    POST = "post"
    OFFICE = "office"
    FORM = "form"
    MUNICIPAL_FORM = "municipal_form"
    INSTITUTE = "institute"
    COORDINATOR = "coordinator"
    AUTHORITY = "authority"
    BARE = "bare"
    CENTRE = "centre"
    QUALIFICATION = "qualification"
    NOISE = "noise"


@dataclass(frozen=True)
class Entry:
    """Words of one meaning. `kind` None: somebody for whom the portal has no unit.

    `fixed`: a region's or the document's own word, no rule changes its kind.
    """

    words: tuple[str, ...]
    kind: PartyKind | None
    sort: Sort = Sort.BODY
    level: PartyKind | None = None
    one: bool = False
    fixed: bool = False


@dataclass(frozen=True)
class Context:
    """What the document itself says: who issued it, at which level (region, municipality or
    school; None: unknown), its abbreviations, and the names of the regional operator
    (folded; quoted names, abbreviations)."""

    issuer: str = ""
    level: PartyKind | None = None
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    operators: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PartyDictionary:
    """Entries in order of weight: of two of the same length the later one wins."""

    entries: tuple[Entry, ...]
    tails: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    context: Context = Context()
    literals: tuple[tuple[str, Entry], ...] = ()
    book: PhraseBook[Entry] = field(
        default_factory=lambda: PhraseBook[Entry](), repr=False, compare=False
    )

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "PartyDictionary":
        """The dictionary of data in the shape of `fixtures/parties.toml`."""
        tails = data.get("tails", {})
        made = cls(
            tuple(_entry(one) for one in data.get("party", ())),
            frozenset(tails.get("words", ())),
            frozenset(tails.get("regions", ())),
            frozenset(tails.get("codes", ())),
        )
        return _indexed(made)

    def with_words(self, words: Mapping[str, PartyKind]) -> "PartyDictionary":
        """This dictionary with a region's own words on top.

        A word that is already known changes its whole entry: «ЦОПП» takes the long name
        along. Other words are added as they stand.
        """
        entries, literals = self.entries, self.literals
        for word, kind in words.items():
            known = [one.one and _has(one, word) for one in entries]
            if any(known):
                entries = tuple(
                    replace(one, kind=kind, sort=Sort.BODY, fixed=True) if hit else one
                    for one, hit in zip(entries, known, strict=True)
                )
            else:
                literals += ((word, Entry((word,), kind, fixed=True)),)
        return _indexed(replace(self, entries=entries, literals=literals))

    def with_names(self, names: Iterable[tuple[str, Entry]], context: Context) -> "PartyDictionary":
        """This dictionary with the abbreviations of one document on top."""
        fresh = tuple(names)
        book = self.book.with_literals(fresh)
        return replace(self, literals=self.literals + fresh, context=context, book=book)


def _indexed(dictionary: PartyDictionary) -> PartyDictionary:
    phrases = [(words, entry) for entry in dictionary.entries for words in entry.words]
    book = PhraseBook[Entry].of(phrases).with_literals(dictionary.literals)
    return replace(dictionary, book=book)


def _entry(data: Mapping[str, Any]) -> Entry:
    kind, level = data.get("kind"), data.get("level")
    return Entry(
        tuple(data["words"]),
        PartyKind(kind) if kind else None,
        Sort(data.get("sort", Sort.BODY)),
        PartyKind(level) if level else None,
        bool(data.get("one", False)),
    )


def _has(entry: Entry, word: str) -> bool:
    return any(compiled(phrase).fullmatch(plain(word)) for phrase in entry.words)
