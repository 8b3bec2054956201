"""Keeps the portal's processes running: each that ends is started again alone.

Knows nothing of Django: it starts commands, watches them and stops them. A child never outlives
the supervisor, not even one killed with SIGKILL, for the kernel then ends the children.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

FIRST_DELAY = 0.5  # seconds before the first restart; doubled by each one that follows soon
LONGEST_DELAY = 30.0
STEADY_SECONDS = 60.0  # who has run for so long begins with the first delay again
STOP_SECONDS = 15.0  # for a request or a job in hand, then SIGKILL
TICK = 0.1
LOG_BYTES = 5 * 1024 * 1024

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Program:
    """A command to be kept running. `name` names its log; `title` is for people."""

    name: str
    title: str
    command: tuple[str, ...]


@dataclass
class Child:
    """A program as it runs now. Times are of the monotonic clock."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    delay: float = FIRST_DELAY
    due: float = 0.0  # when to start it again
    restarts: int = 0


def portal_programs(*, bind: str, with_redis: bool) -> list[Program]:
    """The web server, the workers and the scheduler of the portal.

    Without Redis there are two workers of one process each: there a worker whose child is
    killed would hang for good.
    """
    python = sys.executable
    celery = (python, "-m", "celery", "--app", "profmin.celery", "--skip-checks")
    worker = (
        *(*celery, "worker", "--loglevel", "INFO"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    )
    web = Program(
        "web",
        "Веб-сервер",
        (
            *(python, "-m", "gunicorn", "profmin.wsgi:application", "--bind", bind),
            *("--workers", "2", "--worker-class", "gthread", "--threads", "4"),
            *("--timeout", "60", "--graceful-timeout", "10", "--no-control-socket"),
        ),
    )
    if with_redis:
        pool = (*worker, "--pool", "prefork", "--concurrency", "2", "--hostname", "worker@%h")
        workers = [Program("worker", "Обработчик", pool)]
    else:
        workers = [
            Program(
                f"worker{number}",
                f"Обработчик {number}",
                (*worker, "--pool", "solo", "--hostname", f"worker{number}@%h"),
            )
            for number in (1, 2)
        ]
    # No file with a process number: one left by a killed scheduler would stop the next.
    beat = Program("beat", "Расписание", (*celery, "beat", "--loglevel", "INFO", "--pidfile="))
    return [web, *workers, beat]


class AlreadyRunning(Exception):
    """Another supervisor works in this folder."""


@contextlib.contextmanager
def only_one(var_dir: Path) -> Iterator[None]:
    """Hold the folder for this process; raises `AlreadyRunning` if another holds it."""
    var_dir.mkdir(parents=True, exist_ok=True)
    with (var_dir / "supervisor.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning from None
        yield


@dataclass
class Supervisor:
    """Runs `programs` until it is told to stop.

    `say` gets a Russian line whenever a program ends by itself. The state (process numbers,
    restarts) is kept in `var_dir/supervisor.json`, the output in `var_dir/log/<name>.log`.
    """

    programs: Sequence[Program]
    var_dir: Path
    say: Callable[[str], None]
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    stop_seconds: float = STOP_SECONDS
    _children: list[Child] = field(default_factory=list)
    _signals: int = 0

    def start(self) -> None:
        """Start every program; from here on SIGINT and SIGTERM only ask to stop."""
        for name in ("log", "tmp"):
            (self.var_dir / name).mkdir(parents=True, exist_ok=True)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        self._children = [Child(program) for program in self.programs]
        for child in self._children:
            self._start_child(child)
        self._write_state()

    def run(self, *, ready: Callable[[], bool] | None = None) -> bool:
        """Watch the programs until a signal; with `ready`, only until it answers True.

        Returns whether to go on, False after a signal.
        """
        while not self._signals:
            if ready is not None and ready():
                return True
            self._watch()
            time.sleep(TICK)
        return False

    def stop(self) -> None:
        """End every program: asked first, by force after `stop_seconds` or a second signal."""
        asked = self._signals
        for child in self._children:
            if child.process is not None:
                child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + self.stop_seconds
        while self._running() and time.monotonic() < deadline and self._signals <= max(asked, 1):
            time.sleep(TICK)
        for child in self._children:
            if child.process is not None:
                _end_group(child.process)
                child.process = None
        self._write_state()

    def _running(self) -> bool:
        return any(
            child.process is not None and child.process.poll() is None for child in self._children
        )

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1

    def _watch(self) -> None:
        now = time.monotonic()
        for child in self._children:
            if child.process is not None and child.process.poll() is not None:
                self._note_end(child, now)
            elif child.process is None and child.due <= now:
                child.restarts += 1
                self._start_child(child)
                self._write_state()

    def _note_end(self, child: Child, now: float) -> None:
        """Plan the restart of a program that ended, and sweep away what it left running."""
        process = child.process
        if process is None:
            return
        _end_group(process)
        child.process = None
        if now - child.started >= STEADY_SECONDS:
            child.delay = FIRST_DELAY
        child.due = now + child.delay
        self.say(
            f"{child.program.title}: процесс остановился (код {process.returncode}), "
            f"запускаем снова через {child.delay:g} с. Журнал: {self._log(child.program)}"
        )
        child.delay = min(child.delay * 2, LONGEST_DELAY)
        self._write_state()

    def _start_child(self, child: Child) -> None:
        child.started = time.monotonic()
        with _open_log(self._log(child.program)) as log:
            child.process = subprocess.Popen(
                child.program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # The queue of files moves its messages through the folder of temporary files.
                env={**self.environment, "TMPDIR": str(self.var_dir / "tmp")},
                start_new_session=True,  # Ctrl-C is ours to hand on
                preexec_fn=_die_with(os.getpid()),
            )

    def _log(self, program: Program) -> Path:
        return self.var_dir / "log" / f"{program.name}.log"

    def _write_state(self) -> None:
        state = {
            "supervisor": os.getpid(),
            "programs": {
                child.program.name: {
                    "pid": child.process.pid if child.process else None,
                    "restarts": child.restarts,
                }
                for child in self._children
            },
        }
        path = self.var_dir / "supervisor.json"
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(state))
        draft.replace(path)


def _die_with(parent: int) -> Callable[[], None]:
    """What a child does before it becomes its command: ask to be ended with its parent."""

    def ask() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End by force whatever is left of a program: itself and the processes it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _open_log(path: Path) -> IO[bytes]:
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")
