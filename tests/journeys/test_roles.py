"""Every role signs in and finds its main job on its first page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Desk


@pytest.mark.parametrize(
    ("role", "words"),
    [
        pytest.param("ministry", "Загрузить дорожную карту", id="ministry"),
        pytest.param("operator", "Дорожные карты", id="operator"),
        pytest.param("municipality", "Кто опаздывает", id="municipality"),
        pytest.param("school", "Сейчас важно", id="school"),
        pytest.param("assistant", "Сейчас важно", id="assistant"),
        pytest.param("partner", "Сейчас важно", id="partner"),
        pytest.param("observer", "Дорожные карты", id="observer"),
        pytest.param("administrator", "Загрузить реестр", id="administrator"),
    ],
)
def test_role_finds_its_main_job_at_home(desk: Callable[..., Desk], role: str, words: str) -> None:
    person = desk(role)

    page = person.open("/")

    expect(page.get_by_text(words).first).to_be_visible()
    assert person.faults == []


def test_assistant_saves_and_cannot_mark_done(desk: Callable[..., Desk]) -> None:
    assistant = desk("assistant")

    page = assistant.open("/")
    page.locator(".task-action").first.click()

    expect(page.get_by_role("button", name="Сохранить").first).to_be_visible()
    expect(page.get_by_role("button", name="Выполнено")).to_have_count(0)


def test_observer_reads_and_has_nothing_to_press(desk: Callable[..., Desk]) -> None:
    observer = desk("observer")

    page = observer.open("/")
    page.locator("main a[href^='/roadmaps/']").first.click()
    page.locator("main a[href^='/items/']").first.click()

    expect(page.locator("main form[method=post]")).to_have_count(0)


def test_partner_sees_only_what_names_it(desk: Callable[..., Desk]) -> None:
    partner, ministry = desk("partner"), desk("ministry")

    def items(person: Desk) -> int:
        page = person.open("/roadmaps/")
        first = page.locator("main a[href^='/roadmaps/']").first.get_attribute("href") or ""
        return person.open(first).locator("main a[href^='/items/']").count()

    assert 0 < items(partner) < items(ministry)


def test_administrator_moves_and_merges_and_last_year_stays(desk: Callable[..., Desk]) -> None:
    ministry, administrator = desk("ministry"), desk("administrator")
    page = ministry.open("/roadmaps/")
    over = page.locator("main a[href^='/roadmaps/']").last.get_attribute("href") or ""
    before = ministry.open(f"{over}?view=units").locator("main").inner_html()

    page = administrator.open("/units/?kind=school")
    school = page.locator("tbody a[href^='/units/']").first.get_attribute("href") or ""
    page = administrator.open(f"{school}move/")
    page.get_by_label("Новая вышестоящая организация").select_option(index=2)
    page.get_by_role("button", name="Перевести").click()
    expect(page.locator("main")).to_contain_text("История")

    page = administrator.open(f"{school}merge/")
    page.get_by_label("К какой организации присоединяют").select_option(index=3)
    page.get_by_role("button", name="Присоединить").click()
    page.wait_for_load_state()

    assert ministry.open(f"{over}?view=units").locator("main").inner_html() == before
