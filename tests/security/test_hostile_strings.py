"""Text stays text: hostile strings × fields people type into × what the portal shows of them."""

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import lxml.html
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from plans.choices import DueState, PartyKind
from plans.models import Due, RoadmapImport
from profmin.accounts.roles import Role
from tests.conventions.answers import Answer, Person
from tests.conventions.conftest import forgotten
from tests.conventions.probes import SEED, deed_data
from tests.conventions.world import PDF, World, make_home
from tests.factories.plans import in_days, planned, publish_roadmap
from tests.proof.extent import extent
from tests.samples.hostile_strings import MARK, STRINGS

pytestmark = pytest.mark.django_db
_ADDRESSES = ("href", "src", "action", "formaction", "data", "poster", "xlink:href")
_RUNS = re.compile(r"^[\s\x00-\x20]*(javascript|vbscript|data|file):", re.I)


@dataclass(frozen=True)
class Typed:
    """A field: who types where, and where it is read afterwards, as whom."""

    who: str
    address: str
    data: Mapping[str, object]
    pages: tuple[tuple[str, str], ...] = ()
    files: Callable[[str], dict[str, object]] = lambda text: {}


@dataclass
class Stage:
    """The world with what the fields need."""

    world: World
    due: Due
    done: Due
    source: RoadmapImport
    fields: dict[str, Typed] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        return next(one.person for one in self.world.sights if str(one.person) == name)


def upload(name: str) -> SimpleUploadedFile:
    """A file under a name that no honest browser would send."""
    file = SimpleUploadedFile("x", PDF)
    file._name = name
    return file


TEXT = "TEXT"  # where the string goes


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker) -> Iterator[Stage]:
    with forgotten(django_db_blocker):
        world = make_home()
        dues = Due.objects.filter(assignment__unit=world.home.school).order_by("pk")
        dues = dues.filter(assignment__roadmap__published_at__isnull=False)
        found = Stage(
            world,
            due=dues.filter(state=DueState.NOT_STARTED)[0],
            done=dues.filter(state=DueState.DONE, confirmed_at=None)[0],
            source=RoadmapImport.objects.get(unit=world.home.region),
        )
        found.fields = _fields(found)
        yield found


def _fields(stage: Stage) -> dict[str, Typed]:
    return {**_of_units(stage), **_of_people(stage), **_of_dues(stage), **_of_documents(stage)}


def _of_units(stage: Stage) -> dict[str, Typed]:
    school = stage.world.home.school
    unit = reverse("schools:unit_detail", args=[school.pk])
    lists = (("administrator", unit), ("administrator", "/units/"), ("administrator", "/journal/"))
    terms = "app_label=schools&model_name=orgunit&field_name=parent&term="
    return {
        "unit name": Typed(
            "administrator",
            f"{unit}rename/",
            {"name": TEXT},
            (
                *lists,
                ("municipality", "/"),
                ("municipality", "/people/"),
                ("school", "/"),
                ("administrator", "/admin/schools/orgunit/"),
                ("administrator", f"/admin/autocomplete/?{terms}"),
                ("municipality", reverse("plans:unit_plan", args=[school.pk])),
            ),
        ),
        "new unit": Typed(
            "administrator",
            "/units/new/",
            {"name": TEXT, "code": TEXT, "variety": TEXT, "parent": stage.world.home.city.pk},
            lists[1:],
        ),
        "reason of closing": Typed("administrator", f"{unit}close/", {"reason": TEXT}, lists[2:]),
        "words of a party": Typed(
            "administrator",
            "/admin/plans/partyentry/add/",
            {"words": TEXT, "kind": "partner", "region": stage.world.home.region.pk},
            (("administrator", "/admin/plans/partyentry/"), ("administrator", "/journal/")),
        ),
    }


def _of_people(stage: Stage) -> dict[str, Typed]:
    appoint = {"unit": stage.world.home.other_school.pk, "role": Role.SCHOOL}
    seen = (("ministry", "/people/"), ("ministry", "/journal/"), ("administrator", "/units/"))
    return {
        "person": Typed(
            "ministry",
            "/people/appoint/",
            {**appoint, "full_name": TEXT, "post": TEXT, "act_number": TEXT},
            seen,
        ),
        "link to an act": Typed(
            "ministry", "/people/appoint/", {**appoint, "act_link": TEXT}, seen
        ),
        "address of a person": Typed("ministry", "/people/appoint/", {**appoint, "email": TEXT}),
    }


