"""Two people, or one twice, follow a link at the same moment: real threads, real transactions."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from profmin.accounts.models import User
from profmin.accounts.services import invite_user
from tests.factories.letters import delivered

THREADS = 4


@pytest.mark.django_db(transaction=True)
def test_of_those_who_accept_at_once_one_wins_and_the_others_get_409():
    person = User.objects.create_user("novaya@zarechie.test", full_name="Новикова Елена")
    invite_user(user=person, by=None, now=timezone.now())
    place = re.search(r"/invitations/[^/]+/", delivered()[-1].body).group(0)
    start = Barrier(THREADS)

    def accept(number):
        password = f"{number} каштан под окном 41"
        start.wait()
        try:
            answer = Client().post(place, {"password": password, "password_again": password})
        finally:
            connection.close()
        return answer.status_code, password

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(accept, range(THREADS)))
    assert sorted(status for status, _ in answers) == [302, *[409] * (THREADS - 1)]
    person.refresh_from_db()
    assert [one for one in answers if person.check_password(one[1])] == [
        one for one in answers if one[0] == 302
    ]
