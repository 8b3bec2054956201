"""The draft of a roadmap as a value: what was read, what is doubted, where each row went.

`as_json` is the stable answer of roadmap-reading.md; `to_store` and `from_store` carry the whole
draft with its source rows through the database. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from plans.choices import PartyKind
from plans.deadlines import Deadline, PlanPeriod
from plans.parties import Context, Party


class Fate(StrEnum):
    """What became of a row of a table; every row has exactly one."""

    HEAD = "head"  # heading of the columns, «1 2 3 …», a title inside the table; also repeated
    SECTION = "section"
    GROUP = "group"
    ITEM = "item"
    CONTINUATION = "continuation"  # joined to the item, group or section above it
    DOUBT = "doubt"  # kept as a question: totals, notes, what is no plan
    PREFACE = "preface"  # a table that only lays out the text before the plan
    EMPTY = "empty"  # nothing is written in it


@dataclass(frozen=True)
class SourceRow:
    """A row as written. `target`: index of its section (fate section) or of its item (fates item,
    group, continuation; None where it goes on a heading)."""

    table: int
    cells: tuple[str, ...]
    fate: Fate
    target: int | None = None


@dataclass(frozen=True)
class DraftSection:
    number: str | None
    title: str

    def as_json(self) -> dict[str, Any]:
        return {"number": self.number, "title": self.title}


@dataclass(frozen=True)
class Responsible:
    """The cell's text and who it names; `inherited`: taken from the row above."""

    text: str
    parties: tuple[Party, ...] = ()
    inherited: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "parties": [party.as_json() for party in self.parties],
            "inherited": self.inherited,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Responsible":
        parties = (Party(PartyKind(one["kind"]), one["name"]) for one in data["parties"])
        return cls(data["text"], tuple(parties), data["inherited"])


