"""The task of one unit with its dues, and all tasks of a unit."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from plans.access import may_confirm, may_report, may_save, reports_for
from plans.choices import OPEN_STATES, DueState
from plans.forms.reports import DeedForm, ProofForm, ReasonForm, ReportForm
from plans.models import Assignment, Due, Proof
from plans.summaries import Totals
from plans.summaries.places import places_on
from plans.summaries.plan import plan_of, years_of
from profmin.accounts.models import User
from profmin.accounts.roles import Permission, Role
from profmin.lib.htmx import render_page
from profmin.lib.periods import AcademicYear
from schools.access import Access, AccessRequest, requires
from schools.models import Appointment, OrgUnit


@dataclass(frozen=True)
class Rights:
    """What the viewer may do with one assignment."""

    save: bool
    report: bool
    confirm: bool
    stands_in: bool

    @classmethod
    def of(cls, access: Access, assignment: Assignment, *, today: date) -> "Rights":
        """Found once a page."""
        stands_in = reports_for(access, assignment, today=today)
        save = stands_in or may_save(access, assignment, today=today)
        return cls(
            save=save and access.can(Permission.ASSIGNMENT_SAVE),
            report=save and may_report(access, assignment, today=today),
            confirm=may_confirm(access, assignment),
            stands_in=stands_in,
        )


@dataclass(frozen=True)
class DueCard:
    """One due with the forms for it; forms in force replace the fresh ones after a refusal."""

    due: Due
    state: str
    is_open: bool
    is_first_open: bool
    forms: dict[str, BaseForm]

    @property
    def is_touched(self) -> bool:
        """Whether a form of it was refused: then it stands open."""
        return any(form.is_bound for form in self.forms.values())


def state_of(due: Due, today: date) -> str:
    """The code of the mark of a due on a day."""
    if due.state in OPEN_STATES:
        return "late" if due.due_on and due.due_on < today else due.state
    if due.state == DueState.DONE and due.confirmed_at:
        return "confirmed"
    return due.state


def due_card(
    due: Due, *, today: date, is_first_open: bool = True, bound: dict[str, BaseForm] | None = None
) -> DueCard:
    """The card of a due; `bound` holds a refused form by its name."""
    version = {"version": due.version}
    report = version | {"comment": due.comment, "done_on": today}
    return DueCard(
        due=due,
        state=state_of(due, today),
        is_open=due.state in OPEN_STATES,
        is_first_open=is_first_open,
        forms={
            "report": ReportForm(due.pk, initial=report),
            "proof": ProofForm(due.pk, initial=version),
            "refusal": ReasonForm(due.pk, mark="refusal", initial=version),
            "returning": ReasonForm(due.pk, mark="returning", initial=version),
            "deed": DeedForm(due.pk, initial=version),
            **(bound or {}),
        },
    )


def assignments_with_dues(access: Access) -> Any:
    """What an assignment's page needs, in scope."""
    dues = (
        Due.objects.in_order()
        .select_related("reported_by", "prepared_by", "confirmed_by")
        .prefetch_related(
            Prefetch("proofs", Proof.objects.select_related("file", "added_by").order_by("pk"))
        )
    )
    return (
        Assignment.objects.in_scope(access.scope)
        .select_related("item__section", "roadmap", "unit")
        .prefetch_related(Prefetch("dues", dues), "item__parties")
    )


@require_safe
@requires(Permission.ASSIGNMENT_VIEW)
def assignment_detail(request: AccessRequest, assignment_id: int) -> HttpResponse:
    """The task of one unit: report, confirm, return."""
    assignment = get_object_or_404(assignments_with_dues(request.access), pk=assignment_id)
    context = assignment_context(request, assignment)
    return render(request, "plans/assignment_detail.html", context)


