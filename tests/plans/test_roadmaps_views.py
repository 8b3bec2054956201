"""Pages of roadmaps: who sees what, counted how."""

import re

import pytest
from django.urls import reverse

from plans.choices import PartyKind
from plans.models import Roadmap
from plans.services.execution import return_due, save_progress
from profmin.accounts.roles import Role
from profmin.journal.services import SYSTEM
from tests.factories.cast import NOW, Cast, client_of
from tests.factories.plan_pages import (
    READERS,
    finish,
    page,
    regional_roadmap,
    words,
)
from tests.factories.plans import (
    assignment_of,
    due_of,
    in_days,
    item_of,
    planned,
    publish_roadmap,
    today,
)


@pytest.fixture
def roadmap(cast: Cast) -> Roadmap:
    return regional_roadmap(cast)


# --- The list ---------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [*READERS, Role.ASSISTANT, Role.PARTNER, Role.ADMINISTRATOR])
def test_list_shows_what_reaches_me(cast: Cast, roadmap, foreign, role: str) -> None:
    text = words(page(client_of(cast.home.person(role)), "roadmap_list"))

    assert ("Областная дорожная карта" in text, "Чужая дорожная карта" in text) == (True, False)


def test_list_says_what_to_do_when_empty(cast: Cast) -> None:
    ministry = words(page(client_of(cast.home.person(Role.MINISTRY)), "roadmap_list"))
    school = words(page(client_of(cast.home.person(Role.SCHOOL)), "roadmap_list"))

    assert "Загрузить документ" in ministry
    assert "Когда вышестоящая организация опубликует" in school


def test_partner_sees_no_roadmap_that_does_not_name_it(cast: Cast) -> None:
    publish_roadmap(cast.home.region, [planned("1", PartyKind.SCHOOL)], title="Без партнёров")

    text = words(page(client_of(cast.home.person(Role.PARTNER)), "roadmap_list"))

    assert "Без партнёров" not in text


def test_unpublished_roadmap_exists_for_nobody(cast: Cast, roadmap: Roadmap) -> None:
    Roadmap.objects.update(published_at=None)
    client = client_of(cast.home.person(Role.MINISTRY))
    item = item_of(roadmap, "1.1")
    task = assignment_of(roadmap, "1.1", cast.home.school)

    addresses = [
        reverse("plans:roadmap_detail", args=[roadmap.pk]),
        reverse("plans:item_detail", args=[item.pk]),
        reverse("plans:assignment_detail", args=[task.pk]),
    ]
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]


# --- One roadmap ------------------------------------------------------------------------------


def test_ministry_sees_counts_of_the_region(cast: Cast, roadmap: Roadmap) -> None:
    finish(due_of(roadmap, "1.1", cast.home.school))

    text = words(page(client_of(cast.home.person(Role.MINISTRY)), "roadmap_detail", roadmap.pk))

    assert "1 из 4" in text
    assert "Выполнено 6 %: 1 из 15 поручений" in text


def test_municipality_counts_its_own_schools_only(cast: Cast, roadmap: Roadmap) -> None:
    finish(due_of(roadmap, "1.1", cast.home.far_school))

    text = words(page(client_of(cast.home.person(Role.MUNICIPALITY)), "roadmap_detail", roadmap.pk))

    assert "Выполнено 0 %: 0 из 7 поручений" in text


def test_school_sees_its_own_state_and_action(cast: Cast, roadmap: Roadmap) -> None:
    text = words(page(client_of(cast.home.person(Role.SCHOOL)), "roadmap_detail", roadmap.pk))

    assert "просрочено 5 дней Отчитаться" in text
    assert "Вам поручено: 3 мероприятия" in text


