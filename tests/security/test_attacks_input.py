"""Words and numbers nobody types by chance: pages answer, and go on answering afterwards."""

from datetime import date

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client

from plans.choices import PartyKind
from plans.models import RoadmapImport
from profmin.accounts.roles import Role
from profmin.journal.services import SYSTEM, Subject, write_entry
from profmin.lib.periods import Period
from tests.factories.cast import NOW
from tests.factories.imports import CLEAR, UNCLEAR, read_table
from tests.factories.plans import planned, publish_roadmap

LOGIN = "/accounts/login/"


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("2026-99-99", id="no such month"),
        pytest.param("٢٠٢٦-٠١-٠١", id="other digits"),
        pytest.param("0000-00-00", id="zeros"),
    ],
)
def test_journal_shows_words_that_look_like_a_day(cast, sign_in, words):
    school = cast.home.school
    write_entry(
        by=SYSTEM,
        now=NOW,
        action="due_saved",
        about=Subject("due", 1, "Дело", school.pk, school.path),
        before={"comment": ""},
        after={"comment": words},
    )
    answer = sign_in(cast.home.person(Role.SCHOOL)).get("/journal/")
    assert answer.status_code == 200
    assert [change["after"] for change in answer.context["rows"][0]["changes"]] == [words]


@pytest.mark.parametrize(
    "number",
    [
        pytest.param("9" * 5000, id="longer than Python reads"),
        pytest.param("9" * 21, id="longer than the database keeps"),
        pytest.param("²", id="superscript"),
        pytest.param("-1", id="negative"),
    ],
)
@pytest.mark.parametrize("deed", ["settle", "unsettle", "publish", "items/0"])
def test_version_of_a_review_is_a_short_number(cast, sign_in, deed, number):
    source = read_table(cast.home.region, *CLEAR, *UNCLEAR)
    clerk = sign_in(cast.home.person(Role.MINISTRY))
    fields = {"version": number, "stay": number, "key": "x", "field": "title", "text": "Дело"}
    assert clerk.post(f"/imports/{source.pk}/{deed}/", fields).status_code == 400
    assert clerk.get(f"/imports/{source.pk}/", {"item": number}).status_code == 200


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Дело\x00", id="sign no database keeps"),
        pytest.param("1." * 20_000, id="longer than any cell"),
    ],
)
@pytest.mark.parametrize("field", ["title", "deadline", "responsible", "number"])
def test_mended_text_is_short_and_plain(cast, sign_in, field, text):
    source = read_table(cast.home.region, *CLEAR)
    clerk = sign_in(cast.home.person(Role.MINISTRY))
    answer = clerk.post(
        f"/imports/{source.pk}/items/0/",
        {"version": source.version, "field": field, "text": text},
    )
    assert answer.status_code == 400
    assert RoadmapImport.objects.get(pk=source.pk).draft == source.draft


@pytest.mark.parametrize("day", ["31.12.9999", "01.01.0001", "01.02.2206", "٠١.٠٢.٢٠٢٧"])
def test_day_set_by_hand_lies_in_this_century(cast, sign_in, day):
    source = read_table(cast.home.region, *CLEAR)
    clerk = sign_in(cast.home.person(Role.MINISTRY))
    answer = clerk.post(
        f"/imports/{source.pk}/items/0/dates/", {"version": source.version, "days": day}
    )
    assert answer.status_code == 400
    assert RoadmapImport.objects.get(pk=source.pk).draft == source.draft


@pytest.mark.parametrize("day", [date(9999, 12, 31), date(1, 1, 1), date(2206, 2, 1)])
def test_far_day_of_a_document_does_not_end_the_year_page(cast, sign_in, day):
    """One document with a slip of the pen must not take the page from all who read the plan."""
    roadmap = publish_roadmap(
        cast.home.region, [planned("1.1", PartyKind.SCHOOL, due=day)], year=2026
    )
    page = sign_in(cast.home.person(Role.SCHOOL)).get(f"/roadmaps/{roadmap.pk}/?view=year")
    assert page.status_code == 200
    assert page.context["span"] == Period(date(2026, 9, 1), date(2027, 8, 31))


@pytest.mark.django_db
def test_stranger_sends_no_large_body():
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert Client().post(LOGIN, {"login": "a"}).status_code == 200
    answer = Client().post(LOGIN, {"login": "a"}, CONTENT_LENGTH=str(most + 1))
    assert answer.status_code == 413


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "²", "1e9"])
def test_person_sends_no_endless_body(cast, sign_in, length):
    person = sign_in(cast.home.person(Role.SCHOOL))
    for said in (str(settings.MAX_REQUEST_BYTES + 1), length):
        answer = person.post("/appointment/", {}, CONTENT_LENGTH=said)
        assert answer.status_code == 413


def test_journal_is_not_written_over(db):
    """REPLACE and TRUNCATE go past triggers of rows."""
    row = write_entry(by=SYSTEM, now=NOW, action="unit_opened", about=Subject("unit", 1, "Школа"))
    table = connection.ops.quote_name(row._meta.db_table)
    trick = (
        f"TRUNCATE {table}"
        if connection.vendor == "postgresql"
        else f"REPLACE INTO {table} SELECT * FROM {table} WHERE id = {row.pk}"  # noqa: S608
    )
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(trick)


def test_admin_names_no_file_that_is_not_there(cast, sign_in, settings, tmp_path):
    """In use every file of a page must stand in the manifest; a missing one ends the page."""
    from django.contrib.staticfiles import finders  # noqa: PLC0415

    page = sign_in(cast.home.person(Role.ADMINISTRATOR)).get("/admin/")
    icons = [word for word in page.content.decode().split('"') if word.endswith(".svg")]
    assert icons
    for icon in icons:
        assert finders.find(icon.removeprefix("/static/"))
