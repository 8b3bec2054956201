"""What all pages of the admin share: rows in scope, choices in scope, rules of the services."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.db.models import ForeignKey, QuerySet, URLField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from profmin.accounts.roles import Permission
from profmin.admin.site import access_of
from profmin.lib.errors import RuleBroken


class ServiceForm(forms.ModelForm):
    """The services keep the rules; their refusal comes back as an error of the form."""

    refusal: ClassVar[RuleBroken | None] = None
    field_names: ClassVar[dict[str, str]] = {}  # the services' name of a field → the form's

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if self.refusal is not None:
            named = self.refusal.field or ""
            field = self.field_names.get(named, named)
            self.add_error(field if field in self.fields else None, self.refusal.message)
        return data

    def _get_validation_exclusions(self) -> set[str]:
        """The model's own checks speak of constraints; the services speak of organisations."""
        return {field.name for field in self._meta.model._meta.fields}


class ScopedAdmin(admin.ModelAdmin):
    """Rows of one's scope to read; to write only where `edits` names a permission."""

    views: ClassVar[Permission]
    edits: ClassVar[Permission | None] = None
    adds: ClassVar[bool] = False
    journal_type: ClassVar[str] = ""
    form = ServiceForm
    actions = None
    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False

    # --- Where: the same scope as everywhere --------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        found: QuerySet[Any] = rows.in_scope(access_of(request).scope)
        return found

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Foreign and absent alike do not exist."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        rows: Any = db_field.remote_field.model._default_manager.all()
        kwargs["queryset"] = rows.in_scope(access_of(request).scope)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """No pop-up windows beside a choice; an address without a scheme is https."""
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        for deed in ("add", "change", "delete", "view"):
            if hasattr(widget, f"can_{deed}_related"):
                setattr(widget, f"can_{deed}_related", False)
        return field

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only the filters shown: no guessing at fields by their beginnings."""
        filters = [name for name in self.get_list_filter(request) if isinstance(name, str)]
        return lookup in {f"{name}__exact" for name in filters}

    # --- What: permissions of the role --------------------------------------------------------

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access_of(request).can(self.views)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access_of(request).can(self.views)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.adds and self._may_edit(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_edit(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _may_edit(self, request: HttpRequest) -> bool:
        return self.edits is not None and access_of(request).can(self.edits)

    # --- How: by the services -----------------------------------------------------------------

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def changeform_view(
        self, request: Any, object_id: Any = None, form_url: Any = "", extra_context: Any = None
    ) -> Any:
        """What a service refuses is undone and shown beside its field."""
        name = str(self.opts.verbose_name)
        title = name.capitalize() if object_id else f"Добавить: {name}"
        context = {"title": title, **(extra_context or {})}
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except RuleBroken as refusal:
            request.refusal = refusal
            return super().changeform_view(request, object_id, form_url, context)

    def changelist_view(self, request: Any, extra_context: Any = None) -> Any:
        """Titled by its plural: Django's own words do not decline."""
        title = str(self.opts.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def log_addition(self, request: Any, obj: Any, message: Any) -> Any:
        """The portal's own journal tells it."""

    def log_change(self, request: Any, obj: Any, message: Any) -> Any:
        """The portal's own journal tells it."""

    def log_deletions(self, request: Any, queryset: Any) -> Any:
        """The portal's own journal tells it."""

    def history_view(self, request: Any, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The journal of the object."""
        found = self.get_object(request, object_id)
        query = {"object_type__exact": self.journal_type, "object_id__exact": found.pk}
        address = reverse(f"{self.admin_site.name}:journal_journalentry_changelist")
        return redirect(f"{address}?{urlencode(query)}")


class ReadOnlyAdmin(ScopedAdmin):
    """Rows to look at."""
