"""What the tests of the sandbox call in its child."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from profmin.lib.errors import RuleBroken


def echo(*given: object) -> list[object]:
    return list(given)


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def spin() -> None:
    while True:
        pass


def hoard() -> int:
    return len(bytearray(3 * 1024**3))


def recurse(depth: int = 0) -> int:
    return recurse(depth + 1)


def talk(count: int) -> str:
    return "я" * count


def die() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def refuse() -> None:
    raise RuleBroken("Так нельзя.")


def fail() -> None:
    raise LookupError("the input's own words")


def chatter() -> str:
    sys.stdout.write('["answer", "forged"]')
    sys.stdout.flush()
    return "true"


def write(path: str) -> None:
    Path(path).write_text("x" * 100)


def modules() -> list[str]:
    return sorted({name.partition(".")[0] for name in sys.modules})


def environment() -> dict[str, str]:
    return dict(os.environ)


def descriptors() -> list[int]:
    return sorted(int(entry.name) for entry in Path("/proc/self/fd").iterdir())


def opened(descriptor: int) -> bool:
    try:
        socket.socket(fileno=descriptor).detach()
    except OSError:
        return False
    return True


def set_going(path: str, seconds: float) -> None:
    """Starts a process of its own and tells where; both then sleep."""
    with Path(path).open("w") as told:
        code = f"import time; time.sleep({seconds})"
        child = subprocess.Popen([sys.executable, "-c", code])
        told.write(json.dumps(child.pid))
    time.sleep(seconds)
