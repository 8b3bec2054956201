"""One display for work of many steps: a bar on a terminal, plain lines elsewhere.

Needs nothing but the standard library: the first steps run before anything is installed.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

BAR = 20  # signs
CLEAR = "\r\x1b[2K"


class ProgressDisplay:
    """Steps `done + 1` … `total`, one after another, written to `stream`.

    On a terminal the running step is one line drawn anew, and what is finished stays above it.
    Elsewhere each step is a plain line when it starts and one when it ends; its notes are left out.
    """

    def __init__(
        self,
        *,
        stream: TextIO,
        total: int,
        done: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.total = total
        self.done = done
        self._stream = stream
        self._clock = clock
        self._is_terminal = stream.isatty()
        self._title = ""

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Show `title` while the block runs; a block that raises leaves the step unfinished."""
        self._title = title
        began = self._clock()
        if not self._is_terminal:
            self._write(f"[{self.done + 1}/{self.total}] {title}…\n")
        self.note("")
        try:
            yield
        except BaseException:
            self._title = ""
            self.say(f"✗ {title}")
            raise
        self.done += 1
        self._title = ""
        seconds = self._clock() - began
        if self._is_terminal:
            self.say(f"✓ {title} — {seconds:.0f} с")
        else:
            self._write(f"[{self.done}/{self.total}] {title}: готово за {seconds:.0f} с\n")

    def note(self, text: str) -> None:
        """Say how far the running step is; seen on a terminal only."""
        if not self._is_terminal or not self._title:
            return
        filled = BAR * self.done // max(self.total, 1)
        line = f"[{'█' * filled}{'░' * (BAR - filled)}] {self.done + 1}/{self.total} {self._title}"
        if text:
            line = f"{line}: {text}"
        width = shutil.get_terminal_size().columns - 1
        self._write(CLEAR + line[:width])

    def say(self, line: str) -> None:
        """Write a line that stays; the bar, if any, goes on below it."""
        self._write(f"{CLEAR if self._is_terminal else ''}{line}\n")
        self.note("")

    def _write(self, text: str) -> None:
        encoding = self._stream.encoding or "utf-8"
        self._stream.write(text.encode(encoding, "replace").decode(encoding))
        self._stream.flush()
