"""Russian words for counts, numbers, days and moments, as screens, letters and reports say them.

Form: `screens.md`, «Language of words». Pure: what is today comes as an argument.
"""

import re
from datetime import date, datetime
from decimal import Decimal

NBSP = "\u00a0"
WORD_JOINER = "\u2060"
_RANGE = re.compile(r"(?<=\d)[-–](?=\d)")  # «9–11», «2026-2027» stay on one line
NOTHING = "—"
MONTHS_OF = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
MONTHS_SHORT = (
    "янв",
    "фев",
    "мар",
    "апр",
    "май",
    "июн",
    "июл",
    "авг",
    "сен",
    "окт",
    "ноя",
    "дек",
)
WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
DAYS = ("день", "дня", "дней")
_SATURDAY = 5

# In this order: one browser names the others in its signature.
_BROWSERS = (
    ("YaBrowser/", "Яндекс Браузер"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)

_BINDINGS = (
    re.compile(r"(?<=\d) (?=\d{3}(?!\d))"),  # 1 234
    re.compile(r"(?<=\d) (?=[а-яё]{1,7}\b|%|°)"),  # 12 ч, 2026 года, 86 %
    re.compile(r"(?<=№) (?=\S)"),  # № 5
    re.compile(r"(?<!\w)(?:[а-яё]{1,3}\.)( )(?=[А-ЯЁ\d«])"),  # г. Тамбов, п. 3, им. Пушкина
    re.compile(r"(?<![\w.])(?:[А-ЯЁ]\.)( )(?=[А-ЯЁ])"),  # Е. В. Громова
    re.compile(r"(?<=\.)(?:[А-ЯЁ]\.)( )(?=[А-ЯЁ])"),  # Е.В. Громова
    re.compile(
        r"(?<![\w-])(?:[ВвКкСсИиАаОоУу]|[Нн]а|[Пп]о|[Оо]т|[Дд]о|[Зз]а|[Ии]з|[Оо]б|[Нн]е)( )"
    ),
    re.compile(r" (?=[—–](?: |$))"),  # a dash never begins a line
)


def plural_form(count: float | Decimal, forms: str) -> str:
    """The form that stands after `count`: of "школа,школы,школ" for 1, 2 and 5.

    After a fraction stands the second form («2,5 часа»).
    """
    one, few, many = (form.strip() for form in forms.split(","))
    if count != int(count):
        return few
    ones, tens = abs(int(count)) % 10, abs(int(count)) % 100
    if ones == 1 and tens != 11:
        return one
    if 2 <= ones <= 4 and not 12 <= tens <= 14:
        return few
    return many


def plural(count: float | Decimal, forms: str) -> str:
    """«5 школ», «1 234 школы»: the number and the form after it, never parted by a line's end."""
    return f"{number(count)}{NBSP}{plural_form(count, forms)}"


def number(value: float | Decimal | None) -> str:
    """«1 234,5»: thousands by a non-breaking space, a decimal comma; no data is a dash."""
    if value is None:
        return NOTHING
    exact = Decimal(str(value))
    text = f"{exact:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(",", NBSP).replace(".", ",").replace("-", "\u2212")


def percent(share: float | Decimal | None, *, places: int = 0) -> str:
    """«86 %» of a share 0…1, rounded half up; no data is a dash."""
    if share is None:
        return NOTHING
    step = Decimal(1).scaleb(-places)
    value = (Decimal(str(share)) * 100).quantize(step, rounding="ROUND_HALF_UP")
    return f"{number(value)}{NBSP}%"


def long_date(day: date) -> str:
    """«15 сентября 2026»."""
    return f"{day_month(day)}{NBSP}{day.year}"


def day_month(day: date) -> str:
    """«15 сентября»."""
    return f"{day.day}{NBSP}{MONTHS_OF[day.month - 1]}"


def short_date(day: date) -> str:
    """«15.09.2026», on a weekend «20.12.2026, вс»."""
    text = f"{day:%d.%m.%Y}"
    return f"{text},{NBSP}{weekday(day)}" if day.weekday() >= _SATURDAY else text


def weekday_date(day: date) -> str:
    """«25.11, ср»."""
    return f"{day:%d.%m},{NBSP}{weekday(day)}"


def weekday(day: date) -> str:
    """«ср»."""
    return WEEKDAYS[day.weekday()]


def moment(at: datetime) -> str:
    """«15.09.2026, 14:32» in the time zone that `at` has."""
    return f"{at:%d.%m.%Y},{NBSP}{clock(at)}"


def clock(at: datetime) -> str:
    """«14:32»."""
    return f"{at:%H:%M}"


def days_to(due: date, today: date) -> str:
    """«осталось 5 дней», «сегодня», «завтра», «просрочено 2 дня»."""
    days = (due - today).days
    if days < 0:
        return f"просрочено{NBSP}{plural(-days, ','.join(DAYS))}"
    if days <= 1:
        return ("сегодня", "завтра")[days]
    return f"{plural_form(days, 'остался,осталось,осталось')}{NBSP}{plural(days, ','.join(DAYS))}"


def span(start: date, end: date) -> str:
    """«1–30 сентября 2026», «1 сентября – 15 октября 2026», years apart where they differ."""
    if start == end:
        return long_date(start)
    if start.year != end.year:
        return f"{long_date(start)} – {long_date(end)}"
    if start.month != end.month:
        return f"{day_month(start)} – {long_date(end)}"
    return f"{start.day}–{long_date(end)}"


def non_breaking(text: str) -> str:
    """The text whose spaces in «12 ч», «№ 5», «г. Тамбов», «Е. В. Громова», after a short
    preposition and before a dash do not break, nor do ranges of numbers."""
    for binding in _BINDINGS:
        text = binding.sub(lambda found: found.group().replace(" ", NBSP), text)
    return _RANGE.sub(lambda found: found.group() + WORD_JOINER, text)


def browser(signature: str) -> str:
    """«Firefox, Windows» of the signature a browser sends (`User-Agent`)."""
    programme = _first_known(signature, _BROWSERS)
    system = _first_known(signature, _SYSTEMS)
    return ", ".join(filter(None, (programme, system))) or "неизвестный браузер"


def _first_known(signature: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in names if mark in signature), "")
