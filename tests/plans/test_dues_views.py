"""What is done with a due on its page: the deeds of every role."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from plans.choices import DueState, PartyKind
from plans.models import Due, Proof, Roadmap
from plans.services.execution import mark_done
from profmin.accounts.roles import Role
from profmin.journal.services import SYSTEM
from schools.models import Appointment
from schools.services.appointments import end_appointment
from tests.factories.cast import NOW, Cast, client_of
from tests.factories.plan_pages import (
    page,
    report,
    reported_roadmap,
    send,
    shown,
)
from tests.factories.plans import (
    assignment_of,
    due_of,
    in_days,
    planned,
    publish_roadmap,
    today,
)

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


@pytest.fixture
def roadmap(cast: Cast) -> Roadmap:
    return reported_roadmap(cast)


@pytest.fixture
def due(cast: Cast, roadmap: Roadmap) -> Due:
    return due_of(roadmap, "1", cast.home.school)


# --- The school -------------------------------------------------------------------------------


def test_done_is_two_clicks_away(school: Client, due: Due) -> None:
    """The form offers today and the button «Выполнено»: nothing has to be typed."""
    html = shown(school, due)

    assert f'value="{today().isoformat()}"' in html
    assert f'formaction="{reverse("plans:due_done", args=[due.pk])}">Выполнено' in html


def test_done_is_seen_above_at_once(cast: Cast, school: Client, city: Client, due: Due) -> None:
    answer = report(school, due)

    assert (answer.status_code, answer.url) == (
        302,
        f"{reverse('plans:assignment_detail', args=[due.assignment_id])}#due-{due.pk}",
    )
    assert "Провели" in shown(city, due)
    item = reverse("plans:item_detail", args=[due.assignment.item_id])
    ministry = client_of(cast.home.person(Role.MINISTRY))
    assert "Выполнено 1 из 4" in ministry.get(item).content.decode()


def test_report_keeps_link_and_files_together(school: Client, due: Due, file_store) -> None:
    files = [
        SimpleUploadedFile("Приказ.pdf", PDF, "application/pdf"),
        SimpleUploadedFile("Отчёт.pdf", PDF + b"\n", "application/pdf"),
    ]

    answer = report(school, due, link="https://school.test/prof", files=files)

    assert answer.status_code == 302
    proofs = Proof.objects.filter(due=due).order_by("pk")
    assert [str(proof) for proof in proofs] == [
        "https://school.test/prof",
        "Приказ.pdf",
        "Отчёт.pdf",
    ]
    assert {proof.file.path for proof in proofs if proof.file} == {due.assignment.path}


def test_refused_proof_keeps_the_whole_report_back(school: Client, due: Due, file_store) -> None:
    answer = report(
        school,
        due,
        comment="Мой длинный текст",
        files=[SimpleUploadedFile("virus.pdf", b"MZ\x90\x00" * 40, "application/pdf")],
    )

    html = answer.content.decode()
    due.refresh_from_db()
    assert (answer.status_code, due.state, Proof.objects.count()) == (
        400,
        DueState.NOT_STARTED,
        0,
    )
    assert "Мой длинный текст" in html
    assert f'id="due{due.pk}_report_files_error"' in html


@pytest.mark.parametrize(
    ("data", "field"),
    [
        pytest.param({"done_on": in_days(1).isoformat()}, "done_on", id="a day to come"),
        pytest.param({"done_on": ""}, "done_on", id="no day"),
        pytest.param({"done_on": "31.02.2026"}, "done_on", id="no such day"),
        pytest.param({"link": "javascript:alert(1)"}, "link", id="a script for a link"),
    ],
)
def test_error_stands_beside_its_field(school: Client, due: Due, data, field: str) -> None:
    answer = report(school, due, **data)

    html = answer.content.decode()
    assert answer.status_code == 400
    assert f'id="due{due.pk}_report_{field}_error"' in html
    assert "Провели" in html


def test_too_many_files_at_once_are_refused(school: Client, due: Due) -> None:
    files = [SimpleUploadedFile(f"{n}.pdf", PDF, "application/pdf") for n in range(11)]

    answer = report(school, due, files=files)

    assert answer.status_code == 400
    assert "За один раз можно загрузить 10 файлов." in answer.content.decode()


def test_version_is_not_optional(school: Client, due: Due) -> None:
    answer = school.post(reverse("plans:due_done", args=[due.pk]), {"done_on": today()})

    due.refresh_from_db()
    assert (answer.status_code, due.state) == (400, DueState.NOT_STARTED)


def test_saving_puts_it_in_progress(school: Client, due: Due) -> None:
    send(school, "due_save", due, comment="Готовим")

    due.refresh_from_db()
    assert (due.state, due.comment) == (DueState.IN_PROGRESS, "Готовим")


def test_not_applicable_with_a_reason(school: Client, due: Due) -> None:
    refused = send(school, "due_not_applicable", due, reason=" ")
    accepted = send(school, "due_not_applicable", due, reason="Нет девятых классов")

    due.refresh_from_db()
    assert (refused.status_code, accepted.status_code) == (400, 302)
    assert (due.state, due.reason) == (DueState.NOT_APPLICABLE, "Нет девятых классов")


def test_mark_is_taken_back_until_confirmed(school: Client, city: Client, due: Due) -> None:
    report(school, due)
    send(school, "due_take_back", due)
    due.refresh_from_db()
    assert due.state == DueState.IN_PROGRESS

    report(school, due)
    send(city, "due_confirm", due)
    answer = send(school, "due_take_back", due)

    assert answer.status_code == 400
    assert "Исполнение уже подтверждено" in answer.content.decode()


def test_school_reports_for_its_branch(cast: Cast, school: Client, roadmap: Roadmap) -> None:
    due = due_of(roadmap, "2", cast.home.branch)

    report(school, due)

    due.refresh_from_db()
    assert due.state == DueState.DONE


def test_every_due_of_a_task_has_its_own_card(cast: Cast, school: Client, roadmap) -> None:
    task = assignment_of(roadmap, "2", cast.home.school)

    html = school.get(reverse("plans:assignment_detail", args=[task.pk])).content.decode()

    assert len(re.findall(r'id="due-\d+"', html)) == 2
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_proof_is_added_and_removed_until_confirmed(school: Client, city: Client, due: Due) -> None:
    report(school, due)
    send(school, "proof_add", due, link="https://school.test/photo")
    proof = Proof.objects.get()
    school.post(reverse("plans:proof_remove", args=[proof.pk]))
    assert Proof.objects.count() == 0

    nothing = send(school, "proof_add", due)
    send(city, "due_confirm", due)
    late = send(school, "proof_add", due, link="https://school.test/photo")

    assert (nothing.status_code, late.status_code, Proof.objects.count()) == (400, 400, 0)


def test_proof_of_what_is_confirmed_is_not_removed(school: Client, city: Client, due: Due) -> None:
    report(school, due, link="https://school.test/photo")
    send(city, "due_confirm", due)

    answer = school.post(reverse("plans:proof_remove", args=[Proof.objects.get().pk]))

    assert (answer.status_code, Proof.objects.count()) == (400, 1)
    assert "подтверждения менять нельзя" in answer.content.decode()


# --- The assistant ----------------------------------------------------------------------------


def test_assistant_saves_but_does_not_report(cast: Cast, due: Due) -> None:
    assistant = client_of(cast.home.person(Role.ASSISTANT))
    html = shown(assistant, due)

    saved = send(assistant, "due_save", due, comment="Подготовила")
    refused = report(assistant, due)

    assert "Отметить выполнение может ответственный" in html
    assert "Выполнено</button>" not in html
    assert (saved.status_code, refused.status_code) == (302, 403)


# --- The unit above ---------------------------------------------------------------------------


def test_municipality_confirms(school: Client, city: Client, due: Due) -> None:
    report(school, due)

    answer = send(city, "due_confirm", due)

    due.refresh_from_db()
    assert (answer.status_code, due.confirmed_at is not None) == (302, True)
    assert "подтверждено" in shown(school, due)


def test_municipality_returns_and_the_school_reads_why(
    cast: Cast, school: Client, city: Client, due: Due
) -> None:
    report(school, due)
    page = shown(city, due)
    assert "Синицын О. Ю." in page.replace("\u00a0", " ")

    without = send(city, "due_return", due, reason="")
    answer = send(city, "due_return", due, reason="Приложите приказ")

    due.refresh_from_db()
    assert (without.status_code, answer.status_code) == (400, 302)
    assert due.state == DueState.RETURNED
    assert "Приложите приказ" in shown(school, due)


def test_ministry_confirms_a_municipality(cast: Cast, city: Client, roadmap: Roadmap) -> None:
    due = due_of(roadmap, "4", cast.home.city)
    report(city, due)

    answer = send(client_of(cast.home.person(Role.MINISTRY)), "due_confirm", due)

    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("role", "deed", "status"),
    [
        pytest.param(Role.MUNICIPALITY, "due_done", 403, id="above does not report"),
        pytest.param(Role.MINISTRY, "due_save", 403, id="the region does not write"),
        pytest.param(Role.OPERATOR, "due_done", 403, id="the operator not for a school"),
        pytest.param(Role.OPERATOR, "due_confirm", 403, id="the operator does not confirm"),
        pytest.param(Role.SCHOOL, "due_confirm", 403, id="nobody confirms the own work"),
        pytest.param(Role.OBSERVER, "due_save", 403, id="an observer reads"),
        pytest.param(Role.ADMINISTRATOR, "due_return", 403, id="an administrator keeps units"),
        pytest.param(Role.PARTNER, "due_done", 404, id="a partner sees no school"),
    ],
)
def test_reader_may_not_write(cast: Cast, due: Due, role: str, deed: str, status: int) -> None:
    answer = send(client_of(cast.home.person(role)), deed, due, done_on=today(), reason="нет")

    due.refresh_from_db()
    assert (answer.status_code, due.state, due.version) == (status, DueState.NOT_STARTED, 1)


@pytest.mark.parametrize(
    "deed",
    [
        "due_save",
        "due_done",
        "due_not_applicable",
        "due_take_back",
        "due_confirm",
        "due_return",
        "proof_add",
    ],
)
def test_foreign_due_is_absent_and_get_never_writes(cast: Cast, roadmap, deed: str) -> None:
    theirs = publish_roadmap(cast.away.region, [planned("1", PartyKind.SCHOOL, due=in_days(-5))])
    due = due_of(theirs, "1", cast.away.school)
    role = Role.MUNICIPALITY if deed in ("due_confirm", "due_return") else Role.SCHOOL
    client = client_of(cast.home.person(role))

    foreign = send(client, deed, due, done_on=today(), reason="нет", link="https://a.test/")
    absent = client.post(reverse(f"plans:{deed}", args=[10**7]), {"version": 1})
    got = client.get(reverse(f"plans:{deed}", args=[due.pk]))

    assert (foreign.status_code, absent.status_code, got.status_code) == (404, 404, 405)
    assert len(foreign.content) == len(absent.content)


def test_foreign_proof_is_absent(cast: Cast, roadmap: Roadmap, school: Client) -> None:
    theirs = publish_roadmap(cast.away.region, [planned("1", PartyKind.SCHOOL, due=in_days(-5))])
    due = due_of(theirs, "1", cast.away.school)
    their_school = client_of(cast.away.person(Role.SCHOOL))
    send(their_school, "proof_add", due, link="https://a.test/")

    answer = school.post(reverse("plans:proof_remove", args=[Proof.objects.get().pk]))

    assert (answer.status_code, Proof.objects.count()) == (404, 1)


# --- The operator for a partner ---------------------------------------------------------------


def test_operator_reports_for_a_partner_without_a_person(cast: Cast, roadmap: Roadmap) -> None:
    due = due_of(roadmap, "3", cast.home.partner)
    operator = client_of(cast.home.person(Role.OPERATOR))
    while_there_is_a_person = report(operator, due)
    end_appointment(
        appointment=Appointment.objects.get(pk=cast.home.people[Role.PARTNER].pk),
        on=in_days(-1),
        by=SYSTEM,
        now=NOW,
    )

    answer = report(operator, due)

    due.refresh_from_db()
    assert (while_there_is_a_person.status_code, answer.status_code) == (403, 302)
    assert (due.state, due.is_reported_for) == (DueState.DONE, True)
    ministry = client_of(cast.home.person(Role.MINISTRY))
    assert "отчитался региональный оператор" in shown(ministry, due)


@pytest.mark.parametrize("comment", [pytest.param("", id="silent"), "Провели"])
@pytest.mark.parametrize("stands_in", [True, False])
def test_report_for_a_partner_is_marked_so_everywhere(
    cast: Cast, roadmap: Roadmap, comment: str, stands_in: bool
) -> None:
    due = mark_done(
        due=due_of(roadmap, "3", cast.home.partner),
        version=1,
        done_on=today(),
        comment=comment,
        by=cast.home.actor(Role.OPERATOR),
        now=NOW,
        today=today(),
        stands_in=stands_in,
    )
    ministry = client_of(cast.home.person(Role.MINISTRY))

    pages = [
        shown(ministry, due),
        page(ministry, "item_detail", due.assignment.item_id),
        page(ministry, "unit_plan", cast.home.partner.pk),
    ]

    assert [html.count("отчитался региональный оператор") for html in pages] == [stands_in] * 3
