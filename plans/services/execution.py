"""What a unit does about its dues, and the second mark of the unit above.

Each deed names the version of the due that the person saw: two people at once see the conflict.
Done counts at once; the confirmation stands beside it.
"""

import unicodedata
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import F

from plans.choices import DueState, ProofKind
from plans.models import Due, Proof
from plans.services.standing import refresh_standing
from profmin.journal.services import Actor, Subject, write_entry
from profmin.lib.errors import RuleBroken
from schools.models import StoredFile

_LINK = URLValidator(schemes=["http", "https"])
# Control signs, marks of direction and the like: none belongs in an address.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
CONFLICT = (
    "Пока вы писали, эту запись изменил кто-то другой. Ваш текст сохранён в форме: "
    "сверьте его с новым состоянием и отправьте ещё раз."
)


class ChangedMeanwhile(RuleBroken):
    """Somebody else has changed the due since the person saw it."""

    def __init__(self) -> None:
        super().__init__(CONFLICT)


def subject(due: Due) -> Subject:
    """The due as the matter of a journal entry."""
    assignment = due.assignment
    name = f"{assignment.item.number} {assignment.item.title}".strip()
    return Subject("due", due.pk, name, assignment.unit_id, assignment.path)


def save_progress(*, due: Due, version: int, comment: str, by: Actor, now: datetime) -> Due:
    """Keeps what is written so far; the due is in progress."""
    _refuse_stale(due, version)
    _refuse_closed(due)
    return _change(
        due,
        version,
        "due_saved",
        by,
        now,
        state=DueState.RETURNED if due.state == DueState.RETURNED else DueState.IN_PROGRESS,
        comment=comment.strip(),
        prepared_by_id=by.user_id,
    )


def mark_done(
    *,
    due: Due,
    version: int,
    done_on: date,
    comment: str,
    by: Actor,
    now: datetime,
    today: date,
    stands_in: bool = False,
) -> Due:
    """Done on a day not after `today`. `stands_in`: the operator reports for a partner."""
    _refuse_stale(due, version)
    _refuse_closed(due)
    if done_on > today:
        raise RuleBroken(
            "Дата исполнения ещё не наступила. Укажите сегодняшнюю или более раннюю.",
            field="done_on",
        )
    if done_on.year < 2000:
        raise RuleBroken("Проверьте год даты исполнения.", field="done_on")
    return _change(
        due,
        version,
        "due_done",
        by,
        now,
        state=DueState.DONE,
        done_on=done_on,
        comment=comment.strip(),
        reason="",
        reported_by_id=by.user_id,
        reported_at=now,
        is_reported_for=stands_in,
    )


def mark_not_applicable(
    *, due: Due, version: int, reason: str, by: Actor, now: datetime, stands_in: bool = False
) -> Due:
    """The item does not concern the unit; the reason is read by the unit above."""
    _refuse_stale(due, version)
    _refuse_closed(due)
    return _change(
        due,
        version,
        "due_not_applicable",
        by,
        now,
        state=DueState.NOT_APPLICABLE,
        done_on=None,
        reason=_words(reason, "Напишите, почему мероприятие к вам не относится."),
        reported_by_id=by.user_id,
        reported_at=now,
        is_reported_for=stands_in,
    )


def take_back(*, due: Due, version: int, by: Actor, now: datetime) -> Due:
    """Undoes one's own «done» or «not applicable» until the unit above has confirmed it."""
    _refuse_stale(due, version)
    if due.state not in (DueState.DONE, DueState.NOT_APPLICABLE):
        raise RuleBroken("Отметки об исполнении нет: отменять нечего.")
    _refuse_let_go(due)
    if due.confirmed_at is not None:
        raise RuleBroken("Исполнение уже подтверждено. Попросите вернуть его на доработку.")
    return _change(
        due,
        version,
        "due_taken_back",
        by,
        now,
        state=DueState.IN_PROGRESS,
        done_on=None,
        reason="",
        reported_by_id=None,
        reported_at=None,
        is_reported_for=False,
    )


def confirm_due(*, due: Due, version: int, by: Actor, now: datetime) -> Due:
    """The second mark: the unit above has seen it."""
    _refuse_stale(due, version)
    if due.state not in (DueState.DONE, DueState.NOT_APPLICABLE):
        raise RuleBroken("Подтвердить можно только исполненное.")
    if due.confirmed_at is not None:
        raise RuleBroken("Исполнение уже подтверждено.")
    return _change(
        due, version, "due_confirmed", by, now, confirmed_at=now, confirmed_by_id=by.user_id
    )


