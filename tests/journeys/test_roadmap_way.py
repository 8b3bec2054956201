"""The main way: a Word document is loaded, reviewed and published; a school reports; the unit
above sees it at once, returns it, and confirms it."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from docx import Document as Word
from playwright.sync_api import Page, expect

from profmin.lib.periods import AcademicYear
from tests.journeys.conftest import Desk

TODAY = date.today()  # noqa: DTZ011  the portal runs on this machine
YEAR = AcademicYear.of(TODAY + timedelta(days=92))
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff"
    b"\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


def write_plan(path: Path, title: str) -> None:
    """A small plan in the manner of a municipality's."""
    word = Word()
    word.add_paragraph(f"{title} на {YEAR.first}-{YEAR.first + 1} учебный год")
    rows = [
        ("№", "Мероприятие", "Срок", "Ответственный"),
        (
            "1",
            "Неделя профессий в школах",
            f"до {TODAY + timedelta(days=20):%d.%m.%Y}",
            "Руководители ОО",
        ),
        ("2", "Встреча с мастерами", "когда договоримся", "Руководители ОО"),
        ("3", "Итоги недели", f"{TODAY + timedelta(days=30):%d.%m.%Y}", "Управление образования"),
    ]
    table = word.add_table(rows=0, cols=4)
    for row in rows:
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
    word.save(str(path))


def publish(coordinator: Desk, document: Path) -> None:
    page = coordinator.open("/imports/new/")
    page.set_input_files("input[type=file]", document)
    page.get_by_role("button", name="Прочитать документ").click()
    expect(page.get_by_role("heading", name="Как написано в документе")).to_be_visible(
        timeout=60_000
    )
    answer_questions(page)
    page.get_by_role("button", name="Опубликовать").click()
    expect(page.get_by_role("link", name="Открыть дорожную карту")).to_be_visible(timeout=60_000)


def answer_questions(page: Page) -> None:
    """Every question by keys alone: J leads to it, Enter accepts the reading."""
    for _ in range(10):
        left = page.locator("li[data-question]").count()
        if not left:
            return
        if page.locator("[data-accept]").count():
            with page.expect_navigation():
                page.keyboard.press("Enter")
        elif page.locator("[data-question-link]").count():
            with page.expect_navigation():
                page.keyboard.press("j")
        else:
            page.get_by_role("button", name="Учтено").first.click()
        page.wait_for_load_state()
    raise AssertionError("questions are left")


@pytest.fixture
def plan(documents: Path) -> Path:
    path = documents / "план.docx"
    write_plan(path, "План недели профессий")
    return path


def test_document_becomes_work_and_work_is_seen_above(
    desk: Callable[..., Desk], plan: Path, documents: Path
) -> None:
    coordinator, school = desk("municipality"), desk("school")
    publish(coordinator, plan)
    coordinator.page.get_by_role("link", name="Открыть дорожную карту").click()
    roadmap = coordinator.page.url

    page = school.open("/")
    page.get_by_role("link", name="Неделя профессий в школах").first.click()
    page.get_by_label("Что сделано").fill("Провели неделю, 120 учеников")
    page.get_by_role("button", name="Выполнено").click()
    expect(page.get_by_role("button", name="Отменить отметку")).to_be_visible()
    mine = page.url

    page = coordinator.page
    page.goto(mine)
    page.get_by_text("Вернуть на доработку…").click()
    page.get_by_label("Причина").fill("Приложите фотографию")
    page.get_by_role("button", name="Вернуть на доработку").click()
    expect(page.get_by_text("Возвращено на доработку").first).to_be_visible()

    page = school.open("/")
    expect(page.get_by_text("Приложите фотографию")).to_be_visible()
    page.goto(mine)
    proof = documents / "фото.png"
    proof.write_bytes(PNG)
    page.get_by_label("Файлы").set_input_files(proof)
    page.get_by_role("button", name="Выполнено").click()
    expect(page.get_by_role("link", name="фото.png")).to_be_visible()

    page = coordinator.page
    page.goto(mine)
    with page.expect_download() as download:
        page.get_by_role("link", name="фото.png").first.click()
    assert Path(download.value.path()).read_bytes() == PNG
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_text("Подтверждено").first).to_be_visible()
    page.goto(roadmap)
    expect(page.get_by_text("Неделя профессий в школах").first).to_be_visible()
    assert coordinator.faults + school.faults == []