def _of_dues(stage: Stage) -> dict[str, Typed]:
    due, done = stage.due, stage.done
    task = reverse("plans:assignment_detail", args=[due.assignment_id])
    item = reverse("plans:item_detail", args=[due.assignment.item_id])
    seen = (
        ("school", task),
        ("municipality", task),
        ("municipality", item),
        ("school", "/journal/"),
    )
    version = {"version": due.version}
    return {
        "comment": Typed("school", f"/dues/{due.pk}/save/", {**version, "comment": TEXT}, seen),
        "reason": Typed(
            "school", f"/dues/{due.pk}/not-applicable/", {**version, "reason": TEXT}, seen
        ),
        "reason of return": Typed(
            "municipality",
            f"/dues/{done.pk}/return/",
            {"version": done.version, "reason": TEXT},
            (
                ("school", "/"),
                ("school", reverse("plans:assignment_detail", args=[done.assignment_id])),
            ),
        ),
        "link": Typed("school", f"/dues/{due.pk}/proofs/", {"link": TEXT}, seen),
        "name of a file": Typed(
            "school",
            f"/dues/{due.pk}/proofs/",
            {"link": ""},
            seen,
            files=lambda text: {"files": upload(text)},
        ),
    }


def _of_documents(stage: Stage) -> dict[str, Typed]:
    place = reverse("plans:import_detail", args=[stage.source.pk])
    seen = (("ministry", place), ("ministry", "/imports/"), ("ministry", "/journal/"))
    version = {"version": stage.source.version}
    mend = {**version, "text": TEXT, "stay": "0"}
    return {
        **{
            f"item's {name}": Typed("ministry", f"{place}items/0/", {**mend, "field": name}, seen)
            for name in ("title", "deadline", "responsible", "result")
        },
        "card": Typed(
            "ministry",
            f"{place}card/",
            {**version, "title": TEXT, "issuer": TEXT, "basis_kind": TEXT, "aims": TEXT},
            seen,
        ),
        "pasted table": Typed(
            "ministry", "/imports/new/", {"pasted": TEXT}, (("ministry", "/imports/"),)
        ),
    }


def strings() -> dict[str, str]:
    """A sample, or in a proof all."""
    names = sorted(STRINGS)
    random.Random(SEED).shuffle(names)  # noqa: S311 - a sample, no secret
    return {name: STRINGS[name] for name in names[: extent().strings]}


def test_there_are_sixty_strings_at_least() -> None:
    assert len(STRINGS) >= 60
    assert len(set(STRINGS.values())) == len(STRINGS)


@pytest.mark.parametrize("name", strings())
def test_typed_text_stays_text(stage: Stage, name: str) -> None:
    wrong = []
    for label, typed in stage.fields.items():
        wrong += [f"{label}: {one}" for one in faults_of(stage, typed, STRINGS[name])]
    assert wrong == []


def faults_of(stage: Stage, typed: Typed, text: str) -> list[str]:
    """What went wrong when this was typed into a field and read again."""
    wrong: list[str] = []

    def read() -> None:
        for who, address in typed.pages:
            answer = stage.person(who).ask("GET", address)
            wrong.extend(f"{address}: {one}" for one in faults(answer))

    data = {name: text if value is TEXT else value for name, value in typed.data.items()}
    files = typed.files(text)
    answer = stage.person(typed.who).ask(
        "POST", typed.address, {**deed_data(), **data, **files}, then=read
    )
    return [*(f"{typed.address}: {one}" for one in faults(answer)), *wrong]


def faults(answer: Answer) -> list[str]:
    """Elements, attributes, addresses and headers that came out of a text."""
    found = [str(answer.status)] if answer.status >= 500 else []
    headers = dict(answer.headers)
    found += [name for name, value in headers.items() if re.search(r"[\r\n\x00]", value)]
    if "Set-Cookie" in headers and MARK in headers["Set-Cookie"]:
        found.append("a cookie of its own")
    if headers.get("Content-Type", "").startswith("application/json"):
        json.loads(answer.body)
        return found
    if answer.body and headers.get("Content-Type", "").startswith("text/html"):
        page = lxml.html.document_fromstring(answer.body.decode())
        for element in page.iter():
            found += _of_element(element)
    return found


