"""Pages of plans for strangers, after changes of the tree, and what they cost."""

from datetime import date

import pytest
from django.urls import reverse

from plans.choices import PartyKind
from plans.models import Roadmap
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
from tests.factories.plan_pages import (
    READERS,
    finish,
    main_part,
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
