"""What a probe by keys cannot see: deeds on one's own ground, dead links, rights of others.

Each answers what is wrong, [] when nothing is.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse

from plans.access import reports_for
from plans.models import Assignment, Due
from profmin.accounts.roles import Role
from profmin.journal.models import JournalEntry
from profmin.lib.periods import AcademicYear
from schools.access import access_for
from schools.services.contacts import VIEWED
from tests.conventions.answers import Person
from tests.conventions.owners import NOBODYS, OWNERS
from tests.conventions.probes import deed_data
from tests.conventions.world import AWAY, Sight, World
from tests.factories.plans import today

_LINK = re.compile(r'href="(/[^"#]*)')


def _sight(world: World, name: str) -> Sight:
    return next(one for one in world.sights if str(one.person) == name)


def rows_in_scope(world: World) -> list[str]:
    """`in_scope` of every model leaves out region B, and keeps something of one's own."""
    found = []
    for sight in world.sights:
        access = access_for(sight.person.user, today=today())
        for model, way in OWNERS.items():
            rows = model._default_manager.all()
            if model.__name__ in NOBODYS or not hasattr(rows, "in_scope"):
                continue
            seen = rows.in_scope(access.scope).filter(**{f"{way}__gte": world.away.region.pk})
            if seen.exists():
                found.append(f"{sight.person}: {model.__name__} of region B in scope")
    return found


def links_of_units(world: World) -> list[str]:
    """Every link on the page of one's own unit opens."""
    return [
        dead
        for sight in world.sights
        for dead in _dead_links(sight.person, reverse("schools:unit_detail", args=[sight.unit.pk]))
    ]


def links_of_workbenches(world: World) -> list[str]:
    """Every link of the workbench opens, also where a school came from elsewhere."""
    newcomer = Person("district", world.home.person("district_coordinator"))
    people = [newcomer, *(sight.person for sight in world.sights)]
    return [dead for person in people for dead in _dead_links(person, reverse("home"))]


def _dead_links(person: Person, address: str) -> list[str]:
    page = person.ask("GET", address).body.decode()
    links = {link.replace("&amp;", "&") for link in _LINK.findall(page)}
    return [
        f"{person}: {link} on {address} answers {status}"
        for link in sorted(links)
        if not link.startswith("/static/")
        for status in [person.ask("GET", link).status]
        if status != 200
    ]


def own_ground(world: World) -> list[str]:
    """Nobody moves, merges or closes the unit one stands on, nor changes it in the admin."""
    found = []
    for name in ("administrator", "city_administrator"):
        sight = _sight(world, name)
        for deed in ("move", "merge", "close", "reopen"):
            address = reverse(f"schools:unit_{deed}", args=[sight.unit.pk])
            found += _unless(sight, "GET", address, 403)
        address = reverse("admin:schools_orgunit_change", args=[sight.unit.pk])
        found += _unless(sight, "POST", address, 403)
    return found


def own_confirmation(world: World) -> list[str]:
    """Nobody confirms or returns what the own unit did."""
    found = []
    for name in ("ministry", "municipality"):
        sight = _sight(world, name)
        due = Due.objects.filter(assignment__unit=sight.unit).order_by("pk")[0]
        for deed in ("due_confirm", "due_return"):
            found += _unless(sight, "POST", reverse(f"plans:{deed}", args=[due.pk]), 403)
    return found


def _unless(sight: Sight, method: str, address: str, status: int) -> list[str]:
    answer = sight.person.ask(method, address, deed_data() if method == "POST" else None)
    wrong = answer.status != status
    return [f"{sight.person} {method} {address}: {answer.status}"] if wrong else []


def standing_in(world: World) -> list[str]:
    """An operator stands in for partners of the own region alone."""
    operator = access_for(_sight(world, "operator").person.user, today=today())
    theirs = Assignment.objects.filter(unit=world.away.partner).select_related("unit")[0]
    world.away.people[Role.PARTNER].user.appointments.filter(role=Role.PARTNER).update(
        role=Role.OBSERVER
    )
    stands_in = reports_for(operator, theirs, today=today())
    return ["the operator reports for a partner of region B"] if stands_in else []


def plans_of_units(world: World) -> list[str]:
    """The plan of a unit tells of its own tasks alone, as far as they are seen."""
    found = []
    for name, unit, years in (
        ("municipality", world.home.school, (0, 1)),
        ("municipality", world.moved, (0,)),
        ("ministry", world.moved, (0, 1)),
    ):
        sight, year = _sight(world, name), AcademicYear.of(today()).first
        address = reverse("plans:unit_plan", args=[unit.pk])
        page = sight.person.ask("GET", address).body.decode()
        own = set(Assignment.objects.filter(unit=unit).values_list("pk", flat=True))
        told = {int(key) for key in re.findall(r"/assignments/(\d+)/", page)}
        if not told or not told <= own:
            found.append(f"{sight.person}: {address} tells of {told - own}")
        listed = {int(one) - year for one in re.findall(r'"\?year=(\d{4})"', page)} or {0}
        if listed != set(years):
            found.append(f"{sight.person}: {address} lists the years {listed}")
    return found


def blocked_elsewhere(world: World) -> list[str]:
    """One region does not shut out whoever works in another region too."""
    sight = _sight(world, "administrator")
    address = reverse("person_block", args=[world.beside.pk])
    return _unless(sight, "POST", address, 400)


def looks_are_noted_at_home(world: World) -> list[str]:
    """A look at contacts is written into the journal of one's own region."""
    sight, user = _sight(world, "administrator"), world.beside.user
    address = reverse("admin:accounts_user_change", args=[user.pk])
    noted = _noted_by(sight, address)
    return [f"{address} is noted in {noted}"] if noted - sight.sees else []


def _noted_by(sight: Sight, address: str) -> set[Any]:
    """Units in whose journal a look is noted."""
    noted: set[Any] = set()

    def look() -> None:
        rows = JournalEntry.objects.filter(action=VIEWED, actor_id=sight.person.user.pk)
        noted.update(rows.values_list("unit_id", flat=True))

    sight.person.ask("GET", address, then=look)
    return noted


def letters_to_strangers(world: World) -> list[str]:
    """Whoever works in region B alone is asked to agree, and is called as the appointer wrote."""
    found = []
    for name in ("ministry", "municipality"):
        sight = _sight(world, name)
        theirs = world.away.people["district_coordinator"].user
        unit = world.home.city.pk
        data = {"email": theirs.email, "role": Role.MUNICIPALITY, "unit": unit}
        answer = sight.person.ask("POST", "/people/appoint/", {**deed_data(), **data})
        if "отправлено письмо" not in answer.body.decode() or answer.tells([AWAY]):
            found.append(f"{sight.person}: appointed {theirs.email} without a letter")
    return found


WITNESSES: Mapping[str, Callable[[World], list[str]]] = {
    one.__name__: one
    for one in (
        rows_in_scope,
        links_of_units,
        links_of_workbenches,
        own_ground,
        own_confirmation,
        standing_in,
        plans_of_units,
        blocked_elsewhere,
        looks_are_noted_at_home,
        letters_to_strangers,
    )
}


def wrong(world: World, witness: str) -> list[str]:
    """What this witness saw; the world stays as it was."""
    with transaction.atomic():
        found = WITNESSES[witness](world)
        transaction.set_rollback(True)
    return found
