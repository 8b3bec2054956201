"""Pages of roadmaps and items: who sees what, counted how, in how many queries."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from plans.choices import PartyKind
from plans.models import Due, ItemParty, Roadmap
from plans.services.execution import confirm_due, mark_done, return_due, save_progress
from profmin.accounts.roles import Role
from profmin.journal.services import SYSTEM
from schools.services.units import (
    UnitCard,
    close_unit,
    merge_unit,
    move_unit,
    open_unit,
    open_units,
    rename_unit,
)
from tests.factories.cast import NOW, Cast, client_of
from tests.factories.plans import (
    assignment_of,
    due_of,
    in_days,
    item_of,
    planned,
    publish_roadmap,
    today,
)

READERS = [Role.MINISTRY, Role.OPERATOR, Role.MUNICIPALITY, Role.SCHOOL, Role.OBSERVER]


def page(client: Client, name: str, *args: int, **query: object) -> str:
    response = client.get(reverse(f"plans:{name}", args=args), query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def words(html: str) -> str:
    """The text of a page: tags off, blanks single."""
    html = re.sub(r"<(style|script|svg).*?</\1>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")


def main_part(html: str) -> str:
    """What the page itself says, without the frame and what is new in every answer."""
    html = html[html.index('<main class="page"') : html.index("</main>")]
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)


def finish(due: Due, done_on: date | None = None) -> Due:
    return mark_done(
        due=due,
        version=due.version,
        done_on=done_on or today(),
        comment="Провели неделю профориентации",
        by=SYSTEM,
        now=NOW,
        today=today(),
    )


@pytest.fixture
def roadmap(cast: Cast) -> Roadmap:
    college = ItemParty(kind=PartyKind.PARTNER, name="колледж", unit=cast.home.partner)
    return publish_roadmap(
        cast.home.region,
        [
            planned("1.1", PartyKind.SCHOOL, due=in_days(-5), title="Дни открытых дверей"),
            planned("1.2", PartyKind.SCHOOL, PartyKind.MUNICIPALITY, due=in_days(20)),
            planned("2", PartyKind.REGION, group=True, title="Группа дел", section="Второй"),
            planned("2.1", college, due=in_days(3), section="Второй"),
            planned("2.2", PartyKind.SCHOOL, section="Второй", title="Экскурсии"),
        ],
        title="Областная дорожная карта",
    )


@pytest.fixture
def foreign(cast: Cast) -> Roadmap:
    return publish_roadmap(
        cast.away.region,
        [planned("1.1", PartyKind.SCHOOL, due=in_days(-5), title="Чужое мероприятие")],
        title="Чужая дорожная карта",
    )


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


# --- One item ---------------------------------------------------------------------------------


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


# --- Foreign rows -----------------------------------------------------------------------------


@pytest.mark.parametrize("role", [*READERS, Role.PARTNER, Role.ASSISTANT, Role.ADMINISTRATOR])
def test_foreign_pages_answer_like_absent_ones(
    cast: Cast, roadmap: Roadmap, foreign: Roadmap, role: str
) -> None:
    client = client_of(cast.home.person(role))
    task = assignment_of(foreign, "1.1", cast.away.school)
    objects = {
        "roadmap_detail": foreign.pk,
        "item_detail": item_of(foreign, "1.1").pk,
        "assignment_detail": task.pk,
        "unit_plan": cast.away.school.pk,
    }
    for name, key in objects.items():
        there = client.get(reverse(f"plans:{name}", args=[key]))
        nowhere = client.get(reverse(f"plans:{name}", args=[10**7]))
        assert (there.status_code, nowhere.status_code) == (404, 404)
        assert len(there.content) == len(nowhere.content)


def test_neighbour_is_as_foreign_as_another_region(cast: Cast, roadmap: Roadmap) -> None:
    client = client_of(cast.home.person(Role.SCHOOL))
    task = assignment_of(roadmap, "1.1", cast.home.other_school)

    answers = [
        client.get(reverse("plans:assignment_detail", args=[task.pk])).status_code,
        client.get(reverse("plans:unit_plan", args=[cast.home.other_school.pk])).status_code,
    ]
    listed = words(page(client, "item_detail", item_of(roadmap, "1.1").pk))

    assert answers == [404, 404]
    assert "Гимназия" not in listed


# --- The past stays ---------------------------------------------------------------------------


def last_year(cast: Cast) -> Roadmap:
    first = today().year - 2
    roadmap = publish_roadmap(
        cast.home.region,
        [
            planned("1", PartyKind.SCHOOL, due=date(first + 1, 5, 25)),
            planned("2", PartyKind.MUNICIPALITY, PartyKind.SCHOOL, due=date(first + 1, 8, 31)),
        ],
        year=first,
        title="Прошлогодняя дорожная карта",
    )
    finish(due_of(roadmap, "1", cast.home.school), date(first + 1, 5, 20))
    return roadmap


def past_pages(cast: Cast, roadmap: Roadmap) -> dict[tuple[str, str, str], str]:
    found = {}
    for role in [Role.MINISTRY, Role.MUNICIPALITY, Role.SCHOOL, Role.OBSERVER]:
        client = client_of(cast.home.person(role))
        found[role, "list", ""] = main_part(page(client, "roadmap_list"))
        for view in ["tree", "units", "kinds", "year"]:
            html = page(client, "roadmap_detail", roadmap.pk, view=view)
            found[role, "roadmap", view] = main_part(html)
        for number in ["1", "2"]:
            item = item_of(roadmap, number)
            found[role, "item", number] = main_part(page(client, "item_detail", item.pk))
    task = assignment_of(roadmap, "1", cast.home.school)
    for role in [Role.MUNICIPALITY, Role.SCHOOL]:
        client = client_of(cast.home.person(role))
        found[role, "task", "1"] = main_part(page(client, "assignment_detail", task.pk))
        html = page(client, "unit_plan", cast.home.school.pk, year=roadmap.year)
        found[role, "plan", ""] = main_part(html)
    return found


def test_last_years_pages_stay_the_same_to_the_byte(cast: Cast) -> None:
    home, roadmap = cast.home, last_year(cast)
    before = past_pages(cast, roadmap)

    move_unit(unit=home.school, parent=home.district, on=today(), by=SYSTEM, now=NOW, today=today())
    merge_unit(
        unit=home.far_school, into=home.other_school, on=today(), by=SYSTEM, now=NOW, today=today()
    )
    rename_unit(unit=home.school, name="Лицей № 1", on=today(), by=SYSTEM, now=NOW, today=today())
    rename_unit(unit=home.city, name="Новый город", on=today(), by=SYSTEM, now=NOW, today=today())
    open_unit(
        parent=home.city,
        card=UnitCard("S9", "МБОУ СОШ № 9", "school", opened_on=today()),
        by=SYSTEM,
        now=NOW,
        today=today(),
    )
    close_unit(unit=home.farther_school, on=today(), by=SYSTEM, now=NOW, today=today())

    after = past_pages(cast, roadmap)
    assert [key for key in before if before[key] != after[key]] == []


def test_moved_school_is_a_stranger_to_its_former_municipality(cast: Cast, roadmap) -> None:
    home = cast.home
    task = assignment_of(roadmap, "1.1", home.school)
    move_unit(unit=home.school, parent=home.district, on=today(), by=SYSTEM, now=NOW, today=today())
    client = client_of(home.person(Role.MUNICIPALITY))

    answers = [
        client.get(reverse("plans:assignment_detail", args=[task.pk])).status_code,
        client.get(reverse("plans:unit_plan", args=[home.school.pk])).status_code,
    ]

    assert answers == [404, 404]
    assert "СОШ № 1" not in words(page(client, "item_detail", item_of(roadmap, "1.1").pk))


def test_moved_school_still_sees_its_task_of_the_former_plan(cast: Cast) -> None:
    home = cast.home
    old = publish_roadmap(home.city, [planned("1", PartyKind.SCHOOL, due=in_days(-3))])
    task = assignment_of(old, "1", home.school)
    move_unit(unit=home.school, parent=home.district, on=today(), by=SYSTEM, now=NOW, today=today())
    client = client_of(home.person(Role.SCHOOL))

    for name, key in {
        "roadmap_detail": old.pk,
        "item_detail": task.item_id,
        "assignment_detail": task.pk,
    }.items():
        assert client.get(reverse(f"plans:{name}", args=[key])).status_code == 200


# --- Cost -------------------------------------------------------------------------------------


def many(cast: Cast, count: int) -> Roadmap:
    """A roadmap of `count` items and as many more schools."""
    open_units(
        parent=cast.home.city,
        cards=[UnitCard(f"X{n}", f"МБОУ СОШ № 1{n}", "school") for n in range(count)],
        by=SYSTEM,
        now=NOW,
        today=today(),
    )
    roadmap = publish_roadmap(
        cast.home.region,
        [
            planned(str(n), PartyKind.SCHOOL, due=[in_days(-n), in_days(n)], section=f"Раздел {n}")
            for n in range(1, count + 1)
        ],
    )
    for place in range(count - 1):
        publish_roadmap(
            cast.home.city, [planned("1", PartyKind.SCHOOL)], title=f"Ещё один план {place}"
        )
    return roadmap


QUERIES = {
    ("roadmap_list", "", Role.MINISTRY): 5,
    ("roadmap_detail", "tree", Role.MINISTRY): 9,
    ("roadmap_detail", "units", Role.MINISTRY): 11,
    ("roadmap_detail", "kinds", Role.MINISTRY): 10,
    ("roadmap_detail", "year", Role.MINISTRY): 10,
    ("roadmap_detail", "tree", Role.SCHOOL): 9,
    ("item_detail", "", Role.MINISTRY): 16,
    ("unit_plan", "", Role.SCHOOL): 10,
}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "view", "role"), QUERIES)
def test_lists_take_a_constant_number_of_queries(
    cast: Cast, django_assert_num_queries, name: str, view: str, role: str, count: int
) -> None:
    roadmap = many(cast, count)
    client = client_of(cast.home.person(role))
    args = {
        "roadmap_list": [],
        "roadmap_detail": [roadmap.pk],
        "item_detail": [item_of(roadmap, "1").pk],
        "unit_plan": [cast.home.school.pk],
    }[name]
    client.get(reverse("home"))

    with django_assert_num_queries(QUERIES[name, view, role]):
        client.get(reverse(f"plans:{name}", args=args), {"view": view} if view else {})
