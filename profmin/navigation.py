"""The left rail: at most seven entries, by the jobs of the role."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from profmin.accounts.roles import Permission
from schools.access import Access, request_access


@dataclass(frozen=True)
class Entry:
    """One line of the rail; on pages under one of `prefixes` it is the current one."""

    title: str
    url_name: str
    permission: Permission
    prefixes: tuple[str, ...]


ENTRIES = (
    Entry("Рабочий стол", "home", Permission.ASSIGNMENT_VIEW, ()),
    Entry(
        "Дорожная карта",
        "plans:roadmap_list",
        Permission.ROADMAP_VIEW,
        ("/roadmaps/", "/items/", "/assignments/"),
    ),
    Entry("Загрузка карт", "plans:import_list", Permission.ROADMAP_PUBLISH, ("/imports/",)),
    Entry("Организации", "schools:unit_list", Permission.UNIT_VIEW, ("/units/",)),
    Entry("Люди", "people", Permission.PERSON_VIEW, ("/people/",)),
    Entry("Журнал", "journal", Permission.JOURNAL_VIEW, ("/journal/",)),
    Entry("Справочники", "admin:index", Permission.ADMIN_ENTER, ("/admin/",)),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the rail and who works by which appointment."""
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return {"nav": [], "actor": None}
    access = request_access(request)
    return {"nav": _rail(request, access), "actor": _actor(access)}


def _rail(request: HttpRequest, access: Access | None) -> list[dict[str, Any]]:
    if access is None:
        return []
    return [
        {
            "title": entry.title,
            "url": reverse(entry.url_name),
            "current": request.path.startswith(entry.prefixes)
            if entry.prefixes
            else request.path == "/",
        }
        for entry in ENTRIES
        if access.can(entry.permission)
    ]


def _actor(access: Access | None) -> dict[str, Any] | None:
    if access is None:
        return None
    return {
        "full_name": access.user.full_name,
        "post": access.appointment.post,
        "unit_name": access.appointment.unit.name,
        "role_name": access.role.label,
        "others": [
            {"id": row.pk, "title": f"{row.get_role_display()}, {row.unit.name}"}
            for row in access.others
        ],
    }
