"""Pages cost the same number of queries with one and with three more rows of everything."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from plans.choices import PartyKind
from plans.models import Assignment, PartyEntry
from profmin.accounts.roles import Role
from profmin.journal.services import SYSTEM
from schools.choices import FilePurpose, UnitKind
from schools.services.units import UnitCard, open_unit
from tests.conventions.addresses import Address, all_addresses
from tests.conventions.conftest import forgotten
from tests.conventions.probes import QUERIES, own_values
from tests.conventions.strangers import Rows
from tests.conventions.world import PDF, Sight, World, document, file, make_home, report_of
from tests.factories.cast import make_person
from tests.factories.plans import in_days, planned, publish_roadmap, today

pytestmark = pytest.mark.django_db
ROLES = (Role.MUNICIPALITY, Role.SCHOOL, Role.ADMINISTRATOR)
_OF_SESSIONS = ('UPDATE "django_session"', "SAVEPOINT", "RELEASE SAVEPOINT")
Pages = dict[tuple[str, str], tuple[Sight, str]]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker) -> Iterator[World]:
    with forgotten(django_db_blocker):
        yield make_home()


def pages(world: World) -> Pages:
    """(address or filter, role) → who asks for what; pages of one's own rows that open."""
    rows, found = Rows(world), {}
    for address in all_addresses():
        for sight in world.sights:
            if sight.role not in ROLES or str(sight.person) != sight.role:
                continue
            for values in own_values(rows, address, sight, most=1):
                for path in _paths(address, address.path(values)):
                    if sight.person.ask("GET", path).status == 200:
                        found[path, sight.role] = sight, path
    return found


def _paths(address: Address, path: str) -> list[str]:
    return [path, *(f"{path}?{query}" for query in QUERIES.get(address.key, ())[:3])]


def costs(found: Pages) -> dict[tuple[str, str], int]:
    """How many statements each page sends, but those which note once a minute that the session
    lives."""
    counted = {}
    for key, (sight, path) in found.items():
        with CaptureQueriesContext(connection) as queries:
            sight.person.ask("GET", path)
        said = [query["sql"] for query in queries.captured_queries]
        counted[key] = sum(not sql.startswith(_OF_SESSIONS) for sql in said)
    return counted


def grow(world: World, number: int) -> None:
    """One more of everything that a list shows, in the city and in its first school."""
    city, school = world.home.city, world.home.school
    deed = {"by": SYSTEM, "now": timezone.now(), "today": today()}
    for parent, kind in ((city, UnitKind.SCHOOL), (school, UnitKind.BRANCH)):
        card = UnitCard(f"{kind}-{number}", f"Новая {number}", kind, variety="СОШ")
        unit = open_unit(parent=parent, card=card, **deed)
        make_person(f"{kind}-{number}@zarechie.test", role=Role.SCHOOL, unit=unit)
        if Assignment.objects.filter(unit=unit).exists():
            report_of(unit)
    make_person(f"more-{number}@zarechie.test", role=Role.ASSISTANT, unit=school)
    items = [planned("1", PartyKind.SCHOOL, PartyKind.MUNICIPALITY, due=in_days(-number - 4))]
    publish_roadmap(city, items, title=f"Ещё план {number}")
    document(city)
    file(city, FilePurpose.REGISTER, PDF.replace(b"%PDF", "Код".encode()), "реестр.csv")
    PartyEntry.objects.create(
        region=world.home.region, words=f"слово {number}", kind=PartyKind.PARTNER
    )


def test_pages_cost_the_same_with_one_and_with_three_more_rows(world: World) -> None:
    found = pages(world)
    grow(world, 1)
    before = costs(found)
    grow(world, 2)
    grow(world, 3)
    after = costs(found)
    assert {key: (before[key], after[key]) for key in found if before[key] != after[key]} == {}
    assert len(found) > 60
