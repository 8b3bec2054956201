"""Every quirk of real documents, in our own plan, read alike from every format."""

from collections import Counter
from functools import cache

import pytest

from plans.readers import read_document
from plans.roadmap_draft import DraftItem, RoadmapDraft, draft_from_document
from plans.services.parties import general_dictionary
from tests.samples import quirks

# Number, index of the section, kind of the deadline (a trailing ^: inherited), its ends, kinds of
# the parties, title. Written down by hand from the rows of the sample.
ITEMS = """
1 - by_date 2024-07-10 person Создать рабочую группу
1.3.2 0 by_date 2024-09-01 region,operator,municipality,school Назначить ответственных в школах
3.4.5 0 window 2024-10-31 operator Обучить навигаторов
3.4.12 0 group Работа по уровням
3.4.12.1 0 whole_period 2025-05-31 school Базовый уровень
3.4.13.3 0 by_date 2024-09-30 school Составить план профориентационной работы школы
4.1.1 2 recurring 2024-12-20,2025-05-25 school Рассказать о предприятиях края
4.1.2 2 recurring^ 2024-12-20,2025-05-25 school^ Рассказать о колледжах
4.2.1 3 external - municipality,school Провести семь событий года: 1) День профессий – 15.10.2024; \
2) Неделя мастеров – 18.11.2024; 3) Ярмарка колледжей – 10.12.2024; 4) Турнир ремёсел – \
23.01.2025; 5) Выставка ремёсел – 20.02.2025; 6) Праздник труда – 28.04.2025; 7) Слёт вожатых – \
22.05.2025
4.3.1 4 continuous - school Вести беседы с родителями
4.4.1 5 on_date 2025-05-28 operator Обобщить опыт школ
4.4.2 5 by_date 2025-06-15 region Подвести итоги
"""
SECTIONS = [
    ("III", "Подготовка"),
    ("5", "Работа с учениками"),
    ("4.1", "Встречи"),
    ("4.2", "События"),
    ("4.3", "Родители"),
    ("4.4", "Итоги"),
]
INDICATORS = {
    "1": ("Одна группа",),
    "1.3.2": ("Число школ",),
    "3.4.5": ("Число обученных",),
    "3.4.12": (),
    "3.4.12.1": ("Число школ",),
    "3.4.13.3": ("Число школ",),
    "4.1.1": ("Число встреч", "Доля охваченных учеников"),
    "4.1.2": ("Число учеников",),
    "4.2.1": ("Число событий",),
    "4.3.1": ("Число бесед",),
    "4.4.1": ("Один сборник",),
    "4.4.2": ("Одна справка",),
}
AS_WRITTEN = {"1.3.2": "1.3. 2.", "3.4.12.1": "3.4.12.1.", "3.4.13.3": "3.4. 13.3 ."}
NAMES = {
    "МОК": "Министерство образования Озёрного края",
    "АРУ": "«Академия развития учителя»",
    "МОУО": "муниципальные органы управления образованием",
    "ОО": "образовательные организации",
}
AIMS = (
    "помочь каждому ученику выбрать дело по душе.",
    "познакомить учеников с предприятиями края",
    "научить школы профориентационной работе.",
)
# Every row of the sample: three heads of two rows, a row torn by a page, a vertical merge.
FATES = """
head head item section item item group item item
head head continuation section section item continuation item section item
head head section item section item item
"""
RUNNING = """
1 0 by_date 2024-09-01 school Назначить ответственных
2 0 by_date 2024-09-20 school Составить планы
3 1 window 2024-10-31 school Провести встречи
4 1 window 2024-11-30 municipality Провести опрос
5 2 by_date 2025-05-25 municipality Собрать сведения
"""
FORMATS = sorted(quirks.FORMATS)
DRAWN = sorted(quirks.FORMATS - {"printed pdf"})  # in which the sample says where pages end
every_format = pytest.mark.parametrize("kind", FORMATS)
drawn_format = pytest.mark.parametrize("kind", DRAWN)
running_format = pytest.mark.parametrize("kind", sorted(quirks.RUNNING_FORMATS))


@pytest.fixture(scope="module")
def draft_of(tmp_path_factory):
    """The draft of the sample in a format, read as a file somebody has loaded."""
    folder = tmp_path_factory.mktemp("quirks")

    @cache
    def read(kind: str, *, running: bool = False) -> RoadmapDraft:
        name, data = (quirks.running_document if running else quirks.document)(kind)
        path = folder / "file"
        path.write_bytes(data)
        document = read_document(path, name=name)
        return draft_from_document(document, dictionary=general_dictionary())

    return read


