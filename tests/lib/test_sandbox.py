"""The child process: what it may do, what it knows, how its failures are told."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from profmin.lib import sandbox
from profmin.lib.errors import RuleBroken
from profmin.lib.sandbox import REQUEST, Reason, SandboxFailed, run_limited

PROBES = "tests.lib.probes:"


def test_run_limited_gives_arguments_and_brings_the_answer_back():
    assert run_limited(f"{PROBES}echo", "Ёлка", 7, None, ["a"]) == ["Ёлка", 7, None, ["a"]]


def test_run_limited_raises_the_rule_a_child_broke():
    with pytest.raises(RuleBroken) as caught:
        run_limited(f"{PROBES}refuse")
    assert caught.value.message == "Так нельзя."


@pytest.mark.parametrize(
    ("probe", "arguments", "limits", "reason"),
    [
        pytest.param("sleep", [30], {"seconds": 0.6}, Reason.TIME, id="sleeping"),
        pytest.param("spin", [], {"seconds": 0.6}, Reason.TIME, id="counting"),
        pytest.param("hoard", [], {}, Reason.MEMORY, id="hoarding"),
        pytest.param("recurse", [], {}, Reason.MEMORY, id="endless recursion"),
        pytest.param("talk", [5_000], {"answer": 9_000}, Reason.ANSWER, id="talking"),
        pytest.param("die", [], {}, Reason.CRASH, id="dying"),
        pytest.param("fail", [], {}, Reason.ERROR, id="failing"),
        pytest.param("nothing", [], {}, Reason.ERROR, id="unknown name"),
    ],
)
def test_run_limited_tells_why_there_is_no_answer(probe, arguments, limits, reason):
    with pytest.raises(SandboxFailed) as caught:
        run_limited(f"{PROBES}{probe}", *arguments, **limits)
    assert caught.value.reason is reason


def test_run_limited_ends_soon_after_its_time():
    begun = time.monotonic()
    with pytest.raises(SandboxFailed):
        run_limited(f"{PROBES}sleep", 30, seconds=0.5)
    assert time.monotonic() - begun < 2


def test_sandbox_failed_names_the_exception_and_not_the_input():
    with pytest.raises(SandboxFailed) as caught:
        run_limited(f"{PROBES}fail")
    assert caught.value.detail == "LookupError"
    assert "own words" not in str(caught.value)


def test_run_limited_takes_no_print_for_an_answer():
    assert run_limited(f"{PROBES}chatter") == "true"


def test_run_limited_lets_the_child_write_no_file(tmp_path):
    path = tmp_path / "out.txt"
    with pytest.raises(SandboxFailed):
        run_limited(f"{PROBES}write", str(path))
    assert path.read_bytes() == b""


def test_run_limited_child_is_light_and_knows_no_portal():
    names = set(run_limited(f"{PROBES}modules"))
    assert names & {"django", "celery", "psycopg", "redis", "pytest", "openpyxl"} == set()


def test_run_limited_child_gets_no_setting(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://portal:secret@db/portal")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    assert set(run_limited(f"{PROBES}environment")) <= {
        "PATH",
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "LD_LIBRARY_PATH",
        "PYTHONPYCACHEPREFIX",
    }


def test_run_limited_child_inherits_no_socket():
    with socket.socket() as connection:
        os.set_inheritable(connection.fileno(), True)
        assert run_limited(f"{PROBES}opened", connection.fileno()) is False


def test_run_limited_kills_what_the_child_started(tmp_path):
    told = tmp_path / "pid"
    code = (
        "from profmin.lib import sandbox\n"
        "sandbox._limit = lambda memory, seconds: None\n"
        "from tests.lib.probes import set_going\n"
        f"set_going({str(told)!r}, 30)\n"
    )
    boot = f"import sys; sys.path.insert(0, sys.argv[1]); exec({code!r})"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("profmin.lib.sandbox._BOOT", boot)
        with pytest.raises(SandboxFailed):
            run_limited("x:y", seconds=1.5)
    assert not is_running(int(told.read_text()))


def is_running(pid: int) -> bool:
    """Whether the process lives (one that ended but was not yet seen off does not)."""
    for _ in range(20):
        stat = Path(f"/proc/{pid}/stat")
        if not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z":
            return False
        time.sleep(0.05)
    return True


def test_run_limited_refuses_data_in_place_of_a_path():
    with pytest.raises(ValueError, match="path"):
        run_limited(f"{PROBES}echo", "x" * REQUEST)


def test_run_limited_works_without_a_terminal_or_open_streams():
    code = (
        "import os, sys; sys.path.insert(0, os.getcwd()); os.close(0);"
        "from profmin.lib.sandbox import run_limited;"
        f"assert run_limited('{PROBES}echo', 1) == [1]"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("probe", "said"),
    [
        pytest.param("echo", '["answer", ["Ё"]]', id="answer"),
        pytest.param("refuse", '["refused", "Так нельзя."]', id="refused"),
        pytest.param("fail", '["error", "LookupError"]', id="error"),
        pytest.param("recurse", '["memory", "RecursionError"]', id="depth"),
    ],
)
def test_answer_puts_every_outcome_into_words(probe, said):
    arguments = ["Ё"] if probe == "echo" else []
    assert sandbox._answer(f"{PROBES}{probe}", arguments).decode() == said


def test_run_limited_starts_in_a_moment():
    begun = time.monotonic()
    run_limited(f"{PROBES}echo")
    assert time.monotonic() - begun < 1
