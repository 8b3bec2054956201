"""Attacks by new addresses and invitations: nobody gets an account that is not theirs."""

from datetime import timedelta

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
from django.utils import timezone

from profmin.accounts.models import EmailChange, Invitation, SignInDelay, User
from profmin.accounts.roles import Role
from profmin.journal.models import JournalEntry
from profmin.journal.services import SYSTEM
from profmin.lib.errors import RuleBroken
from schools.choices import Rank
from schools.models import Appointment
from schools.services.appointments import (
    Post,
    appoint,
    invite_again,
    set_active,
)
from schools.services.people import rename_person
from tests.factories.admin_pages import change, errors_of, page_address
from tests.factories.cast import PASSWORD
from tests.factories.letters import delivered
from tests.factories.people_pages import (
    EVIL,
    NEWCOMER,
    OTHERS,
    ask,
    confirm,
    end,
    invite,
    text,
    works_elsewhere,
)
from tests.factories.plans import in_days

# --- A new address: rights are read when the link is followed ---------------------------------


def asked_elsewhere(cast, held):
    works_elsewhere(cast, held)
    row = Appointment.objects.latest("pk")
    row.invitation = Invitation.objects.create(
        user=held.user,
        email=held.user.email,
        token_hash="x",
        created_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=1),
    )
    row.save()


def left(cast, held):
    Appointment.objects.filter(pk=held.pk).update(ends_on=in_days(-1))


def asker_left(cast, held):
    left(cast, cast.home.people[Role.ADMINISTRATOR])


def asker_blocked(cast, held):
    User.objects.filter(pk=cast.home.person(Role.ADMINISTRATOR).pk).update(is_active=False)


def asker_has_another_role(cast, held):
    row = cast.home.people[Role.ADMINISTRATOR]
    Appointment.objects.filter(pk=row.pk).update(role=Role.MINISTRY)


def asker_has_another_place(cast, held):
    row = cast.home.people[Role.ADMINISTRATOR]
    Appointment.objects.filter(pk=row.pk).update(unit=cast.home.district)


@pytest.mark.parametrize(
    "spoil",
    [
        works_elsewhere,
        asked_elsewhere,
        left,
        asker_left,
        asker_blocked,
        asker_has_another_role,
        asker_has_another_place,
    ],
    ids=lambda spoil: spoil.__name__,
)
def test_link_of_who_might_not_ask_now_answers_like_an_unknown_one(cast, held, asked, spoil):
    """The rows change behind the services, so that only the look at confirmation is left."""
    former = held.user.email
    spoil(cast, held)
    unknown = confirm("/email/unknown/")
    answer = confirm(asked[0])
    assert (answer.status_code, answer.content) == (404, unknown.content)
    held.user.refresh_from_db()
    assert held.user.email == former
    assert not JournalEntry.objects.filter(action="email_changed").exists()


def appointed(cast, held):
    post = Post(Role.ASSISTANT, "педагог", Rank.SPECIALIST, in_days(0))
    appoint(user=held.user, unit=cast.home.school, post=post, by=SYSTEM, now=timezone.now())


def invited(cast, held):
    invite(cast.away, held.user.email)


def asker_ended(cast, held):
    end(cast.home.people[Role.ADMINISTRATOR])


def asker_shut_out(cast, held):
    set_active(
        user=cast.home.person(Role.ADMINISTRATOR),
        unit=cast.home.region,
        active=False,
        by=SYSTEM,
        now=timezone.now(),
        today=in_days(0),
    )


@pytest.mark.parametrize(
    "deed",
    [appointed, invited, asker_ended, asker_shut_out],
    ids=lambda deed: deed.__name__,
)
def test_open_change_ends_with_a_new_appointment_and_with_its_asker(cast, held, asked, deed):
    deed(cast, held)
    assert EmailChange.objects.open(timezone.now()).count() == 0
    assert confirm(asked[0]).status_code == 404


def test_open_change_ends_when_an_invitation_is_accepted(cast, held, boss):
    _, place = invite(cast.home, NEWCOMER)
    Client().post(place, {"password": PASSWORD, "password_again": PASSWORD})
    row = Appointment.objects.latest("pk")
    _, again = invite(cast.away, NEWCOMER)
    EmailChange.objects.create(
        user=row.user,
        email=EVIL,
        unit_id=row.unit_id,
        token_hash="x",
        cancel_hash="y",
        created_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=1),
    )
    assert Client().post(again).status_code == 302
    assert EmailChange.objects.open(timezone.now()).count() == 0


# --- A new address: the link alone is not enough ----------------------------------------------


@pytest.mark.parametrize("data", [{"password": ""}, {"password": "не тот пароль совсем"}])
def test_mistyped_address_does_not_give_the_account_away(held, asked, data):
    answer = confirm(asked[0], **data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["password"])
    held.user.refresh_from_db()
    assert held.user.email == "school@zarechie.test"


def test_wrong_passwords_of_the_link_count_like_those_of_sign_in(held, asked):
    for _ in range(6):
        confirm(asked[0], password="не тот пароль совсем")
    assert SignInDelay.objects.get(kind="account").failures == 5  # the sixth waits
    answer = confirm(asked[0])
    assert answer.status_code == 400
    assert "Слишком много неверных попыток" in text(answer)


def test_owner_who_is_signed_in_needs_no_password(held, asked, sign_in):
    client = sign_in(held.user)
    assert "Ваш пароль" not in text(client.get(asked[0]))
    assert client.post(asked[0]).status_code == 302
    held.user.refresh_from_db()
    assert held.user.email == EVIL


