"""Accounts: the growing delay after wrong passwords, letters, invitations, new addresses, sessions.

Letters are rows: a page writes one and is done; whoever sends it stands above (`LETTER_CARRIERS`).
"""

import base64
import hashlib
import logging
import secrets
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from smtplib import SMTPException
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from allauth.account import app_settings as account_settings
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse

from profmin.accounts.choices import DelayKind, LetterKind
from profmin.accounts.models import EmailChange, Invitation, Letter, SignInDelay, User
from profmin.lib.errors import RuleBroken

if TYPE_CHECKING:
    from django.db.models import QuerySet


logger = logging.getLogger(__name__)


class LinkTaken(RuleBroken):
    """Somebody with the same link was faster."""


@dataclass(frozen=True)
class SignIn:
    """A sign-in, or a refused one, for whoever keeps the journal. `user` None: nobody known, the
    password was wrong already."""

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
    """After `free` failures each further one doubles the wait, from 2 s up to `longest` s.

    Each `forgives` of silence takes one failure back; after a day all are forgotten.
    """

    free: int
    longest: int
    forgives: timedelta = timedelta.max

    def left(self, failures: int, silence: timedelta) -> int:
        """How many of the failures still count."""
        if silence > _FORGET_AFTER:
            return 0
        return max(failures - silence // self.forgives, 0)

    def wait(self, failures: int) -> timedelta:
        over = failures - self.free
        if over < 0:
            return timedelta()
        return timedelta(seconds=min(2 ** min(over + 1, 20), self.longest))


_FORGET_AFTER = timedelta(hours=24)
# The rightful owner is held up half a minute at most by somebody else's guessing. An address may
# be that of all schools of a district: their slips of the pen are forgiven one by one.
_GROWTH = {
    DelayKind.PAIR: _Growth(free=5, longest=15 * 60),
    DelayKind.ACCOUNT: _Growth(free=20, longest=30),
    DelayKind.ADDRESS: _Growth(free=50, longest=5 * 60, forgives=timedelta(minutes=2)),
}


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
            row.failures = _GROWTH[kind].left(row.failures, now - row.last_failed_at) + 1
            row.last_failed_at = now
            row.blocked_until = now + _GROWTH[kind].wait(row.failures)
            row.save()


def forget_failures(*, email: str, address: str) -> None:
    """After a right password: the pair starts anew; the address forgives by time alone, else who
    has one right password could guess at others without end."""
    keys = _keys(email, address)
    SignInDelay.objects.filter(
        key_hash__in=[keys[DelayKind.PAIR], keys[DelayKind.ACCOUNT]]
    ).delete()


def forget_old_failures(now: datetime) -> None:
    """The sweep: rows that hold nobody up any more."""
    SignInDelay.objects.filter(last_failed_at__lt=now - _FORGET_AFTER).delete()


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def cipher(purpose: str) -> Fernet:
    """Keeps secrets of one purpose under a key derived from the portal's."""
    digest = hashlib.sha256(f"{purpose}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


# --- Letters ----------------------------------------------------------------------------------

# Jobs stand above accounts: `profmin.apps` alone fills the list. Called in the transaction that
# writes the letter.
LETTER_CARRIERS: list[Callable[[Letter, datetime], None]] = []
_NOTICE_LIVES = timedelta(days=3)
# Letters which somebody makes the portal send to others: so often, so many in a day.
LETTER_PAUSE = timedelta(minutes=10)
_LETTERS_OF_ONE, _LETTERS_TO_ONE = 200, 20
_LONGEST_PAUSE = timedelta(hours=1)


def mail_folder() -> str:
    """Where letters of a portal without a mail server lie; "" where they are really sent."""
    if not settings.EMAIL_BACKEND.endswith(".filebased.EmailBackend"):
        return ""
    folder = Path(settings.EMAIL_FILE_PATH)
    inside = folder.is_relative_to(settings.BASE_DIR)
    return str(folder.relative_to(settings.BASE_DIR) if inside else folder)


def post_letter(
    *, to: str, subject: str, body: str, now: datetime, lives: timedelta = _NOTICE_LIVES
) -> Letter:
    """Writes a letter to be sent soon. `lives`: how long it is worth sending."""
    return _post(
        Letter(
            kind=LetterKind.TEXT,
            to=to,
            subject=" ".join(subject.split())[:200],
            body=cipher("letters").encrypt(body.encode()).decode(),
            expires_at=now + lives,
        ),
        now,
    )


def post_reset(*, email: str, now: datetime) -> Letter:
    """Somebody asks for a new password. Whether the address is anybody's is found out when the
    letter is sent: a page that asked would answer known addresses more slowly."""
    lives = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    return _post(Letter(kind=LetterKind.PASSWORD_RESET, to=email, expires_at=now + lives), now)


def _post(letter: Letter, now: datetime) -> Letter:
    host = urlsplit(settings.PORTAL_BASE_URL).hostname
    letter.message_id = f"<{uuid.uuid4().hex}@{host}>"
    letter.created_at = letter.next_at = now
    with transaction.atomic():
        letter.save(force_insert=True)
        for carry in LETTER_CARRIERS:
            carry(letter, now)
    return letter


def send_letter(*, letter_id: int, now: datetime) -> bool:
    """Sends a letter and takes its row away; whether it is gone now.

    May run twice: a letter already sent is not there any more, and one sent just before a crash
    goes once more with the same Message-ID. A mail server that refuses is tried again later.
    """
    letter = Letter.objects.filter(pk=letter_id, expires_at__gt=now).first()
    if letter is None:
        return True
    text = _text_of(letter)
    if text is not None:
        subject, body = text
        headers = {"Message-ID": letter.message_id}
        try:
            EmailMessage(subject, body, None, [letter.to], headers=headers).send()
        except (SMTPException, OSError) as error:
            logger.warning("Letter %s waits: %s", letter.pk, type(error).__name__)
            postpone_letter(letter=letter, now=now)
            return False
    letter.delete()
    return True


def postpone_letter(*, letter: Letter, now: datetime) -> None:
    """The next try: after 2, 4, 8 … minutes, an hour at most."""
    letter.attempts += 1
    pause = min(timedelta(minutes=2 ** min(letter.attempts, 10)), _LONGEST_PAUSE)
    letter.next_at = now + pause
    letter.save(update_fields=["attempts", "next_at"])


def drop_expired_letters(*, now: datetime) -> int:
    """Letters that could not be sent while they mattered; how many."""
    dropped, _ = Letter.objects.expired(now).delete()
    if dropped:
        logger.warning("%s letters could not be sent in their time", dropped)
    return dropped


def _text_of(letter: Letter) -> tuple[str, str] | None:
    """Subject and body; None: the address is nobody's."""
    if letter.kind == LetterKind.TEXT:
        return letter.subject, cipher("letters").decrypt(letter.body.encode()).decode()
    user = User.objects.filter(is_active=True, email=letter.to.strip().lower()).first()
    if user is None:
        return None
    token = account_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    place = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    key = quote(f"{user_pk_to_url_str(user)}-{token}")
    context = {"password_reset_url": settings.PORTAL_BASE_URL + place.replace("UID-KEY", key)}
    prefix = "account/email/password_reset_key"
    subject = render_to_string(f"{prefix}_subject.txt", context)
    return " ".join(subject.split()), render_to_string(f"{prefix}_message.txt", context)


# --- Invitations ------------------------------------------------------------------------------


def invite_user(
    *, user: User, by: User | None, now: datetime, instead_of: Invitation | None = None
) -> Invitation:
    """Makes a new link (the one it stands instead of ends) and posts the letter.

    The letter is the same for somebody new and for somebody the portal knows. The token stands
    in the letter only. Refuses a letter soon after the one it stands instead of, and floods.
    """
    _refuse_soon(instead_of, now)
    if by is not None:
        _refuse_flood(Invitation.objects.filter(invited_by=by), user.email, now)
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        if instead_of is not None:
            Invitation.objects.open(now).filter(pk=instead_of.pk).update(expires_at=now)
        invitation = Invitation.objects.create(
            user=user,
            email=user.email,
            token_hash=_token_hash(token),
            invited_by=by,
            created_at=now,
            expires_at=now + timedelta(days=settings.INVITATION_DAYS),
        )
        _write_invitation(user, token, now)
    return invitation


def _write_invitation(user: User, token: str, now: datetime) -> None:
    address = f"{settings.PORTAL_BASE_URL}{reverse('invitation_accept', args=[token])}"
    days = settings.INVITATION_DAYS
    post_letter(
        to=user.email,
        subject="Приглашение в портал профориентации",
        body=render_to_string("emails/invitation.txt", {"address": address, "days": days}),
        now=now,
        lives=timedelta(days=days),
    )


def find_invitation(*, token: str, now: datetime) -> Invitation | None:
    """The open invitation of a link, or None: used, expired and never made look alike."""
    return (
        Invitation.objects.open(now)
        .filter(token_hash=_token_hash(token), user__is_active=True, email=F("user__email"))
        .select_related("user")
        .first()
    )


def is_invitation_taken(*, token: str) -> bool:
    """Whether the link was followed already: told to nobody but who has it."""
    return Invitation.objects.filter(
        token_hash=_token_hash(token), used_at__isnull=False, user__is_active=True
    ).exists()


def accept_invitation(*, token: str, now: datetime, password: str = "") -> User:
    """Takes the invitation; somebody new sets the first password by it.

    A link works once, also when it is sent twice at the same time: the slower one gets
    `LinkTaken`. It never changes a password that is already set: whoever has one agrees with an
    empty `password`.
    """
    invitation = find_invitation(token=token, now=now)
    if invitation is None:
        if is_invitation_taken(token=token):
            raise LinkTaken(_TAKEN)
        raise RuleBroken("Ссылка устарела. Попросите прислать новую.")
    if not invitation.user.has_usable_password():
        _refuse_weak(password, invitation.user)
    with transaction.atomic():
        end_email_changes(user=invitation.user, now=now)
        # Another link of the same person may have set a password or another address meanwhile.
        user = User.objects.select_for_update().get(pk=invitation.user_id)
        open_ones = Invitation.objects.open(now).filter(pk=invitation.pk, email=user.email)
        if not open_ones.update(used_at=now):
            raise LinkTaken(_TAKEN)
        if not user.has_usable_password():
            user.set_password(password)
            user.save(update_fields=["password", "has_short_password"])
            confirm_email(user)
            end_sessions([user.pk])
    return user


_TAKEN = "По этой ссылке приглашение уже приняли."


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


def _refuse_soon(last: "Invitation | EmailChange | None", now: datetime) -> None:
    """The pause between two letters about the same matter."""
    if last is not None and now - last.created_at < LETTER_PAUSE:
        raise RuleBroken("Письмо послано только что. Послать ещё раз можно через десять минут.")


def _refuse_flood(sent: "QuerySet[Any]", email: str, now: datetime) -> None:
    """`sent`: what the same person had sent. Counts nothing of others, so it tells nothing."""
    sent = sent.filter(created_at__gt=now - timedelta(days=1))
    if sent.count() >= _LETTERS_OF_ONE or sent.filter(email=email).count() >= _LETTERS_TO_ONE:
        raise RuleBroken("За сутки вы послали слишком много писем. Продолжите завтра.")


# --- A new address ----------------------------------------------------------------------------


def ask_email_change(
    *, user: User, email: str, unit_id: int, by: User | None, now: datetime
) -> EmailChange:
    """Posts a link to the new address (an earlier one ends) and a warning to the present one,
    with a link that cancels.

    Whether the new address is somebody else's is found out when the link is followed: only its
    owner gets it.
    """
    email = email.strip().lower()
    _refuse_soon(EmailChange.objects.filter(user=user).order_by("-pk").first(), now)
    if by is not None:
        _refuse_flood(EmailChange.objects.filter(asked_by=by), email, now)
    token, cancel = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    lives = timedelta(days=settings.EMAIL_CHANGE_DAYS)
    with transaction.atomic():
        end_email_changes(user=user, now=now)
        change = EmailChange.objects.create(
            user=user,
            email=email,
            unit_id=unit_id,
            token_hash=_token_hash(token),
            cancel_hash=_token_hash(cancel),
            asked_by=by,
            created_at=now,
            expires_at=now + lives,
        )
        base, days = settings.PORTAL_BASE_URL, settings.EMAIL_CHANGE_DAYS
        context = {"address": base + reverse("email_confirm", args=[token]), "days": days}
        body = render_to_string("emails/email_change.txt", context)
        subject = "Новая почта для входа в портал"
        post_letter(to=email, subject=subject, body=body, now=now, lives=lives)
        context = {"address": base + reverse("email_cancel", args=[cancel]), "days": days}
        warning = render_to_string("emails/email_change_warning.txt", context)
        post_letter(to=user.email, subject="Почту для входа меняют", body=warning, now=now)
    return change


def end_email_changes(*, user: User, now: datetime, asked: bool = False) -> None:
    """Links to new addresses of the person end; `asked`: also those the person asked for others.

    Whoever changes rights calls it in the same transaction: the row is what a confirmation
    locks, so of the two one sees the other.
    """
    whose = Q(user=user) | Q(asked_by=user) if asked else Q(user=user)
    EmailChange.objects.open(now).filter(whose).update(expires_at=now)


def find_email_change(*, token: str, now: datetime) -> EmailChange | None:
    """The open change of a link, or None."""
    return (
        EmailChange.objects.open(now)
        .filter(token_hash=_token_hash(token), user__is_active=True)
        .select_related("user")
        .first()
    )


def find_cancellation(*, token: str, now: datetime) -> EmailChange | None:
    """The open change of a link that cancels, or None."""
    changes = EmailChange.objects.open(now).filter(cancel_hash=_token_hash(token))
    return changes.select_related("user").first()


def take_email(*, change: EmailChange, now: datetime) -> str:
    """The new address holds; every session and every open invitation of the person ends, for they
    were sent to the former address. Answers the former address."""
    with transaction.atomic():
        if not EmailChange.objects.open(now).filter(pk=change.pk).update(used_at=now):
            raise LinkTaken("По этой ссылке почту уже подтвердили.")
        user = User.objects.select_for_update().get(pk=change.user_id)
        before, user.email = user.email, change.email
        try:
            with transaction.atomic():
                user.save(update_fields=["email"])
        except IntegrityError as error:
            raise RuleBroken(
                "С этой почтой в портал уже входит другая учётная запись. "
                "Сообщите администратору портала."
            ) from error
        confirm_email(user)
        Invitation.objects.open(now).filter(user=user).update(expires_at=now)
        end_sessions([user.pk])
    return before


def end_sessions(user_ids: Iterable[int], *, but: str | None = None) -> int:
    """Ends every session of these people, except the one with the key `but`."""
    rows = UserSession.objects.filter(user_id__in=list(user_ids)).exclude(session_key=but)
    ended = 0
    for row in rows:
        row.end()
        ended += 1
    return ended
