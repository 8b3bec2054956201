"""The list of roadmaps, and one roadmap as a tree, by organisations, by their kinds, as a year."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from plans.access import executes
from plans.filters import TreeFilter
from plans.models import Assignment, Due, Roadmap
from plans.summaries import Totals, totals_by
from plans.summaries.places import Place, children, places_on, sorted_children
from plans.summaries.tree import Block, blocks_of, kept, tasks_of
from plans.summaries.year import dateless_of, marks_of, months_of, span_of, year_blocks
from profmin.accounts.roles import Permission
from profmin.lib.periods import AcademicYear
from profmin.lib.wording import plural
from schools.access import Access, AccessRequest, requires
from schools.choices import UnitKind

VIEWS = {
    "tree": "Мероприятия",
    "units": "По организациям",
    "kinds": "По видам",
    "year": "Год",
}
_FOR_ALL = ("tree", "year")
_LONGEST_KEY = 12  # digits of a primary key in an address


@require_safe
@requires(Permission.ROADMAP_VIEW)
def roadmap_list(request: AccessRequest) -> HttpResponse:
    """Roadmaps that are mine or reach me, newest year first."""
    access, today = request.access, timezone.localdate()
    roadmaps = list(
        Roadmap.objects.in_scope(access.scope)
        .select_related("unit")
        .order_by("-year", "path", "-period_start", "pk")
    )
    counted = totals_by(
        Assignment.objects.in_scope(access.scope).filter(roadmap__in=roadmaps),
        "roadmap_id",
        today=today,
    )
    years: dict[int, list[tuple[Roadmap, Totals]]] = {}
    for roadmap in roadmaps:
        years.setdefault(roadmap.year, []).append((roadmap, counted.get(roadmap.pk, Totals())))
    context = {
        "years": [(AcademicYear(year), rows) for year, rows in years.items()],
        "today": today,
        "action": _load(access),
    }
    return render(request, "plans/roadmap_list.html", context)


def _load(access: Access) -> dict[str, str] | None:
    if not access.can(Permission.ROADMAP_PUBLISH):
        return None
    return {"title": "Загрузить документ", "url": reverse("plans:import_list")}


@require_safe
@requires(Permission.ROADMAP_VIEW)
def roadmap_detail(request: AccessRequest, roadmap_id: int) -> HttpResponse:
    """One roadmap; `?view=` chooses how it is seen, the filters hold in every view."""
    access, today = request.access, timezone.localdate()
    roadmap = get_object_or_404(
        Roadmap.objects.in_scope(access.scope).select_related("unit"), pk=roadmap_id
    )
    is_executor = executes(access)
    view = _view(request, is_executor=is_executor)
    tasks = tasks_of(roadmap, access.scope, access.unit_id, today=today, with_below=is_executor)
    kind = request.GET.get("kind", "")
    whole = blocks_of(
        roadmap,
        access.scope,
        tasks,
        today=today,
        unit_kind=kind if kind in UnitKind.values else "",
    )
    form = TreeFilter(request.GET, sections=_sections(whole), with_kinds=not is_executor)
    chosen = form.chosen(whole, today=today)
    blocks = kept(whole, chosen) if form.is_on else whole
    tabs = _tabs(request, roadmap, view, is_executor=is_executor)
    reset = next(tab["bare_url"] for tab in tabs if tab["current"])
    context = {
        "roadmap": roadmap,
        "today": today,
        "seen_on": roadmap.seen_on(today),
        "is_over": roadmap.period_end < today,
        "is_executor": is_executor,
        "own_totals": sum((block.totals for block in whole), Totals()),
        "shown_totals": sum((block.totals for block in blocks), Totals()),
        "blocks": blocks,
        "form": form,
        "view": view,
        "view_title": VIEWS[view],
        "tabs": tabs,
        "crumbs": [{"title": "Дорожные карты", "url": reverse("plans:roadmap_list")}],
        "found": plural(len(chosen), "мероприятие,мероприятия,мероприятий"),
        "reset_url": reset,
        "reset": {"title": "Сбросить отбор", "url": reset},
        **_more(request, roadmap, view, blocks, chosen),
    }
    status = 200 if form.is_valid() else 400
    return render(request, "plans/roadmap_detail.html", context, status=status)


def _view(request: AccessRequest, *, is_executor: bool) -> str:
    view = request.GET.get("view", "tree")
    return view if view in (_FOR_ALL if is_executor else VIEWS) else "tree"


def _tabs(
    request: AccessRequest, roadmap: Roadmap, view: str, *, is_executor: bool
) -> list[dict[str, Any]]:
    """The filters stay when the view changes; the place among organisations does not."""
    tabs = []
    for code, title in VIEWS.items():
        if is_executor and code not in _FOR_ALL:
            continue
        query = request.GET.copy()
        for name in ("view", "sort", "under"):
            query.pop(name, None)
        if code != "tree":
            query["view"] = code
        address = reverse("plans:roadmap_detail", args=[roadmap.pk])
        tabs.append(
            {
                "title": title,
                "url": f"{address}?{query.urlencode()}" if query else address,
                "bare_url": address if code == "tree" else f"{address}?view={code}",
                "current": code == view,
            }
        )
    return tabs


def _sections(blocks: list[Block]) -> list[tuple[str, str]]:
    """Choices of the filter; rows before the first heading are section 0."""
    return [
        (str(block.section.pk), f"{block.section.number} {block.section.title}".strip())
        if block.section
        else ("0", "без раздела")
        for block in blocks
    ]


def _more(
    request: AccessRequest, roadmap: Roadmap, view: str, blocks: list[Block], chosen: set[int]
) -> dict[str, Any]:
    """What the chosen view needs beyond the tree."""
    if view == "year":
        return _year(request, roadmap, blocks)
    if view in ("units", "kinds"):
        counted = Assignment.objects.in_scope(request.access.scope).filter(
            roadmap=roadmap, item__in=chosen
        )
        kind = request.GET.get("kind", "")
        if kind in UnitKind.values:
            counted = counted.filter(unit__kind=kind)
        return _by_unit(request, roadmap, counted) if view == "units" else _by_kind(counted)
    return {}


def _year(request: AccessRequest, roadmap: Roadmap, blocks: list[Block]) -> dict[str, Any]:
    today = timezone.localdate()
    dues = Due.objects.in_scope(request.access.scope).filter(assignment__roadmap=roadmap)
    kind = request.GET.get("kind", "")
    if kind in UnitKind.values:
        dues = dues.filter(assignment__unit__kind=kind)
    span = span_of(roadmap, blocks)
    drawn = year_blocks(blocks, marks_of(dues, today=today))
    return {
        "span": span,
        "year_blocks": drawn,
        "months": months_of(span, drawn),
        "dateless": dateless_of(drawn),
    }


def _by_unit(
    request: AccessRequest, roadmap: Roadmap, counted: QuerySet[Assignment]
) -> dict[str, Any]:
    """Children of the viewer's unit, or of one of them (`?under=`)."""
    today = timezone.localdate()
    seen_on = roadmap.seen_on(today)
    under = _under(request, roadmap)
    tops = (under.path,) if under else request.access.scope.places
    rows = children(counted, tops, today=today, seen_on=seen_on)
    return {
        "children": sorted_children(rows, request.GET.get("sort", "")),
        "children_totals": sum((row.totals for row in rows), Totals()),
        "under": under,
    }


def _under(request: AccessRequest, roadmap: Roadmap) -> Place | None:
    """The unit whose children are asked for, where it stood in the time of the roadmap."""
    text = request.GET.get("under", "")
    if not text:
        return None
    key = int(text) if text.isdecimal() and len(text) <= _LONGEST_KEY else 0
    place = places_on([key], roadmap.seen_on(timezone.localdate())).get(key)
    if place is None or not request.access.scope.covers(place.path):
        raise Http404
    return place


def _by_kind(counted: QuerySet[Assignment]) -> dict[str, Any]:
    found = totals_by(counted, "unit__kind", today=timezone.localdate())
    rows = [(kind.label, kind.value, found[kind]) for kind in UnitKind if kind in found]
    return {
        "kinds": rows,
        "kinds_totals": sum((row[2] for row in rows), Totals()),
    }
