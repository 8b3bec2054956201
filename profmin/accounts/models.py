"""People who sign in, their invitations and letters, and the growing delay after wrong passwords."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from profmin.accounts.choices import DelayKind, LetterKind


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who may sign in; without a password only after an invitation."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A member of staff. Rights come from appointments alone (`schools.access`)."""

    email = models.EmailField("электронная почта", max_length=254)
    full_name = models.CharField("фамилия, имя, отчество", max_length=200)
    phone = models.CharField("рабочий телефон", max_length=40, blank=True)
    is_active = models.BooleanField("может входить", default=True)
    created_at = models.DateTimeField("заведён", auto_now_add=True)
    # Long enough only beside a one-time code: the second factor may not be switched off then.
    has_short_password = models.BooleanField("пароль короткий", default=False, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = "человек"
        verbose_name_plural = "люди"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="Человек с такой почтой уже есть.",
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    def set_password(self, raw_password: str | None) -> None:
        """Notes whether the password would do without a one-time code; the caller saves."""
        super().set_password(raw_password)
        self.has_short_password = (
            raw_password is not None and len(raw_password) < settings.PASSWORD_LENGTH
        )

    @property
    def short_name(self) -> str:
        """«Лебедева А. С.» out of the full name."""
        parts = self.full_name.split()
        return " ".join([*parts[:1], *(f"{part[0]}." for part in parts[1:3])])


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: datetime) -> Self:
        return self.filter(used_at=None, expires_at__gt=now)


class Invitation(models.Model):
    """A link by e-mail with which a new person sets the first password. Only its hash is kept.

    It belongs to the mailbox it was sent to: once the person has another address, it is nobody's.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="invitations")
    email = models.EmailField("куда послано", max_length=254)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "приглашение"
        verbose_name_plural = "приглашения"

    def __str__(self) -> str:
        return f"{self.user} до {self.expires_at:%d.%m.%Y}"


class EmailChangeQuerySet(models.QuerySet["EmailChange"]):
    def open(self, now: datetime) -> Self:
        return self.filter(used_at=None, expires_at__gt=now)


class EmailChange(models.Model):
    """A new address of somebody, which holds once its link is followed. Only the hash is kept.

    `unit_id` names the unit in whose journal the change is told: the tree stands above this app.
    `cancel_hash` is of the link in the warning to the present address.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="email_changes")
    email = models.EmailField("новая почта", max_length=254)
    unit_id = models.BigIntegerField("подразделение")
    token_hash = models.CharField(max_length=64, unique=True)
    cancel_hash = models.CharField(max_length=64)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = EmailChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "смена почты"
        verbose_name_plural = "смены почты"
        constraints = [
            models.UniqueConstraint(fields=["cancel_hash"], name="email_change_cancel_unique")
        ]

    def __str__(self) -> str:
        return f"{self.user} до {self.expires_at:%d.%m.%Y}"


class LetterQuerySet(models.QuerySet["Letter"]):
    def due(self, now: datetime) -> Self:
        """Not sent yet, and it is time to try."""
        return self.filter(next_at__lte=now, expires_at__gt=now)

    def expired(self, now: datetime) -> Self:
        """No longer worth sending: what they say does not hold any more."""
        return self.filter(expires_at__lte=now)


class Letter(models.Model):
    """A letter that has still to be sent; the row goes with the sending.

    `body` is encrypted with the portal's key, for links in it are secrets. A letter of a
    forgotten password has none: it is written when it is sent, if the address is anybody's.
    `message_id` stays when the sending is repeated.
    """

    kind = models.CharField(max_length=20, choices=LetterKind.choices)
    to = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    message_id = models.CharField(max_length=200)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = "письмо"
        verbose_name_plural = "письма"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=LetterKind.values), name="letter_kind_known"
            ),
            models.UniqueConstraint(fields=["message_id"], name="letter_message_id_unique"),
        ]

    def __str__(self) -> str:
        return f"письмо {self.pk}"


class SignInDelay(models.Model):
    """How many wrong passwords in a row, and until when the next try waits.

    Counted apart for an account from one address, for an account from anywhere, and for an
    address. `key_hash` hides them.
    """

    kind = models.CharField(max_length=10, choices=DelayKind.choices)
    key_hash = models.CharField(max_length=64)
    failures = models.PositiveIntegerField(default=0)
    last_failed_at = models.DateTimeField()
    blocked_until = models.DateTimeField()

    class Meta:
        verbose_name = "задержка входа"
        verbose_name_plural = "задержки входа"
        constraints = [
            models.UniqueConstraint(fields=["kind", "key_hash"], name="delay_key_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.failures}"
