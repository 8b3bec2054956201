"""How the sign-in library behaves here: no signing up, growing delays, letters as rows, encrypted
secrets."""

import math
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from profmin.accounts import services
from profmin.accounts.models import User


def _email(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username") or "")


class AccountAdapter(DefaultAccountAdapter):
    """People come by invitation; wrong passwords wait longer and longer."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": (
            "Почта или пароль не подошли. Проверьте раскладку и попробуйте снова "
            "или задайте новый пароль по ссылке ниже."
        )
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        self._refuse_hasty(request, _email(credentials))

    def refuse_hasty_code(self, user: User) -> None:
        """A one-time code waits as a password does."""
        self._refuse_hasty(self.request, user.email)

    def _refuse_hasty(self, request: HttpRequest, email: str) -> None:
        wait = services.waiting_time(
            email=email, address=self.get_client_ip(request), now=timezone.now()
        )
        if wait:
            seconds = math.ceil(wait.total_seconds())
            raise ValidationError(
                f"Слишком много неверных попыток. Подождите {seconds} с и попробуйте снова.",
                code="too_many_login_attempts",
            )

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        self._note_refusal(request, _email(credentials), None, "Неверная почта или пароль")

    def code_failed(self, user: User) -> None:
        """A wrong one-time or recovery code is a refused sign-in of somebody known."""
        self._note_refusal(self.request, user.email, user, "Неверный одноразовый код")

    def _note_refusal(self, request: HttpRequest, email: str, user: User | None, what: str) -> None:
        now, address = timezone.now(), self.get_client_ip(request)
        services.note_failure(email=email, address=address, now=now)
        services.tell_sign_in(
            services.SignIn(action="sign_in_refused", user=user, reason=f"{what}, адрес {address}"),
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

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """No page waits for a mail server: the letter is a row."""
        letter = self.render_mail(template_prefix, email, {"email": email, **context})
        services.post_letter(
            to=email, subject=letter.subject, body=str(letter.body), now=timezone.now()
        )

    def post_reset(self, request: HttpRequest, email: str) -> None:
        """A forgotten password: the same for known and unknown addresses."""
        services.post_reset(email=email, now=timezone.now())
        folder = services.mail_folder()
        if folder:
            messages.info(request, f"Показательный портал складывает письма в папку {folder}.")

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """A new password ends the other sessions of its owner."""
        assert isinstance(user, User)  # noqa: S101  the only model of people
        user.set_password(password)
        user.save(update_fields=["password", "has_short_password"])
        services.end_sessions([user.pk])


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps secrets of one-time codes encrypted with a key derived from the portal's."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": (
            "Сначала смените пароль на более длинный, не короче 15 знаков: нынешний годится "
            "только вместе с кодом."
        )
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """A short password is not left without its second factor."""
        return not User.objects.get(pk=authenticator.user_id).has_short_password

    def encrypt(self, text: str) -> str:
        return services.cipher("second factor").encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return services.cipher("second factor").decrypt(encrypted_text.encode()).decode()
