"""The table of addresses, walked: every route of the portal with its view."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
_OURS = ("profmin.", "schools.", "plans.", "monitoring.", "reports.")


@dataclass(frozen=True)
class Address:
    """One route. `name` is empty for routes without a name, `arguments` are its converters."""

    name: str
    route: str
    view: Callable[..., Any]

    @property
    def arguments(self) -> tuple[str, ...]:
        return tuple(_ARGUMENT.findall(self.route))

    @property
    def is_admin(self) -> bool:
        return self.route.startswith("admin/")

    @property
    def is_library(self) -> bool:
        """Pages of the sign-in library: our views and the admin's are all the others."""
        return not self.is_admin and not self.view.__module__.startswith(_OURS)

    @property
    def permission(self) -> str | None:
        return getattr(self.view, "permission", None)

    @property
    def is_post_only(self) -> bool:
        return "@require_POST" in inspect.getsource(inspect.unwrap(self.view))

    @property
    def key(self) -> str:
        return self.name.removesuffix(":") if not self.name.endswith(":") else self.route

    def path(self, values: Mapping[str, object]) -> str:
        """The address with these arguments."""
        if "(?P" in self.route:
            return reverse(self.name, kwargs=dict(values))
        return "/" + _ARGUMENT.sub(lambda found: str(values[found[1]]), self.route)

    def __str__(self) -> str:
        return self.key


def all_addresses() -> list[Address]:
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[Any], prefix: str, space: str) -> Iterator[Address]:
    for one in patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from _walk(one.url_patterns, route, inner)
        elif isinstance(one, URLPattern):
            yield Address(space + (one.name or ""), route, one.callback)
