"""The demo: a ready portal on this machine, with people and data, at one command."""

import hashlib
import json
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Callable
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from profmin.lib.progress import ProgressDisplay
from profmin.management.demo.load import load_demo
from profmin.supervisor import AlreadyRunning, Supervisor, only_one, portal_programs

PORTS_TRIED = 20
ANSWER_SECONDS = 2
START_SECONDS = 60

# A step is given the function that notes how far it is; it may raise CommandError.
Step = tuple[str, Callable[[Callable[[str], None]], None]]


def create_tables(note: Callable[[str], None]) -> None:
    """Tables of the data and of the shared cache."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def collect_static(note: Callable[[str], None]) -> None:
    """Styles and scripts with their hashed names; again only when one of them changed."""
    stamp = settings.VAR_DIR / "static.stamp"
    now = _static_state()
    if stamp.exists() and stamp.read_text() == now and settings.STATIC_ROOT.exists():
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now)


def _static_state() -> str:
    """A digest of our own static files and of the locked packages which bring theirs."""
    own = sorted(path for path in (settings.BASE_DIR / "static").rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in [settings.BASE_DIR / "requirements.txt", *own]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def load_region(note: Callable[[str], None]) -> None:
    """The demo region with people and half a year behind them; once."""
    load_demo(today=timezone.localdate(), note=note)


STEPS: list[Step] = [
    ("Таблицы базы данных", create_tables),
    ("Показательный регион", load_region),
    ("Оформление страниц", collect_static),
]
OWN_STEPS = 2  # after the listed ones: the check of printing and the start


class Command(BaseCommand):
    help = "Готовит показательный портал и запускает его на этой машине; Ctrl-C останавливает."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--steps-done", type=int, default=0, help="сколько шагов сделано до этой команды"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IS_DEMO:
            raise CommandError(
                "Показ не запускается на настоящем портале: уберите PORTAL_BASE_URL из окружения."
            )
        done = options["steps_done"]
        display = ProgressDisplay(stream=sys.stdout, total=done + len(STEPS) + OWN_STEPS, done=done)
        try:
            with only_one(settings.VAR_DIR):
                _prepare(display)
                _serve(display)
        except AlreadyRunning:
            raise CommandError(f"Портал уже запущен: {_running_address()}") from None
        except KeyboardInterrupt:
            display.say("Остановлено. Запустите ещё раз: сделанное не пропало.")


def _prepare(display: ProgressDisplay) -> None:
    (settings.VAR_DIR / "log").mkdir(exist_ok=True)
    for title, work in STEPS:
        with display.step(title):
            work(display.note)
    with display.step("Проверка печати"):
        can_print = _can_print()
    if not can_print:
        display.say("Печать в PDF не работает: поставьте библиотеки Pango и шрифты Liberation.")


def _serve(display: ProgressDisplay) -> None:
    port = _free_port(settings.DEMO_PORT)
    if port != settings.DEMO_PORT:
        display.say(f"Порт {settings.DEMO_PORT} занят, берём {port}.")
    address = f"http://127.0.0.1:{port}"
    supervisor = Supervisor(
        programs=portal_programs(bind=f"127.0.0.1:{port}", with_redis=bool(settings.REDIS_URL)),
        var_dir=settings.VAR_DIR,
        say=display.say,
        environment={**os.environ, "PORTAL_PORT": str(port)},
    )
    supervisor.start()
    _address_file().write_text(address)
    deadline = time.monotonic() + START_SECONDS
    with display.step("Запуск"):
        goes_on = supervisor.run(ready=lambda: _answers(address) or time.monotonic() > deadline)
        if goes_on and not _answers(address):
            supervisor.stop()
            raise CommandError(
                f"Портал не ответил за {START_SECONDS} с. "
                f"Причина в журнале: {settings.VAR_DIR / 'log' / 'web.log'}"
            )
    if goes_on:
        for line in [f"Портал работает: {address}", *_account_lines(), "Остановить: Ctrl-C."]:
            display.say(line)
        supervisor.run()
    display.say("Останавливаем…")
    supervisor.stop()
    display.say("Портал остановлен. Данные сохранены.")


def _free_port(first: int) -> int:
    for port in range(first, first + PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise CommandError(
        f"Порты {first}–{first + PORTS_TRIED - 1} заняты. Назовите свободный: PORTAL_PORT=9000 make demo"
    )


def _answers(address: str) -> bool:
    """Whether the web server gives the sign-in page."""
    try:
        with urllib.request.urlopen(address, timeout=ANSWER_SECONDS):  # noqa: S310 - our own address
            return True
    except urllib.error.HTTPError as error:
        with error:
            return error.code < 500
    except OSError:
        return False


def _can_print() -> bool:
    """Whether PDF comes out with Cyrillic letters; tried in a child, for it takes much memory.

    What the libraries complain of goes to the log.
    """
    child = get_context("fork").Process(target=_print_sample)
    child.start()
    child.join()
    return child.exitcode == 0


def _print_sample() -> None:
    with (settings.VAR_DIR / "log" / "setup.log").open("ab") as log:
        for stream in (1, 2):
            os.dup2(log.fileno(), stream)
    import pdfplumber  # noqa: PLC0415 - heavy, only for the child
    from weasyprint import HTML  # noqa: PLC0415 - needs libraries that may be missing

    sample = "Щёголев, приказ № 7"
    pdf = HTML(string=f'<p style="font-family: Liberation Serif">{sample}</p>').write_pdf()
    with pdfplumber.open(BytesIO(pdf or b"")) as document:
        page = document.pages[0]
        fonts = {sign["fontname"] for sign in page.chars}
        if sample not in (page.extract_text() or "") or not any("Liberation" in f for f in fonts):
            raise SystemExit(1)


def _account_lines() -> list[str]:
    """One line per role: role, e-mail, password, and the secret of the second factor if any."""
    path = settings.VAR_DIR / "demo_accounts.json"
    if not path.exists():
        return []
    accounts = json.loads(path.read_text())
    widths = [max(len(a[key]) for a in accounts) for key in ("role", "email", "password")]
    lines = []
    for account in accounts:
        cells = (account["role"], account["email"], account["password"])
        line = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        secret = account.get("totp_secret")
        lines.append(f"{line}  секрет TOTP: {secret}" if secret else line.rstrip())
    return lines


def _address_file() -> Path:
    return Path(settings.VAR_DIR / "address")


def _running_address() -> str:
    try:
        return _address_file().read_text()
    except FileNotFoundError:
        return "адрес появится, когда он ответит"
