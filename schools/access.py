"""The only way to a Scope: an appointment in force becomes `Access`, a view asks for it.

`@requires(Permission.X)` refuses or sets `request.access`. A stranger's object does not exist
(404, by `in_scope`); a reader who may not write is told so (403).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from profmin.accounts.models import User
from profmin.accounts.roles import GRANTS, Permission, Role
from profmin.journal.services import Actor
from schools.models import Appointment
from schools.scope import Scope

CHOSEN = "appointment"  # session key of the appointment a person works by
P = ParamSpec("P")


@dataclass(frozen=True)
class Access:
    """What one person may do and where, by one appointment."""

    user: User
    appointment: Appointment
    permissions: frozenset[Permission]
    scope: Scope
    others: tuple[Appointment, ...] = ()

    @property
    def role(self) -> Role:
        return Role(self.appointment.role)

    @property
    def unit_id(self) -> int:
        return self.appointment.unit_id

    @property
    def actor(self) -> Actor:
        return Actor(self.user.pk, self.user.full_name, self.role, self.unit_id)

    def can(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        if not self.can(permission):
            raise PermissionDenied


class AccessRequest(HttpRequest):
    """A request that passed `requires`."""

    access: Access
    user: User


def scope_of(appointment: Appointment, stood_at: Iterable[str] | None = None) -> Scope:
    """Where an appointment lets look.

    A regional operator works over its region; everybody else over the own subtree, which keeps
    what was done where it stood before. Partners see of plans only what names them. `stood_at`:
    paths of the unit's places where they are known already.
    """
    unit = appointment.unit
    if appointment.role == Role.OPERATOR:
        return Scope(roots=(unit.territory_path,))
    path = unit.path or ""
    if stood_at is None:
        stood_at = unit.places.values_list("path", flat=True)
    return Scope(
        roots=(path,),
        named_only=appointment.role == Role.PARTNER,
        former=tuple(sorted({*stood_at} - {path, ""})),
    )


def access_by(
    appointment: Appointment,
    *,
    others: tuple[Appointment, ...] = (),
    stood_at: Iterable[str] | None = None,
) -> Access:
    return Access(
        user=appointment.user,
        appointment=appointment,
        permissions=GRANTS[Role(appointment.role)],
        scope=scope_of(appointment, stood_at),
        others=others,
    )


def access_for(user: User, *, today: date, chosen: int | None = None) -> Access | None:
    """The access of a person on a day: by the chosen appointment, else by the first in force.

    One query: an appointment comes once for every place at which its unit ever stood.
    """
    held = (
        Appointment.objects.current(today)
        .accepted()
        .filter(user=user, user__is_active=True, unit__path__isnull=False)
        .select_related("unit", "user")
        .annotate(stood_at=F("unit__places__path"))
        .order_by("pk")
    )
    stood_at: dict[int, set[str]] = {}
    working: dict[int, Appointment] = {}
    for row in held:
        if row.unit.is_working(today):
            working.setdefault(row.pk, row)
            stood_at.setdefault(row.pk, set()).add(row.stood_at or "")
    if not working:
        return None
    appointment = working.get(chosen or 0) or next(iter(working.values()))
    others = tuple(row for row in working.values() if row != appointment)
    return access_by(appointment, others=others, stood_at=stood_at[appointment.pk])


def request_access(request: Any) -> Access | None:
    """The access of the person who asks, found once a request and kept on it."""
    if not hasattr(request, "found_access"):
        found = None
        if isinstance(request.user, User):
            found = access_for(
                request.user,
                today=timezone.localdate(),
                chosen=request.session.get(CHOSEN),
            )
        request.found_access = found
    kept: Access | None = request.found_access
    return kept


View = Callable[Concatenate[AccessRequest, P], HttpResponseBase]


def requires(permission: Permission) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Refuses whoever lacks the permission (403), else sets `request.access`.

    The permission is kept on the view, so that a test can walk the table of addresses.
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            access = request_access(request)
            if access is None or not access.can(permission):
                raise PermissionDenied
            request.access = access
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate
