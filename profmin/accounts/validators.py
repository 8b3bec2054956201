"""Passwords that are too short, or long and still easy to guess (NIST 800-63B-4)."""

import re
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from profmin.lib.wording import plural

_EXPECTED = ("профориентация", "профминимум", "портал", "пароль", "parol", "школа", "министерство")
_SHORTEST_PERIOD = 8
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")


_SIGNS = "знака,знаков,знаков"


class LengthValidator:
    """Long where the password alone opens the portal, shorter where a one-time code is asked too."""

    def validate(self, password: str, user: Any = None) -> None:
        least = shortest_password(user)
        if len(password) < least:
            raise ValidationError(
                f"Пароль слишком короткий: нужно не меньше {plural(least, _SIGNS)}.",
                code="password_too_short",
            )

    def get_help_text(self) -> str:
        return (
            f"Не короче {plural(settings.PASSWORD_LENGTH, _SIGNS)}; если включён код из "
            f"приложения — не короче {settings.PASSWORD_LENGTH_WITH_CODE}."
        )


def shortest_password(user: Any) -> int:
    """How many signs the person's password must have at least."""
    has_code = (
        user is not None
        and user.pk is not None
        and Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()
    )
    return settings.PASSWORD_LENGTH_WITH_CODE if has_code else settings.PASSWORD_LENGTH


class GuessablePasswordValidator(CommonPasswordValidator):
    """Refuses a common or expected word with digits around it, digits alone, and repetitions.

    The list of common passwords holds hardly any of fifteen signs: people lengthen short ones.
    """

    def validate(self, password: str, user: Any = None) -> None:
        text = password.lower()
        core = _EDGES.sub("", _repeated(text))
        if len(_repeated(text)) < _SHORTEST_PERIOD or self._is_expected(core):
            raise ValidationError(
                "Такой пароль легко угадать: это частое слово, цифры подряд или повтор. "
                "Возьмите несколько слов, не связанных между собой.",
                code="password_guessable",
            )

    def _is_expected(self, core: str) -> bool:
        return not core or core in self.passwords or core in _EXPECTED

    def get_help_text(self) -> str:
        return "Не берите частое слово с цифрами и повторы."


def _repeated(text: str) -> str:
    """The shortest piece whose repetition gives the text; the text itself where none does."""
    period = (text + text).find(text, 1)
    return text[:period]
