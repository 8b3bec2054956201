"""Months or quarters as columns with marks in them, read as the phrase of a deadline. Pure."""

import re
from collections.abc import Sequence

FEWEST = 3  # columns named so before they are taken for a calendar

_MONTHS = (
    *("январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август"),
    *("сентябрь", "октябрь", "ноябрь", "декабрь"),
)
_OF = (
    *("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа"),
    *("сентября", "октября", "ноября", "декабря"),
)
_BEGINNINGS = tuple(month[:3] for month in _MONTHS)
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_YEAR = r"\s*,?\s*(?:20\d\d)?\s*(?:г|год|года)?\.?\s*"
_NAMED = re.compile(
    r"(?:(?P<stem>янв|фев|мар|апр|июн|июл|авг|сен|окт|ноя|дек)"
    r"(?:р|т|тяб|б|аб)?"  # февр., сент., сентяб., нояб., декаб.
    r"|(?P<whole>январ[ьяе]|феврал[ьяе]|март[ае]?|апрел[ьяе]|ма[йяе]|июн[ьяе]|июл[ьяе]|август[ае]?"
    r"|сентябр[ьяе]|октябр[ьяе]|ноябр[ьяе]|декабр[ьяе]))\.?" + _YEAR
)
_COUNTED = re.compile(r"(?P<number>[ivxх]{1,4}|\d{1,2})\.?" + _YEAR)
_QUARTER = re.compile(r"(?P<number>iv|i{1,3}|[1-4])(?:\s?-?\s?й)?\s*(?:кв\.?|квартал)" + _YEAR)
_ABOVE = re.compile(r"срок|месяц|период|график|дата|20\d\d|уч")
_SAID_YEAR = re.compile(r"(?<![\d/–-])20\d\d(?!\d)(?!\s?[-/–]\s?\d)")
_MARK = re.compile(r"[+*xхvV✓✔√☑■●•▪█▓▒◼⬛∨]+|да|\+/\+", re.IGNORECASE)
_NO_MARK = re.compile(r"[-–—_\s]*|нет|0", re.IGNORECASE)
_DAYS = re.compile(
    r"(?:(?:до|к|с)\s+)?\d{1,2}(?:\s?[-–]\s?\d{1,2})|(?:до|к)\s+\d{1,2}", re.IGNORECASE
)
_DATED = re.compile(r"\d\s?\.\s?\d|январ|феврал|март|апрел|\bма[йя]|июн|июл|август|[яа]бр", re.I)
_UNSURE = "В столбце «{}» не отметка, а «{}»: проверьте срок."


def period_of(heading: str, above: str = "") -> str | None:
    """«сентябрь 2023» for the heading «сен.» under «2023»; «1 квартал»; None for another.

    `above` is the heading of the upper row of a head: under «Срок» months may be numbers.
    """
    said = heading.lower().replace("ё", "е").strip()
    year = _SAID_YEAR.search(said) or _SAID_YEAR.search(above)
    name = _name(said, above.lower())
    return f"{name} {year.group()}" if name and year else name


def _name(said: str, above: str) -> str | None:
    if named := _NAMED.fullmatch(said):
        said = named["stem"] or named["whole"]
        return _MONTHS[_BEGINNINGS.index("май" if said in ("мая", "мае") else said[:3])]
    if quarter := _QUARTER.fullmatch(said):
        number = quarter["number"]
        return f"{number if number.isdigit() else _ROMAN.index(number) + 1} квартал"
    counted = _COUNTED.fullmatch(said) if _ABOVE.search(above) else None
    if counted is None:
        return None
    number = counted["number"].replace("х", "x")
    if number in _ROMAN:
        return _MONTHS[_ROMAN.index(number)]
    return _MONTHS[int(number) - 1] if number.isdigit() and 0 < int(number) < 13 else None


def phrase_of(cells: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The phrase which marks under periods stand for, and what is unsure of it ("" if nothing).

    `cells` are period and text, in the order of the columns.
    """
    parts: list[str] = []
    doubts: list[str] = []
    run: list[str] = []
    for period, text in [*cells, ("", "")]:
        exact = _exact(period, text)
        marked = not _NO_MARK.fullmatch(text)
        if run and (not marked or exact):
            parts.append(run[0] if len(run) == 1 else f"{run[0]} – {run[-1]}")
            run = []
        if exact:
            parts.append(exact)
        elif marked:
            run.append(period)
            if not _MARK.fullmatch(text):
                doubts.append(_UNSURE.format(period, text[:60]))
    return ", ".join(parts), " ".join(dict.fromkeys(doubts))


def _exact(period: str, text: str) -> str:
    """«до 15» under «октябрь» is «до 15 октября»; a date is taken as written."""
    if _DATED.search(text):
        return text
    month, _, year = period.partition(" ")
    if month not in _MONTHS or not _DAYS.fullmatch(text.strip()):
        return ""
    return f"{text.strip()} {_OF[_MONTHS.index(month)]} {year}".strip()
