"""Names of bodies in the singular put in the nominative where their endings tell the case. Pure.

«департаментом образования» is «департамент образования»; «управления образования» may be
several of them, so it stays as written unless a capital or an adjective says it is one.
"""

import re

_NOUNS = (
    (
        r"(?P<stem>департамент|институт|центр|комитет|отдел|фонд|университет|колледж|техникум)"
        r"(?:ом|[ауе])",
        "",
        "masculine",
    ),
    (r"(?P<stem>министерств|агентств)(?:ом|[ауе])", "о", "neuter"),
    (r"(?P<stem>управлени|учреждени|объединени)(?:ем|ю)", "е", "neuter"),
    (r"(?P<stem>академи|администраци|комисси|организаци)(?:ей|ю)", "я", "feminine"),
    (r"(?P<stem>служб)(?:ой|у)", "а", "feminine"),
)
_ONE_BY_NAME = (
    (r"(?P<stem>Управлени|Учреждени)я", "е", "neuter"),
    (r"(?P<stem>Академи|Администраци)и", "я", "feminine"),
)
_ONE_BY_ADJECTIVE = ((r"(?P<stem>управлени|учреждени)я", "е", "neuter"),)
_ADJECTIVE = re.compile(r"(?P<stem>[А-ЯЁа-яё-]+?)(?P<end>ым|им|ого|его|ому|ему|ой|ей|ую|юю)")
_SOFT = ("им", "его", "ему", "ей", "юю")
_HUSHING = ("г", "к", "х")
_ENDINGS = {"masculine": ("ый", "ий"), "neuter": ("ое", "ее"), "feminine": ("ая", "яя")}
_AGREEING = re.compile(r",\s[а-яё]+(?:щ|нн)(?:им|ым|его|ого|ему|ому|ей|ой|ую)(?!\w)")
_OF_ONE = ("ого", "его")


def singular(phrase: str) -> str | None:
    """The phrase with its head noun and the adjectives before it in the nominative; None where
    the noun is another, or more words would have to agree with it."""
    words = phrase.split(" ")
    adjectives: list[re.Match[str]] = []
    for place, word in enumerate(words):
        found = _noun(word, adjectives)
        if found is not None:
            noun, gender = found
            rest = "".join(f" {one}" for one in words[place + 1 :])
            named = [_adjective(one, gender) for one in adjectives]
            return None if _AGREEING.search(rest) else " ".join([*named, noun]) + rest
        adjective = _ADJECTIVE.fullmatch(word)
        if adjective is None:
            return None
        adjectives.append(adjective)
    return None


def _noun(word: str, adjectives: list[re.Match[str]]) -> tuple[str, str] | None:
    """The noun in the nominative and its gender."""
    known = [(rf"(?i:{pattern})", end, gender) for pattern, end, gender in _NOUNS]
    known += _ONE_BY_NAME
    if adjectives and all(one["end"] in _OF_ONE for one in adjectives):
        known += [(rf"(?i:{pattern})", end, gender) for pattern, end, gender in _ONE_BY_ADJECTIVE]
    for pattern, end, gender in known:
        found = re.fullmatch(pattern, word)
        if found:
            return found["stem"] + end, gender
    return None


def _adjective(found: re.Match[str], gender: str) -> str:
    hard, soft = _ENDINGS[gender]
    stem = found["stem"]
    if stem.endswith(_HUSHING):
        return stem + (soft if gender == "masculine" else hard)
    return stem + (soft if found["end"] in _SOFT else hard)
