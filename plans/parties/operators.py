"""Who the document calls its regional operator, and at which level it was issued. Pure.

«The organisation which the document calls regional operator or coordinator» (roadmap-reading.md).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from plans.choices import PartyKind
from plans.parties.assembling import Assembly, Span
from plans.parties.atoms import Form, atoms_of, without_asides
from plans.parties.dictionary import Context, Entry, PartyDictionary, Sort
from plans.parties.phrases import plain
from plans.parties.reading import read_parties
from profmin.lib.text import clean, collapse, folded

_CALLED = re.compile(r"региональн\w+\s+(?:оператор|координатор)\w*", re.IGNORECASE)
_DASHED = re.compile(r"[^.;–—()]{0,160}?\s[-–—]\s+")
_FOR = re.compile(r"(?:\s*,)?\s+(?:за\s+|[-–—]\s+)?")
_NAMING = re.compile(r"(?:определ|назнач|утверд|утвержд|явля|выступа|надел)\w*", re.IGNORECASE)
_BEFORE = re.compile(r"(?:\s*[-–—,(]\s*|\s+(?:является|выступает|как|в качестве)?\s*)$")
_QUOTED = re.compile(r"[«\"„“](.+)[»\"”]")
_REACH = 200  # characters around the words «региональный оператор»
_MUNICIPAL = re.compile(
    r"администрац|муниципальн\w+ (?:план|дорожн|район|округ|образован\w+ (?!московс))|"
    r"(?<!автономного )(?:район|округ)а\b|городск\w+ округ|\bг\. |управлени\w+ образования города|"
    r"\bмку\b|отдел\w* образования"
)
_REGIONAL = re.compile(
    r"министерств|региональн|област|\bкра[йяею]|республик|автономн\w+ округ|департамент образования"
)
_AUTHORITY = re.compile(
    r"(?<!\w)(?P<head>министерств|управлени|департамент|комитет)\w{0,2}(?P<rest> (?:образовани|просвещени)\w"
    r"(?: и [а-я]+(?: политики)?)? (?:[а-я-]+ой области|[а-я-]+ского края|республики [а-я-]+|"
    r"[а-я-]+ автономного округа))"
)
_NOMINATIVE = {
    "министерств": "министерство",
    "управлени": "управление",
    "департамент": "департамент",
    "комитет": "комитет",
}
_SCHOOL = re.compile(r"\bм[абк]?[бк]?оу\b|\bсош\b|\bгимнази|\bлице[йя]|школ[ыа] №")


def level_of(*names: str) -> PartyKind | None:
    """Region, municipality or school: told by the first of the names (issuer, title) that tells."""
    for name in map(folded, names):
        if "министерств" in name:
            return PartyKind.REGION
        if _SCHOOL.search(name):
            return PartyKind.SCHOOL
        if _MUNICIPAL.search(name):
            return PartyKind.MUNICIPALITY
        if _REGIONAL.search(name):
            return PartyKind.REGION
    return None


def regional_authority(texts: Iterable[str]) -> str:
    """The first education authority of a region of which the document speaks; "" if none."""
    for text in texts:
        found = _AUTHORITY.search(folded(text))
        if found:
            return _NOMINATIVE[found["head"]] + found["rest"]
    return ""


def find_operators(
    texts: Iterable[str], dictionary: PartyDictionary, names: Mapping[str, str]
) -> frozenset[str]:
    """The operator's names, folded: quoted name, abbreviation and full name; "*" among them
    when it is the institute of further teacher education."""
    found: set[str] = set()
    for text in texts:
        if "егиональн" in text:
            for span, said in _called(clean(text), dictionary):
                found |= _names(said, names)
                found |= {"*"} if _is_institute(span) else set()
    return frozenset(found)


def for_document(
    dictionary: PartyDictionary,
    *,
    texts: Iterable[str],
    names: Mapping[str, str],
    issuer: str,
    level: PartyKind | None,
) -> PartyDictionary:
    """The dictionary with what the document defines on top: its abbreviations (`names`, short
    to full), its regional operator, its issuer and level."""
    context = Context(issuer=issuer, level=level, abbreviations=dict(names))
    known = replace(dictionary, context=context)
    entries = [(short, entry) for short, entry in _entries(known, names)]
    learnt = known.with_names(entries, context)
    operators = find_operators(texts, learnt, names)
    return replace(learnt, context=replace(context, operators=operators))


def restored(dictionary: PartyDictionary, context: Context) -> PartyDictionary:
    """The dictionary with a context that was found before."""
    known = replace(dictionary, context=replace(context, operators=frozenset()))
    return known.with_names(list(_entries(known, context.abbreviations)), context)


def _entries(dictionary: PartyDictionary, names: Mapping[str, str]) -> Iterator[tuple[str, Entry]]:
    """The abbreviations that name somebody; regional words of the dictionary keep their kind."""
    for short, full in names.items():
        if _is_fixed(dictionary, short):
            continue
        spans = _spans(full, dictionary)
        parties, _ = read_parties(full, dictionary)
        if parties and spans and spans[0].body is not None:
            sort = Sort.INSTITUTE if _is_institute(spans[0]) else Sort.BODY
            kind = PartyKind.OPERATOR if sort is Sort.INSTITUTE else parties[0].kind
            yield short, Entry((short,), kind, sort)


def _is_fixed(dictionary: PartyDictionary, short: str) -> bool:
    known = dictionary.book.at(plain(short), 0)
    return known is not None and known.value.fixed and known.end == len(short)


def _spans(text: str, dictionary: PartyDictionary) -> list[Span]:
    said = without_asides(clean(text))
    assembly = Assembly(said, dictionary.tails, dictionary.regions | dictionary.codes)
    return assembly.take(atoms_of(said, dictionary.book)).spans


def _called(text: str, dictionary: PartyDictionary) -> Iterator[tuple[Span, str]]:
    for call in _CALLED.finditer(text):
        after = text[call.end() : call.end() + _REACH * 2]
        if _is_naming(text, call):
            yield from _first(re.split(r"[.;]\s", after)[0], dictionary, anywhere=True)
        else:
            yield from _first(_right_after(after), dictionary)
        before = text[max(0, call.start() - _REACH) : call.start()]
        joint = _BEFORE.search(before)
        if joint and joint.group().strip():
            yield from _last(before[: joint.start()], dictionary)


def _is_naming(text: str, call: re.Match[str]) -> bool:
    """«Определить региональным оператором …»: a verb, and the operator named after it."""
    sentence = text[max(0, call.start() - _REACH) : call.end()].rpartition(". ")[2]
    made = call.group().lower().endswith(("ом", "ым"))
    return made and _NAMING.search(sentence) is not None


def _right_after(after: str) -> str:
    """The words in which the operator is named, right after it was spoken of."""
    dashed = _DASHED.match(after)
    direct = _FOR.match(after)
    if dashed:
        return after[dashed.end() :]
    return after[direct.end() :] if direct else ""


def _first(
    said: str, dictionary: PartyDictionary, *, anywhere: bool = False
) -> Iterator[tuple[Span, str]]:
    """The organisation with which the words begin, or the first one in them."""
    text = without_asides(said)
    atoms = atoms_of(text, dictionary.book)
    codes = dictionary.regions | dictionary.codes
    spans = Assembly(text, dictionary.tails, codes).take(atoms).spans
    if not spans or not _is_organisation(spans[0]):
        return
    lead = [one for one in atoms if one.end <= spans[0].start]
    capital = text[spans[0].start].isupper() or text[spans[0].start] in '«"'
    begins = all(one.form is Form.WORD and one.text[0].isupper() for one in lead)
    if capital and (begins or anywhere):
        yield spans[0], collapse(text[spans[0].start : spans[0].end])


def _last(said: str, dictionary: PartyDictionary) -> Iterator[tuple[Span, str]]:
    """The organisation with which the words end."""
    text = without_asides(said)
    spans = _spans(text, dictionary)
    if spans and _is_organisation(spans[-1]) and spans[-1].end >= len(text.rstrip()):
        start = spans[-1].start
        if text[start].isupper():
            yield spans[-1], collapse(text[start : spans[-1].end])


def _is_organisation(span: Span) -> bool:
    body = span.body
    if body is None or span.posts or body.sort in (Sort.COORDINATOR, Sort.AUTHORITY):
        return False
    return body.kind in (PartyKind.PARTNER, PartyKind.OPERATOR) or body.sort is Sort.CENTRE


def _is_institute(span: Span) -> bool:
    return any(entry.sort is Sort.INSTITUTE for entry in span.entries)


def _names(said: str, names: Mapping[str, str]) -> set[str]:
    """All the names under which the organisation may stand in a cell."""
    made = {folded(said)}
    quoted = _QUOTED.search(said)
    made |= {folded(quoted.group(1))} if quoted else set()
    for short, full in names.items():
        if folded(full) in made or folded(short) in made or folded(said) == folded(full):
            made |= {folded(short), folded(full)}
            inner = _QUOTED.search(full)
            made |= {folded(inner.group(1))} if inner else set()
    return {name for name in made if len(name) > 2}
