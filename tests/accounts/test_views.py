"""The page behind the link of an invitation."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from profmin.accounts.models import User
from profmin.accounts.services import invite_user
from tests.factories.cast import PASSWORD
from tests.factories.letters import delivered


@pytest.fixture
def link(db):
    """`link(user)`: the path of a fresh invitation of this person."""

    def make(user):
        invite_user(user=user, by=None, now=timezone.now())
        return re.search(r"/invitations/[^/]+/", delivered()[-1].body).group(0)

    return make


@pytest.fixture
def newcomer(db):
    return User.objects.create_user("novaya@zarechie.test", full_name="Новикова Елена Петровна")


def test_newcomer_sets_a_password_and_signs_in(link, newcomer):
    client, place = Client(), link(newcomer)
    page = client.get(place)
    assert page["Referrer-Policy"] == "no-referrer"
    answer = client.post(place, {"password": PASSWORD, "password_again": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/accounts/login/")
    assert "_auth_user_id" not in client.session  # a link signs nobody in
    newcomer.refresh_from_db()
    assert newcomer.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("password", "again", "field"),
    [
        pytest.param(PASSWORD, "другой", "password_again", id="differ"),
        pytest.param("короткий", "короткий", "password", id="short"),
        pytest.param("", "", "password", id="empty"),
    ],
)
def test_newcomer_is_told_what_is_wrong(link, newcomer, password, again, field):
    answer = Client().post(link(newcomer), {"password": password, "password_again": again})
    assert field in answer.context["form"].errors
    newcomer.refresh_from_db()
    assert not newcomer.has_usable_password()


def test_known_person_only_agrees(link, newcomer):
    newcomer.set_password(PASSWORD)
    newcomer.save()
    client, place = Client(), link(newcomer)
    assert b"password" not in client.get(place).content
    answer = client.post(place, {"password": "захвачено посторонним"})
    assert answer.url == "/accounts/login/"
    newcomer.refresh_from_db()
    assert newcomer.check_password(PASSWORD)


def test_used_and_invented_links_answer_alike(link, newcomer):
    client, place = Client(), link(newcomer)
    client.post(place, {"password": PASSWORD, "password_again": PASSWORD})
    used = Client().get(place)
    invented = Client().get("/invitations/invented/")
    assert (used.status_code, used.content) == (404, invented.content)
    assert Client().post("/invitations/invented/", {"password": "x"}).status_code == 404


def test_who_sends_a_used_link_is_told_it_was_taken(link, newcomer):
    place = link(newcomer)
    Client().post(place, {"password": PASSWORD, "password_again": PASSWORD})
    second = "совсем другие слова"
    answer = Client().post(place, {"password": second, "password_again": second})
    assert answer.status_code == 409
    assert "Приглашение уже принято" in answer.content.decode()
    newcomer.refresh_from_db()
    assert newcomer.check_password(PASSWORD)
