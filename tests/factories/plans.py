"""A published roadmap in a line, without a document: for tests of what comes after publishing.

    roadmap = publish_roadmap(cast.home.region, [planned("1.1", PartyKind.SCHOOL, due=day)])
    item = item_of(roadmap, "1.1")

The running and the finished year are counted from the day of the run: pages read the clock.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from plans.choices import DeadlineKind, PartyKind
from plans.models import (
    Assignment,
    Due,
    ItemParty,
    Roadmap,
    RoadmapItem,
    RoadmapSection,
)
from plans.services.binding import bind_item
from profmin.lib.periods import AcademicYear
from schools.models import OrgUnit
from tests.factories.cast import NOW


def today() -> date:
    """The day of the run, as pages see it."""
    return timezone.localdate()


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


@dataclass
class Planned:
    """An item to be: who is responsible, when it is due."""

    number: str
    parties: tuple[ItemParty, ...]
    windows: list[dict[str, str | None]]
    kind: str
    title: str
    section: str = "Организация работы"
    branches: bool = False
    group: bool = False
    fields: dict[str, object] = field(default_factory=dict)


def planned(number: str, *parties: str | ItemParty, **options: object) -> Planned:
    """`due`: a day, several days in a list, or None: no date. A party is a kind or an ItemParty."""
    due = options.pop("due", None)
    days = due if isinstance(due, list) else [due] if due else []
    kind = DeadlineKind.BY_DATE if days else DeadlineKind.EXTERNAL
    return Planned(
        number=number,
        parties=tuple(
            party
            if isinstance(party, ItemParty)
            else ItemParty(kind=party, name=PartyKind(party).label)
            for party in parties
        ),
        windows=[{"start": None, "end": day.isoformat()} for day in days],
        kind=str(options.pop("kind", kind)),
        title=str(options.pop("title", f"Мероприятие {number}")),
        section=str(options.pop("section", "Организация работы")),
        branches=bool(options.pop("branches", False)),
        group=bool(options.pop("group", False)),
        fields=options,
    )


def publish_roadmap(
    unit: OrgUnit,
    items: list[Planned],
    *,
    year: int | None = None,
    title: str = "План мероприятий по профориентации",
    on: date | None = None,
    now: datetime = NOW,
) -> Roadmap:
    """A published roadmap of `unit`, its units bound as on the day `on` (today)."""
    academic = AcademicYear(year if year is not None else AcademicYear.of(today()).first)
    roadmap = Roadmap.objects.create(
        unit=unit,
        path=unit.territory_path,
        title=title,
        issuer=unit.name,
        year=academic.first,
        period_start=academic.start,
        period_end=academic.end,
        published_at=now,
    )
    sections: dict[str, RoadmapSection] = {}
    for place, row in enumerate(items):
        if row.section not in sections:
            sections[row.section] = RoadmapSection.objects.create(
                roadmap=roadmap,
                position=len(sections),
                number=str(len(sections) + 1),
                title=row.section,
            )
        item = _write_item(roadmap, sections[row.section], place, row)
        bind_item(item, on=on or today(), now=now)
    return roadmap


def _write_item(roadmap: Roadmap, section: RoadmapSection, place: int, row: Planned) -> RoadmapItem:
    item = RoadmapItem.objects.create(
        roadmap=roadmap,
        section=section,
        position=place,
        number=row.number,
        title=row.title,
        is_group=row.group,
        deadline_kind=row.kind,
        windows=row.windows,
        binds_branches=row.branches,
        **{
            "deadline_text": "По отдельному графику" if not row.windows else "До даты",
            "responsible_text": ", ".join(party.name for party in row.parties),
            **row.fields,
        },
    )
    for position, party in enumerate(row.parties):
        party.item, party.position = item, position
        party.save(force_insert=True)
    return item


def item_of(roadmap: Roadmap, number: str) -> RoadmapItem:
    return roadmap.items.select_related("roadmap").get(number=number)


def assignment_of(roadmap: Roadmap, number: str, unit: OrgUnit) -> Assignment:
    return Assignment.objects.select_related("item", "unit", "roadmap").get(
        roadmap=roadmap, item__number=number, unit=unit
    )


def due_of(roadmap: Roadmap, number: str, unit: OrgUnit) -> Due:
    """The first due of the unit's task."""
    return (
        Due.objects.in_order()
        .select_related("assignment__item", "assignment__unit", "assignment__roadmap")
        .filter(
            assignment__roadmap=roadmap,
            assignment__item__number=number,
            assignment__unit=unit,
        )[0]
    )
