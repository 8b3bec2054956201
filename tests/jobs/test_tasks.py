"""The bell, and what a worker does when it hears it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from profmin.celery import app
from profmin.jobs.choices import JobState
from profmin.jobs.models import Job
from profmin.jobs.services import (
    JOB_HANDLERS,
    JobProgress,
    cancel_job,
    enqueue_job,
    sweep_jobs,
)
from profmin.jobs.tasks import EXIT_HUNG, ring, run_job, sweep
from profmin.journal.services import SYSTEM
from profmin.lib.errors import RuleBroken
from tests.servers import free_port

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
EARLIER = datetime(2026, 1, 1, tzinfo=UTC)
HANG = """
import time
import django
django.setup()
from profmin.jobs.models import Job
from profmin.jobs.tasks import _Progress
with _Progress(Job(pk=1)):
    time.sleep(20)
"""
RING = """
import django
django.setup()
from profmin.jobs.tasks import ring
ring(1)
"""

Handle = Callable[[Callable[[Job, JobProgress], dict[str, Any]]], None]


@pytest.fixture
def handle() -> Iterator[Handle]:
    """Sets what carries out the jobs of the test."""

    def set_handler(handler: Callable[[Job, JobProgress], dict[str, Any]]) -> None:
        JOB_HANDLERS["test"] = handler

    yield set_handler
    JOB_HANDLERS.pop("test", None)


@pytest.fixture
def job() -> Job:
    return enqueue_job(kind="test", key="k", title="Опыт", payload={}, by=SYSTEM, now=EARLIER)


def test_worker_carries_out_the_job_once(handle: Handle, job: Job) -> None:
    seen = []

    def work(given: Job, progress: JobProgress) -> dict[str, Any]:
        seen.append(given.pk)
        progress("Читаем", done=1, total=2)
        return {"rows": 2}

    handle(work)
    run_job(job.pk)
    run_job(job.pk)
    job.refresh_from_db()
    assert seen == [job.pk]
    assert (job.state, job.result, job.stage) == (JobState.DONE, {"rows": 2}, "Читаем")


def test_reports_are_written_sparingly(
    handle: Handle, job: Job, django_assert_num_queries: Any
) -> None:
    def work(given: Job, progress: JobProgress) -> dict[str, Any]:
        progress("Пишем", done=0, total=100)
        with django_assert_num_queries(0):
            for done in range(1, 100):
                progress("Пишем", done=done, total=100)
        with django_assert_num_queries(2):
            progress(done=100, total=100)
        return {}

    handle(work)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done_count) == (JobState.DONE, 100)


def test_refusal_is_told_in_its_words(handle: Handle, job: Job) -> None:
    def work(given: Job, progress: JobProgress) -> dict[str, Any]:
        raise RuleBroken("В файле нет таблицы.")

    handle(work)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, "В файле нет таблицы.")


def test_job_without_handler_fails_in_words(job: Job) -> None:
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (
        JobState.FAILED,
        "Портал больше не умеет выполнять такую работу.",
    )


def test_fault_of_the_portal_is_raised_and_told_without_details(handle: Handle, job: Job) -> None:
    def work(given: Job, progress: JobProgress) -> dict[str, Any]:
        raise ValueError("secret")

    handle(work)
    with pytest.raises(ValueError, match="secret"):
        run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (
        JobState.FAILED,
        f"Работа остановилась из-за ошибки в самом портале. "
        f"Сообщите администратору номер работы: {job.pk}.",
    )


def test_silent_database_leaves_the_job_to_the_sweep(handle: Handle, job: Job) -> None:
    def work(given: Job, progress: JobProgress) -> dict[str, Any]:
        raise OperationalError("gone")

    handle(work)
    with pytest.raises(OperationalError):
        run_job(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


def test_cancelled_job_stops_at_its_next_report(handle: Handle, job: Job) -> None:
    def work(given: Job, progress: JobProgress) -> dict[str, Any]:
        cancel_job(job=given, by=SYSTEM, now=EARLIER)
        progress("Дальше", done=1, total=2)
        raise AssertionError("went on")

    handle(work)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == (JobState.CANCELLED, None)


def test_lost_job_undoes_what_its_transaction_wrote(handle: Handle, job: Job) -> None:
    def work(given: Job, progress: JobProgress) -> dict[str, Any]:
        Job.objects.filter(pk=given.pk).update(lease_until=EARLIER)
        sweep_jobs(now=EARLIER + timedelta(seconds=1))
        with transaction.atomic():
            Job.objects.filter(pk=given.pk).update(title="Испорчено")
            progress.confirm()
        return {}

    handle(work)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.title) == (JobState.WAITING, "Опыт")


def test_hung_worker_ends_itself(tmp_path: Path) -> None:
    hung = subprocess.run(
        [sys.executable, "-c", HANG],
        cwd=ROOT,
        env={
            "DJANGO_SETTINGS_MODULE": "profmin.settings",
            "PORTAL_VAR_DIR": str(tmp_path),
            "PORTAL_JOB_LEASE_SECONDS": "0.3",
        },
        check=False,
        stderr=subprocess.DEVNULL,
        timeout=15,
    )
    assert hung.returncode == EXIT_HUNG


def test_bell_rings_after_the_commit(
    job: Job, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with app.connection_for_write() as connection:
        queue = connection.SimpleQueue("celery")
        queue.clear()
        with django_capture_on_commit_callbacks(execute=True):
            ring(job.pk)
            before = queue.qsize()
        after = queue.qsize()
        queue.clear()
        queue.close()
    assert (before, after) == (0, 1)


def test_silent_queue_is_no_error(tmp_path: Path) -> None:
    ringing = subprocess.run(
        [sys.executable, "-c", RING],
        cwd=ROOT,
        env={
            "DJANGO_SETTINGS_MODULE": "profmin.settings",
            "PORTAL_VAR_DIR": str(tmp_path),
            "REDIS_URL": f"redis://127.0.0.1:{free_port()}/0",
        },
        check=False,
        capture_output=True,
        text=True,
        timeout=15,
    )
    assert (
        ringing.returncode,
        ringing.stderr.splitlines()[-1].partition(" ")[2].split(" ", 1)[1],
    ) == (
        0,
        "WARNING profmin.jobs.tasks The queue does not answer; job 1 waits for the sweep",
    )


def test_sweep_lets_every_app_make_up_even_if_one_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def fail(now: datetime) -> None:
        raise ValueError("first")

    monkeypatch.setattr("profmin.jobs.tasks.SWEEP_HANDLERS", [fail, seen.append])
    with pytest.raises(ExceptionGroup) as raised:
        sweep()
    assert [str(error) for error in raised.value.exceptions] == ["first"]
    assert len(seen) == 1
