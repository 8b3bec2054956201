"""Stored files: what is taken, how it is kept, who may open it."""

import hashlib
import os
import stat
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from profmin.accounts.roles import Role
from profmin.jobs.tasks import sweep
from profmin.journal.models import JournalEntry
from profmin.lib.documents import FileType
from profmin.lib.errors import RuleBroken
from schools.choices import FilePurpose
from schools.models import StoredFile
from schools.services.files import (
    atomic_with_files,
    delete_orphans,
    discard_file,
    file_path,
    safe_name,
    store_file,
    sweep_files,
)
from tests.factories.cast import NOW
from tests.samples import docx_files, hostile, pdf_files, xlsx_files
from tests.samples.plans import REGION

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\1" * 200
JPEG = b"\xff\xd8\xff\xe0" + b"\1" * 200
PAGE = pdf_files.Page()
PAGE.text(50, 50, "Справка")
PDF = pdf_files.document([PAGE])
DOCX = docx_files.plan(REGION)
XLSX = xlsx_files.plan(REGION)


def odt(manifest=b"<manifest/>") -> bytes:
    return docx_files.archive(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": manifest,
        }
    )


def stored_files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def keep(cast, file_store):
    """Stores bytes as a proof of the school, unless told otherwise."""

    def go(data=PDF, name="Справка.pdf", unit=None, purpose=FilePurpose.PROOF, role=Role.SCHOOL):
        unit = unit or cast.home.school
        return store_file(
            unit=unit,
            path=unit.path,
            purpose=purpose,
            upload=SimpleUploadedFile(name, data, content_type="text/html"),
            by=cast.home.actor(role),
            now=NOW,
        )

    return go


@pytest.mark.parametrize(
    ("data", "name", "content_type"),
    [
        pytest.param(PDF, "а.pdf", "application/pdf", id="pdf"),
        pytest.param(DOCX, "а.docx", "wordprocessingml", id="docx"),
        pytest.param(XLSX, "а.xlsx", "spreadsheetml", id="xlsx"),
        pytest.param(odt(), "а.odt", "opendocument.text", id="odt"),
        pytest.param(PNG, "а.png", "image/png", id="png"),
        pytest.param(JPEG, "а.jpg", "image/jpeg", id="jpeg"),
    ],
)
def test_evidence_is_kept_by_its_content(keep, data, name, content_type):
    row = keep(data, name)
    assert content_type in row.content_type
    assert file_path(row).read_bytes() == data
    assert (row.size, row.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert row.name == name


def test_file_lies_under_a_name_of_our_own_for_its_owner_only(keep, file_store):
    path = file_path(keep(name="../../Секрет.pdf"))
    assert path.is_relative_to(file_store)
    assert (path.suffix, len(path.name)) == ("", 32)
    assert oct(os.stat(path).st_mode & 0o777) == "0o600"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "не подходит", id="svg"),
        pytest.param(b"<html><script>1</script></html>", "не подходит", id="html"),
        pytest.param(b"MZ\x90\0" + b"\1" * 200, "не подходит", id="exe"),
        pytest.param(b"just words", "не подходит", id="text"),
        pytest.param(b"", "Файл пуст", id="empty"),
        pytest.param(hostile.files()["macros"][1], "макросы", id="docm"),
        pytest.param(hostile.files()["hidden macros"][1], "макросы", id="hidden macros"),
        pytest.param(hostile.files()["encrypted office"][1], "паролем", id="locked office"),
        pytest.param(hostile.locked_pdf(), "паролем", id="locked pdf"),
        pytest.param(odt(b"<x><encryption-data/></x>"), "паролем", id="locked odt"),
        pytest.param(hostile.files()["bomb"][1], "велик", id="bomb"),
        pytest.param(hostile.files()["archive"][1], "архив", id="archive"),
        pytest.param(hostile.files()["old word"][1], "сохраните его как DOCX", id="old word"),
        pytest.param(PNG + b"\1" * (20 * 1024**2), "больше 20 МБ", id="large"),
    ],
)
def test_other_files_are_refused_in_words_and_leave_nothing(keep, file_store, data, words):
    with pytest.raises(RuleBroken, match=words) as refused:
        keep(data, "Справка.pdf")
    assert refused.value.field == "file"
    assert not StoredFile.objects.exists()
    assert stored_files(file_store) == []


def test_large_file_is_opened_in_a_child_process_only(keep, file_store, monkeypatch):
    large = PNG + b"\1" * 300_000
    assert keep(large).size == len(large)
    monkeypatch.setattr("schools.services.files._CHECK_MEMORY", 1024**2)
    assert keep(PNG).size == len(PNG)
    with pytest.raises(RuleBroken, match="слишком сложен") as refused:
        keep(large)
    assert refused.value.field == "file"
    assert len(stored_files(file_store)) == 2


