"""Remove one scope call at a time: each time the probes of the leak test find it.

Five by chance in `make test`, all of them in `make proof`.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.db import transaction

from profmin.accounts.roles import GRANTS
from tests.conventions.addresses import Address, all_addresses
from tests.conventions.answers import Answer
from tests.conventions.conftest import forgotten
from tests.conventions.probes import (
    QUERIES,
    SEED,
    Probe,
    Question,
    address_probes,
    deed_data,
    key_probes,
    own_values,
    questions,
)
from tests.conventions.strangers import Rows
from tests.conventions.test_leaks import _without_new_keys, _wrong, leaks_of
from tests.conventions.witnesses import WITNESSES, wrong
from tests.conventions.world import World, make_home
from tests.proof.extent import Extent, extent
from tests.proof.figures import note
from tests.proof.scope_mutants import Place, chosen, passing, places, without

pytestmark = pytest.mark.django_db
_MOST = 150  # probes tried on one mutant
_MOST_QUESTIONS = 100
# Who shows the way through the portal in a sample.
_WHO = ("ministry", "municipality", "school", "partner", "city_administrator")


@dataclass
class Hunt:
    """A mutant, the questions asked of it in world 2, and what gave it away."""

    place: Place
    routes: set[str]
    asked: list[tuple[Question, Answer]] = field(default_factory=list)
    found: str = ""


@pytest.fixture
def hunts(two_orders: tuple[World, Extent]) -> Iterator[list[Hunt]]:
    world, far = two_orders
    return hunt(world, far)


@pytest.fixture(scope="module")
def two_orders(django_db_setup: None, django_db_blocker) -> Iterator[tuple[World, Extent]]:
    with forgotten(django_db_blocker):
        yield make_home(), extent()


def hunt(world: World, far: Extent) -> list[Hunt]:
    """By foreign rows and foreign words first; what lives on is asked in both worlds."""
    rows = Rows(world)
    taken = chosen(places(), far.mutants, seed=SEED)
    routes = _routes_by_place(world, rows, taken, far)
    hunts = [Hunt(place, routes[place]) for place in taken]
    everything = list(questions(world, rows, most=1))
    with transaction.atomic():
        world.add_away()
        _beside_b(world, hunts, everything)
        transaction.set_rollback(True)
    _in_both_worlds(world, [one for one in hunts if not one.found], everything)
    return hunts


def _beside_b(world: World, hunts: list[Hunt], everything: list[Question]) -> None:
    rows = Rows(world)
    probes = list(address_probes(world, rows, most=1))
    by_key = list(key_probes(world, rows, most=1))
    for one in hunts:
        mine = [
            *_some([each for each in by_key if each.address.route in one.routes], _MOST),
            *_some([each for each in probes if each.address.route in one.routes], _MOST),
        ]
        with without(one.place):
            if one.place.is_permission:
                one.found = _let_in(world, rows, one)
            else:
                one.found = _told_by_words(_mine(one, everything)) or _told_by_probes(mine)


def _in_both_worlds(world: World, hunts: list[Hunt], everything: list[Question]) -> None:
    for one in hunts:
        with without(one.place):
            one.asked = [(question, question.answer()) for question in _mine(one, everything)]
    world.away = None
    world.add_away()
    for one in hunts:
        with without(one.place):
            one.found = _told_by_questions(one.asked) or _told_by_witnesses(world)
    hunts = [one for one in hunts if not one.found]
    world.add_neighbours()
    for one in hunts:
        blind = [each for each in one.asked if world.home.district.pk not in each[0].sight.sees]
        with without(one.place):
            one.found = _told_by_questions(blind)


def _told_by_witnesses(world: World) -> str:
    for name in WITNESSES:
        found = wrong(world, name)
        if found:
            return f"{name}: {found[0]}"
    return ""


def _mine(one: Hunt, everything: list[Question]) -> list[Question]:
    return _some([each for each in everything if each.address.route in one.routes], _MOST_QUESTIONS)


def _routes_by_place(
    world: World, rows: Rows, taken: list[Place], far: Extent
) -> dict[Place, set[str]]:
    """Which addresses pass through the function of each place."""
    found: dict[Place, set[str]] = {place: set() for place in taken}
    sights = [one for one in world.sights if far.is_full or str(one.person) in _WHO]
    with passing(taken) as seen:
        for address in all_addresses():
            seen.clear()
            for sight in sights:
                for values in own_values(rows, address, sight, most=1):
                    _visit(address, sight, values)
            passed = {(place.file, place.function) for place in seen}
            for place in taken:
                if (place.file, place.function) in passed:
                    found[place].add(address.route)
    return found


def _visit(address: Address, sight, values: dict[str, object]) -> None:
    path = address.path(values)
    for query in ("", *QUERIES.get(address.key, ())):
        sight.person.ask("GET", f"{path}?{query}")
    sight.person.ask("POST", address.path(values), deed_data())


def _some(found: list, most: int) -> list:
    random.Random(SEED).shuffle(found)  # noqa: S311 - a sample, no secret
    return found[:most]


def _let_in(world: World, rows: Rows, one: Hunt) -> str:
    """Another answer than the guard gives: to whoever lacks the permission, or to everybody."""
    for address in all_addresses():
        if address.route not in one.routes:
            continue
        for sight in world.sights:
            may = address.permission is None or address.permission in GRANTS[sight.role]
            method = "POST" if address.is_post_only else "GET"
            for values in own_values(rows, address, sight, most=1) or [
                dict.fromkeys(address.arguments, 1)
            ]:
                status = sight.person.ask(method, address.path(values)).status
                if status >= 500 or (not may and status != 403):
                    return f"{sight.person} {method} {address}: {status}"
    return ""


def _told_by_probes(probes: list[Probe]) -> str:
    absent: dict[tuple[object, ...], Answer] = {}
    for probe in probes:
        found = leaks_of([probe], absent)
        if found:
            return found[0]
    return ""


def _told_by_words(asked: list[Question]) -> str:
    """What nobody of A may read is seen beside B alone."""
    for question in asked:
        answer = question.answer()
        forbidden = [word for word in question.sight.forbidden if word not in repr(question.data)]
        told = _wrong(str(question), answer, forbidden)
        if told:
            return told[0]
    return ""


def _told_by_questions(asked: list[tuple[Question, Answer]]) -> str:
    for question, before in asked:
        after = question.answer()
        difference = _without_new_keys(after).differs(_without_new_keys(before))
        forbidden = [word for word in question.sight.forbidden if word not in repr(question.data)]
        told = _wrong(str(question), after, forbidden)
        if difference or told:
            return told[0] if told else f"{question}: {difference}"
    return ""


def test_every_scope_call_is_missed_when_it_is_gone(hunts: list[Hunt]) -> None:
    for one in hunts:
        fate = "dies " if one.found else "LIVES"
        print(f"{fate} {one.place}\n      {one.found[:160]}")  # noqa: T201
    living = [str(one.place) for one in hunts if not one.found]
    note("scope calls removed / not missed", f"{len(hunts)} / {len(living)}", needed="40 / 0")
    assert living == []


def test_there_are_forty_places_at_least() -> None:
    assert len(places()) >= 40
