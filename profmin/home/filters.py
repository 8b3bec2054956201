"""Filters of people and of the journal."""

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from profmin.accounts.roles import Role
from profmin.journal.choices import ACTIONS, SUBJECTS
from profmin.journal.models import JournalEntry
from profmin.lib.form_fields import DayField
from schools.choices import UnitKind
from schools.filters import PLACES, ClosedFilterSet, SearchFilter
from schools.models import Appointment, OrgUnit
from schools.scope import Scope
from schools.services.contacts import VIEWED

MOST_FOLDED = 1_000


class DayFilter(django_filters.DateFilter):
    """A day of the journal, chosen from the browser's calendar."""

    field_class = DayField


class PeopleFilter(ClosedFilterSet):
    """Appointments of one's subtree; those in force unless ended ones are asked for."""

    q = SearchFilter(
        "seen_name", "post", "unit__name", label="Поиск", placeholder="Имя, должность, организация"
    )
    role = django_filters.ChoiceFilter(label="Роль", choices=Role.choices, empty_label="любая")
    kind = django_filters.ChoiceFilter(
        label="Вид организации",
        field_name="unit__kind",
        choices=UnitKind.choices,
        empty_label="любой",
    )
    place = django_filters.ModelChoiceFilter(
        label="Муниципалитет",
        queryset=OrgUnit.objects.none(),
        empty_label="любой",
        method="below",
    )
    state = django_filters.ChoiceFilter(
        label="Состояние",
        choices=[
            ("current", "работают"),
            ("invited", "ещё не приняли приглашение"),
            ("ended", "завершены"),
            ("blocked", "вход закрыт"),
        ],
        empty_label="любое",
        method="in_state",
    )

    sorts = {
        "name": ("seen_name", "pk"),
        "unit": ("unit__name", "seen_name", "pk"),
        "starts": ("starts_on", "pk"),
    }
    default_sort = "name"

    def __init__(self, data: Any, *, scope: Scope, today: date) -> None:
        self.today = today
        super().__init__(data, queryset=Appointment.objects.in_scope(scope).with_seen_name())
        units = OrgUnit.objects.in_scope(scope)
        self.filters["place"].queryset = units.of_kind(*PLACES).by_name()

    def below(
        self, rows: QuerySet[Appointment], name: str, value: OrgUnit
    ) -> QuerySet[Appointment]:
        return rows.filter(Scope(roots=(value.path or "",)).down("unit__path"))

    def in_state(self, rows: Any, name: str, value: str) -> QuerySet[Appointment]:
        blocked = Q(user__is_active=False)
        if value == "ended":
            return rows.ended(self.today)
        lasting = rows.lasting(self.today)
        if value == "blocked":
            return lasting.accepted().filter(blocked)
        return lasting.invited() if value == "invited" else lasting.accepted().exclude(blocked)


class JournalFilter(ClosedFilterSet):
    """Entries by matter, actor, action and days."""

    type = django_filters.ChoiceFilter(
        label="О чём",
        field_name="object_type",
        choices=list(SUBJECTS.items()),
        empty_label="обо всём",
    )
    id = django_filters.NumberFilter(
        label="Номер предмета",
        field_name="object_id",
        min_value=1,
        max_value=2**62,
        decimal_places=0,
        widget=forms.HiddenInput,
    )
    action = django_filters.ChoiceFilter(
        label="Действие", choices=list(ACTIONS.items()), empty_label="любое"
    )
    actor = SearchFilter("actor_name", label="Кто", placeholder="Фамилия")
    views = django_filters.ChoiceFilter(
        label="Просмотры контактов",
        choices=[("with", "вместе с просмотрами")],
        empty_label="свёрнуты",
        method="with_views",
    )
    paging = ("before",)

    def __init__(self, data: Any, *, entries: QuerySet[JournalEntry], may_see_people: bool) -> None:
        super().__init__(data, queryset=entries)
        self.may_see_people = may_see_people
        if not may_see_people:
            self.filters["views"].extra["widget"] = forms.HiddenInput

    @property
    def folds_views(self) -> bool:
        """Whether views of contacts are left out: they crowd what was changed. Who asks for them
        by name sees them."""
        asked = self.data.get("views") or self.data.get("action") == VIEWED
        return self.may_see_people and not asked

    def found(self) -> QuerySet[JournalEntry]:
        rows: QuerySet[JournalEntry] = super().found()
        return rows.exclude(action=VIEWED) if self.folds_views else rows

    def folded(self) -> int:
        """How many views of contacts are left out; beyond `MOST_FOLDED` nobody counts them."""
        if not self.folds_views:
            return 0
        return int(super().found().filter(action=VIEWED)[: MOST_FOLDED + 1].count())

    def with_views(
        self, rows: QuerySet[JournalEntry], name: str, value: str
    ) -> QuerySet[JournalEntry]:
        return rows

    def from_day(
        self, rows: QuerySet[JournalEntry], name: str, value: date
    ) -> QuerySet[JournalEntry]:
        return rows.filter(at__gte=_midnight(value))

    def to_day(
        self, rows: QuerySet[JournalEntry], name: str, value: date
    ) -> QuerySet[JournalEntry]:
        return rows.filter(at__lt=_midnight(value + timedelta(days=1)))


# The address says `from` and `to`; `from` cannot be the name of an attribute.
JournalFilter.base_filters["from"] = DayFilter(label="С", method="from_day")
JournalFilter.base_filters["to"] = DayFilter(label="По", method="to_day")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