def line_of(item: DraftItem) -> str:
    """An item as a line of `ITEMS`."""
    place = f"{item.number} {'-' if item.section is None else item.section}"
    if item.group:
        return f"{place} group {item.title}"
    ends = ",".join(str(window.end) for window in item.deadline.windows) or "-"
    kind = item.deadline.kind.value + "^" * item.deadline.inherited
    parties = ",".join(party.kind.value for party in item.responsible.parties)
    return f"{place} {kind} {ends} {parties}{'^' * item.responsible.inherited} {item.title}"


@every_format
def test_quirks_items_are_as_read_by_eye(draft_of, kind):
    assert [line_of(item) for item in draft_of(kind).items] == ITEMS.strip().split("\n")


@every_format
def test_quirks_sections_are_all_found(draft_of, kind):
    assert [(one.number, one.title) for one in draft_of(kind).sections] == SECTIONS


@every_format
def test_quirks_indicators_of_merged_cells_stay_apart(draft_of, kind):
    assert {item.number: item.indicators for item in draft_of(kind).items} == INDICATORS


@drawn_format
def test_quirks_numbers_are_kept_as_written(draft_of, kind):
    written = {item.number: item.number_text for item in draft_of(kind).items}

    assert {number: written[number] for number in AS_WRITTEN} == AS_WRITTEN


@every_format
def test_quirks_word_cut_in_each_cell_of_a_row_is_one_word(draft_of, kind):
    (torn,) = [item for item in draft_of(kind).items if item.number == "3.4.13.3"]

    assert torn.title == "Составить план профориентационной работы школы"
    assert torn.result == "Планы опубликованы на сайтах"


@every_format
def test_quirks_tags_in_cells_are_removed(draft_of, kind):
    (tagged,) = [item for item in draft_of(kind).items if item.number == "1.3.2"]

    assert (tagged.title, tagged.result) == ("Назначить ответственных в школах", "Приказ")


@every_format
def test_quirks_parties_run_together_have_their_full_names(draft_of, kind):
    (joint,) = [item for item in draft_of(kind).items if item.number == "1.3.2"]

    assert [party.name for party in joint.responsible.parties] == list(NAMES.values())


@every_format
def test_quirks_only_the_year_is_asked(draft_of, kind):
    draft = draft_of(kind)

    assert [(doubt.row, doubt.field) for doubt in draft.doubts] == [(None, "period")]
    assert str(draft.plan.start) == "2024-09-01"


@every_format
def test_quirks_preface_is_told_from_the_plan(draft_of, kind):
    draft = draft_of(kind)

    assert draft.title == ("План мероприятий («дорожная карта») по сопровождению выбора профессии")
    assert draft.issuer == "МИНИСТЕРСТВО ОБРАЗОВАНИЯ ОЗЁРНОГО КРАЯ"
    assert draft.basis.as_json() == {"kind": "приказ", "number": "217-п", "date": "2024-06-03"}
    assert draft.aims == AIMS
    assert draft.abbreviations == NAMES


@drawn_format
def test_quirks_every_row_has_its_fate(draft_of, kind):
    assert [row.fate.value for row in draft_of(kind).rows] == FATES.split()
    assert len(FATES.split()) == len(quirks.ROWS)


def test_quirks_rows_cut_by_an_engine_have_their_fates(draft_of):
    fates = Counter(row.fate.value for row in draft_of("printed pdf").rows)
    pages, torn = fates.pop("head") // 2, fates.pop("continuation")

    assert fates == {"item": 11, "group": 1, "section": 6}
    assert pages > 2
    assert torn > 1  # a merged cell, and what the pages cut


@running_format
def test_running_numbers_go_through_the_sections(draft_of, kind):
    draft = draft_of(kind, running=True)

    assert [line_of(item) for item in draft.items] == RUNNING.strip().split("\n")
    assert [(one.number, one.title) for one in draft.sections] == [
        ("1", "Подготовка"),
        ("2", "Работа"),
        ("3", "Итоги"),
    ]
    assert draft.doubts == ()
    assert [row.fate.value for row in draft.rows] == (
        ["head", "section", "item", "item", "section", "item", "item", "section", "item"]
    )
