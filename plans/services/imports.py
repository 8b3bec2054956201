"""Loading a document, its reading, and asking for its publishing; the long parts are jobs."""

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F

from plans.choices import ImportState, PartyKind
from plans.models import RoadmapImport
from plans.readers import read_document, read_pasted
from plans.readers.document import Document
from plans.roadmap_draft import draft_from_document, refuse_without_plan
from plans.services.parties import region_dictionary
from plans.services.publishing import drop_unpublished, refuse_unready
from plans.services.review import subject
from profmin.jobs.choices import JobState
from profmin.jobs.services import JobProgress, enqueue_job
from profmin.journal.services import Actor, write_entry
from profmin.lib.errors import RuleBroken
from schools.choices import UnitKind
from schools.models import OrgUnit, StoredFile

# Whose «управление» or «отдел» a document without an issuer speaks of.
_LEVELS: dict[str, PartyKind] = {
    UnitKind.REGION: PartyKind.REGION,
    UnitKind.OPERATOR: PartyKind.REGION,
    UnitKind.TERRITORY: PartyKind.MUNICIPALITY,
    UnitKind.MUNICIPALITY: PartyKind.MUNICIPALITY,
}
_STOPPED = (JobState.FAILED, JobState.CANCELLED)
READ = "roadmap_read"
PUBLISH = "roadmap_publish"


def load_roadmap(
    *,
    unit: OrgUnit,
    name: str,
    by: Actor,
    now: datetime,
    file: StoredFile | None = None,
    pasted: str = "",
    year: int | None = None,
) -> RoadmapImport:
    """Keeps the document and asks for its reading; the edge rings for `source.job_id`."""
    if file is None and not pasted.strip():
        raise RuleBroken("Выберите файл или вставьте текст таблицы.", field="file")
    with transaction.atomic():
        source = RoadmapImport.objects.create(
            unit=unit,
            file=file,
            pasted=pasted,
            name=name[:300],
            year=year,
            state=ImportState.READING,
            created_by_id=by.user_id,
            created_at=now,
            changed_at=now,
        )
        _ask(source, READ, f"Чтение: {name}", by, now)
        write_entry(by=by, now=now, action="import_loaded", about=subject(source))
    return source


def ask_publishing(*, source: RoadmapImport, version: int, by: Actor, now: datetime) -> None:
    """Asks for the publishing of a reviewed import; the edge rings for `source.job_id`."""
    refuse_unready(source)
    with transaction.atomic():
        changed = RoadmapImport.objects.filter(
            pk=source.pk, version=version, state=ImportState.REVIEW
        ).update(state=ImportState.PUBLISHING, version=F("version") + 1, changed_at=now)
        if not changed:
            raise RuleBroken("Документ изменился. Откройте страницу заново и проверьте его.")
        source.refresh_from_db()
        _ask(source, PUBLISH, f"Публикация: {source.name}", by, now)


def discard_import(*, source: RoadmapImport, by: Actor, now: datetime) -> None:
    """The document is not needed; it can be taken up again."""
    with transaction.atomic():
        changed = (
            RoadmapImport.objects.filter(pk=source.pk)
            .filter(state__in=[ImportState.REVIEW, ImportState.FAILED, ImportState.READING])
            .update(state=ImportState.DISCARDED, version=F("version") + 1, changed_at=now)
        )
        if not changed:
            raise RuleBroken("Опубликованную карту так отменить нельзя.")
        write_entry(by=by, now=now, action="import_discarded", about=subject(source))


def take_up_import(*, source: RoadmapImport, by: Actor, now: datetime) -> None:
    """Takes a discarded import up again where it was left."""
    state = ImportState.REVIEW if source.draft is not None else ImportState.FAILED
    with transaction.atomic():
        RoadmapImport.objects.filter(pk=source.pk, state=ImportState.DISCARDED).update(
            state=state, version=F("version") + 1, changed_at=now
        )
        write_entry(by=by, now=now, action="import_taken_up", about=subject(source))


def settle_stopped(now: datetime) -> None:
    """Imports whose work has ended without them: refused, cancelled, or given up by the queue.

    Runs with every sweep; a reading can be asked for again, a review goes on.
    """
    stopped = RoadmapImport.objects.filter(
        state__in=[ImportState.READING, ImportState.PUBLISHING], job__state__in=_STOPPED
    ).select_related("job", "roadmap")
    for source in stopped:
        if source.state == ImportState.PUBLISHING:
            drop_unpublished(source)
            continue
        error = source.job.error if source.job else ""
        RoadmapImport.objects.filter(pk=source.pk, state=ImportState.READING).update(
            state=ImportState.FAILED,
            error=error or "Чтение отменено.",
            version=F("version") + 1,
            changed_at=now,
        )


def read_again(*, source: RoadmapImport, by: Actor, now: datetime) -> None:
    """Asks for the reading of a refused or cancelled document once more."""
    with transaction.atomic():
        changed = RoadmapImport.objects.filter(pk=source.pk, state=ImportState.FAILED).update(
            state=ImportState.READING, error="", version=F("version") + 1, changed_at=now
        )
        if not changed:
            raise RuleBroken("Документ уже читается или прочитан.")
        source.refresh_from_db()
        _ask(source, READ, f"Чтение: {source.name}", by, now)


def _ask(source: RoadmapImport, kind: str, title: str, by: Actor, now: datetime) -> None:
    source.job = enqueue_job(
        kind=kind,
        key=f"{kind}:{source.pk}:{source.version}",
        title=title,
        payload={"import": source.pk, "role": by.role, "unit": by.unit_id},
        by=by,
        now=now,
        unit_id=source.unit_id,
    )
    source.save(update_fields=["job"])


def document_of(source: RoadmapImport) -> Document:
    """The document as written. Raises RuleBroken with a sentence for what cannot be read."""
    if source.file is None:
        return read_pasted(source.pasted)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "document"
        with source.file.file.open("rb") as kept:
            copy.write_bytes(kept.read())
        return read_document(copy, name=source.file.name)


def read_import(*, source: RoadmapImport, now: datetime, progress: JobProgress) -> dict[str, Any]:
    """Reads the document into a draft with its doubts; says so in the answer, also a refusal."""
    if source.state != ImportState.READING:
        return {}
    progress("Читаем документ", done=0, total=2)
    try:
        document = document_of(source)
        progress("Разбираем таблицу", done=1, total=2)
        draft = draft_from_document(
            document,
            dictionary=region_dictionary(source.unit.region_id),
            year=source.year,
            level=_LEVELS.get(source.unit.kind),
        )
        refuse_without_plan(draft)
    except RuleBroken as refusal:
        failed = {"state": ImportState.FAILED, "error": refusal.message}
        _close_reading(source, now, progress, failed)
        return {"error": refusal.message}
    read = {"state": ImportState.REVIEW, "draft": draft.to_store(), "error": ""}
    _close_reading(source, now, progress, read)
    return {"items": len(draft.items), "doubts": len(draft.doubts)}


def _close_reading(
    source: RoadmapImport, now: datetime, progress: JobProgress, values: dict[str, Any]
) -> None:
    with transaction.atomic():
        progress.confirm()
        RoadmapImport.objects.filter(pk=source.pk, state=ImportState.READING).update(
            **values, version=F("version") + 1, changed_at=now
        )
    source.refresh_from_db()
