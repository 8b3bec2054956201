"""Many units changed at once: what is refused, what stays."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from profmin.journal.models import JournalEntry
from profmin.journal.services import SYSTEM
from profmin.lib.errors import RuleBroken
from schools.models import OrgUnit, UnitPlace
from schools.services.changes import UnitChange, change_units
from schools.services.units import close_unit, move_unit, wrong_paths
from tests.factories.cast import NOW, TODAY


def as_it_is(unit):
    return UnitChange(
        unit=unit,
        name=unit.name,
        parent=unit.parent,
        variety=unit.variety,
        founder=unit.founder,
        partner_kind=unit.partner_kind,
        opened_on=unit.opened_on,
    )


def change(*changes, on=TODAY):
    change_units(changes=changes, on=on, by=SYSTEM, now=NOW, today=TODAY)


def fresh(unit):
    return OrgUnit.objects.select_related("parent").get(pk=unit.pk)


def test_nothing_changed_writes_nothing(cast):
    before = JournalEntry.objects.count(), UnitPlace.objects.count()
    change(as_it_is(cast.home.school))
    assert (JournalEntry.objects.count(), UnitPlace.objects.count()) == before


def test_municipality_and_its_school_move_at_once(cast):
    home = cast.home
    change(
        replace(as_it_is(home.school), parent=home.district),
        replace(as_it_is(home.far_school), parent=home.city),
    )
    assert fresh(home.branch).path.startswith(fresh(home.district).path)
    assert fresh(home.far_school).path.startswith(fresh(home.city).path)
    assert wrong_paths() == 0


def test_callers_object_shows_what_was_written(cast):
    school = cast.home.school
    change(replace(as_it_is(school), name="Лицей", parent=cast.home.district, variety="лицей"))
    written = fresh(school)
    assert (school.name, school.parent, school.path, school.variety) == (
        written.name,
        written.parent,
        written.path,
        written.variety,
    )


def test_opening_day_is_written_without_a_new_place(cast):
    change(replace(as_it_is(cast.home.school), opened_on=date(1990, 9, 1)))
    assert fresh(cast.home.school).opened_on == date(1990, 9, 1)
    assert UnitPlace.objects.filter(unit=cast.home.school).count() == 1
    entry = JournalEntry.objects.order_by("pk").last()
    assert (entry.before, entry.after) == ({"opened_on": None}, {"opened_on": "1990-09-01"})


@pytest.mark.parametrize(
    ("values", "field"),
    [
        pytest.param({"name": " "}, "name", id="no name"),
        pytest.param({"parent": "region of others"}, "parent", id="other region"),
        pytest.param({"parent": "branch"}, "parent", id="below itself"),
        pytest.param({"parent": None}, "parent", id="no parent"),
    ],
)
def test_nonsense_is_refused(cast, values, field):
    named = {"region of others": cast.away.city, "branch": cast.home.branch}
    values = {name: named.get(value, value) for name, value in values.items()}
    with pytest.raises(RuleBroken) as refused:
        change(replace(as_it_is(cast.home.school), **values))
    assert refused.value.field == field


def test_circle_of_two_changes_is_refused(cast):
    one, other = cast.home.school, cast.home.other_school
    OrgUnit.objects.filter(pk__in=[one.pk, other.pk]).update(kind="branch")
    one, other = fresh(one), fresh(other)
    one_school, other_school = fresh(one), fresh(other)
    one_school.kind = other_school.kind = "school"
    with pytest.raises(RuleBroken, match="ей самой"):
        change(
            replace(as_it_is(one), parent=other_school),
            replace(as_it_is(other), parent=one_school),
        )


def test_closed_parent_is_refused(cast):
    for unit in (cast.home.far_school, cast.home.farther_school, cast.home.district):
        close_unit(unit=unit, on=TODAY, by=SYSTEM, now=NOW, today=TODAY)
    with pytest.raises(RuleBroken, match="на эту дату закрыта"):
        change(replace(as_it_is(cast.home.school), parent=cast.home.district))


def test_day_to_come_and_day_before_the_last_change_are_refused(cast):
    school = cast.home.school
    with pytest.raises(RuleBroken, match="ещё не наступила"):
        change(replace(as_it_is(school), name="Лицей"), on=TODAY + timedelta(days=1))
    move_unit(unit=school, parent=cast.home.district, on=TODAY, by=SYSTEM, now=NOW, today=TODAY)
    with pytest.raises(RuleBroken, match="уже есть изменения"):
        change(replace(as_it_is(fresh(school)), name="Лицей"), on=TODAY - timedelta(days=1))
