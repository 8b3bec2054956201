"""Loads the demo region, part by part: each part wholly or not at all, and once.

Run while nothing else works with the database: before the portal starts.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings

from plans.models import Roadmap, RoadmapImport
from profmin.journal.services import mark_demo
from profmin.lib.errors import RuleBroken
from profmin.management.demo import people
from profmin.management.demo.dates import Days
from profmin.management.demo.documents import DemoDocument, read_demo_document
from profmin.management.demo.execution import cast_of, deeds_of
from profmin.management.demo.imports import Importing, load_document, publish_document
from profmin.management.demo.people import actor_of
from profmin.management.demo.region import find_region, load_region, units_by_code
from profmin.management.demo.timeline import Event, live_through
from profmin.management.demo.times import at, chance, moment
from profmin.management.demo.tree import Changing, gone_on
from schools.models import Appointment, OrgUnit
from schools.services.files import atomic_with_files

Note = Callable[[str], None]
# In the order of their time.
DOCUMENTS = ("roadmap_last_year", "roadmap_region", "roadmap_municipal", "roadmap_draft")


def accounts_path() -> Path:
    """The file with the passwords of the demo, one person of each role."""
    return Path(settings.VAR_DIR / "demo_accounts.json")


def load_demo(*, today: date, note: Note = lambda words: None) -> list[str]:
    """Loads what is not there yet; answers what was loaded (nothing at a second start).

    The dates move with `today`. Raises `RuleBroken` on an installation that is no demo.
    """
    if not settings.IS_DEMO:
        raise RuleBroken("Показательный регион не загружается на настоящий портал.")
    work = _Loading(Days(today), note)
    parts: list[tuple[str, Callable[[], bool]]] = [
        ("Организации", work.region),
        ("Люди", work.people),
        ("Дорожные карты и отчёты", work.years),
    ]
    return [title for title, part in parts if part()]


@dataclass(frozen=True)
class _Loading:
    days: Days
    note: Note

    def region(self) -> bool:
        """Answers whether there was something to do, as the other parts."""
        data = read_data("region")
        if find_region(data) is not None:
            return False
        self.note("Организации: загружаем реестр")
        now = moment(self.days.opened, chance("region"))
        with atomic_with_files():
            load_region(data=data, folder=self.folder(), now=now)
        return True

    def people(self) -> bool:
        data = read_data("people")
        if people.is_there(data):
            if not accounts_path().exists():
                people.issue_passwords(data=data, accounts=accounts_path())
            return False
        self.note("Люди: назначаем и приглашаем")
        with atomic_with_files():
            people.load_people(
                data=data, units=self.units(), days=self.days, accounts=accounts_path()
            )
            mark_demo(now=moment(self.days.opened, chance("mark")))
        return True

    def years(self) -> bool:
        """Two years: documents loaded, reviewed, published, and what was done about them."""
        if self._has_documents():
            return False
        with atomic_with_files():
            events = [self._coming(name) for name in DOCUMENTS]
            events += people.late_events(
                data=read_data("people"), units=self.units(), days=self.days
            )
            events += self._changes()
            live_through(events, note=self.note)
            people.note_visits(self.days)
        return True

    def _coming(self, name: str) -> Event:
        """The day on which the document is loaded; published two days later, if at all."""
        document = read_demo_document(_fixture(name), self.days.words())
        published = document.published
        day = published - timedelta(days=2) if published else self.days.yesterday
        return Event(at(day, 10, 12), partial(self._load, document, published))

    def _load(
        self, document: DemoDocument, published: date | None, now: datetime
    ) -> Iterator[Event]:
        held = Appointment.objects.select_related("user").get(user__email=document.data["by"])
        work = Importing(document, self.units(), actor_of(held), self.folder(), self.note)
        source = load_document(work, now=now)
        if published is not None:
            yield Event(at(published, 15, 40), partial(self._publish, work, source))

    def _publish(self, work: Importing, source: RoadmapImport, now: datetime) -> Iterable[Event]:
        return self._deeds(publish_document(work, source, now=now), work.document)

    def _deeds(self, roadmap: Roadmap, document: DemoDocument, **only: Any) -> Iterable[Event]:
        """What the units do about a roadmap, or only one of them from a day on."""
        data = read_data("region")
        care = {town["code"]: town["care"] for town in data["municipality"]}
        return deeds_of(
            roadmap,
            document=document,
            texts=read_data("deeds"),
            cast=cast_of(roadmap.unit.region or roadmap.unit, care=care, days=self.days),
            days=self.days,
            gone=gone_on(data, self.days),
            **only,
        )

    def _changes(self) -> list[Event]:
        """Changes of the tree in mid-year."""
        changing = Changing(
            data=read_data("region"),
            people=read_data("people"),
            units=self.units(),
            days=self.days,
            deeds=self._deeds_of_opened,
        )
        return list(changing.events())

    def _deeds_of_opened(self, unit: OrgUnit, first: date) -> Iterator[Event]:
        """The region's roadmap of the year is the one that a new school gets."""
        document = read_demo_document(_fixture("roadmap_region"), self.days.words())
        roadmap = Roadmap.objects.select_related("unit__region").get(
            unit__code=document.data["unit"], year=self.days.year
        )
        yield from self._deeds(roadmap, document, only=unit, first=first)

    def _has_documents(self) -> bool:
        """By the beginning of a name, before its years: they move with the day."""
        raw = read_data(DOCUMENTS[0])
        unit = self.units()[raw["unit"]]
        beginning = str(raw["file"]).partition("{")[0]
        return RoadmapImport.objects.of_unit(unit.pk).filter(name__startswith=beginning).exists()

    def units(self) -> dict[str, OrgUnit]:
        region = find_region(read_data("region"))
        if region is None:
            raise AssertionError("the region is loaded first")
        return units_by_code(region)

    def folder(self) -> Path:
        """Where the written documents lie, for looking at them and loading them by hand."""
        folder = Path(settings.VAR_DIR / "demo")
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def read_data(name: str) -> Mapping[str, Any]:
    """A TOML file of `fixtures/demo`."""
    with _fixture(name).open("rb") as file:
        return tomllib.load(file)


def _fixture(name: str) -> Path:
    return Path(settings.BASE_DIR / "fixtures" / "demo" / f"{name}.toml")
