"""Django's admin: one role, rows and choices of one's scope, changes by the services alone."""

import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from plans.choices import PartyKind
from plans.models import PartyEntry
from plans.parties import Party
from plans.services.parties import Target, remember
from profmin.accounts.models import User
from profmin.accounts.roles import Permission, Role
from profmin.journal.models import JournalEntry
from profmin.journal.services import SYSTEM
from schools.models import Appointment, OrgUnit
from schools.services.changes import CHANGED
from tests.factories.admin_pages import (
    change,
    errors_of,
    list_address,
    page_address,
    rows_of,
    sent,
)
from tests.factories.cast import NOW, make_person

MODELS = {
    "schools_orgunit": OrgUnit,
    "schools_appointment": Appointment,
    "accounts_user": User,
    "plans_partyentry": PartyEntry,
    "plans_roadmap": None,
    "journal_journalentry": JournalEntry,
}


@pytest.fixture
def boss(cast, sign_in):
    return sign_in(cast.home.person(Role.ADMINISTRATOR))


@pytest.fixture
def words(cast):
    """The same words in the dictionaries of both regions."""
    return [
        remember(
            region=side.region,
            party=Party(PartyKind.OPERATOR, "ИРО"),
            target=Target(side.operator.pk),
            by=SYSTEM,
            now=NOW,
        )
        for side in (cast.home, cast.away)
    ]


# --- Who and where ----------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_others_find_no_admin(cast, sign_in, role):
    client = sign_in(cast.home.person(role))
    for address in [reverse("admin:index"), *(list_address(model) for model in MODELS)]:
        assert client.get(address).status_code == 404


def test_stranger_is_sent_to_sign_in(client, db):
    answer = client.get(reverse("admin:index"))
    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_login"))


def test_every_address_names_its_permission():
    def walk(patterns):
        for one in patterns:
            if hasattr(one, "url_patterns"):
                yield from walk(one.url_patterns)
            else:
                yield one

    found = list(walk(admin.site.get_urls()))
    assert len(found) > 30
    assert {one.callback.permission for one in found} == {Permission.ADMIN_ENTER}


def test_admin_has_no_sign_in_and_no_way_to_any_object(boss):
    for address in ("login/", "logout/", "password_change/", "r/1/1/"):
        assert boss.get(f"/admin/{address}").status_code == 404


def test_models_are_those_of_the_portal_only():
    assert {model._meta.label_lower for model in admin.site._registry} == {
        *("schools.orgunit", "schools.appointment", "accounts.user", "plans.partyentry"),
        *("plans.roadmap", "journal.journalentry"),
    }


@pytest.mark.parametrize("model", sorted(MODELS))
def test_list_opens_and_shows_rows_of_the_own_region_only(cast, boss, words, model):
    answer = boss.get(list_address(model))
    assert answer.status_code == 200
    region = cast.home.region.path
    assert all(_path(row).startswith(region) for row in rows_of(answer))
    assert bool(rows_of(answer)) == (model != "plans_roadmap")


def _path(row):
    match row:
        case OrgUnit():
            return row.path
        case Appointment():
            return row.unit.path
        case User():
            return row.appointments.get().unit.path
        case PartyEntry():
            return row.region.path
        case _:
            return row.unit_path


def foreign_rows(cast, words):
    return {
        "schools_orgunit": cast.away.school,
        "schools_appointment": cast.away.people[Role.SCHOOL],
        "accounts_user": cast.away.person(Role.SCHOOL),
        "plans_partyentry": words[1],
        "journal_journalentry": JournalEntry.objects.filter(
            unit_path__startswith=cast.away.region.path
        ).first(),
    }


@pytest.mark.parametrize("model", sorted(set(MODELS) - {"plans_roadmap"}))
@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_foreign_row_is_like_an_absent_one(cast, boss, words, model, page):
    row = foreign_rows(cast, words)[model]
    foreign = boss.get(reverse(f"admin:{model}_{page}", args=[row.pk]))
    absent = boss.get(reverse(f"admin:{model}_{page}", args=[987_654_321]))
    assert (foreign.status_code, foreign.content) == (absent.status_code, absent.content)
    assert foreign.status_code in (403, 404)
    assert boss.post(reverse(f"admin:{model}_{page}", args=[row.pk])).status_code in (403, 404)


