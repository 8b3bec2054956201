"""People are invited, appointed, substituted and dismissed."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.timezone import localtime

from profmin.accounts.models import User
from profmin.accounts.roles import Role
from profmin.accounts.services import end_email_changes, end_sessions, invite_user
from profmin.journal.services import Actor, Subject, write_entry
from profmin.lib.errors import RuleBroken
from schools.choices import RESPONSIBLE_RANKS, FilePurpose, Rank, UnitKind
from schools.models import Appointment, OrgUnit, StoredFile
from schools.scope import Scope
from schools.services.files import atomic_with_files, store_file
from schools.services.people import refuse_others_people

_END_HERE = ". Завершите его назначение у вас: доступ к ним закроется сразу."
# At which kinds of units a role may be held.
ROLE_KINDS: dict[str, frozenset[str]] = {
    Role.MINISTRY: frozenset({UnitKind.REGION}),
    Role.OPERATOR: frozenset({UnitKind.OPERATOR}),
    Role.MUNICIPALITY: frozenset({UnitKind.MUNICIPALITY, UnitKind.TERRITORY}),
    Role.SCHOOL: frozenset({UnitKind.SCHOOL, UnitKind.BRANCH}),
    Role.ASSISTANT: frozenset({UnitKind.SCHOOL, UnitKind.BRANCH}),
    Role.PARTNER: frozenset({UnitKind.PARTNER, UnitKind.AUTHORITY}),
    Role.OBSERVER: frozenset(UnitKind.values),
    Role.ADMINISTRATOR: frozenset({UnitKind.COUNTRY, UnitKind.REGION, UnitKind.MUNICIPALITY}),
}

# Which roles a role may give: nobody hands out more than stands below.
MAY_APPOINT: dict[str, frozenset[str]] = {
    Role.ADMINISTRATOR: frozenset(Role.values),
    Role.MINISTRY: frozenset(Role.values) - {Role.ADMINISTRATOR},
    Role.MUNICIPALITY: frozenset(
        {Role.MUNICIPALITY, Role.SCHOOL, Role.ASSISTANT, Role.PARTNER, Role.OBSERVER}
    ),
    Role.SCHOOL: frozenset({Role.SCHOOL, Role.ASSISTANT}),
}


def roles_to_give(role: str, kind: str) -> list[Role]:
    """Roles which somebody in `role` may give at a unit of this kind."""
    allowed = MAY_APPOINT.get(role, frozenset())
    return [Role(one) for one in Role.values if one in allowed and kind in ROLE_KINDS[one]]


@dataclass(frozen=True)
class Post:
    """What is held, from when, by which act."""

    role: str
    post: str
    rank: str
    starts_on: date
    ends_on: date | None = None
    act_number: str = ""
    act_date: date | None = None
    act_link: str = ""
    act_file: StoredFile | None = None


def appoint(*, user: User, unit: OrgUnit, post: Post, by: Actor, now: datetime) -> Appointment:
    """Gives a person a role at a unit. `by.role` empty: the portal itself (loading data)."""
    _refuse_post(unit, post, by)
    _refuse_twice(user, unit, post)
    with transaction.atomic():
        appointment = Appointment.objects.create(user=user, unit=unit, **vars(post))
        end_email_changes(user=user, now=now)
        _journal(appointment, "person_appointed", by, now)
    return appointment


def invite_and_appoint(
    *,
    email: str,
    full_name: str,
    unit: OrgUnit,
    post: Post,
    by: Actor,
    now: datetime,
    scope: Scope | None = None,
    act: UploadedFile | None = None,
) -> Appointment:
    """Appoints a person by e-mail address and sends a letter with a link. `act`: its file.

    Known elsewhere or new, the answer and the letter are the same; the appointment gives rights
    and shows the person's own name once the link is followed. Somebody who works in `scope`
    already needs no letter.
    """
    _refuse_post(unit, post, by)
    with atomic_with_files():
        user = _person(email, full_name)
        _refuse_twice(user, unit, post)
        if act is not None:
            post = replace(post, act_file=_store_act(act, unit, by, now))
        appointment = Appointment.objects.create(user=user, unit=unit, **vars(post))
        _ask_to_agree(appointment, full_name, by, now, scope)
        _journal(appointment, "person_appointed", by, now)
    return appointment


def substitute(
    *,
    absent: Appointment,
    user: User,
    post: str,
    rank: str,
    starts_on: date,
    ends_on: date,
    by: Actor,
    now: datetime,
) -> Appointment:
    """Another person holds the role for a time; the absent one keeps it."""
    card = Post(absent.role, post, rank, starts_on, ends_on)
    _refuse_substitution(absent, card, by)
    with transaction.atomic():
        appointment = _create_substitution(absent, user, card)
        end_email_changes(user=user, now=now)
        _journal(appointment, "person_substituted", by, now)
    return appointment


def invite_substitute(
    *,
    absent: Appointment,
    email: str,
    full_name: str,
    post: str,
    rank: str,
    starts_on: date,
    ends_on: date,
    by: Actor,
    now: datetime,
    scope: Scope | None = None,
) -> Appointment:
    """`substitute` by e-mail address, with the letter of `invite_and_appoint`."""
    card = Post(absent.role, post, rank, starts_on, ends_on)
    _refuse_substitution(absent, card, by)
    with transaction.atomic():
        appointment = _create_substitution(absent, _person(email, full_name), card)
        _ask_to_agree(appointment, full_name, by, now, scope)
        _journal(appointment, "person_substituted", by, now)
    return appointment


def invite_again(*, appointment: Appointment, by: Actor, now: datetime) -> None:
    """Sends the letter once more, to the same mailbox; the earlier link ends.

    Whoever was asked under that address may have another one by now: the appointment is then for
    whoever has the mailbox.
    """
    _refuse_role(appointment.role, by)
    if appointment.is_accepted:
        raise RuleBroken("Человек уже принял это назначение: письмо не нужно.")
    with transaction.atomic():
        Appointment.objects.select_for_update().get(pk=appointment.pk)
        if appointment.user.email != appointment.invited_email:
            appointment.user = _person(appointment.invited_email, appointment.stated_name)
            appointment.save(update_fields=["user"])
        _send_letter(appointment, by, now)
        _journal(appointment, "person_invited_again", by, now)


def end_appointment(
    *, appointment: Appointment, on: date, by: Actor, now: datetime, reason: str = ""
) -> None:
    """The last day of the role. The person's sessions end, so that rights end with the role."""
    _refuse_role(appointment.role, by)
    if on < appointment.starts_on:
        raise RuleBroken("Назначение не может кончиться раньше, чем началось.", field="on")
    if appointment.ends_on and on > appointment.ends_on:
        raise RuleBroken(
            f"Назначение и так действует до {appointment.ends_on:%d.%m.%Y}. "
            "Чтобы продлить его, назначьте человека снова.",
            field="on",
        )
    with transaction.atomic():
        changed = Appointment.objects.filter(pk=appointment.pk, ends_on=appointment.ends_on).update(
            ends_on=on
        )
        if not changed:
            raise RuleBroken("Назначение уже изменил кто-то другой. Откройте страницу заново.")
        appointment.refresh_from_db(fields=["ends_on"])
        _journal(appointment, "appointment_ended", by, now, reason)
        end_sessions([appointment.user_id])
        end_email_changes(user=appointment.user, now=now, asked=True)


