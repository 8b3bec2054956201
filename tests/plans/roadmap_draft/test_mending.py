"""A field in other words is read again, and its doubts go."""

from datetime import date

import pytest

from plans.choices import PartyKind
from plans.roadmap_draft import Doubt, mend_item
from plans.services.parties import general_dictionary
from tests.plans.roadmap_draft.sheets import HEAD, TITLE, asked, draft, plan, table


def test_mend_item_reads_a_deadline_again():
    read = plan("1 | Опрос | когда-нибудь | ОО")
    assert asked(read) == [("1", "deadline")]

    mended = mend_item(read, 0, "deadline", " до 25 мая ", dictionary=general_dictionary())

    assert mended.items[0].deadline.windows[0].end == date(2024, 5, 25)
    assert mended.doubts == ()


def test_mend_item_reads_parties_with_the_documents_words():
    read = draft(
        "Заречный институт развития образования (далее – ЗИР)",
        TITLE,
        table(HEAD, "1 | Опрос | май | Вымпел"),
    )

    mended = mend_item(read, 0, "responsible", "ЗИР, Вымпел-2", dictionary=general_dictionary())

    assert [(party.kind, party.name) for party in mended.items[0].responsible.parties] == [
        (PartyKind.OPERATOR, "Заречный институт развития образования")
    ]
    assert mended.doubts == (
        Doubt("1", "responsible", "Не распознано в графе ответственных: «Вымпел-2».", 1, 0),
    )


@pytest.mark.parametrize(
    ("field", "text", "values"),
    [
        ("title", " Тест ", {"title": "Тест"}),
        ("number", "1. 2.", {"number": "1.2", "number_text": "1. 2."}),
        ("result", "Отчёт", {"result": "Отчёт"}),
        ("documents", "Приказ", {"documents": "Приказ"}),
    ],
)
def test_mend_item_writes_plain_fields(field, text, values):
    mended = mend_item(
        plan("1 | Опрос | май | ОО"), 0, field, text, dictionary=general_dictionary()
    )

    assert {name: getattr(mended.items[0], name) for name in values} == values


@pytest.mark.parametrize("field", ["deadline", "responsible"])
def test_mend_item_takes_an_empty_text_for_an_answer(field):
    read = plan("1 | Опрос | когда-то | Вымпел")

    mended = mend_item(read, 0, field, "", dictionary=general_dictionary())

    assert field not in {doubt.field for doubt in mended.doubts}
    assert getattr(mended.items[0], field).text == ""


def test_mend_item_knows_its_fields():
    with pytest.raises(ValueError, match="no field 'colour'"):
        mend_item(plan("1 | А | май | ОО"), 0, "colour", "", dictionary=general_dictionary())