@pytest.mark.parametrize(
    ("app", "model", "field"),
    [
        ("schools", "orgunit", "parent"),
        ("schools", "orgunit", "successor"),
        ("schools", "appointment", "unit"),
        ("plans", "partyentry", "unit"),
    ],
)
def test_choices_are_searched_in_the_own_region_only(cast, boss, app, model, field):
    answer = boss.get(
        reverse("admin:autocomplete"),
        {"term": "МБОУ", "app_label": app, "model_name": model, "field_name": field},
    )
    found = {int(one["id"]) for one in answer.json()["results"]}
    assert found == {
        unit.pk
        for unit in (
            *(cast.home.school, cast.home.other_school),
            *(cast.home.far_school, cast.home.farther_school),
        )
    }


@pytest.mark.parametrize(
    "query",
    ["password__startswith=p", "email__startswith=a", "appointments__unit__code=S1", "phone=1"],
)
def test_fields_cannot_be_guessed_by_filters(boss, query):
    assert boss.get(f"{list_address('accounts_user')}?{query}").status_code == 400


@pytest.mark.parametrize("model", sorted(MODELS))
def test_nothing_is_deleted_in_bulk(cast, boss, words, model):
    before = MODELS[model].objects.count() if MODELS[model] else 0
    keys = list(MODELS[model].objects.values_list("pk", flat=True)[:5]) if MODELS[model] else [1]
    boss.post(
        list_address(model),
        {"action": "delete_selected", "_selected_action": keys, "post": "yes"},
    )
    assert (MODELS[model].objects.count() if MODELS[model] else 0) == before


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_units_costs_the_same_for_any_number(
    cast, boss, count, django_assert_max_num_queries
):
    for number in range(count):
        make_person(f"n{number}@zarechie.test", role=Role.ASSISTANT, unit=cast.home.school)
    for model in ("schools_orgunit", "schools_appointment", "accounts_user"):
        with django_assert_max_num_queries(10):
            boss.get(list_address(model))


@pytest.mark.parametrize("model", ["schools_orgunit", "schools_appointment", "accounts_user"])
def test_pages_hold_no_inline_script_or_style(cast, boss, model):
    rows = {
        "schools_orgunit": cast.home.school,
        "schools_appointment": cast.home.people[Role.SCHOOL],
        "accounts_user": cast.home.person(Role.SCHOOL),
    }
    for address in (
        reverse("admin:index"),
        list_address(model),
        page_address(model, rows[model].pk),
    ):
        html = boss.get(address).content.decode()
        assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", html) == []
        assert re.findall(r"<style|\sstyle=|\son\w+=\"", html) == []


# --- Units ------------------------------------------------------------------------------------


def test_unit_is_opened_by_the_service(cast, boss):
    answer = boss.post(
        reverse("admin:schools_orgunit_add"),
        {
            "code": "S9",
            "kind": "school",
            "name": "МБОУ СОШ № 9",
            "parent": cast.home.city.pk,
            "variety": "СОШ",
            "founder": "municipal",
            "partner_kind": "",
            "opened_on": "",
        },
    )
    assert answer.status_code == 302
    unit = OrgUnit.objects.get(code="S9")
    assert unit.path.startswith(cast.home.city.path)
    entry = JournalEntry.objects.order_by("pk").last()
    assert (entry.action, entry.object_id, entry.role) == ("unit_opened", unit.pk, "administrator")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        pytest.param({"code": "S1"}, "code", id="taken code"),
        pytest.param({"kind": "branch"}, "parent", id="wrong place"),
        pytest.param({"parent": ""}, "parent", id="no parent"),
        pytest.param({"parent": "foreign"}, "parent", id="foreign parent"),
    ],
)
def test_refusal_stands_beside_its_field_and_nothing_is_written(cast, boss, values, field):
    data = {"code": "S9", "kind": "school", "name": "Школа", "parent": cast.home.city.pk, **values}
    if data["parent"] == "foreign":
        data["parent"] = cast.away.city.pk
    answer = boss.post(reverse("admin:schools_orgunit_add"), data)
    assert answer.status_code == 200
    assert list(errors_of(answer)) == [field]
    assert not OrgUnit.objects.filter(name="Школа").exists()


