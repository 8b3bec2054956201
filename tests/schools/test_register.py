"""Loading a register: all or nothing, the service and its pages."""

import io
import time
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from profmin.accounts.roles import Role
from profmin.journal.models import JournalEntry
from profmin.journal.services import SYSTEM
from profmin.lib.errors import RuleBroken
from profmin.lib.spreadsheets import TableRow
from schools.models import OrgUnit, StoredFile, UnitPlace
from schools.services.register import (
    RegisterRefused,
    find_root,
    import_register,
    review_register,
)
from schools.services.tree import TREE_LISTENERS, TreeChange
from schools.services.units import close_unit, path_on, wrong_paths
from tests.factories.cast import NOW, TODAY, make_person
from tests.samples import hostile

HEAD = ("Код", "Наименование", "Муниципалитет", "Вид", "Вышестоящее")
SAME = (
    ("M1", "Город Заречный", "", "муниципалитет", ""),
    ("M2", "Лесной район", "", "муниципалитет", ""),
    ("S1", "МБОУ СОШ № 1", "M1", "СОШ", ""),
    ("S2", "МБОУ «Гимназия № 2»", "M1", "гимназия", ""),
    ("S3", "МБОУ СОШ № 3", "M2", "СОШ", ""),
    ("S4", "МБОУ ООШ № 4", "M2", "ООШ", ""),
    ("S1-1", "Филиал в селе Ольховка", "M1", "филиал", "S1"),
    ("OP", "Институт развития образования", "", "оператор", ""),
    ("PT", "Политехнический колледж", "", "колледж", ""),
)
NEW = (
    ("N1-1", "Филиал в посёлке", "N", "филиал", "N1"),
    ("N1", "МБОУ СОШ № 10", "N", "СОШ", ""),
    ("N", "Новый округ", "", "городской округ", ""),
)


def rows_of(*rows):
    return [TableRow(number, cells) for number, cells in enumerate([HEAD, *rows], 1)]


def load(root, *rows, on=TODAY, by=SYSTEM, seen=""):
    return import_register(
        rows=rows_of(*rows), root=root, on=on, by=by, now=NOW, today=TODAY, seen=seen
    )


def unit_of(region, code):
    return OrgUnit.objects.get(region=region, code=code)


def counts(review):
    return len(review.plan.created), len(review.plan.changed), review.plan.unchanged


@pytest.fixture
def told():
    """What the listeners of the tree hear."""
    heard: list[TreeChange] = []
    TREE_LISTENERS.append(heard.append)
    yield heard
    TREE_LISTENERS.pop()


def test_register_of_what_is_there_changes_nothing(cast):
    before = list(OrgUnit.objects.order_by("pk").values())
    assert counts(load(cast.home.region, *SAME)) == (0, 0, 9)
    assert list(OrgUnit.objects.order_by("pk").values()) == before


def test_new_units_stand_below_their_parents_whatever_the_order(cast):
    region = cast.home.region
    assert counts(load(region, *NEW)) == (3, 0, 0)
    branch = unit_of(region, "N1-1")
    assert [unit.code for unit in (branch, branch.parent, branch.parent.parent)] == [
        "N1-1", "N1", "N",
    ]  # fmt: skip
    assert branch.path.startswith(branch.parent.path)
    assert branch.parent.parent.parent_id == region.pk
    assert branch.parent.founder == "municipal"
    assert UnitPlace.objects.filter(unit=branch).get().path == branch.path
    assert wrong_paths() == 0


def test_same_codes_of_another_region_stay_as_they_are(cast):
    before = list(OrgUnit.objects.filter(region=cast.away.region).order_by("pk").values())
    load(cast.home.region, ("S1", "МБОУ «Лицей № 1»", "M2", "лицей", ""))
    assert list(OrgUnit.objects.filter(region=cast.away.region).order_by("pk").values()) == before


def test_one_error_writes_nothing(cast):
    with pytest.raises(RegisterRefused) as refused:
        load(cast.home.region, *NEW, ("X", "Школа", "M9", "СОШ", ""))
    assert [(error.row, error.column) for error in refused.value.errors] == [(5, "Муниципалитет")]
    assert not OrgUnit.objects.filter(code__in=["N", "N1", "N1-1", "X"]).exists()


def test_foreign_and_absent_municipality_are_refused_alike(cast):
    city = cast.home.city

    def message(code):
        with pytest.raises(RegisterRefused) as refused:
            load(city, ("X", "Школа", code, "СОШ", ""))
        return refused.value.errors[0].message.replace(code, "?")

    assert message("M2") == message("M77")


