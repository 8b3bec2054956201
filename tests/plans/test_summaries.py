"""Trees, places and years as values: headings, dated names, marks of a year."""

from datetime import date

import pytest

from plans.choices import PartyKind
from plans.models import Assignment, Due, RoadmapItem
from plans.services.execution import mark_done, mark_not_applicable
from plans.summaries import Totals
from plans.summaries.places import Child, Place, children, places_on, sorted_children
from plans.summaries.tree import Block, Row, blocks_of, kept, tasks_of
from plans.summaries.year import marks_of, span_of
from profmin.accounts.roles import Role
from profmin.journal.services import SYSTEM
from schools.services.units import move_unit, rename_unit
from tests.factories.cast import NOW, Cast
from tests.factories.plans import due_of, in_days, planned, publish_roadmap, today


def row(number: str, depth: int = 0, *, group: bool = False) -> Row:
    item = RoadmapItem(pk=int(number.replace(".", "")), number=number, is_group=group)
    return Row(item=item, depth=depth, spans=(), parties=(), totals=Totals())


ROWS = [
    row("1"),
    row("2", group=True),
    row("2.1", 1),
    row("2.2", 1, group=True),
    row("2.2.1", 2),
    row("3", group=True),
    row("3.1", 1),
]


@pytest.mark.parametrize(
    ("chosen", "numbers"),
    [
        pytest.param({1}, ["1"], id="no heading above"),
        pytest.param({21}, ["2", "2.1"], id="one heading"),
        pytest.param({221}, ["2", "2.2", "2.2.1"], id="two headings"),
        pytest.param({1, 31}, ["1", "3", "3.1"], id="other headings are left out"),
        pytest.param({22}, [], id="a heading alone is nothing"),
        pytest.param(set(), [], id="nothing"),
    ],
)
def test_chosen_items_keep_their_headings(chosen: set[int], numbers: list[str]) -> None:
    blocks = kept([Block(None, ROWS)], chosen)

    assert [row.item.number for block in blocks for row in block.rows] == numbers


@pytest.mark.parametrize(
    ("numbers", "depths"),
    [
        pytest.param(["*3.4.", "3.4.1", "3.4.2", "3.5"], [0, 1, 1, 0], id="by number"),
        pytest.param(["*3", "*3.4", "3.4.1", "3.5", "4"], [0, 1, 2, 1, 0], id="nested"),
        pytest.param(["*", "", "", "*", ""], [0, 1, 1, 0, 1], id="without numbers"),
        pytest.param(["1", "*3.4", "3.41"], [0, 0, 0], id="3.41 is not below 3.4"),
    ],
)
def test_items_stand_below_their_groups(cast: Cast, numbers, depths) -> None:
    roadmap = publish_roadmap(
        cast.home.region,
        [
            planned(
                number.lstrip("*"),
                PartyKind.REGION,
                group=number.startswith("*"),
                title=f"Строка {place}",
            )
            for place, number in enumerate(numbers)
        ],
    )
    access = cast.home.access(Role.MINISTRY)
    tasks = tasks_of(roadmap, access.scope, access.unit_id, today=today(), with_below=False)

    blocks = blocks_of(roadmap, access.scope, tasks, today=today())

    assert [row.depth for block in blocks for row in block.rows] == depths


def test_school_counts_the_tasks_of_its_branches(cast: Cast) -> None:
    roadmap = publish_roadmap(
        cast.home.region, [planned("1", PartyKind.SCHOOL, due=in_days(5), branches=True)]
    )
    access = cast.home.access(Role.SCHOOL)

    tasks = tasks_of(roadmap, access.scope, access.unit_id, today=today(), with_below=True)

    item = roadmap.items.get()
    assert tasks.own[item.pk].unit_id == cast.home.school.pk
    assert tasks.below == {item.pk: 1}