def test_unit_is_renamed_moved_and_described_at_once(cast, boss):
    today = timezone.localdate()
    yesterday = today - timedelta(days=1)
    answer = change(
        boss,
        "schools_orgunit",
        cast.home.school.pk,
        name="МБОУ «Лицей № 1»",
        parent=cast.home.district.pk,
        variety="лицей",
        on=yesterday.isoformat(),
        reason="Приказ № 7",
    )
    assert answer.status_code == 302
    school, branch = (
        OrgUnit.objects.get(pk=unit.pk) for unit in (cast.home.school, cast.home.branch)
    )
    assert (school.name, school.variety) == ("МБОУ «Лицей № 1»", "лицей")
    assert school.path.startswith(cast.home.district.path)
    assert branch.path.startswith(school.path)
    assert [place.starts_on for place in school.places.order_by("pk")] == [None, yesterday]
    actions = JournalEntry.objects.filter(reason="Приказ № 7").values_list("action", flat=True)
    assert set(actions) == {"unit_renamed", "unit_moved", "unit_described"}


@pytest.mark.parametrize("meanwhile", ["moved", "renamed", "described", "closed"])
def test_page_of_a_unit_changed_meanwhile_writes_nothing(cast, boss, meanwhile):
    school, today = cast.home.other_school, timezone.localdate()
    address = page_address("schools_orgunit", school.pk)
    opened_before = sent(boss.get(address))
    values = {
        "moved": {"parent": cast.home.district.pk},
        "renamed": {"name": "Лицей"},
        "described": {"variety": "лицей"},
        "closed": {"closed_on": today.isoformat()},
    }
    assert change(boss, "schools_orgunit", school.pk, **values[meanwhile]).status_code == 302
    before = list(OrgUnit.objects.order_by("pk").values())
    answer = boss.post(address, {**opened_before, "founder": "private"})
    assert answer.status_code == 200
    assert errors_of(answer) == {"__all__": [CHANGED]}
    assert list(OrgUnit.objects.order_by("pk").values()) == before


def test_unit_saved_as_it_is_changes_nothing(cast, boss):
    before = JournalEntry.objects.count()
    assert change(boss, "schools_orgunit", cast.home.school.pk).status_code == 302
    assert JournalEntry.objects.count() == before


def test_unit_is_closed_merged_and_opened_again(cast, boss):
    day = timezone.localdate().isoformat()
    branch, school, other = cast.home.branch, cast.home.school, cast.home.other_school
    change(boss, "schools_orgunit", branch.pk, closed_on=day)
    change(boss, "schools_orgunit", school.pk, closed_on=day, successor=other.pk)
    school.refresh_from_db()
    branch.refresh_from_db()
    assert (str(school.closed_on), school.successor, str(branch.closed_on)) == (day, other, day)
    change(boss, "schools_orgunit", school.pk, closed_on="", successor="")
    school.refresh_from_db()
    assert (school.closed_on, school.successor) == (None, None)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        pytest.param({"name": "  "}, "name", id="no name"),
        pytest.param({"on": "2999-01-01", "name": "Иначе"}, "on", id="day to come"),
        pytest.param({"successor": "other"}, "closed_on", id="merged without a day"),
        pytest.param({"closed_on": "2026-01-01"}, "closed_on", id="has a branch"),
        pytest.param({"parent": "branch"}, "parent", id="under its own branch"),
    ],
)
def test_refused_change_is_undone_as_a_whole(cast, boss, values, field):
    named = {"other": cast.home.other_school.pk, "branch": cast.home.branch.pk}
    values = {name: named.get(value, value) for name, value in values.items()}
    answer = change(boss, "schools_orgunit", cast.home.school.pk, **{"variety": "иное", **values})
    assert answer.status_code == 200
    assert list(errors_of(answer)) == [field]
    assert OrgUnit.objects.get(pk=cast.home.school.pk).variety == "СОШ"


def test_own_ground_is_only_looked_at(cast, boss):
    answer = boss.get(page_address("schools_orgunit", cast.home.region.pk))
    assert answer.status_code == 200
    assert not answer.context["has_change_permission"]
    assert boss.post(page_address("schools_orgunit", cast.home.region.pk)).status_code == 403


def test_history_of_a_unit_is_its_journal(cast, boss):
    answer = boss.get(
        reverse("admin:schools_orgunit_history", args=[cast.home.school.pk]), follow=True
    )
    assert {row.object_id for row in rows_of(answer)} == {cast.home.school.pk}
