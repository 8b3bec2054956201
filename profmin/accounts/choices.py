"""Stored words of accounts."""

from django.db import models


class DelayKind(models.TextChoices):
    """What a growing delay of sign-in is counted for."""

    PAIR = "pair", "учётная запись с одного адреса"
    ACCOUNT = "account", "учётная запись с любых адресов"
    ADDRESS = "address", "адрес сети"


class LetterKind(models.TextChoices):
    """What a letter on its way is."""

    TEXT = "text", "готовый текст"
    PASSWORD_RESET = "password_reset", "ссылка для нового пароля"
