"""Attacks by what is told: names and contacts of people elsewhere, floods of letters."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from plans.access import reports_for
from plans.choices import DueState, PartyKind
from plans.models import Assignment, Due
from profmin.accounts.models import EmailChange, Invitation, User
from profmin.accounts.roles import Role
from profmin.journal.models import JournalEntry
from profmin.journal.services import SYSTEM
from schools.choices import Rank
from schools.services.appointments import (
    Post,
    invite_and_appoint,
)
from schools.services.people import rename_person
from tests.factories.cast import PASSWORD, make_person
from tests.factories.letters import delivered
from tests.factories.people_pages import EVIL, NEWCOMER, ask, end, invite, text, works_elsewhere
from tests.factories.plans import in_days, planned, publish_roadmap

# --- What is told of people -------------------------------------------------------------------


def test_real_name_of_who_has_not_agreed_stands_on_no_task(cast, sign_in):
    stranger = cast.away.person(Role.MINISTRY)
    User.objects.filter(pk=stranger.pk).update(full_name="Тайная Марфа Игнатьевна")
    due = in_days(9)
    roadmap = publish_roadmap(cast.home.region, [planned("1", PartyKind.SCHOOL, due=due)])
    task = Assignment.objects.get(roadmap=roadmap, unit=cast.home.other_school)
    Due.objects.filter(assignment=task).update(state=DueState.DONE, done_on=in_days(0))
    client = sign_in(cast.home.person(Role.MUNICIPALITY))
    before = text(client.get(f"/assignments/{task.pk}/"))
    invite_and_appoint(
        email=stranger.email,
        full_name="Проба Анна",
        unit=cast.home.other_school,
        post=Post(Role.SCHOOL, "директор", Rank.HEAD, in_days(0)),
        by=cast.home.actor(Role.MUNICIPALITY),
        now=timezone.now(),
        scope=cast.home.access(Role.MUNICIPALITY).scope,
    )
    page = text(client.get(f"/assignments/{task.pk}/"))
    assert "ещё нет назначенного человека" in before
    assert "ещё нет назначенного человека" in page
    assert "Тайная" not in page


def test_operator_stands_in_until_the_partner_has_agreed(cast):
    end(cast.home.people[Role.PARTNER])
    publish_roadmap(cast.home.region, [planned("1", PartyKind.SCHOOL, due=in_days(9))])
    task = Assignment.objects.filter(unit=cast.home.school).get()
    Assignment.objects.filter(pk=task.pk).update(
        unit=cast.home.partner, path=cast.home.partner.path
    )
    task = Assignment.objects.select_related("unit").get(pk=task.pk)
    access = cast.home.access(Role.OPERATOR)
    answers = [reports_for(access, task, today=in_days(0))]
    _, place = invite(cast.home, NEWCOMER, role=Role.PARTNER, unit=cast.home.partner)
    answers.append(reports_for(access, task, today=in_days(0)))
    Client().post(place, {"password": PASSWORD, "password_again": PASSWORD})
    answers.append(reports_for(access, task, today=in_days(0)))
    assert answers == [True, True, False]


TODAY_OF_THEM = ("new-address@ozero.test", "+7 999 000", "Новая")


def moved_away(cast, held):
    """Leaves home, works in the other region under another name and address."""
    end(held)
    works_elsewhere(cast, held)
    rename_person(
        user=held.user,
        unit=cast.away.region,
        full_name="Новая Фамилия",
        by=SYSTEM,
        now=timezone.now(),
        today=in_days(0),
    )
    User.objects.filter(pk=held.user_id).update(email=TODAY_OF_THEM[0], phone=TODAY_OF_THEM[1])


@pytest.mark.parametrize(
    "path",
    [
        "/people/{row}/",
        "/people/?state=ended",
        "/people/?q=новая",
        "/admin/schools/appointment/",
        "/admin/schools/appointment/{row}/change/",
        "/admin/accounts/user/",
    ],
)
def test_who_has_left_is_told_of_as_in_that_time(cast, held, boss, path):
    name = held.user.full_name
    moved_away(cast, held)
    page = text(boss.get(path.format(row=held.pk)))
    assert [word for word in TODAY_OF_THEM if word in page.replace("q=новая", "")] == []
    if "state=ended" in path or "{row}" in path:
        assert name in page


def test_contacts_of_who_still_works_here_stay(cast, held, boss):
    make_person(held.user.email, role=Role.ASSISTANT, unit=cast.home.other_school)
    end(held)
    assert held.user.email in text(boss.get(f"/people/{held.pk}/"))


def test_looking_at_no_contacts_is_not_written_down(held, boss):
    end(held)
    boss.get(f"/people/{held.pk}/")
    assert not JournalEntry.objects.filter(action="contacts_viewed").exists()


@pytest.mark.parametrize("path", ["/people/{row}/", "/units/{unit}/"])
def test_waiting_invitation_shows_the_mailbox_that_was_named(cast, boss, path):
    stranger = cast.away.person(Role.SCHOOL)
    named = stranger.email
    row, _ = invite(cast.home, named)
    User.objects.filter(pk=stranger.pk).update(email=TODAY_OF_THEM[0])
    page = text(boss.get(path.format(row=row.pk, unit=row.unit_id)))
    assert (named in page, TODAY_OF_THEM[0] in page) == (True, False)


def test_blocked_elsewhere_is_not_told_of_who_has_left(held, boss):
    end(held)
    User.objects.filter(pk=held.user_id).update(is_active=False)
    assert list(boss.get("/people/?state=blocked").context["rows"]) == []


def test_who_has_left_must_agree_anew(cast, held):
    """An ended appointment makes nobody known: the answer is as for a new address."""
    end(held)
    row, _ = invite(cast.home, held.user.email, name="Проба Анна")
    assert (row.is_accepted, row.shown_name) == (False, "Проба Анна")


# --- Floods of letters ------------------------------------------------------------------------


def sent_a_while_ago(model):
    model.objects.update(created_at=timezone.now() - timedelta(minutes=11))


def test_letter_goes_again_after_a_pause_only(cast, boss):
    row, _ = invite(cast.home, NEWCOMER)
    for _ in range(3):
        boss.post(f"/people/{row.pk}/invite-again/")
    assert len(delivered()) == 1
    sent_a_while_ago(Invitation)
    boss.post(f"/people/{row.pk}/invite-again/")
    assert len(delivered()) == 2


def test_new_address_is_asked_for_after_a_pause_only(held, boss, asked):
    assert ask(boss, held, "another@zarechie.test").status_code == 400
    assert len(delivered()) == 2
    sent_a_while_ago(EmailChange)
    assert ask(boss, held, "another@zarechie.test").status_code == 302


@pytest.mark.parametrize(
    ("count", "same", "is_refused"),
    [
        pytest.param(199, False, False, id="below the limit of a day"),
        pytest.param(200, False, True, id="limit of a day"),
        pytest.param(19, True, False, id="below the limit of a mailbox"),
        pytest.param(20, True, True, id="limit of a mailbox"),
    ],
)
@pytest.mark.parametrize("model", [Invitation, EmailChange])
def test_letters_of_one_are_limited(cast, held, boss, model, count, same, is_refused):
    more = {
        "cancel_hash": "",
        "unit_id": held.unit_id,
        "asked_by": cast.home.person("administrator"),
    }
    if model is Invitation:
        more = {"invited_by": cast.home.person("administrator")}
    other = cast.home.person(Role.ASSISTANT)
    rows = [
        model(
            user=other,
            email=EVIL if same else f"{number}@zarechie.test",
            token_hash=str(number),
            created_at=timezone.now() - timedelta(hours=20),
            expires_at=timezone.now(),
            **(more | ({"cancel_hash": str(number)} if model is EmailChange else {})),
        )
        for number in range(count)
    ]
    model.objects.bulk_create(rows)
    if model is EmailChange:
        answer = ask(boss, held)
    else:
        data = {"email": EVIL, "full_name": "Новикова Елена", "unit": cast.home.school.pk}
        data |= {"role": "assistant", "post": "педагог", "rank": "specialist"}
        answer = boss.post("/people/appoint/", data | {"starts_on": in_days(0).isoformat()})
    assert (answer.status_code, "слишком много писем" in text(answer)) == (
        (400, True) if is_refused else (302, False)
    )
