"""What moved keeps its past: rows of the time before a move, seen by whom they belonged to.

Each story plays in a year that is over (its plan is last year's) or in the running one.
"""

import re
from dataclasses import replace

import pytest

from plans.choices import PartyKind
from plans.models import Assignment, Due, Roadmap, RoadmapItem
from plans.services.execution import add_file
from plans.services.imports import load_roadmap
from profmin.accounts.roles import Role
from profmin.journal.models import JournalEntry
from profmin.journal.services import SYSTEM
from profmin.lib.periods import AcademicYear
from schools.access import access_for
from schools.choices import FilePurpose, UnitKind
from schools.models import Appointment, OrgUnit, StoredFile, UnitPlace
from schools.scope import Scope
from schools.services.units import UnitCard, merge_unit, move_unit, open_unit
from tests.factories.cast import NOW, client_of, make_person
from tests.factories.plans import assignment_of, in_days, item_of, planned, publish_roadmap, today

LAST_YEAR = AcademicYear.of(today()).first - 1
DEED = {"by": SYSTEM, "now": NOW, "today": today()}
_TOKEN = re.compile(r'(?<=value=")\w{64}(?=")|(?<=X-CSRFToken": ")\w{64}(?=")')


def move(unit, parent, on=None):
    unit.refresh_from_db()
    move_unit(unit=unit, parent=parent, on=on or in_days(-1), **DEED)


def seen(model, access):
    return set(model.objects.in_scope(access.scope).values_list("pk", flat=True))


@pytest.fixture
def last_year(cast):
    """The region's and the city's plans of last year; branches are bound too."""
    due = AcademicYear(LAST_YEAR).end
    items = [planned("1", PartyKind.SCHOOL, due=due, branches=True)]
    of_region = publish_roadmap(cast.home.region, items, year=LAST_YEAR, title="План региона")
    of_city = publish_roadmap(
        cast.home.city,
        [planned("1", PartyKind.SCHOOL, due=due, branches=True)],
        year=LAST_YEAR,
        title="План города",
    )
    return of_region, of_city


@pytest.fixture
def district_access(cast):
    """The coordinator of the district."""
    held = make_person("district@zarechie.test", role=Role.MUNICIPALITY, unit=cast.home.district)
    return lambda: access_for(held.user, today=today())


@pytest.fixture
def territory(cast):
    """A new territorial office of the region."""
    card = UnitCard("T1", "Восточное управление", UnitKind.TERRITORY)
    return open_unit(parent=cast.home.region, card=card, **DEED)


def test_moved_school_still_sees_the_past_of_its_branches(cast, last_year):
    home = cast.home
    tasks = {
        assignment_of(plan, "1", unit).pk
        for plan in last_year
        for unit in (home.school, home.branch)
    }
    move(home.school, home.district)
    access = home.access(Role.SCHOOL)
    assert seen(Assignment, access) == tasks
    assert seen(Due, access) == set(
        Due.objects.filter(assignment__in=tasks).values_list("pk", flat=True)
    )
    assert seen(Roadmap, access) == {plan.pk for plan in last_year}


def test_moved_school_opens_the_pages_of_its_branches_past(cast, last_year, sign_in):
    home = cast.home
    task = assignment_of(last_year[1], "1", home.branch)
    move(home.school, home.district)
    client = sign_in(home.person(Role.SCHOOL))
    addresses = (
        f"/assignments/{task.pk}/",
        f"/items/{task.item_id}/",
        f"/roadmaps/{last_year[1].pk}/",
        f"/units/{home.branch.pk}/plan/?year={LAST_YEAR}",
    )
    assert {one: client.get(one).status_code for one in addresses} == dict.fromkeys(addresses, 200)


def test_plan_that_bound_the_branches_alone_stays_with_the_moved_school(cast):
    home = cast.home
    plan = publish_roadmap(
        home.city, [planned("1", PartyKind.SCHOOL, branches=True)], year=LAST_YEAR
    )
    Assignment.objects.filter(unit=home.school).delete()
    move(home.school, home.district)
    access = home.access(Role.SCHOOL)
    assert seen(Roadmap, access) == {plan.pk}
    assert seen(RoadmapItem, access) == {item_of(plan, "1").pk}


