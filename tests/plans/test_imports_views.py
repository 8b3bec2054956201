"""The pages of loading and review, as a ministry clerk walks through them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.test import Client

from plans.choices import ImportState
from plans.models import PartyEntry, Roadmap, RoadmapImport
from plans.services import review
from profmin.accounts.models import User
from profmin.accounts.roles import Role
from profmin.jobs.tasks import run_job
from profmin.journal.services import SYSTEM
from schools.choices import PartnerKind, UnitKind
from schools.models import StoredFile
from schools.services.units import UnitCard, open_unit
from tests.factories.cast import NOW, TODAY, Cast
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


def test_pasted_table_keeps_the_cells_at_its_ends(clerk: Client) -> None:
    head = "\tМероприятие\tСрок\tОтветственный"
    clerk.post(
        "/imports/new/",
        {"pasted": f"{head}\n1\tОпрос\tдо 01.10.2026\tОО\nИтого\t\t\t", "year": "2026"},
    )
    source = RoadmapImport.objects.get()
    run_job(source.job_id or 0)
    source.refresh_from_db()

    draft = review.draft_of(source)
    assert draft.columns == {"title": 1, "deadline": 2, "responsible": 3}
    assert [row.cells for row in draft.rows] == [
        ("", "Мероприятие", "Срок", "Ответственный"),
        ("1", "Опрос", "до 01.10.2026", "ОО"),
        ("Итого", "", "", ""),
    ]


def test_paste_of_blanks_alone_is_an_empty_form(clerk: Client) -> None:
    answer = clerk.post("/imports/new/", {"pasted": " \n\t\n", "year": ""})

    assert answer.status_code == 400
    assert not RoadmapImport.objects.exists()


def test_paste_without_a_table_is_refused_in_words(clerk: Client) -> None:
    pasted = "План мероприятий готовится."
    answer = clerk.post("/imports/new/", {"pasted": pasted, "year": ""})
    source = RoadmapImport.objects.get()
    run_job(source.job_id or 0)
    source.refresh_from_db()

    assert (source.state, source.draft) == (ImportState.FAILED, None)
    page = clerk.get(answer.url).content.decode().replace("\u00a0", " ")
    assert "В документе нет таблицы с мероприятиями" in page


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


def clerk_with_question(cast: Cast, sign_in: SignIn, role: Role) -> tuple[Client, RoadmapImport]:
    """A person who publishes; a document of the own unit that asks who «Колледжи» are."""
    own = cast.home.people[role].unit
    if role == Role.MUNICIPALITY:
        card = UnitCard(
            "PM", "Городской колледж", UnitKind.PARTNER, partner_kind=PartnerKind.COLLEGE
        )
        open_unit(parent=own, card=card, by=SYSTEM, now=NOW, today=TODAY)
    return sign_in(cast.home.person(role)), read_table(own, UNCLEAR[1])


@pytest.mark.parametrize(
    ("role", "words"),
    [
        pytest.param(Role.MINISTRY, ["Колледжи"], id="the ministry keeps the dictionary"),
        pytest.param(Role.OPERATOR, [], id="an operator answers for the document"),
        pytest.param(Role.MUNICIPALITY, [], id="a municipality answers for the document"),
    ],
)
def test_dictionary_of_the_region_is_written_by_its_keepers_only(
    cast: Cast, sign_in: SignIn, role: Role, words: list[str]
) -> None:
    client, source = clerk_with_question(cast, sign_in, role)
    address = f"/imports/{source.pk}/"
    offered = 'name="remember"' in client.get(address).content.decode()
    key = review.open_questions(source)[0].key
    answer = {"version": source.version, "key": key, "partner_kind": "college", "remember": "1"}

    code = client.post(f"{address}target/", answer).status_code

    source.refresh_from_db()
    assert (code, review.open_questions(source)) == (302, [])
    assert list(PartyEntry.objects.values_list("words", flat=True)) == words
    assert offered == bool(words)


@pytest.mark.parametrize(
    "role", [Role.SCHOOL, Role.ASSISTANT, Role.PARTNER, Role.OBSERVER, Role.ADMINISTRATOR]
)
def test_others_answer_nothing(cast: Cast, sign_in: SignIn, role: Role) -> None:
    source = read_table(cast.home.region, UNCLEAR[1])
    key = review.open_questions(source)[0].key
    answer = {"version": source.version, "key": key, "partner_kind": "college", "remember": "1"}

    code = sign_in(cast.home.person(role)).post(f"/imports/{source.pk}/target/", answer).status_code

    assert (code, PartyEntry.objects.count()) == (403, 0)


@pytest.mark.parametrize(
    ("rows", "before", "after"),
    [
        pytest.param(
            CLEAR[1:],
            "Можно публиковать: каждое мероприятие будет кому-то поручено.",
            "Поручения розданы по всем мероприятиям.",
            id="everything binds somebody",
        ),
        pytest.param(
            [*CLEAR[1:], UNCLEAR[1]],
            "Никому не будет поручено: 1 мероприятие.",
            "Никому не поручено: 1 мероприятие.",
            id="an item left to nobody on purpose",
        ),
    ],
)
def test_publishing_tells_how_many_items_bind_nobody(
    cast: Cast, clerk: Client, rows: list[str], before: str, after: str
) -> None:
    source = read_table(cast.home.region, *rows)
    address = f"/imports/{source.pk}/"
    for question in review.open_questions(source):
        answer = {"version": source.version, "key": question.key, "nobody": "1"}
        clerk.post(f"{address}target/", answer)
        source.refresh_from_db()
    seen = plain(clerk.get(address))
    clerk.post(f"{address}publish/", {"version": source.version})
    source.refresh_from_db()
    run_job(source.job_id or 0)

    assert before in seen
    assert after in plain(clerk.get(address))


def plain(answer: HttpResponse) -> str:
    return answer.content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("target", "asks"),
    [
        pytest.param({"partner_kind": "college"}, True, id="known, but nobody is there"),
        pytest.param({"nobody": True}, False, id="nobody on purpose"),
    ],
)
def test_chip_of_a_word_that_binds_nobody_is_a_question(
    cast: Cast, sign_in: SignIn, target: dict[str, object], asks: bool
) -> None:
    source = read_table(cast.home.city, UNCLEAR[1])
    RoadmapImport.objects.update(bindings={"partner|колледжи": target})

    html = sign_in(cast.home.person(Role.MUNICIPALITY)).get(f"/imports/{source.pk}/?item=0")

    assert ('class="chip is-question"' in html.content.decode()) == asks


def test_school_may_not_load(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.home.person(Role.SCHOOL))

    assert client.get("/imports/new/").status_code == 403


def test_progress_part_leads_to_the_page_when_it_is_over(cast: Cast, clerk: Client) -> None:
    source = read_table(cast.home.region, *CLEAR)

    answer = clerk.get(f"/imports/{source.pk}/progress/")

    assert source.state == ImportState.REVIEW
    assert answer["HX-Redirect"] == f"/imports/{source.pk}/"
