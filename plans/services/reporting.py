"""A report as a person hands it in: what was done, when, and what proves it, all or nothing."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile

from plans.models import Due, Proof
from plans.services.execution import add_file, add_link, mark_done, save_progress
from profmin.journal.services import Actor
from profmin.lib.errors import RuleBroken
from schools.choices import FilePurpose
from schools.models import StoredFile
from schools.services.files import atomic_with_files, store_file


@dataclass(frozen=True)
class Report:
    """What the form holds. `link` empty: none."""

    comment: str = ""
    link: str = ""
    files: tuple[UploadedFile, ...] = ()


def save_report(*, due: Due, version: int, report: Report, by: Actor, now: datetime) -> Due:
    """Keeps the words and the proofs; the due is in progress."""
    with atomic_with_files():
        due = save_progress(due=due, version=version, comment=report.comment, by=by, now=now)
        _keep_proofs(due, report, by, now)
    return due


def hand_in_report(
    *,
    due: Due,
    version: int,
    report: Report,
    done_on: date | None,
    by: Actor,
    now: datetime,
    today: date,
    stands_in: bool = False,
) -> Due:
    """Done, with the words and the proofs."""
    if done_on is None:
        raise RuleBroken("Укажите дату исполнения.", field="done_on")
    with atomic_with_files():
        due = mark_done(
            due=due,
            version=version,
            done_on=done_on,
            comment=report.comment,
            by=by,
            now=now,
            today=today,
            stands_in=stands_in,
        )
        _keep_proofs(due, report, by, now)
    return due


def add_proofs(*, due: Due, report: Report, by: Actor, now: datetime) -> list[Proof]:
    """A link, files or both, beside what is already there."""
    if not report.link.strip() and not report.files:
        raise RuleBroken("Вставьте ссылку или выберите файл.", field="link")
    with atomic_with_files():
        return _keep_proofs(due, report, by, now)


def _keep_proofs(due: Due, report: Report, by: Actor, now: datetime) -> list[Proof]:
    proofs = []
    if report.link.strip():
        proofs.append(add_link(due=due, link=report.link, by=by, now=now))
    stored = [_stored(due, upload, by, now) for upload in report.files]
    return proofs + [add_file(due=due, file=file, by=by, now=now) for file in stored]


def _stored(due: Due, upload: UploadedFile, by: Actor, now: datetime) -> StoredFile:
    assignment = due.assignment
    try:
        return store_file(
            unit=assignment.unit,
            path=assignment.path,
            purpose=FilePurpose.PROOF,
            upload=upload,
            by=by,
            now=now,
        )
    except RuleBroken as refusal:
        raise RuleBroken(refusal.message, field="files") from refusal