def _of_element(element: Any) -> list[str]:
    if not isinstance(element.tag, str):
        return [f"comment {element.text}"] if MARK in (element.text or "") else []
    found = [f"<{element.tag}>"] if MARK in element.tag else []
    if element.tag in ("script", "style") and (element.text or "").strip():
        found.append(f"<{element.tag}> with text")
    if element.tag in ("iframe", "object", "embed", "base", "marquee", "math", "template"):
        found.append(f"<{element.tag}>")
    for name, value in element.attrib.items():
        if MARK in name or name.startswith("on") or name == "style":
            found.append(f"{name}={value!r}")
        if name in _ADDRESSES or name.startswith(("hx-get", "hx-post")):
            found += _of_address(name, value)
    return found


def _of_address(name: str, value: str) -> list[str]:
    is_foreign = value.lstrip().startswith(("//", "\\\\")) and MARK in value
    return [f"{name}={value!r}"] if _RUNS.match(value) or is_foreign else []


# Names that break a multipart body themselves.
UNSENDABLE = {"very long", "very long word", "control signs"}
SEARCHES = ("/people/?q=", "/units/?q=", "/journal/?actor=", "/admin/schools/orgunit/?q=")


@pytest.mark.parametrize("name", strings())
def test_searched_text_stays_text(stage: Stage, name: str) -> None:
    text, administrator = (
        quote(STRINGS[name][:3000], errors="ignore"),
        stage.person("administrator"),
    )
    roadmap = reverse("plans:roadmap_detail", args=[stage.due.assignment.roadmap_id])
    asked = [f"{address}{text}" for address in (*SEARCHES, f"{roadmap}?q=", f"{roadmap}?view=")]
    asked += [f"/units/?{text}={text}", f"/people/?sort={text}", f"/journal/?id={text}&type=unit"]
    asked += [f"/units/new/?parent={text}", f"/people/appoint/?unit={text}&role={text}"]
    wrong = {address[:60]: faults(administrator.ask("GET", address)) for address in asked}
    assert {address: found for address, found in wrong.items() if found} == {}


@pytest.mark.parametrize("name", strings())
def test_published_text_stays_text(stage: Stage, name: str) -> None:
    """Titles and cells as a document brought them; PostgreSQL keeps no zero sign."""
    text = STRINGS[name].replace("\x00", "")
    wrong: dict[str, list[str]] = {}
    with transaction.atomic():
        roadmap = publish_roadmap(
            stage.world.home.region,
            [
                planned(
                    text[:40],
                    PartyKind.SCHOOL,
                    due=in_days(2),
                    title=text,
                    section=text,
                    expected_result=text,
                    documents=text,
                    responsible_text=text,
                    links=[text, f"https://example.org/{text}"],
                    indicators=[text],
                )
            ],
            title=text,
        )
        item = roadmap.items.get()
        task = item.assignments.get(unit=stage.world.home.school)
        pages = [
            ("school", "/"),
            ("ministry", "/"),
            ("ministry", "/roadmaps/"),
            *(
                ("ministry", f"/roadmaps/{roadmap.pk}/?view={view}")
                for view in ("tree", "units", "kinds", "year")
            ),
            ("ministry", f"/items/{item.pk}/"),
            ("school", f"/assignments/{task.pk}/"),
            ("school", f"/units/{stage.world.home.school.pk}/plan/"),
            ("administrator", "/admin/plans/roadmap/"),
        ]
        for who, address in pages:
            wrong[address] = faults(stage.person(who).ask("GET", address))
        transaction.set_rollback(True)
    assert {address: found for address, found in wrong.items() if found} == {}


@pytest.mark.parametrize("name", strings())
def test_name_of_a_file_breaks_no_header(stage: Stage, name: str) -> None:
    """A downloaded file keeps an ending that tells the truth, in one line of a header."""
    seen: list[Answer] = []

    def download() -> None:
        stored = stage.due.proofs.exclude(file=None).order_by("-pk").first()
        if stored is not None:
            seen.append(stage.person("school").ask("GET", f"/files/{stored.file_id}/"))

    address = f"/dues/{stage.due.pk}/proofs/"
    data = {"link": "", "files": upload(STRINGS[name])}
    sent = stage.person("school").ask("POST", address, data, then=download)
    if not seen:  # what no multipart body can carry is refused whole
        assert (sent.status, name in UNSENDABLE) == (400, True)
        return
    headers = dict(seen[0].headers)
    assert seen[0].status == 200
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"].startswith("attachment; filename")
    assert re.search(r"\.pdf\"?$", headers["Content-Disposition"])
    assert not re.search(r"[\r\n\x00]", headers["Content-Disposition"])
