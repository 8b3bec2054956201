"""A document of the demo goes the way of every document: loaded, read, reviewed, published."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from plans.choices import PartyKind
from plans.models import Roadmap, RoadmapImport
from plans.parties import Party
from plans.services.imports import ask_publishing, load_roadmap, read_import
from plans.services.parties import Target, remember
from plans.services.publishing import publish_import
from plans.services.review import (
    Question,
    choose_target,
    draft_of,
    mend_field,
    mend_parties,
    open_questions,
    settle_doubt,
)
from plans.services.schedule import set_due_date
from profmin.jobs.models import Job
from profmin.jobs.services import JobProgress, claim_job, confirm_hold, finish_job
from profmin.journal.services import Actor
from profmin.management.demo.documents import DemoDocument, write_document
from schools.choices import FilePurpose
from schools.models import OrgUnit
from schools.services.files import store_file

Note = Callable[[str], None]


@dataclass
class _Clock:
    """Moments of one person's work on a document."""

    now: datetime

    def later(self, minutes: int) -> datetime:
        self.now += timedelta(minutes=minutes)
        return self.now


@dataclass(frozen=True)
class Importing:
    """Whose document is loaded, by whom; where its file is kept."""

    document: DemoDocument
    units: Mapping[str, OrgUnit]
    by: Actor
    folder: Path
    note: Note

    @property
    def unit(self) -> OrgUnit:
        return self.units[self.document.data["unit"]]


def load_document(work: Importing, *, now: datetime) -> RoadmapImport:
    """Writes the document, loads and reads it, answers what the demo answers."""
    clock = _Clock(now)
    source = _read(work, clock)
    for answer in work.document.answers:
        _answer(work, source, answer, clock)
    left = work.document.data.get("settled")
    for question in _doubts(source)[:left]:
        settle_doubt(
            source=source,
            version=source.version,
            key=question.key,
            by=work.by,
            now=clock.later(2),
        )
    return source


def _read(work: Importing, clock: _Clock) -> RoadmapImport:
    name, made = work.document.file, write_document(work.document)
    (work.folder / name).write_bytes(made)
    stored = store_file(
        unit=work.unit,
        path=work.unit.path or "",
        purpose=FilePurpose.ROADMAP,
        upload=SimpleUploadedFile(name, made),
        by=work.by,
        now=clock.now,
    )
    source = load_roadmap(unit=work.unit, name=name, file=stored, by=work.by, now=clock.now)
    now = clock.later(1)
    _carry_out(source, lambda progress: read_import(source=source, now=now, progress=progress), now)
    return source


def _doubts(source: RoadmapImport) -> list[Question]:
    return [question for question in open_questions(source) if question.party is None]


def _answer(
    work: Importing, source: RoadmapImport, answer: Mapping[str, Any], clock: _Clock
) -> None:
    who: dict[str, Any] = {"by": work.by, "now": clock.later(3)}
    if "party" in answer:
        _choose(work, source, answer, who)
        return
    numbers = [item.number for item in draft_of(source).items]
    place = numbers.index(answer["item"])
    who |= {"source": source, "version": source.version, "item": place}
    if "partner" in answer:
        mend_parties(parties=[Party(PartyKind.PARTNER, answer["partner"])], **who)
    else:
        mend_field(field=answer["field"], text=answer["text"], **who)


def _choose(
    work: Importing, source: RoadmapImport, answer: Mapping[str, Any], who: Mapping[str, Any]
) -> None:
    """Whom a named party means; some choices are kept for the next documents."""
    target = Target(unit_id=work.units[answer["unit"]].pk)
    asked = {question.party: question for question in open_questions(source) if question.party}
    for party, question in asked.items():
        if party.name == answer["party"]:
            choose_target(
                source=source,
                version=source.version,
                party_key=question.key,
                target=target,
                **who,
            )
            if answer.get("remember"):
                remember(region=work.units["90"], party=party, target=target, **who)


def publish_document(work: Importing, source: RoadmapImport, *, now: datetime) -> Roadmap:
    """Publishes the reviewed document; sets the dates which the demo sets."""
    ask_publishing(source=source, version=source.version, by=work.by, now=now)
    _carry_out(source, lambda progress: _publish(work, source, now, progress), now)
    roadmap = source.roadmap
    if roadmap is None:
        raise AssertionError("a published import has its roadmap")
    for one in work.document.set_dues:
        set_due_date(
            item=roadmap.items.select_related("roadmap").get(number=one["item"]),
            due_on=date.fromisoformat(one["on"]),
            by=work.by,
            now=now + timedelta(minutes=20),
        )
    return roadmap


def _publish(
    work: Importing, source: RoadmapImport, now: datetime, progress: JobProgress
) -> dict[str, Any]:
    roadmap = publish_import(
        source=source,
        by=work.by,
        now=now,
        today=now.date(),
        tell=lambda stage, done, total: work.note(f"{work.document.file}: {done} из {total}"),
        confirm=progress.confirm,
    )
    return {"roadmap": roadmap.pk, "assignments": roadmap.assignments.count()}


# The job of an import, carried out here and at its own time


class _Progress:
    """Holds the job as a worker would; nobody watches."""

    def __init__(self, job: Job, now: datetime) -> None:
        self._job, self._now = job, now

    def __call__(self, stage: str = "", *, done: int = 0, total: int | None = None) -> None:
        """See `profmin.jobs.services.JobProgress`."""

    def confirm(self) -> None:
        """See `profmin.jobs.services.JobProgress`."""
        confirm_hold(job=self._job, now=self._now)


def _carry_out(
    source: RoadmapImport, work: Callable[[JobProgress], dict[str, Any]], now: datetime
) -> None:
    job = claim_job(job_id=source.job_id or 0, now=now)
    if job is None:
        raise AssertionError("nobody else carries out the jobs of the demo")
    result = work(_Progress(job, now))
    finish_job(job=job, result=result, now=now)
