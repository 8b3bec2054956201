"""The five real roadmaps, in every format given, where they lie beside the project."""

import re
from functools import cache
from pathlib import Path

import pytest

from plans.readers import read_document
from plans.roadmap_draft import DraftItem, RoadmapDraft, draft_from_document
from plans.services.parties import general_dictionary
from tests.plans import real_expectations

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "roadmaps"
FILES = sorted(FOLDER.glob("*.*")) if FOLDER.is_dir() else []
EXPECTED = {
    "lipetsk-region-2023": real_expectations.LIPETSK,
    "tambov-region-2023": real_expectations.TAMBOV_REGION,
    "stary-oskol-2022": real_expectations.STARY_OSKOL,
    "moscow-region-2023": real_expectations.MOSCOW,
    "tambov-district-2022": real_expectations.TAMBOV_DISTRICT,
}
SECTIONS = {
    "lipetsk-region-2023": ["I", "II", "III", "3.1", "3.2", "IV", "V"],
    "tambov-region-2023": ["I", "2", "3", "4"],
    "stary-oskol-2022": ["2", "3", "5", "4.1", "4.2", "4.3", "4.4"],
    "moscow-region-2023": ["1", "2", "3"],
    "tambov-district-2022": [str(number) for number in range(1, 11)],
}
DOUBTS = {
    "lipetsk-region-2023": {("3.3.1", "responsible"), ("3.3.3", "responsible")},
    "tambov-region-2023": {(None, "period"), ("3.14", "deadline")},
    "stary-oskol-2022": {
        ("4.1.1", "deadline"),
        ("4.1.4", "responsible"),
        *((f"4.2.{number}", "deadline") for number in (6, 7, 11, 14, 15, 16)),
        *((f"4.3.{number}", "deadline") for number in (1, 2, 3)),
    },
    "moscow-region-2023": {("23", "deadline"), ("24", "deadline")},
    "tambov-district-2022": {(None, "period"), ("9.1", "responsible")},
}
PERIODS = {
    "lipetsk-region-2023": ("2023-09-01", "2024-08-31"),
    "tambov-region-2023": ("2023-09-01", "2024-08-31"),
    "stary-oskol-2022": ("2022-06-01", "2023-12-31"),
    "moscow-region-2023": ("2023-09-01", "2024-08-31"),
    "tambov-district-2022": ("2022-09-01", "2023-08-31"),
}
COLUMNS = {
    "lipetsk-region-2023": ["number", "title", "deadline", "responsible", "documents", "links"],
    "tambov-region-2023": ["number", "title", "deadline", "responsible", "result"],
    "stary-oskol-2022": ["number", "title", "deadline", "responsible", "result"],
    "moscow-region-2023": ["number", "title", "deadline", "responsible", "result"],
    "tambov-district-2022": ["number", "title", "indicators", "deadline", "responsible"],
}
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


@cache
def draft_of(path: Path) -> RoadmapDraft:
    return draft_from_document(read_document(path, name=path.name), dictionary=general_dictionary())


def line_of(item: DraftItem) -> str:
    """An item as a line of `real_expectations`."""
    place = f"{item.number} {'-' if item.section is None else item.section}"
    if item.group:
        return f"{place} group"
    ends = [
        f"{window.start}/{window.end}" if window.start else f"{window.end}"
        for window in item.deadline.windows
    ]
    monthly = "MONTHLY" in (item.deadline.rule or "") and len(ends) == 12
    kind = item.deadline.kind.value + "^" * item.deadline.inherited
    parties = ",".join(party.kind.value for party in item.responsible.parties) or "-"
    dues = "monthly" if monthly else ",".join(ends) or "-"
    return f"{place} {kind} {dues} {parties}{'^' * item.responsible.inherited}"


@every_file
def test_real_document_items_are_as_read_by_eye(path):
    assert [line_of(item) for item in draft_of(path).items] == EXPECTED[path.stem].split("\n")[1:-1]


@every_file
def test_real_document_sections_are_all_found(path):
    assert [section.number for section in draft_of(path).sections] == SECTIONS[path.stem]


@every_file
def test_real_document_asks_only_what_is_open(path):
    asked = [(doubt.row, doubt.field) for doubt in draft_of(path).doubts]

    assert len(asked) == len(set(asked))
    assert set(asked) == DOUBTS[path.stem]


@every_file
def test_real_document_period_is_read(path):
    period = draft_of(path).as_json()["period"]

    assert (period["start"], period["end"]) == PERIODS[path.stem]


@every_file
def test_real_document_columns_are_known(path):
    columns = draft_of(path).columns
    known = [role for role, _ in sorted(columns.items(), key=lambda one: one[1])]

    assert known[: len(COLUMNS[path.stem])] == COLUMNS[path.stem]


@every_file
def test_real_document_keeps_every_row(path):
    draft = draft_of(path)
    told = sorted(row for item in draft.items for row in item.source_rows)
    fates = [row.fate.value for row in draft.rows]

    assert "empty" not in fates
    assert "doubt" not in fates
    assert fates.count("item") + fates.count("group") == len(draft.items)
    assert len(told) == len(set(told))


def squeezed(text: str) -> str:
    """A text without blanks and hyphens: formats differ in them where lines were broken."""
    return re.sub(r"[\s‐-—-]+", "", text).casefold()


def told(draft: RoadmapDraft) -> list[tuple[object, ...]]:
    return [
        (
            item.number,
            squeezed(item.title),
            squeezed(item.deadline.text),
            squeezed(item.responsible.text),
            squeezed(item.result),
            squeezed(item.documents),
            item.links,
            [squeezed(one) for one in item.indicators],
        )
        for item in draft.items
    ]


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.suffix != ".docx"], ids=lambda path: path.name
)
def test_real_document_formats_agree(path):
    word = draft_of(path.with_suffix(".docx"))
    other = draft_of(path)

    assert told(other) == told(word)
    assert squeezed(other.title) == squeezed(word.title)
    assert [squeezed(one.title) for one in other.sections] == [
        squeezed(one.title) for one in word.sections
    ]
    assert (other.issuer, other.basis, other.abbreviations) == (
        word.issuer,
        word.basis,
        word.abbreviations,
    )


@pytest.mark.parametrize("path", [p for p in FILES if p.stem.startswith("moscow")], ids=str)
def test_real_document_abbreviations_are_learnt(path):
    names = draft_of(path).abbreviations

    assert names["МОМО"] == "Министерство образования Московской области"
    assert names["АСОУ"].startswith("Государственное бюджетное образовательное учреждение")
    assert names["АСОУ"].endswith("«Академия социального управления»")
    assert names["МОУО"].startswith("Руководители органов местного самоуправления")
    assert names["ОО"] == "образовательные организации"
    assert names["ВУЗ"] == "образовательные организации высшего образования"
