"""The supervisor on real processes."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from profmin.supervisor import AlreadyRunning, Program, Supervisor, only_one, portal_programs
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
NAMES = ["web", "worker1", "worker2", "beat"]
COUNT_DONE = (
    "from profmin.jobs.models import Job; print(Job.objects.filter(state='done').count(), end='')"
)
ENQUEUE_SILENTLY = """
from django.utils import timezone
from profmin.jobs.services import enqueue_job
from profmin.journal.services import SYSTEM
for key in "абвг":
    enqueue_job(kind="test_ledger", key=key, title=key, payload={}, by=SYSTEM, now=timezone.now())
"""


# --- The portal's own programs ----------------------------------------------------------------


class Portal:
    """A portal under `manage.py supervise`, with a folder and a port of its own."""

    def __init__(self, var_dir: Path) -> None:
        self.var_dir = var_dir
        self.port = free_port()
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.environment = {
            **kept,
            "DJANGO_SETTINGS_MODULE": "tests.jobs.kill_settings",
            "PORTAL_VAR_DIR": str(var_dir),
            "PORTAL_PORT": str(self.port),
            "PORTAL_SWEEP_SECONDS": "1",
            "PYTHONPATH": str(ROOT),
        }

    def manage(self, *arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout

    def start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "manage.py", "supervise", "--bind", f"127.0.0.1:{self.port}"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
        )

    def programs(self) -> dict[str, dict[str, int | None]]:
        try:
            return json.loads((self.var_dir / "supervisor.json").read_text())["programs"]
        except FileNotFoundError:
            return {}

    def pids(self) -> dict[str, int | None]:
        return {name: state["pid"] for name, state in self.programs().items()}

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as answer:
                return answer.status == 200
        except urllib.error.HTTPError as error:
            error.close()
            return False
        except OSError:
            return False


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    portal = Portal(tmp_path_factory.mktemp("portal"))
    portal.manage("migrate", "--verbosity", "0")
    portal.manage("createcachetable")
    return portal


@pytest.fixture
def supervised(portal: Portal) -> Iterator[subprocess.Popen[bytes]]:
    process = portal.start()
    try:
        _wait_until(portal.answers)
        yield process
    finally:
        process.terminate()
        process.wait()


def test_each_killed_process_comes_back_alone(
    portal: Portal, supervised: subprocess.Popen[bytes]
) -> None:
    for name in NAMES:
        before = portal.pids()
        os.kill(before[name], signal.SIGKILL)
        _wait_until(lambda n=name, b=before: portal.pids()[n] not in {None, b[n]})
        others = {key: pid for key, pid in before.items() if key != name}
        assert {key: portal.pids()[key] for key in others} == others
    assert {name: state["restarts"] for name, state in portal.programs().items()} == dict.fromkeys(
        NAMES, 1
    )
    _wait_until(portal.answers)
    # Nobody rings for these: the scheduler must, and the workers must hear it.
    portal.manage("shell", "--no-imports", "-c", ENQUEUE_SILENTLY)
    _wait_until(lambda: portal.manage("shell", "--no-imports", "-c", COUNT_DONE) == "4")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["term", "ctrl-c"])
def test_signal_stops_every_process(
    portal: Portal, supervised: subprocess.Popen[bytes], number: int
) -> None:
    pids = list(portal.pids().values())
    supervised.send_signal(number)
    assert supervised.wait(PATIENCE) == 0
    assert [pid for pid in pids if _lives(pid)] == []
    assert portal.pids() == dict.fromkeys(NAMES)


def test_killed_supervisor_leaves_no_orphans(
    portal: Portal, supervised: subprocess.Popen[bytes]
) -> None:
    pids = list(portal.pids().values())
    supervised.kill()
    supervised.wait()
    _wait_until(lambda: not any(map(_lives, pids)))


def test_second_start_in_the_same_folder_is_refused(
    portal: Portal, supervised: subprocess.Popen[bytes]
) -> None:
    second = subprocess.run(
        [sys.executable, "manage.py", "supervise"],
        cwd=ROOT,
        env=portal.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (second.returncode, second.stderr.splitlines()[-1]) == (
        1,
        "CommandError: Портал из этой папки уже запущен.",
    )


# --- Programs of the tests --------------------------------------------------------------------


@pytest.mark.usefixtures("kept_signals")
def test_ending_program_is_started_with_growing_delay(tmp_path: Path) -> None:
    events: list[str] = []
    program = Program(
        "ends", "Короткая", (sys.executable, "-c", "print('жив'); raise SystemExit(3)")
    )
    supervisor = Supervisor(programs=[program], var_dir=tmp_path, say=events.append)
    supervisor.start()
    supervisor.run(ready=lambda: len(events) == 3)
    supervisor.stop()
    log = tmp_path / "log" / "ends.log"
    assert events == [
        f"Короткая: процесс остановился (код 3), запускаем снова через {delay} с. Журнал: {log}"
        for delay in ("0.5", "1", "2")
    ]
    assert log.read_text() == "жив\n" * 3


@pytest.mark.usefixtures("kept_signals")
def test_deaf_program_is_stopped_by_force(tmp_path: Path) -> None:
    deaf = _script("signal.signal(signal.SIGTERM, signal.SIG_IGN); print('готов', flush=True)")
    supervisor = Supervisor(
        programs=[Program("deaf", "Глухая", deaf)],
        var_dir=tmp_path,
        say=str,
        stop_seconds=0.3,
    )
    supervisor.start()
    supervisor.run(ready=lambda: "готов" in (tmp_path / "log" / "deaf.log").read_text())
    pid = _pids(tmp_path)["deaf"]
    supervisor.stop()
    assert not _lives(pid)


@pytest.mark.usefixtures("kept_signals")
def test_children_of_a_killed_program_end_with_it(tmp_path: Path) -> None:
    parent = _script("print(subprocess.Popen(['sleep', '60']).pid, flush=True)")
    log = tmp_path / "log" / "parent.log"
    supervisor = Supervisor(
        programs=[Program("parent", "Родитель", parent)], var_dir=tmp_path, say=str
    )
    supervisor.start()
    supervisor.run(ready=lambda: log.read_text().endswith("\n"))
    grandchild = int(log.read_text())
    os.kill(_pids(tmp_path)["parent"], signal.SIGKILL)
    supervisor.run(ready=lambda: _pids(tmp_path)["parent"] is None)
    lives = _lives(grandchild)
    supervisor.stop()
    assert not lives


def test_folder_is_held_by_one(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(AlreadyRunning), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


@pytest.mark.parametrize(
    ("with_redis", "names"),
    [
        pytest.param(False, ["web", "worker1", "worker2", "beat"], id="files"),
        pytest.param(True, ["web", "worker", "beat"], id="redis"),
    ],
)
def test_portal_programs_follow_the_queue(with_redis: bool, names: list[str]) -> None:
    programs = portal_programs(bind="127.0.0.1:8000", with_redis=with_redis)
    assert [program.name for program in programs] == names


def _script(line: str) -> tuple[str, ...]:
    return (sys.executable, "-c", f"import signal, subprocess, time; {line}; time.sleep(60)")


def _pids(var_dir: Path) -> dict[str, int]:
    programs = json.loads((var_dir / "supervisor.json").read_text())["programs"]
    return {name: state["pid"] for name, state in programs.items()}


def _lives(pid: int | None) -> bool:
    """Whether the process runs; one that ended and waits to be counted does not."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        stat = Path(f"/proc/{pid}/stat").read_text()
        return stat.rpartition(")")[2].split()[0] != "Z"
    return False


def _wait_until(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)
