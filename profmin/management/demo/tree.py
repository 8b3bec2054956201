"""The tree of the demo changes in mid-year: a school is opened, another joins its neighbour."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from profmin.accounts.roles import Role
from profmin.management.demo.dates import Days
from profmin.management.demo.people import actor_of, appoint_opened
from profmin.management.demo.timeline import Event
from profmin.management.demo.times import at
from schools.choices import FounderKind, UnitKind
from schools.models import Appointment, OrgUnit
from schools.services.appointments import end_appointment
from schools.services.units import UnitCard, merge_unit, open_unit

# What a unit does from a day on; the roadmaps are published by then.
Deeds = Callable[[OrgUnit, date], Iterable[Event]]
_FIRST_STEPS = timedelta(days=2)  # after which the new school has its person


def gone_on(data: Mapping[str, Any], days: Days) -> dict[str, date]:
    """Codes of the schools that join others, with the first day they no longer work."""
    return {one["code"]: days.merged for one in data["merged"]}


@dataclass(frozen=True)
class Changing:
    """What the changes need. `people`: the data of the demo's people."""

    data: Mapping[str, Any]
    people: Mapping[str, Any]
    units: Mapping[str, OrgUnit]
    days: Days
    deeds: Deeds

    def events(self) -> Iterator[Event]:
        """The openings and the mergers, each on its day."""
        for one in self.data["opened"]:
            yield Event(at(self.days.changed, 11, 5), partial(self._open, one))
        for one in self.data["merged"]:
            yield Event(at(self.days.merged, 9, 40), partial(self._merge, one))

    def _open(self, one: Mapping[str, str], now: datetime) -> Iterator[Event]:
        card = UnitCard(
            one["code"],
            one["name"],
            UnitKind.SCHOOL,
            founder=FounderKind.MUNICIPAL,
            variety=one["variety"],
            opened_on=now.date(),
        )
        unit = open_unit(
            parent=self.units[one["in"]], card=card, by=self._by(), now=now, today=now.date()
        )
        yield Event(now + _FIRST_STEPS, partial(self._staff, unit))

    def _staff(self, unit: OrgUnit, now: datetime) -> Iterable[Event]:
        appoint_opened(data=self.people, units=self.units, days=self.days, unit=unit, now=now)
        return self.deeds(unit, now.date() + timedelta(days=1))

    def _merge(self, one: Mapping[str, str], now: datetime) -> tuple[Event, ...]:
        unit, by = self.units[one["code"]], self._by()
        last = now.date() - timedelta(days=1)
        for held in Appointment.objects.current(now.date()).filter(unit=unit).order_by("pk"):
            end_appointment(appointment=held, on=last, by=by, now=now, reason=one["reason"])
        merge_unit(
            unit=unit,
            into=self.units[one["into"]],
            on=now.date(),
            by=by,
            now=now,
            today=now.date(),
            reason=one["reason"],
        )
        return ()

    def _by(self) -> Any:
        held = Appointment.objects.select_related("user").get(role=Role.ADMINISTRATOR)
        return actor_of(held)