def test_code_taken_elsewhere_in_the_region_is_refused_without_its_name(cast):
    with pytest.raises(RegisterRefused) as refused:
        load(cast.home.city, ("S3", "Школа", "M1", "СОШ", ""))
    assert [error.message for error in refused.value.errors] == ["Код «S3» занят. Укажите другой."]


def test_moved_and_renamed_school_keeps_its_past(cast):
    home, yesterday = cast.home, TODAY - timedelta(days=1)
    old_path = home.school.path
    review = load(home.region, ("S1", "МБОУ «Лицей № 1»", "M2", "лицей", ""))
    school = unit_of(home.region, "S1")
    branch = unit_of(home.region, "S1-1")
    assert counts(review) == (0, 1, 0)
    assert (school.name, school.parent_id, school.variety) == (
        "МБОУ «Лицей № 1»", home.district.pk, "лицей",
    )  # fmt: skip
    assert branch.path.startswith(home.district.path)
    assert path_on(school, yesterday) == old_path
    assert path_on(school, TODAY) == school.path
    assert path_on(branch, yesterday) == home.branch.path
    old, new = UnitPlace.objects.filter(unit=school).order_by("pk")
    assert (old.name, new.name) == ("МБОУ СОШ № 1", "МБОУ «Лицей № 1»")
    assert (old.parent_id, new.parent_id) == (home.city.pk, home.district.pk)
    assert wrong_paths() == 0


def test_second_change_of_a_day_keeps_one_place_a_day(cast):
    load(cast.home.region, ("S1", "МБОУ «Лицей № 1»", "M2", "СОШ", ""))
    load(cast.home.region, ("S1", "МБОУ «Лицей № 11»", "M1", "СОШ", ""))
    places = UnitPlace.objects.filter(unit=cast.home.school).order_by("pk")
    assert [(place.name, place.parent.code, place.starts_on) for place in places] == [
        ("МБОУ СОШ № 1", "M1", None),
        ("МБОУ «Лицей № 11»", "M1", TODAY),
    ]


def test_school_moves_into_a_municipality_of_the_same_file(cast):
    load(cast.home.region, NEW[2], ("S1", "МБОУ СОШ № 1", "N", "СОШ", ""), *NEW[:2])
    school = unit_of(cast.home.region, "S1")
    assert school.parent.code == "N"
    assert unit_of(cast.home.region, "S1-1").path.startswith(school.path)
    assert wrong_paths() == 0


def test_municipality_that_moves_takes_its_new_school_along(cast):
    review = load(
        cast.home.region,
        ("T", "Северное управление", "", "территориальное управление", ""),
        ("M1", "Город Заречный", "", "муниципалитет", "T"),
        ("N1", "МБОУ СОШ № 10", "M1", "СОШ", ""),
    )
    assert counts(review) == (2, 1, 0)
    assert unit_of(cast.home.region, "N1").path.startswith(unit_of(cast.home.region, "T").path)
    assert wrong_paths() == 0


def test_each_deed_is_in_the_journal(cast):
    by = cast.home.actor(Role.ADMINISTRATOR)
    last = JournalEntry.objects.order_by("pk").last().pk
    load(cast.home.region, NEW[2], ("S1", "МБОУ «Лицей № 1»", "M2", "лицей", ""), by=by)
    rows = JournalEntry.objects.filter(pk__gt=last).order_by("pk")
    assert [(row.action, row.object_name, row.actor_name) for row in rows] == [
        ("unit_opened", "Новый округ", by.name),
        ("unit_renamed", "МБОУ СОШ № 1", by.name),
        ("unit_moved", "МБОУ СОШ № 1", by.name),
        ("unit_described", "МБОУ СОШ № 1", by.name),
        ("register_imported", "Заречная область", by.name),
    ]
    assert rows[2].before == {"parent": "Город Заречный"}
    assert rows[2].after == {"parent": "Лесной район", "on": "2026-10-01"}
    assert rows[3].after == {"variety": "лицей"}


def test_listeners_hear_of_new_and_of_moved_units(cast, told):
    load(cast.home.region, NEW[2], ("S1", "МБОУ СОШ № 1", "M2", "СОШ", ""))
    new, school, branch = (unit_of(cast.home.region, code) for code in ("N", "S1", "S1-1"))
    assert [change.unit_ids for change in told] == [
        (new.pk,),
        tuple(sorted((school.pk, branch.pk))),
    ]


def test_plan_that_is_no_longer_the_seen_one_is_refused(cast):
    seen = review_register(rows=rows_of(*NEW), root=cast.home.region, on=TODAY).mark
    load(cast.home.region, NEW[2])
    with pytest.raises(RuleBroken, match="Пока вы смотрели"):
        load(cast.home.region, *NEW, seen=seen)


