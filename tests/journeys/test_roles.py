"""Every role signs in, does its main job, and the unit above (or below) sees it at once."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Desk
from tests.journeys.test_roadmap_way import TODAY, publish, write_plan

REPORTED_FOR = "отчитался региональный оператор"
HEAD = "Код;Наименование;Муниципалитет;Вид;Вышестоящее"


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


def test_ministry_publishes_and_the_municipality_and_the_school_see_it(
    desk: Callable[..., Desk], documents: Path
) -> None:
    ministry, municipality, school = desk("ministry"), desk("municipality"), desk("school")
    document = documents / "план министерства.docx"
    write_plan(document, "План недели ремёсел")

    publish(ministry, document)

    page = municipality.open("/roadmaps/")
    page.get_by_role("link", name="План недели ремёсел").first.click()
    expect(page.get_by_role("link", name="Неделя профессий в школах").first).to_be_visible()
    page = school.open("/roadmaps/")
    page.get_by_role("link", name="План недели ремёсел").first.click()
    expect(page.get_by_role("link", name="Неделя профессий в школах").first).to_be_visible()
    assert ministry.faults + municipality.faults + school.faults == []


def test_operator_reports_for_a_partner_without_a_person_and_the_ministry_sees_who(
    desk: Callable[..., Desk],
) -> None:
    operator, ministry = desk("operator"), desk("ministry")
    page = operator.open("/units/?kind=partner&people=none")
    page.locator("tbody a[href^='/units/']").first.click()
    task = page.locator("main tr").filter(has_text="не начато")
    task.locator("a[href^='/assignments/']").first.click()
    expect(page.get_by_text(f"Отчёт будет отмечен: «{REPORTED_FOR}»")).to_be_visible()
    report(page, "Площадка форума согласована")

    seen = ministry.open(path_of(page))

    expect(seen.get_by_text("Площадка форума согласована").first).to_be_visible()
    expect(seen.get_by_text(REPORTED_FOR).first).to_be_visible()
    assert operator.faults + ministry.faults == []


def test_partner_reports_its_own_due_and_the_ministry_sees_it(desk: Callable[..., Desk]) -> None:
    partner, ministry = desk("partner"), desk("ministry")
    page = partner.open("/")
    page.locator(".task-action").first.click()
    report(page, "Смена прошла в двух мастерских")

    seen = ministry.open(path_of(page))

    expect(seen.get_by_text("Смена прошла в двух мастерских").first).to_be_visible()
    expect(seen.get_by_text(REPORTED_FOR)).to_have_count(0)
    assert partner.faults + ministry.faults == []


def test_assistant_prepares_the_school_marks_done_the_municipality_confirms(
    desk: Callable[..., Desk],
) -> None:
    assistant, school, municipality = desk("assistant"), desk("school"), desk("municipality")
    page = assistant.open("/")
    page.locator(".task-action").last.click()
    page.get_by_label("Что сделано").first.fill("Занятия проведены, собраны отзывы")
    expect(page.get_by_role("button", name="Выполнено")).to_have_count(0)
    page.get_by_role("button", name="Сохранить").first.click()
    expect(page.get_by_text("Сохранено.")).to_be_visible()
    mine = path_of(page)

    page = school.open(mine)
    expect(page.get_by_label("Что сделано").first).to_have_value(
        "Занятия проведены, собраны отзывы"
    )
    page.get_by_role("button", name="Выполнено").first.click()
    expect(page.get_by_role("button", name="Отменить отметку").first).to_be_visible()

    page = municipality.open(mine)
    expect(page.get_by_text("Занятия проведены, собраны отзывы").first).to_be_visible()
    page.get_by_role("button", name="Подтвердить").first.click()
    expect(page.get_by_text("Подтверждено").first).to_be_visible()
    assert assistant.faults + school.faults + municipality.faults == []


def test_municipality_appoints_a_substitute_and_the_ministry_sees_it(
    desk: Callable[..., Desk],
) -> None:
    municipality, ministry = desk("municipality"), desk("ministry")
    page = municipality.open("/people/?role=school&state=current")
    page.locator("tbody a[href^='/people/']").first.click()
    page.get_by_role("link", name="Назначить замещающего").click()
    page.get_by_label("Электронная почта").fill("stand-in@demo.example")
    page.get_by_label("Фамилия, имя, отчество").fill("Ветрова Мария Игоревна")
    page.get_by_label("Должность", exact=True).fill("заместитель директора")
    page.get_by_label("Ранг должности").select_option("deputy")
    page.get_by_label("С какого дня").fill(f"{TODAY:%Y-%m-%d}")
    page.get_by_label("По какой день").fill(f"{TODAY + timedelta(days=10):%Y-%m-%d}")
    page.get_by_role("button", name="Назначить замещающего").click()
    expect(page.get_by_text("Ветрова Мария Игоревна").first).to_be_visible()

    seen = ministry.open("/people/?q=Ветрова")

    expect(seen.get_by_role("link", name="Ветрова Мария Игоревна").first).to_be_visible()
    assert municipality.faults + ministry.faults == []


def test_administrator_loads_a_register_and_the_municipality_sees_the_new_school(
    desk: Callable[..., Desk], documents: Path
) -> None:
    administrator, municipality = desk("administrator"), desk("municipality")
    register = documents / "реестр.csv"
    register.write_text(f"{HEAD}\n9001-90;МБОУ СОШ № 90;9001;СОШ;\n", encoding="utf-8")
    page = administrator.open("/units/register/")
    page.set_input_files("input[type=file]", register)
    page.get_by_role("button", name="Проверить файл").click()
    expect(page.get_by_text("МБОУ СОШ № 90").first).to_be_visible()
    page.locator("main form[method=post] button[type=submit]").first.click()
    expect(page.locator("main form[method=post] input[name=seen]")).to_have_count(0)

    seen = municipality.open("/units/?q=9001-90")

    expect(seen.get_by_role("link", name="МБОУ СОШ № 90").first).to_be_visible()
    assert administrator.faults + municipality.faults == []


def test_observer_reads_and_has_nothing_to_press(desk: Callable[..., Desk]) -> None:
    observer = desk("observer")

    page = observer.open("/")
    page.locator("main a[href^='/roadmaps/']").first.click()
    page.locator("main a[href^='/items/']").first.click()

    expect(page.locator("main h1")).to_be_visible()
    expect(page.locator("main form[method=post]")).to_have_count(0)
    assert observer.faults == []


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


def report(page: Page, words: str) -> None:
    """The open due is marked done with these words."""
    page.get_by_label("Что сделано").first.fill(words)
    page.get_by_role("button", name="Выполнено").first.click()
    expect(page.get_by_role("button", name="Отменить отметку").first).to_be_visible()


def path_of(page: Page) -> str:
    """The page's address within the portal."""
    return "/" + page.url.split("/", 3)[3]
