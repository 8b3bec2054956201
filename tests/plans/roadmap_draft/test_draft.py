"""The draft as a value: it survives the store and loses no row, whatever the table."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from plans.readers.document import Cell, Document, Paragraph, Row, Table
from plans.roadmap_draft import Fate, RoadmapDraft, draft_from_document
from plans.services.parties import general_dictionary
from tests.plans.roadmap_draft.sheets import HEAD, ORDER, draft, table


def test_draft_survives_the_store():
    read = draft(*ORDER, table(HEAD, "1 | Опрос | октябрь 2024 | ОО", "2 | Беседа | |", "Итого|||"))

    assert RoadmapDraft.from_store(json.loads(json.dumps(read.to_store()))) == read
    empty = draft("Текст")
    assert RoadmapDraft.from_store(json.loads(json.dumps(empty.to_store()))) == empty


WORDS = st.sampled_from(
    [
        *("", "", "1", "1.1", "3.4. 13.3 .", "I. Раздел", "Раздел 2", "Итого", "Сентябрь", "№"),
        *("Мероприятие", "Срок", "до 15.09.2023", "ОО", "МОМО АСОУ", "Орлова А.Б.", "тест"),
        *("(далее – МОМО)", "«", "»", "-", "<b>т", "региональный оператор – ЦОПП", "(", "5)"),
    ]
)
CELLS = st.builds(Cell, st.one_of(WORDS, st.text(max_size=12)), st.integers(1, 4), st.booleans())
ROWS = st.builds(Row, st.lists(CELLS, min_size=1, max_size=6).map(tuple), st.booleans())
HEADS = st.sampled_from(["№", "Мероприятие", "Срок", "Ответственный", "Показатели", "Прочее"])
TABLES = st.builds(
    lambda head, rows: Table((Row(tuple(map(Cell, head))), *rows)),
    st.lists(HEADS, min_size=2, max_size=6),
    st.lists(ROWS, max_size=8),
)
BLOCKS = st.lists(st.one_of(TABLES, st.builds(Paragraph, WORDS)), max_size=4)


@settings(deadline=None)
@given(BLOCKS, st.booleans())
def test_draft_loses_no_row(blocks, grid):
    written = Document(tuple(blocks), grid)

    read = draft_from_document(written, dictionary=general_dictionary(), year=2023)

    rows = [row for one in written.tables for row in one.rows]
    told = [row.fate for row in read.rows]
    sources = [place for item in read.items for place in item.source_rows]
    assert [row.cells for row in read.rows] == [row.texts for row in rows]
    assert told.count(Fate.ITEM) == sum(not item.group for item in read.items)
    assert told.count(Fate.GROUP) == sum(item.group for item in read.items)
    assert len(sources) == len(set(sources))
    assert all(
        told[item.source_rows[0]] is (Fate.GROUP if item.group else Fate.ITEM)
        for item in read.items
    )
    assert RoadmapDraft.from_store(json.loads(json.dumps(read.to_store()))) == read


@settings(deadline=None)
@given(st.lists(ROWS, max_size=10), st.booleans())
def test_draft_of_one_plan_counts_every_row(rows, grid):
    head = Row(tuple(map(Cell, ("№ п/п", "Мероприятие", "Срок", "Ответственный"))))
    written = Document((Table((head, *rows)),), grid)

    read = draft_from_document(written, dictionary=general_dictionary(), year=2023)

    told = [row.fate for row in read.rows]
    kinds = (Fate.HEAD, Fate.CONTINUATION, Fate.DOUBT, Fate.EMPTY)
    others = sum(told.count(fate) for fate in kinds)
    assert len(rows) + 1 == len(read.items) + len(read.sections) + others
