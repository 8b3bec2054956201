"""The responsible cell of an item read as parties. Source: roadmap-reading.md, «Parties». Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from plans.choices import PartyKind
from plans.parties.assembling import Assembly, Span
from plans.parties.atoms import atoms_of, without_asides
from plans.parties.dictionary import Entry, PartyDictionary, Sort
from plans.parties.phrases import one_alphabet
from profmin.lib.text import clean, collapse, folded

LONGEST = 3000  # characters of a cell; longer ones name nobody, they are texts

_MUNICIPAL = re.compile(
    r"администрац|муниципал|район|городск|(?<!автономного )округа|\bгорода\b(?! (?:москвы|санкт|севаст))"
)
_REGIONAL = re.compile(
    r"област|\bкра[йя]\b|республик|автономн\w+ округ|\bкрая\b|москвы|санкт-петербург|севастопол|"
    r"субъект|\bрегион"
)
_FEDERAL = re.compile(r"российской федерации|\bрф\b|\bроссии\b")
_FIRST = re.compile(r"\s*1\s?[.)]\s*\D")
_ORDINAL = re.compile(r"(?:(?<=\s)(?<!№ )|^)\d{1,2}\s?[.)]\s*(?=[А-ЯЁA-Z«])")
_QUOTED = re.compile(r"[«\"„“]([^«»\"„“”]+)[»\"”]")
_OF_A_TOWN = ("муниципальн", "районн", "городск")
_HEADS = ("управлен", "департамент", "комитет", "министерств", "отдел")


@dataclass(frozen=True)
class Party:
    """Somebody responsible: what kind, and the full name or the words of the document."""

    kind: PartyKind
    name: str

    def as_json(self) -> dict[str, str]:
        return {"kind": self.kind.value, "name": self.name}


def read_parties(text: str, dictionary: PartyDictionary) -> tuple[tuple[Party, ...], str | None]:
    """The parties of a cell in their order, and a doubt in Russian about what is not known.

    All that belongs to schools is one party. An empty text gives nothing and no doubt.
    """
    said = _unnumbered(one_alphabet(clean(text)))
    if not any(sign.isalnum() for sign in said):
        return (), None
    if len(said) > LONGEST:
        return (), "Слишком длинный текст: укажите ответственных."
    reading = _Reading(without_asides(said), dictionary)
    return reading.parties(), reading.doubt()


def _unnumbered(text: str) -> str:
    """«1. ИРО 2. МОУО» as «; ИРО ; МОУО», of the same length; numbers of schools stay."""
    if not _FIRST.match(text):
        return text
    return _ORDINAL.sub(lambda found: ";".ljust(len(found.group())), text)


class _Reading:
    def __init__(self, text: str, dictionary: PartyDictionary) -> None:
        self._text = text
        self._dictionary = dictionary
        self._assembly = Assembly(
            text, dictionary.tails, dictionary.regions | dictionary.codes
        ).take(atoms_of(text, dictionary.book))
        self._unclear: list[str] = []
        self._unknown = [collapse(text[start:end]) for start, end in self._assembly.unknown]
        self._found = list(self._kinds())

    def parties(self) -> tuple[Party, ...]:
        found = [Party(kind, self._name(span, kind)) for span, kind in self._found]
        return tuple(_unique(_schools_joined(found)))

    def doubt(self) -> str | None:
        sentences = []
        if self._unknown:
            said = ", ".join(f"«{words}»" for words in self._unknown)
            sentences.append(f"Не распознано в графе ответственных: {said}.")
        if self._unclear:
            said = ", ".join(f"«{words}»" for words in self._unclear)
            sentences.append(f"Неясно, региональный это орган или муниципальный: {said}.")
        if not sentences and not self._found:
            sentences.append(
                "В графе указана только квалификация, а не ответственный."
                if self._assembly.qualified
                else f"Ответственный не распознан: «{collapse(self._text)}»."
            )
        return " ".join(sentences) or None

    def _kinds(self) -> Iterable[tuple[Span, PartyKind]]:
        spans = self._assembly.spans
        for place, span in enumerate(spans):
            following = spans[place + 1] if place + 1 < len(spans) else None
            if following and following.dash and _is_coordinator(span):
                continue  # «Региональный оператор - ТОГОАУ ДПО …» is one
            if following and _leads_to(span, following):
                following.start = span.start  # «начальник и специалисты управления»
                continue
            kind = self._kind(span)
            if kind is None:
                self._unknown.append(self._said(span))
            else:
                yield span, PartyKind.OPERATOR if _named(span, place, spans) else kind

    def _kind(self, span: Span) -> PartyKind | None:
        if span.body is None:
            return PartyKind.PERSON
        if span.pending and span.body.kind is None:
            return self._post(span.body)
        return self._body(span, span.body)

    def _post(self, entry: Entry) -> PartyKind | None:
        """A post without its body: of the issuer, where it is an office."""
        level = self._dictionary.context.level
        office = entry.sort is Sort.OFFICE and level in (PartyKind.REGION, PartyKind.MUNICIPALITY)
        return level if office and entry.level in (None, level) else None

    def _body(self, span: Span, entry: Entry) -> PartyKind | None:
        said = folded(self._said(span))
        if entry.fixed or entry.kind is None:
            return entry.kind
        if entry.sort is Sort.BARE and span.posts:
            return self._post(span.entries[0])
        if entry.sort is Sort.BARE and not _is_alone(said):
            return None
        if entry.sort in (Sort.AUTHORITY, Sort.BARE):
            return self._authority(span, entry, said)
        if entry.sort is Sort.CENTRE and said.startswith(_OF_A_TOWN):
            return PartyKind.MUNICIPALITY
        if self._is_operator(said):
            return PartyKind.OPERATOR
        if entry.kind is PartyKind.OPERATOR and entry.sort is not Sort.COORDINATOR:
            return PartyKind.OPERATOR if self._institute_operates() else PartyKind.PARTNER
        return entry.kind

    def _is_operator(self, said: str) -> bool:
        return any(
            re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said)
            for name in self._dictionary.context.operators
        )

    def _institute_operates(self) -> bool:
        """The institute is the operator unless the document names somebody else."""
        operators = self._dictionary.context.operators
        return not operators or "*" in operators

    def _authority(self, span: Span, entry: Entry, said: str) -> PartyKind:
        context = self._dictionary.context
        if _MUNICIPAL.search(said):
            return PartyKind.MUNICIPALITY
        if entry.kind is PartyKind.REGION:
            federal = _FEDERAL.search(said) and not _REGIONAL.search(said)
            return PartyKind.OTHER_AUTHORITY if federal else PartyKind.REGION
        if _REGIONAL.search(said):
            return PartyKind.REGION
        if entry.sort is Sort.BARE and not context.issuer and context.level:
            return context.level  # «Департамент» alone is the one that issues
        return self._by_issuer(said, context.issuer, context.level)

    def _by_issuer(self, said: str, issuer: str, level: PartyKind | None) -> PartyKind:
        head = next((one for one in _HEADS if one in said), "")
        issued = folded(issuer)
        if issued and issued.startswith(head) and level is not None and head != "отдел":
            return level
        if level and head == "департамент" and (level is PartyKind.REGION) != bool(issued):
            return PartyKind.REGION
        unclear = level is None or (level is PartyKind.REGION and not issued)
        if unclear and head != "отдел":
            self._unclear.append(said)
        return PartyKind.MUNICIPALITY

    def _name(self, span: Span, kind: PartyKind) -> str:
        said = self._said(span)
        return self._dictionary.context.abbreviations.get(said, said)

    def _said(self, span: Span) -> str:
        return collapse(self._text[span.start : span.end]).strip(" ,;:.–—") + (
            "." if span.person and self._text[span.start : span.end].endswith(".") else ""
        )


def _is_alone(said: str) -> bool:
    words = said.split()
    return len(words) == 1 or _REGIONAL.fullmatch(words[1]) is not None


def _leads_to(span: Span, following: Span) -> bool:
    """Whether a post without a body stands before a post with one."""
    no_body = span.pending and not span.person and span.body is not None and span.body.kind is None
    return no_body and following.posts and not following.pending and not following.dash


def _is_coordinator(span: Span) -> bool:
    return span.body is not None and span.body.sort is Sort.COORDINATOR


def _named(span: Span, place: int, spans: list[Span]) -> bool:
    return span.dash and place > 0 and _is_coordinator(spans[place - 1])


def _schools_joined(found: list[Party]) -> list[Party]:
    """All schools and their staff as one party at the first one's place."""
    schools = [one.name for one in found if one.kind is PartyKind.SCHOOL]
    if len(schools) < 2:
        return found
    joined = Party(PartyKind.SCHOOL, ", ".join(dict.fromkeys(schools)))
    first = next(place for place, one in enumerate(found) if one.kind is PartyKind.SCHOOL)
    return [
        joined if place == first else one
        for place, one in enumerate(found)
        if place == first or one.kind is not PartyKind.SCHOOL
    ]


def _unique(found: list[Party]) -> Iterable[Party]:
    seen: set[tuple[PartyKind, str]] = set()
    for party in found:
        key = (party.kind, folded(party.name))
        if key not in seen:
            seen.add(key)
            yield party
