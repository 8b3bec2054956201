"""Forms of loading a register: the file, then the word of the person who saw what it does."""

from datetime import date
from typing import Any

from django import forms

from profmin.lib.form_fields import DayField
from schools.choices import UnitKind
from schools.forms.units import UnitChoiceField
from schools.models import OrgUnit


def possible_roots(*, unit: OrgUnit, today: date) -> Any:
    """Where somebody at `unit` may load a register: the own unit; over regions, each of them."""
    if unit.kind == UnitKind.COUNTRY:
        regions = OrgUnit.objects.below(unit).of_kind(UnitKind.REGION)
        return regions.working(today).by_name()
    return OrgUnit.objects.working(today).filter(pk=unit.pk)


class RegisterFileForm(forms.Form):
    """A file of the register, and the day from which its changes hold."""

    file = forms.FileField(
        label="Файл реестра",
        help_text="XLSX или CSV (UTF-8 либо Windows-1251; разделитель «;» или «,»), до 5 000 строк.",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": "Выберите файл.", "empty": "Файл пуст."},
    )
    unit = UnitChoiceField(
        label="Куда загрузить",
        queryset=OrgUnit.objects.none(),
        error_messages={"required": "Выберите регион.", "invalid_choice": "Выберите из списка."},
    )
    on = DayField(
        label="Изменения действуют с",
        help_text="С этого дня — новые наименования и подчинение. Прошлые периоды не изменятся.",
        error_messages={"required": "Укажите день."},
    )

    def __init__(self, *args: Any, roots: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["on"].initial = today
        choice = self.fields["unit"]
        choice.queryset = roots  # type: ignore[attr-defined]
        if len(roots) == 1:
            choice.initial = roots[0].pk
            choice.widget = forms.HiddenInput()

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(
                "Дата ещё не наступила. Внесите изменения в тот день или позже."
            )
        return on


class RegisterConfirmForm(forms.Form):
    """Which plan was seen."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput())
    on = forms.DateField(widget=forms.HiddenInput())