def test_plan_that_was_seen_is_loaded(cast):
    seen = review_register(rows=rows_of(*NEW), root=cast.home.region, on=TODAY).mark
    assert counts(load(cast.home.region, *NEW, seen=seen)) == (3, 0, 0)


def test_day_to_come_is_refused(cast):
    with pytest.raises(RuleBroken, match="Дата ещё не наступила"):
        load(cast.home.region, *NEW, on=TODAY + timedelta(days=1))


def test_day_before_the_last_change_is_refused_by_row(cast):
    load(cast.home.region, ("S1", "МБОУ «Лицей № 1»", "M1", "СОШ", ""))
    with pytest.raises(RegisterRefused) as refused:
        load(cast.home.region, ("S1", "Лицей", "M1", "СОШ", ""), on=TODAY - timedelta(days=1))
    assert [(error.row, error.column) for error in refused.value.errors] == [(2, "Код")]


def test_closed_unit_is_never_opened_by_a_register(cast):
    close_unit(unit=cast.home.branch, on=TODAY, by=SYSTEM, now=NOW, today=TODAY)
    with pytest.raises(RegisterRefused) as refused:
        load(cast.home.region, *SAME)
    assert [(error.row, error.column) for error in refused.value.errors] == [(8, "Код")]


def test_school_is_no_place_for_a_register(cast):
    with pytest.raises(RuleBroken, match="в регион или муниципалитет"):
        load(cast.home.school, *NEW)


def test_closed_municipality_takes_no_register(cast):
    for unit in (cast.home.far_school, cast.home.farther_school, cast.home.district):
        close_unit(unit=unit, on=TODAY, by=SYSTEM, now=NOW, today=TODAY)
    with pytest.raises(RuleBroken, match="на эту дату закрыт"):
        load(cast.home.district, ("N", "Школа", "", "СОШ", ""))


def test_root_is_found_by_its_code_and_its_region(cast):
    assert find_root("91") == cast.home.region
    assert find_root("92/M1") == cast.away.city
    with pytest.raises(RuleBroken, match="есть в нескольких регионах"):
        find_root("M1")
    with pytest.raises(RuleBroken, match="в портале нет"):
        find_root("S1")


def big_register(schools=1500, municipalities=60):
    towns = [(f"T{n}", f"Округ {n}", "", "городской округ", "") for n in range(municipalities)]
    units = [
        (f"Ш{n}", f"МБОУ СОШ № {n}", f"T{n % municipalities}", "СОШ", "") for n in range(schools)
    ]
    return [*units, *towns]


def test_register_of_a_region_is_loaded_with_few_statements_and_soon(
    cast, django_assert_max_num_queries
):
    rows = big_register()
    began = time.process_time()
    with django_assert_max_num_queries(200):
        assert counts(load(cast.home.region, *rows)) == (1560, 0, 0)
    assert time.process_time() - began < 5
    moved = [
        (code, name, "T1" if kind == "СОШ" else "", kind, "") for code, name, _, kind, _ in rows
    ]
    began = time.process_time()
    with django_assert_max_num_queries(200):
        assert counts(load(cast.home.region, *moved)) == (0, 1475, 85)
    assert time.process_time() - began < 5
    assert wrong_paths() == 0


# --- Pages ------------------------------------------------------------------------------------


def book_of(*rows) -> io.BytesIO:
    book = openpyxl.Workbook()
    for row in [HEAD, *rows]:
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    made.seek(0)
    made.name = "Реестр 2026.xlsx"
    return made


@pytest.fixture
def admin(cast, sign_in, file_store):
    return sign_in(cast.home.person(Role.ADMINISTRATOR))


def send(client, cast, upload, on=None):
    data = {"file": upload, "unit": cast.home.region.pk, "on": on or timezone.localdate()}
    return client.post(reverse("schools:register_import"), data)


def confirm(client, address):
    form = client.get(address).context["confirm"]
    return client.post(address, {name: form.initial[name] for name in ("seen", "on")})


def test_register_is_loaded_after_the_preview(cast, admin):
    sent = send(admin, cast, book_of(*NEW, ("S1", "МБОУ «Лицей № 1»", "M1", "лицей", "")))
    assert sent.status_code == 302
    page = admin.get(sent.url)
    assert page.status_code == 200
    assert "Создать 3 организации, изменить 1 организацию" in page.content.decode().replace(
        "\u00a0", " "
    )
    assert not OrgUnit.objects.filter(code="N").exists()
    done = confirm(admin, sent.url)
    assert (done.status_code, done.url) == (302, reverse("schools:unit_list"))
    assert unit_of(cast.home.region, "N1-1").parent.code == "N1"
    again = admin.get(sent.url)
    assert "Загружать нечего" in again.content.decode()


