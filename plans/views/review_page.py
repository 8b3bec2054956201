"""What the review page shows: the rows as written, and the reading of the chosen one."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from plans.choices import PartyKind
from plans.forms.imports import CardForm, DatesForm, PartiesForm
from plans.models import RoadmapImport
from plans.parties import Party
from plans.roadmap_draft import DraftItem, Fate, RoadmapDraft, SourceRow
from plans.services.parties import Target, bound_count, key_of, targets
from plans.services.publishing import names_branches
from plans.services.review import Question, doubt_key, draft_of, open_questions
from plans.services.schedule import outside_words
from profmin.lib import paths, wording
from schools.choices import PartnerKind, UnitKind
from schools.models import OrgUnit

FATES = {
    Fate.HEAD: "шапка",
    Fate.SECTION: "раздел",
    Fate.GROUP: "группа",
    Fate.ITEM: "мероприятие",
    Fate.CONTINUATION: "продолжение",
    Fate.DOUBT: "вопрос",
    Fate.PREFACE: "вступление",
    Fate.EMPTY: "пустая строка",
}
FIELD_WORDS = {
    "number": "номер",
    "title": "мероприятие",
    "deadline": "срок",
    "responsible": "ответственные",
    "result": "результат",
    "documents": "документы",
    "links": "ссылки",
    "indicators": "показатели",
    "group": "вид строки",
    "section": "раздел",
    "period": "год",
}
# Whom a party binds, in the three forms of a count.
_BOUND_WORDS = {
    PartyKind.REGION: "министерство,министерства,министерств",
    PartyKind.OTHER_AUTHORITY: "орган власти,органа власти,органов власти",
    PartyKind.OPERATOR: "оператор,оператора,операторов",
    PartyKind.FEDERAL_OPERATOR: "организация,организации,организаций",
    PartyKind.MUNICIPALITY: "муниципалитет,муниципалитета,муниципалитетов",
    PartyKind.SCHOOL: "школа,школы,школ",
    PartyKind.PARTNER: "партнёр,партнёра,партнёров",
    PartyKind.PERSON: "организация,организации,организаций",
}
_NAMED_KINDS = (UnitKind.PARTNER, UnitKind.AUTHORITY, UnitKind.OPERATOR)


@dataclass(frozen=True)
class ShownRow:
    """A row of the document's table and what became of it."""

    index: int
    cells: list[tuple[str, int]]  # text and how many columns it takes
    fate: str
    fate_word: str
    item: int | None
    url: str
    asks: bool
    is_chosen: bool


def review_page(source: RoadmapImport, *, chosen: int | None) -> dict[str, Any]:
    """Context of the page. `chosen`: index of an item; None: that of the first question."""
    draft = draft_of(source)
    questions = open_questions(source)
    if chosen is None or chosen >= len(draft.items):
        chosen = next((one.item for one in questions if one.item is not None), 0)
    address = reverse("plans:import_detail", args=[source.pk])
    groups = sum(item.group for item in draft.items)
    counted = [
        wording.plural(len(draft.items) - groups, "мероприятие,мероприятия,мероприятий"),
        wording.plural(groups, "группа,группы,групп"),
        wording.plural(len(questions), "вопрос,вопроса,вопросов"),
    ]
    return {
        "source": source,
        "draft": draft,
        "summary": " · ".join(counted),
        "rows": _rows(draft, questions, chosen, address),
        "questions": [_question(one, address) for one in questions],
        "left": len(questions),
        "can_publish": not questions and draft.plan is not None,
        "idle": 0 if questions else _idle(source, draft),
        "reading": _reading(source, draft, questions, chosen, address),
        "card_form": CardForm(initial=_card(draft)),
        "address": address,
    }


def _idle(source: RoadmapImport, draft: RoadmapDraft) -> int:
    """How many items would bind nobody."""
    duties = [item for item in draft.items if not item.group]
    parties = {(one, names_branches(item)) for item in duties for one in item.responsible.parties}
    known = targets(
        {party for party, _ in parties},
        region_id=source.unit.region_id,
        bindings=source.bindings,
    )
    binding = {
        (party, branches)
        for party, branches in parties
        if bound_count(party, known.get(party), unit=source.unit, branches=branches)
    }
    return sum(
        not any((one, names_branches(item)) in binding for one in item.responsible.parties)
        for item in duties
    )


def _rows(
    draft: RoadmapDraft, questions: list[Question], chosen: int, address: str
) -> list[ShownRow]:
    asked = {one.item for one in questions if one.item is not None}
    asked_rows = {one.source_row for one in questions}
    width = max((len(row.cells) for row in draft.rows), default=1)
    of_item = {row: place for place, item in enumerate(draft.items) for row in item.source_rows}
    return [
        _row(index, row, of_item.get(index), asked, asked_rows, chosen, address, width)
        for index, row in enumerate(draft.rows)
        if row.fate != Fate.EMPTY
    ]


