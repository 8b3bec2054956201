"""Filters of lists: closed lists of names and values, kept in the address.

A name or a value outside the list is answered with 400, alike for hidden and for absent things;
the page says which part it was (`Fault`) and leads to the address without it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from schools.choices import FounderKind, UnitKind
from schools.models import OrgUnit
from schools.scope import Scope
from schools.summaries import without_responsible

_LONGEST_SHOWN = 40  # signs of a name that is no filter
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


@dataclass(frozen=True)
class Fault:
    """A part of the address that was not understood: what is wrong in words, and the names to
    leave out of the address."""

    text: str
    without: str


def value_faults(form: forms.BaseForm) -> list[Fault]:
    """What is wrong with the values of a bound filter form, by the labels people read."""
    faults = []
    for name, errors in form.errors.items():
        field = form.fields.get(name)
        label = (field.label if field else "") or name
        told = " ".join(str(error) for error in errors)
        if isinstance(field, forms.ChoiceField):
            told = "такого значения нет в списке. Выберите другое."
        faults.append(Fault(f"«{label}»: {told}", name))
    return faults


def unknown_fault(name: str) -> Fault:
    """A name that no filter of the page has."""
    shown = "".join(sign for sign in name if sign.isprintable())[:_LONGEST_SHOWN] or "…"
    return Fault(f"В адресе есть часть, которой эта страница не знает: «{shown}».", name)


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
        return not self.faults

    @property
    def faults(self) -> list[Fault]:
        """What of the address was not understood."""
        known = {*self.filters, *self.paging, "sort"}
        faults = [unknown_fault(name) for name in self.data if name not in known]
        if self.sort.lstrip("-") not in self.names:
            faults.append(Fault("«Порядок строк»: так эту страницу не упорядочить.", "sort"))
        return [*value_faults(self.form), *faults]

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