def test_purpose_decides_what_is_taken(keep):
    with pytest.raises(RuleBroken, match="таблица XLSX или CSV"):
        keep(PDF, purpose=FilePurpose.REGISTER)
    assert keep(b"a;b\n1;2\n", "реестр.csv", purpose=FilePurpose.REGISTER).name == "реестр.csv"


@pytest.mark.parametrize(
    ("given", "kind", "shown"),
    [
        pytest.param("Справка.pdf", FileType.PDF, "Справка.pdf", id="usual"),
        pytest.param("C:\\Отчёты\\Справка.PDF", FileType.PDF, "Справка.pdf", id="windows path"),
        pytest.param("../../etc/passwd", FileType.PNG, "passwd.png", id="path"),
        pytest.param("отчёт.exe", FileType.PDF, "отчёт.exe.pdf", id="other ending"),
        pytest.param("фото.jpeg", FileType.JPEG, "фото.jpeg", id="second ending"),
        pytest.param("fdp.\u202egnp", FileType.PNG, "fdp. gnp.png", id="direction mark"),
        pytest.param('a"b\r\nc:d.pdf', FileType.PDF, "a b c d.pdf", id="header signs"),
        pytest.param("", FileType.PDF, "файл.pdf", id="no name"),
        pytest.param(".pdf", FileType.PDF, "pdf.pdf", id="only an ending"),
        pytest.param("ш" * 300 + ".pdf", FileType.PDF, "ш" * 196 + ".pdf", id="long"),
    ],
)
def test_name_is_made_safe(given, kind, shown):
    assert safe_name(given, kind) == shown


@pytest.fixture
def keep_and_fail(keep):
    """Stores a file inside this context, then fails."""

    def go(context):
        with context:
            keep()
            raise ZeroDivisionError

    return go


def test_file_goes_with_its_transaction(keep_and_fail, file_store):
    with pytest.raises(ZeroDivisionError):
        keep_and_fail(atomic_with_files())
    assert not StoredFile.objects.exists()
    assert stored_files(file_store) == []


def test_file_of_an_inner_transaction_goes_with_the_outer_one(keep, file_store):
    def fail_after_the_inner_one():
        with atomic_with_files():
            with atomic_with_files():
                keep()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_the_inner_one()
    assert stored_files(file_store) == []


def test_file_of_a_kept_transaction_stays(keep, file_store):
    with atomic_with_files():
        keep()
    assert len(stored_files(file_store)) == 1


def test_orphans_are_swept_after_a_day(keep, keep_and_fail, file_store):
    kept = file_path(keep())
    with pytest.raises(ZeroDivisionError):
        keep_and_fail(transaction.atomic())
    (orphan,) = set(stored_files(file_store)) - {kept}
    assert delete_orphans(now=NOW) == 0
    for path in (kept, orphan):
        moment = (NOW - timedelta(days=2)).timestamp()
        os.utime(path, (moment, moment))
    assert delete_orphans(now=NOW) == 1
    assert stored_files(file_store) == [kept]


def test_sweep_of_nothing_deletes_nothing(db, file_store):
    assert delete_orphans(now=NOW) == 0


def days_ago(paths, count):
    moment = (NOW - timedelta(days=count)).timestamp()
    for path in paths:
        os.utime(path, (moment, moment))


def test_sweep_deletes_orphans_once_a_day_and_says_how_many(keep, keep_and_fail, file_store):
    kept = file_path(keep())
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            keep_and_fail(transaction.atomic())
    days_ago(stored_files(file_store), 2)
    for moment in (NOW, NOW + timedelta(minutes=1)):
        sweep_files(moment)
    assert stored_files(file_store) == [kept]
    entry = JournalEntry.objects.get(action="files_swept")
    assert (entry.after, entry.actor_name) == ({"orphans": 2, "registers": 0}, "Портал")


def test_sweep_comes_again_the_next_day(keep_and_fail, cast, file_store):
    sweep_files(NOW)
    with pytest.raises(ZeroDivisionError):
        keep_and_fail(transaction.atomic())
    days_ago(stored_files(file_store), 2)
    sweep_files(NOW + timedelta(hours=23))
    assert len(stored_files(file_store)) == 1
    sweep_files(NOW + timedelta(hours=25))
    assert stored_files(file_store) == []
    counts = JournalEntry.objects.filter(action="files_swept").order_by("pk")
    assert [entry.after["orphans"] for entry in counts] == [0, 1]


def test_portal_sweeps_files_with_everything_else(db, file_store):
    sweep()
    assert JournalEntry.objects.filter(action="files_swept").count() == 1


