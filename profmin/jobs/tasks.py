"""The bell and who answers it. A lost bell is made up by the sweep."""

import logging
import os
import threading
import time
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import timezone
from kombu.exceptions import ChannelError, KombuError

from profmin.accounts.models import Letter
from profmin.accounts.services import drop_expired_letters, postpone_letter, send_letter
from profmin.celery import app
from profmin.jobs.choices import JobState
from profmin.jobs.models import Job
from profmin.jobs.services import (
    JOB_HANDLERS,
    RUNG_AT_ONCE,
    SWEEP_HANDLERS,
    JobCancelled,
    JobLost,
    JobProgress,
    claim_job,
    confirm_hold,
    enqueue_job,
    fail_job,
    finish_job,
    report_progress,
    stop_cancelled_job,
    sweep_jobs,
)
from profmin.journal.services import SYSTEM
from profmin.lib.errors import RuleBroken

logger = logging.getLogger(__name__)

REPORT_SECONDS = 0.5  # reports that follow sooner are not written
EXIT_HUNG = 75
INTERNAL_ERROR = (
    "Работа остановилась из-за ошибки в самом портале. "
    "Сообщите администратору номер работы: {number}."
)


def ring(job_id: int) -> None:
    """Once the transaction commits, tell a worker that the job waits.

    A queue that does not answer is no error: the sweep rings again.
    """
    transaction.on_commit(partial(_send, job_id))


def _send(job_id: int) -> None:
    try:
        run_job.apply_async((job_id,), retry=False)
    except (KombuError, ChannelError, OSError):
        logger.warning("The queue does not answer; job %s waits for the sweep", job_id)


@app.task(name="profmin.jobs.tasks.run_job")
def run_job(job_id: int) -> None:
    """Carry out the job unless somebody else has it."""
    job = claim_job(job_id=job_id, now=timezone.now())
    if job is None:
        return
    try:
        _carry_out(job)
    except JobLost:
        logger.warning("Job %s was taken over by another worker", job_id)


@app.task(name="profmin.jobs.tasks.sweep")
def sweep() -> None:
    """Ring again for what waits, and let every app make up what a crash lost."""
    for job_id in sweep_jobs(now=timezone.now()):
        _send(job_id)
    failures = []
    for handler in SWEEP_HANDLERS:
        try:
            handler(timezone.now())
        except Exception as error:  # noqa: BLE001 - raised below: one must not stop the others
            failures.append(error)
    if failures:
        raise ExceptionGroup("sweep", failures)


# --- Letters ----------------------------------------------------------------------------------

LETTER = "letter"
KEPT_LETTER_JOBS = timedelta(days=1)  # done ones tell nothing


def carry_letter(letter: Letter, now: datetime) -> None:
    """A job for this try to send the letter; names no address and no word of it."""
    job = enqueue_job(
        kind=LETTER,
        key=f"letter:{letter.message_id}:{letter.attempts}",
        title="Письмо",
        payload={"letter": letter.pk},
        by=SYSTEM,
        now=now,
    )
    if job.is_final:  # it crashed too often, or was finished before a crash: the next try
        postpone_letter(letter=letter, now=now)
    else:
        ring(job.pk)


def letter_job(job: Job, progress: JobProgress) -> dict[str, object]:
    """Sends one letter. A repeat after a crash sends nothing, or the same Message-ID again."""
    progress.confirm()
    return {"sent": send_letter(letter_id=job.payload["letter"], now=timezone.now())}


def repeat_letters(now: datetime) -> None:
    """The sweep: what could not be sent, and what nobody rang for."""
    drop_expired_letters(now=now)
    sent = Job.objects.filter(kind=LETTER, state=JobState.DONE)
    sent.filter(finished_at__lt=now - KEPT_LETTER_JOBS).delete()
    for letter in Letter.objects.due(now).order_by("next_at", "pk")[:RUNG_AT_ONCE]:
        carry_letter(letter, now)


def _carry_out(job: Job) -> None:
    progress = _Progress(job)
    try:
        with progress:
            result = _handle(job, progress)
        finish_job(job=job, result=result, now=timezone.now())
    except JobCancelled:
        stop_cancelled_job(job=job, now=timezone.now())
    except RuleBroken as refusal:
        fail_job(job=job, error=refusal.message, now=timezone.now())
    except (JobLost, OperationalError):
        # If the database does not answer, the lease runs out and the sweep gives the job back.
        raise
    except Exception:
        fail_job(job=job, error=INTERNAL_ERROR.format(number=job.pk), now=timezone.now())
        raise


def _handle(job: Job, progress: "_Progress") -> dict[str, object]:
    handler = JOB_HANDLERS.get(job.kind)
    if handler is None:
        raise RuleBroken("Портал больше не умеет выполнять такую работу.")
    return handler(job, progress)


class _Progress:
    """Writes reports sparingly, and ends the process if its handler hangs.

    A worker of one process has no time limit of its own; one that hung would hold its place in
    the pool for good. Ended, it is started anew by whoever keeps the workers.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._stage = ""
        self._written = 0.0
        self._deadline = time.monotonic() + settings.JOB_LEASE_SECONDS
        self._over = threading.Event()

    def __call__(self, stage: str = "", *, done: int = 0, total: int | None = None) -> None:
        is_news = stage not in {"", self._stage} or done == total
        if not is_news and time.monotonic() - self._written < REPORT_SECONDS:
            return
        self._extend()
        self._stage = stage or self._stage
        report_progress(job=self._job, now=timezone.now(), stage=stage, done=done, total=total)

    def confirm(self) -> None:
        """See `services.JobProgress`."""
        self._extend()
        confirm_hold(job=self._job, now=timezone.now())

    def _extend(self) -> None:
        self._written = time.monotonic()
        self._deadline = self._written + settings.JOB_LEASE_SECONDS

    def __enter__(self) -> None:
        threading.Thread(target=self._guard, name=f"job-{self._job.pk}", daemon=True).start()

    def __exit__(self, *error: object) -> None:
        self._over.set()

    def _guard(self) -> None:
        while not self._over.wait(max(self._deadline - time.monotonic(), 0.01)):
            if time.monotonic() >= self._deadline:
                logger.critical("Job %s hangs: ending this process", self._job.pk)
                os._exit(EXIT_HUNG)