def _row(
    index: int,
    row: SourceRow,
    item: int | None,
    asked: set[int],
    asked_rows: set[int | None],
    chosen: int,
    address: str,
    width: int,
) -> ShownRow:
    return ShownRow(
        index=index,
        cells=_spread(row.cells, width),
        fate=row.fate.value,
        fate_word=FATES[row.fate],
        item=item,
        url=f"{address}?item={item}#reading" if item is not None else "",
        asks=item in asked or index in asked_rows,
        is_chosen=item is not None and item == chosen,
    )


def _spread(cells: tuple[str, ...], width: int) -> list[tuple[str, int]]:
    """The cells of a row; a single written one takes the whole row."""
    written = [cell for cell in cells if cell.strip()]
    if len(written) == 1 and len(cells) <= width and cells[0].strip():
        return [(written[0], width)]
    return [(cell, 1) for cell in cells] + [("", 1)] * (width - len(cells))


def _question(question: Question, address: str) -> dict[str, Any]:
    where = f"п. {question.row}" if question.row else "документ"
    if question.item is None and question.source_row is not None:
        where = f"строка {question.source_row + 1}"
    return {
        "key": question.key,
        "where": where,
        "field": FIELD_WORDS.get(question.field, ""),
        "message": question.message,
        "item": question.item,
        "party": question.party,
        "url": f"{address}?item={question.item}#reading" if question.item is not None else "",
    }


def _with_similar(shown: dict[str, Any], questions: list[Question]) -> dict[str, Any]:
    """Adds how many questions say the same, so that one answer may serve them all."""
    alike = [one for one in questions if one.message == shown["message"] and one.party is None]
    return shown | {"similar": len(alike)}


def _reading(
    source: RoadmapImport,
    draft: RoadmapDraft,
    questions: list[Question],
    chosen: int,
    address: str,
) -> dict[str, Any] | None:
    """The reading of one item with the forms that mend it."""
    if not draft.items:
        return None
    item = draft.items[chosen]
    section = draft.sections[item.section] if item.section is not None else None
    return {
        "index": chosen,
        "item": item,
        "section": f"{section.number or ''} {section.title}".strip() if section else "",
        "kind": item.deadline.kind.label,
        "windows": _windows(item),
        "period": draft.plan,
        "outside": _outside(draft, item),
        "chips": _chips(source, item),
        "questions": [
            _with_similar(_question(one, address), questions)
            for one in questions
            if one.item == chosen
        ],
        "settled": _settled(source, draft, chosen),
        "dates_form": DatesForm(initial={"days": _days(item)}),
        "parties_form": PartiesForm(
            initial={"kinds": [str(party.kind) for party in item.responsible.parties]}
        ),
        "named_units": _named_units(source),
        "partner_kinds": PartnerKind.choices,
        "before": f"{address}?item={chosen - 1}#reading" if chosen else "",
        "after": f"{address}?item={chosen + 1}#reading" if chosen + 1 < len(draft.items) else "",
    }


def _windows(item: DraftItem) -> list[tuple[Any, Any]]:
    return [(window.start or window.end, window.end) for window in item.deadline.windows]


def _outside(draft: RoadmapDraft, item: DraftItem) -> str:
    """A warning that blocks nothing: dates may be set by hand beyond the plan."""
    if draft.plan is None:
        return ""
    return outside_words(draft.plan.reach, [window.end for window in item.deadline.windows])


def _days(item: DraftItem) -> str:
    return ", ".join(f"{window.end:%d.%m.%Y}" for window in item.deadline.windows)


def _chips(source: RoadmapImport, item: DraftItem) -> list[dict[str, Any]]:
    parties = item.responsible.parties
    known = targets(set(parties), region_id=source.unit.region_id, bindings=source.bindings)
    return [_chip(source, item, party, known.get(party)) for party in parties]


def _chip(
    source: RoadmapImport, item: DraftItem, party: Party, target: Target | None
) -> dict[str, Any]:
    count = bound_count(party, target, unit=source.unit, branches=names_branches(item))
    return {
        "title": party.name,
        "note": wording.plural(count, _BOUND_WORDS[party.kind]) if count else "никому",
        "is_question": not count and not (target and target.nobody),
        "key": key_of(party),
        "is_chosen": key_of(party) in source.bindings,
    }


def _settled(source: RoadmapImport, draft: RoadmapDraft, chosen: int) -> list[dict[str, str]]:
    """Answered questions of the item, which can be asked again."""
    answered = set(source.settled)
    return [
        {"key": doubt_key(doubt), "message": doubt.message}
        for doubt in draft.doubts
        if doubt.item == chosen and doubt_key(doubt) in answered
    ]


def _named_units(source: RoadmapImport) -> list[OrgUnit]:
    return list(
        OrgUnit.objects.filter(paths.under("path", source.unit.territory_path), closed_on=None)
        .of_kind(*_NAMED_KINDS)
        .by_name()[:500]
    )


def _card(draft: RoadmapDraft) -> dict[str, Any]:
    basis = draft.basis
    return {
        "title": draft.title,
        "year": draft.plan.year if draft.plan else None,
        "calendar": bool(draft.plan and draft.plan.calendar),
        "issuer": draft.issuer or "",
        "basis_kind": basis.kind if basis else "",
        "basis_number": (basis.number or "") if basis else "",
        "basis_date": basis.date if basis else None,
        "aims": "\n".join(draft.aims),
    }