@pytest.mark.parametrize(
    ("days", "left"), [pytest.param(29, 1, id="kept"), pytest.param(31, 0, id="gone")]
)
def test_loaded_register_goes_after_thirty_days(
    keep, file_store, django_capture_on_commit_callbacks, days, left
):
    keep(XLSX, "реестр.xlsx", purpose=FilePurpose.REGISTER, role=Role.ADMINISTRATOR)
    proof = keep()
    with django_capture_on_commit_callbacks(execute=True):
        sweep_files(NOW + timedelta(days=days))
    registers = StoredFile.objects.filter(purpose=FilePurpose.REGISTER)
    assert (registers.count(), StoredFile.objects.filter(pk=proof.pk).count()) == (left, 1)
    assert len(stored_files(file_store)) == 1 + left
    entry = JournalEntry.objects.get(action="files_swept")
    assert entry.after == {"orphans": 0, "registers": 1 - left}


@pytest.mark.parametrize("data", [DOCX, XLSX, odt()], ids=["docx", "xlsx", "odt"])
@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_archive_with_a_link_or_a_device_is_refused(keep, file_store, data, kind):
    with pytest.raises(RuleBroken, match="подозрительно"):
        keep(hostile.with_member_of_kind(data, kind), "Справка.docx")
    assert stored_files(file_store) == []


def test_archive_of_usual_files_and_folders_is_taken(keep):
    for kind in (stat.S_IFREG, stat.S_IFDIR):
        assert keep(hostile.with_member_of_kind(DOCX, kind), "Справка.docx").name


def test_discarded_file_is_gone(keep, file_store, django_capture_on_commit_callbacks):
    row = keep()
    with django_capture_on_commit_callbacks(execute=True):
        discard_file(row)
    assert not StoredFile.objects.exists()
    assert stored_files(file_store) == []


# --- Opening ----------------------------------------------------------------------------------


def open_as(sign_in, person, row):
    return sign_in(person).get(reverse("schools:file_open", args=[row.pk]))


def test_file_is_a_download_and_never_a_page(cast, keep, sign_in):
    answer = open_as(sign_in, cast.home.person(Role.SCHOOL), keep(name="Отчёт № 1.pdf"))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == (
        "attachment; filename*=utf-8''%D0%9E%D1%82%D1%87%D1%91%D1%82%20%E2%84%96%201.pdf"
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store"


PURPOSES = {
    FilePurpose.PROOF: {
        *(Role.MINISTRY, Role.OPERATOR, Role.MUNICIPALITY, Role.SCHOOL, Role.ASSISTANT),
        *(Role.OBSERVER, Role.ADMINISTRATOR),
    },
    FilePurpose.ACT: {
        *(Role.MINISTRY, Role.OPERATOR, Role.MUNICIPALITY, Role.SCHOOL, Role.ADMINISTRATOR),
    },
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("purpose", list(PURPOSES))
def test_file_of_a_school_opens_for_those_above_who_may(cast, keep, sign_in, role, purpose):
    answer = open_as(sign_in, cast.home.person(role), keep(purpose=purpose))
    expected = 200 if role in PURPOSES[purpose] else 404 if role == Role.PARTNER else 403
    assert answer.status_code == expected
    answer.close()


@pytest.mark.parametrize("purpose", list(FilePurpose))
@pytest.mark.parametrize("role", list(Role))
def test_foreign_file_does_not_exist(cast, keep, sign_in, role, purpose):
    row = keep(XLSX, purpose=purpose)
    answer = open_as(sign_in, cast.away.person(role), row)
    absent = sign_in(cast.away.person(role)).get(reverse("schools:file_open", args=[999_999]))
    assert (answer.status_code, answer.content) == (404, absent.content)


def test_document_of_a_roadmap_opens_for_its_own_unit_only(cast, keep, sign_in):
    row = keep(
        DOCX, "План.docx", unit=cast.home.city, purpose=FilePurpose.ROADMAP, role=Role.MUNICIPALITY
    )
    own = open_as(sign_in, cast.home.person(Role.MUNICIPALITY), row)
    above = open_as(sign_in, cast.home.person(Role.MINISTRY), row)
    assert (own.status_code, above.status_code) == (200, 404)
    own.close()


def test_register_opens_for_the_administrator_only(cast, keep, sign_in):
    row = keep(XLSX, unit=cast.home.region, purpose=FilePurpose.REGISTER, role=Role.ADMINISTRATOR)
    own = open_as(sign_in, cast.home.person(Role.ADMINISTRATOR), row)
    other = open_as(sign_in, cast.home.person(Role.MINISTRY), row)
    assert (own.status_code, other.status_code) == (200, 403)
    own.close()


def test_file_lost_from_the_disk_does_not_exist(cast, keep, sign_in):
    row = keep()
    file_path(row).unlink()
    assert open_as(sign_in, cast.home.person(Role.SCHOOL), row).status_code == 404


def test_file_is_only_read(cast, keep, sign_in):
    row = keep()
    client = sign_in(cast.home.person(Role.SCHOOL))
    assert client.post(reverse("schools:file_open", args=[row.pk])).status_code == 405


def test_stranger_is_sent_to_sign_in(keep, client):
    answer = client.get(reverse("schools:file_open", args=[keep().pk]))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))
