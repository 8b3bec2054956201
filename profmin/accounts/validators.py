"""Passwords that are long and still easy to guess (NIST 800-63B-4: common and expected ones)."""

import re
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

_EXPECTED = ("профориентация", "профминимум", "портал", "пароль", "parol", "школа", "министерство")
_SHORTEST_PERIOD = 8
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")


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
