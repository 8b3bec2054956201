"""Pages of organisations: the register, one organisation, and every change of the tree."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from profmin.accounts.roles import Permission
from profmin.lib import paths, wording
from profmin.lib.errors import RuleBroken
from schools.access import Access, AccessRequest, requires
from schools.choices import KIND_FORMS, PARENT_KINDS
from schools.filters import UnitFilter
from schools.forms.units import (
    CloseForm,
    MergeForm,
    MoveForm,
    NewUnitForm,
    RenameForm,
    ReopenForm,
)
from schools.models import Appointment, OrgUnit, UnitPlace
from schools.services import units as services
from schools.services.appointments import roles_to_give
from schools.services.contacts import note_contacts_viewed
from schools.summaries import RESPONSIBLE, kinds_below, unit_rows

PAGE = 50
CHILDREN_SHOWN = 100
_UNITS = "организация,организации,организаций"


@requires(Permission.UNIT_VIEW)
def unit_list(request: AccessRequest) -> HttpResponse:
    """The register: organisations of one's subtree."""
    access, today = request.access, timezone.localdate()
    filters = UnitFilter(request.GET, scope=access.scope, today=today)
    page = Paginator(filters.found(), PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "found": "" if filters.faults else wording.plural(page.paginator.count, _UNITS),
        "sort": filters.default_sort,
        "rows": unit_rows(page.object_list, today=today),
        "may_edit": access.can(Permission.UNIT_EDIT),
        "givable": _givable_kinds(access),
    }
    status = 200 if filters.is_valid() else 400
    return render(request, "schools/unit_list.html", context, status=status)


def _givable_kinds(access: Access) -> set[str]:
    """Kinds of units whose responsible one may appoint."""
    if not access.can(Permission.PERSON_APPOINT):
        return set()
    return {kind for kind, role in RESPONSIBLE.items() if role in roles_to_give(access.role, kind)}


@requires(Permission.UNIT_VIEW)
def unit_detail(request: AccessRequest, unit_id: int) -> HttpResponse:
    """One organisation: passport, people, place in the tree, what stands below."""
    access, today = request.access, timezone.localdate()
    unit = _find(access, unit_id)
    people = _people(unit, today)
    with_contacts = access.can(Permission.PERSON_VIEW)
    if with_contacts and any(row.user_id != access.user.pk for row in people):
        note_contacts_viewed(unit=unit, by=access.actor, now=timezone.now(), today=today)
    children = OrgUnit.objects.filter(parent=unit).by_name()
    (row,) = unit_rows([unit], today=today)
    context = {
        "unit": unit,
        "row": row,
        "people": people,
        "with_contacts": with_contacts,
        "may_appoint": access.can(Permission.PERSON_APPOINT)
        and bool(roles_to_give(access.role, unit.kind)),
        "givable": _givable_kinds(access),
        "crumbs": _crumbs(access, unit),
        "below": _words_below(unit, today),
        "children": unit_rows(children[:CHILDREN_SHOWN], today=today),
        "more_children": max(children.count() - CHILDREN_SHOWN, 0),
        "places": _places(unit),
        "merged": unit.merged.in_scope(access.scope).order_by("closed_on", "pk"),
        "may_edit": access.can(Permission.UNIT_EDIT),
        "may_move": _may_move(access, unit),
        "may_open": access.can(Permission.UNIT_EDIT)
        and row.is_working
        and any(unit.kind in kinds for kinds in PARENT_KINDS.values()),
    }
    return render(request, "schools/unit_detail.html", context)


def _find(access: Access, unit_id: int) -> OrgUnit:
    units = OrgUnit.objects.in_scope(access.scope).select_related("parent", "region", "successor")
    return get_object_or_404(units, pk=unit_id)


def _people(unit: OrgUnit, today: date) -> list[Appointment]:
    held = Appointment.objects.current(today).filter(unit=unit)
    return list(held.select_related("user", "invitation", "substitutes__user").order_by("pk"))


def _crumbs(access: Access, unit: OrgUnit) -> list[dict[str, str]]:
    """The units above that one may open, from the top down."""
    above = OrgUnit.objects.in_scope(access.scope).filter(
        path__in=list(paths.ancestors(paths.parent(unit.path or "")))
    )
    return [
        {"title": one.name, "url": reverse("schools:unit_detail", args=[one.pk])}
        for one in above.in_tree_order()
    ]


def _words_below(unit: OrgUnit, today: date) -> str:
    return ", ".join(
        wording.plural(count, KIND_FORMS[kind]) for kind, count in kinds_below(unit, today=today)
    )


def _places(unit: OrgUnit) -> list[UnitPlace]:
    """Where it stood and how it was called, the latest first."""
    rows = UnitPlace.objects.filter(unit=unit).select_related("parent")
    return sorted(rows, key=lambda row: row.starts_on or date.min, reverse=True)


def _may_move(access: Access, unit: OrgUnit) -> bool:
    """Nobody moves or closes the ground one stands on."""
    return access.can(Permission.UNIT_EDIT) and access.scope.stands_above(unit.path or "")


# --- Changes of the tree ----------------------------------------------------------------------


