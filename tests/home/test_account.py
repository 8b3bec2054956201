"""One's own page: choosing an appointment, signing out everywhere."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from profmin.accounts.models import User
from profmin.accounts.roles import Role
from profmin.journal.models import JournalEntry
from schools.access import CHOSEN
from tests.factories.cast import PASSWORD, make_person


def text(answer):
    return answer.content.decode().replace("\u00a0", " ")


@pytest.fixture
def twofold(cast):
    """The school's person who also works at another school: both appointments."""
    first = cast.home.people[Role.SCHOOL]
    return first, make_person(first.user.email, role=Role.SCHOOL, unit=cast.home.far_school)


def test_account_lists_my_appointments(cast, twofold, sign_in):
    page = text(sign_in(twofold[0].user).get("/account/"))
    for words in ("Синицын Олег Юрьевич", "school@zarechie.test", "МБОУ СОШ № 1", "МБОУ СОШ № 3"):
        assert words in page


def test_account_opens_without_any_role(db, sign_in):
    person = User.objects.create_user("nobody@zarechie.test", PASSWORD, full_name="Без роли")
    assert "Назначений нет" in text(sign_in(person).get("/account/"))


def test_chosen_appointment_decides_what_is_seen(cast, twofold, sign_in):
    client = sign_in(twofold[0].user)
    assert client.get(f"/units/{cast.home.far_school.pk}/").status_code == 404
    answer = client.post("/appointment/", {"appointment": twofold[1].pk})
    assert (answer.status_code, answer.url) == (302, "/")
    assert client.get(f"/units/{cast.home.far_school.pk}/").status_code == 200
    assert client.get(f"/units/{cast.home.school.pk}/").status_code == 404


@pytest.mark.parametrize("wanted", ["foreign", "999999", "", "x", "9" * 30])
def test_only_ones_own_appointment_is_chosen(cast, sign_in, wanted):
    client = sign_in(cast.home.person(Role.SCHOOL))
    key = cast.away.people[Role.MINISTRY].pk if wanted == "foreign" else wanted
    assert client.post("/appointment/", {"appointment": key}).status_code == 404
    assert CHOSEN not in client.session


def test_choosing_is_a_post(cast, sign_in):
    client = sign_in(cast.home.person(Role.SCHOOL))
    assert client.get("/appointment/").status_code == 405
    assert client.get("/account/sign-out-everywhere/").status_code == 405


def test_sign_out_everywhere_ends_every_session(cast):
    person = cast.home.person(Role.SCHOOL)
    clients = [Client(), Client()]
    for client in clients:
        client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    answer = clients[0].post("/account/sign-out-everywhere/")
    assert (answer.status_code, answer.url) == (302, "/accounts/login/")
    assert [client.get("/account/").status_code for client in clients] == [302, 302]
    assert UserSession.objects.filter(user=person).count() == 0
    assert JournalEntry.objects.filter(action="sessions_ended", actor_id=person.pk).count() == 1


def test_account_is_closed_to_strangers(db):
    assert Client().get("/account/").status_code == 302
    assert Client().post("/appointment/", {"appointment": 1}).status_code == 302
