"""Abbreviations which a document defines: «Министерство образования … (далее – МОМО)». Pure.

The full name is the phrase as the document writes it; its beginning is found by the letters
of the abbreviation, by its first word, or by the sentence. Source: roadmap-reading.md, «Rows».
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from plans.parties.cases import singular
from profmin.lib.text import clean, folded

_LATER = re.compile(
    r"\(\s*(?:далее|сокращ[её]нно|именуем\w+)(?:\s+(?:в\s+дальнейшем|по\s+тексту|также))*"
    r"\s*[-–—:,]?\s*(?P<short>[^()]{1,150}?)\s*\)",
    re.IGNORECASE,
)
_BARE = re.compile(r"\((?P<short>[А-ЯЁ][А-ЯЁа-яё-]{1,11})\)")
_LIST_LINE = re.compile(r"(?P<short>[А-ЯЁ][А-ЯЁа-яё]{1,11})\s+[-–—]\s+(?P<full>[^.;]{5,200})[.;]?")
_LIST_NAME = re.compile(r"^[^:]{0,80}сокращени[^:]{0,60}:\s*", re.IGNORECASE)
_LISTED = re.compile(r"[;.,]\s+(?=[А-ЯЁ][А-ЯЁа-яё]{1,11}\s+[-–—]\s)")
_CAPITALS = re.compile(r"[А-ЯЁ].*[А-ЯЁ]")
_SENTENCE = re.compile(r"[.;:!?]\s+(?=[А-ЯЁ«])|(?<=[а-яё])[;:]\s+")
_WORD = re.compile(r"[а-яёa-z]+(?:-[а-яёa-z]+)*", re.IGNORECASE)
_JOINTS = re.compile(r",\s+|\s+и\s+|\s+[-–—]\s+|\s+(?:между|с|от|для)\s+", re.IGNORECASE)
_PREPOSITION = re.compile(r"^(?:для|с|со|от|в|во|на|по|из|к|при)\s+", re.IGNORECASE)
_DASH = re.compile(r"\s[-–—]\s+(?=[А-ЯЁ])")
_PARTICIPLE = re.compile(
    r"[а-яё]+(?:щ(?:ий|ая|ее|ие|его|ей|их|им|ими)(?:ся)?|нн(?:ый|ые|ых|ыми))\b"
)
_SMALL = frozenset(("и", "в", "во", "по", "на", "с", "для", "при", "о", "об", "от", "к"))
_ORDER = re.compile(r"(?:\d+\.\s*)?Утвердить\s+(?:прилагаем\w+\s+)?")
_CODES = re.compile(r"(?:[А-ЯЁ]{2,}\s+)+(?=[А-ЯЁ][а-яё])")
_LONGEST = 24  # letters of an abbreviation
_REACH = 700  # characters before a definition in which its phrase is looked for
_FORMS = {
    "организаци": "организации",
    "учреждени": "учреждения",
    "предприяти": "предприятия",
    "орган": "органы",
    "школ": "школы",
    "колледж": "колледжи",
    "отдел": "отделы",
    "центр": "центры",
    "департамент": "департаменты",
    "управлени": "управления",
}
_NOUN = re.compile(
    r"(?P<stem>организаци|учреждени|предприяти|орган|школ|колледж|отдел|центр|департамент|управлени)"
    r"(?:й|я[мх]|ями|а[мх]|ами|ов|ей|)(?!\w)"
)
_AGREEING = re.compile(r"^(?P<stem>(?: [а-яё]+){0,4}, [а-яё]+ющ)(?:ими|их|им)(?!\w)")
_PLURAL = re.compile(r"(?P<stem>[А-ЯЁа-яё-]+)(?P<end>ыми|ими|ых|их|ым|им)")


@dataclass(frozen=True)
class _Word:
    text: str
    start: int
    end: int


def learn_abbreviations(text: str) -> dict[str, str]:
    """Short to full, as defined in one text (a paragraph or a cell), in order."""
    said = clean(text)
    learnt: dict[str, str] = {}
    for shorts, before in _definitions(said):
        for short in shorts:
            full = _full(short, before, listed=len(shorts) > 1)
            if short and full and folded(full) != folded(short):
                learnt.setdefault(short, _closed(full))
    for part in _LISTED.split(_LIST_NAME.sub("", said)):
        line = _LIST_LINE.fullmatch(part)
        if line and _aligned(line["short"], _words(line["full"])):
            learnt.setdefault(line["short"], line["full"].strip())
    return learnt


def _closed(name: str) -> str:
    return f"{name}»" if "«" in name and "»" not in name else name


def _definitions(said: str) -> Iterator[tuple[list[str], str]]:
    """Each definition's short forms and the text before it, back to the former definition."""
    done = 0
    for found in sorted((*_LATER.finditer(said), *_BARE.finditer(said)), key=re.Match.start):
        bare = found.re is _BARE
        before = said[max(done, found.start() - _REACH) : found.start()].rstrip()
        if bare and not _is_acronym_of(found["short"], before):
            continue
        done = found.end()
        yield _shorts(found["short"]), before


