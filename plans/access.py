"""Who may report, confirm and publish: the role's permission joined with whose object it is."""

from datetime import date

from plans.models import Assignment, Roadmap
from profmin.accounts.roles import Permission, Role
from profmin.lib import paths
from schools.access import Access
from schools.choices import UnitKind
from schools.models import Appointment

_EXECUTORS = frozenset({UnitKind.SCHOOL, UnitKind.BRANCH, UnitKind.PARTNER, UnitKind.AUTHORITY})


def may_save(access: Access, assignment: Assignment, *, today: date) -> bool:
    """May write the comment and the proofs."""
    return access.can(Permission.ASSIGNMENT_SAVE) and (
        _is_own(access, assignment) or reports_for(access, assignment, today=today)
    )


def may_report(access: Access, assignment: Assignment, *, today: date) -> bool:
    """May say done or not applicable; an assistant may not."""
    return access.can(Permission.ASSIGNMENT_REPORT) and may_save(access, assignment, today=today)


def may_confirm(access: Access, assignment: Assignment) -> bool:
    """May confirm and return: any unit strictly above, so that an absent level is skipped."""
    return access.can(Permission.ASSIGNMENT_CONFIRM) and access.scope.stands_above(assignment.path)


def may_publish(access: Access, roadmap: Roadmap) -> bool:
    """A roadmap belongs to the unit that issued it."""
    return access.can(Permission.ROADMAP_PUBLISH) and roadmap.unit_id == access.unit_id


def reports_for(access: Access, assignment: Assignment, *, today: date) -> bool:
    """The operator stands in for a partner that has no person of its own yet; marked so."""
    stands_in = (
        access.role == Role.OPERATOR
        and assignment.unit.kind in (UnitKind.PARTNER, UnitKind.AUTHORITY)
        and access.scope.covers(assignment.path)
    )
    return stands_in and not (
        Appointment.objects.current(today)
        .accepted()
        .filter(unit_id=assignment.unit_id, role=Role.PARTNER, user__is_active=True)
        .exists()
    )


def _is_own(access: Access, assignment: Assignment) -> bool:
    """The unit itself; a school also answers for its branches, wherever they stood together."""
    if assignment.unit_id == access.unit_id:
        return True
    school = access.role in (Role.SCHOOL, Role.ASSISTANT)
    return school and any(
        paths.is_under(assignment.path, place) for place in access.scope.places if place
    )


def executes(access: Access) -> bool:
    """Whether the person's unit carries out plans and has nobody below it to watch (a school may
    have branches): it sees its own state where the others see counts."""
    return access.appointment.unit.kind in _EXECUTORS and access.role != Role.OPERATOR
