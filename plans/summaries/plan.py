"""What one unit has to do and has done: its assignments by roadmap and section."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from plans.models import Assignment, Due, Roadmap, RoadmapSection
from plans.summaries.doers import Doer
from plans.summaries.totals import Totals, totals_by
from schools.models import OrgUnit
from schools.scope import Scope


@dataclass(frozen=True)
class PlanPart:
    """The tasks of one section of a roadmap."""

    section: RoadmapSection | None
    tasks: list[Doer]


@dataclass(frozen=True)
class PlanOfRoadmap:
    roadmap: Roadmap
    parts: list[PlanPart]
    totals: Totals


def years_of(unit: OrgUnit, scope: Scope) -> list[int]:
    """The years in which the unit has tasks, newest first."""
    rows = Assignment.objects.in_scope(scope).of_unit(unit.pk).order_by()
    return sorted(rows.values_list("roadmap__year", flat=True).distinct(), reverse=True)


def plan_of(unit: OrgUnit, scope: Scope, year: int, *, today: date) -> list[PlanOfRoadmap]:
    """The unit's tasks of a year in the order of the documents."""
    rows = (
        Assignment.objects.in_scope(scope)
        .of_unit(unit.pk)
        .filter(roadmap__year=year)
        .with_standing(today)
    )
    counted = totals_by(rows, "roadmap_id", today=today)
    tasks = list(
        rows.select_related("item__section", "roadmap")
        .prefetch_related(Prefetch("dues", Due.objects.in_order().prefetch_related("proofs")))
        .order_by("roadmap__path", "roadmap_id", "item__position")
    )
    return [
        PlanOfRoadmap(own[0].roadmap, _parts(own), counted[own[0].roadmap_id])
        for own in _split(tasks, "roadmap_id")
    ]


def _parts(tasks: list[Assignment]) -> list[PlanPart]:
    by_section: dict[int | None, PlanPart] = {}
    for task in tasks:
        part = by_section.setdefault(task.item.section_id, PlanPart(task.item.section, []))
        part.tasks.append(Doer(task, "", None, list(task.dues.all())))
    return list(by_section.values())


def _split(tasks: Iterable[Assignment], field: str) -> list[list[Assignment]]:
    found: dict[int, list[Assignment]] = {}
    for task in tasks:
        found.setdefault(getattr(task, field), []).append(task)
    return list(found.values())
