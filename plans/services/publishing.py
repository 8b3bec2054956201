"""Publishing: a reviewed draft becomes a roadmap, and every bound unit gets its assignments.

The roadmap exists for nobody until the last step. Each step may run twice: a worker that is
killed midway leaves rows which the next one completes.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from plans.choices import ImportState
from plans.models import (
    Assignment,
    Due,
    ItemParty,
    Roadmap,
    RoadmapImport,
    RoadmapItem,
    RoadmapSection,
)
from plans.parties import Party
from plans.roadmap_draft import BasisOrder, DraftItem, RoadmapDraft
from plans.services.binding import bind_item
from plans.services.parties import Target, item_party, targets
from plans.services.review import open_questions
from profmin.journal.services import Actor, Subject, write_entry
from profmin.lib.errors import RuleBroken
from profmin.lib.planner import refresh_statistics

Tell = Callable[[str, int, int], None]


def silent(stage: str, done: int, total: int) -> None:
    """Progress for whoever does not watch."""


def publish_import(
    *,
    source: RoadmapImport,
    by: Actor,
    now: datetime,
    today: date,
    tell: Tell = silent,
    confirm: Callable[[], None] = lambda: None,
) -> Roadmap:
    """Publishes a reviewed import; `tell` may raise to stop it between two items.

    `confirm` is called inside the last transaction: it raises if the work was given to
    somebody else or cancelled.
    """
    if source.state == ImportState.PUBLISHED and source.roadmap is not None:
        return source.roadmap
    refuse_unready(source)
    roadmap = source.roadmap or _write_roadmap(source)
    items = list(roadmap.items.duties().in_order().prefetch_related("parties"))
    on = min(max(today, roadmap.period_start), roadmap.period_end)
    for done, item in enumerate(items):
        tell("Поручения по мероприятиям", done, len(items))
        item.roadmap = roadmap
        bind_item(item, on=on, now=now)
    tell("Публикация", len(items), len(items))
    with transaction.atomic():
        confirm()
        _open_to_all(roadmap, source, by, now, today)
        refresh_statistics(Assignment, Due)
    return roadmap


def refuse_unready(source: RoadmapImport) -> None:
    """Only a fully reviewed import is published."""
    if source.state not in (ImportState.REVIEW, ImportState.PUBLISHING) or source.draft is None:
        raise RuleBroken("Публикуется только проверенный документ.")
    if RoadmapDraft.from_store(source.draft).plan is None:
        raise RuleBroken("Укажите учебный год дорожной карты.")
    left = len(open_questions(source))
    if left:
        raise RuleBroken(f"Остались вопросы без ответа: {left}. Ответьте на них и опубликуйте.")
    if not any(not item.group for item in RoadmapDraft.from_store(source.draft).items):
        raise RuleBroken("В документе не нашлось ни одного мероприятия.")


def drop_unpublished(source: RoadmapImport) -> None:
    """Takes back what a cancelled publishing has written; the review goes on."""
    with transaction.atomic():
        roadmap = source.roadmap
        RoadmapImport.objects.filter(pk=source.pk).update(
            state=ImportState.REVIEW, roadmap=None, job=None
        )
        if roadmap is not None and roadmap.published_at is None:
            roadmap.delete()
        source.refresh_from_db()


def _open_to_all(
    roadmap: Roadmap, source: RoadmapImport, by: Actor, now: datetime, today: date
) -> None:
    published = Roadmap.objects.filter(pk=roadmap.pk, published_at=None).update(
        published_at=now, published_by_id=by.user_id
    )
    RoadmapImport.objects.filter(pk=source.pk).update(state=ImportState.PUBLISHED, changed_at=now)
    roadmap.refresh_from_db()
    source.refresh_from_db()
    if not published:
        return
    unit = roadmap.unit
    write_entry(
        by=by,
        now=now,
        action="roadmap_published",
        about=Subject("roadmap", roadmap.pk, roadmap.title, unit.pk, unit.path or ""),
        after={
            "items": roadmap.items.duties().count(),
            "assignments": roadmap.assignments.count(),
            "on": today.isoformat(),
        },
    )


def _write_roadmap(source: RoadmapImport) -> Roadmap:
    """The roadmap with sections, items and parties, still unseen."""
    draft = RoadmapDraft.from_store(source.draft or {})
    if draft.plan is None:
        raise RuleBroken("Укажите учебный год дорожной карты.")
    with transaction.atomic():
        roadmap = Roadmap.objects.create(
            unit=source.unit,
            path=source.unit.territory_path,
            title=draft.title or source.name,
            issuer=(draft.issuer or "")[:500],
            basis=basis_words(draft.basis)[:500],
            aims="\n".join(draft.aims),
            year=draft.plan.year,
            period_start=draft.plan.start,
            period_end=draft.plan.end,
            abbreviations=dict(draft.abbreviations),
        )
        sections = RoadmapSection.objects.bulk_create(
            RoadmapSection(
                roadmap=roadmap, position=place, number=section.number or "", title=section.title
            )
            for place, section in enumerate(draft.sections)
        )
        items = RoadmapItem.objects.bulk_create(
            [
                RoadmapItem(
                    roadmap=roadmap,
                    section=None if item.section is None else sections[item.section],
                    position=place,
                    **_item_values(item),
                )
                for place, item in enumerate(draft.items)
            ]
        )
        known = _targets_of(draft, source)
        ItemParty.objects.bulk_create(
            row
            for item, drafted in zip(items, draft.items, strict=True)
            for row in _parties_of(item, drafted, known)
        )
        RoadmapImport.objects.filter(pk=source.pk).update(roadmap=roadmap)
        source.roadmap = roadmap
    return roadmap


def basis_words(basis: BasisOrder | None) -> str:
    """«приказ от 18.08.2026 № 872»."""
    if basis is None:
        return ""
    day = f" от {basis.date:%d.%m.%Y}" if basis.date else ""
    return basis.kind + day + (f" № {basis.number}" if basis.number else "")


def _item_values(item: DraftItem) -> dict[str, Any]:
    deadline = item.deadline
    return {
        "number": (item.number or "")[:40],
        "number_text": (item.number_text or "")[:40],
        "is_group": item.group,
        "title": item.title,
        "deadline_text": deadline.text,
        "deadline_kind": deadline.kind,
        "windows": [window.as_json() for window in deadline.windows],
        "deadline_rule": deadline.rule or "",
        "deadline_inherited": deadline.inherited,
        "binds_branches": names_branches(item),
        "responsible_text": item.responsible.text,
        "expected_result": item.result,
        "documents": item.documents,
        "links": list(item.links),
        "indicators": list(item.indicators),
    }


def names_branches(item: DraftItem) -> bool:
    """Branches are bound only where the responsible cell names them."""
    return "филиал" in item.responsible.text.casefold()


def _targets_of(draft: RoadmapDraft, source: RoadmapImport) -> dict[Party, Target]:
    parties = {party for item in draft.items for party in item.responsible.parties}
    return targets(parties, region_id=source.unit.region_id, bindings=source.bindings)


def _parties_of(
    item: RoadmapItem, drafted: DraftItem, known: dict[Party, Target]
) -> list[ItemParty]:
    rows = []
    for place, party in enumerate(drafted.responsible.parties):
        row = item_party(party, place, known.get(party))
        row.item = item
        rows.append(row)
    return rows