def test_names_and_places_are_those_of_the_day(cast: Cast) -> None:
    home = cast.home
    old_path = home.school.path
    move_unit(unit=home.school, parent=home.district, on=today(), by=SYSTEM, now=NOW, today=today())
    rename_unit(unit=home.school, name="Лицей № 1", on=today(), by=SYSTEM, now=NOW, today=today())

    before = places_on([home.school.pk], in_days(-1))[home.school.pk]
    after = places_on([home.school.pk], today())[home.school.pk]

    assert (before.name, before.path) == ("МБОУ СОШ № 1", old_path)
    assert (after.name, after.path) == ("Лицей № 1", home.school.path)


def test_children_are_named_and_sorted_late_first(cast: Cast) -> None:
    roadmap = publish_roadmap(
        cast.home.region,
        [planned("1", PartyKind.SCHOOL, PartyKind.REGION, due=in_days(-5))],
    )
    for school in (cast.home.school, cast.home.other_school):
        due = due_of(roadmap, "1", school)
        mark_done(
            due=due, version=1, done_on=today(), comment="", by=SYSTEM, now=NOW, today=today()
        )

    rows = children(
        Assignment.objects.filter(roadmap=roadmap),
        (cast.home.region.path,),
        today=today(),
        seen_on=today(),
    )

    assert [(row.place.name, row.is_self, row.totals.late, row.totals.done) for row in rows] == [
        ("Заречная область", True, 1, 0),
        ("Лесной район", False, 2, 0),
        ("Город Заречный", False, 0, 2),
    ]


def child(name: str, **counts: int) -> Child:
    return Child(Place(1, name, "municipality", ""), Totals(**counts))


@pytest.mark.parametrize(
    ("order", "names"),
    [
        pytest.param("name", ["А", "Б", "В"], id="by name"),
        pytest.param("-late", ["Б", "В", "А"], id="most late first"),
        pytest.param("done", ["В", "Б", "А"], id="least done first, nobody bound before"),
        pytest.param("bound", ["В", "А", "Б"], id="fewest tasks first"),
        pytest.param("unit__password", ["В", "А", "Б"], id="what is on no list changes nothing"),
    ],
)
def test_children_sort_by_a_closed_list(order: str, names: list[str]) -> None:
    rows = [child("В"), child("А", done=4), child("Б", done=3, late=2)]

    assert [row.place.name for row in sorted_children(rows, order)] == names


def test_year_is_stretched_to_dates_outside(cast: Cast) -> None:
    roadmap = publish_roadmap(
        cast.home.region,
        [planned("1", PartyKind.REGION, due=[date(2026, 7, 10), date(2027, 5, 25)])],
        year=2026,
    )
    access = cast.home.access(Role.MINISTRY)
    tasks = tasks_of(roadmap, access.scope, access.unit_id, today=today(), with_below=False)

    span = span_of(roadmap, blocks_of(roadmap, access.scope, tasks, today=today()))

    assert (span.start, span.end) == (date(2026, 7, 1), date(2027, 8, 31))


def test_marks_tell_the_state_of_a_day(cast: Cast) -> None:
    days = [in_days(-9), in_days(-5), in_days(5), in_days(9)]
    roadmap = publish_roadmap(cast.home.region, [planned("1", PartyKind.REGION, due=days)])
    done, other = (
        Due.objects.select_related("assignment__item")
        .filter(due_on__in=days[1:3])
        .order_by("due_on")
    )
    mark_done(due=done, version=1, done_on=today(), comment="", by=SYSTEM, now=NOW, today=today())
    mark_not_applicable(due=other, version=1, reason="нет", by=SYSTEM, now=NOW)

    marks = marks_of(Due.objects.all(), today=today())

    assert marks[roadmap.items.get().pk] == [
        (days[0], "late"),
        (days[1], "done"),
        (days[2], "not_applicable"),
        (days[3], "waiting"),
    ]


@pytest.mark.parametrize(
    ("totals", "percent"),
    [
        pytest.param(Totals(), None, id="nobody bound"),
        pytest.param(Totals(not_applicable=3), None, id="nobody it concerns"),
        pytest.param(Totals(done=999, late=1), 99, id="rounded down"),
        pytest.param(Totals(done=2, not_applicable=1), 100, id="all"),
    ],
)
def test_percent_of_n(totals: Totals, percent: int | None) -> None:
    assert totals.percent_done == percent
