"""The journal to look at."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from profmin.accounts.roles import Permission
from profmin.admin.scoped import ReadOnlyAdmin
from profmin.admin.site import access_of
from profmin.journal.choices import ACTIONS, OTHER_ACTION
from profmin.journal.models import JournalEntry


@admin.register(JournalEntry)
class JournalEntryAdmin(ReadOnlyAdmin):
    views = Permission.JOURNAL_VIEW
    journal_type = "journal"
    list_display = ("at", "actor_name", "role", "deed", "object_name")
    list_filter = ("role",)
    ordering = ("-pk",)
    fields = (
        *("at", "actor_name", "role", "deed", "object_name", "before", "after", "reason"),
        "request_id",
    )
    readonly_fields = ("deed",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        unit_id = access_of(request).unit_id
        return super().get_queryset(request).without_drafts_of_others(unit_id)  # type: ignore[attr-defined]

    @admin.display(description="действие")
    def deed(self, entry: JournalEntry) -> str:
        return ACTIONS.get(entry.action, OTHER_ACTION)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Also one object's entries: where «История» leads."""
        matter = ("object_type__exact", "object_id__exact")
        return lookup in matter or super().lookup_allowed(lookup, value, request)

    def history_view(self, request: Any, object_id: str, extra_context: Any = None) -> Any:
        """An entry has no history."""
        return self.change_view(request, object_id)
