"""From a bare machine to a virtual environment with everything in it.

Runs on Debian's own Python, before anything is installed: standard library only.

    python3.11 -m profmin.bootstrap demo     what the demo needs, then `manage.py demo`
    python3.11 -m profmin.bootstrap tools    what the tests need

A second run finds its stamp (the hash of the lock) and installs nothing.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from profmin.lib.progress import ProgressDisplay

ROOT = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("PORTAL_VAR_DIR", ROOT / "var")).resolve()
VENV = ROOT / "var" / "venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
LOG = VAR_DIR / "log" / "setup.log"

PRINT_PACKAGES = (
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz-subset0",
    "fonts-liberation2",  # the metrics of Times, with Cyrillic
)
TEST_PACKAGES = (*PRINT_PACKAGES, "postgresql", "redis-server", "chromium")
DEMO_LATER_STEPS = 5  # of `manage.py demo`, which goes on with this count


class SetupFailed(Exception):
    """What stopped the work and what a person can do about it, in Russian."""


def main(arguments: Sequence[str]) -> int:
    """Carry out `demo` or `tools`; the demo goes on in the new environment's Python."""
    goal = arguments[0] if arguments else ""
    if goal not in {"demo", "tools"}:
        sys.stderr.write("Назовите цель: demo или tools.\n")
        return 2
    LOG.parent.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if goal == "demo":
            return _demo(arguments[1:])
        return _tools()
    except SetupFailed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nОстановлено. Запустите ещё раз: работа продолжится с этого места.\n")
        return 130


def _demo(arguments: Sequence[str]) -> int:
    display = ProgressDisplay(stream=sys.stdout, total=3 + DEMO_LATER_STEPS)
    with display.step("Системные библиотеки и шрифты"):
        warning = _try_packages(PRINT_PACKAGES, display.note)
    _environment(display, "requirements.txt")
    if warning:
        display.say(warning)
    command = [str(PYTHON), "manage.py", "demo", "--steps-done", str(display.done), *arguments]
    os.chdir(ROOT)
    os.execv(PYTHON, command)


def _tools() -> int:
    lock = "requirements-dev.txt"
    if not missing_packages(TEST_PACKAGES) and _has_environment() and _has_lock(lock):
        return 0
    display = ProgressDisplay(stream=sys.stdout, total=3)
    with display.step("Системные библиотеки, шрифты и серверы для проверок"):
        install_packages(TEST_PACKAGES, display.note)
    _environment(display, lock)
    return 0


def _environment(display: ProgressDisplay, lock: str) -> None:
    with display.step("Виртуальное окружение"):
        make_environment()
    with display.step("Библиотеки Python"):
        install_lock(lock, display.note)


# --- Python -----------------------------------------------------------------------------------


def make_environment() -> None:
    """A virtual environment in `var/venv`; one that is broken or was moved is made anew."""
    if _has_environment():
        return
    if importlib.util.find_spec("ensurepip") is None:
        install_packages(("python3.11-venv",), lambda note: None)
    _run_logged(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        failure="Не удалось создать виртуальное окружение.",
    )


def _has_environment() -> bool:
    return PYTHON.exists() and _answers([str(PYTHON), "-m", "pip", "--version"], expected=str(VENV))


def install_lock(lock: str, note: Callable[[str], None]) -> None:
    """Install `lock` with its hashes checked, unless this very lock is installed already."""
    if _has_lock(lock):
        return
    total = len(re.findall(rb"^[A-Za-z0-9].*==", (ROOT / lock).read_bytes(), re.MULTILINE))
    seen = 0

    def count(line: str) -> None:
        nonlocal seen
        if line.startswith("Collecting "):
            seen += 1
            note(f"{seen} из {total}")
        elif line.startswith("Installing "):
            note("раскладываем по местам")

    _run_logged(
        [
            *(str(PYTHON), "-m", "pip", "install", "--require-hashes", "--no-deps"),
            *(
                "--disable-pip-version-check",
                "--no-input",
                "--no-cache-dir",
                "--progress-bar",
                "off",
            ),
            *("-r", str(ROOT / lock)),
        ],
        failure="Не удалось поставить библиотеки Python. Проверьте доступ в интернет и место на диске.",
        on_line=count,
    )
    STAMP.write_text(json.dumps({**_stamps(), lock: _hash(lock)}))


def _has_lock(lock: str) -> bool:
    return _stamps().get(lock) == _hash(lock)


def _hash(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def _stamps() -> dict[str, str]:
    """Lock name → hash of what was installed from it; empty in a new environment."""
    try:
        stamps: dict[str, str] = json.loads(STAMP.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return stamps


# --- Debian -----------------------------------------------------------------------------------


def missing_packages(packages: Sequence[str]) -> list[str]:
    """Those of `packages` that dpkg does not know as installed; all of them without dpkg."""
    if shutil.which("dpkg-query") is None:
        return list(packages)
    answer = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *packages],
        capture_output=True,
        text=True,
        check=False,
    )
    installed = {
        line.split()[0] for line in answer.stdout.splitlines() if line.endswith(" installed")
    }
    return [package for package in packages if package not in installed]


def install_packages(packages: Sequence[str], note: Callable[[str], None]) -> None:
    """Install what is missing through apt.

    Raises `SetupFailed` with the command for a person where apt or the right to it is missing.
    """
    missing = missing_packages(packages)
    if not missing:
        return
    wanted = " ".join(missing)
    advice = f"Поставьте пакеты Debian от имени администратора: apt-get install {wanted}"
    prefix = _root_prefix()
    if shutil.which("apt-get") is None or prefix is None:
        raise SetupFailed(advice)
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    note("обновляем список пакетов")
    _run_logged([*apt, "update"], failure=None)
    note(wanted)
    _run_logged([*apt, "install", "-y", "--no-install-recommends", *missing], failure=advice)


def _try_packages(packages: Sequence[str], note: Callable[[str], None]) -> str:
    """A warning instead of a failure: without these packages only printing to PDF suffers."""
    try:
        install_packages(packages, note)
    except SetupFailed as error:
        return f"Печать в PDF может не работать. {error}"
    return ""


def _root_prefix() -> list[str] | None:
    """What to put before a command to run it as root; None without the right to it."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and _answers(["sudo", "-n", "true"]):
        return ["sudo", "-n"]
    return None


# --- Commands ---------------------------------------------------------------------------------


def _answers(command: Sequence[str], *, expected: str = "") -> bool:
    """Whether `command` ends well and says `expected`."""
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.returncode == 0 and expected in answer.stdout


def _run_logged(
    command: Sequence[str],
    *,
    failure: str | None,
    on_line: Callable[[str], None] = lambda line: None,
) -> None:
    """Run `command` with its output in the log; `failure` None lets it fail."""
    with (
        LOG.open("a", encoding="utf-8") as log,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process,
    ):
        log.write(f"$ {' '.join(command)}\n")
        try:
            for line in process.stdout or ():
                log.write(line)
                on_line(line)
        except BaseException:
            process.terminate()
            raise
    if process.returncode and failure is not None:
        raise SetupFailed(f"{failure} Подробности: {LOG}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
