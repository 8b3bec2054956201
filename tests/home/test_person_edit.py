"""A person's name and address: the administrator's page, one's own page, the link of the letter."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from profmin.accounts.models import EmailChange, User
from profmin.accounts.roles import Role
from profmin.journal.models import JournalEntry
from schools.models import Appointment
from tests.factories.cast import PASSWORD, make_person
from tests.factories.letters import delivered

NEW = "sinitsyn@zarechie.test"


@pytest.fixture
def held(cast):
    return cast.home.people[Role.SCHOOL]


@pytest.fixture
def administrator(cast, sign_in):
    return sign_in(cast.home.person(Role.ADMINISTRATOR))


def edit(client, held, **changes):
    data = {"full_name": held.user.full_name, "email": held.user.email, "reason": ""} | changes
    return client.post(f"/people/{held.pk}/edit/", data)


def link_in(letter):
    return re.search(r"/email/[^/]+/", letter.body).group(0)


def confirm(place, client=None, **changes):
    return (client or Client()).post(place, {"password": PASSWORD} | changes)


def wait():
    """As if the last letter had been sent a while ago."""
    EmailChange.objects.update(created_at=timezone.now() - timedelta(minutes=11))


def text(answer):
    return answer.content.decode().replace("\u00a0", " ")


def told(action):
    return JournalEntry.objects.filter(action=action).order_by("pk")


def test_administrator_corrects_a_name(held, administrator):
    assert edit(administrator, held, full_name=" Синицын  Олег Игоревич ").status_code == 302
    held.user.refresh_from_db()
    assert held.user.full_name == "Синицын Олег Игоревич"
    (entry,) = told("person_renamed")
    assert (entry.before, entry.after, entry.unit_id) == (
        {"full_name": "Синицын Олег Юрьевич"},
        {"full_name": "Синицын Олег Игоревич"},
        held.unit_id,
    )
    assert delivered() == []


def test_new_address_waits_for_its_link(held, administrator):
    former = held.user.email
    edit(administrator, held, email=NEW.upper(), reason="Сменил почту")
    held.user.refresh_from_db()
    assert held.user.email == former
    to_new, to_former = delivered()
    assert (to_new.to, to_former.to) == ([NEW], [former])
    assert link_in(to_new) not in to_former.body
    assert NEW not in to_former.body
    (entry,) = told("email_change_asked")
    assert (entry.before, entry.after, entry.reason) == (
        {"email": former},
        {"email": NEW},
        "Сменил почту",
    )
    assert f"новая, {NEW}, ждёт подтверждения" in text(administrator.get(f"/people/{held.pk}/"))


def test_followed_link_changes_the_address_and_ends_the_sessions(held, administrator):
    former, theirs = held.user.email, Client()
    theirs.post("/accounts/login/", {"login": former, "password": PASSWORD})
    assert theirs.get("/account/").status_code == 200
    edit(administrator, held, email=NEW)
    place = link_in(delivered()[0])
    client = Client()
    page = client.get(place)
    assert (page.status_code, page["Referrer-Policy"]) == (200, "no-referrer")
    held.user.refresh_from_db()
    assert held.user.email == former  # reading changes nothing
    answer = confirm(place, client)
    assert (answer.status_code, answer.url) == (302, "/accounts/login/")
    held.user.refresh_from_db()
    assert held.user.email == NEW
    assert theirs.get("/account/").status_code == 302
    assert "_auth_user_id" not in client.session
    assert list(EmailAddress.objects.filter(user=held.user).values_list("email", "verified")) == [
        (NEW, True)
    ]
    (entry,) = told("email_changed")
    assert (entry.before, entry.after, entry.unit_id) == (
        {"email": former},
        {"email": NEW},
        held.unit_id,
    )


def test_new_address_signs_in_and_the_former_does_not(held, administrator):
    former = held.user.email
    edit(administrator, held, email=NEW)
    confirm(link_in(delivered()[0]))
    signed_in = []
    for email in (former, NEW):
        client = Client()
        client.post("/accounts/login/", {"login": email, "password": PASSWORD})
        signed_in.append("_auth_user_id" in client.session)
    assert signed_in == [False, True]


def test_link_works_once_and_the_later_one_alone(held, administrator):
    edit(administrator, held, email="pervaya@zarechie.test")
    wait()
    edit(administrator, held, email=NEW)
    first, _, second, _ = delivered()
    assert confirm(link_in(first)).status_code == 404
    assert confirm(link_in(second)).status_code == 302
    assert confirm(link_in(second)).status_code == 404
    held.user.refresh_from_db()
    assert held.user.email == NEW


@pytest.mark.parametrize("spoil", ["expired", "blocked", "invented"])
def test_spoilt_link_is_like_none(held, administrator, spoil):
    edit(administrator, held, email=NEW)
    place = link_in(delivered()[0])
    if spoil == "expired":
        EmailChange.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif spoil == "blocked":
        User.objects.filter(pk=held.user_id).update(is_active=False)
    else:
        place = "/email/invented/"
    assert (Client().get(place).status_code, confirm(place).status_code) == (404, 404)


def test_link_is_kept_as_a_hash_and_told_nowhere(held, administrator):
    edit(administrator, held, email=NEW)
    tokens = [link_in(letter).split("/")[2] for letter in delivered()]
    kept = str([*EmailChange.objects.values(), *JournalEntry.objects.values()])
    assert [token in kept for token in tokens] == [False, False]


def test_address_of_a_stranger_looks_like_a_new_one(cast, held, administrator):
    stranger = cast.away.person(Role.MINISTRY)
    known = edit(administrator, held, email=stranger.email)
    wait()
    new = edit(administrator, held, email=NEW)
    assert (known.status_code, known.url) == (new.status_code, new.url)
    wait()
    edit(administrator, held, email=stranger.email)
    answer = confirm(link_in(delivered()[4]))
    assert answer.status_code == 400
    assert "уже входит другая учётная запись" in text(answer)
    held.user.refresh_from_db()
    assert held.user.email == "school@zarechie.test"


def test_address_of_a_colleague_is_refused_at_once(cast, held, administrator):
    answer = edit(administrator, held, email=cast.home.person(Role.ASSISTANT).email)
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["email"])
    assert delivered() == []


def test_person_of_another_region_does_not_exist(cast, administrator):
    foreign = cast.away.people[Role.SCHOOL]
    assert administrator.get(f"/people/{foreign.pk}/edit/").status_code == 404
    assert edit(administrator, foreign, full_name="Чужой").status_code == 404


@pytest.mark.parametrize("change", [{"email": NEW}, {"full_name": "Другой Человек"}])
def test_who_works_elsewhere_too_is_left_alone(cast, held, administrator, change):
    make_person(held.user.email, role=Role.SCHOOL, unit=cast.away.school)
    answer = edit(administrator, held, **change)
    assert answer.status_code == 400
    assert "работает не только в ваших организациях" in text(answer)
    assert (EmailChange.objects.count(), told("person_renamed").count()) == (0, 0)


def test_refused_address_leaves_the_name_too(cast, held, administrator):
    email = cast.home.person(Role.ASSISTANT).email
    edit(administrator, held, full_name="Другой Человек", email=email)
    held.user.refresh_from_db()
    assert held.user.full_name == "Синицын Олег Юрьевич"


def test_invited_person_is_not_edited(cast, held, administrator):
    pending = Appointment.objects.get(pk=held.pk)
    User.objects.create_user("zhdut@zarechie.test", full_name="Ждут Ответа")
    administrator.post(
        "/people/appoint/",
        {
            "email": "novaya@zarechie.test",
            "full_name": "Новикова Елена",
            "unit": cast.home.school.pk,
            "role": "school",
            "post": "заместитель директора",
            "rank": "deputy",
            "starts_on": timezone.localdate().isoformat(),
        },
    )
    pending = Appointment.objects.latest("pk")
    assert not pending.is_accepted
    assert administrator.get(f"/people/{pending.pk}/edit/").status_code == 404


@pytest.mark.parametrize("role", [Role.MINISTRY, Role.MUNICIPALITY, Role.SCHOOL])
def test_others_may_not_edit_people(cast, held, sign_in, role):
    assert sign_in(cast.home.person(role)).get(f"/people/{held.pk}/edit/").status_code == 403


def test_person_corrects_the_own_name(held, sign_in):
    client = sign_in(held.user)
    answer = client.post("/account/name/", {"full_name": "Синицын Олег Игоревич"})
    assert (answer.status_code, answer.url) == (302, "/account/")
    assert "Синицын Олег Игоревич" in text(client.get("/account/"))
    (entry,) = told("person_renamed")
    assert (entry.actor_id, entry.unit_id) == (held.user_id, held.unit_id)


def test_person_without_a_role_corrects_the_own_name(db, sign_in):
    person = User.objects.create_user("nobody@zarechie.test", PASSWORD, full_name="Без роли")
    sign_in(person).post("/account/name/", {"full_name": "Ролев Борис"})
    person.refresh_from_db()
    assert person.full_name == "Ролев Борис"


def test_empty_name_is_refused(held, sign_in):
    answer = sign_in(held.user).post("/account/name/", {"full_name": "   "})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["full_name"])


def test_journal_shows_no_address_to_who_may_not_see_contacts(cast, held, administrator, sign_in):
    edit(administrator, held, email=NEW)
    page = text(sign_in(cast.home.person(Role.OBSERVER)).get("/journal/?type=user"))
    assert "указана новая почта человека" in page
    assert NEW not in page
