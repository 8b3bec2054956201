"""«A foreign object does not exist»: the test of two worlds (security.md).

A sample in `make test`, the whole product of addresses, methods, people and strangers in
`make proof`.
"""

import re
from collections.abc import Callable

import pytest
from django import forms
from django.apps import apps
from django.db import transaction
from django.forms.models import ModelChoiceField

from plans.forms import imports as plan_imports
from plans.forms import reports
from profmin.home import forms as home_forms
from schools.forms import register, units
from schools.models import OrgUnit
from tests.conventions.addresses import all_addresses
from tests.conventions.answers import Answer
from tests.conventions.conftest import TwoWorlds
from tests.conventions.owners import NOBODYS, OWNERS, rows_of
from tests.conventions.probes import (
    FORM_KEYS,
    HIDDEN,
    QUERIES,
    QUERY_KEYS,
    Probe,
    address_probes,
    has_away,
    key_probes,
    own_values,
    sampled,
)
from tests.conventions.strangers import row_argument
from tests.conventions.witnesses import WITNESSES, wrong
from tests.conventions.world import ABSENT, AWAY, Sight
from tests.proof.figures import note

pytestmark = pytest.mark.django_db
KEYS = r"\b[37]\d{5}\b"
_SHOWN = 20  # leaks told at once
# What a person who works in both regions may learn of the other one, and why.
DECIDED = {
    "person_block": "a block holds everywhere, so it is refused for who works elsewhere too",
    "person_edit": "name and address hold everywhere: refused for who works elsewhere too",
    "admin:accounts_user_change": "the same block in the admin",
}


def leaks_of(probes: list[Probe], absent: dict[tuple[object, ...], Answer]) -> list[str]:
    """What is wrong: another answer for a foreign row than for an absent one, a foreign word."""
    found = []
    for probe in probes:
        answer = probe.answer(probe.foreign)
        if probe.absent_key not in absent:
            absent[probe.absent_key] = probe.answer(ABSENT)
        nothing = absent[probe.absent_key]
        if answer != nothing:
            found.append(f"{probe}, beside an absent row: {answer.differs(nothing)}")
        found += _wrong(str(probe), answer, probe.sight.forbidden)
    return found


def _wrong(asked: str, answer: Answer, forbidden: list[str]) -> list[str]:
    told = answer.tells(forbidden)
    found = [f"{asked}: tells {told}"] if told else []
    return [*found, f"{asked}: {answer.status}"] if answer.status >= 500 else found


def differences(
    worlds: TwoWorlds, concerns: Callable[[Sight], bool] = lambda sight: True
) -> list[str]:
    """Questions about one's own whose answer changed, of people whom it `concerns`."""
    found = []
    elsewhere = worlds.world.elsewhere
    shared = {str(key) for key in elsewhere.user.appointments.values_list("pk", flat=True)}
    shared.add(str(elsewhere.user_id))
    for question, before in worlds.asked:
        if not concerns(question.sight):
            continue
        if question.address.key in DECIDED and shared & set(question.path.split("/")):
            continue
        after = question.answer()
        difference = _without_new_keys(after).differs(_without_new_keys(before))
        if difference:
            found.append(f"{question}, beside B: {difference}")
        said = repr(question.data)
        forbidden = [word for word in question.sight.forbidden if word not in said]
        for answer in (before, after):
            found += _wrong(str(question), answer, forbidden)
    return found


def _without_new_keys(answer: Answer) -> Answer:
    """What was just made has the next free key of its table: another one in each world."""
    headers = tuple((name, re.sub(KEYS, "NEW", value)) for name, value in answer.headers)
    body = re.sub(KEYS.encode(), b"NEW", answer.body)
    return Answer(answer.status, headers, body)


def told(found: list[str]) -> str:
    return "\n".join([f"{len(found)} leaks", *found[:_SHOWN]])