def test_somebody_else_who_is_signed_in_needs_the_password(cast, held, asked, sign_in):
    client = sign_in(cast.home.person(Role.ASSISTANT))
    assert client.post(asked[0]).status_code == 400


@pytest.mark.parametrize("is_right", [True, False])
def test_second_factor_is_asked_for_too(held, asked, is_right):
    cache.clear()
    secret = generate_totp_secret()
    TOTP.activate(held.user, secret)
    right = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    answer = confirm(asked[0], code=right if is_right else "")
    assert answer.status_code == (302 if is_right else 400)
    held.user.refresh_from_db()
    assert (held.user.email == EVIL) is is_right


def test_owner_cancels_by_the_link_of_the_warning(held, asked):
    confirming, cancelling = asked
    assert cancelling.endswith("/cancel/")
    assert (Client().get(cancelling).status_code, Client().post(cancelling).status_code) == (
        200,
        302,
    )
    assert confirm(confirming).status_code == 404
    assert (Client().get(cancelling).status_code, Client().post(cancelling).status_code) == (
        404,
        404,
    )
    entry = JournalEntry.objects.get(action="email_change_cancelled")
    assert (entry.before, entry.after) == ({"email": EVIL}, {"email": "school@zarechie.test"})


def test_links_do_not_open_each_others_pages(asked):
    confirming, cancelling = asked
    assert Client().get(f"{confirming}cancel/").status_code == 404
    assert Client().get(cancelling.removesuffix("cancel/")).status_code == 404


# --- An invitation belongs to its mailbox -----------------------------------------------------


def test_invitation_is_dead_once_the_person_has_another_address(cast):
    row, place = invite(cast.away, NEWCOMER)
    User.objects.filter(pk=row.user_id).update(email=EVIL)
    answer = Client().post(place, {"password": PASSWORD, "password_again": PASSWORD})
    row.refresh_from_db()
    assert (answer.status_code, row.is_accepted) == (404, False)


def test_new_address_ends_the_invitations_to_the_former_one(cast, held, asked):
    row = Appointment.objects.create(
        user=held.user,
        unit=cast.home.region,
        **vars(Post(Role.OBSERVER, "эксперт", Rank.DEPARTMENT, in_days(0))),
        invitation=Invitation.objects.create(
            user=held.user,
            email=held.user.email,
            token_hash="x",
            created_at=timezone.now(),
            expires_at=timezone.now() + timedelta(days=1),
        ),
    )
    assert confirm(asked[0]).status_code == 302
    assert not Invitation.objects.open(timezone.now()).filter(pk=row.invitation_id).exists()


def test_invitation_sent_again_goes_to_the_mailbox_that_was_named(cast):
    row, _ = invite(cast.away, NEWCOMER)
    stranger = row.user_id
    User.objects.filter(pk=stranger).update(email=EVIL)
    row = Appointment.objects.select_related("invitation", "user", "unit").get(pk=row.pk)
    later = timezone.now() + timedelta(minutes=11)
    invite_again(appointment=row, by=cast.away.actor(Role.ADMINISTRATOR), now=later)
    assert delivered()[-1].to == [NEWCOMER]
    row.refresh_from_db()
    assert (row.user.email, row.user_id == stranger) == (NEWCOMER, False)


@pytest.fixture
def both(cast):
    """Somebody who accepted at home and is asked to the other region: both rows."""
    away, _ = invite(cast.away, NEWCOMER, role=Role.MINISTRY)
    home, place = invite(cast.home, NEWCOMER)
    Client().post(place, {"password": PASSWORD, "password_again": PASSWORD})
    home.refresh_from_db()
    assert home.is_accepted
    return home, away


def test_who_is_asked_elsewhere_is_neither_renamed_nor_blocked(both, boss):
    home, _ = both
    sent = len(delivered())
    answers = [
        ask(boss, home),
        boss.post(f"/people/{home.pk}/edit/", {"full_name": "Чужой", "email": NEWCOMER}),
        boss.post(f"/people/{home.pk}/block/", {"to": "out", "reason": ""}),
    ]
    assert [(one.status_code, OTHERS in text(one)) for one in answers] == [(400, True)] * 3
    refused = change(boss, "accounts_user", home.user_id, is_active=False)
    assert OTHERS in str(errors_of(refused))
    home.user.refresh_from_db()
    assert (home.user.full_name, home.user.email) == ("Приглашённый Иван", NEWCOMER)
    assert (home.user.is_active, len(delivered())) == (True, sent)


@pytest.mark.parametrize("page", ["edit", "block"])
def test_who_has_left_is_nobody_of_ones_own(held, boss, page):
    end(held)
    data = {"full_name": "Чужой", "email": EVIL, "to": "out", "reason": ""}
    place = f"/people/{held.pk}/{page}/"
    assert (boss.get(place).status_code, boss.post(place, data).status_code) == (404, 404)
    assert boss.get(page_address("accounts_user", held.user_id)).status_code == 404


def test_services_refuse_who_has_left_without_telling_where_to(cast, held):
    end(held)
    works_elsewhere(cast, held)
    access = cast.home.access(Role.ADMINISTRATOR)
    deed = {
        "user": held.user,
        "unit": held.unit,
        "by": access.actor,
        "now": timezone.now(),
        "today": in_days(0),
        "scope": access.scope,
    }
    refusals = []
    for service, more in ((rename_person, {"full_name": "Чужой"}), (set_active, {"active": False})):
        with pytest.raises(RuleBroken) as refusal:
            service(**deed, **more)
        refusals.append(refusal.value.message)
    assert refusals == ["Сейчас этот человек у вас не работает."] * 2
