"""Filters of the pages of execution: closed lists that stay in the address.

A value that is on no list is left out and said so beside its field.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet

from plans.choices import DueState, PartyKind
from plans.models import Assignment
from plans.models.assignments import LATE
from plans.summaries.places import Place
from plans.summaries.tree import Block, Row
from profmin.lib import paths
from profmin.lib.text import folded
from schools.choices import UnitKind
from schools.filters import Fault, value_faults

ANY = ("", "любое")
UNCONFIRMED = "unconfirmed"
BOUND_KINDS = (
    UnitKind.REGION,
    UnitKind.MUNICIPALITY,
    UnitKind.SCHOOL,
    UnitKind.BRANCH,
    UnitKind.OPERATOR,
    UnitKind.PARTNER,
    UnitKind.AUTHORITY,
)
_STATES = (
    ("late", "просрочено"),
    ("in_progress", "в работе"),
    ("returned", "возвращено"),
    ("not_started", "не начато"),
    ("done", "выполнено"),
    (UNCONFIRMED, "ждёт подтверждения"),
    ("not_applicable", "не применимо"),
)
_DUES = (
    ("overdue", "прошёл, не всё сделано"),
    ("month", "в этом месяце"),
    ("30days", "в ближайшие 30 дней"),
    ("none", "без даты"),
)


class _Filter(forms.Form):
    """Wrong values are dropped, the rest still filters."""

    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, auto_id="filter_%s", **kwargs)

    def _choices(self, name: str, first: tuple[str, str], rest: Iterable[tuple[Any, Any]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = [first, *rest]

    def value(self, name: str) -> str:
        """What is chosen in a field; "" for nothing or nonsense."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    @property
    def faults(self) -> list[Fault]:
        """What of the values was not understood; the page leads to the address without it."""
        return value_faults(self)

    @property
    def is_on(self) -> bool:
        """Whether anything is chosen."""
        return any(self.value(field.name) for field in self.visible_fields())


class TreeFilter(_Filter):
    """Filters of a roadmap; items are few, so they are chosen in memory."""

    q = forms.CharField(
        label="Поиск", required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
    state = forms.ChoiceField(label="Состояние", required=False)
    section = forms.ChoiceField(label="Раздел", required=False)
    kind = forms.ChoiceField(label="Вид организации", required=False)
    party = forms.ChoiceField(label="Ответственный", required=False)
    due = forms.ChoiceField(label="Срок", required=False)
    task = forms.ChoiceField(
        label="Поручено", required=False, choices=[("", "кому угодно"), ("own", "нам")]
    )
    view = forms.CharField(required=False, widget=forms.HiddenInput)
    under = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any, *, sections: Iterable[tuple[str, str]], with_kinds: bool, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self._choices("state", ANY, _STATES)
        self._choices("section", ("", "все"), sections)
        self._choices("party", ("", "любой"), PartyKind.choices)
        self._choices("due", ("", "любой"), _DUES)
        self._choices("kind", ("", "все"), [(kind.value, kind.label) for kind in BOUND_KINDS])
        if not with_kinds:
            del self.fields["kind"]

    def chosen(self, blocks: Iterable[Block], *, today: date) -> set[int]:
        """Keys of the items that fit all filters."""
        return {row.item.pk for block in blocks for row in block.items if self._fits(row, today)}

    def _fits(self, row: Row, today: date) -> bool:
        return (
            self._fits_words(row)
            and has_state(row, self.value("state"))
            and self.value("section") in ("", str(row.item.section_id or 0))
            and self.value("party") in ("", *(party.kind for party in row.parties))
            and (not self.value("kind") or row.is_touched)
            and (not self.value("task") or bool(row.own or row.below))
            and has_due(row, self.value("due"), today)
        )

    def _fits_words(self, row: Row) -> bool:
        text = folded(f"{row.item.number} {row.item.title} {row.item.responsible_text}")
        return folded(self.value("q")) in text


def has_state(row: Row, state: str) -> bool:
    """Whether anybody's task of the item is in the state; done: everybody's."""
    totals = row.totals
    holds = {
        "": True,
        LATE: totals.late,
        DueState.RETURNED: totals.returned,
        DueState.IN_PROGRESS: totals.in_progress - totals.returned,
        DueState.NOT_STARTED: totals.not_started,
        DueState.DONE: totals.bound and totals.done == totals.bound,
        DueState.NOT_APPLICABLE: totals.not_applicable,
        UNCONFIRMED: totals.unconfirmed,
    }
    return bool(holds.get(state, True))


def has_due(row: Row, due: str, today: date) -> bool:
    """Whether a due day of the item lies in the chosen span."""
    days = [end for _, end in row.spans]
    if due == "overdue":
        return bool(row.totals.late)
    if due == "month":
        return any((day.year, day.month) == (today.year, today.month) for day in days)
    if due == "30days":
        return any(today <= day <= today + timedelta(days=30) for day in days)
    return due != "none" or not days


class DoerFilter(_Filter):
    """Filters of the list of who has carried out an item."""

    q = forms.CharField(
        label="Организация",
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
    )
    state = forms.ChoiceField(label="Состояние", required=False, choices=[ANY, *_STATES])
    above = forms.ChoiceField(label="Подчинение", required=False)

    def __init__(self, data: Any, *, above: Iterable[Place], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.places = {str(place.unit_id): place for place in above}
        self._choices("above", ("", "все"), [(key, row.name) for key, row in self.places.items()])

    def apply(self, rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
        """`rows` need `standing` and `unit_name` (`doers_of`)."""
        state, words, above = (self.value(name) for name in ("state", "q", "above"))
        if state == UNCONFIRMED:
            rows = rows.filter(Q(("standing", DueState.DONE)), is_confirmed=False)
        elif state:
            rows = rows.filter(Q(("standing", state)))
        if above:
            path = self.places[above].path
            rows = rows.filter(paths.under("path", path)).exclude(path=path)
        return rows.filter(_holding("unit_name", words)) if words else rows


def _holding(field: str, words: str) -> Q:
    """The words in any usual case: SQLite knows capitals of Latin letters only."""
    found = Q()
    for text in {words, words.lower(), words.upper(), words.capitalize(), words.title()}:
        found |= Q(**{f"{field}__contains": text})
    return found
