"""Signing in as a person or an attacker does: delays, codes, sessions, links."""

import re
import time
from importlib import import_module

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from profmin.accounts.models import User
from profmin.accounts.roles import Role
from profmin.journal.models import JournalEntry
from profmin.journal.services import SYSTEM
from schools.services.appointments import end_appointment
from tests.factories.cast import NOW, PASSWORD, SINCE
from tests.factories.letters import delivered

LOGIN = "/accounts/login/"
WRONG = "не тот пароль совсем"


@pytest.fixture(autouse=True)
def _fresh_limits(db):
    cache.clear()


def try_password(client, email, password=WRONG, **extra):
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def is_signed_in(client):
    return client.get("/account/").status_code == 200


def errors_of(answer):
    return answer.context["form"].errors.get_json_data()


def code_of(secret, moment=None):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


@pytest.fixture
def guarded(cast):
    """The school's person with a second factor; its secret."""
    person = cast.home.person(Role.SCHOOL)
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return person, secret


def test_right_password_opens_the_portal_with_a_new_key(cast):
    client = Client()
    client.get(LOGIN)
    before = client.session.session_key
    answer = try_password(client, cast.home.person(Role.SCHOOL).email.upper(), PASSWORD)
    assert answer.status_code == 302
    assert is_signed_in(client)
    assert client.session.session_key != before
    assert JournalEntry.objects.filter(action="signed_in").count() == 1


def test_known_and_unknown_addresses_answer_alike(cast):
    known = try_password(Client(), cast.home.person(Role.SCHOOL).email)
    unknown = try_password(Client(), "nobody@zarechie.test", REMOTE_ADDR="192.0.2.9")
    assert errors_of(known) == errors_of(unknown)
    assert known.status_code == unknown.status_code == 200


def test_eleventh_wrong_password_waits_and_so_does_the_right_one(cast):
    client, email = Client(), cast.home.person(Role.SCHOOL).email
    answers = [try_password(client, email) for _ in range(11)]
    (error,) = errors_of(answers[-1])["__all__"]
    assert error["code"] == "too_many_login_attempts"
    assert re.fullmatch(
        r"Слишком много неверных попыток\. Подождите \d+ с и попробуйте снова\.", error["message"]
    )
    try_password(client, email, PASSWORD)
    assert not is_signed_in(client)


def test_unknown_address_waits_with_the_same_words(cast):
    answers = []
    for email, address in (
        (cast.home.person(Role.SCHOOL).email, "192.0.2.1"),
        ("nobody@zarechie.test", "192.0.2.2"),
    ):
        client = Client(REMOTE_ADDR=address)
        answers.append([errors_of(try_password(client, email)) for _ in range(6)])
    assert answers[0] == answers[1]


def test_foreign_host_is_refused(cast):
    assert Client(HTTP_HOST="evil.example").get(LOGIN).status_code == 400


def test_reset_letter_names_the_portal_not_the_request(cast, settings):
    client = Client(HTTP_HOST="localhost")
    client.post("/accounts/password/reset/", {"email": cast.home.person(Role.SCHOOL).email})
    (letter,) = delivered()
    links = re.findall(r"https?://\S+", letter.body)
    assert [link for link in links if not link.startswith(settings.PORTAL_BASE_URL)] == []
    assert links


def test_reset_answers_alike_and_writes_to_nobody_unknown(cast):
    known, unknown = (
        Client().post("/accounts/password/reset/", {"email": email})
        for email in (cast.home.person(Role.SCHOOL).email, "nobody@zarechie.test")
    )
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [letter.to for letter in delivered()] == [[cast.home.person(Role.SCHOOL).email]]


def reset(client, email, new_password):
    client.post("/accounts/password/reset/", {"email": email})
    address = re.search(r"/accounts/password/reset/key/\S+", delivered()[-1].body).group(0)
    page = client.get(address, follow=True)
    place = page.redirect_chain[-1][0]
    return client.post(place, {"password1": new_password, "password2": new_password})


def test_reset_does_not_bypass_the_second_factor(guarded):
    person, _ = guarded
    client = Client()
    reset(client, person.email, "новый длинный пароль 7")
    assert not is_signed_in(client)
    try_password(client, person.email, "новый длинный пароль 7")
    assert not is_signed_in(client)
    assert Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()


def test_reset_ends_the_sessions(cast, sign_in):
    person = cast.home.person(Role.SCHOOL)
    stolen = sign_in(person)
    assert is_signed_in(stolen)
    reset(Client(), person.email, "новый длинный пароль 7")
    assert not is_signed_in(stolen)


def test_new_password_ends_the_other_sessions_only(cast):
    person = cast.home.person(Role.SCHOOL)
    here, there = Client(), Client()
    for client in (here, there):
        try_password(client, person.email, PASSWORD)
    answer = here.post(
        "/accounts/password/change/",
        {
            "oldpassword": PASSWORD,
            "password1": "новый длинный пароль 7",
            "password2": "новый длинный пароль 7",
        },
    )
    assert answer.status_code == 302
    assert (is_signed_in(here), is_signed_in(there)) == (True, False)


