"""The date of an item whose document names none: the issuer sets it when it is known."""

from datetime import date, datetime

from django.db import transaction

from plans.choices import DeadlineKind
from plans.models import Assignment, Due, RoadmapItem
from plans.services.standing import refresh_standing
from profmin.journal.services import Actor, Subject, write_entry
from profmin.lib.errors import RuleBroken

# Kinds of deadline that wait for a person to set the date.
DATELESS = frozenset({DeadlineKind.EXTERNAL, DeadlineKind.NONE})


def set_due_date(*, item: RoadmapItem, due_on: date, by: Actor, now: datetime) -> RoadmapItem:
    """Gives the item its one due date, or moves the one given before.

    Every due of the item gets it, whatever was done meanwhile; the document's words stay.
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


def _refuse(item: RoadmapItem, due_on: date) -> None:
    roadmap = item.roadmap
    if item.is_group or item.deadline_kind not in DATELESS:
        raise RuleBroken("Срок этого мероприятия задан документом.", field="due_on")
    if not roadmap.period_start <= due_on <= roadmap.period_end:
        raise RuleBroken(
            "Дата вне срока дорожной карты: "
            f"{roadmap.period_start:%d.%m.%Y} – {roadmap.period_end:%d.%m.%Y}.",
            field="due_on",
        )


def _subject(item: RoadmapItem) -> Subject:
    roadmap = item.roadmap
    name = f"{item.number} {item.title}".strip()
    return Subject("item", item.pk, name, roadmap.unit_id, roadmap.path)
