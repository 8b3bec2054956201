"""A person's own data: the name, and the address by which one signs in."""

from datetime import date, datetime

from django.db import transaction

from profmin.accounts.models import EmailChange, User
from profmin.accounts.roles import Permission
from profmin.accounts.services import (
    LinkTaken,
    ask_email_change,
    end_email_changes,
    find_cancellation,
    find_email_change,
    take_email,
)
from profmin.journal.services import Actor, Subject, write_entry
from profmin.lib.errors import RuleBroken
from schools.access import access_by, access_for
from schools.models import Appointment, OrgUnit
from schools.scope import Scope

_HIMSELF = (
    ": имя и почту для всех мест сразу вы изменить не можете. "
    "Имя он исправит сам на странице «Мои данные»."
)


def rename_person(
    *,
    user: User,
    unit: OrgUnit | None,
    full_name: str,
    by: Actor,
    now: datetime,
    today: date,
    scope: Scope | None = None,
) -> None:
    """Corrects a name. `scope` None: one's own; `unit`: in whose journal it is told."""
    name = " ".join(full_name.split())
    if not name:
        raise RuleBroken("Введите фамилию, имя и отчество.", field="full_name")
    if scope is not None:
        refuse_others_people(user, scope, today, advice=_HIMSELF)
    with transaction.atomic():
        changed = User.objects.filter(pk=user.pk).exclude(full_name=name).update(full_name=name)
        if not changed:
            return
        before, user.full_name = user.full_name, name
        # Where the person works no longer, only the name of that time is known.
        ended = Appointment.objects.accepted().ended(today).filter(user=user, former_name="")
        ended.update(former_name=before)
        write_entry(
            by=by,
            now=now,
            action="person_renamed",
            about=_subject(user, unit),
            before={"full_name": before},
            after={"full_name": name},
        )


def change_email(
    *,
    user: User,
    unit: OrgUnit,
    email: str,
    by: Actor,
    now: datetime,
    today: date,
    scope: Scope,
    reason: str = "",
) -> None:
    """Sends a link to the new address and a warning to the present one, which holds until the
    link is followed.

    Whoever has the address can ask for a new password, so it is for whoever is over every place
    where the person works. Of people outside `scope` nothing is told: not even whether the new
    address is somebody's.
    """
    email = email.strip().lower()
    refuse_others_people(user, scope, today, advice=_HIMSELF)
    if email == user.email:
        raise RuleBroken("Эта почта и так указана.", field="email")
    known = Appointment.objects.accepted().lasting(today).filter(user__email=email)
    if known.in_scope(scope).exists():
        raise RuleBroken("С этой почтой в портале работает другой человек.", field="email")
    with transaction.atomic():
        asker = User.objects.filter(pk=by.user_id).first() if by.user_id else None
        ask_email_change(user=user, email=email, unit_id=unit.pk, by=asker, now=now)
        write_entry(
            by=by,
            now=now,
            action="email_change_asked",
            about=_subject(user, unit),
            before={"email": user.email},
            after={"email": email},
            reason=reason,
        )


def open_email_change(*, token: str, now: datetime, today: date) -> EmailChange | None:
    """The change of a link, or None: also where whoever asked might not ask for it now."""
    change = find_email_change(token=token, now=now)
    return change if change and _may_be_asked(change, today) else None


def confirm_email_change(*, token: str, now: datetime, today: date) -> User:
    """The link of the letter was followed: the new address holds, all sessions end.

    Rights are read again, with the person's row locked: `LinkTaken` where the link does not work
    any more.
    """
    with transaction.atomic():
        change = _locked(find_email_change(token=token, now=now), now, today)
        before = take_email(change=change, now=now)
        user = User.objects.get(pk=change.user_id)
        write_entry(
            by=Actor(user.pk, user.full_name),
            now=now,
            action="email_changed",
            about=_subject(user, OrgUnit.objects.filter(pk=change.unit_id).first()),
            before={"email": before},
            after={"email": user.email},
        )
    return user


def cancel_email_change(*, token: str, now: datetime) -> None:
    """The link of the warning was followed: the former address stays."""
    change = find_cancellation(token=token, now=now)
    if change is None:
        raise LinkTaken(_GONE)
    with transaction.atomic():
        end_email_changes(user=change.user, now=now)
        write_entry(
            by=Actor(change.user.pk, change.user.full_name),
            now=now,
            action="email_change_cancelled",
            about=_subject(change.user, OrgUnit.objects.filter(pk=change.unit_id).first()),
            before={"email": change.email},
            after={"email": change.user.email},
        )


def _locked(found: EmailChange | None, now: datetime, today: date) -> EmailChange:
    """First the change, which whoever takes rights away ends, then the person; then looks."""
    if found is not None:
        rows = EmailChange.objects.select_for_update().open(now).filter(pk=found.pk)
        change = rows.first()
        if change is not None:
            change.user = User.objects.select_for_update().get(pk=change.user_id)
            if change.user.is_active and _may_be_asked(change, today):
                return change
    raise LinkTaken(_GONE)


_GONE = "Ссылка уже использована или устарела."


def _may_be_asked(change: EmailChange, today: date) -> bool:
    """Whether whoever asked still may: by an appointment over every place of the person."""
    asker = change.asked_by
    if asker is None or not asker.is_active:
        return False
    if asker.pk == change.user_id:
        return True
    access = access_for(asker, today=today)
    if access is None:
        return False
    held = [access, *(access_by(other) for other in access.others)]
    return any(
        one.can(Permission.PERSON_EDIT)
        and works_inside(change.user, one.scope, today)
        and not works_outside(change.user, one.scope, today)
        for one in held
    )


def waiting_email_change(*, user: User, now: datetime) -> EmailChange | None:
    """The address that waits for its link to be followed."""
    return EmailChange.objects.open(now).filter(user=user).order_by("-pk").first()


def works_inside(user: User, scope: Scope, today: date) -> bool:
    """Whether the person agreed to work, today or later, in the scope."""
    held = Appointment.objects.accepted().lasting(today).filter(user=user)
    return held.in_scope(scope).exists()


def works_outside(user: User, scope: Scope, today: date) -> bool:
    """Whether the person works, today or later, anywhere outside the scope, or is asked to."""
    held = Appointment.objects.lasting(today).filter(user=user)
    return held.exclude(pk__in=held.in_scope(scope).values("pk")).exists()


def refuse_others_people(user: User, scope: Scope, today: date, *, advice: str) -> None:
    """What holds everywhere is for whoever is over every place where the person works."""
    if not works_inside(user, scope, today):
        raise RuleBroken("Сейчас этот человек у вас не работает.")
    if works_outside(user, scope, today):
        raise RuleBroken(f"Этот человек работает не только в ваших организациях{advice}")


def _subject(user: User, unit: OrgUnit | None) -> Subject:
    if unit is None:
        return Subject("user", user.pk, user.full_name)
    return Subject("user", user.pk, user.full_name, unit.pk, unit.path or "")