def test_moved_school_may_still_report_for_its_branch(cast, last_year, sign_in):
    home = cast.home
    due = assignment_of(last_year[0], "1", home.branch).dues.get()
    move(home.school, home.district)
    answer = sign_in(home.person(Role.SCHOOL)).post(
        f"/dues/{due.pk}/done/",
        {"version": due.version, "done_on": in_days(-1).isoformat(), "comment": "Провели встречу"},
    )
    due.refresh_from_db()
    assert (answer.status_code, due.state) == (302, "done")


def test_plans_of_the_former_municipality_made_later_do_not_reach_the_moved_school(cast):
    home = cast.home
    move(home.school, home.district)
    plan = publish_roadmap(home.city, [planned("1", PartyKind.SCHOOL, due=in_days(9))])
    assert plan.pk not in seen(Roadmap, home.access(Role.SCHOOL))


def test_new_municipality_sees_the_school_from_the_move_on(cast, last_year, district_access):
    home = cast.home
    running = publish_roadmap(home.region, [planned("1", PartyKind.SCHOOL, due=in_days(9))])
    move(home.school, home.district)
    tasks = {
        assignment_of(plan, "1", unit).pk
        for plan, units in (
            (running, (home.school, home.far_school, home.farther_school)),
            (last_year[0], (home.far_school, home.farther_school)),
        )
        for unit in units
    }
    assert seen(Assignment, district_access()) == tasks


def test_old_municipality_keeps_what_was_done_under_it(cast, last_year):
    home = cast.home
    before = seen(Assignment, home.access(Role.MUNICIPALITY))
    move(home.school, home.district)
    assert seen(Assignment, home.access(Role.MUNICIPALITY)) == before
    assert len(before) == 6


def test_moved_municipality_keeps_the_past_of_its_subtree(cast, last_year, territory):
    home = cast.home
    before = seen(Assignment, home.access(Role.MUNICIPALITY))
    move(home.city, territory)
    assert seen(Assignment, home.access(Role.MUNICIPALITY)) == before


def test_school_that_left_before_the_municipality_moved_stays_in_its_past(
    cast, last_year, territory
):
    home = cast.home
    before = seen(Assignment, home.access(Role.MUNICIPALITY))
    move(home.school, home.district, on=in_days(-3))
    move(home.city, territory)
    assert seen(Assignment, home.access(Role.MUNICIPALITY)) == before


def test_school_keeps_its_branches_past_when_its_municipality_moved(cast, last_year, territory):
    home = cast.home
    before = seen(Assignment, home.access(Role.SCHOOL))
    move(home.city, territory)
    assert seen(Assignment, home.access(Role.SCHOOL)) == before


def test_territory_sees_the_municipality_from_the_move_on(cast, last_year, territory):
    home = cast.home
    running = publish_roadmap(home.region, [planned("1", PartyKind.SCHOOL, due=in_days(9))])
    move(home.city, territory)
    held = make_person("east@zarechie.test", role=Role.MUNICIPALITY, unit=territory)
    tasks = {assignment_of(running, "1", unit).pk for unit in (home.school, home.other_school)}
    assert seen(Assignment, access_for(held.user, today=today())) == tasks


def test_merger_leaves_the_past_where_it_was(cast, last_year):
    """The branch and the municipality keep it; the school that took the branch over gains none."""
    home = cast.home
    people = [
        make_person(f"school-{unit.pk}@zarechie.test", role=Role.SCHOOL, unit=unit).user
        for unit in (home.other_school, home.branch)
    ]

    def seen_by_all():
        accesses = [access_for(one, today=today()) for one in people]
        return [seen(Assignment, one) for one in (*accesses, home.access(Role.MUNICIPALITY))]

    before = seen_by_all()
    merge_unit(unit=home.school, into=home.other_school, on=in_days(-1), **DEED)
    assert seen_by_all() == before
    assert [len(one) for one in before] == [2, 2, 6]


def test_moving_there_and_back_changes_nothing(cast, last_year):
    home = cast.home
    before = seen(Assignment, home.access(Role.SCHOOL))
    move(home.school, home.district, on=in_days(-5))
    move(home.school, home.city, on=in_days(-2))
    access = home.access(Role.SCHOOL)
    assert seen(Assignment, access) == before
    assert [place[-6:] for place in access.scope.former] == [access.scope.roots[0][-6:]]


