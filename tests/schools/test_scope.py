"""Scope: what is mine, whose plans reach me, and nothing of anybody else."""

import pytest

from profmin.accounts.roles import Role
from schools.access import scope_of
from schools.models import Appointment, OrgUnit, UnitPlace
from schools.scope import Scope

# Which units of the home region each role sees; of the foreign region it sees none.
SEEN = {
    Role.MINISTRY: "all",
    Role.OPERATOR: "all",
    Role.OBSERVER: "all",
    Role.ADMINISTRATOR: "all",
    Role.MUNICIPALITY: ["city", "school", "other_school", "branch"],
    Role.SCHOOL: ["school", "branch"],
    Role.ASSISTANT: ["school", "branch"],
    Role.PARTNER: ["partner"],
}


@pytest.mark.parametrize("role", [pytest.param(role, id=role) for role in Role.values])
def test_scope_covers_the_own_subtree_alone(cast, role):
    scope = cast.home.access(role).scope
    names = SEEN[role]
    mine = cast.home.units if names == "all" else [getattr(cast.home, name) for name in names]
    found = OrgUnit.objects.in_scope(scope)
    assert set(found.values_list("pk", flat=True)) == {unit.pk for unit in mine}
    assert {unit.pk for unit in mine if scope.covers(unit.path)} == {unit.pk for unit in mine}
    assert [unit for unit in cast.away.units if scope.covers(unit.path)] == []


def test_empty_scope_sees_nothing(cast):
    empty = Scope(roots=())
    assert OrgUnit.objects.in_scope(empty).count() == 0
    assert UnitPlace.objects.in_scope(empty).count() == 0
    assert Appointment.objects.in_scope(empty).count() == 0
    assert not empty.covers(cast.home.school.path)


def test_reaching_looks_up_as_well(cast):
    scope = cast.home.access(Role.SCHOOL).scope
    found = OrgUnit.objects.reaching(scope).order_by("path").values_list("pk", flat=True)
    home = cast.home
    chain = [cast.country, home.region, home.city, home.school, home.branch]
    assert list(found) == [unit.pk for unit in chain]


def test_stands_above_excludes_the_own_ground(cast):
    scope = cast.home.access(Role.MUNICIPALITY).scope
    assert scope.stands_above(cast.home.school.path)
    assert not scope.stands_above(cast.home.city.path)
    assert not scope.stands_above(cast.home.far_school.path)


def test_partner_sees_only_what_names_it(cast):
    assert cast.home.access(Role.PARTNER).scope.named_only
    assert not cast.home.access(Role.SCHOOL).scope.named_only


def test_operator_works_over_its_region(cast):
    scope = scope_of(cast.home.people[Role.OPERATOR])
    assert scope.roots == (cast.home.region.path,)
