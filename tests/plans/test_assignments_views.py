"""The page of a task for two people at once, its part for htmx, and the plan of a unit."""

import pytest
from django.test import Client
from django.urls import reverse

from plans.choices import PartyKind
from plans.models import Due, Roadmap
from tests.factories.cast import Cast
from tests.factories.plan_pages import (
    HTMX,
    report,
    reported_roadmap,
    send,
)
from tests.factories.plans import (
    assignment_of,
    due_of,
    in_days,
    planned,
    publish_roadmap,
    today,
)


@pytest.fixture
def roadmap(cast: Cast) -> Roadmap:
    return reported_roadmap(cast)


@pytest.fixture
def due(cast: Cast, roadmap: Roadmap) -> Due:
    return due_of(roadmap, "1", cast.home.school)


# --- Two people at once -----------------------------------------------------------------------


def test_second_person_sees_the_conflict_with_the_own_text(school: Client, due: Due) -> None:
    seen = due.version
    send(school, "due_save", due, comment="Первый текст")

    answer = school.post(
        reverse("plans:due_save", args=[due.pk]), {"version": seen, "comment": "Второй текст"}
    )

    html = answer.content.decode()
    due.refresh_from_db()
    assert (answer.status_code, due.comment) == (409, "Первый текст")
    assert "изменил кто-то другой" in html
    assert "Второй текст</textarea>" in html
    assert f'name="version" value="{due.version}"' in html


def test_text_of_the_second_person_is_kept_when_the_due_is_done(school: Client, due: Due) -> None:
    seen = due.version
    report(school, due, comment="Первый текст")

    answer = school.post(
        reverse("plans:due_done", args=[due.pk]),
        {"version": seen, "comment": "Второй текст", "done_on": today().isoformat()},
    )

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Ваш текст, он не сохранён" in html
    assert "Второй текст</textarea>" in html


def test_confirming_what_was_taken_back_is_a_conflict(
    school: Client, city: Client, due: Due
) -> None:
    report(school, due)
    due.refresh_from_db()
    seen = due.version
    send(school, "due_take_back", due)

    answer = city.post(reverse("plans:due_confirm", args=[due.pk]), {"version": seen})

    assert answer.status_code == 409
    assert "изменил кто-то другой" in answer.content.decode()


# --- htmx -------------------------------------------------------------------------------------


def test_htmx_gets_the_card_alone(school: Client, due: Due) -> None:
    answer = report(school, due, headers=HTMX)

    html = answer.content.decode()
    assert answer.status_code == 200
    assert (html.count("<section"), "<html" in html) == (1, False)
    assert 'id="assignment-state" hx-swap-oob="true"' in html
    assert "data-draft-done" in html


def test_htmx_gets_the_refused_form(school: Client, due: Due) -> None:
    answer = report(school, due, headers=HTMX, done_on="")

    html = answer.content.decode()
    assert (answer.status_code, "<html" in html) == (400, False)
    assert "Укажите дату исполнения." in html


# --- The plan of a unit -----------------------------------------------------------------------


def test_plan_of_a_unit_by_roadmap_and_section(cast: Cast, school: Client, city: Client) -> None:
    publish_roadmap(cast.home.region, [planned("1", PartyKind.SCHOOL)], title="Областная")
    publish_roadmap(cast.home.city, [planned("7", PartyKind.SCHOOL)], title="Городская")
    address = reverse("plans:unit_plan", args=[cast.home.school.pk])

    for client in (school, city):
        html = client.get(address).content.decode()
        assert html.index("Областная") < html.index("Городская")
        assert "0 из 2" in html.replace("\u00a0", " ")


def test_plan_of_a_unit_is_a_part_for_htmx(cast: Cast, school: Client, roadmap: Roadmap) -> None:
    address = reverse("plans:unit_plan", args=[cast.home.school.pk])

    part = school.get(address, headers=HTMX)

    assert ("<html" in part.content.decode(), part["Vary"].count("HX-Request")) == (False, 1)


def test_plan_of_a_unit_shows_the_asked_year(cast: Cast, school: Client, roadmap: Roadmap) -> None:
    publish_roadmap(
        cast.home.region, [planned("9", PartyKind.SCHOOL)], year=roadmap.year - 1, title="Прошлая"
    )
    address = reverse("plans:unit_plan", args=[cast.home.school.pk])

    answers = {
        year: "Прошлая" in school.get(address, {"year": year}).content.decode()
        for year in ["", str(roadmap.year), str(roadmap.year - 1), "2001", "x"]
    }

    assert answers == {
        "": False,
        str(roadmap.year): False,
        str(roadmap.year - 1): True,
        "2001": False,
        "x": False,
    }


def test_plan_of_a_unit_without_tasks_says_so(cast: Cast, school: Client) -> None:
    html = school.get(reverse("plans:unit_plan", args=[cast.home.school.pk])).content.decode()

    assert "Поручений нет" in html


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_a_task_takes_a_constant_number_of_queries(
    cast: Cast, school: Client, django_assert_num_queries, count: int
) -> None:
    roadmap = publish_roadmap(
        cast.home.region,
        [planned("1", PartyKind.SCHOOL, due=[in_days(n + 1) for n in range(count)])],
    )
    task = assignment_of(roadmap, "1", cast.home.school)
    address = reverse("plans:assignment_detail", args=[task.pk])
    school.get(address)

    with django_assert_num_queries(9):
        school.get(address)
