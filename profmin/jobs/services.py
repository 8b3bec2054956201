"""The life of long work: enqueue, claim with a lease, report, finish, cancel, sweep.

Every effect may run twice: a worker may die after the handler's own commit. A handler therefore
makes its writes repeatable and confirms its hold inside the transaction that writes.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from profmin.jobs.choices import FINAL_STATES, JobState
from profmin.jobs.models import Job
from profmin.journal.services import Actor, Subject, write_entry
from profmin.lib.errors import RuleBroken

MAX_ATTEMPTS = 5
RUNG_AT_ONCE = 100  # waiting jobs a sweep rings for

TOO_MANY_ATTEMPTS = (
    "Работа несколько раз обрывалась на середине, и портал перестал её повторять. "
    "Запустите её ещё раз; если не поможет, сообщите администратору."
)


class JobLost(Exception):
    """The lease ran out and the job is somebody else's: write nothing more."""


class JobCancelled(Exception):
    """A person asked to cancel: undo what is open and stop."""


class JobProgress(Protocol):
    """What a handler is given to tell how far it is."""

    def __call__(self, stage: str = "", *, done: int = 0, total: int | None = None) -> None:
        """Tell the stage in Russian (empty: the same) and the counts; extends the lease.

        Call it outside of transactions and more often than the lease is long
        (`settings.JOB_LEASE_SECONDS`): a handler silent for longer is ended.
        Raises `JobCancelled` or `JobLost`.
        """

    def confirm(self) -> None:
        """Make sure, inside the handler's transaction, that the job is still held.

        Raises `JobCancelled` or `JobLost`, and the transaction undoes what was written.
        """


JobHandler = Callable[[Job, JobProgress], dict[str, Any]]

# Filled by `profmin.apps` from the apps above. Answers of handlers become `Job.result`.
JOB_HANDLERS: dict[str, JobHandler] = {}
# Called by every sweep with the moment of the sweep; each may run twice.
SWEEP_HANDLERS: list[Callable[[datetime], None]] = []


def enqueue_job(
    *,
    kind: str,
    key: str,
    title: str,
    payload: dict[str, Any],
    by: Actor,
    now: datetime,
    unit_id: int | None = None,
) -> Job:
    """A job that waits, or the one that stands under `key` already, whatever its state.

    Rings no bell: the edge calls `tasks.ring` with its number.
    """
    found = Job.objects.filter(key=key).first()
    if found is not None:
        return found
    job = Job(
        kind=kind,
        key=key,
        title=title[:300],
        payload=payload,
        unit_id=unit_id,
        created_by_id=by.user_id,
        created_at=now,
        due_at=now,
    )
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        twin = Job.objects.filter(key=key).first()
        if twin is None:
            raise
        return twin
    return job


def claim_job(*, job_id: int, now: datetime) -> Job | None:
    """The job, held from now on with a new token; None if it is not due or somebody was first."""
    token = secrets.token_hex(16)
    claimed = (
        Job.objects.due(now)
        .filter(pk=job_id)
        .update(
            state=JobState.RUNNING,
            token=token,
            lease_until=_lease_end(now),
            attempts=F("attempts") + 1,
            started_at=Coalesce(F("started_at"), now),
        )
    )
    return Job.objects.held(token).get(pk=job_id) if claimed else None


def report_progress(
    *, job: Job, now: datetime, stage: str = "", done: int = 0, total: int | None = None
) -> None:
    """Keep stage and counts and extend the lease; `job` is as `claim_job` gave it.

    Raises `JobLost` or `JobCancelled`.
    """
    news: dict[str, Any] = {"done_count": done, "total_count": total}
    if stage:
        news["stage"] = stage[:200]
    held = Job.objects.held(job.token).filter(pk=job.pk)
    if not held.update(lease_until=_lease_end(now), **news):
        raise JobLost
    if held.filter(cancel_requested_at__isnull=False).exists():
        raise JobCancelled


def confirm_hold(*, job: Job, now: datetime) -> None:
    """Extend the lease, or raise `JobLost` or `JobCancelled`.

    Inside a transaction it also keeps the sweep away from the row until the commit.
    """
    held = Job.objects.held(job.token).filter(pk=job.pk)
    if not held.update(lease_until=_lease_end(now)):
        raise JobLost
    if held.filter(cancel_requested_at__isnull=False).exists():
        raise JobCancelled


def finish_job(*, job: Job, result: dict[str, Any], now: datetime) -> None:
    """Done. Raises `JobLost` if the lease ran out and somebody else has it."""
    _end(job, now=now, state=JobState.DONE, result=result)


def fail_job(*, job: Job, error: str, now: datetime) -> None:
    """Not to be repeated by itself; `error` is a Russian sentence for the person who asked."""
    _end(job, now=now, state=JobState.FAILED, error=error)


def stop_cancelled_job(*, job: Job, now: datetime) -> None:
    """The worker's answer to `JobCancelled`."""
    _end(job, now=now, state=JobState.CANCELLED)


def cancel_job(*, job: Job, by: Actor, now: datetime) -> None:
    """Cancel what waits at once; what runs is asked to stop at its next report."""
    with transaction.atomic():
        row = Job.objects.filter(pk=job.pk)
        waiting = row.filter(state=JobState.WAITING).update(
            state=JobState.CANCELLED, cancel_requested_at=now, finished_at=now
        )
        asked = waiting or row.filter(state=JobState.RUNNING).update(cancel_requested_at=now)
        if not asked:
            raise RuleBroken("Работа уже закончилась: отменять нечего.")
        write_entry(by=by, now=now, action="job_cancel", about=_subject(job))


def retry_job(*, job: Job, by: Actor, now: datetime) -> None:
    """Let a failed or cancelled job wait again, with all its attempts."""
    with transaction.atomic():
        again = Job.objects.filter(
            pk=job.pk, state__in=[JobState.FAILED, JobState.CANCELLED]
        ).update(
            state=JobState.WAITING,
            due_at=now,
            attempts=0,
            stage="",
            done_count=0,
            error="",
            finished_at=None,
            cancel_requested_at=None,
        )
        if not again:
            raise RuleBroken("Повторить можно только то, что не удалось или отменено.")
        write_entry(by=by, now=now, action="job_retry", about=_subject(job))


def sweep_jobs(*, now: datetime) -> list[int]:
    """Give back what dead workers held; the numbers of the jobs to ring for, oldest first."""
    lapsed = Job.objects.lapsed(now)
    freed: dict[str, Any] = {"token": "", "lease_until": None}
    lapsed.filter(cancel_requested_at__isnull=False).update(
        state=JobState.CANCELLED, finished_at=now, **freed
    )
    lapsed.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=JobState.FAILED, finished_at=now, error=TOO_MANY_ATTEMPTS, **freed
    )
    lapsed.update(state=JobState.WAITING, due_at=now, **freed)
    due = Job.objects.due(now).order_by("due_at", "pk").values_list("pk", flat=True)
    return list(due[:RUNG_AT_ONCE])


def _end(job: Job, *, now: datetime, state: JobState, **news: Any) -> None:
    if state not in FINAL_STATES:
        raise ValueError(state)
    ended = (
        Job.objects.held(job.token)
        .filter(pk=job.pk)
        .update(state=state, finished_at=now, token="", lease_until=None, **news)
    )
    if not ended:
        raise JobLost


def _lease_end(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.JOB_LEASE_SECONDS)


def _subject(job: Job) -> Subject:
    return Subject(type="job", id=job.pk, name=job.title, unit_id=job.unit_id)
