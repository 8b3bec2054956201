"""Real servers for the tests: on loopback, on free ports, with data thrown away afterwards.

    python -m tests.servers postgres redis -- COMMAND…

runs COMMAND with `DATABASE_URL` and `REDIS_URL` set and stops what it started, also on failure.
"""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
import redis

START_SECONDS = 30
USER = "postgres"
_libc = ctypes.CDLL(None)


class ServerFailed(Exception):
    """A server did not start; the message ends with its log."""


@contextlib.contextmanager
def postgres_server() -> Iterator[str]:
    """The address (`DATABASE_URL`) of an empty cluster that lives as long as the block."""
    programs = _postgres_programs()
    with _server_folder() as folder:
        owner: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, USER, USER)
            owner = {"user": USER, "group": USER, "extra_groups": []}
        data = folder / "data"
        subprocess.run(
            [
                str(programs / "initdb"),
                *("--pgdata", str(data), "--username", USER, "--auth", "trust"),
                *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            ],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            **owner,
        )
        port = free_port()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": "",
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": "200",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(programs / "postgres"), "-D", str(data), *options]
        # Of the three ways to stop it, SIGINT does not wait for those who are connected.
        with _running(command, folder, stop_signal=signal.SIGINT, **owner) as log:
            address = f"postgresql://{USER}@127.0.0.1:{port}/postgres"
            _wait_for(lambda: psycopg.connect(address, connect_timeout=2).close(), log)
            yield address


@contextlib.contextmanager
def redis_server() -> Iterator[str]:
    """The address (`REDIS_URL`) of an empty server that lives as long as the block."""
    port = free_port()
    with _server_folder() as folder:
        command = [
            *("redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)),
            *("--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"),
        ]
        with _running(command, folder, stop_signal=signal.SIGTERM) as log:

            def ask() -> None:
                with redis.Redis(port=port, socket_timeout=2) as client:
                    client.ping()

            _wait_for(ask, log)
            yield f"redis://127.0.0.1:{port}/0"


SERVERS = {"postgres": ("DATABASE_URL", postgres_server), "redis": ("REDIS_URL", redis_server)}


def free_port() -> int:
    """A port of loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main(arguments: Sequence[str]) -> int:
    """Run a command beside the named servers; its exit code."""
    names, command = split_at(arguments, "--")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.ExitStack() as stack:
        environment = dict(os.environ)
        for name in names:
            variable, server = SERVERS[name]
            environment[variable] = stack.enter_context(server())
        with subprocess.Popen(command, env=environment) as process:
            try:
                return process.wait()
            except KeyboardInterrupt:
                process.send_signal(signal.SIGINT)
                return process.wait()


def split_at(arguments: Sequence[str], mark: str) -> tuple[list[str], list[str]]:
    """What stands before and after `mark`."""
    at = list(arguments).index(mark)
    return list(arguments[:at]), list(arguments[at + 1 :])


def _postgres_programs() -> Path:
    """The folder of the newest PostgreSQL; Debian keeps its programs off the path."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        raise ServerFailed("PostgreSQL is not installed: run `make tools`")
    return Path(on_path).resolve().parent


@contextlib.contextmanager
def _server_folder() -> Iterator[Path]:
    """A folder for a server's data, where another user may reach it."""
    folder = Path(tempfile.mkdtemp(prefix="portal-test-", dir=_reachable_folder()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _reachable_folder() -> Path:
    """`var/` of this copy if everybody may pass through to it, else the system's folder."""
    var_dir = Path(__file__).resolve().parent.parent / "var"
    var_dir.mkdir(exist_ok=True)
    if all(folder.stat().st_mode & 0o001 for folder in [var_dir, *var_dir.parents]):
        return var_dir
    return Path(tempfile.gettempdir())


@contextlib.contextmanager
def _running(
    command: Sequence[str], folder: Path, *, stop_signal: int, **owner: Any
) -> Iterator[Path]:
    """Run a server and end it, it alone, with the block; gives the path of its log."""
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,
            **owner,
        )
    try:
        yield log
    finally:
        process.send_signal(stop_signal)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _die_with_parent() -> None:
    _libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _wait_for(ask: Callable[[], None], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            ask()
        except (psycopg.OperationalError, redis.RedisError, OSError) as error:
            if time.monotonic() > deadline:
                raise ServerFailed(log.read_text(errors="replace")) from error
            time.sleep(0.05)
        else:
            return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
