"""The life of a job, one moment at a time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from profmin.jobs.choices import FINAL_STATES, JobState
from profmin.jobs.models import Job
from profmin.jobs.services import (
    MAX_ATTEMPTS,
    RUNG_AT_ONCE,
    TOO_MANY_ATTEMPTS,
    JobCancelled,
    JobLost,
    cancel_job,
    claim_job,
    confirm_hold,
    enqueue_job,
    fail_job,
    finish_job,
    report_progress,
    retry_job,
    stop_cancelled_job,
    sweep_jobs,
)
from profmin.journal.models import JournalEntry
from profmin.journal.services import SYSTEM
from profmin.lib.errors import RuleBroken

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LEASE = timedelta(seconds=45)
LATER = NOW + LEASE + timedelta(seconds=1)


def _enqueue(key: str = "import:1", now: datetime = NOW) -> Job:
    return enqueue_job(
        kind="import", key=key, title="Загрузка карты", payload={"file": 7}, by=SYSTEM, now=now
    )


def _claim(job: Job, now: datetime = NOW) -> Job:
    claimed = claim_job(job_id=job.pk, now=now)
    assert claimed is not None
    return claimed


def _state(job: Job) -> str:
    return Job.objects.get(pk=job.pk).state


def test_enqueued_job_waits() -> None:
    job = Job.objects.get(pk=_enqueue().pk)
    assert (job.state, job.payload, job.created_at, job.due_at, job.attempts, job.is_final) == (
        JobState.WAITING,
        {"file": 7},
        NOW,
        NOW,
        0,
        False,
    )


def test_repeated_wish_is_one_job() -> None:
    first = _enqueue()
    finish_job(job=_claim(first), result={}, now=NOW)
    assert _enqueue(now=LATER).pk == first.pk
    assert Job.objects.count() == 1


def test_claimed_job_is_held_until_the_lease_ends() -> None:
    job = _claim(_enqueue())
    assert (job.state, job.attempts, job.started_at, job.lease_until) == (
        JobState.RUNNING,
        1,
        NOW,
        NOW + LEASE,
    )


def test_job_is_claimed_once() -> None:
    job = _enqueue()
    _claim(job)
    assert claim_job(job_id=job.pk, now=NOW) is None


def test_job_is_not_claimed_before_its_time() -> None:
    job = _enqueue(now=LATER)
    assert claim_job(job_id=job.pk, now=NOW) is None


def test_report_keeps_stage_and_counts_and_extends_the_lease() -> None:
    job = _claim(_enqueue())
    report_progress(job=job, now=LATER, stage="Читаем таблицы", done=3, total=9)
    report_progress(job=job, now=LATER, done=4, total=9)
    job.refresh_from_db()
    assert (job.stage, job.done_count, job.total_count, job.lease_until) == (
        "Читаем таблицы",
        4,
        9,
        LATER + LEASE,
    )


def test_finished_job_keeps_its_result_and_is_let_go() -> None:
    job = _claim(_enqueue())
    finish_job(job=job, result={"items": 46}, now=LATER)
    job.refresh_from_db()
    assert (job.state, job.result, job.finished_at, job.token, job.lease_until) == (
        JobState.DONE,
        {"items": 46},
        LATER,
        "",
        None,
    )


def test_failed_job_keeps_the_sentence() -> None:
    job = _claim(_enqueue())
    fail_job(job=job, error="Файл повреждён.", now=LATER)
    job.refresh_from_db()
    assert (job.state, job.error, job.finished_at) == (JobState.FAILED, "Файл повреждён.", LATER)


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda job: report_progress(job=job, now=LATER), id="report"),
        pytest.param(lambda job: confirm_hold(job=job, now=LATER), id="confirm"),
        pytest.param(lambda job: finish_job(job=job, result={}, now=LATER), id="finish"),
        pytest.param(lambda job: fail_job(job=job, error="Нет.", now=LATER), id="fail"),
        pytest.param(lambda job: stop_cancelled_job(job=job, now=LATER), id="stop"),
    ],
)
def test_worker_that_lost_its_job_writes_nothing(act: Callable[[Job], None]) -> None:
    lost = _claim(_enqueue())
    sweep_jobs(now=LATER)
    holder = _claim(lost, now=LATER)
    before = Job.objects.values().get(pk=lost.pk)
    with pytest.raises(JobLost):
        act(lost)
    assert Job.objects.values().get(pk=lost.pk) == before
    assert holder.token != lost.token


def test_confirming_keeps_the_counts() -> None:
    job = _claim(_enqueue())
    report_progress(job=job, now=NOW, stage="Пишем", done=5, total=9)
    confirm_hold(job=job, now=LATER)
    job.refresh_from_db()
    assert (job.done_count, job.total_count, job.lease_until) == (5, 9, LATER + LEASE)


def test_waiting_job_is_cancelled_at_once() -> None:
    job = _enqueue()
    cancel_job(job=job, by=SYSTEM, now=NOW)
    assert _state(job) == JobState.CANCELLED
    assert claim_job(job_id=job.pk, now=NOW) is None


@pytest.mark.parametrize(
    "tell",
    [
        pytest.param(lambda job: report_progress(job=job, now=NOW), id="report"),
        pytest.param(lambda job: confirm_hold(job=job, now=NOW), id="confirm"),
    ],
)
def test_running_job_hears_of_its_cancelling(tell: Callable[[Job], None]) -> None:
    job = _claim(_enqueue())
    cancel_job(job=job, by=SYSTEM, now=NOW)
    with pytest.raises(JobCancelled):
        tell(job)
    stop_cancelled_job(job=job, now=NOW)
    assert _state(job) == JobState.CANCELLED


def test_cancelling_is_in_the_journal() -> None:
    cancel_job(job=_enqueue(), by=SYSTEM, now=NOW)
    assert list(JournalEntry.objects.values_list("action", "object_type", "object_name")) == [
        ("job_cancel", "job", "Загрузка карты")
    ]


def test_finished_job_cannot_be_cancelled() -> None:
    job = _claim(_enqueue())
    finish_job(job=job, result={}, now=NOW)
    with pytest.raises(RuleBroken, match=r"^Работа уже закончилась: отменять нечего\.$"):
        cancel_job(job=job, by=SYSTEM, now=NOW)
    assert JournalEntry.objects.count() == 0


def test_failed_job_may_be_tried_again() -> None:
    job = _claim(_enqueue())
    fail_job(job=job, error="Файл занят.", now=NOW)
    retry_job(job=job, by=SYSTEM, now=LATER)
    again = _claim(job, now=LATER)
    assert (again.attempts, again.error, again.finished_at) == (1, "", None)


def test_done_job_is_not_tried_again() -> None:
    job = _claim(_enqueue())
    finish_job(job=job, result={}, now=NOW)
    with pytest.raises(RuleBroken, match=r"^Повторить можно только то"):
        retry_job(job=job, by=SYSTEM, now=LATER)


def test_sweep_rings_for_what_waits_oldest_first() -> None:
    young = _enqueue("b", now=NOW)
    old = _enqueue("a", now=NOW - LEASE)
    _enqueue("later", now=LATER)
    assert sweep_jobs(now=NOW) == [old.pk, young.pk]


def test_sweep_rings_for_a_bounded_number() -> None:
    for number in range(RUNG_AT_ONCE + 1):
        _enqueue(str(number))
    assert len(sweep_jobs(now=NOW)) == RUNG_AT_ONCE


def test_sweep_leaves_a_live_worker_alone() -> None:
    job = _claim(_enqueue())
    assert sweep_jobs(now=NOW + LEASE) == []
    assert _state(job) == JobState.RUNNING


def test_sweep_gives_back_what_a_dead_worker_held() -> None:
    job = _claim(_enqueue())
    assert sweep_jobs(now=LATER) == [job.pk]
    assert _claim(job, now=LATER).attempts == 2


def test_sweep_carries_out_the_cancelling_a_dead_worker_did_not_hear() -> None:
    job = _claim(_enqueue())
    cancel_job(job=job, by=SYSTEM, now=NOW)
    assert sweep_jobs(now=LATER) == []
    assert _state(job) == JobState.CANCELLED


def test_job_that_keeps_killing_workers_is_given_up() -> None:
    job = _enqueue()
    moment = NOW
    for _ in range(MAX_ATTEMPTS):
        _claim(job, now=moment)
        moment += LEASE + timedelta(seconds=1)
        sweep_jobs(now=moment)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == (
        JobState.FAILED,
        MAX_ATTEMPTS,
        TOO_MANY_ATTEMPTS,
    )


def test_unfinished_leaves_out_final_states() -> None:
    waiting, running, done = _enqueue("w"), _claim(_enqueue("r")), _claim(_enqueue("d"))
    finish_job(job=done, result={}, now=NOW)
    assert set(Job.objects.unfinished()) == {waiting, running}
    assert JobState.DONE in FINAL_STATES


@pytest.mark.parametrize(
    ("name", "nonsense"),
    [
        pytest.param("job_state_known", {"state": "asleep"}, id="unknown state"),
        pytest.param("job_held_only_while_running", {"state": "running"}, id="no holder"),
        pytest.param("job_held_only_while_running", {"token": "a" * 32}, id="held while waiting"),
        pytest.param("job_finished_when_final", {"state": "done"}, id="done at no time"),
        pytest.param("job_finished_when_final", {"finished_at": NOW}, id="waits and is over"),
    ],
)
def test_database_refuses_nonsense(name: str, nonsense: dict) -> None:
    job = _enqueue()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**nonsense)


def test_job_is_called_by_its_title() -> None:
    assert str(_enqueue()) == "Загрузка карты"
