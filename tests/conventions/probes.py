"""Questions by which somebody could learn of what is not theirs."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from plans.models import RoadmapImport
from plans.services.review import open_questions
from profmin.accounts.roles import Role
from schools.choices import Rank, UnitKind
from tests.conventions.addresses import Address, all_addresses
from tests.conventions.answers import Answer
from tests.conventions.strangers import NO_ROWS, REGION, Rows, meaning, row_argument
from tests.conventions.world import Sight, World
from tests.factories.plans import in_days, today

SEED = 20_261
# (method, asked by htmx)
METHODS = (
    *(("GET", False), ("GET", True), ("POST", False), ("POST", True), ("HEAD", False)),
    *(("PUT", False), ("PATCH", False), ("DELETE", False), ("OPTIONS", False)),
)


@dataclass(frozen=True)
class Probe:
    """One question asked of a foreign row and of one that is not there."""

    sight: Sight = field(repr=False)
    address: Address
    method: str
    part: bool
    foreign: int
    kind: str
    place: str  # the argument or field that carries the key
    values: dict[str, object] = field(repr=False)
    query: dict[str, object] = field(repr=False)
    data: dict[str, object] = field(repr=False)

    def __str__(self) -> str:
        return (
            f"{self.sight.person} {self.method}{' part' if self.part else ''} {self.address} "
            f"{self.place}={self.foreign} ({self.kind})"
        )

    def answer(self, key: int) -> Answer:
        """What the portal says when `key` is asked for."""
        values = {name: key if value is KEY else value for name, value in self.values.items()}
        query = {name: key if value is KEY else value for name, value in self.query.items()}
        data = {name: key if value is KEY else value for name, value in self.data.items()}
        path = self.address.path(values)
        if query:
            path += "?" + "&".join(f"{name}={value}" for name, value in query.items())
        found = self.sight.person.ask(self.method, path, fresh(data), part=self.part)
        return found.without(key)

    @property
    def absent_key(self) -> tuple[object, ...]:
        """Equal for probes whose question about an absent row is the same."""
        return (
            *(str(self.sight.person), self.address.route, self.method, self.part),
            *(repr(self.values), repr(self.query), repr(self.data)),
        )


class _Key:
    """Stands in a probe where the key goes."""

    def __repr__(self) -> str:
        return "KEY"


KEY = _Key()


def fresh(data: Mapping[str, object]) -> dict[str, object]:
    """The data with files that can be read anew."""
    return {
        name: SimpleUploadedFile(value.name, value.content) if isinstance(value, Upload) else value
        for name, value in data.items()
    }


@dataclass(frozen=True)
class Upload:
    """A file to send."""

    name: str
    content: bytes = field(repr=False)


def deed_data() -> dict[str, object]:
    """Something fitting for every field of every form."""
    day = today().isoformat()
    return {
        "version": 1,
        "comment": "Провели встречу",
        "reason": "По приказу",
        "on": day,
        "done_on": day,
        "due_on": in_days(3).isoformat(),
        "starts_on": day,
        "ends_on": in_days(9).isoformat(),
        "name": "Новое наименование",
        "code": "N1",
        "kind": UnitKind.SCHOOL,
        "to": "out",
        "link": "https://example.org/страница",
        "email": "novyi@zarechie.test",
        "full_name": "Новиков Егор Ильич",
        "post": "заместитель директора",
        "rank": Rank.DEPUTY,
        "role": Role.SCHOOL,
        "field": "title",
        "text": "Слова",
        "days": in_days(5).strftime("%d.%m.%Y"),
        "kinds": "school",
        "group": "1",
        "words": "новые слова",
        "title": "Название",
        "year": today().year,
    }


# --- Keys in the address ----------------------------------------------------------------------


def address_probes(world: World, rows: Rows, *, most: int) -> Iterator[Probe]:
    """Every address with a row × method × person × kinds of strangers."""
    data = deed_data()
    for address in all_addresses():
        argument = row_argument(address)
        if argument is None:
            continue
        values = {one: NO_ROWS[one][0] for one in address.arguments if one in NO_ROWS}
        for sight in world.everybody:
            for row in rows.foreign(meaning(address, argument), sight, most=most):
                for method, part in METHODS:
                    yield Probe(
                        *(sight, address, method, part, row.key, row.kind, argument),
                        values={**values, argument: KEY},
                        query={},
                        data=data if method == "POST" else {},
                    )


# --- Keys in filters and forms ----------------------------------------------------------------

# Address → name in the query → whose keys it takes.
QUERY_KEYS: Mapping[str, Mapping[str, str]] = {
    "people": {"place": "unit_id"},
    "schools:unit_list": {"place": "unit_id"},
    "person_appoint": {"unit": "unit_id"},
    "schools:unit_new": {"parent": "unit_id"},
    "plans:roadmap_detail": {"under": "told_unit_id"},  # as the tree stood then
    "plans:item_detail": {"above": "unit_id"},
    "admin:plans_partyentry_changelist": {"unit__id__exact": "unit_id"},
    "admin:schools_orgunit_changelist": {"parent__id__exact": "unit_id"},
    "admin:schools_appointment_changelist": {"user__id__exact": "user_id"},
    "journal": {"id": "told_unit_id"},
    "admin:journal_journalentry_changelist": {"object_id__exact": "told_unit_id"},
}
_BESIDE: Mapping[str, dict[str, object]] = {
    "plans:roadmap_detail": {"view": "units"},
    "journal": {"type": "unit"},
    "admin:journal_journalentry_changelist": {"object_type__exact": "unit"},
}
# Address → field of the form → whose keys it takes.
FORM_KEYS: Mapping[str, Mapping[str, str]] = {
    "person_appoint": {"unit": "unit_id"},
    "schools:unit_new": {"parent": "unit_id"},
    "schools:unit_move": {"parent": "unit_id"},
    "schools:unit_merge": {"into": "unit_id"},
    "schools:register_import": {"unit": "unit_id"},
    "plans:import_target": {"unit": "unit_id"},
    "appointment_choose": {"appointment": "appointment_id"},
    "admin:schools_orgunit_add": {"parent": "unit_id"},
    "admin:schools_orgunit_change": {"parent": "unit_id", "successor": "unit_id"},
    "admin:schools_appointment_add": {"unit": "unit_id"},
    "admin:plans_partyentry_add": {"region": "unit_id", "unit": "unit_id"},
    "admin:plans_partyentry_change": {"unit": "unit_id"},
}
_ALSO: Mapping[str, dict[str, object]] = {
    "schools:register_import": {
        "file": Upload("реестр.csv", "Код;Наименование;Муниципалитет;Вид;Вышестоящее\n".encode())
    },
    "admin:schools_orgunit_change": {"closed_on": today().isoformat()},
    "admin:plans_partyentry_change": {"kind": "partner"},
    "admin:plans_partyentry_add": {"kind": "partner"},
}


def key_probes(world: World, rows: Rows, *, most: int) -> Iterator[Probe]:
    """Every filter and every field that takes a key."""
    by_key = {address.key: address for address in all_addresses()}
    for table, method in ((QUERY_KEYS, "GET"), (FORM_KEYS, "POST")):
        for key, names in table.items():
            for name, kind in names.items():
                for sight in world.everybody:
                    yield from _key_probes(rows, by_key[key], method, name, kind, sight, most)


def _key_probes(
    rows: Rows, address: Address, method: str, name: str, kind: str, sight: Sight, most: int
) -> Iterator[Probe]:
    for values in own_values(rows, address, sight, most=most):
        for row in rows.foreign(kind, sight, most=most):
            if method == "GET":
                query, data = {**_BESIDE.get(address.key, {}), name: KEY}, {}
            else:
                form = {
                    **deed_data(),
                    **_ALSO.get(address.key, {}),
                    **_party(rows, address, values),
                }
                query, data = {}, {**form, name: KEY}
            yield Probe(
                *(sight, address, method, False, row.key, row.kind, name),
                values=values,
                query=query,
                data=data,
            )


def own_values(rows: Rows, address: Address, sight: Sight, *, most: int) -> list[dict[str, object]]:
    """Arguments of the address with rows the person sees."""
    fixed: dict[str, object] = {one: NO_ROWS[one][0] for one in address.arguments if one in NO_ROWS}
    argument = row_argument(address)
    if argument is None:
        return [fixed]
    found = rows.own(meaning(address, argument), sight, most=most)
    return [{**fixed, argument: row.key} for row in found]


def _party(rows: Rows, address: Address, values: Mapping[str, Any]) -> dict[str, object]:
    """The question of a document that asks whom a party means."""
    if address.key != "plans:import_target":
        return {}
    source = RoadmapImport.objects.select_related("unit").get(pk=values["import_id"])
    asked = [one.key for one in open_questions(source) if one.party is not None]
    return {"key": asked[0] if asked else "", "remember": "1"}


# --- The same question in both worlds ---------------------------------------------------------


@dataclass(frozen=True)
class Question:
    """One question about what is one's own; region B must not change the answer."""

    sight: Sight = field(repr=False)
    address: Address
    method: str
    part: bool
    path: str
    data: dict[str, object] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.sight.person} {self.method}{' part' if self.part else ''} {self.path}"

    def answer(self) -> Answer:
        return self.sight.person.ask(self.method, self.path, fresh(self.data), part=self.part)


