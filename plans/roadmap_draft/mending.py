"""One field of a draft written anew by a person: the cell is read again, its doubts go. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from plans.choices import DeadlineKind
from plans.deadlines import Deadline
from plans.parties import PartyDictionary, restored
from plans.roadmap_draft.draft import Doubt, DraftItem, Responsible, RoadmapDraft
from plans.roadmap_draft.numbers import normal_number
from plans.roadmap_draft.reading import Reader, parties_of

_PLAIN = frozenset({"title", "result", "documents"})


def mend_item(
    draft: RoadmapDraft, at: int, field: str, text: str, *, dictionary: PartyDictionary
) -> RoadmapDraft:
    """The draft with one field of item `at` in other words; what was doubted about that field
    goes, new doubts may come.

    `field` is title, number, deadline, responsible, result or documents; `dictionary` as for
    `draft_from_document`. An empty deadline or responsible is an answer too, without a doubt.
    """
    item = draft.items[at]
    values, doubt = _values(draft, field, text.strip(), dictionary)
    mended = replace(item, **values)
    items = (*draft.items[:at], mended, *draft.items[at + 1 :])
    doubts = [one for one in draft.doubts if (one.item, one.field) != (at, field)]
    if doubt:
        doubts.append(Doubt(mended.number, field, doubt, _first_row(item), at))
    return replace(draft, items=items, doubts=tuple(doubts))


def _values(
    draft: RoadmapDraft, field: str, text: str, dictionary: PartyDictionary
) -> tuple[Mapping[str, Any], str | None]:
    """The item's new values and the doubt about them."""
    if field == "deadline":
        deadline = _deadline(draft, text, dictionary)
        return {"deadline": deadline}, deadline.doubt
    if field == "responsible":
        parties, doubt = parties_of(text, restored(dictionary, draft.context))
        return {"responsible": Responsible(text, parties)}, doubt if text else None
    if field == "number":
        return {"number": normal_number(text), "number_text": text}, None
    if field in _PLAIN:
        return {field: text}, None
    raise ValueError(f"an item has no field {field!r} to mend")


def _deadline(draft: RoadmapDraft, text: str, dictionary: PartyDictionary) -> Deadline:
    if not text:
        return Deadline("", DeadlineKind.NONE)
    return Reader(draft.plan, dictionary).deadline(text)


def _first_row(item: DraftItem) -> int | None:
    return item.source_rows[0] if item.source_rows else None
