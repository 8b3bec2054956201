"""Pages and their parts: one view answers both a whole page and the part that htmx swaps."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def asks_for_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part (not a boosted link, not a page gone back to)."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def render_page(
    request: HttpRequest, page: str, context: dict[str, Any], *, part: str, status: int = 200
) -> HttpResponse:
    """The template `part` for htmx, else the whole `page` with the same context."""
    name = part if asks_for_part(request) else page
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
