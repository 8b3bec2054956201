"""What stands before the table: title, issuing authority, approving order, aims. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from plans.parties import learn_abbreviations
from plans.roadmap_draft.draft import BasisOrder
from profmin.lib.text import clean, folded

LONGEST = 700  # characters of a title
_YEARS_SAID = re.compile(r"20\d\d\D{0,20}(?:год|уч)", re.IGNORECASE)
_KINDS = ("приказ", "распоряжение", "постановление", "решение", "протокол")
_PLAN = re.compile(
    r"[«\"(]?(?:(?:примерн|региональн|муниципальн|един|годов|комплексн|межведомственн|сводн|"
    r"календарн|перспективн|краев|област|республиканск|районн|городск|типов|рабоч)\w*\s+){0,3}"
    r"(?:план|дорожная карта|комплекс мер|перечень мероприятий|программа|медиаплан|циклограмма)"
    r"\b",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"пояснительная|цел[ьи]\b|задач[аи]\b|таблица|приложение|раздел|срок реализации|"
    r"утвержд|согласован|список сокращений|[-–—•*]\s",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"разработан|утвердить|утвержден|составлен|реализуется|\(далее", re.IGNORECASE
)
_SUBJECT = re.compile(r"^об? утверждении\s+", re.IGNORECASE)
_KIND = r"(?P<kind>приказ|распоряжени|постановлени|решени|протокол)\w*\s+"
_APPENDED = re.compile(
    r"(?:приложение\s*(?:№?\s*\d{1,3})?\s*)?\bк\s+" + _KIND + r"(?P<said>.*)", re.I | re.S
)
_APPENDIX = re.compile(r"приложение\b|к\s+(?:приказ|распоряж|постановл|решен|проток)", re.I)
_WHOSE = re.compile(r"(?P<issuer>.*?)\s*(?=\bот\s*[«\"_]?[\d_]|№[^№]*$|$)", re.I | re.S)
_HEADED = re.compile(  # «ПРИКАЗ от 18.08.2026 № 87», also with blanks between the letters
    r"(?P<kind>" + "|".join(r"\s?".join(kind) for kind in _KINDS) + r")\s+"
    r"(?P<rest>(?:от\s|№)(?!.*\bоб?\s)[\w\s.,№«»\"/-]{1,45})",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"министерств|управлени|департамент|комитет|отдел|администраци|правительств|учреждени|"
    r"организаци|школ|лице[йя]|гимнази|центр|институт|колледж",
    re.IGNORECASE,
)
_WRAPPED = 3  # lines over which the first abbreviation of a list may go
_GLOSSARY_NAME = re.compile(r"(?:\w+\s+){0,3}сокращени[яей]\b", re.IGNORECASE)
_GLOSSARY = re.compile(r"(?P<short>[А-ЯЁ][А-ЯЁа-яё]{1,11})\s+[-–—]\s+\S")
_APPROVED = re.compile(
    r"утвержд[её]н[аоы]?\s*:?\s+(?P<kind>приказом|распоряжением|постановлением|решением|протоколом)"
    r"\s+(?P<issuer>.*?)\s*(?=от\s+[«\"]?\d|№|$)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_MARK = re.compile(r"^\W*утвержд(?:аю|[её]н[аоы]?)\b", re.IGNORECASE)
_STAMP = re.compile(_KIND + r"(?P<said>.{0,160})", re.IGNORECASE)
_STAMPED = re.compile(r"утвержд|согласован|рассмотрен|принят", re.IGNORECASE)
_NUMBER = re.compile(r"(?:№|\bN)\s*(?P<number>[\w/.-]*\d[\w/.-]*)")
_ORDERED = re.compile(r"(?:\d+\.\s*)?Утвердить\b")
_SCHOOL_YEAR = re.compile(r"\(?(?:на|в)?\s*20\d\d\s?[-–—/]\s?(?:20)?\d\d\s+уч[.\w\s]{1,16}\)?\.?")
_DIGITS = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
_WORDS = re.compile(r"[«\"]?(\d{1,2})[»\"]?\s+([а-я]+)\s+(\d{4})", re.IGNORECASE)
_MONTHS = ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_NOMINATIVE = {
    "министерства": "Министерство",
    "управления": "Управление",
    "департамента": "Департамент",
    "комитета": "Комитет",
    "отдела": "Отдел",
    "администрации": "Администрация",
    "правительства": "Правительство",
}
_AIM = re.compile(r"цел[ьи](?:\s+плана|\s+дорожной карты)?\s*[-–—:]\s*(?P<aim>.*)", re.I | re.S)
_TASKS = re.compile(r"задачи(?:\s+плана)?\s*:?\s*(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_BULLET = re.compile(r"(?:[-–—•*]|\d{1,2}[.)])\s*(?P<task>.+)", re.DOTALL)


@dataclass(frozen=True)
class Preface:
    """`names` are the texts in which the plan's years may stand: title, subject of the order,
    its point «Утвердить …», a line that only names the academic year."""

    title: str
    issuer: str | None
    basis: BasisOrder | None
    aims: tuple[str, ...]
    names: tuple[str, ...]


def read_preface(texts: Sequence[str]) -> Preface:
    """The preface of the paragraphs (and heading rows) before the first row of the plan."""
    lines = [line for line in (clean(text) for text in texts) if line]
    loose = [clean(part) for text in texts for part in text.split("\n") if clean(part)]
    title = _title(loose) or _subject(lines) or _nearest(lines)
    order = _order(loose)
    approved = _approved(lines) or _approved([" ".join(loose)]) or _stamped(loose)
    appended = _appended(loose)
    said = [one for one in (approved, appended) if one]
    issuer = _letterhead(loose, order) or next((one[0] for one in said if one[0]), None)
    basis = _fullest(approved and approved[1], _basis(loose, order), appended and appended[1])
    ordered = [line for line in lines if _ORDERED.match(line)]
    names = [title, _subject(lines), *ordered, *filter(_SCHOOL_YEAR.fullmatch, loose)]
    return Preface(title, issuer, basis, tuple(_aims(loose)), tuple(filter(None, names)))


# Title


def _title(lines: Sequence[str]) -> str:
    """The first run of lines that begins like the name of a plan and is no sentence."""
    for place, line in enumerate(lines):
        if _PLAN.match(line):
            run = _run(lines, place)
            title = " ".join(run)
            if not _SENTENCE.search(title) and title[-1] not in ":;" and len(title) <= LONGEST:
                return title
    return ""


def _run(lines: Sequence[str], place: int) -> list[str]:
    run = [lines[place]]
    for at, line in enumerate(lines[place + 1 :], place + 1):
        ended = run[-1][-1] in ".:;" and not run[-1].endswith("г.")
        again = _PLAN.match(line) and not line.startswith("(")
        if ended or again or _STOP.match(line) or _is_text(line, " ".join(run)):
            break
        if _is_glossary(" ".join(lines[at : at + _WRAPPED])):
            break
        run.append(line)
    return run


def _is_text(line: str, title: str) -> bool:
    """Whether the line is no more of the title: it begins a sentence after the title's year, or
    is a whole sentence by itself, or the title is long enough."""
    if len(title) > LONGEST:
        return True
    if not line[0].isupper():
        return False
    return bool(_YEARS_SAID.search(title)) or (line.endswith(".") and len(line) > 60)


def glossary_apart(text: str) -> list[str]:
    """The text, parted before the line with which a list of abbreviations begins."""
    lines = text.split("\n")
    for place in range(1, len(lines)):
        if _is_glossary(" ".join(lines[place : place + _WRAPPED])):
            return ["\n".join(lines[:place]), "\n".join(lines[place:])]
    return [text]


def _is_glossary(text: str) -> bool:
    """Whether it begins with «МОУО – муниципальный орган …» or with a name of such a list."""
    text = clean(text)
    found = _GLOSSARY.match(text)
    if found:
        return found["short"] in learn_abbreviations(text)
    return _GLOSSARY_NAME.match(text) is not None


def _subject(lines: Sequence[str]) -> str:
    """«Об утверждении плана …» without its first words, failing a title."""
    for line in lines:
        if _SUBJECT.match(line) and len(line) <= LONGEST:
            return line
    return ""


def _nearest(lines: Sequence[str]) -> str:
    """The last short line before the table."""
    return next((line for line in reversed(lines) if 8 < len(line) <= 300), "")


# Issuing authority and order


@dataclass(frozen=True)
class _Order:
    """The line that says «ПРИКАЗ»: which it is, the kind, what else it says."""

    place: int
    kind: str
    rest: str = ""


def _order(lines: Sequence[str]) -> _Order | None:
    """The line «ПРИКАЗ», or «ПРИКАЗ от … № …» under the name of an office."""
    for place, line in enumerate(lines):
        word = _joined(line)
        if word in _KINDS:
            return _Order(place, word)
        found = _HEADED.fullmatch(line)
        if found and _is_letterhead(lines[:place]):
            return _Order(place, _joined(found["kind"]), found["rest"])
    return None


def _joined(word: str) -> str:
    return re.sub(r"\s", "", word).lower()


def _is_letterhead(above: Sequence[str]) -> bool:
    """Whether an order may begin under these lines: an office, no stamp, no plan yet."""
    plain = not any(_PLAN.match(line) or _STAMPED.search(line) for line in above)
    return plain and (not above or any(map(_OFFICE.search, above[-5:])))


def _letterhead(lines: Sequence[str], order: _Order | None) -> str | None:
    """Who issued the order: the lines above the word «ПРИКАЗ»."""
    if not order or not order.place:
        return None
    above = lines[max(0, order.place - 5) : order.place]
    said = " ".join(line for line in above if not _is_federation(line))
    return said if 5 < len(said) <= 300 else None


def _is_federation(line: str) -> bool:
    return folded(line) in ("российская федерация", "россия")


def _approved(lines: Sequence[str]) -> tuple[str | None, BasisOrder] | None:
    """«УТВЕРЖДЕН распоряжением Министерства … от … № …»: issuer and order."""
    for line in lines:
        found = _APPROVED.search(line)
        if found and len(found["issuer"]) < 250:
            kind = _KINDS[[one[:5] for one in _KINDS].index(found["kind"].lower()[:5])]
            rest = found["rest"][:120]
            return _nominative(found["issuer"]), BasisOrder(kind, _number(rest), _date(rest))
    return None


def _stamped(lines: Sequence[str]) -> tuple[str | None, BasisOrder] | None:
    """«УТВЕРЖДАЮ … приказ от … № …» in the lines of a stamp."""
    for place, line in enumerate(lines):
        found = _STAMP.search(" ".join(lines[place : place + 7])) if _MARK.search(line) else None
        if found:
            issuer, order = _details(found["kind"], found["said"])
            named = found["said"].partition(" ")[0].lower() in _NOMINATIVE
            return issuer if named else None, order
    return None


def _appended(lines: Sequence[str]) -> tuple[str | None, BasisOrder] | None:
    """«Приложение к приказу управления образования … от … № …», in one line or several."""
    for place, line in enumerate(lines):
        found = _APPENDED.match(_mark(lines[place:])) if _APPENDIX.match(line) else None
        if found:
            return _details(found["kind"], found["said"])
    return None


def _mark(lines: Sequence[str]) -> str:
    """The first lines up to the name of the plan."""
    rest = takewhile(lambda line: not _PLAN.match(line) and not _SUBJECT.match(line), lines[1:6])
    return " ".join([lines[0], *rest])[:600]


def _details(kind: str, said: str) -> tuple[str | None, BasisOrder]:
    """Issuer and order out of the words after the kind: whose it is, its date and number."""
    found = _WHOSE.match(said)
    issuer = found["issuer"] if found else ""
    rest = said[len(issuer) :][:120]
    known = next(one for one in _KINDS if one[:5] == kind.lower()[:5])
    order = BasisOrder(known, _number(rest), _date(rest))
    return _nominative(issuer) if rest and len(issuer) < 250 else None, order


def _fullest(*orders: BasisOrder | None) -> BasisOrder | None:
    """The first with a number or a date, else the first."""
    known = [order for order in orders if order]
    return next((order for order in known if order.number or order.date), next(iter(known), None))


def _nominative(issuer: str) -> str | None:
    first, _, rest = issuer.strip(" ,").partition(" ")
    if not first:
        return None
    return f"{_NOMINATIVE.get(first.lower(), first)} {rest}".strip()


def _basis(lines: Sequence[str], order: _Order | None) -> BasisOrder | None:
    """Date and number in the line of the word «ПРИКАЗ» and in those after it."""
    if order is None:
        return None
    near = " ".join([order.rest, *lines[order.place + 1 : order.place + 5]])[:200]
    return BasisOrder(order.kind, _number(near), _date(near))


def _number(text: str) -> str | None:
    found = _NUMBER.search(text)
    return found["number"].rstrip(".") if found else None


def _date(text: str) -> date | None:
    digits, words = _DIGITS.search(text), _WORDS.search(text)
    try:
        if digits:
            return date(int(digits[3]), int(digits[2]), int(digits[1]))
        if words and words[2].lower()[:3] in _MONTHS:
            return date(int(words[3]), _MONTHS.index(words[2].lower()[:3]) + 1, int(words[1]))
    except ValueError:
        return None
    return None


# Aims


def _aims(lines: Sequence[str]) -> list[str]:
    """The aim and the tasks, each once."""
    aims: dict[str, str] = {}
    counting = False
    for line in lines:
        aim, tasks, bullet = _AIM.fullmatch(line), _TASKS.fullmatch(line), _BULLET.fullmatch(line)
        counting = bool(tasks) or (counting and bool(bullet))
        said = aim["aim"] if aim else bullet["task"] if bullet and counting else ""
        if said:
            aims.setdefault(folded(said).strip(" .;"), said.strip(" ;"))
    return list(aims.values())
