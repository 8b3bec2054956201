"""Without scripts, by keys alone, on a phone, after a lost session: nothing is lost."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Desk


def first_task(person: Desk) -> Page:
    page = person.open("/")
    page.locator(".task-action").first.click()
    page.wait_for_load_state()
    return page


def test_report_without_scripts(desk: Callable[..., Desk]) -> None:
    desk("school")
    person = desk("school", java_script_enabled=False)

    page = first_task(person)
    page.get_by_label("Что сделано").first.fill("Сделано без скриптов")
    page.get_by_role("button", name="Сохранить").first.click()

    expect(page.get_by_text("Сделано без скриптов").first).to_be_visible()


def test_report_by_keys_alone(desk: Callable[..., Desk]) -> None:
    page = first_task(desk("school"))
    comment = page.get_by_label("Что сделано").first
    comment.focus()

    page.keyboard.type("Набрано клавишами")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == "Сохранить":
            break
    page.keyboard.press("Enter")

    expect(page.get_by_text("Сохранено").first).to_be_visible()


def test_report_on_a_phone(desk: Callable[..., Desk]) -> None:
    page = first_task(desk("school", width=360, height=740))

    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")

    assert not wide
    expect(page.get_by_label("Что сделано").first).to_be_visible()


def test_typed_words_survive_a_reload(desk: Callable[..., Desk]) -> None:
    page = first_task(desk("school"))
    page.get_by_label("Что сделано").first.fill("Ещё не сохранено")
    page.wait_for_timeout(1500)

    page.reload()

    expect(page.get_by_label("Что сделано").first).to_have_value("Ещё не сохранено")