def test_foreign_rows_do_not_exist(two_worlds: TwoWorlds) -> None:
    far = two_worlds.extent
    by_address = list(address_probes(two_worlds.world, two_worlds.rows, most=far.rows))
    by_key = list(key_probes(two_worlds.world, two_worlds.rows, most=far.rows))
    assert has_away(by_address) == {one.route for one in all_addresses() if row_argument(one)}
    probes = [
        *sampled(by_address, far.probes * 4 // 5),
        *sampled(by_key, far.probes // 5),
    ]
    found = leaks_of(probes, {})
    note("probes of foreign rows / leaks", f"{len(probes)} / {len(found)}", needed="10 000 / 0")
    assert found == [], told(found)
    assert not far.is_full or len(probes) >= 10_000


def test_another_region_changes_no_answer(two_worlds: TwoWorlds) -> None:
    found = differences(two_worlds)
    said = f"{len(two_worlds.asked)} / {len(found)}"
    note("questions in two worlds / leaks", said, needed="all / 0")
    assert found == [], told(found)


def test_a_neighbour_changes_no_answer(two_worlds: TwoWorlds) -> None:
    """What happens in the district is nothing to the city: no row, no number."""
    district = two_worlds.world.home.district.pk
    with transaction.atomic():
        two_worlds.world.add_neighbours()
        found = differences(two_worlds, lambda sight: district not in sight.sees)
        transaction.set_rollback(True)
    assert found == [], told(found)


@pytest.mark.parametrize("witness", WITNESSES)
def test_witnesses_see_nothing_wrong(two_worlds: TwoWorlds, witness: str) -> None:
    assert wrong(two_worlds.world, witness) == []


def _words(query: str) -> list[str]:
    """Name and value, the longer first; a single letter stands everywhere."""
    return sorted((word for word in query.split("=") if len(word) > 1), key=len, reverse=True)


@pytest.mark.parametrize(("hidden", "nowhere"), HIDDEN)
def test_hidden_names_answer_like_names_that_are_nowhere(
    two_worlds: TwoWorlds, hidden: str, nowhere: str
) -> None:
    """No page tells by filters, sorting or search which columns lie behind it."""
    found = []
    for sight in two_worlds.world.sights:
        if str(sight.person) not in ("ministry", "administrator"):
            continue
        for address in {*QUERIES, *QUERY_KEYS} - {"plans:unit_plan", "admin:autocomplete"}:
            route = next(one for one in all_addresses() if one.key == address)
            for values in own_values(two_worlds.rows, route, sight, most=1)[:1]:
                path = route.path(values)
                real = sight.person.ask("GET", f"{path}?{hidden}").without(*_words(hidden))
                none = sight.person.ask("GET", f"{path}?{nowhere}").without(*_words(nowhere))
                if real.differs(none):
                    found.append(f"{sight.person} {path}?{hidden}: {real.differs(none)}")
    assert found == [], told(found)


def test_region_b_has_a_row_of_every_model(two_worlds: TwoWorlds) -> None:
    ours = {
        model
        for name in ("accounts", "journal", "jobs", "schools", "plans")
        for model in apps.get_app_config(name).get_models()
    }
    units = OrgUnit.objects.filter(region=two_worlds.world.away.region)
    assert {model.__name__ for model in ours - OWNERS.keys()} == NOBODYS
    keys = list(units.values_list("pk", flat=True))
    assert [model.__name__ for model in OWNERS if not rows_of(model, keys).exists()] == []
    assert AWAY in units[0].name


def test_every_choice_of_a_row_is_tried_with_a_foreign_one() -> None:
    """A new field that takes a key must be added to `probes.FORM_KEYS`."""
    known = {name for names in FORM_KEYS.values() for name in names}
    modules = (home_forms, plan_imports, reports, register, units)
    fields = {
        (form.__name__, name)
        for module in modules
        for form in vars(module).values()
        if isinstance(form, type) and issubclass(form, forms.BaseForm)
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, ModelChoiceField)
    }
    assert {name for _, name in fields} - known == set()


def test_tables_of_keys_name_addresses_that_exist() -> None:
    known = {address.key for address in all_addresses()}
    assert {*QUERY_KEYS, *FORM_KEYS} - known == set()
