"""Work on hostile input in a short-lived child process with hard limits.

The child is a fresh interpreter: it inherits no connection, no socket, no setting and no
environment but the paths of the system; it is given a name to call and plain arguments, and
answers with JSON (never pickle: what hostile input has taken over must not run here).
"""

import contextlib
import json
import math
import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from profmin.lib.errors import RuleBroken

MEMORY = 1024**3  # bytes of address space
SECONDS = 20.0  # of processor and of wall clock
ANSWER = 32 * 1024**2  # bytes of JSON
REQUEST = 60_000  # bytes; fits into a pipe at once

_ROOT = Path(__file__).resolve().parents[2]
_BOOT = (
    "import sys; sys.path.insert(0, sys.argv[1]); from profmin.lib.sandbox import serve; serve()"
)
_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONPYCACHEPREFIX")


class Reason(StrEnum):
    """Why a child gave no answer."""

    TIME = "time"
    MEMORY = "memory"
    ANSWER = "answer"  # larger than allowed
    CRASH = "crash"  # died without a word: a signal, mostly of the memory limit
    ERROR = "error"  # an exception of the code or a library on this input


class SandboxFailed(Exception):
    """The child gave no answer. `detail` names an exception's class, never the input."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail


def run_limited(
    target: str,
    *arguments: object,
    memory: int = MEMORY,
    seconds: float = SECONDS,
    answer: int = ANSWER,
) -> Any:
    """What `target` ("package.module:function") answers to `arguments`, computed in a child.

    Arguments and answer are what JSON can carry. `memory` is the child's address space in
    bytes, `seconds` its limit of processor and of wall clock, `answer` the largest answer in
    bytes. A `RuleBroken` of the child is raised again; everything else is `SandboxFailed`.
    """
    request = json.dumps(
        {"target": target, "arguments": arguments, "memory": memory, "seconds": seconds}
    ).encode()
    if len(request) > REQUEST:
        raise ValueError("give the child a path, not the data")
    deadline = time.monotonic() + seconds
    with _child() as process:
        try:
            _send(process, request)
            said = _receive(process, deadline, answer)
            code = process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired as error:
            raise SandboxFailed(Reason.TIME) from error
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
    return _heard(said, code)


def _child() -> subprocess.Popen[bytes]:
    """A fresh interpreter, leader of its own process group, with nothing inherited."""
    return subprocess.Popen(  # noqa: S603 - no shell, every word is ours
        [sys.executable, "-I", "-B", "-X", "utf8", "-c", _BOOT, str(_ROOT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in _KEPT if name in os.environ},
        cwd="/",
        start_new_session=True,
    )


def _send(process: subprocess.Popen[bytes], request: bytes) -> None:
    with contextlib.suppress(BrokenPipeError):
        _pipe(process.stdin).write(request)
        _pipe(process.stdin).close()


def _receive(process: subprocess.Popen[bytes], deadline: float, limit: int) -> bytes:
    """All that the child writes, up to its end."""
    pipe = _pipe(process.stdout)
    said = bytearray()
    with selectors.DefaultSelector() as waiting:
        waiting.register(pipe, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not waiting.select(left):
                raise SandboxFailed(Reason.TIME)
            piece = os.read(pipe.fileno(), 1 << 16)
            if not piece:
                return bytes(said)
            said += piece
            if len(said) > limit:
                raise SandboxFailed(Reason.ANSWER)


def _heard(said: bytes, code: int) -> Any:
    if -code == signal.SIGXCPU or -code == signal.SIGALRM:
        raise SandboxFailed(Reason.TIME)
    try:
        kind, value = json.loads(said)
    except ValueError as error:
        raise SandboxFailed(Reason.CRASH, f"exit {code}") from error
    if kind == "answer":
        return value
    if kind == "refused":
        raise RuleBroken(str(value))
    raise SandboxFailed(Reason(kind), str(value))


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:  # never: both are asked for
        raise SandboxFailed(Reason.CRASH, "no pipe")
    return pipe


def serve() -> None:
    """The child: read one request, limit itself, answer, end."""
    request = json.load(sys.stdin)
    speaker = os.dup(1)
    os.dup2(2, 1)  # what a library prints is no answer
    _limit(request["memory"], math.ceil(request["seconds"]))
    said = _answer(request["target"], request["arguments"])
    with os.fdopen(speaker, "wb") as pipe:
        pipe.write(said)


def _limit(memory: int, seconds: int) -> None:
    for kind, amount in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        ceiling = resource.getrlimit(kind)[1]
        amount = amount if ceiling == resource.RLIM_INFINITY else min(amount, ceiling)
        more = amount + (kind == resource.RLIMIT_CPU and amount != ceiling)  # a signal first
        resource.setrlimit(kind, (amount, more))
    signal.alarm(seconds + 1)  # should the parent be gone


def _answer(target: str, arguments: list[Any]) -> bytes:
    """JSON `[kind, value]`; kind is "answer", "refused" or a `Reason`."""
    module, _, function = target.partition(":")
    said: tuple[str, Any]
    try:
        said = ("answer", getattr(import_module(module), function)(*arguments))
    except RuleBroken as refusal:
        said = ("refused", refusal.message)
    except (MemoryError, RecursionError) as error:
        said = (Reason.MEMORY, type(error).__name__)
    except Exception as error:  # noqa: BLE001 - the edge of the process: nothing else hears it
        said = (Reason.ERROR, type(error).__name__)
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")
