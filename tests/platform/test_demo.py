"""The demo region: loaded once for the whole module, looked at from all sides."""

import json
import stat
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client, override_settings

from plans.choices import DeadlineKind, DueState, ImportState, PartyKind
from plans.models import Assignment, Due, PartyEntry, Proof, Roadmap, RoadmapImport, RoadmapItem
from plans.readers import read_document
from plans.roadmap_draft import RoadmapDraft, draft_from_document
from plans.services.parties import general_dictionary
from plans.services.review import open_questions
from plans.summaries import totals
from profmin.accounts.models import User
from profmin.accounts.roles import Role
from profmin.journal.models import JournalEntry
from profmin.management.demo.dates import Days
from profmin.management.demo.documents import read_demo_document, write_document
from profmin.management.demo.load import DOCUMENTS, accounts_path, load_demo, read_data
from schools.choices import FounderKind, UnitKind
from schools.models import Appointment, OrgUnit, StoredFile
from schools.services.units import wrong_paths

pytestmark = pytest.mark.django_db

FIXTURES = settings.BASE_DIR / "fixtures" / "demo"
TODAY = date(2026, 11, 21)
NEW_YEAR = pytest.param(date(2027, 1, 1), id="new-year")
EXPECTED_DOUBTS = {
    "roadmap_last_year": [],
    "roadmap_region": [("2.5", "deadline"), ("3.2.3", "deadline"), ("4.3", "deadline")],
    "roadmap_municipal": [("2.2", "responsible")],
    "roadmap_draft": [
        ("1.2", "deadline"),
        ("1.3", "responsible"),
        ("2.2", "deadline"),
        ("2.2", "number"),
        ("2.2", "deadline"),
        (None, "items"),
    ],
}


