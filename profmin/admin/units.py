"""Units in the admin: opened, changed, closed by the same services as on the portal's pages."""

import hashlib
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import widgets
from django.http import HttpRequest
from django.utils import timezone

from profmin.accounts.roles import Permission
from profmin.admin.scoped import ScopedAdmin, ServiceForm
from profmin.admin.site import access_of
from profmin.lib.errors import RuleBroken
from schools.models import OrgUnit
from schools.services.changes import CHANGED, UnitChange, change_units
from schools.services.units import (
    UnitCard,
    close_unit,
    merge_unit,
    open_unit,
    reopen_unit,
)

_WORDS = ("variety", "founder", "partner_kind", "opened_on")
_SHOWN = ("name", "parent_id", "path", *_WORDS, "closed_on", "successor_id")


class UnitForm(ServiceForm):
    """What a unit is, from which day, and why."""

    on = forms.DateField(
        label="С какого дня",
        required=False,
        help_text="Для наименования и вышестоящего: прошлые периоды сохранят прежнее. "
        "Пусто — сегодня.",
        widget=widgets.AdminDateWidget,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Основание",
        required=False,
        max_length=1000,
        help_text="Приказ или причина: останется в журнале.",
        widget=widgets.AdminTextareaWidget(attrs={"rows": 2}),
    )

    field_names = {"into": "successor"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = _mark(self.instance)

    class Meta:
        model = OrgUnit
        fields = (
            *("code", "name", "kind", "parent", "variety", "founder", "partner_kind"),
            *("opened_on", "closed_on", "successor"),
        )


@admin.register(OrgUnit)
class UnitAdmin(ScopedAdmin):
    views = Permission.UNIT_VIEW
    edits = Permission.UNIT_EDIT
    adds = True
    journal_type = "unit"
    form = UnitForm
    list_display = ("name", "code", "kind", "parent", "opened_on", "closed_on")
    list_filter = ("kind", "founder")
    list_select_related = ("parent",)
    search_fields = ("name", "code")
    autocomplete_fields = ("parent", "successor")
    ordering = ("name", "pk")

    def get_fieldsets(self, request: HttpRequest, obj: OrgUnit | None = None) -> Any:
        about = ("code", "kind", "name", "parent")
        words = ("variety", "founder", "partner_kind", "opened_on")
        if obj is None:
            return [(None, {"fields": (*about, *words)})]
        return [
            (None, {"fields": (*about, *words, "on", "reason", "seen")}),
            ("Закрытие или присоединение", {"fields": ("closed_on", "successor")}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: OrgUnit | None = None) -> Any:
        return () if obj is None else ("code", "kind")

    def has_change_permission(self, request: HttpRequest, obj: OrgUnit | None = None) -> bool:
        """Nobody moves or closes the ground one stands on."""
        if obj is not None and not access_of(request).scope.stands_above(obj.path or ""):
            return False
        return super().has_change_permission(request, obj)

    def save_model(self, request: Any, obj: OrgUnit, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        data = form.cleaned_data
        if change:
            _change(request, OrgUnit.objects.select_related("parent").get(pk=obj.pk), data)
        else:
            card = UnitCard(**{name: data[name] for name in ("code", "name", "kind", *_WORDS)})
            opened = open_unit(
                parent=data["parent"],
                card=card,
                by=access_of(request).actor,
                now=timezone.now(),
                today=timezone.localdate(),
            )
            obj.__dict__.update(opened.__dict__)


def _mark(unit: OrgUnit) -> str:
    """Equal for equal units: what the person saw when the page was opened."""
    said = repr([str(getattr(unit, name)) for name in _SHOWN])
    return hashlib.sha256(said.encode()).hexdigest()


def _change(request: Any, unit: OrgUnit, data: dict[str, Any]) -> None:
    """Name, place and words first, then closing."""
    if data["seen"] != _mark(unit):
        raise RuleBroken(CHANGED)
    today = timezone.localdate()
    deed: dict[str, Any] = {
        "by": access_of(request).actor,
        "now": timezone.now(),
        "today": today,
        "reason": data["reason"],
    }
    parent = data["parent"] or unit.parent
    change = UnitChange(
        unit=unit,
        name=data["name"].strip(),
        parent=parent,
        **{word: data[word] for word in _WORDS},
    )
    change_units(changes=[change], on=data["on"] or today, **deed)
    if (data["closed_on"], data["successor"]) != (unit.closed_on, unit.successor):
        _close(unit, data["closed_on"], data["successor"], deed)


def _close(
    unit: OrgUnit, closed_on: date | None, successor: OrgUnit | None, deed: dict[str, Any]
) -> None:
    if unit.closed_on is not None and closed_on is None:
        reopen_unit(unit=unit, **deed)
        return
    if closed_on is None:
        raise RuleBroken("Укажите, с какого дня организация закрыта.", field="closed_on")
    try:
        if successor is not None:
            merge_unit(unit=unit, into=successor, on=closed_on, **deed)
        else:
            close_unit(unit=unit, on=closed_on, **deed)
    except RuleBroken as refusal:
        field = "closed_on" if refusal.field in ("on", None) else refusal.field
        raise RuleBroken(refusal.message, field=field) from refusal
