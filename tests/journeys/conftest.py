"""One portal and one browser for all journeys."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from tests.journeys.portal import Account, Portal, running_portal

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-quic"]


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with running_portal(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


def code_of(secret: str) -> str:
    """The one-time code of this moment."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def sign_in(page: Page, portal: Portal, account: Account) -> None:
    page.goto(f"{portal.address}/accounts/login/")
    page.get_by_label("Почта").or_(page.locator("input[name=login]")).first.fill(account.email)
    page.locator("input[name=password]").fill(account.password)
    page.locator("main button[type=submit], form button[type=submit]").first.click()
    page.wait_for_load_state()
    if account.totp_secret:
        page.locator("input[name=code]").fill(code_of(account.totp_secret))
        page.locator("form button[type=submit]").first.click()
        page.wait_for_load_state()


class Desk:
    """A person at a browser: signed in, with every fault of the page noted."""

    def __init__(self, page: Page, portal: Portal) -> None:
        self.page, self.portal = page, portal
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on(
            "console",
            lambda message: self.faults.append(message.text) if message.type == "error" else None,
        )

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.portal.address}{path}")
        return self.page


@pytest.fixture(scope="session")
def kept_sessions() -> dict[str, StorageState]:
    """Who is signed in already: a one-time code works once."""
    return {}


@pytest.fixture
def desk(
    portal: Portal, browser: Browser, kept_sessions: dict[str, StorageState]
) -> Iterator[Callable[..., Desk]]:
    """`desk("school")` is the person of that role, signed in; `width`, `height` of the window and
    options of a browser context may be given."""
    opened = []

    def seat(role: str = "", *, width: int = 1366, height: int = 800, **options: object) -> Desk:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="ru-RU",
            storage_state=kept_sessions.get(role),
            **options,
        )
        context.set_default_timeout(15_000)
        opened.append(context)
        person = Desk(context.new_page(), portal)
        if role and role not in kept_sessions:
            sign_in(person.page, portal, portal.accounts[role])
            kept_sessions[role] = context.storage_state()
        return person

    yield seat
    for context in opened:
        context.close()


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A folder for documents a journey writes."""
    return tmp_path
