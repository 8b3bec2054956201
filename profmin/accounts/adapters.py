"""How the sign-in library behaves here: no signing up, growing delays, encrypted secrets."""

import base64
import hashlib
import math
from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from profmin.accounts import services
from profmin.accounts.models import User


def _email(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username") or "")


class AccountAdapter(DefaultAccountAdapter):
    """People come by invitation; wrong passwords wait longer and longer."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        wait = services.waiting_time(
            email=_email(credentials), address=self.get_client_ip(request), now=timezone.now()
        )
        if wait:
            seconds = math.ceil(wait.total_seconds())
            raise ValidationError(
                f"Слишком много неверных попыток. Подождите {seconds} с и попробуйте снова.",
                code="too_many_login_attempts",
            )

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        now = timezone.now()
        services.note_failure(
            email=_email(credentials), address=self.get_client_ip(request), now=now
        )
        services.tell_sign_in(
            services.SignIn(
                action="sign_in_refused",
                user=None,
                reason=f"Неверная почта или пароль, адрес {self.get_client_ip(request)}",
            ),
            now,
        )

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any
    ) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        assert isinstance(user, User)  # noqa: S101  the only model of people
        services.forget_failures(email=user.email, address=self.get_client_ip(request))
        services.tell_sign_in(services.SignIn(action="signed_in", user=user), timezone.now())
        return response

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of the letter names the portal, never the host of the request."""
        place = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.PORTAL_BASE_URL + place.replace("UID-KEY", quote(key))

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """A new password ends the other sessions of its owner."""
        super().set_password(user, password)
        services.end_sessions([user.pk])


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps secrets of one-time codes encrypted with a key derived from the portal's."""

    def _cipher(self) -> Fernet:
        digest = hashlib.sha256(f"second factor:{settings.SECRET_KEY}".encode()).digest()
        return Fernet(base64.urlsafe_b64encode(digest))

    def encrypt(self, text: str) -> str:
        return self._cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._cipher().decrypt(encrypted_text.encode()).decode()
