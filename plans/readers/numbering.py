"""The numbers Word counts by itself: they stand in no text of the document.

A row whose number is counted has an empty paragraph with a list's number. Source: ECMA-376,
part 1, 17.9. Bullets are no numbers and are left out.
"""

from dataclasses import dataclass, field

from lxml import etree

from plans.readers.ooxml import attribute, child, local, number

LEVELS = 9
_LONGEST = 40  # characters of a label
_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    )
)
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщэюя"


@dataclass
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int | None = None  # the level (1-based) whose step restarts this one
    legal: bool = False  # every number of the label in decimals


@dataclass
class _List:
    """A list's levels and where it counts: lists of one scheme count on together."""

    scheme: str
    levels: dict[int, _Level]
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Labels of paragraphs, counted in the order in which they are asked for."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        parts = () if numbering is None else tuple(numbering)
        schemes = {
            attribute(part, "abstractNumId") or "": _levels(part)
            for part in parts
            if local(part) == "abstractNum"
        }
        self._lists = {
            attribute(part, "numId") or "": _list(part, schemes)
            for part in parts
            if local(part) == "num"
        }
        self._styles = _Styles(styles)
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def label(self, paragraph: etree._Element) -> str:
        """The number before a paragraph, "" where it has none."""
        listed, level = self._styles.list_of(paragraph)
        found = self._lists.get(listed)
        if found is None or level not in found.levels:
            return ""
        counts = self._step(listed, found, level)
        scheme = found.levels[level]
        if scheme.form in ("bullet", "none"):
            return ""
        label = scheme.text
        for upper in range(level + 1):
            form = found.levels.get(upper, _Level())
            plain = "decimal" if scheme.legal else form.form
            label = label.replace(f"%{upper + 1}", _written(counts.get(upper, form.start), plain))
        return label.strip()[:_LONGEST]

    def _step(self, listed: str, found: _List, level: int) -> dict[int, int]:
        counts = self._counts.setdefault(found.scheme, {})
        if level in found.starts and (listed, level) not in self._begun:
            counts.pop(level, None)
        self._begun.add((listed, level))
        start = found.starts.get(level, found.levels[level].start)
        counts[level] = counts[level] + 1 if level in counts else start
        for lower in range(level + 1, LEVELS):
            restart = found.levels.get(lower, _Level()).restart
            if restart is None or 0 < level + 1 <= restart:
                counts.pop(lower, None)
        return counts


class _Styles:
    """Which list a paragraph belongs to, by itself or by its style."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles = {
            attribute(style, "styleId") or "": style
            for style in (() if root is None else root)
            if local(style) == "style"
        }

    def list_of(self, paragraph: etree._Element) -> tuple[str, int]:
        """(the list's id, level from 0); id "0" or "" is no list."""
        listed: str | None = None
        level: int | None = None
        properties = child(paragraph, "pPr")
        for _ in range(12):  # styles may be based on each other in a ring
            if properties is None:
                break
            rule = child(properties, "numPr")
            listed = attribute(child(rule, "numId"), "val") if listed is None else listed
            mark = child(rule, "ilvl")
            level = number(mark) if level is None and mark is not None else level
            properties = self._below(properties)
        return listed or "", level or 0

    def _below(self, properties: etree._Element) -> etree._Element | None:
        """The properties of the style these ones are based on."""
        name = attribute(child(properties, "pStyle"), "val")
        if name is None:
            name = attribute(child(properties.getparent(), "basedOn"), "val")
        style = self._styles.get(name or "")
        found = child(style, "pPr")
        if found is None and style is not None:
            return self._bare(style)
        return found

    def _bare(self, style: etree._Element) -> etree._Element | None:
        """A style without paragraph properties hands on what it is based on."""
        for _ in range(12):
            below = self._styles.get(attribute(child(style, "basedOn"), "val") or "")
            if below is None or child(below, "pPr") is not None:
                return child(below, "pPr")
            style = below
        return None


def _levels(scheme: etree._Element) -> dict[int, _Level]:
    return {number(part, "ilvl"): _level(part) for part in scheme if local(part) == "lvl"}


def _level(part: etree._Element) -> _Level:
    restart = child(part, "lvlRestart")
    legal = child(part, "isLgl")
    return _Level(
        start=number(child(part, "start"), default=1),
        form=attribute(child(part, "numFmt"), "val") or "decimal",
        text=attribute(child(part, "lvlText"), "val") or "",
        restart=None if restart is None else number(restart),
        legal=legal is not None and attribute(legal, "val") not in ("0", "false", "off"),
    )


def _list(part: etree._Element, schemes: dict[str, dict[int, _Level]]) -> _List:
    scheme = attribute(child(part, "abstractNumId"), "val") or ""
    found = _List(scheme, dict(schemes.get(scheme, {})))
    for override in part:
        if local(override) == "lvlOverride":
            level = number(override, "ilvl")
            own = child(override, "lvl")
            if own is not None:
                found.levels[level] = _level(own)
            start = child(override, "startOverride")
            if start is not None:
                found.starts[level] = number(start, default=1)
    return found


def _written(count: int, form: str) -> str:
    """A number in one of Word's forms; those a Russian document does not use as decimals."""
    if not 0 < count < 4000:
        return str(count)
    if form in ("upperRoman", "lowerRoman"):
        roman = _roman(count)
        return roman if form == "upperRoman" else roman.lower()
    letters = {"Letter": _LATIN, "russianLower": _RUSSIAN, "russianUpper": _RUSSIAN}
    for name, alphabet in letters.items():
        if name in form:
            sign = alphabet[(count - 1) % len(alphabet)] * ((count - 1) // len(alphabet) + 1)
            return sign.upper() if "pper" in form else sign
    return f"{count:02d}" if form == "decimalZero" else str(count)


def _roman(count: int) -> str:
    said = ""
    for value, sign in _ROMAN:
        said += sign * (count // value)
        count %= value
    return said
