"""The display of many steps."""

import io
import re

import pytest

from profmin.lib.progress import ProgressDisplay


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _clock():
    moments = iter(range(0, 1000, 3))
    return lambda: float(next(moments))


def test_without_a_terminal_steps_are_plain_lines() -> None:
    stream = io.StringIO()
    display = ProgressDisplay(stream=stream, total=3, done=1, clock=_clock())
    with display.step("Таблицы"):
        display.note("3 из 7")
    display.say("Порт занят.")
    assert stream.getvalue() == ("[2/3] Таблицы…\n[2/3] Таблицы: готово за 3 с\nПорт занят.\n")


def test_on_a_terminal_the_running_step_is_one_line() -> None:
    stream = Terminal()
    display = ProgressDisplay(stream=stream, total=2, clock=_clock())
    with display.step("Таблицы"):
        display.note("3 из 7")
    seen = [part for part in re.split(r"\r\x1b\[2K|\n", stream.getvalue()) if part]
    bar = "[" + "░" * 20 + "]"
    assert seen == [f"{bar} 1/2 Таблицы", f"{bar} 1/2 Таблицы: 3 из 7", "✓ Таблицы — 3 с"]


def test_on_a_terminal_a_lasting_line_keeps_the_bar_below_it() -> None:
    stream = Terminal()
    display = ProgressDisplay(stream=stream, total=2, done=1, clock=_clock())
    with display.step("Запуск"):
        display.say("Порт занят.")
        tail = stream.getvalue().rsplit("\n", 1)[1]
    assert tail == "\r\x1b[2K[" + "█" * 10 + "░" * 10 + "] 2/2 Запуск"


def test_failed_step_is_not_counted() -> None:
    stream = io.StringIO()
    display = ProgressDisplay(stream=stream, total=2, clock=_clock())
    with pytest.raises(ValueError, match="нет"), display.step("Таблицы"):
        raise ValueError("нет")
    assert (display.done, stream.getvalue()) == (0, "[1/2] Таблицы…\n✗ Таблицы\n")


def test_signs_the_terminal_cannot_show_are_replaced() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", errors="strict")
    ProgressDisplay(stream=stream, total=1).say("Да → yes")
    assert raw.getvalue() == b"?? ? yes\n"
