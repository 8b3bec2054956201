"""The only way to a Scope: an appointment in force becomes `Access`, a view asks for it.

`@requires(Permission.X)` refuses or sets `request.access`. A stranger's object does not exist
(404, by `in_scope`); a reader who may not write is told so (403).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
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


def scope_of(appointment: Appointment) -> Scope:
    """Where an appointment lets look.

    A regional operator works over its region; everybody else over the own subtree. Partners see
    of plans only what names them.
    """
    unit = appointment.unit
    if appointment.role == Role.OPERATOR:
        return Scope(roots=(unit.territory_path,))
    return Scope(roots=(unit.path or "",), named_only=appointment.role == Role.PARTNER)


def access_by(appointment: Appointment, *, others: tuple[Appointment, ...] = ()) -> Access:
    return Access(
        user=appointment.user,
        appointment=appointment,
        permissions=GRANTS[Role(appointment.role)],
        scope=scope_of(appointment),
        others=others,
    )


def access_for(user: User, *, today: date, chosen: int | None = None) -> Access | None:
    """The access of a person on a day: by the chosen appointment, else by the first in force."""
    held = list(
        Appointment.objects.current(today)
        .accepted()
        .filter(user=user, user__is_active=True, unit__path__isnull=False)
        .select_related("unit", "user")
        .order_by("pk")
    )
    working = [row for row in held if row.unit.is_working(today)]
    if not working:
        return None
    appointment = next((row for row in working if row.pk == chosen), working[0])
    return access_by(appointment, others=tuple(row for row in working if row != appointment))


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
