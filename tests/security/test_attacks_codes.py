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

from profmin.accounts.roles import Role
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


def past_the_password(person):
    client = Client()
    assert client.post(LOGIN, {"login": person.email, "password": PASSWORD}).url == CODE
    return client


def test_codes_are_not_guessed_at_without_end(guarded):
    """Neither in one session nor by beginning anew with the password."""
    person, right = guarded
    for _ in range(5):
        past_the_password(person).post(CODE, {"code": "000000"})
    client = past_the_password(person)
    answer = client.post(CODE, {"code": right})
    (error,) = answer.context["form"].errors.get_json_data()["code"]
    assert error["code"] == "too_many_login_attempts"
    assert client.get("/account/").status_code == 302


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