def test_journal_files_and_places_of_the_time_before_stay(cast, last_year, file_store):
    home = cast.home
    file = StoredFile.objects.create(
        unit=home.branch,
        path=home.branch.path,
        purpose=FilePurpose.PROOF,
        file="x",
        name="отчёт.pdf",
        content_type="application/pdf",
        size=1,
        sha256="0" * 64,
        uploaded_at=NOW,
    )
    told = set(
        JournalEntry.objects.filter(unit_id__in=[home.school.pk, home.branch.pk]).values_list(
            "pk", flat=True
        )
    )
    move(home.school, home.district)
    access = home.access(Role.SCHOOL)
    assert seen(StoredFile, access) == {file.pk}
    assert told <= seen(JournalEntry, access)
    assert set(UnitPlace.objects.in_scope(access.scope).values_list("unit_id", flat=True)) == {
        home.school.pk,
        home.branch.pk,
    }


# --- Files go with their pages ----------------------------------------------------------------


@pytest.fixture
def moved_city(cast, territory, file_store):
    """The city went from one territory to another yesterday; before, it had a file of every
    purpose. Answers (addresses of a purpose's page and file, clients of those concerned)."""
    home = cast.home
    other = open_unit(
        parent=home.region, card=UnitCard("T2", "Западное управление", UnitKind.TERRITORY), **DEED
    )
    move(home.city, territory, on=in_days(-900))
    home.city.refresh_from_db()

    def keep(purpose):
        return StoredFile.objects.create(
            unit=home.city,
            path=home.city.path,
            purpose=purpose,
            file=store_of(file_store, purpose),
            name="файл",
            content_type="application/octet-stream",
            size=1,
            sha256="0" * 64,
            uploaded_at=NOW,
        )

    def proof_of(year):
        day = AcademicYear(year).end
        items = [planned("1", PartyKind.MUNICIPALITY, due=day)]
        plan = publish_roadmap(home.region, items, year=year, title=f"План {year}")
        task = assignment_of(plan, "1", home.city)
        file = keep(FilePurpose.PROOF)
        add_file(due=task.dues.get(), file=file, by=SYSTEM, now=NOW)
        return f"/assignments/{task.pk}/", f"/files/{file.pk}/"

    act, register, roadmap = (
        keep(purpose) for purpose in (FilePurpose.ACT, FilePurpose.REGISTER, FilePurpose.ROADMAP)
    )
    held = home.people[Role.MUNICIPALITY]
    Appointment.objects.filter(pk=held.pk).update(act_file=act)
    source = load_roadmap(unit=home.city, name="План", file=roadmap, year=None, by=SYSTEM, now=NOW)
    addresses = {
        "proof of the past": proof_of(LAST_YEAR),
        "proof of this year": proof_of(LAST_YEAR + 1),
        FilePurpose.ACT: (f"/people/{held.pk}/", f"/files/{act.pk}/"),
        FilePurpose.REGISTER: (f"/units/register/{register.pk}/", f"/files/{register.pk}/"),
        FilePurpose.ROADMAP: (f"/imports/{source.pk}/", f"/files/{roadmap.pk}/"),
    }
    people = {
        "own": held.user,
        "keeper": make_person("k@zarechie.test", role=Role.ADMINISTRATOR, unit=home.city).user,
        "former": make_person("f@zarechie.test", role=Role.MUNICIPALITY, unit=territory).user,
        "new": make_person("n@zarechie.test", role=Role.MUNICIPALITY, unit=other).user,
    }
    move(home.city, other)
    return addresses, {name: client_of(user) for name, user in people.items()}


def opens(client, address):
    answer = client.get(address)
    if answer.streaming:
        b"".join(answer.streaming_content)  # reads the file to its end and closes it
    return answer.status_code == 200


def store_of(folder, purpose):
    folder.mkdir(exist_ok=True)
    (folder / purpose).write_text("Код;Наименование\n1;Школа\n", encoding="utf-8")
    return str(purpose)


