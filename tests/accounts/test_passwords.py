"""How long a password must be, and what a short one forbids."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client

from profmin.accounts.models import User
from profmin.accounts.roles import Role
from profmin.accounts.services import accept_invitation, invite_user
from profmin.lib.errors import RuleBroken
from tests.factories.cast import NOW, PASSWORD
from tests.factories.letters import delivered

SHORT = "gT7-лось"  # eight signs
OFF = "/accounts/2fa/totp/deactivate/"


@pytest.fixture
def person(cast):
    cache.clear()
    return cast.home.person(Role.SCHOOL)


@pytest.fixture
def guarded(person):
    """The same with a one-time code, signed in by both; the client."""
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(secret, counter))
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    return client


def change(client, password, old=PASSWORD):
    data = {"oldpassword": old, "password1": password, "password2": password}
    return client.post("/accounts/password/change/", data)


@pytest.mark.parametrize(
    ("has_code", "length"),
    [pytest.param(False, 15, id="password alone"), pytest.param(True, 8, id="beside a code")],
)
def test_shortest_password_depends_on_the_second_factor(person, has_code, length):
    if has_code:
        TOTP.activate(person, generate_totp_secret())
    words = "gT7-лось ёж щука цапля"
    validate_password(words[:length], person)
    with pytest.raises(ValidationError) as refusal:
        validate_password(words[: length - 1], person)
    assert "password_too_short" in [one.code for one in refusal.value.error_list]


def test_too_short_password_is_refused_in_right_words(person):
    with pytest.raises(ValidationError) as refusal:
        validate_password(SHORT, person)
    (words,) = refusal.value.messages
    assert words.replace("\u00a0", " ") == "Пароль слишком короткий: нужно не меньше 15 знаков."


@pytest.mark.parametrize(
    ("password", "is_short"),
    [
        pytest.param(PASSWORD, False, id="long"),
        pytest.param(SHORT, True, id="short"),
        pytest.param(None, False, id="none yet"),
    ],
)
def test_setting_a_password_notes_whether_it_is_short(db, password, is_short):
    user = User.objects.create_user("kto@zarechie.test", password, full_name="Кто-то")
    assert User.objects.get(pk=user.pk).has_short_password is is_short


def test_short_password_is_taken_beside_a_code_and_noted(person, guarded):
    assert change(guarded, SHORT).status_code == 302
    person.refresh_from_db()
    assert person.check_password(SHORT)
    assert person.has_short_password


def test_second_factor_stays_on_until_the_password_is_long(person, guarded):
    change(guarded, SHORT)
    guarded.post("/accounts/reauthenticate/", {"password": SHORT})
    answer = guarded.post(OFF)
    assert answer.context["form"].non_field_errors() == [
        "Сначала смените пароль на более длинный, не короче 15 знаков: нынешний годится "
        "только вместе с кодом."
    ]
    assert Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()
    change(guarded, "новый длинный пароль 7", old=SHORT)
    assert guarded.post(OFF).url == "/accounts/2fa/"
    assert not Authenticator.objects.filter(user=person).exists()


def test_invited_administrator_sets_a_long_password_before_the_code(db):
    newcomer = User.objects.create_user("novyi@zarechie.test", full_name="Новиков Егор")
    invite_user(user=newcomer, by=None, now=NOW)
    token = delivered()[0].body.split("/invitations/")[1].split("/")[0]
    with pytest.raises(RuleBroken) as refusal:
        accept_invitation(token=token, password=SHORT, now=NOW)
    assert refusal.value.field == "password"
