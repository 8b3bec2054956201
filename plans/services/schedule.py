"""The date of an item whose document names none: the issuer sets it when it is known."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from plans.choices import DeadlineKind
from plans.deadlines import PlanPeriod
from plans.models import Assignment, Due, Roadmap, RoadmapItem
from plans.services.standing import refresh_standing
from profmin.journal.services import Actor, Subject, write_entry
from profmin.lib.errors import RuleBroken
from profmin.lib.periods import AcademicYear, Period
from profmin.lib.wording import short_date, span

# Kinds of deadline that wait for a person to set the date.
DATELESS = frozenset({DeadlineKind.EXTERNAL, DeadlineKind.NONE})
YEARS = range(2000, 2101)  # others are slips of the pen


def set_due_date(*, item: RoadmapItem, due_on: date, by: Actor, now: datetime) -> RoadmapItem:
    """Gives the item its one due date, or moves the one given before.

    Every due of the item gets it, whatever was done meanwhile; the document's words stay. A day
    outside the plan is taken too: the page that asks shows `reach_of` beside it.
    """
    _refuse(item, due_on)
    with transaction.atomic():
        item = RoadmapItem.objects.select_for_update().select_related("roadmap").get(pk=item.pk)
        before = item.windows[0]["end"] if item.windows else None
        if before == due_on.isoformat():
            return item
        item.windows = [{"start": None, "end": due_on.isoformat()}]
        RoadmapItem.objects.filter(pk=item.pk).update(windows=item.windows)
        Due.objects.filter(assignment__item=item, due_on=before).update(due_on=due_on)
        refresh_standing(Assignment.objects.filter(item=item).values_list("pk", flat=True))
        write_entry(
            by=by,
            now=now,
            action="item_due_set",
            about=_subject(item),
            before={"due_on": before},
            after={"due_on": due_on.isoformat()},
        )
    return item


def reach_of(roadmap: Roadmap) -> Period:
    """The days on which something may fall due without a warning: the plan's own and, before an
    academic year, those of its preparation."""
    year = AcademicYear(roadmap.year)
    is_academic = roadmap.period_start == year.start
    start = PlanPeriod(roadmap.year).reach.start if is_academic else roadmap.period_start
    return Period(start, roadmap.period_end)


def outside_words(reach: Period, days: Iterable[date]) -> str:
    """The warning about the days that lie outside; "" where all lie inside."""
    found = ", ".join(short_date(day) for day in days if day not in reach)
    if not found:
        return ""
    return (
        f"Вне срока дорожной карты ({span(reach.start, reach.end)}): {found}. "
        "Проверьте год; если так и нужно, оставьте."
    )


def _refuse(item: RoadmapItem, due_on: date) -> None:
    if item.is_group or item.deadline_kind not in DATELESS:
        raise RuleBroken("Срок этого мероприятия задан документом.", field="due_on")
    if due_on.year not in YEARS:
        raise RuleBroken(f"Проверьте год: {due_on:%d.%m.%Y}.", field="due_on")


def _subject(item: RoadmapItem) -> Subject:
    roadmap = item.roadmap
    name = f"{item.number} {item.title}".strip()
    return Subject("item", item.pk, name, roadmap.unit_id, roadmap.path)