def _shorts(written: str) -> list[str]:
    parts = [part.strip() for part in re.split(r",|\s+и\s+", written)]
    every = len(parts) > 1 and all(_CAPITALS.fullmatch(part) for part in parts)
    return parts if every else [written.strip(" ,;")]


def _is_acronym_of(short: str, before: str) -> bool:
    if not _CAPITALS.match(short):
        return False
    words = _words(_clause(before))
    found = _aligned(short, words)
    return found is not None and found[-1] is words[-1]


def _full(short: str, before: str, *, listed: bool) -> str | None:
    clause = _clause(before)
    words = _words(clause)
    if not words:
        return None
    if "«" in short:
        return _organisation(clause, len(clause))
    if not _CAPITALS.search(short):
        return _nominative(_of_words(short, clause, words))
    run = _from_end(short, words) if listed else None
    run = run or _aligned(short, words)
    if run and len(run) > 1:
        return _nominative(_of_run(run, words, clause))
    return _nominative(_with_word(short, clause) or _last_part(clause))


def _of_words(short: str, clause: str, words: Sequence[_Word]) -> str:
    """The full form of a short one in words: «план», «профминимум», «Дорожная карта»."""
    named = _with_word(short, clause)
    if named:
        return named
    run = _aligned(short, words) if _WORD.fullmatch(short) else None
    return _of_run(run, words, clause) if run else _ORDER.sub("", clause)


def _clause(before: str) -> str:
    return _SENTENCE.split(before)[-1].strip(" ,–—-")


def _words(text: str) -> list[_Word]:
    return [_Word(one.group(), one.start(), one.end()) for one in _WORD.finditer(text)]


def _aligned(short: str, words: Sequence[_Word]) -> list[_Word] | None:
    """The words standing together, nearest to the end, of whose beginnings the short form is
    made, each giving as few letters as can be."""
    letters = "".join(one for one in folded(short) if one.isalpha())
    if not 2 <= len(letters) <= _LONGEST:
        return None
    dead: set[tuple[int, int]] = set()
    for start in range(len(words) - 1, -1, -1):
        run = _run(letters, words, start, dead)
        if run:
            return run
    return None


def _run(
    letters: str, words: Sequence[_Word], at: int, dead: set[tuple[int, int]]
) -> list[_Word] | None:
    if not letters:
        return []
    if at >= len(words) or (len(letters), at) in dead:
        return None
    word = folded(words[at].text)
    for taken in range(1, min(len(word), len(letters)) + 1):
        if word[taken - 1] != letters[taken - 1]:
            break
        rest = _run(letters[taken:], words, at + 1, dead)
        if rest is not None:
            return [words[at], *rest]
    if word in _SMALL:
        return _run(letters, words, at + 1, dead)
    dead.add((len(letters), at))
    return None