def set_active(
    *,
    user: User,
    unit: OrgUnit,
    active: bool,
    by: Actor,
    now: datetime,
    today: date,
    scope: Scope | None = None,
    reason: str = "",
) -> None:
    """Blocks a person (all sessions end) or lets in again.

    A block holds everywhere, so it is for whoever is over every place where the person works:
    otherwise one region could shut out another region's people. `scope` None: the portal itself.
    """
    if user.pk == by.user_id:
        raise RuleBroken("Заблокировать самого себя нельзя.")
    if scope is not None:
        refuse_others_people(user, scope, today, advice=_END_HERE)
    with transaction.atomic():
        end_email_changes(user=user, now=now, asked=True)
        changed = User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active)
        if not changed:
            return
        end_sessions([user.pk])
        write_entry(
            by=by,
            now=now,
            action="person_unblocked" if active else "person_blocked",
            about=Subject("user", user.pk, user.full_name, unit.pk, unit.path or ""),
            reason=reason,
        )


def _person(email: str, full_name: str) -> User:
    user = User.objects.filter(email=email.strip().lower()).first()
    return user or User.objects.create_user(email, full_name=" ".join(full_name.split()))


def _store_act(act: UploadedFile, unit: OrgUnit, by: Actor, now: datetime) -> StoredFile:
    return store_file(
        unit=unit, path=unit.path or "", purpose=FilePurpose.ACT, upload=act, by=by, now=now
    )


