"""Every address says who may come, refuses the others, and writes only when asked to by POST."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http.cookie import SimpleCookie
from django.test import Client
from django.urls import reverse

from profmin.accounts.roles import GRANTS, Role
from schools.services.contacts import VIEWED
from tests.conventions.addresses import Address, all_addresses
from tests.conventions.conftest import TwoWorlds
from tests.conventions.probes import deed_data, own_values
from tests.conventions.strangers import NO_ROWS

pytestmark = pytest.mark.django_db

# Views of ours without a permission, and why.
OPEN = {
    "home": "asks for it inside: whoever has no role yet is told what to do",
    "account": "one's own page, also without a role",
    "sign_out_everywhere": "one's own sessions",
    "appointment_choose": "one's own appointments",
    "account_name": "one's own name",
    "email_confirm": "before sign-in: the link and the password are the key",
    "email_cancel": "before sign-in: the link itself is the key",
    "design": "reads no row",
    "invitation_accept": "before sign-in: the link itself is the key",
    "account_signup": "closed: there is no signing up",
    "account_email": "closed: the address is changed by an administrator",
    "account_set_password": "closed: the first password comes by invitation",
}
# Before sign-in: the library's own pages of sign-in and of a forgotten password.
BEFORE_SIGN_IN = {
    "invitation_accept",
    "email_confirm",
    "email_cancel",
    "account_login",
    "account_logout",  # leads to the start page
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "account_email",
    "account_set_password",
    "mfa_authenticate",  # the second step of signing in
}
# What a GET of the library or the admin may write: sessions, one-time codes, limits.
_OWN_WRITES = re.compile(
    r'"(django_session|usersessions_usersession|portal_cache|mfa_authenticator)"'
)
_WRITE = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE|ALTER|CREATE|DROP)\b", re.I)

ADDRESSES = all_addresses()
OURS = [one for one in ADDRESSES if not one.is_library]


def ids(address: Address) -> str:
    return address.key


def test_every_view_names_its_permission_or_a_reason_why_not() -> None:
    without = {one.key for one in OURS if one.permission is None}
    assert without == set(OPEN)


def test_every_address_has_a_name_of_its_own() -> None:
    names = [one.name for one in OURS if not one.is_admin]
    assert "" not in names
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "address", [one for one in OURS if not one.is_admin and one.permission], ids=ids
)
def test_view_name_and_address_name_are_one(address: Address) -> None:
    assert address.view.__name__ == address.name.split(":")[-1]


def _values(address: Address) -> dict[str, Any]:
    return {name: NO_ROWS[name][0] if name in NO_ROWS else 1 for name in address.arguments}


def test_who_has_not_signed_in_is_led_to_the_sign_in() -> None:
    wrong = []
    for address in ADDRESSES:
        if address.name in BEFORE_SIGN_IN:
            continue
        for method in ("get", "post"):
            path = address.path(_values(address))
            answer = getattr(Client(), method)(path)
            if answer.status_code != 302 or not answer["Location"].startswith("/accounts/login/"):
                wrong.append(f"{method} {path}: {answer.status_code}")
    assert wrong == []


def test_who_lacks_the_permission_is_refused(one_world: TwoWorlds) -> None:
    """403, in the admin 404: whatever is asked, of one's own rows too."""
    assert refusals_missed(one_world) == []


def refusals_missed(worlds: TwoWorlds) -> list[str]:
    """Who got in without the permission."""
    wrong = []
    few = ("assistant", "partner", "observer", "administrator")
    sights = [one for one in worlds.world.sights if worlds.extent.is_full or one.role in few]
    for address in OURS:
        refused = 404 if address.is_admin else 403
        for sight in sights:
            if not address.permission or address.permission in GRANTS[Role(sight.role)]:
                continue
            method = "POST" if address.is_post_only else "GET"
            for values in own_values(worlds.rows, address, sight, most=1) or [_values(address)]:
                answer = sight.person.ask(method, address.path(values))
                if answer.status != refused:
                    wrong.append(f"{sight.person} {method} {address}: {answer.status}")
    return wrong


def test_post_only_views_refuse_to_be_read(one_world: TwoWorlds) -> None:
    ministry = one_world.world.sights[0].person
    answers = {
        one.key: ministry.ask("GET", one.path(_values(one))).status
        for one in OURS
        if not one.is_admin and one.is_post_only
    }
    assert answers == dict.fromkeys(answers, 405)
    assert len(answers) > 10


def test_without_a_token_nothing_is_written(one_world: TwoWorlds) -> None:
    """POST without the CSRF token is refused at every address before anything else."""
    sight = one_world.world.sights[0]
    client = Client(enforce_csrf_checks=True)
    client.force_login(sight.person.user)
    client.cookies = SimpleCookie(
        {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
    )
    answers = {
        one.key: client.post(one.path(_values(one)), deed_data()).status_code for one in ADDRESSES
    }
    assert {key: status for key, status in answers.items() if status != 403} == {}


@contextmanager
def writes() -> Iterator[list[str]]:
    """Statements that change something other than one's own session."""
    found: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if _WRITE.match(sql) and not _OWN_WRITES.search(sql):
            looked = "journal_journalentry" in sql and VIEWED in map(str, params or ())
            if not looked:
                found.append(sql[:200])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


def test_reading_never_writes(one_world: TwoWorlds) -> None:
    """GET of every address with one's own rows: as the roles that see most, in a proof as all."""
    wrong = []
    sights = one_world.world.sights
    if not one_world.extent.is_full:
        sights = [one for one in sights if one.role in ("ministry", "school", "administrator")]
    for address in ADDRESSES:
        if address.key == "account_logout":
            continue
        for sight in sights:
            for values in own_values(one_world.rows, address, sight, most=1):
                with writes() as found:
                    sight.person.ask("GET", address.path(values))
                wrong += [f"{sight.person} {address}: {sql}" for sql in found]
    assert wrong == []


def test_the_sign_in_of_the_admin_is_the_portals_own() -> None:
    assert Client().get(reverse("admin:index"))["Location"].startswith("/accounts/login/")