# Searches, sorting, pages; names of other fields must be refused like any nonsense.
QUERIES: Mapping[str, tuple[str, ...]] = {
    "people": ("q=Лебедева", "role=school", "sort=-starts", "state=ended", "page=2", "q=озер"),
    "schools:unit_list": ("q=школа", "q=СОШ", "kind=school", "sort=-code", "people=none"),
    "journal": ("type=unit", "action=unit_opened", "actor=Портал", "before=999999"),
    "plans:roadmap_detail": ("view=units", "view=kinds", "view=year", "state=late", "q=1"),
    "plans:item_detail": ("sort=-name", "state=done", "q=СОШ"),
    "plans:unit_plan": ("year=2020",),
    "admin:schools_orgunit_changelist": ("q=СОШ", "kind__exact=school", "o=1"),
    "admin:schools_appointment_changelist": ("q=директор", "role__exact=school"),
    "admin:accounts_user_changelist": ("q=Лебедева", "is_active__exact=1"),
    "admin:plans_partyentry_changelist": ("q=колледж",),
    "admin:autocomplete": (
        "app_label=schools&model_name=orgunit&field_name=parent&term=",
        "app_label=schools&model_name=appointment&field_name=unit&term=СОШ",
        "app_label=plans&model_name=partyentry&field_name=unit&term=",
    ),
}
# What is known in world 1 alone.
KNOWN_AWAY: Mapping[str, tuple[dict[str, object], ...]] = {
    "account_login": ({"login": "ministry@ozero.test", "password": "каштан под окном 42"},),
    "account_reset_password": ({"email": "ministry@ozero.test"},),
    "person_appoint": (
        {"email": "ministry@ozero.test"},
        {"email": "school@ozero.test", "role": Role.MUNICIPALITY},
        {"email": "invited-m1@ozero.test"},
    ),
    "person_substitute": ({"email": "school@ozero.test"},),
    "person_edit": ({"email": "school@ozero.test"},),
    "schools:unit_new": ({"code": "92"}, {"code": "S3"}),
    "admin:schools_orgunit_add": ({"code": "92"},),
    "admin:schools_appointment_add": ({"email": "school@ozero.test"},),
    "admin:plans_partyentry_add": ({"words": "вузы края", "kind": "partner"},),
}


