"""Services of the tree: dates, history, refusals; paths always equal the parents'."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profmin.journal.models import JournalEntry
from profmin.journal.services import SYSTEM
from profmin.lib import paths
from profmin.lib.errors import RuleBroken
from schools.choices import UnitKind
from schools.models import OrgUnit, UnitPlace
from schools.services import units
from tests.factories.cast import NOW, TODAY

DEED = {"by": SYSTEM, "now": NOW, "today": TODAY}
YESTERDAY = TODAY - timedelta(days=1)
FIRST_OF_MONTH = date(2026, 9, 1)


def fresh(unit):
    return OrgUnit.objects.get(pk=unit.pk)


def history(unit):
    rows = UnitPlace.objects.filter(unit=unit).order_by("pk")
    return [(row.starts_on, row.ends_on, row.name, row.parent.code) for row in rows]


def words_of(refusal):
    return refusal.value.message


def assert_tree_is_whole():
    for unit in OrgUnit.objects.select_related("parent"):
        above = unit.parent.path if unit.parent else ""
        assert unit.path == above + paths.step(unit.pk)
        last = UnitPlace.objects.get(unit=unit, ends_on=None)
        assert (last.path, last.parent_id, last.name) == (unit.path, unit.parent_id, unit.name)
    assert units.wrong_paths() == 0


def test_open_unit_puts_it_below_its_parent(cast):
    card = units.UnitCard("S9", "МБОУ СОШ № 9", UnitKind.SCHOOL, opened_on=TODAY)
    school = units.open_unit(parent=cast.home.city, card=card, **DEED)
    assert school.path == cast.home.city.path + paths.step(school.pk)
    assert school.region_id == cast.home.region.pk
    assert history(school) == [(None, None, "МБОУ СОШ № 9", "M1")]
    entry = JournalEntry.objects.latest("pk")
    assert (entry.action, entry.object_id, entry.unit_path) == (
        "unit_opened",
        school.pk,
        school.path,
    )


@pytest.mark.parametrize(
    ("parent", "kind", "code", "words"),
    [
        pytest.param(
            "school",
            UnitKind.SCHOOL,
            "S9",
            "Школа не может подчиняться организации вида «школа».",
            id="school below school",
        ),
        pytest.param(
            "city",
            UnitKind.BRANCH,
            "S9",
            "Филиал не может подчиняться организации вида «муниципалитет».",
            id="branch below municipality",
        ),
        pytest.param(
            "city", UnitKind.SCHOOL, "S3", "Код «S3» уже занят. Укажите другой.", id="code taken"
        ),
    ],
)
def test_open_unit_refuses(cast, parent, kind, code, words):
    card = units.UnitCard(code, "Новая", kind)
    with pytest.raises(RuleBroken) as refusal:
        units.open_unit(parent=getattr(cast.home, parent), card=card, **DEED)
    assert words_of(refusal) == words


def test_open_unit_refuses_closed_parent(cast):
    units.close_unit(unit=cast.home.far_school, on=YESTERDAY, **DEED)
    card = units.UnitCard("F1", "Филиал", UnitKind.BRANCH)
    with pytest.raises(RuleBroken) as refusal:
        units.open_unit(parent=fresh(cast.home.far_school), card=card, **DEED)
    assert words_of(refusal) == "Вышестоящая организация закрыта."


def test_open_unit_refuses_missing_parent(db):
    card = units.UnitCard("S9", "Новая", UnitKind.SCHOOL)
    with pytest.raises(RuleBroken) as refusal:
        units.open_unit(parent=None, card=card, **DEED)
    assert words_of(refusal) == "Укажите вышестоящую организацию."


def test_equal_codes_in_two_regions_do_not_meet(cast):
    assert cast.home.school.code == cast.away.school.code


def test_rename_keeps_the_old_name_for_the_past(cast):
    school = cast.home.school
    units.rename_unit(unit=school, name=" Лицей № 1 ", on=FIRST_OF_MONTH, **DEED)
    assert fresh(school).name == "Лицей № 1"
    assert history(school) == [
        (None, FIRST_OF_MONTH, "МБОУ СОШ № 1", "M1"),
        (FIRST_OF_MONTH, None, "Лицей № 1", "M1"),
    ]


def test_rename_twice_on_one_day_leaves_one_place(cast):
    school = cast.home.school
    units.rename_unit(unit=school, name="Лицей № 1", on=TODAY, **DEED)
    units.rename_unit(unit=school, name="Гимназия № 1", on=TODAY, **DEED)
    assert history(school) == [
        (None, TODAY, "МБОУ СОШ № 1", "M1"),
        (TODAY, None, "Гимназия № 1", "M1"),
    ]


@pytest.mark.parametrize(
    ("name", "on", "words"),
    [
        pytest.param("  ", TODAY, "Введите наименование.", id="empty"),
        pytest.param("МБОУ СОШ № 1", TODAY, "Организация уже так называется.", id="same"),
        pytest.param(
            "Лицей",
            TODAY + timedelta(days=1),
            "Дата ещё не наступила. Внесите изменение в тот день или позже.",
            id="future",
        ),
    ],
)
def test_rename_refuses(cast, name, on, words):
    with pytest.raises(RuleBroken) as refusal:
        units.rename_unit(unit=cast.home.school, name=name, on=on, **DEED)
    assert words_of(refusal) == words


def test_rename_refuses_a_day_before_a_later_change(cast):
    units.rename_unit(unit=cast.home.school, name="Лицей № 1", on=TODAY, **DEED)
    with pytest.raises(RuleBroken) as refusal:
        units.rename_unit(unit=cast.home.school, name="Гимназия", on=YESTERDAY, **DEED)
    assert words_of(refusal) == (
        "После этой даты у организации уже есть изменения. Укажите более позднюю."
    )


def test_move_takes_all_below_and_keeps_the_past(cast):
    home = cast.home
    old_path = home.branch.path
    units.move_unit(unit=home.school, parent=home.district, on=FIRST_OF_MONTH, **DEED)
    branch = fresh(home.branch)
    assert branch.path == home.district.path + paths.step(home.school.pk) + paths.step(branch.pk)
    assert units.path_on(branch, FIRST_OF_MONTH - timedelta(days=1)) == old_path
    assert units.path_on(branch, FIRST_OF_MONTH) == branch.path
    assert history(home.school) == [
        (None, FIRST_OF_MONTH, "МБОУ СОШ № 1", "M1"),
        (FIRST_OF_MONTH, None, "МБОУ СОШ № 1", "M2"),
    ]
    assert_tree_is_whole()


def test_move_reads_the_tree_anew(cast):
    """A page opened before somebody else's move does not undo it."""
    home = cast.home
    stale = fresh(home.school)
    units.move_unit(unit=home.school, parent=home.district, on=TODAY, **DEED)
    with pytest.raises(RuleBroken) as refusal:
        units.move_unit(unit=stale, parent=home.district, on=TODAY, **DEED)
    assert words_of(refusal) == "Организация уже подчинена этой."
    assert_tree_is_whole()


