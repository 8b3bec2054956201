"""Template words known to every template (a builtin library). See also `templates/components`.

Filters: ru_date, ru_date_short, ru_day, ru_day_month, ru_moment, ru_time, days_to, plural,
plural_word, number, percent, nbsp, browser, beside, state_word, faults, named. Tags: state_mark, mark, stacked_bar,
share_bar, timeline, timeline_months, sort_heading, hidden_query, dropped,
chosen_filters.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms, template
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from profmin.lib import charts, wording

register = template.Library()

Window = tuple[date, date]

_TAG = re.compile(r"(<[^>]*>)")


# --- States: a word and a shape beside the colour ---------------------------------------------


@dataclass(frozen=True)
class State:
    """How a state looks: its word; its shape is the symbol `#m-<code>` of the sprite."""

    code: str
    word: str


STATES = {
    state.code: state
    for state in (
        State("done", "выполнено"),
        State("confirmed", "подтверждено"),
        State("waiting", "ожидается"),
        State("in_progress", "в работе"),
        State("late", "просрочено"),
        State("returned", "возвращено"),
        State("not_started", "не начато"),
        State("not_applicable", "не применимо"),
        State("question", "вопрос"),
        State("error", "ошибка"),
    )
}


@register.simple_tag
def mark(code: str) -> SafeString:
    """The shape alone, unseen by a screen reader: words must stand beside it."""
    return format_html(
        '<svg class="mark" aria-hidden="true" focusable="false"><use href="#m-{}"/></svg>', code
    )


@register.simple_tag
def state_mark(code: str, text: str = "") -> SafeString:
    """Shape and word of a state in its colour. `text` is seen instead of the word («до 25.11»);
    a screen reader still hears the word first, unless the text says it."""
    state = STATES[code]
    shown = text or state.word
    spoken: str | SafeString = ""
    if state.word not in shown:
        spoken = format_html('<span class="visually-hidden">{}: </span>', state.word)
    return format_html(
        '<span class="state state-{}">{}{}{}</span>', code, mark(code), spoken, shown
    )


@register.filter
def state_word(code: str) -> str:
    """The word of a state."""
    return STATES[code].word


# --- Words of dates and numbers ---------------------------------------------------------------


@register.filter(expects_localtime=True)
def ru_date(value: date | None) -> str:
    """«15 сентября 2026»; no date is a dash."""
    return wording.long_date(value) if value else wording.NOTHING


@register.filter(expects_localtime=True)
def ru_date_short(value: date | None) -> str:
    """«15.09.2026», on a weekend «20.12.2026, вс»; no date is a dash."""
    return wording.short_date(value) if value else wording.NOTHING


@register.filter(expects_localtime=True)
def ru_day(value: date | None) -> str:
    """«25.11, ср»; no date is a dash."""
    return wording.weekday_date(value) if value else wording.NOTHING


@register.filter(expects_localtime=True)
def ru_day_month(value: date | None) -> str:
    """«15 сентября»; no date is a dash."""
    return wording.day_month(value) if value else wording.NOTHING


@register.filter(expects_localtime=True)
def ru_moment(value: datetime | None) -> str:
    """«15.09.2026, 14:32» in the portal's time zone; no moment is a dash."""
    return wording.moment(value) if value else wording.NOTHING


@register.filter(expects_localtime=True)
def ru_time(value: datetime | None) -> str:
    """«14:32» in the portal's time zone; no moment is a dash."""
    return wording.clock(value) if value else wording.NOTHING


@register.filter
def days_to(due: date | None, today: date) -> str:
    """«осталось 5 дней», «сегодня», «просрочено 2 дня»; nothing without a date."""
    return wording.days_to(due, today) if due else ""


@register.filter
def plural(count: float | Decimal, word_forms: str) -> str:
    """«5 школ» from `5|plural:"школа,школы,школ"`."""
    return wording.plural(count, word_forms)


@register.filter
def plural_word(count: float | Decimal, word_forms: str) -> str:
    """«школ» from `5|plural_word:"школа,школы,школ"`."""
    return wording.plural_form(count, word_forms)


@register.filter
def number(value: float | Decimal | None) -> str:
    """«1 234,5»; no data is a dash, zero is a zero."""
    return wording.number(value)


@register.filter
def percent(share: float | Decimal | None, places: int = 0) -> str:
    """«86 %» of a share 0…1."""
    return wording.percent(share, places=places)


@register.filter
def nbsp(text: object) -> str:
    """Typography: «12 ч», «№ 5», «г. Тамбов», short prepositions do not break. In ready HTML the
    tags stay as they are."""
    if not isinstance(text, SafeString):
        return wording.non_breaking(str(text))
    parts = _TAG.split(text)
    parts[::2] = [wording.non_breaking(part) for part in parts[::2]]
    return SafeString("".join(parts))


@register.filter
def browser(signature: str) -> str:
    """«Firefox, Windows» of a browser's signature."""
    return wording.browser(signature)


@register.filter
def beside(cells: Iterable[object], columns: Iterable[object]) -> list[tuple[object, object]]:
    """Pairs of a cell and its column: `{% for cell, column in cells|beside:columns %}`."""
    return list(zip(cells, columns, strict=True))


# --- Small pictures ---------------------------------------------------------------------------


