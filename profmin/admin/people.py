"""People in the admin: appointments, and who may sign in."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import widgets
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from profmin.accounts.models import User
from profmin.accounts.roles import Permission
from profmin.admin.scoped import ScopedAdmin, ServiceForm
from profmin.admin.site import access_of
from schools.models import Appointment
from schools.services.appointments import (
    Post,
    end_appointment,
    invite_and_appoint,
    set_active,
)
from schools.services.contacts import note_contacts_viewed

_POST = (*("role", "post", "rank", "starts_on", "ends_on", "act_number", "act_date", "act_link"),)


def _reason() -> forms.CharField:
    return forms.CharField(
        label="Основание",
        required=False,
        max_length=1000,
        help_text="Останется в журнале.",
        widget=widgets.AdminTextareaWidget(attrs={"rows": 2}),
    )


class AppointForm(ServiceForm):
    """A new appointment by e-mail address: the person agrees by a link of the letter."""

    email = forms.EmailField(label="Электронная почта", widget=widgets.AdminEmailInputWidget)
    full_name = forms.CharField(
        label="Фамилия, имя, отчество",
        max_length=200,
        widget=widgets.AdminTextInputWidget,
    )

    class Meta:
        model = Appointment
        fields = ("unit",)  # the admin adds those of its own sets


class EndForm(ServiceForm):
    """The last day of an appointment."""

    reason = _reason()
    field_names = {"on": "ends_on"}

    class Meta:
        model = Appointment
        fields = ("ends_on",)


@admin.register(Appointment)
class AppointmentAdmin(ScopedAdmin):
    views = Permission.PERSON_VIEW
    edits = Permission.PERSON_APPOINT
    adds = True
    journal_type = "appointment"
    list_display = ("person", "unit", "role", "post", "starts_on", "ends_on")
    list_filter = ("role", "rank")
    list_select_related = ("user", "unit", "invitation")
    search_fields = ("post", "unit__name")
    autocomplete_fields = ("unit",)
    ordering = ("-starts_on", "-pk")

    @admin.display(description="кто")
    def person(self, appointment: Appointment) -> str:
        """Who has not agreed yet is called as the appointer wrote."""
        return appointment.shown_name

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("user", "unit", "invitation")

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        kwargs["form"] = EndForm if change else AppointForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Appointment | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": ("email", "full_name", "unit", *_POST)})]
        return [(None, {"fields": ("person", "unit", *_POST, "substitutes", "reason")})]

    def get_readonly_fields(self, request: HttpRequest, obj: Appointment | None = None) -> Any:
        if obj is None:
            return ()
        post = [name for name in _POST if name != "ends_on"]
        return ("person", "unit", *post, "substitutes")

    def save_model(self, request: Any, obj: Appointment, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        data, access, now = form.cleaned_data, access_of(request), timezone.now()
        if change:
            held = Appointment.objects.get(pk=obj.pk)
            if data["ends_on"] and data["ends_on"] != held.ends_on:
                end_appointment(
                    appointment=held,
                    on=data["ends_on"],
                    by=access.actor,
                    now=now,
                    reason=data["reason"],
                )
            return
        made = invite_and_appoint(
            email=data["email"],
            full_name=data["full_name"],
            unit=data["unit"],
            post=Post(**{name: data[name] for name in _POST}),
            by=access.actor,
            now=now,
            scope=access.scope,
        )
        obj.__dict__.update(made.__dict__)


class UserForm(ServiceForm):
    """May this person sign in."""

    reason = _reason()

    class Meta:
        model = User
        fields = ("is_active",)


@admin.register(User)
class UserAdmin(ScopedAdmin):
    """People who agreed to work somewhere in scope, and have not left."""

    views = Permission.PERSON_VIEW
    edits = Permission.PERSON_EDIT
    journal_type = "user"
    form = UserForm
    list_display = ("full_name", "is_active")
    list_filter = ("is_active",)
    search_fields = ("full_name",)
    ordering = ("full_name", "pk")
    fieldsets = ((None, {"fields": ("full_name", "email", "phone", "is_active", "reason")}),)
    readonly_fields = ("full_name", "email", "phone")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        held = _held(request)
        return User.objects.filter(pk__in=held.values("user_id")).order_by(*self.ordering)

    def change_view(
        self, request: Any, object_id: str, form_url: Any = "", extra_context: Any = None
    ) -> Any:
        """Whoever looks at contacts is written down."""
        user = self.get_object(request, object_id)
        access, today = access_of(request), timezone.localdate()
        if user.pk != access.user.pk:
            held = _appointment(user, request)
            note_contacts_viewed(unit=held.unit, by=access.actor, now=timezone.now(), today=today)
        return super().change_view(request, object_id, form_url, extra_context)

    def save_model(self, request: Any, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        access = access_of(request)
        set_active(
            user=User.objects.get(pk=obj.pk),
            unit=_appointment(obj, request).unit,
            active=form.cleaned_data["is_active"],
            by=access.actor,
            now=timezone.now(),
            today=timezone.localdate(),
            scope=access.scope,
            reason=form.cleaned_data["reason"],
        )


def _held(request: Any) -> QuerySet[Appointment]:
    held = Appointment.objects.in_scope(access_of(request).scope).accepted()
    return held.lasting(timezone.localdate())


def _appointment(user: User, request: Any) -> Appointment:
    """The latest appointment of the person in one's scope: there is one, or no person."""
    held = _held(request).filter(user=user).select_related("unit")
    return held.order_by("-starts_on", "-pk")[0]
