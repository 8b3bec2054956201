"""What the pages, reports and workbenches count and list. Nothing is stored here."""

from plans.summaries.totals import Totals, totals, totals_by, totals_by_child

__all__ = ["Totals", "totals", "totals_by", "totals_by_child"]