def assignment_context(
    request: AccessRequest,
    assignment: Assignment,
    *,
    changed: int | None = None,
    bound: dict[str, BaseForm] | None = None,
) -> dict[str, Any]:
    """Context of the page; `bound` is the refused form of the due `changed`."""
    access, today = request.access, timezone.localdate()
    roadmap = assignment.roadmap
    name = unit_name(assignment, today)
    cards = _cards(list(assignment.dues.all()), today, changed, bound)
    return {
        "assignment": assignment,
        "unit_name": name,
        "item": assignment.item,
        "roadmap": roadmap,
        "today": today,
        "is_over": roadmap.period_end < today,
        "cards": cards,
        "standing": _standing(assignment, today),
        "rights": Rights.of(access, assignment, today=today),
        "is_own": assignment.unit_id == access.unit_id,
        "told": _told(assignment, today),
        "crumbs": [
            {"title": "Дорожные карты", "url": reverse("plans:roadmap_list")},
            {
                "title": Truncator(roadmap.title).chars(70),
                "url": reverse("plans:roadmap_detail", args=[roadmap.pk]),
            },
            {
                "title": f"Мероприятие {assignment.item.number}".strip(),
                "url": reverse("plans:item_detail", args=[assignment.item_id]),
            },
        ],
    }


def _cards(
    dues: list[Due], today: date, changed: int | None, bound: dict[str, BaseForm] | None
) -> list[DueCard]:
    first = next((due.pk for due in dues if due.state in OPEN_STATES), None)
    return [
        due_card(
            due,
            today=today,
            is_first_open=due.pk == first or len(dues) == 1,
            bound=bound if due.pk == changed else None,
        )
        for due in dues
    ]


def _standing(assignment: Assignment, today: date) -> str:
    if assignment.open_due_on and assignment.open_due_on < today:
        return "late"
    return "confirmed" if assignment.is_confirmed else assignment.state


def unit_name(assignment: Assignment, today: date) -> str:
    """The unit as it was called in the time of the roadmap."""
    place = places_on([assignment.unit_id], assignment.roadmap.seen_on(today))
    found = place.get(assignment.unit_id)
    return found.name if found else assignment.unit.name


def _told(assignment: Assignment, today: date) -> list[User]:
    """Who reads a reason for returning: those responsible at the unit today."""
    held = (
        Appointment.objects.current(today)
        .accepted()
        .filter(unit_id=assignment.unit_id, user__is_active=True)
        .exclude(role__in=[Role.OBSERVER, Role.ADMINISTRATOR])
        .select_related("user")
        .order_by("pk")
    )
    return list({row.user_id: row.user for row in held}.values())


@require_safe
@requires(Permission.ASSIGNMENT_VIEW)
def unit_plan(request: AccessRequest, unit_id: int) -> HttpResponse:
    """All tasks of a unit in a year, by roadmap and section; a part for the unit's own page."""
    access, today = request.access, timezone.localdate()
    unit = _unit(access, unit_id)
    years = years_of(unit, access.scope)
    year = _year(request.GET.get("year", ""), years, today)
    plans = plan_of(unit, access.scope, year, today=today)
    context = {
        "unit": unit,
        "unit_name": _name_in(unit, AcademicYear(year), today),
        "year": AcademicYear(year),
        "years": [AcademicYear(first) for first in years],
        "plans": plans,
        "totals": sum((plan.totals for plan in plans), Totals()),
        "today": today,
        "is_own": unit.pk == access.unit_id,
        "crumbs": [{"title": "Дорожные карты", "url": reverse("plans:roadmap_list")}],
    }
    return render_page(request, "plans/unit_plan.html", context, part="plans/_unit_plan.html")


def _unit(access: Access, unit_id: int) -> OrgUnit:
    """A unit of mine, or one that stood here and whose past tasks stayed."""
    tasks = Assignment.objects.in_scope(access.scope).filter(unit_id=unit_id)
    mine = OrgUnit.objects.in_scope(access.scope)
    units = OrgUnit.objects.filter(Q(pk__in=mine.values("pk")) | Q(pk__in=tasks.values("unit_id")))
    return get_object_or_404(units, pk=unit_id)


def _year(text: str, years: list[int], today: date) -> int:
    """The asked year if there is one, else this year, else the newest with tasks."""
    for year in years:
        if str(year) == text:
            return year
    current = AcademicYear.of(today).first
    return current if current in years or not years else years[0]


def _name_in(unit: OrgUnit, year: AcademicYear, today: date) -> str:
    place = places_on([unit.pk], min(today, year.end)).get(unit.pk)
    return place.name if place else unit.name
