"""Forms of one's own account."""

from django import forms


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
