"""The journal on screen: words instead of codes, what one may see, pages back in time."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from profmin.accounts.roles import Role
from profmin.home.journal import changes
from profmin.journal.choices import ACTIONS
from profmin.journal.models import JournalEntry
from profmin.journal.services import SYSTEM, Subject, entry, write_entries, write_entry
from schools.services.units import move_unit, rename_unit
from tests.factories.cast import NOW, TODAY, make_person


def text(answer):
    return answer.content.decode().replace("\u00a0", " ")


def told(answer):
    return [(row["action"], row["entry"].object_name) for row in answer.context["rows"]]


@pytest.fixture
def administrator(cast, sign_in):
    return sign_in(cast.home.person(Role.ADMINISTRATOR))


@pytest.fixture
def renamed(cast):
    by = cast.home.actor(Role.ADMINISTRATOR)
    rename_unit(unit=cast.home.school, name="Лицей № 1", on=TODAY, by=by, now=NOW, today=TODAY)


def test_entry_is_told_in_words(cast, administrator, renamed):
    page = text(administrator.get("/journal/?action=unit_renamed"))
    for words in (
        "Переименована организация",
        "Кукушкин Лев Денисович",
        "администратор",
        "МБОУ СОШ № 1",
        "Лицей № 1",
        "с какого дня",
        "01.10.2026",
    ):
        assert words in page
    assert "unit_renamed" not in re.sub(r"<option[^>]*>|<a [^>]*>", "", page)


def test_school_reads_of_itself_only(cast, sign_in):
    client = sign_in(cast.home.person(Role.SCHOOL))
    assert {name for action, name in told(client.get("/journal/?type=unit"))} == {
        "МБОУ СОШ № 1",
        "Филиал в селе Ольховка",
    }


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.ASSISTANT, Role.PARTNER])
def test_matters_of_people_are_for_those_who_may_see_people(cast, sign_in, role):
    client = sign_in(cast.home.person(role))
    kinds = {row["entry"].object_type for row in client.get("/journal/").context["rows"]}
    assert kinds == {"unit"}


def test_document_on_its_way_is_its_units_own(cast, sign_in):
    city = cast.home.city
    about = Subject("import", 5, "План города", city.pk, city.path)
    write_entry(by=SYSTEM, now=NOW, action="import_started", about=about)
    seen = [
        [name for _, name in told(sign_in(cast.home.person(role)).get("/journal/?type=import"))]
        for role in (Role.MUNICIPALITY, Role.MINISTRY)
    ]
    assert seen == [["План города"], []]


def test_entries_of_no_unit_are_read_by_nobody(cast, administrator):
    write_entry(by=SYSTEM, now=NOW, action="sign_in_refused", about=Subject("user", None, ""))
    assert told(administrator.get("/journal/?action=sign_in_refused")) == []


def test_journal_of_a_unit_follows_it_to_its_new_place(cast, sign_in, renamed):
    """The new municipality reads all of the school; the former one what was in its time."""
    home = cast.home
    move_unit(unit=home.school, parent=home.district, on=TODAY, by=SYSTEM, now=NOW, today=TODAY)
    held = make_person("les@zarechie.test", role=Role.MUNICIPALITY, unit=home.district)
    place = f"/journal/?type=unit&id={home.school.pk}"
    actions = [action for action, _ in told(sign_in(held.user).get(place))]
    assert actions == ["переведена организация", "переименована организация", "открыта организация"]
    former = [action for action, _ in told(sign_in(home.person(Role.MUNICIPALITY)).get(place))]
    assert former == ["переименована организация", "открыта организация"]


def test_journal_of_a_foreign_unit_is_like_that_of_an_absent_one(cast, administrator):
    foreign = administrator.get(f"/journal/?type=unit&id={cast.away.school.pk}")
    absent = administrator.get("/journal/?type=unit&id=999999")
    assert (foreign.status_code, told(foreign)) == (absent.status_code, told(absent)) == (200, [])


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("type=nonsense", id="type"),
        pytest.param("action=nonsense", id="action"),
        pytest.param("from=0001-01-01", id="impossible day"),
        pytest.param("to=9999-12-31", id="last day of time"),
        pytest.param("from=x", id="no day"),
        pytest.param("id=x", id="no number"),
        pytest.param(f"id={'9' * 40}", id="endless number"),
        pytest.param("actor__email=x", id="hidden field"),
    ],
)
def test_journal_refuses_what_it_does_not_know(administrator, query):
    answer = administrator.get(f"/journal/?{query}")
    assert (answer.status_code, told(answer)) == (400, [])


@pytest.mark.parametrize(
    ("query", "said", "mended"),
    [
        pytest.param(
            "type=nonsense&actor=а", "«О чём»: такого значения", "?actor=%D0%B0", id="type"
        ),
        pytest.param("from=x", "«С»:", "?", id="day"),
        pytest.param("id=x&type=unit", "«Номер предмета»:", "?type=unit", id="number"),
        pytest.param("views=some", "«Просмотры контактов»: такого", "?", id="views"),
        pytest.param("sort=name", "«Порядок строк»:", "?", id="order"),
        pytest.param("foo=1&type=unit", "не знает: «foo»", "?type=unit", id="unknown"),
        pytest.param("%E2%80%AE%00b=1", "не знает: «b»", "?", id="unseen signs"),
        pytest.param(f"{'q' * 900}=1", f"не знает: «{'q' * 40}»", "?", id="endless name"),
    ],
)
def test_fault_of_the_address_is_named_with_its_mending(administrator, query, said, mended):
    answer = administrator.get(f"/journal/?{query}")
    assert said in text(answer)
    assert f'href="{mended}">Убрать из адреса' in answer.content.decode()
    assert "<table" not in answer.content.decode()


def test_name_of_a_fault_is_text(administrator):
    answer = administrator.get("/journal/?%3Cscript%3E=1")
    assert "<script>=" not in answer.content.decode()
    assert "«&lt;script&gt;»" in answer.content.decode()


@pytest.fixture
def viewed(cast):
    about = Subject(
        "unit", cast.home.school.pk, "Школа", cast.home.school.pk, cast.home.school.path
    )
    for _ in range(3):
        write_entry(by=SYSTEM, now=NOW, action="contacts_viewed", about=about)


def test_views_of_contacts_are_folded_until_asked_for(cast, administrator, viewed):
    place = f"/journal/?type=unit&id={cast.home.school.pk}"
    folded = administrator.get(place)
    unfolded = administrator.get(f"{place}&views=with")
    by_name = administrator.get(f"{place}&action=contacts_viewed")
    counts = [
        [action for action, _ in told(page)].count("просмотрены контакты")
        for page in (folded, unfolded, by_name)
    ]
    assert counts == [0, 3, 3]
    assert told(folded) == [("открыта организация", "МБОУ СОШ № 1")]
    assert "Свёрнуто: 3 просмотра контактов" in text(folded)
    link = f'?type=unit&amp;id={cast.home.school.pk}&amp;views=with">Показать вместе с просмотрами'
    assert link in folded.content.decode()
    assert ["Свёрнуто" in text(page) for page in (unfolded, by_name)] == [False, False]
    assert "Просмотры контактов: вместе с просмотрами" in text(unfolded)


def test_who_may_not_see_people_is_told_nothing_of_views(cast, sign_in, viewed):
    page = sign_in(cast.home.person(Role.OBSERVER)).get("/journal/?type=unit")
    assert ("Просмотры контактов" in text(page), "Свёрнуто" in text(page)) == (False, False)


def test_many_views_are_not_counted_to_the_end(cast, administrator):
    unit = cast.home.school
    about = Subject("unit", unit.pk, "Школа", unit.pk, unit.path)
    write_entries([entry(by=SYSTEM, now=NOW, action="contacts_viewed", about=about)] * 1001)
    assert "Свёрнуто: больше 1 000 просмотров контактов" in text(administrator.get("/journal/"))


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30])
def test_journal_has_no_page_of_nonsense(administrator, before):
    assert administrator.get(f"/journal/?before={before}").status_code == 404


def test_journal_filters_by_person_and_days(cast, administrator, renamed):
    assert told(administrator.get("/journal/?actor=КУКУШКИН")) == [
        ("переименована организация", "Лицей № 1")
    ]
    day, after = TODAY.isoformat(), (TODAY + timedelta(days=1)).isoformat()
    assert told(administrator.get(f"/journal/?from={day}&to={day}&type=unit"))
    assert told(administrator.get(f"/journal/?from={after}&type=unit")) == []


def test_pages_go_back_in_time_without_gap_or_repetition(cast, administrator):
    about = Subject(
        "unit", cast.home.school.pk, "Школа", cast.home.school.pk, cast.home.school.path
    )
    for _ in range(120):
        write_entry(by=SYSTEM, now=NOW, action="unit_renamed", about=about)
    seen, place = [], "/journal/?action=unit_renamed"
    while place:
        answer = administrator.get(place)
        seen += [row["entry"].pk for row in answer.context["rows"]]
        following = answer.context["next"]
        place = f"/journal/?action=unit_renamed&before={following}" if following else ""
    every = JournalEntry.objects.filter(action="unit_renamed").order_by("-pk")
    assert seen == list(every.values_list("pk", flat=True))


@pytest.mark.parametrize("count", [1, 3])
def test_journal_costs_the_same_for_any_length(
    cast, administrator, django_assert_num_queries, count
):
    about = Subject(
        "unit", cast.home.school.pk, "Школа", cast.home.school.pk, cast.home.school.path
    )
    for _ in range(count):
        write_entry(by=SYSTEM, now=timezone.now(), action="unit_renamed", about=about)
    administrator.get("/journal/")
    with django_assert_num_queries(6):
        administrator.get("/journal/")


@pytest.mark.parametrize(
    ("before", "after", "rows"),
    [
        pytest.param(None, None, [], id="nothing"),
        pytest.param(
            {"name": "СОШ № 1"},
            {"name": "Лицей № 1"},
            [("наименование", "СОШ № 1", "Лицей № 1")],
            id="changed",
        ),
        pytest.param({"name": "А"}, {"name": "А"}, [], id="the same"),
        pytest.param(None, {"role": "school"}, [("роль", "", "ответственный в школе")], id="code"),
        pytest.param(
            {"ends_on": None},
            {"ends_on": "2026-10-04"},
            [("по", "—", "04.10.2026, вс")],
            id="day",
        ),
        pytest.param({"kind": True}, {"kind": False}, [("вид", "да", "нет")], id="yes and no"),
        pytest.param(
            None,
            {"nobody_knows": "x", "what": "3.1: title", "unit": ["а", {"б": 1}]},
            [("что", "", "3.1"), ("организация", "", "а, 1")],
            id="never a code",
        ),
    ],
)
def test_changes_in_words(before, after, rows):
    found = [
        (row["field"], row["before"], row["after"].replace("\u00a0", " "))
        for row in changes(before, after)
    ]
    assert found == rows


def test_every_action_of_the_code_has_a_word():
    root = Path(settings.BASE_DIR)
    services = [*root.glob("*/services/*.py"), *root.glob("profmin/*/*.py")]
    written = re.compile(r'\baction="([a-z_]+)"|(?:by|change|version), "([a-z]+_[a-z_]+)"')
    codes = {
        code
        for path in services
        for found in written.findall(path.read_text())
        for code in found
        if code and not path.is_relative_to(root / "profmin" / "management")
    }
    assert {code for code in codes if code not in ACTIONS} == set()
    assert len(codes) > 20
