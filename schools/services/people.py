"""A person's own data: the name, and the address by which one signs in."""

from datetime import date, datetime

from django.db import transaction

from profmin.accounts.models import EmailChange, User
from profmin.accounts.services import ask_email_change, find_email_change, take_email
from profmin.journal.services import Actor, Subject, write_entry
from profmin.lib.errors import RuleBroken
from schools.models import Appointment, OrgUnit
from schools.scope import Scope


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
    _refuse_others_people(user, scope, today)
    with transaction.atomic():
        changed = User.objects.filter(pk=user.pk).exclude(full_name=name).update(full_name=name)
        if not changed:
            return
        before, user.full_name = user.full_name, name
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
    _refuse_others_people(user, scope, today)
    if email == user.email:
        raise RuleBroken("Эта почта и так указана.", field="email")
    known = Appointment.objects.accepted().filter(user__email=email)
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


def confirm_email_change(*, token: str, now: datetime) -> User:
    """The link of the letter was followed: the new address holds, all sessions end."""
    change = find_email_change(token=token, now=now)
    if change is None:
        raise RuleBroken("Ссылка уже использована или устарела.")
    with transaction.atomic():
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


def waiting_email_change(*, user: User, now: datetime) -> EmailChange | None:
    """The address that waits for its link to be followed."""
    return EmailChange.objects.open(now).filter(user=user).order_by("-pk").first()


def works_outside(user: User, scope: Scope, today: date) -> bool:
    """Whether the person works, today or later, anywhere outside the scope."""
    held = Appointment.objects.accepted().filter(user=user).exclude(ends_on__lt=today)
    return held.exclude(pk__in=held.in_scope(scope).values("pk")).exists()


def _refuse_others_people(user: User, scope: Scope | None, today: date) -> None:
    if scope is not None and works_outside(user, scope, today):
        raise RuleBroken(
            "Этот человек работает не только в ваших организациях: имя и почту для всех мест "
            "сразу вы изменить не можете. Имя он исправит сам на странице «Мои данные»."
        )


def _subject(user: User, unit: OrgUnit | None) -> Subject:
    if unit is None:
        return Subject("user", user.pk, user.full_name)
    return Subject("user", user.pk, user.full_name, unit.pk, unit.path or "")
