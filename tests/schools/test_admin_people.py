"""Django's admin: appointments, people, the dictionary, the journal."""

from datetime import date

import pytest
from django.urls import reverse

from plans.models import PartyEntry
from profmin.accounts.roles import Role
from profmin.journal.models import JournalEntry
from profmin.journal.services import SYSTEM
from schools.choices import Rank
from schools.models import Appointment
from schools.services.appointments import Post, invite_and_appoint
from tests.factories.admin_pages import change, errors_of, page_address
from tests.factories.cast import NOW, make_person
from tests.factories.letters import delivered


@pytest.fixture
def boss(cast, sign_in):
    return sign_in(cast.home.person(Role.ADMINISTRATOR))


# --- People -----------------------------------------------------------------------------------

POST = {
    "role": "assistant",
    "post": "педагог",
    "rank": Rank.SPECIALIST,
    "starts_on": "2026-09-01",
    "ends_on": "",
    "act_number": "",
    "act_date": "",
    "act_link": "",
}


def appoint(client, unit, **values):
    data = {"email": "new@zarechie.test", "full_name": "Воронова Яна Игоревна", "unit": unit.pk}
    return client.post(reverse("admin:schools_appointment_add"), {**data, **POST, **values})


def test_person_is_appointed_with_a_letter(cast, boss):
    assert appoint(boss, cast.home.school).status_code == 302
    held = Appointment.objects.get(user__email="new@zarechie.test")
    assert (held.unit, held.role, held.is_accepted) == (cast.home.school, "assistant", False)
    assert [letter.to for letter in delivered()] == [["new@zarechie.test"]]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        pytest.param({"role": "ministry"}, "role", id="wrong place"),
        pytest.param({"role": "school"}, "rank", id="rank"),
        pytest.param({"ends_on": "2026-08-01"}, "ends_on", id="ends before it starts"),
        pytest.param({"email": "assistant@zarechie.test"}, "email", id="twice"),
    ],
)
def test_refused_appointment_is_not_made(cast, boss, values, field):
    before = Appointment.objects.count()
    answer = appoint(boss, cast.home.school, **values)
    assert list(errors_of(answer)) == [field]
    assert Appointment.objects.count() == before


def test_nobody_is_appointed_in_a_foreign_unit(cast, boss):
    answer = appoint(boss, cast.away.school)
    assert list(errors_of(answer)) == ["unit"]


def test_appointment_is_ended(cast, boss):
    held = cast.home.people[Role.ASSISTANT]
    answer = change(boss, "schools_appointment", held.pk, ends_on="2026-10-31", reason="Уволена")
    assert answer.status_code == 302
    held.refresh_from_db()
    assert held.ends_on == date(2026, 10, 31)
    entry = JournalEntry.objects.order_by("pk").last()
    assert (entry.action, entry.reason) == ("appointment_ended", "Уволена")


def test_appointment_saved_as_it_is_changes_nothing(cast, boss):
    before = JournalEntry.objects.count()
    held = cast.home.people[Role.ASSISTANT]
    assert change(boss, "schools_appointment", held.pk).status_code == 302
    assert JournalEntry.objects.count() == before


def test_name_of_somebody_from_elsewhere_is_not_shown_before_agreement(cast, boss):
    stranger = cast.away.person(Role.SCHOOL)
    invite_and_appoint(
        email=stranger.email,
        full_name="Кто-то Другой",
        unit=cast.home.school,
        post=Post("observer", "эксперт", Rank.SPECIALIST, date(2026, 9, 1)),
        by=SYSTEM,
        now=NOW,
        scope=cast.home.access(Role.ADMINISTRATOR).scope,
    )
    held = Appointment.objects.order_by("pk").last()
    page = boss.get(page_address("schools_appointment", held.pk)).content.decode()
    assert "Кто-то Другой" in page
    assert f"({stranger.email})" not in page
    assert boss.get(page_address("accounts_user", stranger.pk)).status_code == 404


def test_person_is_blocked_and_let_in_again(cast, boss):
    person = cast.home.person(Role.ASSISTANT)
    change(boss, "accounts_user", person.pk, is_active=False, reason="Проверка")
    person.refresh_from_db()
    assert not person.is_active
    change(boss, "accounts_user", person.pk, is_active=True)
    person.refresh_from_db()
    assert person.is_active
    actions = JournalEntry.objects.filter(object_id=person.pk, object_type="user")
    assert [row.action for row in actions.order_by("pk")][-2:] == [
        "person_blocked",
        "person_unblocked",
    ]


def test_person_who_works_elsewhere_too_is_not_blocked(cast, boss):
    person = cast.home.person(Role.ASSISTANT)
    make_person(person.email, role=Role.ASSISTANT, unit=cast.away.school)
    answer = change(boss, "accounts_user", person.pk, is_active=False)
    assert list(errors_of(answer)) == ["__all__"]
    person.refresh_from_db()
    assert person.is_active


def test_looking_at_contacts_is_written_down(cast, boss):
    boss.get(page_address("accounts_user", cast.home.person(Role.SCHOOL).pk))
    entry = JournalEntry.objects.order_by("pk").last()
    assert (entry.action, entry.object_id) == ("contacts_viewed", cast.home.school.pk)


# --- Dictionaries and records -----------------------------------------------------------------


def test_words_are_added_changed_and_taken_out(cast, boss):
    data = {
        "region": cast.home.region.pk,
        "words": "Центр «Старт»",
        "kind": "operator",
        "unit": cast.home.operator.pk,
        "partner_kind": "",
    }
    assert boss.post(reverse("admin:plans_partyentry_add"), data).status_code == 302
    entry = PartyEntry.objects.get()
    assert (entry.words, entry.unit, entry.region) == (
        "Центр «Старт»",
        cast.home.operator,
        cast.home.region,
    )
    again = boss.post(reverse("admin:plans_partyentry_add"), data)
    assert list(errors_of(again)) == ["words"]
    change(boss, "plans_partyentry", entry.pk, kind="partner", unit=cast.home.partner.pk)
    entry.refresh_from_db()
    assert (entry.kind, entry.unit) == ("partner", cast.home.partner)
    boss.post(reverse("admin:plans_partyentry_delete", args=[entry.pk]), {"post": "yes"})
    assert not PartyEntry.objects.exists()
    actions = JournalEntry.objects.filter(object_type="party").order_by("pk")
    assert [row.action for row in actions] == [
        "party_remembered",
        "party_remembered",
        "party_forgotten",
    ]


def test_words_of_a_foreign_region_are_not_added(cast, boss):
    data = {"region": cast.away.region.pk, "words": "Центр", "kind": "operator", "unit": ""}
    answer = boss.post(reverse("admin:plans_partyentry_add"), data)
    assert list(errors_of(answer)) == ["region"]


def test_journal_is_only_read(cast, boss):
    row = JournalEntry.objects.filter(unit_path__startswith=cast.home.region.path).first()
    address = page_address("journal_journalentry", row.pk)
    assert boss.get(address).status_code == 200
    assert boss.post(address, {"reason": "иначе"}).status_code == 403
    assert boss.get(reverse("admin:journal_journalentry_add")).status_code == 403
    assert boss.get(reverse("admin:journal_journalentry_history", args=[row.pk])).status_code == 200


def test_looking_at_oneself_is_not_written_down(cast, boss):
    before = JournalEntry.objects.count()
    boss.get(page_address("accounts_user", cast.home.person(Role.ADMINISTRATOR).pk))
    assert JournalEntry.objects.count() == before