@pytest.mark.parametrize(
    ("purpose", "seen_by"),
    [
        pytest.param("proof of the past", {"own", "keeper", "former"}, id="proof of the past"),
        pytest.param("proof of this year", {"own", "keeper", "new"}, id="proof of this year"),
        pytest.param(FilePurpose.ACT, {"own", "keeper", "new"}, id="act"),
        pytest.param(FilePurpose.REGISTER, {"keeper"}, id="register"),
        pytest.param(FilePurpose.ROADMAP, {"own"}, id="roadmap"),
    ],
)
def test_file_of_a_moved_unit_opens_for_whom_its_page_opens(moved_city, purpose, seen_by):
    addresses, clients = moved_city
    opened = [
        {name for name, client in clients.items() if opens(client, address)}
        for address in addresses[purpose]
    ]
    assert opened == [seen_by, seen_by]


def test_story_of_moved_files_tells_of_every_purpose(moved_city):
    assert {name.split()[0] for name in moved_city[0]} == set(FilePurpose.values)


def test_former_places_show_no_unit_of_today(cast):
    home = cast.home
    move(home.school, home.district)
    only_former = replace(home.access(Role.SCHOOL).scope, roots=())
    assert OrgUnit.objects.in_scope(only_former).count() == 0
    fresh = open_unit(
        parent=home.city, card=UnitCard("S9", "МБОУ СОШ № 9", UnitKind.SCHOOL), **DEED
    )
    assert not only_former.covers(fresh.path)


def test_scope_of_a_region_has_no_past(cast, last_year):
    move(cast.home.school, cast.home.district)
    assert cast.home.access(Role.MINISTRY).scope == Scope(roots=(cast.home.region.path,))


def test_foreign_region_gains_nothing_by_a_move(cast, last_year):
    roles = (Role.MINISTRY, Role.MUNICIPALITY, Role.SCHOOL, Role.ADMINISTRATOR)
    move(cast.home.school, cast.home.district)
    assert {role: seen(Assignment, cast.away.access(role)) for role in roles} == {
        role: set() for role in roles
    }


def test_access_costs_one_query_however_often_the_unit_moved(cast, django_assert_num_queries):
    home = cast.home
    for days, parent in ((-9, home.district), (-8, home.city), (-7, home.district)):
        move(home.school, parent, on=in_days(days))
    second = make_person(home.person(Role.SCHOOL).email, role=Role.SCHOOL, unit=home.other_school)
    with django_assert_num_queries(1):
        access = access_for(home.person(Role.SCHOOL), today=today())
    assert access.others == (second,)
    assert len(access.scope.former) == 1
    assert access.scope == home.access(Role.SCHOOL).scope


# --- Last year's pages, to the byte -----------------------------------------------------------


def pages_of_last_year(access, plan, units):
    """What a person reads of a plan that is over, without the tokens of the session."""
    client = client_of(access.user)
    addresses = [
        *(f"/roadmaps/{plan.pk}/?view={view}" for view in ("tree", "units", "kinds", "year")),
        f"/items/{item_of(plan, '1').pk}/",
        *(f"/assignments/{assignment_of(plan, '1', unit).pk}/" for unit in units),
    ]
    answers = {address: client.get(address) for address in addresses}
    return {
        address: (answer.status_code, _TOKEN.sub("", answer.content.decode()))
        for address, answer in answers.items()
    }


@pytest.mark.parametrize("what", ["school moves", "schools merge", "all moves"])
def test_page_of_last_year_stays_the_same_to_the_byte(cast, last_year, territory, what):
    home, roles = cast.home, (Role.MINISTRY, Role.MUNICIPALITY)
    units = (home.school, home.branch, home.other_school)
    before = [pages_of_last_year(home.access(who), last_year[0], units) for who in roles]
    if what == "schools merge":
        merge_unit(unit=home.school, into=home.other_school, on=in_days(-3), **DEED)
    else:
        move(home.school, home.district, on=in_days(-4))
    if what == "all moves":
        merge_unit(unit=home.school, into=home.far_school, on=in_days(-3), **DEED)
        move(home.city, territory, on=in_days(-2))
    after = [pages_of_last_year(home.access(who), last_year[0], units) for who in roles]
    assert {status for pages in before for status, _ in pages.values()} == {200}
    assert after == before


def test_page_of_last_year_stays_the_same_for_the_moved_school(cast, last_year):
    home = cast.home
    units = (home.school, home.branch)
    before = pages_of_last_year(home.access(Role.SCHOOL), last_year[1], units)
    move(home.school, home.district)
    assert pages_of_last_year(home.access(Role.SCHOOL), last_year[1], units) == before