@register.inclusion_tag("components/_stacked_bar.html")
def stacked_bar(counts: Mapping[str, int], link_to: str = "") -> dict[str, Any]:
    """A bar by state with its words under it; `counts` is {code of state: how many} in order.
    With `link_to` (an address without a query) each word leads to its rows: `?state=<code>`."""
    total = sum(counts.values())
    shown = {code: count for code, count in counts.items() if count}
    pieces = charts.stacked(shown.values(), total)
    return {
        "total": total,
        "link_to": link_to,
        "parts": [
            {"state": code, "piece": piece, "text": f"{STATES[code].word} {wording.number(count)}"}
            for (code, count), piece in zip(shown.items(), pieces, strict=True)
        ],
    }


@register.inclusion_tag("components/_share_bar.html")
def share_bar(value: int, total: int, state: str = "done") -> dict[str, Any]:
    """A bar of `value` out of `total` with «8 из 9» at its right."""
    share = value / total if total else 0.0
    text = f"{wording.number(value)}{wording.NBSP}из{wording.NBSP}{wording.number(total)}"
    return {"width": charts.per_cent(share), "state": state, "text": text}


@register.inclusion_tag("components/_timeline.html")
def timeline(
    start: date,
    end: date,
    windows: Iterable[Window] = (),
    dues: Iterable[tuple[date, str]] = (),
    today: date | None = None,
    state: str = "waiting",
) -> dict[str, Any]:
    """Windows as bars and dues (day, code of state) as marks on the days `start`…`end`.
    A bar whose `state` is late is hatched. `today` is a line."""
    kept, marks = list(windows), list(dues)
    return {
        "months": charts.months(start, end)[1:],
        "pieces": [piece for window in kept if (piece := charts.stretch(window, start, end))],
        "dues": [
            {"x": charts.middle_of_day(day, start, end), "state": code}
            for day, code in marks
            if start <= day <= end
        ],
        "today": charts.middle_of_day(today, start, end) if today and start <= today <= end else "",
        "state": state,
        "spoken": _timeline_words(kept, marks) or "без дат",
    }


def _timeline_words(windows: list[Window], dues: list[tuple[date, str]]) -> str:
    spans = [wording.span(*window) for window in windows]
    ends = [f"срок {wording.long_date(day)}, {STATES[code].word}" for day, code in dues]
    return "; ".join(spans + ends)


@register.inclusion_tag("components/_timeline_months.html")
def timeline_months(start: date, end: date) -> dict[str, Any]:
    """The names of the months, to stand above a column of timelines."""
    return {"months": charts.months(start, end)}


# --- Addresses: sorting and filters stay in them ----------------------------------------------


@register.simple_tag(takes_context=True)
def sort_heading(context: Context, title: str, key: str, css: str = "") -> SafeString:
    """A `<th>` whose link sorts by `key` (`?sort=key`, again: `?sort=-key`), other filters kept.
    The sort in force is taken from the address, or from `sort` in the context (the default)."""
    query = context["request"].GET.copy()
    now = query.get("sort", context.get("sort", ""))
    query.pop("page", None)
    query["sort"] = f"-{key}" if now == key else key
    order = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    kind = format_html(' class="{}"', css) if css else ""
    aria = format_html(' aria-sort="{}"', order) if order else ""
    arrow = mark("up" if order == "ascending" else "down") if order else ""
    return format_html(
        '<th scope="col"{}{}><a href="?{}">{}{}</a></th>',
        kind,
        aria,
        query.urlencode(),
        title,
        arrow,
    )


@register.simple_tag(takes_context=True)
def hidden_query(context: Context, *names: str) -> SafeString:
    """Hidden fields that carry these names of the address through a GET form."""
    query = context["request"].GET
    pairs = [(name, value) for name in names for value in query.getlist(name)]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.simple_tag(takes_context=True)
def dropped(context: Context, name: str) -> str:
    """The address of this page without one part: «?state=late»."""
    query = context["request"].GET.copy()
    query.pop(name, None)
    query.pop("page", None)
    return f"?{query.urlencode()}"


@register.simple_tag
def chosen_filters(form: forms.BaseForm) -> list[str]:
    """What a bound filter form has on, in words: «Состояние: просрочено»."""
    chosen = []
    for field in form.visible_fields():
        words = _choice_words(field)
        if words:
            chosen.append(f"{field.label}: {words}")
    return chosen


def _choice_words(field: forms.BoundField) -> str:
    value = field.value()
    values = [str(one) for one in (value if isinstance(value, list | tuple) else [value]) if one]
    choices = getattr(field.field, "choices", None)
    if choices is None:
        return ", ".join(values)
    return ", ".join(str(title) for code, title in choices if code and str(code) in values)


_ASKED = {
    "select": "Выберите из списка.",
    "file": "Выберите файл.",
    "date": "Укажите дату.",
    "checkbox": "Отметьте, без этого нельзя.",
}


@register.filter
def faults(field: forms.BoundField) -> list[str]:
    """What is wrong in a field, a sentence each. «Обязательное поле» says nothing about the way
    out: it becomes what is to be done with a field of this kind."""
    required = gettext("This field is required.")
    asked = _ASKED.get(getattr(field.field.widget, "input_type", ""), "Заполните это поле.")
    return [asked if str(text) == required else str(text) for text in field.errors]


@register.filter
def named(fault: str, label: str) -> str:
    """A fault with the label of its field before it, unless it begins with the same word:
    «Роль: выберите из списка.», «Файл повреждён…»."""
    first = str(label).split()[0].rstrip(",:") if label else ""
    if not first or fault.lower().startswith(first.lower()):
        return fault
    is_word = fault[1:2].islower() or fault[1:2] == " "
    return f"{label}: {fault[:1].lower() if is_word else fault[:1]}{fault[1:]}"
