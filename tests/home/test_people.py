"""Pages of people: the list, one person, inviting, substituting, ending, blocking."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from profmin.accounts.models import Invitation, User
from profmin.accounts.roles import Role
from profmin.journal.models import JournalEntry
from profmin.journal.services import SYSTEM
from schools.models import Appointment
from schools.services.appointments import end_appointment
from tests.factories.cast import NOW, make_person
from tests.factories.letters import delivered
from tests.samples import pdf_files

NAME = "Новикова Елена Петровна"


def day(shift=0):
    return (timezone.localdate() + timedelta(days=shift)).isoformat()


def text(answer):
    return unescape(answer.content.decode()).replace("\u00a0", " ")


def shown(answer):
    return [row["appointment"].shown_name for row in answer.context["rows"]]


@pytest.fixture
def administrator(cast, sign_in):
    return sign_in(cast.home.person(Role.ADMINISTRATOR))


@pytest.fixture
def municipality(cast, sign_in):
    return sign_in(cast.home.person(Role.MUNICIPALITY))


def appoint_data(cast, **changes):
    return {
        "email": "novaya@zarechie.test",
        "full_name": NAME,
        "unit": cast.home.other_school.pk,
        "role": "school",
        "post": "заместитель директора",
        "rank": "deputy",
        "starts_on": day(),
    } | changes


# --- The list ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "names"),
    [
        pytest.param(
            Role.MUNICIPALITY,
            ["Синицын Олег Юрьевич", "Соколова Вера Павловна", "Чижова Дарья Львовна"],
            id="municipality",
        ),
        pytest.param(Role.SCHOOL, ["Синицын Олег Юрьевич", "Чижова Дарья Львовна"], id="school"),
    ],
)
def test_people_lists_the_own_subtree(cast, sign_in, role, names):
    assert shown(sign_in(cast.home.person(role)).get("/people/")) == names


def test_people_list_holds_no_contacts(administrator):
    assert "@zarechie.test" not in text(administrator.get("/people/"))


@pytest.mark.parametrize("role", [Role.ASSISTANT, Role.PARTNER, Role.OBSERVER])
def test_people_are_closed_to_those_who_need_no_contacts(cast, sign_in, role):
    client = sign_in(cast.home.person(role))
    place = f"/people/{cast.home.people[Role.SCHOOL].pk}/"
    assert [client.get("/people/").status_code, client.get(place).status_code] == [403, 403]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        pytest.param("role=school", [NAME, "Синицын Олег Юрьевич"], id="role"),
        pytest.param("kind=operator", ["Журавлёв Пётр Ильич"], id="kind of unit"),
        pytest.param("q=ЖУРАВЛЕВ", ["Журавлёв Пётр Ильич"], id="word, е for ё"),
        pytest.param("q=колледж", ["Грачёв Илья Маркович"], id="unit"),
        pytest.param("state=ended", ["Дятлова Нина Андреевна"], id="ended"),
        pytest.param("state=invited", [NAME], id="invited"),
        pytest.param("state=blocked", ["Лебедева Анна Сергеевна"], id="blocked"),
    ],
)
def test_people_filters(cast, administrator, municipality, query, names):
    end_appointment(
        appointment=cast.home.people[Role.OBSERVER],
        on=timezone.localdate() - timedelta(days=1),
        by=SYSTEM,
        now=NOW,
    )
    municipality.post("/people/appoint/", appoint_data(cast))
    User.objects.filter(pk=cast.home.person(Role.MINISTRY).pk).update(is_active=False)
    assert shown(administrator.get(f"/people/?{query}")) == names


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("role=nonsense", id="value outside the list"),
        pytest.param("user__email__startswith=l", id="hidden field"),
        pytest.param("sort=user__email", id="order by a hidden field"),
    ],
)
def test_people_refuse_what_they_do_not_know(administrator, query):
    answer = administrator.get(f"/people/?{query}")
    assert (answer.status_code, shown(answer)) == (400, [])


@pytest.mark.parametrize("count", [1, 3])
def test_people_cost_the_same_for_any_length(cast, administrator, django_assert_num_queries, count):
    for number in range(count):
        make_person(f"more{number}@zarechie.test", role=Role.SCHOOL, unit=cast.home.far_school)
    administrator.get("/people/")
    with django_assert_num_queries(8):
        administrator.get("/people/")


# --- One person -------------------------------------------------------------------------------


def test_person_page_tells_contacts_and_act(cast, municipality):
    held = cast.home.people[Role.SCHOOL]
    Appointment.objects.filter(pk=held.pk).update(act_number="41-к", act_date="2025-09-01")
    page = text(municipality.get(f"/people/{held.pk}/"))
    for words in ("Синицын Олег Юрьевич", "school@zarechie.test", "№ 41-к", "1 сентября 2025"):
        assert words in page
    assert JournalEntry.objects.filter(action="contacts_viewed").count() == 1


def test_person_page_shows_only_appointments_of_ones_own(cast, municipality):
    held = cast.home.people[Role.SCHOOL]
    make_person(held.user.email, role=Role.ASSISTANT, unit=cast.home.other_school)
    make_person(held.user.email, role=Role.SCHOOL, unit=cast.away.school)
    others = municipality.get(f"/people/{held.pk}/").context["others"]
    assert [one["appointment"].unit for one in others] == [cast.home.other_school]


@pytest.mark.parametrize("suffix", ["", "substitute/", "end/", "block/"])
def test_foreign_and_absent_people_do_not_exist(cast, administrator, suffix):
    foreign = administrator.get(f"/people/{cast.away.people[Role.SCHOOL].pk}/{suffix}")
    absent = administrator.get(f"/people/999999/{suffix}")
    assert (foreign.status_code, foreign.content) == (404, absent.content)


def test_invite_again_of_a_foreign_appointment_does_not_exist(cast, administrator):
    place = f"/people/{cast.away.people[Role.SCHOOL].pk}/invite-again/"
    assert administrator.post(place).status_code == 404
    assert administrator.get(place).status_code == 405


# --- Appointing -------------------------------------------------------------------------------


def test_appoint_sends_a_letter_and_shows_the_waiting(cast, municipality):
    answer = municipality.post("/people/appoint/", appoint_data(cast))
    row = Appointment.objects.latest("pk")
    assert (answer.status_code, answer.url) == (302, f"/people/{row.pk}/")
    page = text(municipality.get(answer.url))
    assert "На novaya@zarechie.test отправлено письмо со ссылкой." in page
    assert "ждём ответа на приглашение" in page
    assert [letter.to for letter in delivered()] == [["novaya@zarechie.test"]]


def told(page, email):
    """What a page tells, without the address that was typed and the keys of rows."""
    page = re.sub(r'value="[^"]{40,}"|"X-CSRFToken": "[^"]+"', "", text(page))
    return re.sub(r"\d+", "N", page.replace(email, "EMAIL"))


def test_person_known_elsewhere_answers_like_a_new_one(cast, municipality, administrator):
    """Every page about the invited says the same, whether the portal knew the person or not."""
    pages = []
    stranger = cast.away.person(Role.MINISTRY)
    User.objects.filter(pk=stranger.pk).update(phone="+7 900 000-00-00")
    for email in (stranger.email, "novaya@zarechie.test"):
        with transaction.atomic():
            answer = municipality.post("/people/appoint/", appoint_data(cast, email=email))
            row = Appointment.objects.latest("pk")
            pages.append(
                [
                    answer.status_code,
                    told(municipality.get(answer.url), email),
                    told(municipality.get("/people/"), email),
                    told(municipality.get("/people/?q=лебедева"), email),
                    told(municipality.get(f"/units/{cast.home.other_school.pk}/"), email),
                    told(administrator.get("/journal/?type=appointment"), email),
                    administrator.get(f"/people/{row.pk}/block/").status_code,
                ]
            )
            transaction.set_rollback(True)
    assert pages[0] == pages[1]


def test_same_person_twice_is_refused_at_the_address(cast, municipality):
    data = appoint_data(cast, email=cast.home.person(Role.SCHOOL).email, unit=cast.home.school.pk)
    answer = municipality.post("/people/appoint/", data)
    assert answer.status_code == 400
    assert answer.context["form"].errors == {
        "email": ["Этот человек уже назначен сюда в этой роли."]
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"rank": "specialist"}, "rank", id="rank too low"),
        pytest.param({"role": "ministry"}, "role", id="role not ones to give"),
        pytest.param({"email": "не почта"}, "email", id="address"),
        pytest.param({"ends_on": "2020-01-01"}, "ends_on", id="ends before start"),
        pytest.param({"act_link": "javascript:alert(1)"}, "act_link", id="script for a link"),
        pytest.param({"act_link": "ftp://zarechie.test/x"}, "act_link", id="no web address"),
    ],
)
def test_refusal_stands_at_its_field(cast, municipality, changes, field):
    answer = municipality.post("/people/appoint/", appoint_data(cast) | changes)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert not User.objects.filter(email="novaya@zarechie.test").exists()


@pytest.mark.parametrize("place", ["far_school", "foreign", "absent"])
def test_unit_outside_is_like_an_absent_one(cast, municipality, place):
    keys = {
        "far_school": cast.home.far_school.pk,
        "foreign": cast.away.school.pk,
        "absent": 999999,
    }
    answer = municipality.post("/people/appoint/", appoint_data(cast, unit=keys[place]))
    assert answer.status_code == 400
    assert answer.context["form"].errors == {
        "unit": ["Выберите корректный вариант. Вашего варианта нет среди допустимых значений."]
    }
    assert municipality.get(f"/people/appoint/?unit={keys[place]}").status_code == 404


def test_page_of_one_unit_offers_its_roles(cast, municipality):
    form = municipality.get(f"/people/appoint/?unit={cast.home.school.pk}").context["form"]
    assert [role for role, _ in form.fields["role"].choices] == [
        "",
        "school",
        "assistant",
        "observer",
    ]
    assert municipality.get("/people/appoint/?unit=x").status_code == 404


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ASSISTANT, Role.OBSERVER, Role.PARTNER])
def test_appointing_is_for_those_who_lead(cast, sign_in, role):
    client = sign_in(cast.home.person(role))
    answers = {
        client.get("/people/appoint/").status_code,
        client.post("/people/appoint/", appoint_data(cast)).status_code,
        client.post(f"/people/{cast.home.people[Role.SCHOOL].pk}/end/").status_code,
    }
    assert answers == {403}


def test_act_is_kept_as_a_file_for_those_who_may_see_people(
    cast, municipality, sign_in, file_store
):
    act = SimpleUploadedFile(
        "Приказ.pdf", pdf_files.plan([["1", "Приказ"]], [40, 200], "Приказ № 41-к")
    )
    municipality.post("/people/appoint/", appoint_data(cast, unit=cast.home.school.pk, file=act))
    row = Appointment.objects.latest("pk")
    place = f"/files/{row.act_file_id}/"
    assert place in text(municipality.get(f"/people/{row.pk}/"))
    download = municipality.get(place)
    assert download.status_code == 200
    assert b"".join(download.streaming_content).startswith(b"%PDF")
    assert sign_in(cast.home.person(Role.ASSISTANT)).get(place).status_code == 403
    assert sign_in(cast.away.person(Role.MUNICIPALITY)).get(place).status_code == 404


def test_act_of_another_kind_is_refused_and_nobody_appointed(cast, municipality, file_store):
    act = SimpleUploadedFile("Приказ.pdf", b"MZ" + bytes(200))
    answer = municipality.post("/people/appoint/", appoint_data(cast, file=act))
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["file"])
    assert not User.objects.filter(email="novaya@zarechie.test").exists()
    assert [path for path in file_store.rglob("*") if path.is_file()] == []


def test_letter_can_be_sent_again(cast, municipality):
    municipality.post("/people/appoint/", appoint_data(cast))
    row = Appointment.objects.latest("pk")
    soon = municipality.post(f"/people/{row.pk}/invite-again/")
    assert "Письмо послано только что" in text(municipality.get(soon.url))
    Invitation.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    answer = municipality.post(f"/people/{row.pk}/invite-again/")
    assert (answer.url, len(delivered())) == (f"/people/{row.pk}/", 2)
    again = municipality.post(f"/people/{cast.home.people[Role.SCHOOL].pk}/invite-again/")
    assert "уже принял это назначение" in text(municipality.get(again.url))


# --- Substituting, ending, blocking -----------------------------------------------------------


def test_substitute_for_some_days(cast, municipality):
    absent = cast.home.people[Role.SCHOOL]
    place = f"/people/{absent.pk}/substitute/"
    assert "У замещаемого она остаётся" in text(municipality.get(place))
    data = {
        "email": cast.home.person(Role.ASSISTANT).email,
        "full_name": "Чижова Дарья Львовна",
        "post": "заместитель директора",
        "rank": "deputy",
        "starts_on": day(),
        "ends_on": day(14),
    }
    answer = municipality.post(place, data)
    row = Appointment.objects.get(substitutes=absent)
    assert answer.url == f"/people/{row.pk}/"
    assert "Кто замещает" in text(municipality.get(f"/people/{absent.pk}/"))
    bad = municipality.post(place, data | {"ends_on": day(-3), "starts_on": day()})
    assert (bad.status_code, list(bad.context["form"].errors)) == (400, ["ends_on"])


def test_end_says_the_consequence_and_ends(cast, municipality):
    held = cast.home.people[Role.SCHOOL]
    place = f"/people/{held.pk}/end/"
    assert "открытые сеансы человека завершатся" in text(municipality.get(place))
    municipality.post(place, {"on": day(), "reason": "приказ № 3"})
    assert Appointment.objects.get(pk=held.pk).ends_on == timezone.localdate()
    bad = municipality.post(place, {"on": day(9)})
    assert (bad.status_code, list(bad.context["form"].errors)) == (400, ["on"])


def test_ended_appointment_offers_no_changes(cast, municipality):
    held = cast.home.people[Role.SCHOOL]
    end_appointment(
        appointment=held, on=timezone.localdate() - timedelta(days=1), by=SYSTEM, now=NOW
    )
    page = municipality.get(f"/people/{held.pk}/")
    assert [page.context[name] for name in ("may_change", "may_substitute")] == [False, False]
    assert "завершено" in text(page)


def test_municipality_does_not_end_what_it_could_not_give(cast, sign_in):
    client = sign_in(cast.home.person(Role.MINISTRY))
    held = cast.home.people[Role.ADMINISTRATOR]
    assert not client.get(f"/people/{held.pk}/").context["may_change"]
    answer = client.post(f"/people/{held.pk}/end/", {"on": day()})
    assert answer.status_code == 400
    assert Appointment.objects.get(pk=held.pk).ends_on is None


def test_block_and_let_in_again(cast, administrator):
    held = cast.home.people[Role.SCHOOL]
    place = f"/people/{held.pk}/block/"
    assert "Все сеансы завершатся сразу" in text(administrator.get(place))
    for _ in range(2):  # sent twice, blocked once
        administrator.post(place, {"to": "out", "reason": "служебная проверка"})
    assert not User.objects.get(pk=held.user_id).is_active
    assert JournalEntry.objects.get(action="person_blocked").reason == "служебная проверка"
    assert "вход закрыт" in text(administrator.get(f"/people/{held.pk}/"))
    administrator.post(place, {"to": "in"})
    assert User.objects.get(pk=held.user_id).is_active


def test_block_refuses_a_person_of_other_places_too(cast, administrator):
    both = make_person(
        cast.away.person(Role.MINISTRY).email, role=Role.SCHOOL, unit=cast.home.school
    )
    answer = administrator.post(f"/people/{both.pk}/block/", {"to": "out"})
    assert answer.status_code == 400
    assert User.objects.get(pk=both.user_id).is_active


def test_blocking_is_for_administrators(cast, municipality):
    place = f"/people/{cast.home.people[Role.SCHOOL].pk}/block/"
    assert municipality.get(place).status_code == 403
    assert municipality.post(place, {"to": "out"}).status_code == 403


def test_empty_appointment_form_opens_without_a_complaint(municipality):
    answer = municipality.get("/people/appoint/")

    assert answer.status_code == 200
    assert "Исправьте" not in answer.content.decode()
