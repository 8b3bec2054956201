"""Forms of loading and reviewing a document."""

import re
from datetime import date
from typing import Any

from django import forms

from plans.choices import PartyKind
from plans.parties import Party
from plans.services.review import Card
from schools.choices import PartnerKind

_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_YEARS = range(2000, 2101)
_MOST_DAYS = 366


class LoadForm(forms.Form):
    """A document: a file, or a pasted table."""

    file = forms.FileField(
        label="Файл",
        required=False,
        help_text="DOCX, PDF, XLSX, HTML или текст, до 20 МБ.",
    )
    pasted = forms.CharField(
        label="Или вставьте таблицу",
        required=False,
        strip=False,  # a table begins and ends with empty cells, too
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Выделите таблицу в документе, скопируйте и вставьте сюда.",
    )
    year = forms.IntegerField(
        label="Год",
        required=False,
        min_value=2000,
        max_value=2100,
        help_text="Только если года нет в названии: первый год учебного, например 2026.",
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("file") and not (data.get("pasted") or "").strip() and not self.errors:
            self.add_error("file", "Выберите файл или вставьте таблицу ниже.")
        return data


class CardForm(forms.Form):
    """The card of the document."""

    title = forms.CharField(
        label="Название", max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    year = forms.IntegerField(
        label="Год", min_value=2000, max_value=2100, help_text="Первый год учебного."
    )
    calendar = forms.BooleanField(label="План на календарный год, а не на учебный", required=False)
    issuer = forms.CharField(label="Кто утвердил", required=False, max_length=500)
    basis_kind = forms.CharField(label="Вид документа", required=False, max_length=60)
    basis_number = forms.CharField(label="Номер", required=False, max_length=60)
    basis_date = forms.DateField(
        label="Дата",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    aims = forms.CharField(
        label="Цели",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def card(self) -> Card:
        return Card(**self.cleaned_data)


class DatesForm(forms.Form):
    """Dates set by hand: several, by commas or blanks."""

    days = forms.CharField(
        label="Даты",
        required=False,
        help_text="Через запятую: 20.12.2026, 25.05.2027. Пусто — без даты.",
    )

    def clean_days(self) -> list[date]:
        text = self.cleaned_data["days"]
        found = []
        for day, month, year in _DAY.findall(text):
            try:
                one = date(int(year), int(month), int(day))
            except ValueError as error:
                raise forms.ValidationError(
                    f"Даты {day}.{month}.{year} нет в календаре."
                ) from error
            if one.year not in _YEARS:
                raise forms.ValidationError(f"Проверьте год: {day}.{month}.{year}.")
            found.append(one)
        if len(found) > _MOST_DAYS:
            raise forms.ValidationError(f"Дат не может быть больше {_MOST_DAYS}.")
        if _DAY.sub("", text).strip(" ,;\n\r\t"):
            raise forms.ValidationError("Напишите даты так: 20.12.2026, 25.05.2027.")
        return found


class PartiesForm(forms.Form):
    """Whom an item names: kinds ticked by hand, beside those the document names by name."""

    kinds = forms.MultipleChoiceField(
        label="Кто отвечает",
        required=False,
        choices=PartyKind.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def parties(self, known: tuple[Party, ...]) -> list[Party]:
        """The ticked kinds; those already named keep their names."""
        ticked = set(self.cleaned_data["kinds"])
        kept = [party for party in known if party.kind in ticked]
        named = {str(party.kind) for party in kept}
        fresh = [Party(PartyKind(k), PartyKind(k).label) for k in sorted(ticked - named)]
        return kept + fresh


class TargetForm(forms.Form):
    """Whom a named party means."""

    unit = forms.IntegerField(required=False)
    partner_kind = forms.ChoiceField(required=False, choices=[("", "—"), *PartnerKind.choices])
    nobody = forms.BooleanField(required=False)
    remember = forms.BooleanField(required=False)
