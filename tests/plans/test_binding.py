"""Whom publishing binds, and how plans follow the tree."""

from datetime import date

import pytest
from django.db.models import F

from plans.choices import DueState, PartyKind
from plans.models import Assignment, Due, ItemParty, RoadmapItem
from plans.services.binding import bind_item
from plans.services.execution import (
    add_link,
    confirm_due,
    mark_done,
    mark_not_applicable,
    remove_proof,
    return_due,
    save_progress,
    take_back,
)
from profmin.accounts.roles import Role
from profmin.journal.services import SYSTEM
from profmin.lib.errors import RuleBroken
from schools.choices import PartnerKind, UnitKind
from schools.services.units import (
    UnitCard,
    close_unit,
    merge_unit,
    move_unit,
    open_unit,
    rename_unit,
    reopen_unit,
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


def bound(roadmap, number: str = "1") -> set[str]:
    return set(
        Assignment.objects.filter(roadmap=roadmap, item__number=number).values_list(
            "unit__code", flat=True
        )
    )


@pytest.mark.parametrize(
    ("issuer", "kind", "codes"),
    [
        pytest.param("region", PartyKind.REGION, {"91"}, id="the region is the issuer"),
        pytest.param("region", PartyKind.PERSON, {"91"}, id="a surname is the issuer's"),
        pytest.param("region", PartyKind.MUNICIPALITY, {"M1", "M2"}, id="all municipalities"),
        pytest.param("region", PartyKind.SCHOOL, {"S1", "S2", "S3", "S4"}, id="schools, no branch"),
        pytest.param("region", PartyKind.OPERATOR, {"OP"}, id="the operator of the region"),
        pytest.param("region", PartyKind.FEDERAL_OPERATOR, set(), id="federal: nobody"),
        pytest.param("region", PartyKind.OTHER_AUTHORITY, set(), id="authority without a unit"),
        pytest.param("region", PartyKind.PARTNER, set(), id="partner without a unit"),
        pytest.param("city", PartyKind.MUNICIPALITY, {"M1"}, id="municipal plan: the issuer"),
        pytest.param("city", PartyKind.PERSON, {"M1"}, id="municipal plan: a surname"),
        pytest.param("city", PartyKind.SCHOOL, {"S1", "S2"}, id="municipal plan: its schools"),
        pytest.param("operator", PartyKind.SCHOOL, {"S1", "S2", "S3", "S4"}, id="operator's plan"),
    ],
)
def test_publishing_binds_by_kind(cast: Cast, issuer: str, kind: str, codes: set[str]) -> None:
    roadmap = publish_roadmap(getattr(cast.home, issuer), [planned("1", kind, due=in_days(5))])

    assert bound(roadmap) == codes
    bound_regions = Assignment.objects.values_list("unit__region__code", flat=True)
    assert set(bound_regions) <= {"91"}


def test_publishing_binds_branches_only_where_named(cast: Cast) -> None:
    roadmap = publish_roadmap(
        cast.home.region,
        [
            planned("1", PartyKind.SCHOOL, due=in_days(5)),
            planned("2", PartyKind.SCHOOL, due=in_days(5), branches=True),
        ],
    )

    assert bound(roadmap, "2") - bound(roadmap, "1") == {"S1-1"}


def test_publishing_binds_the_unit_of_the_dictionary(cast: Cast) -> None:
    party = ItemParty(kind=PartyKind.PARTNER, name="колледж", unit=cast.home.partner)

    roadmap = publish_roadmap(cast.home.region, [planned("1", party, due=in_days(5))])

    assert bound(roadmap) == {"PT"}


def test_publishing_binds_all_partners_of_a_kind(cast: Cast) -> None:
    colleges = ItemParty(kind=PartyKind.PARTNER, name="колледжи", partner_kind=PartnerKind.COLLEGE)
    universities = ItemParty(
        kind=PartyKind.PARTNER, name="вузы", partner_kind=PartnerKind.UNIVERSITY
    )

    roadmap = publish_roadmap(
        cast.home.region,
        [planned("1", colleges, due=in_days(5)), planned("2", universities, due=in_days(5))],
    )

    assert (bound(roadmap, "1"), bound(roadmap, "2")) == ({"PT"}, set())


def test_publishing_gives_one_due_a_day_and_nothing_to_group_rows(cast: Cast) -> None:
    days = [in_days(5), in_days(40), in_days(5)]

    roadmap = publish_roadmap(
        cast.home.region,
        [
            planned("1", PartyKind.REGION, due=days),
            planned("2", PartyKind.REGION),
            planned("3", PartyKind.REGION, due=days, group=True),
        ],
    )

    found = Due.objects.in_order().values_list("assignment__item__number", "due_on", "state")
    assert list(found) == [
        ("1", in_days(5), DueState.NOT_STARTED),
        ("1", in_days(40), DueState.NOT_STARTED),
        ("2", None, DueState.NOT_STARTED),
    ]
    assert assignment_of(roadmap, "1", cast.home.region).open_due_on == in_days(5)


def test_binding_twice_changes_nothing(cast: Cast) -> None:
    roadmap = publish_roadmap(
        cast.home.region, [planned("1", PartyKind.SCHOOL, PartyKind.MUNICIPALITY, due=in_days(5))]
    )
    before = list(Due.objects.order_by("pk").values())

    bind_item(item_of(roadmap, "1"), on=today(), now=NOW)

    assert list(Due.objects.order_by("pk").values()) == before
    assert bound(roadmap) == {"S1", "S2", "S3", "S4", "M1", "M2"}


# --- The tree changes -------------------------------------------------------------------------


def three_dues(cast: Cast):
    return publish_roadmap(
        cast.home.region,
        [
            planned("1", PartyKind.SCHOOL, due=in_days(-5)),
            planned("2", PartyKind.SCHOOL, due=in_days(5)),
            planned("3", PartyKind.SCHOOL),
        ],
    )


def days_of(unit, roadmap) -> list[tuple[str, date | None, str]]:
    return list(
        Due.objects.filter(assignment__unit=unit, assignment__roadmap=roadmap)
        .order_by("assignment__item__number", F("due_on").asc(nulls_last=True))
        .values_list("assignment__item__number", "due_on", "state")
    )


def test_unit_opened_later_gets_what_is_still_due(cast: Cast) -> None:
    roadmap = three_dues(cast)

    unit = open_unit(
        parent=cast.home.city,
        card=UnitCard("S9", "МБОУ СОШ № 9", UnitKind.SCHOOL),
        by=SYSTEM,
        now=NOW,
        today=today(),
    )

    assert days_of(unit, roadmap) == [
        ("2", in_days(5), DueState.NOT_STARTED),
        ("3", None, DueState.NOT_STARTED),
    ]


@pytest.mark.parametrize(
    ("dues", "left"),
    [
        pytest.param([-10, -4, 5], [5], id="what was due before it opened is left out"),
        pytest.param([-10, -3], [-3], id="the opening day itself counts"),
        pytest.param([-10, -4], [], id="all before: no task"),
        pytest.param([], [None], id="without a date: stays"),
    ],
)
def test_plan_published_after_a_unit_opened_asks_nothing_of_the_time_before(
    cast: Cast, dues: list[int], left: list[int | None]
) -> None:
    card = UnitCard("S9", "МБОУ СОШ № 9", UnitKind.SCHOOL, opened_on=in_days(-3))
    unit = open_unit(parent=cast.home.city, card=card, by=SYSTEM, now=NOW, today=today())
    expected = [None if day is None else in_days(day) for day in left]

    roadmap = publish_roadmap(
        cast.home.region, [planned("1", PartyKind.SCHOOL, due=[in_days(day) for day in dues])]
    )

    assert [day for _, day, _ in days_of(unit, roadmap)] == expected
    standing = Assignment.objects.filter(unit=unit).values_list("open_due_on", flat=True)
    assert list(standing) == expected[:1]
    assert len(days_of(cast.home.school, roadmap)) == len(dues or [None])


def test_closed_unit_keeps_its_history(cast: Cast) -> None:
    roadmap, school = three_dues(cast), cast.home.far_school
    done = due_of(roadmap, "1", school)
    mark_done(
        due=done, version=1, done_on=today(), comment="сделали", by=SYSTEM, now=NOW, today=today()
    )
    worked_on = due_of(roadmap, "2", school)
    save_progress(due=worked_on, version=1, comment="начали", by=SYSTEM, now=NOW)

    close_unit(unit=school, on=today(), by=SYSTEM, now=NOW, today=today())

    assert days_of(school, roadmap) == [
        ("1", in_days(-5), DueState.DONE),
        ("2", in_days(5), DueState.NOT_APPLICABLE),
    ]
    assert assignment_of(roadmap, "2", school).state == DueState.NOT_APPLICABLE


def test_closed_unit_gets_no_due_again(cast: Cast) -> None:
    school = cast.home.far_school
    roadmap = publish_roadmap(
        cast.home.region, [planned("1", PartyKind.SCHOOL, due=[in_days(-5), in_days(5)])]
    )

    close_unit(unit=school, on=today(), by=SYSTEM, now=NOW, today=today())

    assert days_of(school, roadmap) == [("1", in_days(-5), DueState.NOT_STARTED)]


def test_reopened_unit_gets_its_dues_back(cast: Cast) -> None:
    roadmap, school = three_dues(cast), cast.home.far_school
    close_unit(unit=school, on=today(), by=SYSTEM, now=NOW, today=today())

    reopen_unit(unit=school, by=SYSTEM, now=NOW, today=today())

    assert days_of(school, roadmap) == [
        ("1", in_days(-5), DueState.NOT_STARTED),
        ("2", in_days(5), DueState.NOT_STARTED),
        ("3", None, DueState.NOT_STARTED),
    ]


def test_moved_school_takes_its_tasks_of_a_regional_plan_along(cast: Cast) -> None:
    roadmap, school = three_dues(cast), cast.home.school
    before = days_of(school, roadmap)

    move_unit(unit=school, parent=cast.home.district, on=today(), by=SYSTEM, now=NOW, today=today())

    assert days_of(school, roadmap) == before
    school.refresh_from_db()
    paths = Assignment.objects.filter(unit=school).values_list("path", flat=True).distinct()
    assert list(paths) == [school.path]


def test_moved_school_leaves_the_municipal_plan(cast: Cast) -> None:
    home = cast.home
    old = publish_roadmap(
        home.city, [planned("1", PartyKind.SCHOOL, due=[in_days(-5), in_days(5)])]
    )
    new = publish_roadmap(home.district, [planned("1", PartyKind.SCHOOL, due=in_days(9))])

    move_unit(unit=home.school, parent=home.district, on=today(), by=SYSTEM, now=NOW, today=today())

    assert days_of(home.school, old) == [("1", in_days(-5), DueState.NOT_STARTED)]
    assert days_of(home.school, new) == [("1", in_days(9), DueState.NOT_STARTED)]
    assert assignment_of(old, "1", home.school).path.startswith(home.city.path)


@pytest.fixture
def let_go(cast: Cast) -> Due:
    """Half done for the city's plan when the school went over to the district."""
    home = cast.home
    roadmap = publish_roadmap(home.city, [planned("1", PartyKind.SCHOOL, due=in_days(5))])
    due = due_of(roadmap, "1", home.school)
    save_progress(due=due, version=1, comment="начали", by=home.actor(Role.SCHOOL), now=NOW)
    add_link(due=due, link="https://a.test/", by=SYSTEM, now=NOW)
    move_unit(unit=home.school, parent=home.district, on=today(), by=SYSTEM, now=NOW, today=today())
    due.refresh_from_db()
    return due


@pytest.mark.parametrize(
    "deed",
    [
        pytest.param(
            lambda due, **deed: take_back(due=due, version=due.version, **deed), id="back"
        ),
        pytest.param(
            lambda due, **deed: return_due(due=due, version=due.version, reason="Нет", **deed),
            id="returned",
        ),
        pytest.param(
            lambda due, **deed: add_link(due=due, link="https://b.test/", **deed), id="proof"
        ),
        pytest.param(
            lambda due, **deed: remove_proof(proof=due.proofs.get(), **deed), id="proof away"
        ),
    ],
)
def test_due_the_portal_closed_is_opened_by_nobody(cast: Cast, let_go: Due, deed) -> None:
    before = Due.objects.filter(pk=let_go.pk).values().get()

    with pytest.raises(RuleBroken, match="Это поручение закрыл портал"):
        deed(let_go, by=cast.home.actor(Role.SCHOOL), now=NOW)

    assert Due.objects.filter(pk=let_go.pk).values().get() == before
    assert let_go.proofs.count() == 1
    assert let_go.assignment.state == DueState.NOT_APPLICABLE


def test_page_of_a_due_the_portal_closed_offers_nothing_that_is_refused(
    cast: Cast, let_go: Due
) -> None:
    for role in (Role.SCHOOL, Role.MUNICIPALITY, Role.MINISTRY):
        page = client_of(cast.home.person(role)).get(f"/assignments/{let_go.assignment_id}/")
        html = page.content.decode()
        assert page.status_code == 200
        assert "Организация закрыта или переведена" in html
        for deed in ("take-back", "return", "proofs"):
            assert f"/dues/{let_go.pk}/{deed}/" not in html


def test_school_that_comes_back_finds_its_work_as_it_was(cast: Cast, let_go: Due) -> None:
    home = cast.home
    proofs = set(let_go.proofs.values_list("pk", flat=True))
    confirm_due(due=let_go, version=let_go.version, by=home.actor(Role.MUNICIPALITY), now=NOW)

    move_unit(unit=home.school, parent=home.city, on=today(), by=SYSTEM, now=NOW, today=today())

    due = Due.objects.get(pk=let_go.pk)
    assert (due.state, due.comment, due.reason) == (DueState.IN_PROGRESS, "начали", "")
    assert (due.reported_at, due.confirmed_at, due.confirmed_by) == (None, None, None)
    assert set(due.proofs.values_list("pk", flat=True)) == proofs
    assert (due.assignment.state, due.assignment.open_due_on) == (
        DueState.IN_PROGRESS,
        in_days(5),
    )
    assert due.version == let_go.version + 1
    take = mark_not_applicable(
        due=due, version=due.version, reason="Не наше", by=home.actor(Role.SCHOOL), now=NOW
    )
    assert not take.is_let_go


def test_what_people_marked_stays_marked_when_the_school_comes_back(cast: Cast) -> None:
    home = cast.home
    roadmap = publish_roadmap(home.city, [planned("1", PartyKind.SCHOOL, due=in_days(5))])
    due = due_of(roadmap, "1", home.school)
    by = home.actor(Role.SCHOOL)
    mark_not_applicable(due=due, version=1, reason="Организация закрыта", by=by, now=NOW)
    for parent in (home.district, home.city):
        home.school.refresh_from_db()
        move_unit(unit=home.school, parent=parent, on=today(), by=SYSTEM, now=NOW, today=today())

    due.refresh_from_db()
    assert (due.state, due.reason) == (DueState.NOT_APPLICABLE, "Организация закрыта")


def test_moved_municipality_takes_its_own_plan_along(cast: Cast) -> None:
    home = cast.home
    territory = open_unit(
        parent=home.region,
        card=UnitCard("T1", "Восточное управление", UnitKind.TERRITORY),
        by=SYSTEM,
        now=NOW,
        today=today(),
    )
    roadmap = publish_roadmap(home.city, [planned("1", PartyKind.SCHOOL, due=in_days(5))])

    move_unit(unit=home.city, parent=territory, on=today(), by=SYSTEM, now=NOW, today=today())

    roadmap.refresh_from_db()
    home.city.refresh_from_db()
    assert roadmap.path == home.city.path
    assert days_of(home.school, roadmap) == [("1", in_days(5), DueState.NOT_STARTED)]


def test_finished_roadmap_stays_where_it_was(cast: Cast) -> None:
    home = cast.home
    last = today().year - 2
    roadmap = publish_roadmap(
        home.region,
        [planned("1", PartyKind.SCHOOL, due=date(last + 1, 5, 25))],
        year=last,
    )
    before = list(Assignment.objects.order_by("pk").values())

    move_unit(unit=home.school, parent=home.district, on=today(), by=SYSTEM, now=NOW, today=today())
    rename_unit(unit=home.far_school, name="Другая", on=today(), by=SYSTEM, now=NOW, today=today())
    merge_unit(
        unit=home.other_school, into=home.far_school, on=today(), by=SYSTEM, now=NOW, today=today()
    )

    assert list(Assignment.objects.order_by("pk").values()) == before
    assert bound(roadmap) == {"S1", "S2", "S3", "S4"}


def test_undated_item_is_bound_whole(cast: Cast) -> None:
    roadmap = publish_roadmap(cast.home.region, [planned("1", PartyKind.SCHOOL)])

    assert RoadmapItem.objects.get(roadmap=roadmap).windows == []
    assert set(Due.objects.values_list("due_on", flat=True)) == {None}
