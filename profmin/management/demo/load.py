"""Loads the demo region, part by part: each part wholly or not at all, and once.

Run while nothing else works with the database: before the portal starts.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings

from plans.models import RoadmapImport
from profmin.lib.errors import RuleBroken
from profmin.management.demo import people
from profmin.management.demo.dates import Days
from profmin.management.demo.documents import DemoDocument, read_demo_document
from profmin.management.demo.execution import carry_out, cast_of
from profmin.management.demo.imports import Importing, load_document, publish_document
from profmin.management.demo.people import actor_of
from profmin.management.demo.region import find_region, load_region, units_by_code
from profmin.management.demo.times import chance, moment
from schools.models import Appointment, OrgUnit
from schools.services.files import atomic_with_files

Note = Callable[[str], None]
# In the order of their time; each one waits in the portal under the beginning of its file's name.
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
        *((name, partial(work.document, name)) for name in DOCUMENTS),
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
        return True

    def document(self, name: str) -> bool:
        """Loads, reviews and publishes the document, and carries out what was carried out."""
        document = read_demo_document(_fixture(name), self.days.words())
        if self._is_there(name, document):
            return False
        self.note(f"{document.file}: загружаем")
        with atomic_with_files():
            self._load(document)
        return True

    def _load(self, document: DemoDocument) -> None:
        units = self.units()
        held = Appointment.objects.select_related("user").get(user__email=document.data["by"])
        work = Importing(document, units, actor_of(held), self.folder(), self.note)
        published = document.published
        if published is None:
            load_document(work, on=self.days.yesterday)
            return
        source = load_document(work, on=published - timedelta(days=2))
        roadmap = publish_document(work, source, on=published)
        care = {town["code"]: town["care"] for town in read_data("region")["municipality"]}
        carry_out(
            roadmap,
            document=document,
            texts=read_data("deeds"),
            cast=cast_of(units["90"], care=care, days=self.days),
            days=self.days,
            note=self.note,
        )

    def _is_there(self, name: str, document: DemoDocument) -> bool:
        """By the name's beginning, before its years: they move with the day."""
        beginning = str(_raw(name)["file"]).partition("{")[0]
        unit = self.units()[document.data["unit"]]
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
    return _raw(name)


def _raw(name: str) -> dict[str, Any]:
    with _fixture(name).open("rb") as file:
        return tomllib.load(file)


def _fixture(name: str) -> Path:
    return Path(settings.BASE_DIR / "fixtures" / "demo" / f"{name}.toml")
