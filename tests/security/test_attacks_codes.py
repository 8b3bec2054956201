"""Guessing at one-time codes by somebody who has got the password."""

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client

from profmin.accounts.models import SignInDelay
from profmin.accounts.roles import Role
from profmin.journal.models import JournalEntry
from tests.factories.cast import PASSWORD

LOGIN = "/accounts/login/"
CODE = "/accounts/2fa/authenticate/"


@pytest.fixture
def guarded(cast):
    """The school's person with a second factor; a right code."""
    cache.clear()
    person, secret = cast.home.person(Role.SCHOOL), generate_totp_secret()
    TOTP.activate(person, secret)
    counter = next(iter(yield_hotp_counters_from_time()))
    return person, format_hotp_value(hotp_value(secret, counter))


def past_the_password(person, **extra):
    client = Client(**extra)
    assert client.post(LOGIN, {"login": person.email, "password": PASSWORD}).url == CODE
    return client


def test_codes_are_not_guessed_at_without_end(guarded):
    """Neither in one session nor by beginning anew with the password at other addresses."""
    person, right = guarded
    for number in range(5):
        past_the_password(person, REMOTE_ADDR=f"192.0.2.{number}").post(CODE, {"code": "000000"})
    client = past_the_password(person)
    assert error_of(client.post(CODE, {"code": right}))["code"] == "too_many_login_attempts"
    assert client.get("/account/").status_code == 302


def error_of(answer):
    (error,) = answer.context["form"].errors.get_json_data()["code"]
    return error


def test_wrong_codes_wait_longer_and_longer_like_passwords(guarded):
    person, right = guarded
    client = past_the_password(person)
    for _ in range(5):
        assert error_of(client.post(CODE, {"code": "000000"}))["code"] == "incorrect_code"
    cache.clear()  # the library's own limit forgets: the delay is kept in the database
    error = error_of(client.post(CODE, {"code": right}))
    assert error["code"] == "too_many_login_attempts"
    assert "Подождите" in error["message"]
    assert client.get("/account/").status_code == 302
    again = Client().post(LOGIN, {"login": person.email, "password": PASSWORD})
    assert again.status_code == 200  # the password waits too


def test_wrong_codes_count_together_with_wrong_passwords(guarded):
    person, _ = guarded
    for _ in range(3):
        Client().post(LOGIN, {"login": person.email, "password": "не тот пароль совсем"})
    client = past_the_password(person)
    for code in ("000000", "нет-такого-кода"):
        client.post(CODE, {"code": code})
    kept = SignInDelay.objects.order_by("kind").values_list("kind", "failures")
    assert list(kept) == [("account", 5), ("address", 5), ("pair", 5)]


@pytest.mark.parametrize("code", ["000000", "нет-такого-кода"])
def test_wrong_code_is_told_in_the_journal(guarded, code):
    person, _ = guarded
    past_the_password(person).post(CODE, {"code": code})
    row = JournalEntry.objects.get(action="sign_in_refused")
    assert (row.actor_id, row.reason) == (
        person.pk,
        "Неверный одноразовый код, адрес 127.0.0.1",
    )
    assert code not in str(vars(row))


def test_wrong_code_before_a_deed_that_matters_counts_too(guarded, sign_in):
    person, _ = guarded
    sign_in(person).post("/accounts/2fa/reauthenticate/", {"code": "000000"})
    assert JournalEntry.objects.filter(action="sign_in_refused", actor_id=person.pk).count() == 1
    assert SignInDelay.objects.get(kind="pair").failures == 1


def test_some_wrong_codes_do_not_shut_out(guarded):
    person, right = guarded
    client = past_the_password(person)
    for _ in range(4):
        client.post(CODE, {"code": "000000"})
    client.post(CODE, {"code": right})
    assert client.get("/account/").status_code == 200


def test_wrong_passwords_do_not_use_up_the_codes(guarded):
    person, right = guarded
    for _ in range(4):
        Client().post(LOGIN, {"login": person.email, "password": "не тот пароль совсем"})
    client = past_the_password(person)
    client.post(CODE, {"code": right})
    assert client.get("/account/").status_code == 200
