"""Access: an appointment in force, chosen or first, and nothing else gives rights."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from profmin.accounts.models import User
from profmin.accounts.roles import GRANTS, Permission, Role
from profmin.journal.services import SYSTEM
from schools.access import access_for, requires
from schools.models import Appointment
from schools.services.units import close_unit
from tests.factories.cast import NOW, TODAY, make_person


@pytest.mark.parametrize("role", [pytest.param(role, id=role) for role in Role.values])
def test_access_of_each_role_is_its_grant(cast, role):
    access = access_for(cast.home.person(role), today=TODAY)
    assert (access.role, access.permissions) == (role, GRANTS[role])


@pytest.mark.parametrize(
    ("changes", "day"),
    [
        pytest.param({"starts_on": TODAY + timedelta(days=1)}, TODAY, id="not yet begun"),
        pytest.param({"ends_on": TODAY - timedelta(days=1)}, TODAY, id="ended yesterday"),
    ],
)
def test_appointment_out_of_force_gives_no_access(cast, changes, day):
    held = cast.home.people[Role.SCHOOL]
    Appointment.objects.filter(pk=held.pk).update(**changes)
    assert access_for(held.user, today=day) is None


def test_last_day_still_gives_access(cast):
    held = cast.home.people[Role.SCHOOL]
    Appointment.objects.filter(pk=held.pk).update(ends_on=TODAY)
    assert access_for(held.user, today=TODAY).unit_id == cast.home.school.pk


def test_blocked_person_has_no_access(cast):
    person = cast.home.person(Role.SCHOOL)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert access_for(person, today=TODAY) is None


def test_closed_unit_gives_no_access_from_that_day(cast):
    close_unit(unit=cast.home.branch, on=TODAY, by=SYSTEM, now=NOW, today=TODAY)
    held = make_person("branch@zarechie.test", role=Role.SCHOOL, unit=cast.home.branch)
    assert access_for(held.user, today=TODAY) is None
    assert access_for(held.user, today=TODAY - timedelta(days=1)) is not None


def test_one_chosen_appointment_works_at_a_time(cast):
    first = cast.home.people[Role.SCHOOL]
    second = make_person(first.user.email, role=Role.SCHOOL, unit=cast.home.far_school)
    usual = access_for(first.user, today=TODAY)
    chosen = access_for(first.user, today=TODAY, chosen=second.pk)
    assert (usual.appointment, usual.others) == (first, (second,))
    assert (chosen.appointment, chosen.others) == (second, (first,))
    assert not chosen.scope.covers(cast.home.school.path)


def test_foreign_choice_falls_back_to_ones_own(cast):
    person = cast.home.person(Role.SCHOOL)
    foreign = cast.away.people[Role.MINISTRY]
    assert access_for(person, today=TODAY, chosen=foreign.pk).role == Role.SCHOOL


def test_actor_carries_role_and_unit(cast):
    actor = cast.home.access(Role.SCHOOL).actor
    person = cast.home.person(Role.SCHOOL)
    assert (actor.user_id, actor.role, actor.unit_id) == (
        person.pk,
        Role.SCHOOL,
        cast.home.school.pk,
    )


@requires(Permission.UNIT_EDIT)
def guarded(request):
    return HttpResponse(request.access.role)


def ask(rf, person):
    request = rf.get("/")
    request.user = person
    request.session = {}
    return guarded(request)


def test_requires_lets_in_by_permission(cast, rf):
    assert ask(rf, cast.home.person(Role.ADMINISTRATOR)).content == b"administrator"
    assert guarded.permission == Permission.UNIT_EDIT


@pytest.mark.parametrize(
    "role", [pytest.param(role, id=role) for role in Role.values if role != Role.ADMINISTRATOR]
)
def test_requires_refuses_without_permission(cast, rf, role):
    with pytest.raises(PermissionDenied):
        ask(rf, cast.home.person(role))


def test_require_of_access_refuses(cast):
    access = cast.home.access(Role.OBSERVER)
    access.require(Permission.UNIT_VIEW)
    with pytest.raises(PermissionDenied):
        access.require(Permission.UNIT_EDIT)


def test_person_without_appointment_is_refused(db, rf):
    person = User.objects.create_user("nobody@zarechie.test", full_name="Без роли")
    with pytest.raises(PermissionDenied):
        ask(rf, person)
