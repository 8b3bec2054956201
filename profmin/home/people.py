"""People: who works where, by which act; inviting, substituting, ending, blocking.

A person is shown by an appointment of one's own subtree, never by the account: the address of a
page must not tell whether the portal knew somebody before.
"""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from profmin.accounts.roles import Permission
from profmin.accounts.services import mail_folder
from profmin.home.filters import PeopleFilter
from profmin.home.forms import AppointForm, BlockForm, EndForm, PersonForm, SubstituteForm
from profmin.lib import wording
from profmin.lib.errors import RuleBroken
from schools.access import Access, AccessRequest, requires
from schools.models import Appointment, OrgUnit
from schools.services import appointments as services
from schools.services import people as persons
from schools.services.contacts import note_contacts_viewed

PAGE = 50
_PEOPLE = "назначение,назначения,назначений"


@requires(Permission.PERSON_VIEW)
def people(request: AccessRequest) -> HttpResponse:
    """Appointments of one's subtree. Contacts stand on the page of a person only."""
    access, today = request.access, timezone.localdate()
    filters = PeopleFilter(request.GET, scope=access.scope, today=today)
    rows = filters.found().select_related("user", "unit", "invitation")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "sort": filters.default_sort,
        "found": wording.plural(page.paginator.count, _PEOPLE),
        "rows": [{"appointment": row, "state": _state(row, today)} for row in page.object_list],
        "may_appoint": access.can(Permission.PERSON_APPOINT),
    }
    return render(request, "people.html", context, status=200 if filters.is_valid() else 400)


def _state(row: Appointment, today: date) -> dict[str, str]:
    """Mark and word of an appointment; of somebody who has not agreed nothing else is told."""
    if row.ends_on and row.ends_on < today:
        return {"code": "not_applicable", "word": f"завершено {row.ends_on:%d.%m.%Y}"}
    if not row.is_accepted:
        return {"code": "waiting", "word": "ждём ответа на приглашение"}
    if not row.user.is_active:
        return {"code": "error", "word": "вход закрыт"}
    if row.starts_on > today:
        return {"code": "not_started", "word": f"начнёт {row.starts_on:%d.%m.%Y}"}
    return {"code": "done", "word": "работает"}


def _find(access: Access, appointment_id: int) -> Appointment:
    rows = Appointment.objects.in_scope(access.scope).select_related(
        "user", "unit", "invitation", "act_file", "substitutes__user", "substitutes__invitation"
    )
    return get_object_or_404(rows, pk=appointment_id)


@requires(Permission.PERSON_VIEW)
def person_detail(request: AccessRequest, appointment_id: int) -> HttpResponse:
    """One person by one appointment: contacts, the act, other appointments in my subtree."""
    access, today = request.access, timezone.localdate()
    row = _find(access, appointment_id)
    shows_contacts = _may_see_contacts(access, row, today)
    if shows_contacts and row.user_id != access.user.pk:
        note_contacts_viewed(unit=row.unit, by=access.actor, now=timezone.now(), today=today)
    others = Appointment.objects.in_scope(access.scope).filter(user=row.user).exclude(pk=row.pk)
    others = others.accepted() if row.is_accepted else others.none()
    substitutes = row.substitutions.select_related("user", "invitation").order_by("-starts_on")
    may_change = access.can(Permission.PERSON_APPOINT) and _may_give(access, row)
    is_lasting = row.is_lasting(today)
    may_edit = access.can(Permission.PERSON_EDIT) and _is_held(row, today)
    context = {
        "row": row,
        "shows_contacts": shows_contacts,
        "state": _state(row, today),
        "others": [
            {"appointment": one, "state": _state(one, today)}
            for one in others.select_related("unit", "user", "invitation").order_by("-starts_on")
        ],
        "substitutes": [{"appointment": one, "state": _state(one, today)} for one in substitutes],
        "may_change": may_change and is_lasting,
        "may_substitute": may_change and row.is_current(today) and row.substitutes_id is None,
        "may_invite": may_change and is_lasting and not row.is_accepted,
        "may_edit": may_edit,
        "may_block": may_edit and row.user_id != access.user.pk,
        "new_email": persons.waiting_email_change(user=row.user, now=timezone.now())
        if may_edit
        else None,
    }
    return render(request, "person_detail.html", context)


def _is_held(row: Appointment, today: date) -> bool:
    """Agreed to and not ended: the person is somebody of one's own."""
    return row.is_accepted and row.is_lasting(today)


def _may_see_contacts(access: Access, row: Appointment, today: date) -> bool:
    """Of who was invited, the mailbox that was named; of who has left, nothing of today."""
    return row.is_lasting(today) or (
        row.is_accepted and persons.works_inside(row.user, access.scope, today)
    )


def _may_give(access: Access, row: Appointment) -> bool:
    return row.role in services.MAY_APPOINT.get(access.role, frozenset())


# --- Changes ----------------------------------------------------------------------------------


@requires(Permission.PERSON_APPOINT)
def person_appoint(request: AccessRequest) -> HttpResponse:
    """Invites and appoints; the answer is the same for new and for known addresses."""
    access, today = request.access, timezone.localdate()
    unit = _unit(access, request.GET.get("unit", ""))
    form = AppointForm(
        _data(request),
        files=request.FILES or None,
        scope=access.scope,
        role=access.role,
        only=unit,
        initial={"unit": unit, "role": request.GET.get("role", ""), "starts_on": today},
    )
    if form.is_valid():
        data = form.cleaned_data
        try:
            row = services.invite_and_appoint(
                email=data["email"],
                full_name=data["full_name"],
                unit=data["unit"],
                post=form.card(),
                by=access.actor,
                now=timezone.now(),
                scope=access.scope,
                act=data["file"],
            )
        except RuleBroken as error:
            _blame(form, error)
        else:
            messages.success(request, _said(row, "Назначение сохранено."))
            return redirect("person_detail", row.pk)
    context = {"form": form, "unit": unit}
    return render(request, "person_appoint.html", context, status=_status(form))


