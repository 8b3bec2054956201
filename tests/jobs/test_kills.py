"""Workers killed in the middle of their work: nothing lost, nothing doubled, on both queues."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from profmin.supervisor import Supervisor, portal_programs
from tests.proof.extent import extent
from tests.proof.figures import note

ROOT = Path(__file__).resolve().parents[2]
KILLS = extent().kills
JOBS = KILLS * 10
ENQUEUE = f"from tests.jobs.ledger import enqueue; enqueue({JOBS})"
LIMIT_SECONDS = KILLS * 40


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "tests.jobs.kill_settings",
        "PORTAL_VAR_DIR": str(tmp_path),
        "PORTAL_JOB_LEASE_SECONDS": "3",
        "PORTAL_SWEEP_SECONDS": "1",
        "PYTHONPATH": str(ROOT),
    }


@pytest.mark.usefixtures("kept_signals")
def test_killed_workers_on_the_queue_of_files_lose_and_double_nothing(
    environment: dict[str, str], tmp_path: Path
) -> None:
    def connect() -> sqlite3.Connection:
        return sqlite3.connect(tmp_path / "portal.sqlite3", timeout=20)

    _assert_survives_kills(environment, tmp_path, connect, with_redis=False)


@pytest.mark.usefixtures("kept_signals")
def test_killed_workers_on_redis_and_postgresql_lose_and_double_nothing(
    environment: dict[str, str], tmp_path: Path, postgres_url: str, redis_url: str
) -> None:
    environment |= {"DATABASE_URL": postgres_url, "REDIS_URL": redis_url}
    _assert_survives_kills(
        environment, tmp_path, lambda: psycopg.connect(postgres_url), with_redis=True
    )


def _assert_survives_kills(
    environment: dict[str, str],
    var_dir: Path,
    connect: Callable[[], sqlite3.Connection | psycopg.Connection],
    with_redis: bool,
) -> None:
    _run(environment, "manage.py", "migrate", "--skip-checks", "--verbosity", "0")
    _run(environment, "manage.py", "shell", "--no-imports", "-c", ENQUEUE)
    programs = portal_programs(bind="127.0.0.1:0", with_redis=with_redis)
    events: list[str] = []
    supervisor = Supervisor(
        programs=[program for program in programs if program.name != "web"],
        var_dir=var_dir,
        say=events.append,
        environment=environment,
    )
    killer = _kill_the_busy(var_dir, connect)
    supervisor.start()
    try:
        supervisor.run(ready=lambda: next(killer, True))
    finally:
        supervisor.stop()

    assert _rows(connect, "SELECT state, count(*) FROM jobs_job GROUP BY state") == [("done", JOBS)]
    assert _rows(
        connect,
        "SELECT count(*), count(DISTINCT object_id) FROM journal_journalentry "
        "WHERE action = 'test_effect'",
    ) == [(JOBS, JOBS)]
    assert len(events) >= KILLS  # on a slow machine a stalled worker may end itself too
    [(attempts,)] = _rows(connect, "SELECT sum(attempts) FROM jobs_job")
    assert attempts > JOBS
    queue = "Redis, PostgreSQL" if with_redis else "files, SQLite"
    note(f"kills of workers ({queue}), nothing lost or doubled", KILLS, needed="100 in all")


def _kill_the_busy(
    var_dir: Path, connect: Callable[[], sqlite3.Connection | psycopg.Connection]
) -> Iterator[bool]:
    """Each step answers whether all is over; kills a worker whenever some work is in hand."""
    kills = 0
    deadline = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < deadline:
        states = dict(_rows(connect, "SELECT state, count(*) FROM jobs_job GROUP BY state"))
        if states.get("done", 0) > kills * 5 and states.get("running", 0) and kills < KILLS:
            kills += _kill_worker(var_dir, kills)
        yield kills == KILLS and states == {"done": JOBS}
    raise AssertionError(f"after {LIMIT_SECONDS} s: {states}, {kills} kills")


def _kill_worker(var_dir: Path, turn: int) -> int:
    """Kill one of the workers with all its processes; 0 if it is just being started again."""
    programs = json.loads((var_dir / "supervisor.json").read_text())["programs"]
    workers = [state["pid"] for name, state in programs.items() if name.startswith("worker")]
    pid = workers[turn % len(workers)]
    if pid is None:
        return 0
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    return 1


def _rows(
    connect: Callable[[], sqlite3.Connection | psycopg.Connection], query: str
) -> list[tuple]:
    with contextlib.closing(connect()) as connection:
        return connection.execute(query).fetchall()


def _run(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, check=True)