def return_due(*, due: Due, version: int, reason: str, by: Actor, now: datetime) -> Due:
    """Back for revision with a reason, also after a confirmation."""
    _refuse_stale(due, version)
    if due.state not in (DueState.DONE, DueState.NOT_APPLICABLE):
        raise RuleBroken("Вернуть можно только исполненное или отмеченное неприменимым.")
    _refuse_let_go(due)
    return _change(
        due,
        version,
        "due_returned",
        by,
        now,
        state=DueState.RETURNED,
        reason=_words(reason, "Напишите причину возврата: по ней исправят."),
        confirmed_at=None,
        confirmed_by_id=None,
    )


def add_link(*, due: Due, link: str, by: Actor, now: datetime) -> Proof:
    """A link that proves the due."""
    link = link.strip()
    if any(unicodedata.category(sign) in _UNSEEN for sign in link):
        raise RuleBroken(
            "В ссылке есть невидимые знаки: с ними видно один адрес, а откроется другой. "
            "Скопируйте её из адресной строки ещё раз.",
            field="link",
        )
    try:
        _LINK(link)
    except ValidationError as error:
        raise RuleBroken(
            "Ссылка должна начинаться с http:// или https://. Скопируйте её из адресной строки.",
            field="link",
        ) from error
    return _add_proof(due, by, now, kind=ProofKind.LINK, link=link)


def add_file(*, due: Due, file: StoredFile, by: Actor, now: datetime) -> Proof:
    """A stored file that proves the due."""
    return _add_proof(due, by, now, kind=ProofKind.FILE, file=file)


def _add_proof(due: Due, by: Actor, now: datetime, **values: Any) -> Proof:
    _refuse_confirmed(due)
    _refuse_let_go(due)
    with transaction.atomic():
        proof = Proof.objects.create(due=due, added_by_id=by.user_id, added_at=now, **values)
        started = Due.objects.filter(pk=due.pk, state=DueState.NOT_STARTED).update(
            state=DueState.IN_PROGRESS, version=F("version") + 1
        )
        if started:
            refresh_standing([due.assignment_id])
        write_entry(
            by=by, now=now, action="proof_added", about=subject(due), after={"proof": str(proof)}
        )
    return proof


def remove_proof(*, proof: Proof, by: Actor, now: datetime) -> None:
    """Takes a proof back; the stored file stays for the journal."""
    _refuse_confirmed(proof.due)
    _refuse_let_go(proof.due)
    with transaction.atomic():
        before = str(proof)
        proof.delete()
        write_entry(
            by=by,
            now=now,
            action="proof_removed",
            about=subject(proof.due),
            before={"proof": before},
        )


def _change(due: Due, version: int, action: str, by: Actor, now: datetime, **values: Any) -> Due:
    """Writes if nobody else has since `version`; keeps the standing and the journal."""
    before = _told(due, values)
    with transaction.atomic():
        changed = Due.objects.filter(pk=due.pk, version=version, state=due.state).update(
            **values, version=F("version") + 1
        )
        if not changed:
            raise ChangedMeanwhile
        due.refresh_from_db()
        refresh_standing([due.assignment_id])
        write_entry(
            by=by,
            now=now,
            action=action,
            about=subject(due),
            before=before,
            after=_told(due, values),
            reason=values.get("reason", ""),
        )
    return due


_TOLD = {"state", "done_on", "comment", "reason", "is_reported_for"}


def _told(due: Due, values: dict[str, Any]) -> dict[str, Any]:
    told = {name: getattr(due, name) for name in sorted(_TOLD & values.keys())}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in told.items()
    }


def _refuse_stale(due: Due, version: int) -> None:
    """Before every other refusal: what the person saw has changed, and that explains the rest."""
    if due.version != version:
        raise ChangedMeanwhile


def _refuse_closed(due: Due) -> None:
    if due.state in (DueState.DONE, DueState.NOT_APPLICABLE):
        raise RuleBroken("Об исполнении уже сообщено. Чтобы изменить, сначала отмените отметку.")


def _refuse_confirmed(due: Due) -> None:
    if due.confirmed_at is not None:
        raise RuleBroken("Исполнение уже подтверждено: подтверждения менять нельзя.")


def _refuse_let_go(due: Due) -> None:
    if due.is_let_go:
        raise RuleBroken(
            "Это поручение закрыл портал: организация закрыта или переведена и больше не входит "
            "в эту карту. Открыть его заново нельзя."
        )


def _words(text: str, refusal: str) -> str:
    text = text.strip()
    if not text:
        raise RuleBroken(refusal, field="reason")
    return text
