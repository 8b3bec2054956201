"""The real roadmaps that stand beside the project, where they do: row counts and widths."""

from collections import Counter
from pathlib import Path

import pytest

from plans.readers import read_document

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "roadmaps"

# rows, columns, rows that go on after a page break; counted in the documents by eye
REAL = {
    "lipetsk-region-2023.docx": (62, 7, 0),
    "lipetsk-region-2023.pdf": (117, 7, 17),
    "lipetsk-region-2023.txt": (100, 7, 0),
    "moscow-region-2023.docx": (29, 5, 0),
    "moscow-region-2023.pdf": (35, 5, 2),
    "moscow-region-2023.txt": (30, 5, 0),
    "stary-oskol-2022.docx": (41, 5, 0),
    "stary-oskol-2022.txt": (44, 5, 0),
    "tambov-district-2022.docx": (37, 5, 0),
    "tambov-district-2022.txt": (37, 5, 0),
    "tambov-region-2023.docx": (49, 5, 0),
    "tambov-region-2023.txt": (54, 5, 0),
}
PRESENT = [name for name in REAL if (FOLDER / name).exists()]


@pytest.mark.parametrize("name", PRESENT)
def test_read_document_keeps_the_rows_of_a_real_roadmap(name):
    document = read_document(FOLDER / name, name=name)
    rows, width, cut = REAL[name]
    (table,) = document.tables
    assert Counter(row.width for row in table.rows) == {width: rows}
    assert sum(row.cut for row in table.rows) == cut
    assert document.grid is not name.endswith(".txt")


@pytest.mark.parametrize("name", [name for name in PRESENT if name.endswith(".pdf")])
def test_read_document_finds_the_same_words_in_pdf_and_word(name):
    """Every cell of the PDF, its cut parts joined, says what the Word copy says; only the
    blanks may differ."""
    word = read_document(FOLDER / name.replace(".pdf", ".docx"), name=name).tables[0].rows
    heads = [["".join(text.split()) for text in row.texts] for row in word[:2]]
    found: list[list[str]] = []
    for row in read_document(FOLDER / name, name=name).tables[0].rows:
        texts = ["".join(text.split()) for text in row.texts]
        if row.cut:
            found[-1] = [before + after for before, after in zip(found[-1], texts, strict=True)]
        elif len(found) < 2 or texts not in heads:
            found.append(texts)
    assert found == [["".join(text.split()) for text in row.texts] for row in word]