def test_partner_sees_only_items_that_name_it(cast: Cast, roadmap: Roadmap) -> None:
    text = words(page(client_of(cast.home.person(Role.PARTNER)), "roadmap_detail", roadmap.pk))

    assert ("Мероприятие 2.1" in text, "Дни открытых дверей" in text) == (True, False)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        pytest.param({"state": "late"}, {"1.1"}, id="late"),
        pytest.param({"state": "done"}, {"2.1"}, id="done by all"),
        pytest.param({"state": "not_started"}, {"1.2", "2.2"}, id="not started"),
        pytest.param({"state": "in_progress"}, {"1.2"}, id="in progress"),
        pytest.param({"state": "returned"}, {"2.2"}, id="returned"),
        pytest.param({"state": "unconfirmed"}, {"2.1"}, id="waits for the second mark"),
        pytest.param({"party": "municipality"}, {"1.2"}, id="by party"),
        pytest.param({"kind": "partner"}, {"2.1"}, id="by kind of unit"),
        pytest.param({"due": "overdue"}, {"1.1"}, id="due passed"),
        pytest.param({"due": "month"}, None, id="due this month"),
        pytest.param({"due": "30days"}, {"1.2", "2.1"}, id="due in 30 days"),
        pytest.param({"due": "none"}, {"2.2"}, id="no date"),
        pytest.param({"q": "ЭКСКУРСИИ"}, {"2.2"}, id="words in any case"),
        pytest.param({"q": "нет такого"}, set(), id="nothing found"),
        pytest.param({"section": "0"}, set(), id="rows before the first section"),
    ],
)
def test_filters_of_the_tree(cast: Cast, roadmap: Roadmap, query, titles) -> None:
    if titles is None:  # which items these are depends on the day of the run
        days = {"1.1": in_days(-5), "1.2": in_days(20), "2.1": in_days(3)}
        titles = {
            number
            for number, day in days.items()
            if (day.year, day.month) == (today().year, today().month)
        }
    finish(due_of(roadmap, "2.1", cast.home.partner))
    save_progress(
        due=due_of(roadmap, "1.2", cast.home.school), version=1, comment="", by=SYSTEM, now=NOW
    )
    back = finish(due_of(roadmap, "2.2", cast.home.school))
    return_due(due=back, version=back.version, reason="нет", by=SYSTEM, now=NOW)

    client = client_of(cast.home.person(Role.MINISTRY))
    status = client.get(reverse("plans:roadmap_detail", args=[roadmap.pk]), query).status_code
    if query == {"section": "0"}:
        assert status == 400
        return
    html = page(client, "roadmap_detail", roadmap.pk, **query)

    shown = set(re.findall(r'class="cell-number">([\d.]+)<', html))
    assert shown == titles


def test_tree_tells_of_each_section_and_of_all_what_wants_attention(
    cast: Cast, roadmap: Roadmap
) -> None:
    begun = due_of(roadmap, "1.2", cast.home.school)
    save_progress(due=begun, version=1, comment="", by=SYSTEM, now=NOW)
    back = finish(due_of(roadmap, "2.2", cast.home.school))
    return_due(due=back, version=back.version, reason="нет", by=SYSTEM, now=NOW)
    finish(due_of(roadmap, "1.1", cast.home.school))

    html = page(client_of(cast.home.person(Role.MINISTRY)), "roadmap_detail", roadmap.pk)

    first, second = (
        words(row) for row in re.findall(r'<tr class="section-row">(.*?)</tr>', html, re.DOTALL)
    )
    total = words(html[html.index("<tfoot>") : html.index("</tfoot>")])
    assert first == " 1 Организация работы 1 из 10 в работе 1 просрочено 3 "
    assert second == " 2 Второй 0 из 5 возвращено 1 "
    assert total == " Всего 4 мероприятия 1 из 15 в работе 1 возвращено 1 просрочено 3 "


def test_totals_of_the_tree_follow_the_filter(cast: Cast, roadmap: Roadmap) -> None:
    html = page(
        client_of(cast.home.person(Role.MINISTRY)), "roadmap_detail", roadmap.pk, state="late"
    )

    total = words(html[html.index("<tfoot>") : html.index("</tfoot>")])
    assert total == " Всего 1 мероприятие 0 из 4 просрочено 4 "


def test_filters_keep_the_heading_above_what_is_found(cast: Cast, roadmap: Roadmap) -> None:
    client = client_of(cast.home.person(Role.MINISTRY))

    found = words(page(client, "roadmap_detail", roadmap.pk, q="Экскурсии"))
    other = words(page(client, "roadmap_detail", roadmap.pk, q="открытых дверей"))

    assert ("Группа дел" in found, "Группа дел" in other) == (True, False)


