"""The page of an item: who has done it, and the date which the issuer sets."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from plans.choices import PartyKind
from plans.models import Due, Roadmap
from plans.services.execution import confirm_due
from profmin.accounts.roles import Role
from profmin.journal.services import SYSTEM
from tests.factories.cast import NOW, Cast, client_of
from tests.factories.plan_pages import (
    finish,
    page,
    regional_roadmap,
    words,
)
from tests.factories.plans import (
    due_of,
    item_of,
    planned,
    publish_roadmap,
)


@pytest.fixture
def roadmap(cast: Cast) -> Roadmap:
    return regional_roadmap(cast)


def test_item_lists_who_has_done_it(cast: Cast, roadmap: Roadmap) -> None:
    done = finish(due_of(roadmap, "1.1", cast.home.school))
    confirm_due(due=done, version=done.version, by=SYSTEM, now=NOW)
    item = item_of(roadmap, "1.1")

    text = words(page(client_of(cast.home.person(Role.MINISTRY)), "item_detail", item.pk))

    assert "МБОУ СОШ № 1 Город Заречный подтверждено" in text
    assert "Провели неделю профориентации" in text
    assert "Всего 4 выполнено 1 · просрочено 3" in text


@pytest.mark.parametrize(
    ("query", "schools"),
    [
        pytest.param({}, ["1", "2", "3", "4"], id="all"),
        pytest.param({"state": "done"}, ["1"], id="done"),
        pytest.param({"state": "unconfirmed"}, ["1"], id="unconfirmed"),
        pytest.param({"state": "late"}, ["2", "3", "4"], id="late"),
        pytest.param({"q": "гимназия"}, ["2"], id="words"),
        pytest.param({"above": "district"}, ["3", "4"], id="municipality"),
    ],
)
def test_item_filters_its_list(cast: Cast, roadmap: Roadmap, query, schools) -> None:
    finish(due_of(roadmap, "1.1", cast.home.school))
    if "above" in query:
        query = {"above": cast.home.district.pk}

    client = client_of(cast.home.person(Role.MINISTRY))
    html = page(client, "item_detail", item_of(roadmap, "1.1").pk, **query)

    names = re.findall(r'<th scope="row" class="cell-name"><a[^>]*>([^<]+)<', html)
    assert sorted(re.findall(r"№\s(\d)", " ".join(names))) == schools


@pytest.mark.parametrize("sort", ["name", "-name", "state", "due", "-done", "unit__password"])
def test_item_sorts_by_a_closed_list(cast: Cast, roadmap: Roadmap, sort: str) -> None:
    client = client_of(cast.home.person(Role.MINISTRY))

    html = page(client, "item_detail", item_of(roadmap, "1.1").pk, sort=sort)

    names = re.findall(r'<th scope="row" class="cell-name"><a[^>]*>([^<]+)<', html)
    assert len(names) == 4


def test_item_leads_to_its_neighbours(cast: Cast, roadmap: Roadmap) -> None:
    html = page(
        client_of(cast.home.person(Role.MINISTRY)), "item_detail", item_of(roadmap, "2.1").pk
    )

    assert 'rel="prev"' in html
    assert 'rel="next"' in html


def test_link_of_the_document_is_a_link_only_on_the_web(cast: Cast) -> None:
    roadmap = publish_roadmap(
        cast.home.region,
        [planned("1", PartyKind.SCHOOL, links=["javascript:alert(1)", "https://edu.test/a"])],
    )

    html = page(client_of(cast.home.person(Role.MINISTRY)), "item_detail", item_of(roadmap, "1").pk)

    assert 'href="javascript:' not in html
    assert 'href="https://edu.test/a"' in html


def test_issuer_sets_the_date_of_an_item_without_one(cast: Cast, roadmap: Roadmap) -> None:
    item = item_of(roadmap, "2.2")
    client = client_of(cast.home.person(Role.MINISTRY))

    answer = client.post(
        reverse("plans:item_set_due", args=[item.pk]), {"due_on": roadmap.period_end.isoformat()}
    )

    assert answer.status_code == 302
    assert set(Due.objects.filter(assignment__item=item).values_list("due_on", flat=True)) == {
        roadmap.period_end
    }


@pytest.mark.parametrize(
    ("role", "number", "status"),
    [
        pytest.param(Role.MUNICIPALITY, "2.2", 403, id="not the issuer"),
        pytest.param(Role.SCHOOL, "2.2", 403, id="may not publish"),
        pytest.param(Role.MINISTRY, "1.1", 400, id="the document has a date"),
    ],
)
def test_date_is_set_by_the_issuer_alone(
    cast: Cast, roadmap: Roadmap, role: str, number: str, status: int
) -> None:
    item = item_of(roadmap, number)

    answer = client_of(cast.home.person(role)).post(
        reverse("plans:item_set_due", args=[item.pk]), {"due_on": roadmap.period_end.isoformat()}
    )

    assert answer.status_code == status


def test_date_beyond_the_plan_is_set_with_a_visible_warning(cast: Cast, roadmap: Roadmap) -> None:
    item, day = item_of(roadmap, "2.2"), roadmap.period_end + timedelta(days=40)
    client = client_of(cast.home.person(Role.MINISTRY))

    answer = client.post(
        reverse("plans:item_set_due", args=[item.pk]), {"due_on": day.isoformat()}, follow=True
    )

    assert [message.level_tag for message in answer.context["messages"]] == ["success", "warning"]
    for role in (Role.MINISTRY, Role.SCHOOL):
        text = words(page(client_of(cast.home.person(role)), "item_detail", item.pk))
        assert "Вне срока дорожной карты" in text


def test_unknown_value_of_a_filter_is_named(cast: Cast, roadmap: Roadmap) -> None:
    address = reverse("plans:item_detail", args=[item_of(roadmap, "1.1").pk])

    answer = client_of(cast.home.person(Role.MINISTRY)).get(f"{address}?above=99999&state=late")

    text = words(answer.content.decode())
    assert "«Подчинение»: такого значения нет в списке." in text
    assert 'href="?state=late">Убрать из адреса' in answer.content.decode()


def test_an_item_and_a_task_belong_to_the_roadmap_in_the_rail(cast: Cast, roadmap: Roadmap) -> None:
    client = client_of(cast.home.person(Role.SCHOOL))
    item = item_of(roadmap, "1.1")
    task = due_of(roadmap, "1.1", cast.home.school).assignment

    for address in (
        reverse("plans:item_detail", args=[item.pk]),
        reverse("plans:assignment_detail", args=[task.pk]),
    ):
        rail = client.get(address).context["nav"]
        assert [entry["title"] for entry in rail if entry["current"]] == ["Дорожная карта"]
