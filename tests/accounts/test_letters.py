"""Letters are rows: written with the deed, sent by a worker, gone once they are sent."""

import logging
import re
import socket
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from profmin.accounts.models import Invitation, Letter, User
from profmin.accounts.roles import Role
from profmin.accounts.services import (
    drop_expired_letters,
    invite_user,
    mail_folder,
    post_letter,
    post_reset,
    send_letter,
)
from profmin.jobs.choices import JobState
from profmin.jobs.models import Job
from profmin.jobs.services import MAX_ATTEMPTS, claim_job
from profmin.jobs.tasks import KEPT_LETTER_JOBS, repeat_letters, run_job, sweep
from profmin.journal.models import JournalEntry
from tests.factories.cast import NOW

SECRET = "ссылка-которую-никто-не-видит"
RESET = "/accounts/password/reset/"


@pytest.fixture(autouse=True)
def _fresh_limits(db):
    cache.clear()


def post(now=NOW, **changes):
    return post_letter(
        **{"to": "kto@zarechie.test", "subject": "Тема", "body": SECRET} | changes, now=now
    )


def run_jobs():
    for key in (
        Job.objects.filter(state=JobState.WAITING).order_by("pk").values_list("pk", flat=True)
    ):
        run_job(key)


@pytest.fixture
def dead_server(settings):
    """A mail server that refuses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port


def test_letter_and_its_job_are_written_with_the_deed():
    with transaction.atomic():
        post()
        transaction.set_rollback(True)
    assert (Letter.objects.count(), Job.objects.count()) == (0, 0)
    letter = post()
    job = Job.objects.get()
    assert (job.kind, job.state, job.payload) == ("letter", "waiting", {"letter": letter.pk})
    assert mail.outbox == []


def test_worker_sends_the_letter_and_the_row_goes():
    letter = post(now=timezone.now())
    run_jobs()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["kto@zarechie.test"], "Тема", SECRET)
    assert sent.extra_headers == {"Message-ID": letter.message_id}
    assert not Letter.objects.exists()
    assert Job.objects.get().result == {"sent": True}


def test_letter_is_readable_nowhere_while_it_waits(caplog):
    with caplog.at_level(logging.DEBUG):
        letter = post(now=timezone.now())
        run_jobs()
    kept = [str(list(model.objects.values())) for model in (Job, JournalEntry)]
    assert [place for place in (*kept, str(vars(letter)), caplog.text) if SECRET in place] == []


def test_message_id_is_the_portals_and_each_letters_own(settings):
    first, second = post(), post()
    assert first.message_id != second.message_id
    assert first.message_id.endswith("@127.0.0.1>")


def test_repeat_after_a_crash_keeps_the_message_id(monkeypatch):
    """The worker died after sending and before taking the row away."""
    letter = post()
    monkeypatch.setattr(Letter, "delete", lambda self: None)
    send_letter(letter_id=letter.pk, now=NOW)
    monkeypatch.undo()
    send_letter(letter_id=letter.pk, now=NOW)
    send_letter(letter_id=letter.pk, now=NOW)
    assert [one.extra_headers for one in mail.outbox] == [{"Message-ID": letter.message_id}] * 2


def test_server_that_refuses_is_tried_again_later(dead_server, settings):
    letter = post()
    assert send_letter(letter_id=letter.pk, now=NOW) is False
    letter.refresh_from_db()
    assert (letter.attempts, letter.next_at) == (1, NOW + timedelta(minutes=2))
    repeat_letters(NOW + timedelta(minutes=1))
    assert Job.objects.count() == 1
    repeat_letters(NOW + timedelta(minutes=2))
    assert Job.objects.count() == 2
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_letter(letter_id=letter.pk, now=NOW + timedelta(minutes=3)) is True
    assert [one.extra_headers["Message-ID"] for one in mail.outbox] == [letter.message_id]


def test_pages_do_not_wait_for_a_server_that_refuses(dead_server, cast, sign_in):
    answer = Client().post(RESET, {"email": cast.home.person(Role.SCHOOL).email})
    assert answer.status_code == 302
    assert Letter.objects.count() == 1


def test_sweep_gives_a_letter_back_that_crashed_too_often():
    letter = post(now=timezone.now())
    claimed = claim_job(job_id=Job.objects.get().pk, now=timezone.now())
    Job.objects.filter(pk=claimed.pk).update(
        attempts=MAX_ATTEMPTS, lease_until=timezone.now() - timedelta(seconds=1)
    )
    sweep()
    letter.refresh_from_db()
    assert (Job.objects.get().state, letter.attempts) == ("failed", 1)
    repeat_letters(letter.next_at)
    assert Job.objects.filter(state=JobState.WAITING).count() == 1


def test_letter_that_no_longer_matters_is_dropped():
    letter = post_reset(email="kto@zarechie.test", now=NOW)
    later = NOW + timedelta(hours=1)
    assert send_letter(letter_id=letter.pk, now=later) is True
    assert (mail.outbox, drop_expired_letters(now=later), Letter.objects.count()) == ([], 1, 0)


def test_jobs_of_sent_letters_do_not_pile_up():
    post(now=timezone.now())
    run_jobs()
    post(now=timezone.now())
    repeat_letters(timezone.now() + KEPT_LETTER_JOBS + timedelta(minutes=1))
    assert [one.state for one in Job.objects.order_by("pk")] == ["waiting"]


# --- A forgotten password ---------------------------------------------------------------------


def statements(email):
    """What the page asks the database, without its values."""
    with CaptureQueriesContext(connection) as queries:
        answer = Client().post(RESET, {"email": email})
    return (
        answer.status_code,
        answer.url,
        [" ".join(re.findall(r"[A-Z_a-z]{4,}", one["sql"])[:3]) for one in queries],
    )


def test_known_and_unknown_addresses_cost_the_same(cast):
    known, blocked = cast.home.person(Role.SCHOOL), cast.home.person(Role.ASSISTANT)
    User.objects.filter(pk=blocked.pk).update(is_active=False)
    statements("the.first@zarechie.test")
    unknown = statements("nobody@zarechie.test")
    assert [statements(known.email), statements(blocked.email)] == [unknown, unknown]
    assert list(Letter.objects.values_list("kind", "body").distinct()) == [("password_reset", "")]


def test_worker_writes_to_known_people_alone(cast):
    known = cast.home.person(Role.SCHOOL)
    for email in (known.email.upper(), "nobody@zarechie.test"):
        Client().post(RESET, {"email": email})
    run_jobs()
    assert [letter.to for letter in mail.outbox] == [[known.email]]
    assert RESET in mail.outbox[0].body
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.parametrize("email", ["school@zarechie.test", "nobody@zarechie.test"])
def test_page_says_where_letters_lie_without_a_server(cast, settings, email):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = settings.BASE_DIR / "var" / "mail"
    client = Client()
    page = client.post(RESET, {"email": email}, follow=True).content.decode()
    page = page.replace("\u00a0", " ")
    assert "Показательный портал складывает письма в папку var/mail." in page


def test_portal_with_a_server_names_no_folder(db):
    assert mail_folder() == ""


def test_letter_lands_in_the_folder(db, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    person = User.objects.create_user("kto@zarechie.test", full_name="Кто-то")
    invite_user(user=person, by=None, now=timezone.now())
    run_jobs()
    (file,) = tmp_path.iterdir()
    assert "To: kto@zarechie.test" in file.read_text()
    assert Invitation.objects.count() == 1
