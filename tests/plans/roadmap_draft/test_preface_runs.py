"""Where a title ends when ordinary text follows it without a gap."""

import pytest

from plans.roadmap_draft.preface import read_preface


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        pytest.param(
            ["План мероприятий", "на 2026-2027 учебный год", "Настоящий план разработан для школ."],
            "План мероприятий на 2026-2027 учебный год",
            id="sentence-after-the-year",
        ),
        pytest.param(
            ["План мероприятий на 2026/27 учебный год", "в школах области"],
            "План мероприятий на 2026/27 учебный год в школах области",
            id="title-goes-on-in-small-letters",
        ),
    ],
)
def test_title_ends_where_text_begins(lines: list[str], title: str) -> None:
    assert read_preface(lines).title == title