@pytest.mark.parametrize(
    ("unit", "parent", "words"),
    [
        pytest.param("school", "city", "Организация уже подчинена этой.", id="same parent"),
        pytest.param(
            "school",
            "far_school",
            "Школа не может подчиняться организации вида «школа».",
            id="wrong kind",
        ),
    ],
)
def test_move_refuses(cast, unit, parent, words):
    with pytest.raises(RuleBroken) as refusal:
        units.move_unit(
            unit=getattr(cast.home, unit), parent=getattr(cast.home, parent), on=TODAY, **DEED
        )
    assert words_of(refusal) == words


def test_move_refuses_another_region(cast):
    with pytest.raises(RuleBroken) as refusal:
        units.move_unit(unit=cast.home.school, parent=cast.away.city, on=TODAY, **DEED)
    assert words_of(refusal) == "Перевести можно только внутри региона."


def test_move_refuses_closed_unit_and_closed_parent(cast):
    home = cast.home
    units.close_unit(unit=home.other_school, on=YESTERDAY, **DEED)
    with pytest.raises(RuleBroken) as refusal:
        units.move_unit(unit=home.other_school, parent=home.district, on=TODAY, **DEED)
    assert words_of(refusal) == "Закрытую организацию не переводят."
    for school in (home.far_school, home.farther_school):
        units.close_unit(unit=school, on=YESTERDAY, **DEED)
    units.close_unit(unit=home.district, on=YESTERDAY, **DEED)
    with pytest.raises(RuleBroken) as refusal:
        units.move_unit(unit=home.school, parent=home.district, on=TODAY, **DEED)
    assert words_of(refusal) == "Вышестоящая организация на эту дату закрыта."


def test_merge_closes_and_hands_the_branches_over(cast):
    home = cast.home
    units.merge_unit(
        unit=home.school, into=home.other_school, on=TODAY, reason="приказ № 7", **DEED
    )
    school = fresh(home.school)
    assert (school.closed_on, school.successor_id) == (TODAY, home.other_school.pk)
    assert fresh(home.branch).parent_id == home.other_school.pk
    entry = JournalEntry.objects.get(action="unit_merged")
    assert (entry.reason, entry.after) == (
        "приказ № 7",
        {"into": "МБОУ «Гимназия № 2»", "on": "2026-10-01"},
    )
    assert_tree_is_whole()


def test_merge_hands_over_a_branch_that_opens_later(cast):
    home = cast.home
    card = units.UnitCard("S1-2", "Новый филиал", UnitKind.BRANCH, opened_on=date(2027, 1, 9))
    later = units.open_unit(parent=home.school, card=card, **DEED)
    units.merge_unit(unit=home.school, into=home.other_school, on=TODAY, **DEED)
    assert fresh(later).parent_id == home.other_school.pk


