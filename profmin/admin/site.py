"""The admin's site: one permission, no sign-in of its own, no address outside of access."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLResolver
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from profmin.accounts.roles import Permission
from schools.access import Access, request_access

# What Django's site offers and the portal has in its own way, and the view that leads to any
# object by the number of its type.
_CLOSED = frozenset(("login", "logout", "password_change", "password_change_done", "view_on_site"))


class PortalAdminSite(admin.AdminSite):
    site_header = "Профориентация: справочники"
    site_title = "Справочники"
    index_title = "Организации, люди, словари"
    site_url = "/"
    enable_nav_sidebar = False
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        access = request_access(request)
        return access is not None and access.can(Permission.ADMIN_ENTER)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Whoever may not enter finds nothing; whoever may works by `request.access`."""

        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            access = request_access(request)
            if access is None or not access.can(Permission.ADMIN_ENTER):
                raise Http404
            request.access = access
            response: HttpResponseBase = view(request, *args, **kwargs)
            return response

        inner = guarded if cacheable else never_cache(guarded)
        return update_wrapper(csrf_protect(inner), view)

    def get_urls(self) -> list[Any]:
        kept = [one for one in super().get_urls() if getattr(one, "name", "") not in _CLOSED]
        _name_permission(kept)
        return kept


def _name_permission(patterns: list[Any]) -> None:
    """Every address says which permission guards it, as the portal's own views do, and sends
    to the portal's own sign-in."""
    for one in patterns:
        if isinstance(one, URLResolver):
            _name_permission(one.url_patterns)
        else:
            one.callback.login_url = None
            one.callback.permission = Permission.ADMIN_ENTER


def access_of(request: Any) -> Access:
    """The access `admin_view` found."""
    access: Access = request.access
    return access
