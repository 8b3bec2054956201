"""Each role's home: what waits for me, by date, and how it stands below me."""

from datetime import date
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from plans.choices import OPEN_STATES, DueState
from plans.models import Assignment, Due, Roadmap, RoadmapImport
from plans.models.assignments import AssignmentQuerySet
from plans.summaries import Totals, totals, totals_by, totals_by_child
from profmin.accounts.models import User
from profmin.accounts.roles import Permission, Role
from profmin.lib import paths, wording
from schools.access import Access, AccessRequest, request_access, requires
from schools.choices import KIND_FORMS, UnitKind
from schools.models import Appointment, OrgUnit
from schools.summaries import without_responsible

SHOWN = 10  # tasks on the workbench; the rest is one click away
ASIDE = 5  # rows of a list at the side

_OWN = frozenset({Role.SCHOOL, Role.ASSISTANT, Role.PARTNER})


def home(request: HttpRequest) -> HttpResponse:
    """The workbench of the role; a person without any role in force is told what to do."""
    if request_access(request) is None:
        return render(request, "home_without_role.html", {})
    return _home(request)  # type: ignore[return-value]


@requires(Permission.UNIT_VIEW)
def _home(request: AccessRequest) -> HttpResponse:
    access, today = request.access, timezone.localdate()
    if access.role == Role.ADMINISTRATOR:
        return render(request, "home_administrator.html", _installation(access, today))
    if access.role in _OWN:
        return render(request, "home_own.html", _own(access, today))
    return render(request, "home_leading.html", _own(access, today) | _leading(access, today))


def _own(access: Access, today: date) -> dict[str, Any]:
    """What the person's own unit has to do. A school's branches are on its page."""
    roadmaps = Roadmap.objects.running(today)
    running = Assignment.objects.in_scope(access.scope).filter(
        _mine(access, "unit_id"), roadmap__in=roadmaps
    )
    dues = (
        Due.objects.in_scope(access.scope)
        .filter(
            _next_open(),
            _mine(access, "assignment__unit_id"),
            assignment__roadmap__in=roadmaps,
            state__in=OPEN_STATES,
        )
        .select_related("assignment__item", "assignment__roadmap__unit", "assignment__unit")
        .in_order()
    )
    own = totals(running, today=today)
    may_write = access.can(Permission.ASSIGNMENT_SAVE)
    return {
        "today": today,
        "unit": access.appointment.unit,
        "tasks": [task(due, access, today) for due in dues[:SHOWN]] if may_write else [],
        "open_count": dues.count(),
        "own": own,
        "own_bar": bar(own),
        "dates": _dates(dues.filter(due_on__gte=today)[:5]),
    }


def _next_open() -> Q:
    """Of each assignment the nearest open due: a recurring item is one line, not ten."""
    nearest = Q(due_on=F("assignment__open_due_on"))
    return nearest | Q(due_on=None, assignment__open_due_on=None)


def task(due: Due, access: Access, today: date) -> dict[str, Any]:
    """One line of «Сейчас важно»."""
    item, unit = due.assignment.item, due.assignment.unit
    is_own = unit.pk == access.unit_id
    number = f"п. {item.number} · " if item.number else ""
    return {
        "state": _task_state(due, today),
        "when": _task_when(due, today),
        "title": item.title,
        "url": reverse("plans:assignment_detail", args=[due.assignment_id]),
        "note": due.reason
        or f"{number}{due.assignment.roadmap.unit.name if is_own else unit.name}",
        "action": _task_action(due, access),
    }


def _task_state(due: Due, today: date) -> str:
    if due.state == DueState.RETURNED:
        return "returned"
    if due.due_on is None:
        return due.state
    return "late" if due.due_on < today else "waiting"


def _task_when(due: Due, today: date) -> str:
    if due.state == DueState.RETURNED:
        return "вернули"
    if due.due_on is None:
        return "без даты"
    return wording.days_to(due.due_on, today)


def _task_action(due: Due, access: Access) -> str:
    if due.state == DueState.RETURNED:
        return "Исправить"
    return "Отчитаться" if access.can(Permission.ASSIGNMENT_REPORT) else "Заполнить"


def _dates(dues: QuerySet[Due]) -> list[dict[str, Any]]:
    return [
        {
            "on": due.due_on,
            "title": due.assignment.item.title,
            "url": reverse("plans:assignment_detail", args=[due.assignment_id]),
        }
        for due in dues
    ]


def bar(counted: Totals) -> dict[str, int]:
    """Totals as the parts of a stacked bar, which add up to N."""
    return {
        "done": counted.done,
        "in_progress": counted.in_progress,
        "late": counted.late,
        "not_started": counted.not_started,
    }


def _mine(access: Access, unit: str) -> Q:
    """Of what is in scope the tasks the person answers for: a school also for its branches.
    `unit` is the column of the unit's key."""
    answers_below = access.role in (Role.SCHOOL, Role.ASSISTANT)
    return Q() if answers_below else Q(**{unit: access.unit_id})


