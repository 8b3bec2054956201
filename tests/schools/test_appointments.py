"""Services of people: appointing by letter, substituting, ending, blocking."""

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from profmin.accounts.models import Invitation, User
from profmin.accounts.roles import Role
from profmin.accounts.services import accept_invitation
from profmin.journal.models import JournalEntry
from profmin.journal.services import SYSTEM
from profmin.lib.errors import RuleBroken
from schools.access import access_for
from schools.choices import Rank
from schools.models import Appointment
from schools.services import appointments as services
from schools.services.appointments import Post
from tests.factories.cast import NOW, PASSWORD, TODAY, make_person
from tests.factories.letters import delivered

DEPUTY = Post(Role.SCHOOL, "заместитель директора", Rank.DEPUTY, TODAY)
TOMORROW = TODAY + timedelta(days=1)
NEXT_WEEK = TODAY + timedelta(days=7)


def token_of(letter):
    return re.search(r"/invitations/([^/]+)/", letter.body).group(1)


def invite(cast, *, email="novaya@zarechie.test", by=Role.MUNICIPALITY, **changes):
    """Invites a deputy director to the city's school, as the municipality does."""
    access = cast.home.access(by)
    arguments = {
        "email": email,
        "full_name": "Новикова Елена Петровна",
        "unit": cast.home.other_school,
        "post": DEPUTY,
        "by": access.actor,
        "now": NOW,
        "scope": access.scope,
    } | changes
    return services.invite_and_appoint(**arguments)


def words_of(refusal):
    return refusal.value.message


def test_invited_person_gets_a_letter_and_rights_only_after_following_it(cast):
    row = invite(cast)
    (letter,) = delivered()
    assert letter.to == ["novaya@zarechie.test"]
    assert not row.user.has_usable_password()
    assert access_for(row.user, today=TODAY) is None
    accept_invitation(token=token_of(letter), password=PASSWORD, now=NOW)
    assert access_for(row.user, today=TODAY).unit_id == cast.home.other_school.pk


def test_known_person_of_another_region_looks_like_a_new_one(cast):
    stranger = cast.away.person(Role.MINISTRY)
    known = invite(cast, email=stranger.email)
    new = invite(cast, email="novaya@zarechie.test")
    shown = [
        (row.shown_name, row.is_accepted, str(row))
        for row in Appointment.objects.filter(pk__in=[known.pk, new.pk])
    ]
    assert (
        shown[0]
        == shown[1]
        == (
            "Новикова Елена Петровна",
            False,
            "Новикова Елена Петровна, заместитель директора",
        )
    )
    first, second = (letter.body.replace(token_of(letter), "") for letter in delivered())
    assert first == second
    names = set(JournalEntry.objects.filter(action="person_appointed").values_list("object_name"))
    assert ("Новикова Елена Петровна",) in names


def test_known_person_agrees_and_keeps_the_password(cast):
    stranger = cast.away.person(Role.MINISTRY)
    row = invite(cast, email=stranger.email)
    assert [one.pk for one in access_for(stranger, today=TODAY).others] == []
    accept_invitation(token=token_of(delivered()[0]), password="другой пароль 12", now=NOW)
    stranger.refresh_from_db()
    assert stranger.check_password(PASSWORD)
    assert [one.pk for one in access_for(stranger, today=TODAY).others] == [row.pk]
    assert Appointment.objects.get(pk=row.pk).shown_name == stranger.full_name


def test_person_of_ones_own_needs_no_letter(cast):
    colleague = cast.home.person(Role.SCHOOL)
    row = invite(cast, email=colleague.email.upper())
    assert (row.user, row.is_accepted, row.shown_name) == (colleague, True, colleague.full_name)
    assert delivered() == []


def test_invite_again_ends_the_earlier_link(cast):
    row = invite(cast)
    actor = cast.home.actor(Role.MUNICIPALITY)
    later = NOW + timedelta(minutes=10)
    services.invite_again(appointment=row, by=actor, now=later)
    first, second = (token_of(letter) for letter in delivered())
    with pytest.raises(RuleBroken):
        accept_invitation(token=first, password=PASSWORD, now=later)
    accept_invitation(token=second, password=PASSWORD, now=later)
    with pytest.raises(RuleBroken) as refusal:
        services.invite_again(appointment=Appointment.objects.get(pk=row.pk), by=actor, now=NOW)
    assert words_of(refusal) == "Человек уже принял это назначение: письмо не нужно."


