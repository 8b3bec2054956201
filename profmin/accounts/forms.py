"""Forms of sign-in and of one's own account."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm
from allauth.mfa.base import forms as codes
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.core.exceptions import ValidationError

from profmin.accounts.models import User


class FirstPasswordForm(forms.Form):
    """The first password of an invited person."""

    password = forms.CharField(
        label="Пароль",
        help_text="Не короче 15 знаков. Удобно взять несколько слов подряд.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )
    password_again = forms.CharField(
        label="Пароль ещё раз",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )

    def clean(self) -> dict[str, str]:
        data: dict[str, str] = super().clean() or {}
        if data.get("password") != data.get("password_again"):
            self.add_error("password_again", "Пароли не совпали. Введите один и тот же дважды.")
        return data


class AgreementForm(forms.Form):
    """Somebody the portal knows agrees to a new appointment: nothing to fill in."""


class ForgottenPasswordForm(ResetPasswordForm):
    """Asks nothing about people: known and unknown addresses take the same time."""

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.lower()

    def save(self, request: Any, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        get_adapter().post_reset(request, email)
        return email


class _CountedCode(codes.BaseAuthenticateForm):
    """Wrong codes, one-time or recovery, wait and are told like wrong passwords."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Код"

    def clean_code(self) -> str:
        get_adapter().refuse_hasty_code(self.user)
        try:
            code: str = super().clean_code()
        except ValidationError as error:
            if error.code == "incorrect_code":
                get_adapter().code_failed(self.user)
            raise
        return code


class CodeForm(_CountedCode, codes.AuthenticateForm):
    """The code after the password."""


class EmailForm(forms.Form):
    """The owner of an account agrees to a new address: by the password, and the code if there is
    one. The link alone may have gone to a mistyped address.

    `user`: whose address it is; fields are asked for unless this person is signed in.
    """

    password = forms.CharField(
        label="Ваш пароль в портале",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
    )
    code = forms.CharField(
        label="Одноразовый код",
        help_text="Если вход у вас защищён кодом.",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )

    def __init__(self, data: Any, *, user: User, request: Any) -> None:
        super().__init__(data)
        self.user, self.request = user, request
        if request.user.pk == user.pk:
            self.fields.clear()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "password" in data:
            self._prove(data["password"], data.get("code", ""))
        return data

    def _prove(self, password: str, code: str) -> None:
        try:
            known = get_adapter().authenticate(
                self.request, email=self.user.email, password=password
            )
        except ValidationError as error:  # too many wrong ones
            self.add_error(None, error)
            return
        if known is None or known.pk != self.user.pk:
            self.add_error("password", "Пароль не подошёл.")
        elif is_mfa_enabled(self.user):
            second = CodeForm({"code": code}, user=self.user)
            if not second.is_valid():
                self.add_error("code", second.errors["code"].as_data())


class CodeAgainForm(_CountedCode, codes.ReauthenticateForm):
    """The code before a deed that matters."""
