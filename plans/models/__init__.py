"""What was promised: roadmaps, their import, and what every bound unit does about each item."""

from plans.models.assignments import Assignment, Due, Proof
from plans.models.imports import PartyEntry, RoadmapImport
from plans.models.roadmaps import ItemParty, Roadmap, RoadmapItem, RoadmapSection

__all__ = [
    "Assignment",
    "Due",
    "ItemParty",
    "PartyEntry",
    "Proof",
    "Roadmap",
    "RoadmapImport",
    "RoadmapItem",
    "RoadmapSection",
]