def test_second_invitation_leaves_the_first_open(cast):
    invite(cast)
    invite(cast, unit=cast.home.school)
    assert Invitation.objects.open(NOW).count() == 2
    first, second = (token_of(letter) for letter in delivered())
    accept_invitation(token=first, password=PASSWORD, now=NOW)
    person = accept_invitation(token=second, now=NOW)
    access = access_for(person, today=TODAY)
    assert [access.unit_id, *(row.unit_id for row in access.others)] == [
        cast.home.other_school.pk,
        cast.home.school.pk,
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param(
            {"post": Post(Role.SCHOOL, "учитель", Rank.SPECIALIST, TODAY)},
            "Ответственный в школе — не ниже заместителя директора. "
            "Сейчас указано: специалист, педагог.",
            id="rank too low",
        ),
        pytest.param(
            {"post": Post(Role.MINISTRY, "начальник", Rank.HEAD, TODAY)},
            "Ваша роль не даёт назначать роль «сотрудник министерства».",
            id="role above ones own",
        ),
        pytest.param(
            {"post": Post(Role.MUNICIPALITY, "координатор", Rank.HEAD, TODAY)},
            "Роль «муниципальный координатор» не для организации вида «школа».",
            id="role of another kind",
        ),
        pytest.param(
            {"post": Post(Role.SCHOOL, "директор", Rank.HEAD, TOMORROW, TODAY)},
            "Последний день раньше первого.",
            id="ends before start",
        ),
    ],
)
def test_invite_refuses(cast, changes, words):
    with pytest.raises(RuleBroken) as refusal:
        invite(cast, **changes)
    assert words_of(refusal) == words
    assert not User.objects.filter(email="novaya@zarechie.test").exists()


def test_appoint_refuses_the_same_role_on_the_same_days(cast):
    held = cast.home.people[Role.SCHOOL]
    with pytest.raises(RuleBroken) as refusal:
        services.appoint(user=held.user, unit=held.unit, post=DEPUTY, by=SYSTEM, now=NOW)
    assert words_of(refusal) == "Этот человек уже назначен сюда в этой роли."
    services.end_appointment(appointment=held, on=TODAY, by=SYSTEM, now=NOW)
    later = Post(Role.SCHOOL, "директор", Rank.HEAD, TOMORROW)
    services.appoint(user=held.user, unit=held.unit, post=later, by=SYSTEM, now=NOW)


def test_substitute_holds_the_role_for_its_days(cast):
    absent = cast.home.people[Role.SCHOOL]
    other = make_person("zam@zarechie.test", role=Role.ASSISTANT, unit=cast.home.school)
    row = services.substitute(
        absent=absent,
        user=other.user,
        post="директор",
        rank=Rank.HEAD,
        starts_on=TOMORROW,
        ends_on=NEXT_WEEK,
        by=cast.home.actor(Role.SCHOOL),
        now=NOW,
    )
    assert (row.role, row.unit, row.substitutes) == (Role.SCHOOL, absent.unit, absent)
    roles = [
        {
            appointment.role
            for appointment in Appointment.objects.current(day).filter(user=other.user)
        }
        for day in (TODAY, TOMORROW, NEXT_WEEK, NEXT_WEEK + timedelta(days=1))
    ]
    assert roles == [
        {Role.ASSISTANT},
        {Role.ASSISTANT, Role.SCHOOL},
        {Role.ASSISTANT, Role.SCHOOL},
        {Role.ASSISTANT},
    ]


def test_invite_substitute_sends_the_same_letter(cast):
    access = cast.home.access(Role.MUNICIPALITY)
    row = services.invite_substitute(
        absent=cast.home.people[Role.SCHOOL],
        email=cast.away.person(Role.SCHOOL).email,
        full_name="Новикова Елена Петровна",
        post="директор",
        rank=Rank.HEAD,
        starts_on=TODAY,
        ends_on=NEXT_WEEK,
        by=access.actor,
        now=NOW,
        scope=access.scope,
    )
    assert (row.shown_name, row.is_accepted, len(delivered())) == (
        "Новикова Елена Петровна",
        False,
        1,
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"user": "self"}, "Человек не может замещать сам себя.", id="self"),
        pytest.param(
            {"starts_on": TODAY - timedelta(days=900)},
            "На эту дату назначение не действует.",
            id="before the appointment",
        ),
        pytest.param(
            {"rank": Rank.SPECIALIST},
            "Ответственный в школе — не ниже заместителя директора. "
            "Сейчас указано: специалист, педагог.",
            id="rank too low",
        ),
    ],
)
def test_substitute_refuses(cast, changes, words):
    absent = cast.home.people[Role.SCHOOL]
    arguments = {
        "user": cast.home.person(Role.ASSISTANT),
        "rank": Rank.DEPUTY,
        "starts_on": TODAY,
        "ends_on": NEXT_WEEK,
    } | changes
    if arguments["user"] == "self":
        arguments["user"] = absent.user
    with pytest.raises(RuleBroken) as refusal:
        services.substitute(absent=absent, post="директор", by=SYSTEM, now=NOW, **arguments)
    assert words_of(refusal) == words


