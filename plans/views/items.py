"""One item: as written, as read, and who has carried it out."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.views.decorators.http import require_POST, require_safe

from plans.access import executes, may_publish
from plans.filters import DoerFilter
from plans.forms.reports import ItemDueForm
from plans.models import Assignment, RoadmapItem
from plans.services.schedule import DATELESS, outside_words, reach_of, set_due_date
from plans.summaries import totals
from plans.summaries.doers import doers_of, in_order_of, lines, places_above, with_dues
from plans.summaries.tree import spans_of
from profmin.accounts.roles import Permission
from profmin.lib.errors import RuleBroken
from schools.access import AccessRequest, requires
from schools.scope import Scope

PAGE = 100
_SHOWN_DATES = 12
_WEB = ("http://", "https://")


@require_safe
@requires(Permission.ROADMAP_VIEW)
def item_detail(request: AccessRequest, item_id: int) -> HttpResponse:
    """The card of an item and the list of its tasks in scope."""
    item = _item(request, item_id)
    return render(request, "plans/item_detail.html", _context(request, item, _due_form(item)))


@require_POST
@requires(Permission.ROADMAP_PUBLISH)
def item_set_due(request: AccessRequest, item_id: int) -> HttpResponse:
    """The issuer sets the date of an item whose document names none."""
    item = _item(request, item_id)
    if not may_publish(request.access, item.roadmap):
        raise PermissionDenied
    form = ItemDueForm(request.POST, label_suffix="")
    if form.is_valid():
        try:
            set_due_date(
                item=item,
                due_on=form.cleaned_data["due_on"],
                by=request.access.actor,
                now=timezone.now(),
            )
        except RuleBroken as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, "Срок назначен. Он виден всем исполнителям мероприятия.")
            warning = _outside(item, form.cleaned_data["due_on"])
            if warning:
                messages.warning(request, warning)
            return redirect("plans:item_detail", item_id=item.pk)
    return render(request, "plans/item_detail.html", _context(request, item, form), status=400)


def _outside(item: RoadmapItem, *days: date) -> str:
    """What is said of days that lie outside the plan; nothing where all lie inside."""
    return outside_words(reach_of(item.roadmap), days)


def _item(request: AccessRequest, item_id: int) -> RoadmapItem:
    items = RoadmapItem.objects.in_scope(request.access.scope).duties()
    return get_object_or_404(
        items.select_related("roadmap", "section").prefetch_related("parties"), pk=item_id
    )


def _due_form(item: RoadmapItem) -> ItemDueForm:
    spans = spans_of(item)
    return ItemDueForm(initial={"due_on": spans[0][1] if spans else None}, label_suffix="")


def _context(request: AccessRequest, item: RoadmapItem, due_form: ItemDueForm) -> dict[str, Any]:
    access, today = request.access, timezone.localdate()
    roadmap = item.roadmap
    seen_on = roadmap.seen_on(today)
    bound = Assignment.objects.in_scope(access.scope).filter(item=item)
    rows = doers_of(bound, today=today, seen_on=seen_on)
    form = DoerFilter(request.GET, above=places_above(bound, seen_on))
    found = in_order_of(form.apply(rows), request.GET.get("sort", ""))
    counted = totals(bound, today=today)
    page = Paginator(with_dues(found), PAGE).get_page(request.GET.get("page"))
    previous, following = _neighbours(item, access.scope)
    return {
        "item": item,
        "roadmap": roadmap,
        "today": today,
        "seen_on": seen_on,
        "is_executor": executes(access),
        "spans": spans_of(item),
        "outside": _outside(item, *(end for _, end in spans_of(item))),
        "more_dates": len(spans_of(item)) - _SHOWN_DATES,
        "chips": [
            {"title": party.name, "note": party.get_kind_display()}
            for party in sorted(item.parties.all(), key=lambda party: party.position)
        ],
        "links": [{"text": link, "is_web": link.startswith(_WEB)} for link in item.links],
        "item_url": reverse("plans:item_detail", args=[item.pk]),
        "totals": counted,
        "shows_filter": counted.bound + counted.not_applicable > 1,
        "own": _own(rows, access.unit_id),
        "form": form,
        "page": page,
        "doers": lines(page.object_list, seen_on),
        "previous": previous,
        "following": following,
        "due_form": due_form,
        "may_set_due": may_publish(access, roadmap) and item.deadline_kind in DATELESS,
        "crumbs": [
            {"title": "Дорожные карты", "url": reverse("plans:roadmap_list")},
            {
                "title": Truncator(roadmap.title).chars(70),
                "url": reverse("plans:roadmap_detail", args=[roadmap.pk]),
            },
        ],
    }


def _own(rows: QuerySet[Assignment], unit_id: int) -> Assignment | None:
    return rows.filter(unit_id=unit_id).first()


def _neighbours(item: RoadmapItem, scope: Scope) -> tuple[RoadmapItem | None, RoadmapItem | None]:
    items = RoadmapItem.objects.in_scope(scope).duties().filter(roadmap_id=item.roadmap_id)
    previous = items.filter(position__lt=item.position).order_by("-position").first()
    following = items.filter(position__gt=item.position).order_by("position").first()
    return previous, following
