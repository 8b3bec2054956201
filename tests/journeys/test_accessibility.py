"""axe finds nothing on any page of ours: every address, light and dark, phone and laptop.

Django's own admin is exempt; its faults are listed in README.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from tests.journeys.conftest import Desk

ROLES = [
    "ministry",
    "operator",
    "municipality",
    "school",
    "assistant",
    "partner",
    "observer",
    "administrator",
]
SKIPPED = (
    "/admin/",
    "/files/",
    "/static/",
    "/accounts/logout/",
    "/accounts/2fa/recovery-codes/download/",
    "/units/register/template/",
)
MOST = 120  # addresses a role is followed to
VARIANTS = ((1366, "light"), (1366, "dark"), (360, "light"), (360, "dark"))
IS_PROOF = os.environ.get("PROOF") == "full"


def links(page: Page) -> list[str]:
    """Addresses of this portal that the page leads to."""
    found: list[str] = page.eval_on_selector_all(
        "a[href]",
        "all => all.filter(a => a.origin === location.origin).map(a => a.pathname + a.search)",
    )
    return found


def view_name(path: str) -> str | None:
    try:
        return resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return None


def one_of_each(desk: Desk) -> Iterator[str]:
    """Follows links from home: the first address of every view."""
    waiting, seen, tried = ["/", "/account/", "/design/"], set(), 0
    while waiting and tried < MOST:
        path = waiting.pop(0)
        name = view_name(path)
        if path.startswith(SKIPPED) or name is None or name in seen:
            continue
        seen.add(name)
        tried += 1
        answer = desk.page.goto(f"{desk.portal.address}{path}")
        assert answer is not None
        assert answer.status == 200, path
        yield path
        waiting += links(desk.page)


@pytest.fixture(scope="module")
def looked_at() -> Counter[str]:
    """How many roles have seen a view: the first at every size and in both schemes, each later
    one at the next of them. In a proof every role sees all."""
    return Counter()


def variants(name: str, looked_at: Counter[str]) -> tuple[tuple[int, str], ...]:
    seen = looked_at[name]
    looked_at[name] += 1
    return VARIANTS if IS_PROOF or not seen else (VARIANTS[seen % len(VARIANTS)],)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_has_no_fault_of_access(
    desk: Callable[..., Desk], looked_at: Counter[str], role: str
) -> None:
    person = desk(role)
    faults = []
    for path in list(one_of_each(person)):
        for width, scheme in variants(view_name(path) or path, looked_at):
            person.page.set_viewport_size({"width": width, "height": 800})
            person.page.emulate_media(color_scheme=scheme)
            person.open(path)
            found = Axe().run(person.page)
            faults += [
                f"{path} {width} {scheme}: {fault['id']}: {fault['nodes'][0]['html'][:120]}"
                for fault in found.response["violations"]
            ]
            wide = person.page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
            if wide:
                faults.append(f"{path} {width}: the page scrolls sideways")

    assert faults == []
    assert person.faults == []


def test_sign_in_pages_have_no_fault_of_access(desk: Callable[..., Desk]) -> None:
    visitor = desk()
    faults = []
    for path in (
        "/accounts/login/",
        "/accounts/password/reset/",
        "/invitations/unknown/",
        "/none/",
    ):
        for width, scheme in VARIANTS:
            visitor.page.set_viewport_size({"width": width, "height": 800})
            visitor.page.emulate_media(color_scheme=scheme)
            visitor.open(path)
            found = Axe().run(visitor.page)
            faults += [f"{path}: {fault['id']}" for fault in found.response["violations"]]

    assert faults == []
