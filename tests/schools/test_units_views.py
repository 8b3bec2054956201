"""Pages of organisations: what each role finds, what strangers do not, what changes say."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from profmin.accounts.roles import Role
from profmin.journal.models import JournalEntry
from profmin.journal.services import SYSTEM
from schools.choices import UnitKind
from schools.models import Appointment, OrgUnit
from schools.services.units import UnitCard, close_unit, merge_unit, open_unit, open_units
from tests.factories.cast import NOW, TODAY, make_person


@pytest.fixture
def administrator(cast, sign_in):
    return sign_in(cast.home.person(Role.ADMINISTRATOR))


def names(answer):
    return [row.unit.name for row in answer.context["rows"]]


def text(answer):
    return answer.content.decode().replace("\u00a0", " ")


def day(value):
    return value.isoformat()


# --- The register -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        pytest.param(
            Role.MUNICIPALITY,
            ["Город Заречный", "МБОУ «Гимназия № 2»", "МБОУ СОШ № 1", "Филиал в селе Ольховка"],
            id="municipality",
        ),
        pytest.param(Role.SCHOOL, ["МБОУ СОШ № 1", "Филиал в селе Ольховка"], id="school"),
        pytest.param(Role.PARTNER, ["Политехнический колледж"], id="partner"),
    ],
)
def test_register_lists_the_own_subtree(cast, sign_in, role, shown):
    answer = sign_in(cast.home.person(role)).get("/units/")
    assert sorted(names(answer)) == sorted(shown)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        pytest.param("kind=partner", ["Политехнический колледж"], id="kind"),
        pytest.param("q=гимн", ["МБОУ «Гимназия № 2»"], id="word in another case"),
        pytest.param("q=ГИМНАЗИЯ+мбоу", ["МБОУ «Гимназия № 2»"], id="two words"),
        pytest.param("q=S3", ["МБОУ СОШ № 3"], id="code"),
        pytest.param("q=.*", [], id="signs of patterns are letters"),
        pytest.param("state=closed", ["МБОУ ООШ № 4"], id="closed"),
        pytest.param(
            "kind=school&people=none",
            ["МБОУ «Гимназия № 2»", "МБОУ СОШ № 3"],
            id="without a responsible",
        ),
        pytest.param(
            "kind=school&founder=municipal&sort=-code",
            ["МБОУ ООШ № 4", "МБОУ СОШ № 3", "МБОУ «Гимназия № 2»", "МБОУ СОШ № 1"],
            id="sorted backwards",
        ),
    ],
)
def test_register_filters(cast, administrator, query, shown):
    close_unit(unit=cast.home.farther_school, on=TODAY, by=SYSTEM, now=NOW, today=TODAY)
    answer = administrator.get(f"/units/?{query}")
    assert (answer.status_code, names(answer)) == (200, shown)


def test_register_finds_yo_by_ye(cast, administrator):
    card = UnitCard("S8", "СОШ с. Берёзовка", UnitKind.SCHOOL)
    open_unit(parent=cast.home.city, card=card, by=SYSTEM, now=NOW, today=TODAY)
    assert names(administrator.get("/units/?q=березовка")) == ["СОШ с. Берёзовка"]


def test_register_filters_by_municipality(cast, administrator):
    answer = administrator.get(f"/units/?place={cast.home.district.pk}&kind=school")
    assert names(answer) == ["МБОУ ООШ № 4", "МБОУ СОШ № 3"]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("kind=nonsense", id="value outside the list"),
        pytest.param("sort=closed_on", id="order by a hidden field"),
        pytest.param("parent__name__startswith=М", id="name outside the list"),
        pytest.param("place=999999", id="absent municipality"),
        pytest.param("place=x", id="not a number"),
    ],
)
def test_register_refuses_what_it_does_not_know(administrator, query):
    answer = administrator.get(f"/units/?{query}")
    assert (answer.status_code, names(answer)) == (400, [])


def test_foreign_municipality_in_the_filter_is_like_an_absent_one(cast, administrator):
    foreign = administrator.get(f"/units/?place={cast.away.city.pk}")
    absent = administrator.get("/units/?place=999999")
    assert foreign.status_code == absent.status_code == 400
    assert str(foreign.context["filters"].errors) == str(absent.context["filters"].errors)


@pytest.mark.parametrize("page", ["0", "-1", "999999999999999999999", "x"])
def test_register_survives_any_page_number(administrator, page):
    assert administrator.get(f"/units/?page={page}").status_code == 200


def test_register_says_what_to_do_when_nothing_is_found(administrator):
    assert "Ничего не нашлось" in text(administrator.get("/units/?q=небывалое"))


def test_register_shows_substitutes_and_the_missing(cast, administrator):
    page = text(administrator.get("/units/?kind=school"))
    assert "Синицын Олег Юрьевич" in page
    assert "не назначен" in page


def add_schools(cast, count):
    cards = [UnitCard(f"Q{n}", f"СОШ № {n + 100}", UnitKind.SCHOOL) for n in range(count)]
    schools = open_units(parent=cast.home.district, cards=cards, by=SYSTEM, now=NOW, today=TODAY)
    for number, school in enumerate(schools):
        make_person(f"zam{number}@zarechie.test", role=Role.SCHOOL, unit=school)


@pytest.mark.parametrize("count", [1, 3])
def test_register_costs_the_same_for_any_length(
    cast, administrator, django_assert_num_queries, count
):
    add_schools(cast, count)
    administrator.get("/units/")
    with django_assert_num_queries(10):
        administrator.get("/units/?kind=school")


# --- One organisation -------------------------------------------------------------------------


def test_unit_page_tells_passport_people_and_below(cast, administrator):
    answer = administrator.get(f"/units/{cast.home.school.pk}/")
    page = text(answer)
    for words in (
        "МБОУ СОШ № 1",
        "муниципальная",
        "Синицын Олег Юрьевич",
        "school@zarechie.test",
        "Филиал в селе Ольховка",
        "1 филиал",
    ):
        assert words in page
    titles = [crumb["title"] for crumb in answer.context["crumbs"]]
    assert titles == ["Заречная область", "Город Заречный"]


def test_crumbs_lead_only_where_one_may_go(cast, sign_in):
    answer = sign_in(cast.home.person(Role.SCHOOL)).get(f"/units/{cast.home.branch.pk}/")
    assert [crumb["title"] for crumb in answer.context["crumbs"]] == ["МБОУ СОШ № 1"]


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        pytest.param(Role.MUNICIPALITY, True, id="municipality"),
        pytest.param(Role.SCHOOL, True, id="school"),
        pytest.param(Role.ASSISTANT, False, id="assistant"),
        pytest.param(Role.OBSERVER, False, id="observer"),
    ],
)
def test_contacts_are_for_those_who_may_see_people(cast, sign_in, role, seen):
    page = text(sign_in(cast.home.person(role)).get(f"/units/{cast.home.school.pk}/"))
    assert "Чижова Дарья Львовна" in page
    assert ("assistant@zarechie.test" in page) is seen


def test_view_of_contacts_is_noted_once_a_day(cast, sign_in):
    client = sign_in(cast.home.person(Role.MUNICIPALITY))
    for _ in range(3):
        client.get(f"/units/{cast.home.school.pk}/")
    client.get(f"/units/{cast.home.other_school.pk}/")
    entry = JournalEntry.objects.get(action="contacts_viewed")
    assert (entry.object_id, entry.actor_name) == (cast.home.school.pk, "Соколова Вера Павловна")


def test_own_contacts_are_nobodys_business(cast, sign_in):
    client = sign_in(cast.home.person(Role.MUNICIPALITY))
    client.get(f"/units/{cast.home.city.pk}/")
    assert not JournalEntry.objects.filter(action="contacts_viewed").exists()


def test_missing_responsible_is_shown_to_whoever_may_appoint(cast, sign_in):
    client = sign_in(cast.home.person(Role.MUNICIPALITY))
    page = text(client.get(f"/units/{cast.home.other_school.pk}/"))
    assert "Ответственный не назначен" in page
    assert f"/people/appoint/?unit={cast.home.other_school.pk}" in page


def test_merged_unit_says_where_it_went(cast, administrator):
    home = cast.home
    merge_unit(unit=home.far_school, into=home.school, on=TODAY, by=SYSTEM, now=NOW, today=TODAY)
    page = text(administrator.get(f"/units/{home.far_school.pk}/"))
    assert "Присоединена: МБОУ СОШ № 1." in page
    assert "Присоединена" in text(administrator.get(f"/units/{home.school.pk}/"))


@pytest.mark.parametrize(
    "suffix", ["", "rename/", "move/", "merge/", "close/", "reopen/"], ids=lambda one: one or "page"
)
def test_foreign_and_absent_units_do_not_exist(cast, administrator, suffix):
    foreign = administrator.get(f"/units/{cast.away.school.pk}/{suffix}")
    absent = administrator.get(f"/units/999999/{suffix}")
    assert (foreign.status_code, foreign.content) == (404, absent.content)


def test_school_does_not_see_its_sibling(cast, sign_in):
    client = sign_in(cast.home.person(Role.SCHOOL))
    assert client.get(f"/units/{cast.home.other_school.pk}/").status_code == 404
    assert client.get(f"/units/{cast.home.city.pk}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_unit_page_costs_the_same_for_any_number_below(
    cast, administrator, django_assert_num_queries, count
):
    add_schools(cast, count)
    administrator.get(f"/units/{cast.home.district.pk}/")
    with django_assert_num_queries(16):
        administrator.get(f"/units/{cast.home.district.pk}/")


# --- Changes of the tree ----------------------------------------------------------------------


def test_new_unit_opens_below_its_parent(cast, administrator):
    data = {"parent": cast.home.city.pk, "kind": "school", "name": "МБОУ СОШ № 7", "code": "S7"}
    answer = administrator.post("/units/new/", data)
    school = OrgUnit.objects.get(code="S7")
    assert (answer.status_code, answer.url) == (302, f"/units/{school.pk}/")
    assert school.parent == cast.home.city


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"code": "S1"}, "code", id="code taken"),
        pytest.param({"name": ""}, "name", id="no name"),
        pytest.param({"kind": "branch"}, "parent", id="kind below a municipality"),
        pytest.param({"kind": "partner"}, "partner_kind", id="partner of no kind"),
        pytest.param({"opened_on": "0001-01-01"}, "opened_on", id="impossible day"),
    ],
)
def test_new_unit_refusal_stands_at_its_field(cast, administrator, changes, field):
    data = {"parent": cast.home.city.pk, "kind": "school", "name": "МБОУ СОШ № 7", "code": "S7"}
    answer = administrator.post("/units/new/", data | changes)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]


def test_new_unit_below_a_foreign_parent_is_like_below_none(cast, administrator):
    data = {"kind": "school", "name": "МБОУ СОШ № 7", "code": "S7"}
    foreign, absent = (
        administrator.post("/units/new/", data | {"parent": parent})
        for parent in (cast.away.city.pk, 999999)
    )
    assert foreign.status_code == absent.status_code == 400
    assert foreign.context["form"].errors == absent.context["form"].errors


def test_new_unit_page_of_one_parent_offers_fitting_kinds(cast, administrator):
    form = administrator.get(f"/units/new/?parent={cast.home.school.pk}").context["form"]
    assert form.fields["kind"].choices == [("branch", "филиал")]
    assert administrator.get(f"/units/new/?parent={cast.away.city.pk}").status_code == 404
    assert administrator.get("/units/new/?parent=x").status_code == 404


def test_rename_asks_with_the_consequence_and_does_it(cast, administrator):
    place = f"/units/{cast.home.school.pk}/rename/"
    assert "Прошлые периоды сохранят прежнее" in text(administrator.get(place))
    today = timezone.localdate()
    answer = administrator.post(place, {"name": "Лицей № 1", "on": day(today)})
    assert answer.url == f"/units/{cast.home.school.pk}/"
    page = text(administrator.get(answer.url))
    assert "Наименование изменено." in page
    assert "История" in page


def test_refusal_of_a_service_stands_at_its_field(cast, administrator):
    tomorrow = timezone.localdate() + timedelta(days=1)
    answer = administrator.post(
        f"/units/{cast.home.school.pk}/rename/", {"name": "Лицей № 1", "on": day(tomorrow)}
    )
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["on"]


def test_move_takes_the_school_to_another_municipality(cast, administrator):
    place = f"/units/{cast.home.school.pk}/move/"
    assert "1 филиал" in text(administrator.get(place))
    administrator.post(place, {"parent": cast.home.district.pk, "on": day(timezone.localdate())})
    assert OrgUnit.objects.get(pk=cast.home.school.pk).parent == cast.home.district


def test_moved_school_is_at_once_a_stranger_to_its_former_municipality(
    cast, sign_in, administrator
):
    former = sign_in(cast.home.person(Role.MUNICIPALITY))
    assert former.get(f"/units/{cast.home.school.pk}/").status_code == 200
    administrator.post(
        f"/units/{cast.home.school.pk}/move/",
        {"parent": cast.home.district.pk, "on": day(timezone.localdate())},
    )
    assert former.get(f"/units/{cast.home.school.pk}/").status_code == 404


def test_move_offers_only_fitting_parents_of_ones_own(cast, administrator):
    form = administrator.get(f"/units/{cast.home.school.pk}/move/").context["form"]
    offered = {unit.pk for unit in form.fields["parent"].queryset}
    assert offered == {cast.home.region.pk, cast.home.district.pk}


def test_merge_and_reopen(cast, administrator):
    place = f"/units/{cast.home.school.pk}/"
    data = {"into": cast.home.other_school.pk, "on": day(timezone.localdate()), "reason": "№ 5"}
    administrator.post(f"{place}merge/", data)
    assert OrgUnit.objects.get(pk=cast.home.school.pk).successor == cast.home.other_school
    assert "остаются там" in text(administrator.get(f"{place}reopen/"))
    administrator.post(f"{place}reopen/", {"reason": "ошибка"})
    assert OrgUnit.objects.get(pk=cast.home.school.pk).closed_on is None


def test_close_names_the_people_who_lose_their_work(cast, administrator):
    place = f"/units/{cast.home.school.pk}/close/"
    page = text(administrator.get(place))
    assert "Сначала закройте или переведите подчинённые: 1 филиал." in page
    assert "2 человека больше не смогут работать" in page
    answer = administrator.post(place, {"on": day(timezone.localdate())})
    assert answer.status_code == 400


def test_close_ends_the_rights_of_its_people(cast, sign_in, administrator):
    held = make_person("zam3@zarechie.test", role=Role.SCHOOL, unit=cast.home.far_school)
    client = sign_in(held.user)
    assert client.get("/units/").status_code == 200
    administrator.post(
        f"/units/{cast.home.far_school.pk}/close/", {"on": day(timezone.localdate())}
    )
    assert client.get("/units/").status_code == 403


@pytest.mark.parametrize("deed", ["move", "merge", "close", "reopen"])
def test_nobody_moves_the_ground_one_stands_on(cast, administrator, deed):
    assert administrator.get(f"/units/{cast.home.region.pk}/{deed}/").status_code == 403


@pytest.mark.parametrize("deed", ["rename", "move", "merge", "close", "reopen"])
@pytest.mark.parametrize("role", [Role.MINISTRY, Role.MUNICIPALITY, Role.OBSERVER])
def test_changes_are_for_administrators(cast, sign_in, role, deed):
    client = sign_in(cast.home.person(role))
    place = f"/units/{cast.home.school.pk}/{deed}/"
    assert {client.get(place).status_code, client.post(place).status_code} == {403}


def test_looking_changes_nothing_but_the_log_of_contacts(cast, administrator):
    places = [
        f"/units/{cast.home.school.pk}/{deed}"
        for deed in ("", "rename/", "move/", "merge/", "close/", "reopen/")
    ]
    before = list(OrgUnit.objects.values()), list(Appointment.objects.values())
    for place in (*places, "/units/", "/units/new/"):
        administrator.get(place)
    assert before == (list(OrgUnit.objects.values()), list(Appointment.objects.values()))
    added = JournalEntry.objects.exclude(action__in=["unit_opened", "person_appointed"])
    assert [entry.action for entry in added] == ["contacts_viewed"]


def test_hostile_name_stays_text(cast, administrator):
    name = '<script>alert(1)</script> " onmouseover="x'
    administrator.post(
        f"/units/{cast.home.school.pk}/rename/",
        {"name": name, "on": day(timezone.localdate())},
    )
    for place in ("/units/", f"/units/{cast.home.school.pk}/", "/journal/"):
        page = administrator.get(place).content.decode()
        assert "<script>alert" not in page
        assert 'onmouseover="x' not in page


# --- What it carries out ----------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role != Role.PARTNER])
def test_page_of_a_unit_holds_its_plan_as_a_link_which_htmx_replaces(cast, sign_in, role):
    client = sign_in(cast.home.person(role))
    html = client.get(f"/units/{cast.home.school.pk}/").content.decode()
    place = reverse("plans:unit_plan", args=[cast.home.school.pk])
    assert f'<p hx-get="{place}" hx-trigger="load" hx-swap="outerHTML">' in html
    assert f'<a href="{place}">Поручения организации' in html
    part = client.get(place, headers={"HX-Request": "true"})
    assert (part.status_code, "<html" in part.content.decode()) == (200, False)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        pytest.param("kind=planet", "«Вид»: такого значения нет", id="value"),
        pytest.param("place=999999", "«Муниципалитет»: такого значения нет", id="absent"),
        pytest.param("parent__code=1", "не знает: «parent__code»", id="name"),
    ],
)
def test_register_names_what_it_does_not_know(cast, administrator, query, said):
    answer = administrator.get(f"/units/?{query}&state=working")
    assert (answer.status_code, said in text(answer)) == (400, True)
    assert 'href="?state=working">Убрать из адреса' in answer.content.decode()