def test_substitute_ends_with_the_absent_and_is_not_substituted_itself(cast):
    absent = cast.home.people[Role.SCHOOL]
    services.end_appointment(appointment=absent, on=TOMORROW, by=SYSTEM, now=NOW)
    card = {"post": "директор", "rank": Rank.HEAD, "starts_on": TODAY, "by": SYSTEM, "now": NOW}
    other = cast.home.person(Role.ASSISTANT)
    with pytest.raises(RuleBroken) as refusal:
        services.substitute(absent=absent, user=other, ends_on=NEXT_WEEK, **card)
    assert words_of(refusal) == (
        "Замещаемое назначение кончается 02.10.2026. Укажите последний день не позже."
    )
    row = services.substitute(absent=absent, user=other, ends_on=TOMORROW, **card)
    with pytest.raises(RuleBroken):
        services.substitute(absent=row, user=absent.user, ends_on=TOMORROW, **card)


def test_ended_appointment_ends_sessions(cast):
    held = cast.home.people[Role.SCHOOL]
    client = Client()
    client.post("/accounts/login/", {"login": held.user.email, "password": PASSWORD})
    assert client.get("/account/").status_code == 200
    actor = cast.home.actor(Role.MUNICIPALITY)
    services.end_appointment(appointment=held, on=TODAY, by=actor, now=NOW, reason="приказ № 3")
    assert UserSession.objects.filter(user=held.user).count() == 0
    assert client.get("/account/").status_code == 302
    entry = JournalEntry.objects.get(action="appointment_ended")
    assert (entry.reason, entry.after["ends_on"]) == ("приказ № 3", "2026-10-01")


@pytest.mark.parametrize(
    ("on", "words"),
    [
        pytest.param(
            TODAY - timedelta(days=900),
            "Назначение не может кончиться раньше, чем началось.",
            id="before start",
        ),
        pytest.param(
            NEXT_WEEK,
            "Назначение и так действует до 01.10.2026. Чтобы продлить его, назначьте "
            "человека снова.",
            id="later than its end",
        ),
    ],
)
def test_end_refuses(cast, on, words):
    held = cast.home.people[Role.SCHOOL]
    services.end_appointment(appointment=held, on=TODAY, by=SYSTEM, now=NOW)
    with pytest.raises(RuleBroken) as refusal:
        services.end_appointment(appointment=held, on=on, by=SYSTEM, now=NOW)
    assert words_of(refusal) == words


def test_end_refuses_a_page_opened_before_anothers_change(cast):
    held = cast.home.people[Role.SCHOOL]
    stale = Appointment.objects.get(pk=held.pk)
    services.end_appointment(appointment=held, on=NEXT_WEEK, by=SYSTEM, now=NOW)
    with pytest.raises(RuleBroken) as refusal:
        services.end_appointment(appointment=stale, on=TODAY, by=SYSTEM, now=NOW)
    assert words_of(refusal) == ("Назначение уже изменил кто-то другой. Откройте страницу заново.")


def test_blocked_person_loses_sessions_and_comes_back(cast, sign_in):
    person = cast.home.person(Role.SCHOOL)
    client = sign_in(person)
    deed = {
        "user": person,
        "unit": cast.home.school,
        "by": cast.home.actor(Role.ADMINISTRATOR),
        "now": NOW,
        "today": TODAY,
        "scope": cast.home.access(Role.ADMINISTRATOR).scope,
    }
    services.set_active(active=False, **deed)
    assert client.get("/account/").status_code == 302
    assert access_for(person, today=TODAY) is None
    services.set_active(active=False, **deed)
    assert JournalEntry.objects.filter(action="person_blocked").count() == 1
    services.set_active(active=True, **deed)
    assert access_for(person, today=TODAY) is not None


def test_block_refuses_oneself_and_people_of_other_places(cast):
    access = cast.home.access(Role.ADMINISTRATOR)
    deed = {
        "unit": cast.home.school,
        "active": False,
        "by": access.actor,
        "now": NOW,
        "today": TODAY,
        "scope": access.scope,
    }
    with pytest.raises(RuleBroken) as refusal:
        services.set_active(user=access.user, **deed)
    assert words_of(refusal) == "Заблокировать самого себя нельзя."
    both = make_person(
        cast.away.person(Role.MINISTRY).email, role=Role.SCHOOL, unit=cast.home.school
    )
    with pytest.raises(RuleBroken):
        services.set_active(user=both.user, **deed)
    assert User.objects.get(pk=both.user_id).is_active


@pytest.mark.parametrize(
    ("role", "kind", "given"),
    [
        pytest.param(Role.SCHOOL, "school", [Role.SCHOOL, Role.ASSISTANT], id="school"),
        pytest.param(
            Role.MUNICIPALITY,
            "school",
            [Role.SCHOOL, Role.ASSISTANT, Role.OBSERVER],
            id="municipality at a school",
        ),
        pytest.param(
            Role.MINISTRY, "region", [Role.MINISTRY, Role.OBSERVER], id="ministry at a region"
        ),
        pytest.param(
            Role.ADMINISTRATOR,
            "region",
            [Role.MINISTRY, Role.OBSERVER, Role.ADMINISTRATOR],
            id="administrator at a region",
        ),
        pytest.param(Role.OBSERVER, "school", [], id="observer"),
    ],
)
def test_roles_to_give(role, kind, given):
    assert services.roles_to_give(role, kind) == given
