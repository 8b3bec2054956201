"""Loading a school register: the file, what it would do, the confirmation."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from profmin.accounts.roles import Permission
from profmin.lib import wording
from profmin.lib.errors import RuleBroken
from profmin.lib.spreadsheets import TableRow, workbook
from schools.access import AccessRequest, requires
from schools.choices import FilePurpose, FounderKind, UnitKind
from schools.forms.register import RegisterConfirmForm, RegisterFileForm, possible_roots
from schools.models import OrgUnit, StoredFile
from schools.register_draft import HEADINGS
from schools.services.files import file_path
from schools.services.register import (
    RegisterReview,
    import_register,
    keep_register,
    read_register,
    review_register,
)

PAGE = 100
_UNITS = "организацию,организации,организаций"
_NEW_UNITS = "организация,организации,организаций"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXAMPLE = [
    ["М01", "Город Заречный", "", "муниципалитет", "", "", ""],
    ["001", "МБОУ СОШ № 1", "М01", "СОШ", "", "муниципальная", "01.09.1998"],
    ["001-1", "Филиал МБОУ СОШ № 1 в селе Ольховка", "М01", "филиал", "001", "", ""],
    ["002", "ГБОУ «Областной лицей»", "", "лицей", "", "государственная", ""],
    ["К01", "Политехнический колледж", "", "колледж", "", "", ""],
]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.UNIT_EDIT)
def register_import(request: AccessRequest) -> HttpResponse:
    """Choose the file; nothing is written to the tree yet."""
    access, today = request.access, timezone.localdate()
    roots = possible_roots(unit=access.appointment.unit, today=today)
    form = RegisterFileForm(request.POST or None, request.FILES or None, roots=roots, today=today)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            stored = keep_register(
                root=data["unit"], upload=data["file"], by=access.actor, now=timezone.now()
            )
        except RuleBroken as error:
            form.add_error(error.field, error.message)
        else:
            return redirect(_review_address(stored.pk, data["on"]))
    context = {"form": form, "headings": HEADINGS}
    status = 400 if form.errors else 200
    return render(request, "schools/register_import.html", context, status=status)


def _review_address(file_id: int, on: date) -> str:
    query = urlencode({"on": on.isoformat()})
    return f"{reverse('schools:register_review', args=[file_id])}?{query}"


@require_safe
@requires(Permission.UNIT_EDIT)
def register_template(request: AccessRequest) -> HttpResponse:
    """A workbook with the headings and a few rows as an example."""
    content = workbook(title="Реестр", headings=list(HEADINGS), rows=_EXAMPLE)
    name = content_disposition_header(as_attachment=True, filename="Реестр организаций.xlsx")
    return HttpResponse(
        content, content_type=_XLSX, headers={"Content-Disposition": name or "attachment"}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.UNIT_EDIT)
def register_review(request: AccessRequest, file_id: int) -> HttpResponse:
    """What the file would do: created, changed, errors; then the confirmation."""
    access, today = request.access, timezone.localdate()
    files = StoredFile.objects.filter(
        purpose=FilePurpose.REGISTER, unit__in=OrgUnit.objects.in_scope(access.scope)
    )
    stored = get_object_or_404(files.select_related("unit__parent"), pk=file_id)
    root = stored.unit
    on = min(parse_day(request.POST.get("on") or request.GET.get("on")) or today, today)
    rows = read_register(file_path(stored))
    refusal = ""
    if request.method == "POST":
        try:
            done = _import_seen(request, rows, root, on)
        except RuleBroken as error:
            refusal = error.message
        else:
            messages.success(request, _done_words(done))
            return redirect("schools:unit_list")
    review = review_register(rows=rows, root=root, on=on)
    lists = _lists(review)
    shown = _shown(lists, request.GET.get("show"))
    context = {
        "stored": stored,
        "root": root,
        "on": on,
        "review": review,
        "refusals": [{"text": refusal}] if refusal else [],
        "subtitle": f"{root.name} · {stored.name}",
        "deed": _deed_words(review),
        "tabs": [_tab(one, shown, on) for one in lists if one.rows],
        "shown": shown,
        "page": Paginator(shown.rows, PAGE).get_page(request.GET.get("page")),
        "confirm": RegisterConfirmForm(initial={"seen": review.mark, "on": on.isoformat()}),
        "form_id": "confirm" if review.does_something else "",
    }
    status = 400 if refusal else 200
    return render(request, "schools/register_review.html", context, status=status)


def _import_seen(
    request: AccessRequest, rows: list[TableRow], root: OrgUnit, on: date
) -> RegisterReview:
    """Loads what the person saw; without a word of what was seen, nothing."""
    confirmed = RegisterConfirmForm(request.POST)
    if not confirmed.is_valid():
        raise RuleBroken("Проверьте ещё раз, что будет загружено.")
    return import_register(
        rows=rows,
        root=root,
        on=on,
        by=request.access.actor,
        now=timezone.now(),
        today=timezone.localdate(),
        seen=confirmed.cleaned_data["seen"],
    )


def parse_day(text: str | None) -> date | None:
    """A day of the address; nonsense is no day."""
    try:
        return parse_date(text or "")
    except ValueError:
        return None


@dataclass(frozen=True)
class _List:
    """One of the lists of the page."""

    key: str
    title: str
    rows: list[Any]


def _lists(review: RegisterReview) -> list[_List]:
    plan = review.plan
    return [
        _List("errors", "Исправьте в файле", list(review.errors)),
        _List("changed", "Изменятся", list(plan.changed)),
        _List("created", "Появятся", [_created(row, review) for row in plan.created]),
        _List("missing", "Нет в файле", [_missing(unit) for unit in plan.missing]),
    ]


def _created(row: Any, review: RegisterReview) -> dict[str, Any]:
    founder = FounderKind(row.founder).label if row.founder else ""
    return {
        "row": row.row,
        "code": row.code,
        "name": row.name,
        "kind": row.variety or UnitKind(row.kind).label,
        "parent": review.names.get(row.parent_code, ""),
        "founder": founder,
        "opened_on": row.opened_on,
    }


def _missing(unit: Any) -> dict[str, Any]:
    return {"code": unit.code, "name": unit.name, "kind": UnitKind(unit.kind).label}


def _shown(lists: list[_List], wanted: str | None) -> _List:
    """The list asked for, else the first with rows."""
    filled = [one for one in lists if one.rows]
    return next(
        (one for one in filled if one.key == wanted),
        filled[0] if filled else _List("nothing", "", []),
    )


def _tab(one: _List, shown: _List, on: date) -> dict[str, Any]:
    query = urlencode({"on": on.isoformat(), "show": one.key})
    return {
        "title": one.title,
        "url": f"?{query}",
        "current": one == shown,
        "count": len(one.rows),
    }


def _deed_words(review: RegisterReview) -> str:
    """«Создать 12 организаций, изменить 3» on the button."""
    plan = review.plan
    parts = []
    if plan.created:
        parts.append(f"создать {wording.plural(len(plan.created), _UNITS)}")
    if plan.changed:
        parts.append(f"изменить {wording.plural(len(plan.changed), _UNITS)}")
    words = ", ".join(parts)
    return words[:1].upper() + words[1:]


def _done_words(review: RegisterReview) -> str:
    created = wording.plural(len(review.plan.created), _NEW_UNITS)
    changed = wording.plural(len(review.plan.changed), _NEW_UNITS)
    return f"Реестр загружен. Новых: {created}, изменено: {changed}."
