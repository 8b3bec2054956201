"""Reading Russian deadline phrases (roadmap-reading.md, «Deadlines»; domain.md, «Deadlines»).

Flag, never fix: the phrase is kept beside its reading, and whatever was not understood, or can be
understood in two ways, becomes a doubt for a person.
"""

from plans.deadlines.parting import halves
from plans.deadlines.reading import read_deadline
from plans.deadlines.titles import earliest_full_date, plan_period_from_title
from plans.deadlines.values import Deadline, PlanPeriod, Window

__all__ = [
    "Deadline",
    "PlanPeriod",
    "Window",
    "earliest_full_date",
    "halves",
    "plan_period_from_title",
    "read_deadline",
]
