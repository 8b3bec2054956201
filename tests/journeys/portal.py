"""A running portal of the tests: `manage.py demo` in a folder of its own, on a free port."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 300
STOP_SECONDS = 30


@dataclass(frozen=True)
class Account:
    role: str
    email: str
    password: str
    totp_secret: str = ""


@dataclass(frozen=True)
class Portal:
    address: str
    var_dir: Path
    accounts: dict[str, Account]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running_portal(var_dir: Path) -> Iterator[Portal]:
    """Starts the demo and waits until it answers; ends only what it started."""
    port = free_port()
    environment = os.environ | {"PORTAL_VAR_DIR": str(var_dir), "PORTAL_PORT": str(port)}
    for name in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    log = var_dir / "start.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(process, log)
        accounts = json.loads((var_dir / "demo_accounts.json").read_text())
        yield Portal(
            f"http://127.0.0.1:{port}",
            var_dir,
            {
                account["code"]: Account(
                    account["code"],
                    account["email"],
                    account["password"],
                    account.get("totp_secret") or "",
                )
                for account in accounts
            },
        )
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while "Портал работает" not in log.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The demo did not start:\n{log.read_text()}")
        time.sleep(0.5)
