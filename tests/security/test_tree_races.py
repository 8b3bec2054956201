"""Many hands on the tree at the same moment: real threads and transactions on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from profmin.journal.models import JournalEntry
from profmin.journal.services import SYSTEM
from profmin.lib.errors import RuleBroken
from schools.models import OrgUnit, UnitPlace
from schools.services.changes import CHANGED, UnitChange, change_units
from schools.services.units import move_unit, wrong_paths
from tests.factories.cast import NOW, TODAY, Cast, make_cast

pytestmark = pytest.mark.django_db(transaction=True)
HANDS = 8
DEED = {"on": TODAY, "by": SYSTEM, "now": NOW, "today": TODAY}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def seen(unit: OrgUnit) -> UnitChange:
    """The unit as a page shows it, with nothing changed."""
    row = OrgUnit.objects.select_related("parent").get(pk=unit.pk)
    return UnitChange(
        unit=row,
        name=row.name,
        parent=row.parent,
        variety=row.variety,
        founder=row.founder,
        partner_kind=row.partner_kind,
        opened_on=row.opened_on,
    )


def each(deeds: list[Callable[[], None]]) -> list[str]:
    """What each of these deeds, every one in a thread of its own, is refused with."""

    def run(deed: Callable[[], None]) -> str:
        try:
            deed()
        except RuleBroken as refusal:
            return refusal.message
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def lies_together() -> bool:
    """Whether every unit lies where its parent says, today's place included."""
    units = set(OrgUnit.objects.values_list("pk", "name", "path", "parent_id"))
    places = UnitPlace.objects.filter(ends_on=None)
    return wrong_paths() == 0 and units == set(
        places.values_list("unit_id", "name", "path", "parent_id")
    )


def test_page_opened_before_a_move_does_not_take_the_move_back(cast: Cast) -> None:
    stale, moved = seen(cast.home.school), Event()

    def move() -> None:
        with transaction.atomic():
            move_unit(unit=seen(cast.home.school).unit, parent=cast.home.district, **DEED)
            moved.set()  # not committed yet: the other one waits behind the lock

    def rename() -> None:
        assert moved.wait(60)
        change_units(changes=[replace(stale, name="Лицей")], **DEED)

    assert each([move, rename]) == ["", CHANGED]
    assert seen(cast.home.school).parent == cast.home.district
    assert lies_together()


def test_of_many_names_given_at_once_one_stays(cast: Cast) -> None:
    start = Barrier(HANDS)

    def name(number: int) -> Callable[[], None]:
        change = replace(seen(cast.home.school), name=f"Лицей {number}")

        def go() -> None:
            start.wait(60)
            change_units(changes=[change], **DEED)

        return go

    told = each([name(number) for number in range(HANDS)])

    assert sorted(told) == ["", *[CHANGED] * (HANDS - 1)]
    assert seen(cast.home.school).name == f"Лицей {told.index('')}"
    assert JournalEntry.objects.filter(action="unit_renamed").count() == 1
    assert lies_together()
