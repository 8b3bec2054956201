"""Fields of forms that several apps use."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

EARLIEST = date(1900, 1, 1)
LATEST = date(2100, 1, 1)


class DayField(forms.DateField):
    """A day: the browser's own calendar, or typed as 15.09.2026."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "is-day"})
        )
        kwargs.setdefault("error_messages", {"invalid": "Введите дату, например 15.09.2026."})
        super().__init__(**kwargs)
        self.validators += [
            MinValueValidator(EARLIEST, "Проверьте год: такая дата слишком давно."),
            MaxValueValidator(LATEST, "Проверьте год: такая дата слишком далеко."),
        ]


class ReasonField(forms.CharField):
    """Why a thing is done, for the journal."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Основание")
        kwargs.setdefault("help_text", "Приказ или причина: останется в журнале.")
        kwargs.setdefault("required", False)
        super().__init__(max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)
