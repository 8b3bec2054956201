"""People are invited, appointed, substituted and dismissed."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from profmin.accounts.models import User
from profmin.accounts.roles import Role
from profmin.accounts.services import end_sessions, invite_user
from profmin.journal.services import Actor, Subject, write_entry
from profmin.lib.errors import RuleBroken
from schools.choices import RESPONSIBLE_RANKS, Rank, UnitKind
from schools.models import Appointment, OrgUnit, StoredFile

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
    if (
        Appointment.objects.current(post.starts_on)
        .filter(user=user, unit=unit, role=post.role)
        .exists()
    ):
        raise RuleBroken("Этот человек уже назначен сюда в этой роли.", field="email")
    with transaction.atomic():
        appointment = Appointment.objects.create(user=user, unit=unit, **vars(post))
        _journal(appointment, "person_appointed", by, now)
    return appointment


def invite_and_appoint(
    *, email: str, full_name: str, unit: OrgUnit, post: Post, by: Actor, now: datetime
) -> Appointment:
    """Appoints a person by e-mail address; somebody new gets a letter with a link.

    A person the portal already knows keeps name and password: the answer is the same for both,
    so that nobody learns who else works in the portal.
    """
    _refuse_post(unit, post, by)
    with transaction.atomic():
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            user = User.objects.create_user(email, full_name=full_name.strip())
        appointment = appoint(user=user, unit=unit, post=post, by=by, now=now)
        if not user.has_usable_password():
            inviter = User.objects.filter(pk=by.user_id).first()
            invite_user(user=user, by=inviter, now=now)
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
    if user.pk == absent.user_id:
        raise RuleBroken("Человек не может замещать сам себя.", field="email")
    if not absent.is_current(starts_on):
        raise RuleBroken("На эту дату назначение не действует.", field="starts_on")
    card = Post(absent.role, post, rank, starts_on, ends_on)
    _refuse_post(absent.unit, card, by)
    with transaction.atomic():
        appointment = Appointment.objects.create(
            user=user, unit=absent.unit, substitutes=absent, **vars(card)
        )
        _journal(appointment, "person_substituted", by, now)
    return appointment


def end_appointment(
    *, appointment: Appointment, on: date, by: Actor, now: datetime, reason: str = ""
) -> None:
    """The last day of the role. The person's sessions end, so that rights end with the role."""
    _refuse_role(appointment.role, by)
    if on < appointment.starts_on:
        raise RuleBroken("Назначение не может кончиться раньше, чем началось.", field="on")
    with transaction.atomic():
        changed = Appointment.objects.filter(pk=appointment.pk, ends_on=appointment.ends_on).update(
            ends_on=on
        )
        if not changed:
            raise RuleBroken("Назначение уже изменил кто-то другой. Откройте страницу заново.")
        appointment.refresh_from_db()
        _journal(appointment, "appointment_ended", by, now, reason)
        end_sessions([appointment.user_id])


def set_active(*, user: User, unit: OrgUnit, active: bool, by: Actor, now: datetime) -> None:
    """Blocks a person (all sessions end) or lets in again."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_active=active)
        end_sessions([user.pk])
        write_entry(
            by=by,
            now=now,
            action="person_unblocked" if active else "person_blocked",
            about=Subject("user", user.pk, user.full_name, unit.pk, unit.path or ""),
        )


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
            "user", appointment.user_id, appointment.user.full_name, unit.pk, unit.path or ""
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