@pytest.mark.parametrize(
    ("into", "words"),
    [
        pytest.param("school", "Присоединить можно к другой организации того же вида.", id="self"),
        pytest.param("city", "Присоединить можно к другой организации того же вида.", id="kind"),
    ],
)
def test_merge_refuses(cast, into, words):
    with pytest.raises(RuleBroken) as refusal:
        units.merge_unit(unit=cast.home.school, into=getattr(cast.home, into), on=TODAY, **DEED)
    assert words_of(refusal) == words


def test_merge_refuses_closed_successor(cast):
    units.close_unit(unit=cast.home.other_school, on=YESTERDAY, **DEED)
    with pytest.raises(RuleBroken) as refusal:
        units.merge_unit(
            unit=cast.home.school, into=fresh(cast.home.other_school), on=TODAY, **DEED
        )
    assert words_of(refusal) == "Организация, к которой присоединяют, закрыта."


def test_close_is_dated(cast):
    closing = TODAY + timedelta(days=30)
    units.close_unit(unit=cast.home.far_school, on=closing, **DEED)
    school = fresh(cast.home.far_school)
    assert school.is_working(closing - timedelta(days=1))
    assert not school.is_working(closing)


def test_close_refuses_with_units_below_and_twice(cast):
    with pytest.raises(RuleBroken) as refusal:
        units.close_unit(unit=cast.home.school, on=TODAY, **DEED)
    assert words_of(refusal) == "Сначала закройте или переведите подчинённые организации."
    units.close_unit(unit=cast.home.far_school, on=TODAY, **DEED)
    with pytest.raises(RuleBroken) as refusal:
        units.close_unit(unit=fresh(cast.home.far_school), on=TODAY, **DEED)
    assert words_of(refusal) == "Организация уже закрыта."


def test_close_refuses_before_opening(cast):
    card = units.UnitCard("S9", "Новая", UnitKind.SCHOOL, opened_on=TODAY)
    school = units.open_unit(parent=cast.home.city, card=card, **DEED)
    with pytest.raises(RuleBroken) as refusal:
        units.close_unit(unit=school, on=YESTERDAY, **DEED)
    assert words_of(refusal) == "Нельзя закрыть раньше, чем открыли."


def test_reopen_takes_closing_back(cast):
    units.merge_unit(unit=cast.home.far_school, into=cast.home.school, on=TODAY, **DEED)
    units.reopen_unit(unit=fresh(cast.home.far_school), **DEED)
    school = fresh(cast.home.far_school)
    assert (school.closed_on, school.successor) == (None, None)


def test_reopen_refuses_open_unit_and_closed_parent(cast):
    home = cast.home
    with pytest.raises(RuleBroken) as refusal:
        units.reopen_unit(unit=home.school, **DEED)
    assert words_of(refusal) == "Организация не закрыта."
    units.close_unit(unit=home.branch, on=YESTERDAY, **DEED)
    units.close_unit(unit=home.school, on=YESTERDAY, **DEED)
    with pytest.raises(RuleBroken) as refusal:
        units.reopen_unit(unit=fresh(home.branch), **DEED)
    assert words_of(refusal) == "Сначала откройте вышестоящую организацию."


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["open", "rename", "move", "merge", "close", "reopen"]),
        st.integers(0, 30),
        st.integers(0, 30),
        st.integers(0, 40),
    ),
    max_size=14,
)


def carry_out(deed, first, second, days):
    """One deed on some units of the home region; what the rules refuse changes nothing."""
    everything = list(OrgUnit.objects.order_by("pk"))
    unit, other = everything[first % len(everything)], everything[second % len(everything)]
    on = TODAY - timedelta(days=days)
    if deed == "open":
        kind = UnitKind.values[second % len(UnitKind.values)]
        card = units.UnitCard(f"N{OrgUnit.objects.count()}", "Новая", kind)
        units.open_unit(parent=unit, card=card, **DEED)
    elif deed == "rename":
        units.rename_unit(unit=unit, name=f"{unit.name} {second}", on=on, **DEED)
    elif deed == "move":
        units.move_unit(unit=unit, parent=other, on=on, **DEED)
    elif deed == "merge":
        units.merge_unit(unit=unit, into=other, on=on, **DEED)
    elif deed == "close":
        units.close_unit(unit=unit, on=on, **DEED)
    else:
        units.reopen_unit(unit=unit, **DEED)


def assert_history_has_no_gap(unit):
    """The places of a unit follow each other without a gap; each day has one."""
    rows = sorted(UnitPlace.objects.filter(unit=unit), key=lambda row: row.starts_on or date.min)
    ends = [row.ends_on for row in rows]
    starts = [row.starts_on for row in rows]
    assert ends == [*starts[1:], None]
    assert starts[0] is None


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(deeds=DEEDS)
def test_paths_equal_the_parents_after_any_deeds(cast, deeds):
    with transaction.atomic():
        for deed, first, second, days in deeds:
            with suppress(RuleBroken):
                carry_out(deed, first, second, days)
        assert_tree_is_whole()
        for unit in OrgUnit.objects.all():
            assert_history_has_no_gap(unit)
        transaction.set_rollback(True)  # the next example starts from the same tree
