"""Responsible parties of roadmap items: from the words of a cell to who is meant.

Rules of domain.md, «Responsible parties», and roadmap-reading.md, «Parties».
"""

from plans.parties.abbreviations import learn_abbreviations
from plans.parties.dictionary import Context, PartyDictionary
from plans.parties.operators import (
    find_operators,
    for_document,
    level_of,
    regional_authority,
    restored,
)
from plans.parties.reading import Party, read_parties

__all__ = [
    "Context",
    "Party",
    "PartyDictionary",
    "find_operators",
    "for_document",
    "learn_abbreviations",
    "level_of",
    "read_parties",
    "regional_authority",
    "restored",
]