@pytest.mark.parametrize("show", ["created", "changed", "missing", "nonsense"])
def test_each_list_of_the_preview_is_shown(cast, admin, show):
    sent = send(admin, cast, book_of(*NEW, ("S1", "МБОУ «Лицей № 1»", "M2", "лицей", "")))
    page = admin.get(f"{sent.url}&show={show}")
    assert page.status_code == 200
    expected = show if show != "nonsense" else "changed"
    assert page.context["shown"].key == expected


def test_errors_are_listed_and_nothing_can_be_confirmed(cast, admin):
    sent = send(admin, cast, book_of(*NEW, ("X", "Школа", "M9", "СОШ", "")))
    page = admin.get(sent.url).content.decode()
    assert "Строка 5" in page
    assert 'id="confirm"' not in page
    done = confirm(admin, sent.url)
    assert done.status_code == 400
    assert not OrgUnit.objects.filter(code="N").exists()


def test_confirmation_without_what_was_seen_does_nothing(cast, admin):
    sent = send(admin, cast, book_of(*NEW))
    assert admin.post(sent.url).status_code == 400
    assert not OrgUnit.objects.filter(code="N").exists()


@pytest.mark.parametrize("what", ["old excel", "encrypted office", "macros", "bomb", "drawing"])
def test_hostile_file_is_refused_beside_its_field(cast, admin, file_store, what):
    upload = io.BytesIO(hostile.files()[what][1])
    upload.name = "реестр.xlsx"
    answer = send(admin, cast, upload)
    assert answer.status_code == 400
    assert answer.context["form"].errors["file"]
    assert not StoredFile.objects.exists()
    assert [path for path in file_store.rglob("*") if path.is_file()] == []


def test_file_that_is_no_table_is_refused_and_forgotten(
    cast, admin, file_store, django_capture_on_commit_callbacks
):
    upload = io.BytesIO(xlsx := book_of().getvalue())
    upload.name = "пусто.xlsx"
    assert xlsx
    empty = openpyxl.Workbook()
    made = io.BytesIO()
    empty.save(made)
    made.seek(0)
    made.name = "пусто.xlsx"
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(admin, cast, made)
    assert answer.status_code == 400
    assert not StoredFile.objects.exists()
    assert [path for path in file_store.rglob("*") if path.is_file()] == []


def test_day_to_come_is_refused_beside_its_field(cast, admin):
    answer = send(admin, cast, book_of(*NEW), on=timezone.localdate() + timedelta(days=1))
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["on"]


def test_foreign_region_is_no_choice(cast, admin):
    data = {"file": book_of(*NEW), "unit": cast.away.region.pk, "on": date(2026, 1, 1)}
    answer = admin.post(reverse("schools:register_import"), data)
    assert list(answer.context["form"].errors) == ["unit"]


def test_administrator_of_a_country_chooses_the_region(cast, sign_in, file_store):
    chief = make_person("chief@country.test", role=Role.ADMINISTRATOR, unit=cast.country)
    client = sign_in(chief.user)
    page = client.get(reverse("schools:register_import"))
    assert set(page.context["form"].fields["unit"].queryset) == {cast.home.region, cast.away.region}
    data = {"file": book_of(*NEW), "unit": cast.away.region.pk, "on": date(2026, 1, 1)}
    assert confirm(client, client.post(reverse("schools:register_import"), data).url).url
    assert OrgUnit.objects.get(code="N1").region == cast.away.region


@pytest.mark.parametrize("on", ["2026-99-99", "вчера", "", "2999-01-01"])
def test_nonsense_of_the_address_is_today(cast, admin, on):
    address = send(admin, cast, book_of(*NEW)).url.split("?")[0]
    page = admin.get(address, {"on": on})
    assert page.context["on"] == timezone.localdate()


def test_foreign_register_does_not_exist(cast, admin, sign_in):
    address = send(admin, cast, book_of(*NEW)).url
    stranger = sign_in(cast.away.person(Role.ADMINISTRATOR))
    assert stranger.get(address).status_code == 404
    assert stranger.post(address).status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_the_administrator_loads_registers(cast, sign_in, role):
    client = sign_in(cast.home.person(role))
    for name in ("register_import", "register_template"):
        assert client.get(reverse(f"schools:{name}")).status_code == 403


def test_sample_is_a_register_that_loads(cast, admin, tmp_path):
    answer = admin.get(reverse("schools:register_template"))
    assert "filename*=utf-8''" in answer["Content-Disposition"]
    path: Path = tmp_path / "образец.xlsx"
    path.write_bytes(answer.content)
    with path.open("rb") as file:
        sent = send(admin, cast, file)
    assert admin.get(sent.url).context["review"].errors == ()


def test_form_page_opens(cast, admin):
    assert admin.get(reverse("schools:register_import")).status_code == 200