def _create_substitution(absent: Appointment, user: User, card: Post) -> Appointment:
    if user.pk == absent.user_id:
        raise RuleBroken("Человек не может замещать сам себя.", field="email")
    return Appointment.objects.create(user=user, unit=absent.unit, substitutes=absent, **vars(card))


def _refuse_substitution(absent: Appointment, card: Post, by: Actor) -> None:
    if absent.substitutes_id:
        raise RuleBroken("Это назначение само замещение. Замещают того, кто назначен постоянно.")
    if not absent.is_current(card.starts_on):
        raise RuleBroken("На эту дату назначение не действует.", field="starts_on")
    if absent.ends_on and card.ends_on and card.ends_on > absent.ends_on:
        raise RuleBroken(
            f"Замещаемое назначение кончается {absent.ends_on:%d.%m.%Y}. "
            "Укажите последний день не позже.",
            field="ends_on",
        )
    _refuse_post(absent.unit, card, by)


def _ask_to_agree(
    appointment: Appointment, full_name: str, by: Actor, now: datetime, scope: Scope | None
) -> None:
    """A letter, unless the person is somebody the appointer sees at work already."""
    end_email_changes(user=appointment.user, now=now)
    today = localtime(now).date()
    known = Appointment.objects.accepted().current(today).filter(user=appointment.user)
    if scope and known.in_scope(scope).exclude(pk=appointment.pk).exists():
        return
    appointment.stated_name = " ".join(full_name.split())
    _send_letter(appointment, by, now)


def _send_letter(appointment: Appointment, by: Actor, now: datetime) -> None:
    inviter = User.objects.filter(pk=by.user_id).first() if by.user_id else None
    appointment.invitation = invite_user(
        user=appointment.user, by=inviter, now=now, instead_of=appointment.invitation
    )
    appointment.save(update_fields=["stated_name", "invitation"])


def _refuse_twice(user: User, unit: OrgUnit, post: Post) -> None:
    """The same role at the same unit on the same days."""
    held = Appointment.objects.filter(user=user, unit=unit, role=post.role).exclude(
        ends_on__lt=post.starts_on
    )
    if post.ends_on:
        held = held.filter(starts_on__lte=post.ends_on)
    if held.exists():
        raise RuleBroken("Этот человек уже назначен сюда в этой роли.", field="email")


def _refuse_post(unit: OrgUnit, post: Post, by: Actor) -> None:
    _refuse_role(post.role, by)
    if unit.kind not in ROLE_KINDS[post.role]:
        raise RuleBroken(
            f"Роль «{Role(post.role).label}» не для организации вида «{unit.get_kind_display()}».",
            field="role",
        )
    if post.role == Role.SCHOOL and post.rank not in RESPONSIBLE_RANKS:
        raise RuleBroken(
            "Ответственный в школе — не ниже заместителя директора. "
            f"Сейчас указано: {Rank(post.rank).label}.",
            field="rank",
        )
    if post.ends_on and post.ends_on < post.starts_on:
        raise RuleBroken("Последний день раньше первого.", field="ends_on")


def _refuse_role(role: str, by: Actor) -> None:
    if by.role and role not in MAY_APPOINT.get(by.role, frozenset()):
        raise RuleBroken(f"Ваша роль не даёт назначать роль «{Role(role).label}».", field="role")


def _journal(
    appointment: Appointment, action: str, by: Actor, now: datetime, reason: str = ""
) -> None:
    unit = appointment.unit
    write_entry(
        by=by,
        now=now,
        action=action,
        about=Subject(
            "appointment", appointment.pk, appointment.shown_name, unit.pk, unit.path or ""
        ),
        after={
            "role": appointment.role,
            "unit": unit.name,
            "post": appointment.post,
            "starts_on": appointment.starts_on.isoformat(),
            "ends_on": appointment.ends_on.isoformat() if appointment.ends_on else None,
        },
        reason=reason,
    )