def _shown_roadmaps(access: Access, today: date) -> QuerySet[Roadmap]:
    """Roadmaps still running; those that are over stand on their own page."""
    return Roadmap.objects.in_scope(access.scope).running(today)


def _leading(access: Access, today: date) -> dict[str, Any]:
    """How the subtree stands: per roadmap, per child, who is late, what waits for the mark."""
    roadmaps = list(
        _shown_roadmaps(access, today).select_related("unit").order_by("-year", "path", "pk")
    )
    below = Assignment.objects.in_scope(access.scope).filter(roadmap__in=roadmaps)
    by_roadmap = totals_by(below, "roadmap_id", today=today)
    all_below = totals(below, today=today)
    return {
        "roadmaps": [
            {"roadmap": row, "totals": found, "bar": bar(found)}
            for row in roadmaps
            for found in [by_roadmap.get(row.pk, Totals())]
        ],
        "below": all_below,
        "below_bar": bar(all_below),
        "children": _children(below, access.scope.places, today),
        "late_units": _late_units(access, below, today),
        "waiting_marks": _waiting_marks(access, today),
        "unmanned": _unmanned(access, today)[:ASIDE],
        "unmanned_count": _unmanned(access, today).count(),
        "imports": _imports(access),
        "action": _load_action() if access.can(Permission.ROADMAP_PUBLISH) else None,
        "may_confirm": access.can(Permission.ASSIGNMENT_CONFIRM),
        "may_publish": access.can(Permission.ROADMAP_PUBLISH),
        "may_appoint": access.can(Permission.PERSON_APPOINT),
    }


def _load_action() -> dict[str, str]:
    return {"title": "Загрузить дорожную карту", "url": reverse("plans:import_new")}


def _children(
    below: AssignmentQuerySet, tops: tuple[str, ...], today: date
) -> list[dict[str, Any]]:
    """Totals of each subtree below the viewer's unit; `tops`: every path at which it stood."""
    found: dict[int, Totals] = {}
    for top in tops:
        for path, counted in totals_by_child(below, top, today=today).items():
            key = paths.node(path)
            found[key] = found.get(key, Totals()) + counted
    root = tops[0]
    still_here = OrgUnit.objects.filter(paths.under("path", root), pk__in=found.keys())
    rows = [
        {"unit": unit, "totals": found[unit.pk], "is_root": unit.path == root}
        for unit in still_here.by_name()
    ]
    return sorted(rows, key=lambda row: (row["is_root"], -row["totals"].late))


def _late_units(access: Access, below: AssignmentQuerySet, today: date) -> list[Any]:
    """Units with the most late assignments; own ones stand in the own list."""
    return list(
        below.overdue(today)
        .exclude(unit_id=access.unit_id)
        .order_by()
        .values("unit_id", "unit__name", "unit__parent__name")
        .annotate(late=Count("pk"), since=Min("open_due_on"))
        .order_by("-late", "since", "unit__name")[:ASIDE]
    )


def _waiting_marks(access: Access, today: date) -> list[Due]:
    """Done below and not yet confirmed, oldest report first."""
    if not access.can(Permission.ASSIGNMENT_CONFIRM):
        return []
    return list(
        Due.objects.in_scope(access.scope)
        .unconfirmed()
        .filter(
            assignment__roadmap__in=Roadmap.objects.running(today),
            assignment__unit__parent_id=access.unit_id,
        )
        .select_related("assignment__item", "assignment__unit")
        .order_by(F("reported_at").asc(nulls_first=True), "pk")[:ASIDE]
    )


def _unmanned(access: Access, today: date) -> QuerySet[OrgUnit]:
    """Units below without a responsible person in force."""
    working = OrgUnit.objects.in_scope(access.scope).working(today)
    return without_responsible(working, today=today).order_by("path")


def _imports(access: Access) -> list[RoadmapImport]:
    if not access.can(Permission.ROADMAP_PUBLISH):
        return []
    own = RoadmapImport.objects.of_unit(access.unit_id)
    return list(own.unfinished().order_by("-changed_at")[:3])


def _installation(access: Access, today: date) -> dict[str, Any]:
    """The administrator's: units and people, and what is missing."""
    units = OrgUnit.objects.in_scope(access.scope).working(today)
    people = User.objects.filter(
        pk__in=Appointment.objects.in_scope(access.scope).current(today).values("user_id")
    )
    counted = {
        row["kind"]: row["n"] for row in units.order_by().values("kind").annotate(n=Count("pk"))
    }
    return {
        "action": {"title": "Загрузить реестр", "url": reverse("schools:register_import")},
        "unit": access.appointment.unit,
        "kinds": [
            (wording.plural_form(counted[kind], KIND_FORMS[kind]), counted[kind])
            for kind in UnitKind
            if kind in counted
        ],
        "people_count": people.count(),
        "not_signed_in": Appointment.objects.in_scope(access.scope)
        .exclude(ends_on__lt=today)
        .invited()
        .select_related("user", "invitation", "unit")
        .order_by("stated_name", "pk")[:SHOWN],
        "unmanned_count": _unmanned(access, today).count(),
        "unmanned": _unmanned(access, today)[:SHOWN],
    }
