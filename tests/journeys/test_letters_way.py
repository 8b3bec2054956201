"""Links of letters: an invited person sets a password and works; a forgotten one is set anew."""

import email
import re
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Desk

FIRST, SECOND = "вишнёвый-трамвай-едет-домой", "сиреневый-трамвай-едет-домой"
ADDRESS = "novyi@demo.example"
SECONDS = 20  # the queue sends a letter by itself


def link_of_letter(mail: Path, pattern: str) -> str:
    """The newest link of this look in the letters to the person, waited for."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        for letter in sorted(mail.glob("*"), key=lambda file: file.stat().st_mtime, reverse=True):
            message = email.message_from_bytes(letter.read_bytes())
            words = message.get_payload(decode=True) or b""
            found = re.search(pattern, words.decode(errors="replace"))
            if found and message["To"] == ADDRESS:
                return found[0]
        time.sleep(0.5)
    raise AssertionError(f"No letter with {pattern}")


def set_password(page: Page, password: str) -> None:
    for field in page.locator("input[type=password]").all():
        field.fill(password)
    page.locator("main button[type=submit]").click()


def enter(page: Page, password: str) -> None:
    page.locator("input[name=login]").fill(ADDRESS)
    page.locator("input[name=password]").fill(password)
    page.locator("main button[type=submit]").click()


def test_invited_person_sets_a_password_and_a_forgotten_one_anew(
    desk: Callable[..., Desk],
) -> None:
    coordinator, visitor = desk("municipality"), desk()
    mail = coordinator.portal.var_dir / "mail"

    form = coordinator.open("/people/appoint/")
    form.locator("[name=email]").fill(ADDRESS)
    form.locator("[name=full_name]").fill("Новый Человек Школы")
    form.locator("[name=unit]").select_option(index=3)
    form.locator("[name=role]").select_option("school")
    form.locator("[name=post]").fill("заместитель директора")
    form.locator("[name=rank]").select_option(index=2)
    form.locator("main form button[type=submit]").click()
    expect(form.locator("h1")).to_have_text("Новый Человек Школы")

    page = visitor.page
    page.goto(link_of_letter(mail, r"http\S+/invitations/\S+/"))
    set_password(page, FIRST)
    enter(page, FIRST)
    expect(page.get_by_text("Сейчас важно")).to_be_visible()

    page.context.clear_cookies()
    page.goto(f"{visitor.portal.address}/accounts/password/reset/")
    page.locator("input[type=email]").fill(ADDRESS)
    page.locator("main button[type=submit]").click()
    page.goto(link_of_letter(mail, r"http\S+/password/reset/key/\S+/"))
    set_password(page, SECOND)
    page.goto(f"{visitor.portal.address}/accounts/login/")
    enter(page, SECOND)
    expect(page.get_by_text("Сейчас важно")).to_be_visible()