def _from_end(short: str, words: Sequence[_Word]) -> list[_Word] | None:
    """The words, a letter each, counted from the end; others may stand between («начального,
    основного, среднего общего образования»: НОО, ООО, СОО)."""
    run: list[_Word] = []
    left = list(words)
    for letter in reversed(folded(short)):
        while left and not folded(left[-1].text).startswith(letter):
            left.pop()
        if not left:
            return None
        run.insert(0, left.pop())
    return run


def _of_run(run: Sequence[_Word], words: Sequence[_Word], clause: str) -> str:
    """The run as written; a run that ends the clause inside quotation marks is taken with
    what stands before them («Государственное … «Академия социального управления»»)."""
    together = words.index(run[-1]) - words.index(run[0]) + 1 <= len(run) + 2
    if not together or not _are_neighbours(run, words):
        return " ".join(word.text for word in run)
    start, end = run[0].start, run[-1].end
    quote = clause.rfind("«", 0, start + 1)
    if quote >= 0 and "»" not in clause[quote:start] and clause[end:].strip(" »") == "":
        return _organisation(clause, quote) + clause[quote:]
    return clause[start:end] + _rest(clause[end:])


def _rest(after: str) -> str:
    """The last words of the name, of which the short form has no letters: «развития
    [образования]»; not where they only say a place or a purpose."""
    words = after.split()
    plain = all(_WORD.fullmatch(word) for word in words)
    return after if plain and 0 < len(words) <= 3 and words[0].lower() not in _SMALL else ""


def _are_neighbours(run: Sequence[_Word], words: Sequence[_Word]) -> bool:
    first, last = words.index(run[0]), words.index(run[-1])
    skipped = [word for word in words[first : last + 1] if word not in run]
    return all(folded(word.text) in _SMALL for word in skipped)


def _organisation(clause: str, quote: int) -> str:
    """What stands before the quoted name: the legal form, from its capital letter on."""
    before = clause[:quote]
    dash = list(_DASH.finditer(before))
    before = before[dash[-1].end() :] if dash else before
    return _CODES.sub("", before if dash or quote == len(clause) else _JOINTS.split(before)[-1])


def _with_word(short: str, clause: str) -> str | None:
    """From the first place where the short form's own first word stands, to the end."""
    first = _WORD.search(short)
    if first is None or len(first.group()) < 4:
        return None
    stem = re.escape(first.group()[: max(4, len(first.group()) - 2)])
    found = re.search(rf"(?<!\w){stem}", clause, re.IGNORECASE)
    if found is None:
        return None
    named = clause[found.start() :]
    if named.count(")") > named.count("("):
        named = clause
    return named.strip("«»") if named.count("«") != named.count("»") else named


def _last_part(clause: str) -> str:
    """The last part of the clause that can stand alone; participles go with what they say."""
    dash = list(_DASH.finditer(clause))
    if dash:
        return clause[dash[-1].end() :]
    starts = [0, *(joint.end() for joint in _JOINTS.finditer(clause))]
    while len(starts) > 1 and _PARTICIPLE.match(clause, starts[-1]):
        starts.pop()
    return _PREPOSITION.sub("", clause[starts[-1] :])


def _nominative(phrase: str) -> str:
    """The phrase with its adjectives and head noun in the nominative where they can be told
    from their endings («департаментом образования»); else as written."""
    return singular(phrase) or _plural(phrase)


def _plural(phrase: str) -> str:
    """«муниципальными органами …», «общеобразовательных организаций»"""
    noun = _NOUN.search(phrase)
    if noun is None:
        return phrase
    before = phrase[: noun.start()].split()
    plurals = [_PLURAL.fullmatch(word) for word in before]
    if not all(plurals):
        return phrase
    if noun.group() in ("орган", "колледж", "отдел", "центр", "департамент"):
        return phrase
    adjectives = [f"{one['stem']}{_ending(one)}" for one in plurals if one]
    head = _FORMS[noun["stem"].lower()]
    rest = _AGREEING.sub(lambda end: f"{end['stem']}ие", phrase[noun.end() :])
    return " ".join([*adjectives, head]) + rest


def _ending(plural: re.Match[str]) -> str:
    return "ые" if plural["end"].startswith("ы") else "ие"
