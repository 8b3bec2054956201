"""Forms of the tree: a new organisation, its renaming, moving, merging, closing."""

from datetime import date
from typing import Any

from django import forms

from profmin.lib.form_fields import DayField, ReasonField
from schools.choices import PARENT_KINDS, FounderKind, PartnerKind, UnitKind
from schools.models import OrgUnit
from schools.scope import Scope
from schools.services.units import UnitCard


class UnitChoiceField(forms.ModelChoiceField):
    """An organisation of a closed list, its code beside the name: names repeat."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", OrgUnit.objects.none())
        kwargs.setdefault("empty_label", "выберите")
        super().__init__(**kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.code})"


class NewUnitForm(forms.Form):
    """A new organisation below one of one's own."""

    parent = UnitChoiceField(label="Вышестоящая организация")
    kind = forms.ChoiceField(label="Вид")
    name = forms.CharField(label="Наименование", max_length=300)
    code = forms.CharField(
        label="Код", max_length=40, help_text="Как в реестре региона: в регионе не повторяется."
    )
    variety = forms.CharField(
        label="Вид в реестре",
        max_length=100,
        required=False,
        help_text="Как в реестре региона: СОШ, лицей, гимназия.",
    )
    founder = forms.ChoiceField(
        label="Учредитель", choices=[("", "не указан"), *FounderKind.choices], required=False
    )
    partner_kind = forms.ChoiceField(
        label="Вид партнёра",
        choices=[("", "не партнёр"), *PartnerKind.choices],
        required=False,
    )
    opened_on = DayField(
        label="Открыта с", required=False, help_text="Не заполняйте, если работает давно."
    )

    def __init__(
        self,
        data: Any = None,
        *,
        scope: Scope,
        today: date,
        only: OrgUnit | None = None,
        **kwargs: Any,
    ) -> None:
        """`only`: the parent is settled, kinds are those that fit below it."""
        super().__init__(data, **kwargs)
        parents = OrgUnit.objects.in_scope(scope).working(today).exclude(kind__in=_CHILDLESS)
        if only is not None:
            parents = parents.filter(pk=only.pk)
            self.fields["parent"].empty_label = None  # type: ignore[attr-defined]
        self.fields["parent"].queryset = parents.by_name()  # type: ignore[attr-defined]
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind, title)
            for kind, title in UnitKind.choices
            if (only.kind in PARENT_KINDS[kind] if only else PARENT_KINDS[kind])
        ]
        self.fields["kind"].initial = UnitKind.SCHOOL  # most of what is opened

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("kind") == UnitKind.PARTNER and not data.get("partner_kind"):
            self.add_error("partner_kind", "Укажите вид партнёра.")
        if data.get("kind") != UnitKind.PARTNER:
            data["partner_kind"] = ""
        return data

    def card(self) -> UnitCard:
        data = {name: value for name, value in self.cleaned_data.items() if name != "parent"}
        return UnitCard(**data)


_CHILDLESS = sorted(set(UnitKind.values) - set().union(*PARENT_KINDS.values()))


class RenameForm(forms.Form):
    name = forms.CharField(label="Новое наименование", max_length=300)
    on = DayField(label="С какого дня")


class MoveForm(forms.Form):
    """Another parent of a kind that fits, out of one's own."""

    parent = UnitChoiceField(label="Новая вышестоящая организация")
    on = DayField(label="С какого дня")
    reason = ReasonField()

    def __init__(
        self, data: Any = None, *, unit: OrgUnit, scope: Scope, today: date, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        parents = OrgUnit.objects.in_scope(scope).working(today)
        self.fields["parent"].queryset = (  # type: ignore[attr-defined]
            parents.filter(kind__in=sorted(PARENT_KINDS[unit.kind]), region_id=unit.region_id)
            .exclude(pk__in=[unit.pk, unit.parent_id or 0])
            .by_name()
        )


class MergeForm(forms.Form):
    """The organisation of the same kind that takes this one over."""

    into = UnitChoiceField(label="К какой организации присоединяют")
    on = DayField(label="С какого дня")
    reason = ReasonField()

    def __init__(
        self, data: Any = None, *, unit: OrgUnit, scope: Scope, today: date, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        others = OrgUnit.objects.in_scope(scope).working(today)
        self.fields["into"].queryset = (  # type: ignore[attr-defined]
            others.filter(kind=unit.kind, region_id=unit.region_id).exclude(pk=unit.pk).by_name()
        )


class CloseForm(forms.Form):
    on = DayField(label="С какого дня не работает")
    reason = ReasonField()


class ReopenForm(forms.Form):
    reason = ReasonField()