@pytest.mark.parametrize(
    "weak",
    [
        pytest.param("четырнадцать1", id="short"),
        pytest.param("123456789012345", id="digits in a row"),
        pytest.param("password2026!!!", id="a common word"),
    ],
)
def test_weak_new_password_is_refused(cast, weak):
    client = Client()
    try_password(client, cast.home.person(Role.SCHOOL).email, PASSWORD)
    data = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    answer = client.post("/accounts/password/change/", data)
    assert answer.status_code == 200
    assert "password1" in answer.context["form"].errors


def test_second_factor_is_asked_after_the_password(guarded):
    person, secret = guarded
    client = Client()
    answer = try_password(client, person.email, PASSWORD)
    assert answer.url == "/accounts/2fa/authenticate/"
    assert not is_signed_in(client)
    client.post(answer.url, {"code": "000000"})
    assert not is_signed_in(client)
    client.post(answer.url, {"code": code_of(secret)})
    assert is_signed_in(client)


def test_one_time_code_works_once(guarded):
    person, secret = guarded
    code = code_of(secret)
    clients = [Client(), Client()]
    for client in clients:
        try_password(client, person.email, PASSWORD)
        client.post("/accounts/2fa/authenticate/", {"code": code})
    assert [is_signed_in(client) for client in clients] == [True, False]


def test_recovery_code_works_once(guarded):
    person, _ = guarded
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    clients = [Client(), Client()]
    for client in clients:
        try_password(client, person.email, PASSWORD)
        client.post("/accounts/2fa/authenticate/", {"code": code})
    assert [is_signed_in(client) for client in clients] == [True, False]


def test_secret_of_the_second_factor_is_stored_encrypted(guarded):
    person, secret = guarded
    stored = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in stored
    assert get_adapter().decrypt(stored) == secret


def test_administrator_without_factor_is_led_to_set_it_up(cast, sign_in):
    person = cast.home.person(Role.ADMINISTRATOR)
    Authenticator.objects.filter(user=person).delete()
    client = sign_in(person)
    for address in ("/", "/units/", "/people/", "/journal/", "/account/"):
        answer = client.get(address)
        assert (answer.status_code, answer.url) == (302, "/accounts/2fa/totp/activate/")


def test_administrator_by_another_appointment_is_led_too(cast, sign_in):
    """The factor guards the person, not the appointment chosen at the moment."""
    person = cast.home.person(Role.ADMINISTRATOR)
    Authenticator.objects.filter(user=person).delete()
    client = sign_in(person)
    session = client.session
    session["appointment"] = cast.home.people[Role.SCHOOL].pk
    session.save()
    assert client.get("/units/").status_code == 302


def put_into_session(client, **values):
    store = import_module(settings.SESSION_ENGINE).SessionStore(client.session.session_key)
    store.update(values)
    store.save()


@pytest.mark.parametrize(
    ("seen", "started", "lives"),
    [
        pytest.param(60, 60, True, id="just now"),
        pytest.param(29 * 60, 29 * 60, True, id="nearly idle"),
        pytest.param(31 * 60, 31 * 60, False, id="idle half an hour"),
        pytest.param(60, 11 * 3600, True, id="a long day"),
        pytest.param(60, 12 * 3600 + 60, False, id="older than twelve hours"),
    ],
)
def test_age_of_a_session(cast, sign_in, seen, started, lives):
    client = sign_in(cast.home.person(Role.SCHOOL))
    moment = time.time()
    put_into_session(client, seen=moment - seen, started=moment - started)
    assert is_signed_in(client) is lives


def test_blocked_person_is_out_at_once(cast, sign_in):
    person = cast.home.person(Role.SCHOOL)
    client = sign_in(person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert not is_signed_in(client)
    try_password(client, person.email, PASSWORD)
    assert not is_signed_in(client)


def test_ended_appointment_ends_the_session_and_the_rights(cast):
    held = cast.home.people[Role.SCHOOL]
    client = Client()
    try_password(client, held.user.email, PASSWORD)
    assert is_signed_in(client)
    end_appointment(appointment=held, on=SINCE, by=SYSTEM, now=NOW)
    assert not is_signed_in(client)
    try_password(client, held.user.email, PASSWORD)
    assert client.get("/units/").status_code == 403


@pytest.mark.parametrize(
    "place",
    [
        pytest.param("https://evil.example/", id="other host"),
        pytest.param("//evil.example/", id="no scheme"),
        pytest.param("javascript:alert(1)", id="script"),
        pytest.param("https:evil.example", id="half a scheme"),
    ],
)
def test_sign_in_leads_nowhere_else(cast, place):
    client = Client()
    answer = client.post(
        f"{LOGIN}?next={place}",
        {"login": cast.home.person(Role.SCHOOL).email, "password": PASSWORD, "next": place},
    )
    assert (answer.status_code, answer.url) == (302, "/")


def test_post_without_token_is_refused(cast):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(LOGIN, {"login": "a@b.test", "password": PASSWORD})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("/accounts/signup/", id="sign up"),
        pytest.param("/accounts/email/", id="addresses"),
        pytest.param("/accounts/password/set/", id="set a password"),
    ],
)
def test_addresses_not_offered_do_not_exist(db, address):
    assert Client().get(address).status_code == 404


def test_signed_in_pages_are_kept_by_nobody(cast, sign_in):
    answer = sign_in(cast.home.person(Role.SCHOOL)).get("/account/")
    assert answer["Cache-Control"] == "private, no-store"