def test_units_are_counted_one_step_below(cast: Cast, roadmap: Roadmap) -> None:
    client = client_of(cast.home.person(Role.MINISTRY))

    html = page(client, "roadmap_detail", roadmap.pk, view="units")
    inside = page(client, "roadmap_detail", roadmap.pk, view="units", under=cast.home.city.pk)

    names = re.findall(r'<th scope="row" class="cell-name">\s*<a[^>]*>([^<]+)<', html)
    assert {name.replace("\u00a0", " ") for name in names} == {
        "Город Заречный",
        "Лесной район",
        "Политехнический колледж",
    }
    assert "МБОУ СОШ № 1" in words(inside)
    assert "МБОУ СОШ № 3" not in words(inside)


def test_units_below_a_foreign_unit_are_absent(cast: Cast, roadmap: Roadmap) -> None:
    client = client_of(cast.home.person(Role.MUNICIPALITY))
    address = reverse("plans:roadmap_detail", args=[roadmap.pk])

    answers = [
        client.get(address, {"view": "units", "under": under}).status_code
        for under in [cast.home.district.pk, cast.away.city.pk, 10**30, "x", 10**9]
    ]

    assert answers == [404] * 5


@pytest.mark.parametrize("view", ["tree", "units", "kinds", "year", "nonsense"])
@pytest.mark.parametrize("role", [*READERS, Role.PARTNER])
def test_every_view_opens_for_every_reader(
    cast: Cast, roadmap: Roadmap, view: str, role: str
) -> None:
    page(client_of(cast.home.person(role)), "roadmap_detail", roadmap.pk, view=view)


@pytest.mark.parametrize("view", ["units", "kinds", "year"])
def test_kind_of_unit_is_filtered_in_every_view(cast: Cast, roadmap: Roadmap, view: str) -> None:
    client = client_of(cast.home.person(Role.MINISTRY))

    text = words(page(client, "roadmap_detail", roadmap.pk, view=view, kind="partner"))

    assert "1 мероприятие" in text
    assert "Дни открытых дверей" not in text


def test_own_tasks_are_found_among_all(cast: Cast, roadmap: Roadmap) -> None:
    client = client_of(cast.home.person(Role.MUNICIPALITY))

    html = page(client, "roadmap_detail", roadmap.pk, task="own")

    assert re.findall(r'class="cell-number">([\d.]+)<', html) == ["1.2"]


def test_year_draws_dues_with_their_states(cast: Cast, roadmap: Roadmap) -> None:
    finish(due_of(roadmap, "2.1", cast.home.partner))

    html = page(
        client_of(cast.home.person(Role.MINISTRY)), "roadmap_detail", roadmap.pk, view="year"
    )

    assert (html.count('href="#m-late"') > 0, 'class="today"' in html) == (True, True)
    assert " style=" not in html


def test_year_on_a_phone_is_a_list_of_months(cast: Cast, roadmap: Roadmap) -> None:
    client = client_of(cast.home.person(Role.MINISTRY))

    answer = client.get(reverse("plans:roadmap_detail", args=[roadmap.pk]), {"view": "year"})

    html = answer.content.decode()
    months = answer.context["months"]
    days = {in_days(-5): "late", in_days(20): "waiting", in_days(3): "waiting"}
    assert {
        day: state for month in months for row in month.rows for day, state in row.marks
    } == days
    assert [row.item.number for row in answer.context["dateless"]] == ["2.2"]
    assert html.count('<details class="month" open>') == any(
        today() in one.period for one in months
    )


@pytest.mark.parametrize(
    ("query", "said", "mended"),
    [
        pytest.param("state=nonsense&due=month", "«Состояние»", "?due=month", id="state"),
        pytest.param("section=99&view=year", "«Раздел»", "?view=year", id="section"),
        pytest.param("kind=planet", "«Вид организации»", "?", id="kind"),
    ],
)
def test_unknown_value_of_a_filter_is_named(
    cast: Cast, roadmap: Roadmap, query: str, said: str, mended: str
) -> None:
    address = reverse("plans:roadmap_detail", args=[roadmap.pk])

    answer = client_of(cast.home.person(Role.MINISTRY)).get(f"{address}?{query}")

    html = answer.content.decode()
    assert answer.status_code == 400
    assert f"{said}: такого значения нет в списке." in html.replace("\u00a0", " ")
    assert f'href="{mended}">Убрать из адреса' in html
