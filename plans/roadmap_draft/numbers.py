"""Numbers of items and headings: «3.4. 13.3 .», «III.», «Раздел 2.». Pure."""

import re
from dataclasses import dataclass

from profmin.lib.text import collapse

_NUMBER = re.compile(
    r"(?:№|п\.)?\d{1,4}(?:[.,-]\d{1,4}){0,8}[а-яa-z]?[.)]*|[IVXLCХІ]{1,7}[.)]*|[а-яa-z]\)",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"(?:(?P<word>раздел|блок|модуль|часть|глава|направление|этап)\s+)?№?\s?"
    r"(?P<number>\d{1,3}(?:\s?\.\s?\d{1,3}){0,6}|[IVXLCХІ]{1,7})(?P<mark>\s?[.):]|\s*[-–—](?=\s))?"
    r"\s*(?P<title>.*)",
    re.IGNORECASE | re.DOTALL,
)
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ROMAN_LOOKALIKES = str.maketrans("ХхІі", "XXII")


@dataclass(frozen=True)
class Heading:
    """A heading: its number as written without final dot (None: it has none) and its words."""

    number: str | None
    title: str


def normal_number(text: str) -> str | None:
    """The number without blanks and final dot; None where nothing is written."""
    return re.sub(r"\s+", "", text).lstrip("№").rstrip(".)") or None


def is_number(text: str) -> bool:
    """Whether a cell holds a number of an item and nothing else."""
    bare = re.sub(r"\s+", "", text)
    return 0 < len(bare) <= 24 and _NUMBER.fullmatch(bare) is not None


def split_heading(text: str) -> Heading:
    """«III. Мероприятия» → III and «Мероприятия»; «2023 год», «I квартал» have no number."""
    said = collapse(text)
    found = _HEADING.fullmatch(said)
    if not found or not found["title"]:
        named = found if found and found["word"] else None
        return Heading(normal_number(named["number"]) if named else None, said)
    title, marked = found["title"], bool(found["mark"] or found["word"])
    if found["number"].isalpha() and found["number"] != found["number"].upper():
        return Heading(None, said)
    if not marked and not (title[0].isupper() or title[0] in '«"'):
        return Heading(None, said)
    ranged = title[0].isdigit() and not found["word"]  # «9 – 11 классы»
    if ranged or (not title[0].isalnum() and title[0] not in '«"('):
        return Heading(None, said)
    return Heading(normal_number(found["number"]), title)


def arabic(number: str) -> str:
    """A number for comparing: a Roman one in digits."""
    roman = number.translate(_ROMAN_LOOKALIKES).upper()
    if not roman or any(sign not in _ROMAN for sign in roman):
        return number
    values = [_ROMAN[sign] for sign in roman]
    total = sum(
        -value if value < max(values[at + 1 :], default=0) else value
        for at, value in enumerate(values)
    )
    return str(total)


def is_under(number: str, parent: str) -> bool:
    """Whether `number` begins with `parent` («3.3.1» is under «III» and «3.3»)."""
    return arabic(number).startswith(f"{arabic(parent)}.")
