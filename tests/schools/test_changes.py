"""Many units changed at once: what is refused, what stays."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from profmin.journal.models import JournalEntry
from profmin.journal.services import SYSTEM
from profmin.lib.errors import RuleBroken
from schools.models import OrgUnit, UnitPlace
from schools.services.changes import CHANGED, UnitChange, change_units
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


def test_damaged_tree_with_a_circle_is_not_moved_about(cast):
    one, other = cast.home.school, cast.home.other_school
    OrgUnit.objects.filter(pk=one.pk).update(parent=other)
    OrgUnit.objects.filter(pk=other.pk).update(parent=one)
    with pytest.raises(RuleBroken, match="ей самой"):
        change(replace(as_it_is(cast.home.far_school), parent=cast.home.city))


def places(unit):
    rows = UnitPlace.objects.filter(unit=unit, ends_on=None)
    return list(rows.values_list("name", "path", "parent"))


@pytest.mark.parametrize(
    "deed",
    [
        pytest.param({"parent": "district"}, id="moved"),
        pytest.param({"name": "Лицей"}, id="renamed"),
    ],
)
def test_unit_changed_since_it_was_seen_is_not_written_over(cast, deed):
    home = cast.home
    stale, now = fresh(home.school), fresh(home.school)
    if "parent" in deed:
        move_unit(unit=now, parent=home.district, on=TODAY, by=SYSTEM, now=NOW, today=TODAY)
    else:
        change(replace(as_it_is(now), **deed))
    before = list(OrgUnit.objects.order_by("pk").values()), places(now), places(home.branch)
    for wanted in ({"variety": "лицей"}, {"name": "Другое имя"}, {"parent": home.district}, {}):
        with pytest.raises(RuleBroken) as refused:
            change(as_it_is(fresh(home.far_school)), replace(as_it_is(stale), **wanted))
        assert refused.value.message == CHANGED
    after = list(OrgUnit.objects.order_by("pk").values()), places(now), places(home.branch)
    assert after == before
    assert wrong_paths() == 0


def test_words_nobody_changes_here_stay_as_somebody_else_wrote_them(cast):
    stale, now = fresh(cast.home.school), fresh(cast.home.school)
    change(replace(as_it_is(now), variety="лицей"))
    change(replace(as_it_is(stale), founder="private"))
    assert (fresh(now).variety, fresh(now).founder) == ("лицей", "private")
    assert (stale.variety, stale.founder) == ("лицей", "private")


def test_word_changed_by_two_is_refused_to_the_second(cast):
    stale, now = fresh(cast.home.school), fresh(cast.home.school)
    change(replace(as_it_is(now), variety="лицей"))
    with pytest.raises(RuleBroken) as refused:
        change(replace(as_it_is(stale), variety="гимназия"))
    assert refused.value.message == CHANGED
    assert fresh(now).variety == "лицей"


def test_closed_unit_is_not_moved(cast):
    school = cast.home.farther_school
    close_unit(unit=school, on=TODAY, by=SYSTEM, now=NOW, today=TODAY)
    with pytest.raises(RuleBroken, match="Закрытую организацию не переводят"):
        change(replace(as_it_is(fresh(school)), parent=cast.home.city))
    stale = fresh(cast.home.other_school)
    close_unit(unit=fresh(stale), on=TODAY, by=SYSTEM, now=NOW, today=TODAY)
    with pytest.raises(RuleBroken, match="Закрытую организацию не переводят"):
        change(replace(as_it_is(stale), parent=cast.home.district))


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
