"""Accounts: the growing delay after wrong passwords, invitations, ending sessions."""

import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from profmin.accounts.choices import DelayKind
from profmin.accounts.models import Invitation, SignInDelay, User
from profmin.lib.errors import RuleBroken

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class SignIn:
    """A sign-in, or a refused one (`user` None), for whoever keeps the journal."""

    action: str
    user: User | None
    reason: str = ""


# The journal stands above accounts: `profmin.apps` alone fills the list.
SIGN_IN_WITNESSES: list[Callable[[SignIn, datetime], None]] = []


def tell_sign_in(sign_in: SignIn, now: datetime) -> None:
    for witness in SIGN_IN_WITNESSES:
        witness(sign_in, now)


@dataclass(frozen=True)
class _Growth:
    """After `free` failures each further one doubles the wait, from 2 s up to `longest` s."""

    free: int
    longest: int

    def wait(self, failures: int) -> timedelta:
        over = failures - self.free
        if over < 0:
            return timedelta()
        return timedelta(seconds=min(2 ** min(over + 1, 20), self.longest))


# The rightful owner is held up half a minute at most by somebody else's guessing.
_GROWTH = {
    DelayKind.PAIR: _Growth(free=5, longest=15 * 60),
    DelayKind.ACCOUNT: _Growth(free=20, longest=30),
    DelayKind.ADDRESS: _Growth(free=50, longest=15 * 60),
}
_FORGET_AFTER = timedelta(hours=24)


def _hash(text: str) -> str:
    return hashlib.sha256(f"{settings.SECRET_KEY}:{text}".encode()).hexdigest()


def _keys(email: str, address: str) -> dict[DelayKind, str]:
    email = email.strip().lower()
    return {
        DelayKind.PAIR: _hash(f"{email}|{address}"),
        DelayKind.ACCOUNT: _hash(email),
        DelayKind.ADDRESS: _hash(address),
    }


def _delays(email: str, address: str) -> "QuerySet[SignInDelay]":
    return SignInDelay.objects.filter(key_hash__in=_keys(email, address).values())


def waiting_time(*, email: str, address: str, now: datetime) -> timedelta:
    """How long the next try still has to wait; zero when it may be made at once.

    Known and unknown addresses of people wait alike.
    """
    until = [row.blocked_until for row in _delays(email, address)]
    return max([moment - now for moment in until if moment > now], default=timedelta())


def note_failure(*, email: str, address: str, now: datetime) -> None:
    """Counts a wrong password and sets the next wait."""
    with transaction.atomic():
        for kind, key in _keys(email, address).items():
            row, _ = SignInDelay.objects.select_for_update().get_or_create(
                kind=kind, key_hash=key, defaults={"last_failed_at": now, "blocked_until": now}
            )
            stale = now - row.last_failed_at > _FORGET_AFTER
            row.failures = 1 if stale else row.failures + 1
            row.last_failed_at = now
            row.blocked_until = now + _GROWTH[kind].wait(row.failures)
            row.save()


def forget_failures(*, email: str, address: str) -> None:
    """After a right password: the pair starts anew; the address keeps its count."""
    keys = _keys(email, address)
    SignInDelay.objects.filter(
        key_hash__in=[keys[DelayKind.PAIR], keys[DelayKind.ACCOUNT]]
    ).delete()


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def invite_user(
    *, user: User, by: User | None, now: datetime, instead_of: Invitation | None = None
) -> Invitation:
    """Makes a new link (the one it stands instead of ends) and sends the letter.

    The letter is the same for somebody new and for somebody the portal knows. The token stands
    in the letter only.
    """
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        if instead_of is not None:
            Invitation.objects.open(now).filter(pk=instead_of.pk).update(expires_at=now)
        invitation = Invitation.objects.create(
            user=user,
            token_hash=_token_hash(token),
            invited_by=by,
            created_at=now,
            expires_at=now + timedelta(days=settings.INVITATION_DAYS),
        )
        # A letter that could not be sent does not undo the invitation: it can be sent again.
        transaction.on_commit(lambda: _send_invitation(user, token), robust=True)
    return invitation


def _send_invitation(user: User, token: str) -> None:
    address = f"{settings.PORTAL_BASE_URL}{reverse('invitation_accept', args=[token])}"
    context = {"address": address, "days": settings.INVITATION_DAYS}
    send_mail(
        "Приглашение в портал профориентации",
        render_to_string("emails/invitation.txt", context),
        None,
        [user.email],
        fail_silently=False,
    )


def find_invitation(*, token: str, now: datetime) -> Invitation | None:
    """The open invitation of a link, or None: used, expired and never made look alike."""
    return (
        Invitation.objects.open(now)
        .filter(token_hash=_token_hash(token), user__is_active=True)
        .select_related("user")
        .first()
    )


def accept_invitation(*, token: str, now: datetime, password: str = "") -> User:
    """Takes the invitation; somebody new sets the first password by it.

    A link works once, also when it is sent twice at the same time. It never changes a password
    that is already set: whoever has one agrees with an empty `password`.
    """
    invitation = find_invitation(token=token, now=now)
    if invitation is None:
        raise RuleBroken("Ссылка уже использована или устарела. Попросите прислать новую.")
    user = invitation.user
    if not user.has_usable_password():
        _refuse_weak(password, user)
    with transaction.atomic():
        taken = Invitation.objects.open(now).filter(pk=invitation.pk).update(used_at=now)
        if not taken:
            raise RuleBroken("Ссылка уже использована. Войдите со своим паролем.")
        if not user.has_usable_password():
            user.set_password(password)
            user.save(update_fields=["password"])
            confirm_email(user)
            end_sessions([user.pk])
    return user


def _refuse_weak(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise RuleBroken(" ".join(error.messages), field="password") from error


def confirm_email(user: User) -> None:
    """Notes the address as proven: sign-in and reset go by it."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


def end_sessions(user_ids: Iterable[int], *, but: str | None = None) -> int:
    """Ends every session of these people, except the one with the key `but`."""
    rows = UserSession.objects.filter(user_id__in=list(user_ids)).exclude(session_key=but)
    ended = 0
    for row in rows:
        row.end()
        ended += 1
    return ended