@dataclass(frozen=True)
class DraftItem:
    """An item or, with `group`, a row of only number and title above items.

    `section` is an index into the draft's sections; `source_rows` into its rows.
    """

    number: str | None
    number_text: str | None
    section: int | None
    group: bool
    title: str
    deadline: Deadline
    responsible: Responsible
    result: str = ""
    documents: str = ""
    links: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    source_rows: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The JSON object of an item in roadmap-reading.md."""
        return {
            "number": self.number,
            "number_text": self.number_text,
            "section": self.section,
            "group": self.group,
            "title": self.title,
            "deadline": self.deadline.as_json(),
            "responsible": self.responsible.as_json(),
            "result": self.result,
            "documents": self.documents,
            "links": list(self.links),
            "indicators": list(self.indicators),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "DraftItem":
        plain = {key: data[key] for key in ("number", "number_text", "section", "group")}
        return cls(
            **plain,
            title=data["title"],
            deadline=Deadline.from_json(data["deadline"]),
            responsible=Responsible.from_json(data["responsible"]),
            result=data["result"],
            documents=data["documents"],
            links=tuple(data["links"]),
            indicators=tuple(data["indicators"]),
            source_rows=tuple(data.get("source_rows", ())),
        )


@dataclass(frozen=True)
class Doubt:
    """A question for a person: `row` is the item's number (None: the document or a row that is
    no item), `field` the JSON key, `item` and `source_row` indices that tell repeated numbers
    apart."""

    row: str | None
    field: str
    message: str
    source_row: int | None = None
    item: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {"row": self.row, "field": self.field, "message": self.message}


@dataclass(frozen=True)
class BasisOrder:
    """The order by which the plan was approved: «приказ», its number and date."""

    kind: str
    number: str | None
    date: date | None

    def as_json(self) -> dict[str, Any]:
        day = self.date.isoformat() if self.date else None
        return {"kind": self.kind, "number": self.number, "date": day}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "BasisOrder":
        day = date.fromisoformat(data["date"]) if data["date"] else None
        return cls(data["kind"], data["number"], day)


@dataclass(frozen=True)
class RoadmapDraft:
    """A document read as a roadmap. `plan` None: the year is not known.

    `context` is what the document says of its parties: with it one cell can be read again.
    """

    title: str
    issuer: str | None = None
    plan: PlanPeriod | None = None
    basis: BasisOrder | None = None
    aims: tuple[str, ...] = ()
    columns: Mapping[str, int] = field(default_factory=dict)
    sections: tuple[DraftSection, ...] = ()
    items: tuple[DraftItem, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    rows: tuple[SourceRow, ...] = ()
    context: Context = field(default_factory=Context)

    @property
    def abbreviations(self) -> Mapping[str, str]:
        return self.context.abbreviations

    @property
    def is_blank(self) -> bool:
        """Nothing of a plan was found: no item, group or section, no row that is a question."""
        doubted = any(row.fate == Fate.DOUBT for row in self.rows)
        return not self.items and not self.sections and not doubted

    def as_json(self) -> dict[str, Any]:
        """The answer of `import_roadmap --dry-run --json` (roadmap-reading.md, «Commands»)."""
        return {
            "title": self.title,
            "issuer": self.issuer,
            "period": _period_json(self.plan),
            "basis": self.basis.as_json() if self.basis else None,
            "aims": list(self.aims),
            "columns": dict(self.columns),
            "abbreviations": dict(self.abbreviations),
            "sections": [section.as_json() for section in self.sections],
            "items": [item.as_json() for item in self.items],
            "doubts": [doubt.as_json() for doubt in self.doubts],
        }

    def to_store(self) -> dict[str, Any]:
        """The whole draft as plain values for a JSON field; `from_store` gives it back."""
        return {
            **self.as_json(),
            "plan": _plan_json(self.plan),
            "items": [
                {**item.as_json(), "source_rows": list(item.source_rows)} for item in self.items
            ],
            "doubts": [
                {**doubt.as_json(), "source_row": doubt.source_row, "item": doubt.item}
                for doubt in self.doubts
            ],
            "rows": [[row.table, list(row.cells), row.fate.value, row.target] for row in self.rows],
            "context": {
                "issuer": self.context.issuer,
                "level": self.context.level.value if self.context.level else None,
                "operators": sorted(self.context.operators),
            },
        }

    @classmethod
    def from_store(cls, data: Mapping[str, Any]) -> "RoadmapDraft":
        basis = data["basis"]
        return cls(
            title=data["title"],
            issuer=data["issuer"],
            plan=_plan_of(data["plan"]),
            basis=BasisOrder.from_json(basis) if basis else None,
            aims=tuple(data["aims"]),
            columns=dict(data["columns"]),
            sections=tuple(DraftSection(**section) for section in data["sections"]),
            items=tuple(DraftItem.from_json(item) for item in data["items"]),
            doubts=tuple(Doubt(**doubt) for doubt in data["doubts"]),
            rows=tuple(
                SourceRow(table, tuple(cells), Fate(fate), target)
                for table, cells, fate, target in data["rows"]
            ),
            context=_context_of(data["context"], data["abbreviations"]),
        )


def _period_json(plan: PlanPeriod | None) -> dict[str, str] | None:
    return {"start": str(plan.start), "end": str(plan.end)} if plan else None


def _plan_json(plan: PlanPeriod | None) -> dict[str, Any] | None:
    if plan is None:
        return None
    return {
        "year": plan.year,
        "end_year": plan.end_year,
        "calendar": plan.calendar,
        "teaching_ends": list(plan.teaching_ends),
    }


def _plan_of(data: Mapping[str, Any] | None) -> PlanPeriod | None:
    if data is None:
        return None
    month, day = data["teaching_ends"]
    return PlanPeriod(data["year"], data["end_year"], data["calendar"], (month, day))


def _context_of(data: Mapping[str, Any], names: Mapping[str, str]) -> Context:
    level = PartyKind(data["level"]) if data["level"] else None
    return Context(data["issuer"], level, dict(names), frozenset(data["operators"]))
