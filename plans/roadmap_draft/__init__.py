"""From a document's rows to the draft of a roadmap with its doubts (roadmap-reading.md)."""

from plans.roadmap_draft.building import draft_from_document, refuse_without_plan
from plans.roadmap_draft.draft import (
    BasisOrder,
    Doubt,
    DraftItem,
    DraftSection,
    Fate,
    Responsible,
    RoadmapDraft,
    SourceRow,
)
from plans.roadmap_draft.mending import mend_item

__all__ = [
    "BasisOrder",
    "Doubt",
    "DraftItem",
    "DraftSection",
    "Fate",
    "Responsible",
    "RoadmapDraft",
    "SourceRow",
    "draft_from_document",
    "mend_item",
    "refuse_without_plan",
]
