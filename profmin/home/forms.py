"""Forms of people: appointing, substituting, ending."""

from typing import Any

from django import forms

from profmin.accounts.roles import Role
from profmin.lib.form_fields import DayField, ReasonField
from schools.choices import Rank
from schools.models import OrgUnit
from schools.scope import Scope
from schools.services.appointments import MAY_APPOINT, ROLE_KINDS, Post, roles_to_give


class PersonFields(forms.Form):
    """Who it is: the same for somebody new and somebody known."""

    email = forms.EmailField(
        label="Электронная почта",
        max_length=254,
        help_text="Рабочая. На неё придёт письмо со ссылкой.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    full_name = forms.CharField(
        label="Фамилия, имя, отчество",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    post = forms.CharField(label="Должность", max_length=200)
    rank = forms.ChoiceField(
        label="Ранг должности",
        choices=[("", "выберите"), *Rank.choices],
        help_text="Ответственный в школе — не ниже заместителя директора.",
    )


class AppointForm(PersonFields):
    """An appointment at a unit of one's own, in a role one may give."""

    unit = forms.ModelChoiceField(
        label="Организация", queryset=OrgUnit.objects.none(), empty_label="выберите"
    )
    role = forms.ChoiceField(label="Роль")
    starts_on = DayField(label="С какого дня")
    ends_on = DayField(label="По какой день", required=False)
    act_number = forms.CharField(label="Номер приказа", max_length=60, required=False)
    act_date = DayField(label="Дата приказа", required=False)
    act_link = forms.URLField(
        label="Ссылка на приказ", max_length=500, required=False, assume_scheme="https"
    )

    file = forms.FileField(
        label="Файл приказа", required=False, help_text="PDF, Word или изображение, до 20 МБ."
    )

    field_order = ("unit", "role", "email", "full_name", "post", "rank", "starts_on", "ends_on")

    def __init__(
        self,
        data: Any = None,
        *,
        scope: Scope,
        role: str,
        only: OrgUnit | None = None,
        **kwargs: Any,
    ) -> None:
        """`only`: the unit is settled, roles are those it has."""
        super().__init__(data, **kwargs)
        roles = MAY_APPOINT.get(role, frozenset())
        units = OrgUnit.objects.in_scope(scope).filter(closed_on=None)
        if only is not None:
            units = units.filter(pk=only.pk)
            roles = frozenset(roles_to_give(role, only.kind))
            self.fields["unit"].empty_label = None  # type: ignore[attr-defined]
        kinds = {kind for one in roles for kind in ROLE_KINDS[one]}
        self.fields["unit"].queryset = (  # type: ignore[attr-defined]
            units.filter(kind__in=sorted(kinds)).by_name()
        )
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            ("", "выберите"),
            *(choice for choice in Role.choices if choice[0] in roles),
        ]

    def clean_act_link(self) -> str:
        return web_address(self.cleaned_data["act_link"])

    def card(self) -> Post:
        names = (
            "role",
            "post",
            "rank",
            "starts_on",
            "ends_on",
            "act_number",
            "act_date",
            "act_link",
        )
        return Post(**{name: self.cleaned_data[name] for name in names})


class SubstituteForm(PersonFields):
    """Somebody else for a time; the role and the unit are those of the absent."""

    starts_on = DayField(label="С какого дня")
    ends_on = DayField(label="По какой день")


class NameForm(forms.Form):
    """One's own name."""

    full_name = forms.CharField(
        label="Фамилия, имя, отчество",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class PersonForm(forms.Form):
    """Name and address of somebody of one's own subtree."""

    full_name = forms.CharField(
        label="Фамилия, имя, отчество",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="Электронная почта",
        max_length=254,
        help_text="Новая начнёт действовать, когда её подтвердят по ссылке из письма.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    reason = ReasonField(label="Причина", help_text="Останется в журнале.")


class EndForm(forms.Form):
    on = DayField(label="Последний день", help_text="В этот день человек ещё работает.")
    reason = ReasonField()


class BlockForm(forms.Form):
    """`to` says what is wanted, so that sending twice changes nothing."""

    to = forms.ChoiceField(choices=[("out", "out"), ("in", "in")], widget=forms.HiddenInput)
    reason = ReasonField(label="Причина", help_text="Останется в журнале.")


def web_address(link: str) -> str:
    """Only addresses of pages: nothing that a browser would run."""
    if link and not link.lower().startswith(("https://", "http://")):
        raise forms.ValidationError("Введите адрес, который начинается с https://.")
    return link
