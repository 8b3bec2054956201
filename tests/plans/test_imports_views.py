"""The pages of loading and review, as a ministry clerk walks through them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.test import Client

from plans.choices import ImportState
from plans.models import Roadmap, RoadmapImport
from plans.services import review
from profmin.accounts.models import User
from profmin.accounts.roles import Role
from profmin.jobs.tasks import run_job
from schools.models import StoredFile
from tests.factories.cast import Cast
from tests.factories.imports import CLEAR, UNCLEAR, read_table, table

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def clerk(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.home.person(Role.MINISTRY))


def test_clerk_loads_reviews_and_publishes(cast: Cast, clerk: Client) -> None:
    answer = clerk.post("/imports/new/", {"pasted": table(*CLEAR, UNCLEAR[0]), "year": ""})
    source = RoadmapImport.objects.get()
    assert answer.url == f"/imports/{source.pk}/"
    run_job(source.job_id or 0)

    page = clerk.get(answer.url)
    assert "Осталось вопросов: 1" in page.content.decode()
    source.refresh_from_db()
    key = review.open_questions(source)[0].key
    clerk.post(f"/imports/{source.pk}/settle/", {"key": key, "version": source.version})
    source.refresh_from_db()
    clerk.post(f"/imports/{source.pk}/publish/", {"version": source.version})
    source.refresh_from_db()
    run_job(source.job_id or 0)

    roadmap = Roadmap.objects.get()
    assert f"/roadmaps/{roadmap.pk}/" in clerk.get("/roadmaps/").content.decode()
    assert clerk.get(f"/imports/{source.pk}/").status_code == 200


def test_empty_form_says_what_to_do(clerk: Client) -> None:
    answer = clerk.post("/imports/new/", {"pasted": "", "year": ""})

    assert answer.status_code == 400
    assert "Выберите файл или вставьте таблицу" in answer.content.decode()


def test_renamed_program_is_refused_in_words(clerk: Client, file_store: object) -> None:
    upload = SimpleUploadedFile("план.docx", b"MZ\x90\x00" + b"\x00" * 400)

    answer = clerk.post("/imports/new/", {"file": upload, "pasted": "", "year": ""})

    assert answer.status_code == 400
    assert not RoadmapImport.objects.exists()


def test_load_that_fails_leaves_no_file(clerk: Client, file_store: Path) -> None:
    def fail(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "plans_roadmapimport"'):
            raise DatabaseError("the disk is full")
        return execute(sql, params, many, context)

    upload = SimpleUploadedFile("План.txt", table(*CLEAR).encode())
    with connection.execute_wrapper(fail), pytest.raises(DatabaseError):
        clerk.post("/imports/new/", {"file": upload, "pasted": "", "year": ""})

    assert (RoadmapImport.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert [path for path in file_store.rglob("*") if path.is_file()] == []


def test_date_beyond_the_plan_is_taken_with_a_warning(cast: Cast, clerk: Client) -> None:
    source = read_table(cast.home.region, *CLEAR)
    address = f"/imports/{source.pk}/items/0/dates/"

    answer = clerk.post(address, {"version": source.version, "days": "20.12.2029"}, follow=True)

    source.refresh_from_db()
    (window,) = review.draft_of(source).items[0].deadline.windows
    assert (answer.status_code, window.end) == (200, date(2029, 12, 20))
    said = [str(one).replace("\u00a0", " ") for one in answer.context["messages"]]
    assert said == [
        "Вне срока дорожной карты (1 апреля 2026 – 31 августа 2027): 20.12.2029. "
        "Проверьте год; если так и нужно, оставьте."
    ]
    reading = clerk.get(f"/imports/{source.pk}/?item=0").content.decode().replace("\u00a0", " ")
    assert said[0] in reading
    assert review.open_questions(source) == []


def test_date_of_the_plan_is_taken_without_a_warning(cast: Cast, clerk: Client) -> None:
    source = read_table(cast.home.region, *CLEAR)
    address = f"/imports/{source.pk}/items/0/dates/"

    answer = clerk.post(address, {"version": source.version, "days": "20.12.2026"}, follow=True)

    assert "Вне срока" not in answer.content.decode()


def test_questions_stand_before_the_table_of_the_document(cast: Cast, clerk: Client) -> None:
    source = read_table(cast.home.region, *CLEAR, *UNCLEAR)

    html = clerk.get(f"/imports/{source.pk}/").content.decode()

    places = [html.index(f'id="{name}-title"') for name in ("questions", "written", "reading")]
    assert places == sorted(places)


def test_words_of_the_document_do_not_break_after_a_number(cast: Cast, clerk: Client) -> None:
    row = "1.4\tПриказ № 5 в г. Тамбов\tдо 01.03.2027\tРуководители ОО\tКурс 12 ч"
    source = read_table(cast.home.region, row)

    html = clerk.get(f"/imports/{source.pk}/").content.decode()

    table_part = html[html.index("review-rows") : html.index('id="reading"')]
    for words in ("№\u00a05", "г.\u00a0Тамбов", "12\u00a0ч"):
        assert words in table_part


def test_review_without_a_question_comes_back_to_the_row(cast: Cast, clerk: Client) -> None:
    source = read_table(cast.home.region, *CLEAR)

    answer = clerk.post(
        f"/imports/{source.pk}/items/1/",
        {"version": source.version, "field": "title", "text": "Новое имя", "stay": "1"},
    )

    assert answer.url == f"/imports/{source.pk}/?item=1#reading"
    assert "Новое имя" in clerk.get(answer.url).content.decode()


def test_wrong_dates_keep_what_was_typed(cast: Cast, clerk: Client) -> None:
    source = read_table(cast.home.region, *CLEAR)

    answer = clerk.post(
        f"/imports/{source.pk}/items/0/dates/?item=0",
        {"version": source.version, "days": "31.11.2026"},
    )

    assert answer.status_code == 400
    assert 'value="31.11.2026"' in answer.content.decode()


def test_conflict_is_told(cast: Cast, clerk: Client) -> None:
    source = read_table(cast.home.region, *CLEAR)

    answer = clerk.post(
        f"/imports/{source.pk}/items/0/", {"version": 99, "field": "title", "text": "Поздно"}
    )

    assert answer.status_code == 400
    assert "изменил кто-то другой" in answer.content.decode()


def test_foreign_and_absent_documents_look_alike(cast: Cast, clerk: Client) -> None:
    foreign = read_table(cast.away.region, *CLEAR)
    below = read_table(cast.home.city, *CLEAR)

    codes = [clerk.get(f"/imports/{pk}/").status_code for pk in (foreign.pk, below.pk, 999_999)]

    assert codes == [404, 404, 404]


def test_school_may_not_load(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.home.person(Role.SCHOOL))

    assert client.get("/imports/new/").status_code == 403


def test_progress_part_leads_to_the_page_when_it_is_over(cast: Cast, clerk: Client) -> None:
    source = read_table(cast.home.region, *CLEAR)

    answer = clerk.get(f"/imports/{source.pk}/progress/")

    assert source.state == ImportState.REVIEW
    assert answer["HX-Redirect"] == f"/imports/{source.pk}/"
