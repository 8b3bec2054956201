"""Texts of office documents: blanks, tags, words cut by a page or a line. Pure."""

import html
import re
from collections.abc import Iterable

Words = frozenset[str]

_SPACES = re.compile(r"\s+")
_BLOCK_TAG = re.compile(
    r"<(?:/\s?)?(?:p|div|br|hr|ul|ol|li|dl|dt|dd|table|tbody|thead|tr|td|th|h[1-6]|blockquote|pre)"
    r"\b[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(?:/\s?)?[a-zA-Z][\w:-]*(?:\s[^<>]*)?/?>|<!--.*?-->", re.DOTALL)
_CUT_TAG = re.compile(r"<(?:/\s?)?[a-zA-Z]+\s[a-zA-Z-]+=[^<>]*$")
_ENTITY = re.compile(r"&(?:#\d{2,6}|#x[\da-fA-F]{2,5}|[a-zA-Z]{2,8});")
_EDGES = "«»\"'„“”()[]{}.,;:!?…"
_HYPHEN_GAP = re.compile(r"(?<=[\w])[-\u2010]\s+(?=[\wа-яё])")
_LAST = re.compile(r"\S+$")
_FIRST = re.compile(r"^\S+")
_ENDING = re.compile(
    r"[бвгджзклмнпрстфхцчшщ]{0,3}(?:ого|его|ому|ему|ыми|ых|ый|ым|ую|юю|ость|ости|остью|"
    r"ние|ния|нию|нием|ний|ции|ция|цию|ций|цией|ться|тся|щих|щие|щий|щей|щая|щего|скую|ской|"
    r"ского|ских|ские|ность|ности|ностью|ти[ийюя]|тиям|тиями|тиях|ниям|ниями|ниях|циям|циями|циях)"
    r"|(?:тельн|ческ|ственн|ющ|нност|альн|ионн|стви|ирован|овани|вани)[а-я]{1,4}"
)
_STEM = re.compile(r"[а-я]*(?:нн|[уаяю]ющ|ельн|альн|ческ|[ая]ци|ност)")


def collapse(text: str) -> str:
    """The text in one line with single blanks."""
    return _SPACES.sub(" ", text).strip()


def strip_tags(text: str) -> str:
    """The text without HTML: a tag that begins a line becomes a blank, another vanishes."""
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found.group()), text)
    if "<" not in text:
        return text
    text = _TAG.sub("", _BLOCK_TAG.sub(" ", text))
    return _CUT_TAG.sub(" ", text)


def clean(text: str) -> str:
    """The text in one line, without HTML."""
    return collapse(strip_tags(text))


def folded(text: str) -> str:
    """For comparing: lower case, «е» for «ё», single blanks."""
    return collapse(text).lower().replace("ё", "е")


def words_of(texts: Iterable[str]) -> Words:
    """The words that stand whole in the texts, folded: what a cut word may be joined to.

    The first and the last word of a text are left out: a page may have cut them.
    """
    found: set[str] = set()
    for text in texts:
        found.update(_bare(word) for word in text.split()[1:-1])
    return frozenset(found)


def join_cut(upper: str, lower: str, words: Words = frozenset()) -> str:
    """Two parts of a text which a page break cut, joined with a blank, a hyphen or nothing.

    `words` are the words of the whole document (`words_of`), they tell a cut word from two.
    """
    if not upper or not lower:
        return upper or lower
    before, after = _LAST.search(upper), _FIRST.search(lower)
    if before is None or after is None:
        return f"{upper.rstrip()} {lower.lstrip()}"
    if before.group().endswith("-") and len(before.group()) > 1:
        return upper[:-1] + _hyphen(before.group()[:-1], after.group(), words) + lower
    return upper + ("" if _is_cut(before.group(), after.group(), words) else " ") + lower


def close_hyphens(text: str, words: Words) -> str:
    """The text in which «ва- кансий» is «вакансий» and «ДГ- 1773» is «ДГ-1773», where the
    document has the whole word elsewhere; other hyphens before blanks stay as written."""
    if "- " not in text and "-\n" not in text:
        return text
    made, at = "", 0
    for gap in _HYPHEN_GAP.finditer(text):
        before, after = _LAST.search(text[: gap.start()]), _FIRST.search(text[gap.end() :])
        made += text[at : gap.start()]
        at = gap.end()
        joint = _known_join(before.group(), after.group(), words) if before and after else None
        made += gap.group() if joint is None else joint
    return made + text[at:]


def _bare(word: str) -> str:
    return word.strip(_EDGES).lower().replace("ё", "е")


def _known_join(before: str, after: str, words: Words) -> str | None:
    if _bare(before + after) in words:
        return ""
    return "-" if _bare(f"{before}-{after}") in words else None


def _hyphen(before: str, after: str, words: Words) -> str:
    known = _known_join(before, after, words)
    return "-" if known is None else known


def _is_cut(before: str, after: str, words: Words) -> bool:
    """Whether two parts are one word: the document has it whole and lacks one of the parts,
    or one part is no word: the upper one a stem, the lower one an ending."""
    if not before[-1].isalpha() or not after[0].islower():
        return _in_link(before, after)
    whole = _bare(before + after) in words
    if whole:
        return _bare(before) not in words or _bare(after) not in words
    if _bare(before) in words or before != before.rstrip(_EDGES):
        return False
    return bool(_ENDING.fullmatch(_bare(after)) or _STEM.fullmatch(_bare(before)))


def _in_link(before: str, after: str) -> bool:
    going = "://" in before and before.endswith(("/", "_", "="))
    return going and after.isascii()
