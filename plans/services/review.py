"""Reviewing a read document: its questions, and mending every field in place.

Each deed names the version of the import that the person saw. Whatever is mended is read anew
by the same rules; a question that was answered stays answered.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import F

from plans.choices import DeadlineKind, ImportState
from plans.deadlines import Deadline, PlanPeriod, Window, read_deadline
from plans.models import RoadmapImport
from plans.parties import Party
from plans.roadmap_draft import BasisOrder, Doubt, DraftItem, RoadmapDraft, mend_item
from plans.services.parties import (
    NAMED_KINDS,
    Target,
    bound_count,
    key_of,
    region_dictionary,
    targets,
)
from profmin.journal.services import Actor, Subject, write_entry
from profmin.lib.errors import RuleBroken
from schools.models import OrgUnit

CONFLICT = (
    "Пока вы правили, этот документ изменил кто-то другой. Откройте страницу заново: "
    "его правки уже сохранены."
)
LONGEST_TEXT = 10_000  # characters of one field of an item
FIELDS = frozenset({"number", "title", "deadline", "responsible", "result", "documents"})


@dataclass(frozen=True)
class Question:
    """One thing a person has to decide before publishing.

    `item` is the index of the item, None for the document; `party` is set where the question
    is whom a party means.
    """

    key: str
    row: str | None
    field: str
    message: str
    item: int | None = None
    source_row: int | None = None
    party: Party | None = None


def doubt_key(doubt: Doubt) -> str:
    """The key under which a doubt is settled."""
    said = f"{doubt.item}|{doubt.source_row}|{doubt.field}|{doubt.message}"
    return sha256(said.encode()).hexdigest()[:16]


def draft_of(source: RoadmapImport) -> RoadmapDraft:
    if source.draft is None:
        raise RuleBroken("Документ ещё не прочитан.")
    return RoadmapDraft.from_store(source.draft)


def open_questions(source: RoadmapImport) -> list[Question]:
    """Doubts not yet settled and parties of whom it is not known which unit they are."""
    draft = draft_of(source)
    settled = set(source.settled)
    doubts = [
        Question(
            doubt_key(doubt), doubt.row, doubt.field, doubt.message, doubt.item, doubt.source_row
        )
        for doubt in draft.doubts
        if doubt_key(doubt) not in settled
    ]
    return doubts + _party_questions(source, draft)


def _party_questions(source: RoadmapImport, draft: RoadmapDraft) -> list[Question]:
    """Named parties that bind nobody: publishing would give out nothing, silently.

    A word the dictionary knows may still mean nobody below the issuer. Only «никому», chosen by
    a person for this document, ends the question.
    """
    first: dict[Party, int] = {}
    for place, item in enumerate(draft.items):
        for party in item.responsible.parties:
            if party.kind in NAMED_KINDS:
                first.setdefault(party, place)
    known = targets(set(first), region_id=source.unit.region_id, bindings=source.bindings)
    return [
        Question(
            key=key_of(party),
            row=draft.items[place].number,
            field="responsible",
            message=_whom_words(party, known.get(party), source.unit),
            item=place,
            party=party,
        )
        for party, place in first.items()
        if _binds_nobody(party, known.get(party), source.unit)
    ]


def _binds_nobody(party: Party, target: Target | None, unit: OrgUnit) -> bool:
    """Whether nobody gets anything though no person has said so."""
    chosen = target is not None and target.nobody
    return not chosen and bound_count(party, target, unit=unit) == 0


def _whom_words(party: Party, target: Target | None, unit: OrgUnit) -> str:
    if target is None:
        return f"«{party.name}»: какая это организация? Без ответа поручение никто не получит."
    return (
        f"«{party.name}»: название известно, но среди тех, кому даёт поручения «{unit.name}», "
        "такой организации нет. Выберите другую или ответьте, что поручений никому не давать."
    )


def settle_doubt(
    *,
    source: RoadmapImport,
    version: int,
    key: str,
    by: Actor,
    now: datetime,
    alike: bool = False,
) -> None:
    """«Прочитано верно»: the reading stands as it is. `alike`: so does every reading of which
    the same is asked."""
    asked = [question for question in open_questions(source) if not question.party]
    message = next((question.message for question in asked if question.key == key), None)
    if message is None:
        raise RuleBroken("На этот вопрос уже ответили.")
    keys = [one.key for one in asked if one.message == message] if alike else [key]
    _write(source, version, by, now, "doubt_settled", message, settled=[*source.settled, *keys])


def unsettle_doubt(
    *, source: RoadmapImport, version: int, key: str, by: Actor, now: datetime
) -> None:
    """Takes an answer back: the question is asked again."""
    if key not in source.settled and key not in source.bindings:
        raise RuleBroken("На этот вопрос ещё не отвечали.")
    left = [one for one in source.settled if one != key]
    bindings = {name: value for name, value in source.bindings.items() if name != key}
    _write(source, version, by, now, "doubt_reopened", key, settled=left, bindings=bindings)


def choose_target(
    *,
    source: RoadmapImport,
    version: int,
    party_key: str,
    target: Target,
    by: Actor,
    now: datetime,
) -> None:
    """Says whom a party means in this document; an answer that binds nobody must say so."""
    if target.unit_id is not None:
        reached = OrgUnit.objects.filter(
            pk=target.unit_id, path__startswith=source.unit.territory_path
        )
        if not reached.exists():
            raise RuleBroken("Выберите организацию своей территории.", field="unit")
    elif not target.partner_kind and not target.nobody:
        raise RuleBroken("Выберите организацию, вид партнёров или «никто».", field="unit")
    if _binds_nobody(_party_of(source, party_key), target, source.unit):
        raise RuleBroken(
            "На вашей территории нет ни одной действующей организации, которая подходит. "
            "Выберите другую или ответьте, что поручений никому не давать.",
            field="unit",
        )
    _write(
        source,
        version,
        by,
        now,
        "party_chosen",
        party_key,
        bindings={**source.bindings, party_key: target.as_json()},
    )


def _party_of(source: RoadmapImport, key: str) -> Party:
    for item in draft_of(source).items:
        for party in item.responsible.parties:
            if key_of(party) == key:
                return party
    raise RuleBroken("На этот вопрос уже ответили.")


def mend_field(
    *,
    source: RoadmapImport,
    version: int,
    item: int,
    field: str,
    text: str,
    by: Actor,
    now: datetime,
) -> None:
    """Writes one field of an item anew; deadlines and parties are read by the rules again."""
    if field not in FIELDS:
        raise RuleBroken("Такого поля нет.")
    if "\0" in text or len(text) > LONGEST_TEXT:
        raise RuleBroken(f"Сократите текст: не больше {LONGEST_TEXT} знаков.", field=field)
    if field == "title" and not text.strip():
        raise RuleBroken("Название мероприятия не может быть пустым.", field="title")
    draft = _draft_with(source, item)
    dictionary = region_dictionary(source.unit.region_id)
    mended = mend_item(draft, item, field, text, dictionary=dictionary)
    _write_item(source, version, item, field, by, now, mended)


def mend_due_dates(
    *,
    source: RoadmapImport,
    version: int,
    item: int,
    days: list[date],
    by: Actor,
    now: datetime,
) -> None:
    """Sets the dates by hand beside the words of the document; no days: no date."""
    draft = _draft_with(source, item)
    old = draft.items[item]
    kind = DeadlineKind.BY_DATE if days else DeadlineKind.CONTINUOUS
    windows = tuple(Window(None, day) for day in sorted(set(days)))
    deadline = Deadline(old.deadline.text, kind, windows, inherited=old.deadline.inherited)
    mended = _answered(draft, item, "deadline", replace(old, deadline=deadline))
    _write_item(source, version, item, "deadline", by, now, mended)


def mend_parties(
    *,
    source: RoadmapImport,
    version: int,
    item: int,
    parties: list[Party],
    by: Actor,
    now: datetime,
) -> None:
    """Sets the parties by hand beside the words of the document."""
    draft = _draft_with(source, item)
    old = draft.items[item]
    responsible = replace(old.responsible, parties=tuple(dict.fromkeys(parties)))
    mended = _answered(draft, item, "responsible", replace(old, responsible=responsible))
    _write_item(source, version, item, "responsible", by, now, mended)


def mend_group(
    *, source: RoadmapImport, version: int, item: int, group: bool, by: Actor, now: datetime
) -> None:
    """Says that a row is a group heading, or an item after all."""
    draft = _draft_with(source, item)
    mended = _answered(draft, item, "group", replace(draft.items[item], group=group))
    _write_item(source, version, item, "group", by, now, mended)


def _draft_with(source: RoadmapImport, item: int) -> RoadmapDraft:
    draft = draft_of(source)
    if not 0 <= item < len(draft.items):
        raise RuleBroken("Такой строки нет.")
    return draft


def _answered(draft: RoadmapDraft, place: int, field: str, item: DraftItem) -> RoadmapDraft:
    """The draft with this item; what was asked about the field is answered."""
    return replace(
        draft,
        items=(*draft.items[:place], item, *draft.items[place + 1 :]),
        doubts=tuple(one for one in draft.doubts if (one.item, one.field) != (place, field)),
    )


def _write_item(
    source: RoadmapImport,
    version: int,
    place: int,
    field: str,
    by: Actor,
    now: datetime,
    mended: RoadmapDraft,
) -> None:
    number = mended.items[place].number or f"строка {place + 1}"
    _write(source, version, by, now, "item_mended", f"{number}: {field}", draft=mended.to_store())


@dataclass(frozen=True)
class Card:
    """The card of the document. `year` is the first year of the academic year, or the calendar
    year where `calendar` is true."""

    title: str
    year: int
    calendar: bool = False
    issuer: str = ""
    basis_kind: str = ""
    basis_number: str = ""
    basis_date: date | None = None
    aims: str = ""


def mend_card(*, source: RoadmapImport, version: int, card: Card, by: Actor, now: datetime) -> None:
    """Corrects title, year, issuing authority, basis order and aims of the whole document.

    Another year reads the deadlines anew, but for those a person has set by hand.
    """
    if not card.title.strip():
        raise RuleBroken("Название не может быть пустым.", field="title")
    if not 2000 <= card.year <= 2100:
        raise RuleBroken("Укажите год четырьмя цифрами, например 2026.", field="year")
    draft = draft_of(source)
    mended = replace(
        draft,
        title=card.title.strip(),
        issuer=card.issuer.strip() or None,
        basis=_basis(card),
        aims=tuple(line.strip() for line in card.aims.splitlines() if line.strip()),
        doubts=tuple(doubt for doubt in draft.doubts if doubt.field not in _OF_CARD),
    )
    if draft.plan is None or (draft.plan.year, draft.plan.calendar) != (card.year, card.calendar):
        mended = _in_other_year(mended, PlanPeriod(card.year, calendar=card.calendar))
    _write(source, version, by, now, "card_mended", "card", draft=mended.to_store())


_OF_CARD = frozenset({"title", "issuer", "period", "basis", "aims", "year"})


def _basis(card: Card) -> BasisOrder | None:
    kind, number = card.basis_kind.strip(), card.basis_number.strip()
    if not (kind or number or card.basis_date):
        return None
    return BasisOrder(kind or "приказ", number or None, card.basis_date)


def _in_other_year(draft: RoadmapDraft, plan: PlanPeriod) -> RoadmapDraft:
    items, doubts = [], [doubt for doubt in draft.doubts if doubt.field != "deadline"]
    for place, item in enumerate(draft.items):
        deadline = item.deadline
        by_rules = (
            draft.plan is None
            or replace(read_deadline(deadline.text, draft.plan), inherited=deadline.inherited)
            == deadline
        )
        if by_rules and deadline.text:
            deadline = replace(read_deadline(deadline.text, plan), inherited=deadline.inherited)
        items.append(replace(item, deadline=deadline))
        if deadline.doubt and not deadline.inherited:
            row = next(iter(item.source_rows), None)
            doubts.append(Doubt(item.number, "deadline", deadline.doubt, row, place))
    return replace(draft, plan=plan, items=tuple(items), doubts=tuple(doubts))


def _write(
    source: RoadmapImport,
    version: int,
    by: Actor,
    now: datetime,
    action: str,
    what: str,
    **values: object,
) -> None:
    with transaction.atomic():
        changed = RoadmapImport.objects.filter(
            pk=source.pk, version=version, state=ImportState.REVIEW
        ).update(**values, version=F("version") + 1, changed_at=now)
        if not changed:
            raise RuleBroken(CONFLICT)
        source.refresh_from_db()
        write_entry(by=by, now=now, action=action, about=subject(source), after={"what": what})


def subject(source: RoadmapImport) -> Subject:
    """The import as the matter of a journal entry."""
    unit = source.unit
    return Subject("import", source.pk, source.name, unit.pk, unit.path or "")
