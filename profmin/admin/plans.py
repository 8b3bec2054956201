"""Roadmaps to look at, and the dictionary of responsible parties."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from plans.choices import PartyKind
from plans.models import PartyEntry, Roadmap
from plans.parties import Party
from plans.services.parties import Target, forget, remember
from profmin.accounts.roles import Permission
from profmin.admin.scoped import ReadOnlyAdmin, ScopedAdmin, ServiceForm
from profmin.admin.site import access_of
from profmin.lib.errors import RuleBroken
from schools.choices import UnitKind


@admin.register(Roadmap)
class RoadmapAdmin(ReadOnlyAdmin):
    views = Permission.ROADMAP_VIEW
    journal_type = "roadmap"
    list_display = ("title", "unit", "year", "period_start", "period_end")
    list_filter = ("year",)
    list_select_related = ("unit",)
    search_fields = ("title",)
    ordering = ("-year", "-pk")
    fields = (
        *("title", "unit", "issuer", "basis", "aims", "year", "period_start", "period_end"),
        *("published_at", "published_by"),
    )


class PartyEntryForm(ServiceForm):
    class Meta:
        model = PartyEntry
        fields = ("region", "words", "kind", "unit", "partner_kind")


@admin.register(PartyEntry)
class PartyEntryAdmin(ScopedAdmin):
    views = Permission.DICTIONARY_EDIT
    edits = Permission.DICTIONARY_EDIT
    adds = True
    journal_type = "party"
    form = PartyEntryForm
    list_display = ("words", "kind", "unit", "partner_kind", "region")
    list_filter = ("kind",)
    list_select_related = ("unit", "region")
    search_fields = ("words",)
    autocomplete_fields = ("unit",)
    ordering = ("words", "pk")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "region":
            field.queryset = field.queryset.of_kind(UnitKind.REGION).by_name()
        return field

    def get_readonly_fields(self, request: HttpRequest, obj: PartyEntry | None = None) -> Any:
        return () if obj is None else ("region", "words")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("region")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_edit(request)

    def save_model(self, request: Any, obj: PartyEntry, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        data = form.cleaned_data
        unit = data["unit"]
        if not change:
            _refuse_known(data["region"].pk, data["words"])
        made = remember(
            region=obj.region if change else data["region"],
            party=Party(PartyKind(data["kind"]), obj.words if change else data["words"]),
            target=Target(unit.pk if unit else None, data.get("partner_kind") or ""),
            by=access_of(request).actor,
            now=timezone.now(),
        )
        obj.__dict__.update(made.__dict__)

    def delete_model(self, request: Any, obj: PartyEntry) -> None:
        forget(entry=obj, by=access_of(request).actor, now=timezone.now())


def _refuse_known(region_id: int, words: str) -> None:
    """A new entry is no way to change one that is there."""
    if PartyEntry.objects.of_region(region_id).filter(words__iexact=words).exists():
        raise RuleBroken("Такие слова в словаре уже есть. Исправьте ту запись.", field="words")
