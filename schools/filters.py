"""Filters of lists: closed lists of names and values, kept in the address.

A name or a value outside the list is answered with 400, alike for hidden and for absent things.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from schools.choices import FounderKind, UnitKind
from schools.models import OrgUnit
from schools.scope import Scope
from schools.summaries import without_responsible

PLACES = (UnitKind.MUNICIPALITY, UnitKind.TERRITORY)


def search_pattern(word: str) -> str:
    """A regular expression that finds `word` in any case, «е» for «ё», on both databases.

    SQLite compares Cyrillic letters with their case, so the case is spelt out.
    """
    return "".join(_any_case(letter) for letter in word)


def _any_case(letter: str) -> str:
    if letter.lower() in "её":
        return "[ЕЁеё]"
    if letter.lower() == letter.upper():
        return re.escape(letter)
    return f"[{letter.lower()[:1]}{letter.upper()[:1]}]"


def words_in(text: str, *fields: str) -> Q:
    """Every word of `text` stands in one of the fields."""
    found = Q()
    for word in text.split():
        pattern = search_pattern(word)
        one = Q()
        for field in fields:
            one |= Q(**{f"{field}__regex": pattern})
        found &= one
    return found


class SearchFilter(django_filters.CharFilter):
    """Words looked for in some columns."""

    def __init__(self, *columns: str, label: str, placeholder: str = "") -> None:
        self.columns = columns
        super().__init__(
            label=label,
            max_length=100,
            widget=forms.TextInput(attrs={"type": "search", "placeholder": placeholder}),
        )

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(words_in(value, *self.columns)) if value else qs


class ClosedFilterSet(django_filters.FilterSet):
    """A filter set that refuses names it does not know. `sorts`: name → columns of the order."""

    sorts: Mapping[str, tuple[str, ...]] = {}
    default_sort = ""
    paging: tuple[str, ...] = ("page",)

    def is_valid(self) -> bool:
        known = {*self.filters, *self.paging, "sort"}
        return bool(
            super().is_valid()
            and known.issuperset(self.data)
            and self.sort.lstrip("-") in self.names
        )

    @property
    def names(self) -> set[str]:
        return {*self.sorts, self.default_sort}

    @property
    def sort(self) -> str:
        return str(self.data.get("sort") or self.default_sort)

    def found(self) -> QuerySet[Any]:
        """The rows in order; nothing when the address is not understood."""
        if not self.is_valid():
            return self.queryset.none()
        columns = self.sorts.get(self.sort.lstrip("-"), ())
        if self.sort.startswith("-"):
            columns = tuple(f"-{column}" for column in columns)
        return self.qs.order_by(*columns) if columns else self.qs


class UnitFilter(ClosedFilterSet):
    """The register of organisations."""

    q = SearchFilter("name", "code", label="Поиск", placeholder="Название или код")
    kind = django_filters.ChoiceFilter(label="Вид", choices=UnitKind.choices, empty_label="любой")
    place = django_filters.ModelChoiceFilter(
        label="Муниципалитет",
        queryset=OrgUnit.objects.none(),
        empty_label="любой",
        method="below",
    )
    founder = django_filters.ChoiceFilter(
        label="Учредитель", choices=FounderKind.choices, empty_label="любой"
    )
    state = django_filters.ChoiceFilter(
        label="Состояние",
        choices=[("working", "работают"), ("closed", "закрыты")],
        empty_label="любое",
        method="in_state",
    )
    people = django_filters.ChoiceFilter(
        label="Ответственный",
        choices=[("none", "не назначен")],
        empty_label="любой",
        method="by_people",
    )

    sorts = {"name": ("name", "pk"), "code": ("code", "pk"), "kind": ("kind", "name", "pk")}
    default_sort = "name"

    def __init__(self, data: Any, *, scope: Scope, today: date) -> None:
        self.today = today
        units = OrgUnit.objects.in_scope(scope)
        super().__init__(data, queryset=units)
        self.filters["place"].queryset = units.of_kind(*PLACES).by_name()

    def below(self, units: QuerySet[OrgUnit], name: str, value: OrgUnit) -> QuerySet[OrgUnit]:
        return units.filter(Scope(roots=(value.path or "",)).down("path"))

    def in_state(self, units: Any, name: str, value: str) -> QuerySet[OrgUnit]:
        working = units.working(self.today)
        return working if value == "working" else units.exclude(pk__in=working.values("pk"))

    def by_people(self, units: Any, name: str, value: str) -> QuerySet[OrgUnit]:
        return without_responsible(units.working(self.today), today=self.today)