def _unit(access: Access, key: str) -> OrgUnit | None:
    """The unit whose page led here."""
    if not key:
        return None
    if not key.isdecimal() or len(key) > 18:
        raise Http404
    return get_object_or_404(OrgUnit.objects.in_scope(access.scope), pk=int(key))


def _said(row: Appointment, saved: str) -> str:
    if row.is_accepted:
        return saved
    return f"{saved} На {row.invited_email} отправлено письмо со ссылкой.{_folder()}"


def _folder() -> str:
    """Where to look for the letters of a portal without a mail server."""
    folder = mail_folder()
    return f" Показательный портал складывает письма в папку {folder}." if folder else ""


@requires(Permission.PERSON_APPOINT)
def person_substitute(request: AccessRequest, appointment_id: int) -> HttpResponse:
    """Somebody else holds the role for a time."""
    access, today = request.access, timezone.localdate()
    absent = _find(access, appointment_id)
    form = SubstituteForm(_data(request), initial={"starts_on": today})
    if form.is_valid():
        try:
            row = services.invite_substitute(
                absent=absent,
                by=access.actor,
                now=timezone.now(),
                scope=access.scope,
                **form.cleaned_data,
            )
        except RuleBroken as error:
            _blame(form, error)
        else:
            messages.success(request, _said(row, "Замещение сохранено."))
            return redirect("person_detail", row.pk)
    context = {"form": form, "row": absent}
    return render(request, "person_substitute.html", context, status=_status(form))


@requires(Permission.PERSON_APPOINT)
def appointment_end(request: AccessRequest, appointment_id: int) -> HttpResponse:
    """The last day of an appointment."""
    access = request.access
    row = _find(access, appointment_id)
    form = EndForm(_data(request), initial={"on": timezone.localdate()})
    if form.is_valid():
        try:
            services.end_appointment(
                appointment=row, by=access.actor, now=timezone.now(), **form.cleaned_data
            )
        except RuleBroken as error:
            _blame(form, error)
        else:
            messages.success(request, "Назначение завершено.")
            return redirect("person_detail", row.pk)
    context = {"form": form, "row": row}
    return render(request, "appointment_end.html", context, status=_status(form))


@require_POST
@requires(Permission.PERSON_APPOINT)
def person_invite_again(request: AccessRequest, appointment_id: int) -> HttpResponse:
    """Sends the letter with the link once more."""
    row = _find(request.access, appointment_id)
    try:
        services.invite_again(appointment=row, by=request.access.actor, now=timezone.now())
    except RuleBroken as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request, f"На {row.invited_email} отправлено новое письмо со ссылкой.{_folder()}"
        )
    return redirect("person_detail", row.pk)


@requires(Permission.PERSON_EDIT)
def person_edit(request: AccessRequest, appointment_id: int) -> HttpResponse:
    """Another name or another address; the address holds once its owner follows a link."""
    row = _find(request.access, appointment_id)
    if not _is_held(row, timezone.localdate()):
        raise Http404
    initial = {"full_name": row.user.full_name, "email": row.user.email}
    form = PersonForm(_data(request), initial=initial)
    if form.is_valid():
        try:
            _edit(request.access, row, form.cleaned_data)
        except RuleBroken as error:
            _blame(form, error)
        else:
            is_asked = form.cleaned_data["email"].strip().lower() != initial["email"]
            said = f" На новую почту отправлено письмо со ссылкой.{_folder()}" if is_asked else ""
            messages.success(request, f"Сохранено.{said}")
            return redirect("person_detail", row.pk)
    context = {"form": form, "row": row}
    return render(request, "person_edit.html", context, status=_status(form))


def _edit(access: Access, row: Appointment, data: dict[str, str]) -> None:
    """Both changes or none."""
    deed: dict[str, Any] = {
        "user": row.user,
        "unit": row.unit,
        "by": access.actor,
        "now": timezone.now(),
        "today": timezone.localdate(),
        "scope": access.scope,
    }
    with transaction.atomic():
        if data["email"].strip().lower() != row.user.email:
            persons.change_email(email=data["email"], reason=data["reason"], **deed)
        persons.rename_person(full_name=data["full_name"], **deed)


@requires(Permission.PERSON_EDIT)
def person_block(request: AccessRequest, appointment_id: int) -> HttpResponse:
    """Shuts a person out of the portal, or lets in again."""
    access = request.access
    row = _find(access, appointment_id)
    if not _is_held(row, timezone.localdate()):
        raise Http404
    form = BlockForm(_data(request), initial={"to": "out" if row.user.is_active else "in"})
    if form.is_valid():
        try:
            services.set_active(
                user=row.user,
                unit=row.unit,
                active=form.cleaned_data["to"] == "in",
                by=access.actor,
                now=timezone.now(),
                today=timezone.localdate(),
                scope=access.scope,
                reason=form.cleaned_data["reason"],
            )
        except RuleBroken as error:
            _blame(form, error)
        else:
            messages.success(request, "Готово. Все сеансы этого человека завершены.")
            return redirect("person_detail", row.pk)
    context = {"form": form, "row": row}
    return render(request, "person_block.html", context, status=_status(form))


def _data(request: AccessRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _blame(form: forms.Form, error: RuleBroken) -> None:
    form.add_error(error.field if error.field in form.fields else None, error.message)


def _status(form: forms.Form) -> int:
    return 400 if form.errors else 200
