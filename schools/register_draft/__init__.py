"""A school register as people write it: rows of a table → units with their places, all errors.

Issue «People and places»: headings Код, Наименование, Муниципалитет, Вид, Вышестоящее in any
order; municipality and parent by code; a branch's parent is its school; parents may stand in
the same file. Pure: no database, no file, no clock.
"""

from schools.register_draft.comparing import Change, Difference, Plan, compare, depth
from schools.register_draft.placing import place
from schools.register_draft.reading import KnownUnit, RawRow, RegisterRow, RowError, read
from schools.register_draft.words import HEADINGS, OPTIONAL, REQUIRED

__all__ = [
    "HEADINGS",
    "OPTIONAL",
    "REQUIRED",
    "Change",
    "Difference",
    "KnownUnit",
    "Plan",
    "RawRow",
    "RegisterRow",
    "RowError",
    "compare",
    "depth",
    "place",
    "read",
]
