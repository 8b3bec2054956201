"""Accounts: growing delays, invitations, ending sessions."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.test import Client

from profmin.accounts.models import Invitation, SignInDelay, User
from profmin.accounts.services import (
    LinkTaken,
    accept_invitation,
    end_sessions,
    find_invitation,
    forget_failures,
    forget_old_failures,
    invite_user,
    note_failure,
    waiting_time,
)
from profmin.lib.errors import RuleBroken
from tests.factories.cast import NOW, PASSWORD
from tests.factories.letters import delivered

EMAIL, ADDRESS = "lebedeva@zarechie.test", "192.0.2.7"


def fail(times, *, email=EMAIL, address=ADDRESS):
    for _ in range(times):
        note_failure(email=email, address=address, now=NOW)


def wait(*, email=EMAIL, address=ADDRESS, now=NOW):
    return waiting_time(email=email, address=address, now=now).total_seconds()


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [
        pytest.param(0, 0, id="none"),
        pytest.param(4, 0, id="below the threshold"),
        pytest.param(5, 2, id="the fifth"),
        pytest.param(6, 4, id="doubles"),
        pytest.param(10, 64, id="the tenth"),
        pytest.param(19, 900, id="a quarter of an hour at most"),
    ],
)
def test_delay_grows_for_an_account_from_one_address(db, failures, seconds):
    fail(failures)
    assert wait() == seconds


def test_eleventh_wrong_password_waits_a_minute(db):
    fail(10)
    assert wait() == 64
    assert wait(now=NOW + timedelta(seconds=64)) == 0


def test_owner_from_another_address_waits_half_a_minute_at_most(db):
    fail(40)
    assert wait(address="198.51.100.4") == 30


def test_many_accounts_from_one_address_wait_together(db):
    for number in range(55):
        note_failure(email=f"person{number}@zarechie.test", address=ADDRESS, now=NOW)
    assert wait(email="quite.other@zarechie.test") == 64


def test_an_address_forgives_one_slip_every_two_minutes(db):
    """Schools behind one address never add up to a wait; a spray of guesses does."""
    for number in range(300):
        at = NOW + timedelta(minutes=2 * number)
        note_failure(email=f"person{number}@zarechie.test", address=ADDRESS, now=at)
    assert wait(email="quite.other@zarechie.test", now=at) == 0


def test_rows_that_hold_nobody_up_are_swept(db):
    fail(3)
    forget_old_failures(NOW + timedelta(hours=23))
    assert SignInDelay.objects.count() == 3
    forget_old_failures(NOW + timedelta(hours=25))
    assert SignInDelay.objects.count() == 0


def test_unknown_addresses_wait_alike(db):
    User.objects.create_user(EMAIL, PASSWORD, full_name="Лебедева Анна")
    fail(7)
    fail(7, email="nobody@zarechie.test", address="192.0.2.8")
    assert wait() == wait(email="nobody@zarechie.test", address="192.0.2.8") == 8


def test_case_of_the_address_changes_nothing(db):
    fail(6, email="Lebedeva@Zarechie.Test ")
    assert wait() == 4


def test_failures_of_yesterday_are_forgotten(db):
    fail(10)
    later = NOW + timedelta(hours=25)
    note_failure(email=EMAIL, address=ADDRESS, now=later)
    assert wait(now=later) == 0


def test_right_password_forgets_the_account_and_keeps_the_address(db):
    fail(12)
    forget_failures(email=EMAIL, address=ADDRESS)
    assert wait() == 0
    assert SignInDelay.objects.values_list("kind", "failures").get() == ("address", 12)


def test_delays_hold_no_addresses_in_the_clear(db):
    fail(1)
    kept = " ".join(SignInDelay.objects.values_list("key_hash", flat=True))
    assert EMAIL not in kept
    assert ADDRESS not in kept


@pytest.fixture
def newcomer(db):
    return User.objects.create_user(EMAIL, full_name="Лебедева Анна Сергеевна")


def letter_token(letter):
    return re.search(r"/invitations/([^/]+)/", letter.body).group(1)


def invite(user, **changes):
    invitation = invite_user(user=user, by=None, now=NOW, **changes)
    return invitation, letter_token(delivered()[-1])


def test_invitation_keeps_only_the_hash(newcomer, settings):
    invitation, token = invite(newcomer)
    assert len(token) >= 43  # 32 bytes
    assert token not in str(vars(invitation))
    assert f"{settings.PORTAL_BASE_URL}/invitations/{token}/" in delivered()[0].body


def test_accept_sets_the_first_password_once(newcomer):
    _, token = invite(newcomer)
    user = accept_invitation(token=token, password=PASSWORD, now=NOW)
    assert user.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=user).verified
    with pytest.raises(LinkTaken):
        accept_invitation(token=token, password="совсем другой 123", now=NOW)
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def test_weak_password_is_refused_and_the_link_stays(newcomer):
    _, token = invite(newcomer)
    with pytest.raises(RuleBroken) as refusal:
        accept_invitation(token=token, password="короткий", now=NOW)
    assert refusal.value.field == "password"
    assert find_invitation(token=token, now=NOW) is not None


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(
            lambda row: Invitation.objects.filter(pk=row.pk).update(expires_at=NOW), id="expired"
        ),
        pytest.param(
            lambda row: User.objects.filter(pk=row.user_id).update(is_active=False), id="blocked"
        ),
        pytest.param(
            lambda row: Invitation.objects.filter(pk=row.pk).update(used_at=NOW), id="used"
        ),
    ],
)
def test_spoilt_invitation_is_like_none(newcomer, spoil):
    row, token = invite(newcomer)
    spoil(row)
    assert find_invitation(token=token, now=NOW) is None


def test_link_never_changes_a_password_that_is_set(newcomer):
    newcomer.set_password(PASSWORD)
    newcomer.save()
    _, token = invite(newcomer)
    accept_invitation(token=token, password="захвачено посторонним", now=NOW)
    newcomer.refresh_from_db()
    assert newcomer.check_password(PASSWORD)


def test_end_sessions_keeps_the_one_named(cast):
    person = cast.home.person("school")
    here, there = Client(), Client()
    for client in (here, there):
        client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert end_sessions([person.pk], but=here.session.session_key) == 1
    assert UserSession.objects.get(user=person).session_key == here.session.session_key
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