@pytest.fixture(scope="module")
def demo_var(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of its own for what the demo writes."""
    folder = tmp_path_factory.mktemp("demo")
    storages = {name: dict(value) for name, value in settings.STORAGES.items()}
    storages["default"]["OPTIONS"] = {"location": str(folder / "files"), "base_url": None}
    with override_settings(VAR_DIR=folder, FILES_DIR=folder / "files", STORAGES=storages):
        yield folder


@pytest.fixture(scope="module")
def demo(demo_var: Path, django_db_setup: None, django_db_blocker) -> Iterator[list[str]]:
    """The whole demo as of TODAY; answers which parts were loaded."""
    with django_db_blocker.unblock():
        yield load_demo(today=TODAY)
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def kept_accounts(demo: list[str]) -> Iterator[str]:
    """The file of accounts, put back after the test."""
    kept = accounts_path().read_text()
    yield kept
    accounts_path().write_text(kept)


def _draft(name: str, today: date, folder: Path) -> RoadmapDraft:
    document = read_demo_document(FIXTURES / f"{name}.toml", Days(today).words())
    path = folder / "document.docx"
    path.write_bytes(write_document(document))
    words = {row["words"]: PartyKind(row["kind"]) for row in read_data("region")["word"]}
    dictionary = general_dictionary().with_words(words)
    return draft_from_document(read_document(path, name=path.name), dictionary=dictionary)


# --- Documents --------------------------------------------------------------------------------

DAYS = [
    pytest.param(date(2026, 11, 21), id="autumn"),
    NEW_YEAR,
    pytest.param(date(2027, 4, 2), id="spring"),
    pytest.param(date(2027, 5, 30), id="last-days-of-the-year"),
    pytest.param(date(2027, 6, 1), id="first-day-of-the-next-year"),
    pytest.param(date(2026, 9, 1), id="first-of-september"),
    pytest.param(date(2028, 2, 29), id="leap-day"),
]


@pytest.mark.parametrize("today", DAYS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_is_read_with_its_doubts_alone(name: str, today: date, tmp_path: Path) -> None:
    draft = _draft(name, today, tmp_path)

    assert [(doubt.row, doubt.field) for doubt in draft.doubts] == EXPECTED_DOUBTS[name]
    assert draft.plan is not None


@pytest.mark.parametrize("today", DAYS)
def test_half_of_the_running_roadmap_has_passed(today: date, tmp_path: Path) -> None:
    draft = _draft("roadmap_region", today, tmp_path)

    first = [item.deadline.windows[0].end for item in draft.items if item.deadline.windows]
    passed = sum(day < today for day in first) / len(first)
    assert 0.4 < passed < 0.75
    assert draft.plan is not None
    assert draft.plan.year == Days(today).year
    assert all(draft.plan.reach.start <= day <= draft.plan.end for day in first)


def test_running_roadmap_holds_every_kind_of_deadline_and_party(tmp_path: Path) -> None:
    draft = _draft("roadmap_region", TODAY, tmp_path)

    own = [item for item in draft.items if not item.group]
    assert {item.deadline.kind for item in own} == set(DeadlineKind) - {DeadlineKind.WHOLE_PERIOD}
    parties = {party.kind for item in own for party in item.responsible.parties}
    assert parties == set(PartyKind) - {PartyKind.PERSON}
    assert len(own) == 31
    assert len(draft.items) - len(own) == 3
    assert len(draft.sections) == 5


# --- The loaded region ------------------------------------------------------------------------


def test_demo_loads_every_part(demo: list[str]) -> None:
    assert demo == ["Организации", "Люди", "Дорожные карты и отчёты"]


def test_demo_has_its_units(demo: list[str]) -> None:
    kinds = Counter(OrgUnit.objects.values_list("kind", flat=True))

    assert kinds == {
        UnitKind.COUNTRY: 1,
        UnitKind.REGION: 1,
        UnitKind.MUNICIPALITY: 6,
        UnitKind.SCHOOL: 91,
        UnitKind.BRANCH: 8,
        UnitKind.OPERATOR: 1,
        UnitKind.AUTHORITY: 1,
        UnitKind.PARTNER: 8,
    }
    schools = OrgUnit.objects.filter(kind=UnitKind.SCHOOL)
    assert Counter(schools.values_list("founder", flat=True)) == {
        FounderKind.MUNICIPAL: 88,
        FounderKind.STATE: 2,
        FounderKind.PRIVATE: 1,
    }
    assert wrong_paths() == 0


def test_school_opened_in_mid_year_has_what_is_still_due(demo: list[str]) -> None:
    days = Days(TODAY)
    school = OrgUnit.objects.get(code="9002-17")
    dues = Due.objects.filter(assignment__unit=school)

    assert (school.opened_on, days.begins < days.changed < TODAY) == (days.changed, True)
    assert not dues.filter(due_on__lt=days.changed).exists()
    assert dues.filter(state=DueState.DONE, due_on__lt=TODAY).exists()
    assert dues.filter(due_on__gte=TODAY).exists()
    opened = JournalEntry.objects.get(object_type="unit", object_id=school.pk)
    assert (opened.action, opened.role) == ("unit_opened", Role.ADMINISTRATOR)


def test_school_merged_in_mid_year_keeps_its_history(demo: list[str]) -> None:
    days = Days(TODAY)
    school = OrgUnit.objects.get(code="9005-06")
    dues = Due.objects.filter(assignment__unit=school)

    assert school.successor == OrgUnit.objects.get(code="9005-01")
    assert school.closed_on == days.merged
    assert dues.filter(state=DueState.DONE, assignment__roadmap__year=2026).exists()
    assert not dues.filter(due_on__gte=days.merged).exists()
    assert not Appointment.objects.current(TODAY).filter(unit=school).exists()
    entries = JournalEntry.objects.filter(object_type="unit", object_id=school.pk)
    assert list(entries.order_by("pk").values_list("action", flat=True)) == [
        "unit_opened",
        "unit_merged",
    ]


@pytest.mark.parametrize("today", DAYS)
def test_tree_changes_in_what_has_passed_of_the_year(today: date) -> None:
    days = Days(today)

    assert days.published < days.changed < days.merged < today
    assert days.changed.weekday() < 5


@pytest.mark.parametrize("name", DOCUMENTS)
def test_title_is_not_shouted(name: str, tmp_path: Path) -> None:
    draft = _draft(name, TODAY, tmp_path)

    words = f"{draft.title} {draft.issuer}".split()
    assert not [word for word in words if len(word) > 4 and word.isupper()]


def test_demo_has_a_person_of_every_role(demo: list[str]) -> None:
    accounts = json.loads(accounts_path().read_text())

    assert [account["code"] for account in accounts] == Role.values
    assert stat.S_IMODE(accounts_path().stat().st_mode) == 0o600
    for account in accounts:
        assert len(account["password"]) >= 15
        user = User.objects.get(email=account["email"])
        assert user.check_password(account["password"])
        assert user.emailaddress_set.filter(verified=True, primary=True).exists()
    secrets = [account["totp_secret"] for account in accounts if "totp_secret" in account]
    assert len(secrets) == 1


def test_administrator_signs_in_with_the_printed_secret(demo: list[str]) -> None:
    user = User.objects.get(email="administrator@demo.example")
    (account,) = [
        a for a in json.loads(accounts_path().read_text()) if a["code"] == "administrator"
    ]

    factor = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    assert get_adapter().decrypt(TOTP(factor).instance.data["secret"]) == account["totp_secret"]
    codes = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    assert len(RecoveryCodes(codes).get_unused_codes()) == 10


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.ADMINISTRATOR])
def test_home_of_each_role_opens(role: str, demo: list[str]) -> None:
    client = Client()
    client.force_login(User.objects.get(email=f"{role}@demo.example"))

    assert client.get("/").status_code == 200


def test_some_schools_have_nobody_or_somebody_invited(demo: list[str]) -> None:
    held = Appointment.objects.filter(role=Role.SCHOOL).values_list("unit__code", flat=True)
    schools = set(OrgUnit.objects.filter(kind=UnitKind.SCHOOL).values_list("code", flat=True))
    data = read_data("people")["schools"]

    assert sorted(schools - set(held)) == sorted(data["empty"])
    invited = Appointment.objects.invited().values_list("unit__code", flat=True)
    assert sorted(invited) == sorted(data["invited"])
    assert Appointment.objects.exclude(substitutes=None).count() == 1


def test_roadmaps_are_published_by_their_issuers(demo: list[str]) -> None:
    found = Roadmap.objects.published().order_by("pk").values_list("unit__code", "year")

    assert list(found) == [("90", 2025), ("90", 2026), ("9001", 2026)]
    counts = [roadmap.items.duties().count() for roadmap in Roadmap.objects.order_by("pk")]
    assert counts == [8, 31, 12]
    assert not Assignment.objects.filter(dues=None).exists()


def test_each_item_binds_somebody_but_federal_ones(demo: list[str]) -> None:
    assert not RoadmapItem.objects.duties().filter(assignments=None).exists()


def test_branches_are_bound_where_they_are_named(demo: list[str]) -> None:
    bound = Assignment.objects.filter(unit__kind=UnitKind.BRANCH)

    assert set(bound.values_list("item__number", flat=True)) == {"1.6"}
    assert bound.count() == 8


def test_states_of_a_lived_in_year_are_present(demo: list[str]) -> None:
    running = Due.objects.filter(assignment__roadmap__year=2026, assignment__roadmap__unit__code=90)

    assert set(running.values_list("state", flat=True)) == set(DueState)
    assert running.overdue(TODAY).exists()
    assert running.unconfirmed().exists()
    assert running.exclude(confirmed_at=None).exists()
    past = running.filter(due_on__lt=TODAY)
    done = past.filter(state=DueState.DONE).count() / past.count()
    assert 0.5 < done < 0.85


def test_totals_add_up_and_stored_standing_equals_dues(demo: list[str]) -> None:
    for roadmap in Roadmap.objects.all():
        counted = totals(roadmap.assignments.all(), today=TODAY)
        parts = counted.done + counted.late + counted.in_progress + counted.not_started
        assert parts == counted.bound
    for assignment in Assignment.objects.prefetch_related("dues"):
        days = [due.due_on for due in assignment.dues.all() if due.state in _OPEN and due.due_on]
        assert assignment.open_due_on == min(days, default=None)


_OPEN = {DueState.NOT_STARTED, DueState.IN_PROGRESS, DueState.RETURNED}


def test_last_year_is_mostly_done(demo: list[str]) -> None:
    last = Due.objects.filter(assignment__roadmap__year=2025)

    assert last.filter(state=DueState.DONE).count() / last.count() > 0.75
    assert last.overdue(TODAY).exists()


def test_shown_school_has_something_of_everything(demo: list[str]) -> None:
    dues = Due.objects.filter(assignment__unit__code="9001-12")

    states = set(dues.values_list("state", flat=True))
    assert states == set(DueState)
    assert dues.overdue(TODAY).filter(state=DueState.NOT_STARTED).exists()
    assert dues.filter(due_on__gte=TODAY, state=DueState.NOT_STARTED).exists()


def test_operator_reports_for_the_partner_without_a_person(demo: list[str]) -> None:
    reported = Due.objects.filter(is_reported_for=True)
    reporters = set(reported.values_list("reported_by__email", flat=True))

    assert reporters <= {"operator@demo.example"}
    manned = Appointment.objects.filter(role=Role.PARTNER).values("unit_id")
    lonely = OrgUnit.objects.filter(kind=UnitKind.PARTNER).exclude(pk__in=manned)
    assert [unit.code for unit in lonely] == ["90-37"]


def test_item_by_a_schedule_stays_without_a_date(demo: list[str]) -> None:
    items = RoadmapItem.objects.filter(deadline_kind=DeadlineKind.EXTERNAL, roadmap__year=2026)

    assert {item.number: bool(item.windows) for item in items} == {"2.1": False, "5.1": True}


def test_nobodys_doubts_are_lost(demo: list[str]) -> None:
    """Answered ones stand in the journal, the others are still asked."""
    drafts = {source.name.split(" ")[0]: source for source in RoadmapImport.objects.all()}
    waiting = drafts["Проект"]

    assert waiting.state == ImportState.REVIEW
    assert len(waiting.settled) == 1
    assert len(open_questions(waiting)) == 5
    published = RoadmapImport.objects.filter(state=ImportState.PUBLISHED)
    assert [open_questions(source) for source in published] == [[], [], []]
    answered = Counter(JournalEntry.objects.values_list("action", flat=True))
    doubts = sum(len(rows) for name, rows in EXPECTED_DOUBTS.items()) - len(open_questions(waiting))
    assert answered["doubt_settled"] + answered["item_mended"] == doubts


def test_journal_lies_in_the_past_and_names_people(demo: list[str]) -> None:
    entries = JournalEntry.objects.all()

    assert not entries.filter(at__date__gte=TODAY).exists()
    due = entries.filter(object_type__in=["due", "roadmap"]).order_by("pk")
    moments = list(due.values_list("at", flat=True))
    assert moments == sorted(moments)
    assert not entries.filter(object_type="due", actor_id=None).exists()
    assert entries.filter(action="due_confirmed", role=Role.MUNICIPALITY).exists()


def test_proofs_are_links_and_files(demo: list[str]) -> None:
    assert Proof.objects.exclude(link="").count() > 100
    files = StoredFile.objects.filter(proofs__isnull=False)
    assert len(set(files.values_list("content_type", flat=True))) == 3
    assert all(default_storage.exists(file.file.name) for file in files)


def test_partners_are_in_the_dictionary(demo: list[str]) -> None:
    words = {row["words"] for row in tomllib.loads((FIXTURES / "region.toml").read_text())["word"]}

    known = set(PartyEntry.objects.values_list("words", flat=True))
    assert known - words == {"Центр опережающей профессиональной подготовки Приозёрской области"}


def _fingerprint() -> dict[str, object]:
    models = [
        *apps.get_app_config("plans").get_models(),
        *apps.get_app_config("schools").get_models(),
    ]
    counts = {model._meta.label: model._default_manager.count() for model in [*models, User]}
    return {**counts, "journal": JournalEntry.objects.count(), "file": accounts_path().read_bytes()}


def test_second_loading_changes_nothing(demo: list[str]) -> None:
    before = _fingerprint()

    assert load_demo(today=TODAY) == []
    assert load_demo(today=date(2027, 9, 3)) == []
    assert _fingerprint() == before


def test_lost_accounts_are_issued_anew(kept_accounts: str) -> None:
    accounts_path().unlink()

    assert load_demo(today=TODAY) == []
    assert accounts_path().read_text() != kept_accounts
    account = json.loads(accounts_path().read_text())[0]
    assert User.objects.get(email=account["email"]).check_password(account["password"])
