"""What lists of organisations show beside their names: the place above, the responsible."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from profmin.accounts.roles import Role
from profmin.lib import paths
from schools.choices import UnitKind
from schools.models import Appointment, OrgUnit

# Who answers for a unit of a kind. A branch is answered for by its school; the rest by nobody.
RESPONSIBLE: Mapping[str, str] = {
    UnitKind.REGION: Role.MINISTRY,
    UnitKind.OPERATOR: Role.OPERATOR,
    UnitKind.AUTHORITY: Role.PARTNER,
    UnitKind.TERRITORY: Role.MUNICIPALITY,
    UnitKind.MUNICIPALITY: Role.MUNICIPALITY,
    UnitKind.SCHOOL: Role.SCHOOL,
    UnitKind.PARTNER: Role.PARTNER,
}


@dataclass(frozen=True)
class UnitRow:
    """A line of a list of organisations. `lacks_responsible`: somebody should be, nobody is."""

    unit: OrgUnit
    place: OrgUnit | None
    responsible: tuple[Appointment, ...]
    is_working: bool

    @property
    def lacks_responsible(self) -> bool:
        return self.is_working and self.unit.kind in RESPONSIBLE and not self.responsible


def _responsible_roles() -> Q:
    condition = Q(pk__in=[])
    for kind, role in RESPONSIBLE.items():
        condition |= Q(unit__kind=kind, role=role)
    return condition | Q(unit__kind=UnitKind.BRANCH, role=Role.SCHOOL)


def without_responsible(units: QuerySet[OrgUnit], *, today: date) -> QuerySet[OrgUnit]:
    """Those of `units` that somebody should answer for and nobody does."""
    held = Appointment.objects.current(today).filter(_responsible_roles(), unit=OuterRef("pk"))
    return units.filter(~Exists(held), kind__in=sorted(RESPONSIBLE))


def unit_rows(units: Iterable[OrgUnit], *, today: date) -> list[UnitRow]:
    """Two queries, however many units."""
    listed = list(units)
    places = _places(listed)
    people: dict[int, list[Appointment]] = {}
    held = Appointment.objects.current(today).filter(
        _responsible_roles(), unit__in=[unit.pk for unit in listed]
    )
    for row in held.select_related("user", "invitation").order_by(
        F("substitutes").asc(nulls_first=True), "pk"
    ):
        people.setdefault(row.unit_id, []).append(row)
    return [
        UnitRow(
            unit=unit,
            place=_nearest(unit.path or "", places),
            responsible=tuple(people.get(unit.pk, ())),
            is_working=unit.is_working(today),
        )
        for unit in listed
    ]


def place_of(unit: OrgUnit) -> OrgUnit | None:
    """The municipality (else the territory) that the unit lies in; None above them."""
    return _nearest(unit.path or "", _places([unit]))


def _places(units: list[OrgUnit]) -> dict[str, OrgUnit]:
    above = {path for unit in units for path in paths.ancestors(paths.parent(unit.path or ""))}
    found = OrgUnit.objects.filter(path__in=sorted(above)).of_kind(
        UnitKind.MUNICIPALITY, UnitKind.TERRITORY
    )
    return {unit.path or "": unit for unit in found}


def _nearest(path: str, places: Mapping[str, OrgUnit]) -> OrgUnit | None:
    above = list(paths.ancestors(paths.parent(path)))
    return next((places[one] for one in reversed(above) if one in places), None)


def kinds_below(unit: OrgUnit, *, today: date) -> list[tuple[str, int]]:
    """Each kind and how many working units of it lie below, in the order of kinds."""
    counted = dict(
        OrgUnit.objects.below(unit)
        .working(today)
        .values_list("kind")
        .annotate(Count("pk"))
        .order_by("kind")
    )
    return [(kind, counted[kind]) for kind in UnitKind.values if kind in counted]