@requires(Permission.UNIT_EDIT)
def unit_new(request: AccessRequest) -> HttpResponse:
    """A new organisation below one of one's own."""
    access, today = request.access, timezone.localdate()
    parent = _parent(access, request.GET.get("parent", ""))
    form = NewUnitForm(
        _data(request), scope=access.scope, today=today, only=parent, initial={"parent": parent}
    )
    if form.is_valid():
        try:
            unit = services.open_unit(
                parent=form.cleaned_data["parent"],
                card=form.card(),
                by=access.actor,
                now=timezone.now(),
                today=today,
            )
        except RuleBroken as error:
            form.add_error(_known(form, error.field), error.message)
        else:
            messages.success(request, f"Открыта организация: {unit.name}.")
            return redirect("schools:unit_detail", unit.pk)
    context = {"form": form, "parent": parent}
    return render(request, "schools/unit_new.html", context, status=_status(form))


def _parent(access: Access, key: str) -> OrgUnit | None:
    """The organisation whose page led here."""
    if not key:
        return None
    if not key.isdecimal() or len(key) > 18:
        raise Http404
    return _find(access, int(key))


def _known(form: forms.Form, field: str | None) -> str | None:
    return field if field in form.fields else None


def _status(form: forms.Form) -> int:
    return 400 if form.errors else 200


def _deed(
    request: AccessRequest,
    *,
    unit: OrgUnit,
    form: forms.Form,
    page: str,
    deed: Callable[..., None],
    done: str,
    **context: Any,
) -> HttpResponse:
    """One change of one organisation: asks with the consequence in words, then does it."""
    if request.method == "POST" and form.is_valid():
        try:
            deed(unit=unit, by=request.access.actor, now=timezone.now(), **form.cleaned_data)
        except RuleBroken as error:
            form.add_error(_known(form, error.field), error.message)
        else:
            messages.success(request, done)
            return redirect("schools:unit_detail", unit.pk)
    context |= {"unit": unit, "form": form, "below": _words_below(unit, timezone.localdate())}
    return render(request, page, context, status=_status(form))


def _today(deed: Callable[..., None]) -> Callable[..., None]:
    """The service with the day of the edge."""

    def on_this_day(**arguments: Any) -> None:
        deed(today=timezone.localdate(), **arguments)

    return on_this_day


def _data(request: AccessRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _find_below(request: AccessRequest, unit_id: int) -> OrgUnit:
    unit = _find(request.access, unit_id)
    if not request.access.scope.stands_above(unit.path or ""):
        raise PermissionDenied
    return unit


@requires(Permission.UNIT_EDIT)
def unit_rename(request: AccessRequest, unit_id: int) -> HttpResponse:
    """A new name from a day; earlier periods keep the old one."""
    unit = _find(request.access, unit_id)
    initial = {"name": unit.name, "on": timezone.localdate()}
    return _deed(
        request,
        unit=unit,
        form=RenameForm(_data(request), initial=initial),
        page="schools/unit_rename.html",
        deed=_today(services.rename_unit),
        done="Наименование изменено.",
    )


@requires(Permission.UNIT_EDIT)
def unit_move(request: AccessRequest, unit_id: int) -> HttpResponse:
    """Another parent from a day, with all that stands below."""
    unit, today = _find_below(request, unit_id), timezone.localdate()
    form = MoveForm(
        _data(request), unit=unit, scope=request.access.scope, today=today, initial={"on": today}
    )
    return _deed(
        request,
        unit=unit,
        form=form,
        page="schools/unit_move.html",
        deed=_today(services.move_unit),
        done="Организация переведена.",
    )


@requires(Permission.UNIT_EDIT)
def unit_merge(request: AccessRequest, unit_id: int) -> HttpResponse:
    """Joined to another of the same kind from a day."""
    unit, today = _find_below(request, unit_id), timezone.localdate()
    form = MergeForm(
        _data(request), unit=unit, scope=request.access.scope, today=today, initial={"on": today}
    )
    return _deed(
        request,
        unit=unit,
        form=form,
        page="schools/unit_merge.html",
        deed=_today(services.merge_unit),
        done="Организация присоединена.",
        people=Appointment.objects.current(today).filter(unit=unit).count(),
    )


@requires(Permission.UNIT_EDIT)
def unit_close(request: AccessRequest, unit_id: int) -> HttpResponse:
    """Closed from a day; its history stays."""
    unit, today = _find_below(request, unit_id), timezone.localdate()
    return _deed(
        request,
        unit=unit,
        form=CloseForm(_data(request), initial={"on": today}),
        page="schools/unit_close.html",
        deed=_today(services.close_unit),
        done="Организация закрыта.",
        people=Appointment.objects.current(today).filter(unit=unit).count(),
    )


@requires(Permission.UNIT_EDIT)
def unit_reopen(request: AccessRequest, unit_id: int) -> HttpResponse:
    """A mistaken closing taken back."""
    return _deed(
        request,
        unit=_find_below(request, unit_id),
        form=ReopenForm(_data(request)),
        page="schools/unit_reopen.html",
        deed=_today(services.reopen_unit),
        done="Организация снова работает.",
    )