def questions(world: World, rows: Rows, *, most: int) -> Iterator[Question]:
    """Every address with one's own rows, its queries, its deeds."""
    for address in all_addresses():
        for sight in world.everybody:
            for values in own_values(rows, address, sight, most=most):
                yield from _questions(address, sight, address.path(values))


def _questions(address: Address, sight: Sight, path: str) -> Iterator[Question]:
    for method, part in (("GET", False), ("GET", True), ("POST", False)):
        data = deed_data() if method == "POST" else {}
        yield Question(sight, address, method, part, path, data)
    for query in QUERIES.get(address.key, ()):
        yield Question(sight, address, "GET", False, f"{path}?{query}", {})
    for known in KNOWN_AWAY.get(address.key, ()):
        own = {"unit": sight.unit.pk, "parent": sight.unit.pk, "region": sight.unit.pk}
        yield Question(sight, address, "POST", False, path, {**deed_data(), **own, **known})


# A name or a value that exists behind a page but not on it, and one that exists nowhere.
HIDDEN: tuple[tuple[str, str], ...] = (
    ("ordering=password", "ordering=passwerd"),
    ("sort=password", "sort=passwerd"),
    ("sort=user__email", "sort=user__emayl"),
    ("o=password", "o=passwerd"),
    ("password__startswith=m", "passwerd__startswith=m"),
    ("user__email__startswith=m", "user__emayl__startswith=m"),
    ("email__contains=test", "emayl__contains=test"),
    ("unit__region__code=92", "unit__regyon__code=92"),
    ("region__code__startswith=9", "regyon__code__startswith=9"),
    ("reason__icontains=a", "reazon__icontains=a"),
    ("token_hash__startswith=a", "tocen_hash__startswith=a"),
    ("_to_field=password", "_to_field=passwerd"),
)


def sampled(found: list[Any], count: int, *, seed: int = SEED) -> list[Any]:
    """So many of them by chance, the same ones every time, every address among them."""
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    chance.shuffle(found)
    kept, rest, known = [], [], set()
    for one in found:
        fresh_one = (one.address.route, one.method) not in known
        known.add((one.address.route, one.method))
        (kept if fresh_one else rest).append(one)
    return [*kept, *rest][: max(count, 1)]


def has_away(probes: list[Probe]) -> set[str]:
    """Routes that were tried with a row of another region."""
    return {one.address.route for one in probes if one.kind == REGION}
