"""One's own page: name, appointments, protection of the sign-in, all sessions; a new address."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from profmin.accounts.forms import EmailForm
from profmin.accounts.models import User
from profmin.accounts.services import LinkTaken, end_sessions, find_cancellation
from profmin.home.forms import NameForm
from profmin.journal.services import Actor, Subject, write_entry
from profmin.lib.errors import RuleBroken
from schools.access import CHOSEN, access_for, request_access
from schools.models import Appointment
from schools.services.people import (
    cancel_email_change,
    confirm_email_change,
    open_email_change,
    rename_person,
)


def account(request: HttpRequest) -> HttpResponse:
    """My data, my appointments, and how my sign-in is protected. Open without any role."""
    user, today = _user(request), timezone.localdate()
    held = (
        Appointment.objects.accepted()
        .filter(user=user)
        .select_related("unit", "user", "invitation")
        .order_by("-starts_on", "-pk")
    )
    access = request_access(request)
    usable = {row.pk for row in (access.appointment, *access.others)} if access else set()
    context = {
        "person": user,
        "chosen": access.appointment.pk if access else None,
        "rows": [
            {"appointment": row, "is_current": row.is_current(today), "usable": row.pk in usable}
            for row in held
        ],
        "has_totp": Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists(),
        "sessions": UserSession.objects.filter(user=user).count(),
    }
    return render(request, "account.html", context)


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def account_name(request: HttpRequest) -> HttpResponse:
    """Corrects one's own name. Open without any role."""
    user = _user(request)
    access = request_access(request)
    data = request.POST if request.method == "POST" else None
    form = NameForm(data, initial={"full_name": user.full_name})
    if form.is_valid():
        try:
            rename_person(
                user=user,
                unit=access.appointment.unit if access else None,
                full_name=form.cleaned_data["full_name"],
                by=access.actor if access else Actor(user.pk, user.full_name),
                now=timezone.now(),
                today=timezone.localdate(),
            )
        except RuleBroken as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, "Имя исправлено.")
            return redirect("account")
    status = 400 if form.errors else 200
    return render(request, "account_name.html", {"form": form}, status=status)


@login_not_required
def email_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the letter to a new address: asks who it is, then the address holds. Nobody is
    signed in by it, and all sessions end."""
    now, today = timezone.now(), timezone.localdate()
    change = open_email_change(token=token, now=now, today=today)
    if change is None:
        return _gone(request)
    data = request.POST if request.method == "POST" else None
    form = EmailForm(data, user=change.user, request=request)
    if form.is_valid():
        try:
            confirm_email_change(token=token, now=now, today=today)
        except LinkTaken:
            return _gone(request)
        except RuleBroken as error:
            form.add_error(None, error.message)
        else:
            logout(request)
            messages.success(request, "Почта подтверждена. Входите теперь с ней.")
            return redirect("account_login")
    status = 400 if form.errors else 200
    return render(request, "email_confirm.html", {"form": form, "change": change}, status=status)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "email_confirm.html", status=404)


@login_not_required
def email_cancel(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the warning to the present address: «it is not me», the change ends."""
    now = timezone.now()
    change = find_cancellation(token=token, now=now)
    if change is None:
        return _gone(request)
    if request.method == "POST":
        try:
            cancel_email_change(token=token, now=now)
        except LinkTaken:
            return _gone(request)
        messages.success(request, "Смена почты отменена. Входите, как раньше.")
        return redirect("account_login")
    return render(request, "email_cancel.html", {"change": change})


@require_POST
def appointment_choose(request: HttpRequest) -> HttpResponse:
    """Works by another of one's own appointments from now on in this session."""
    wanted = request.POST.get("appointment", "")
    access = access_for(
        _user(request),
        today=timezone.localdate(),
        chosen=int(wanted) if wanted.isdecimal() and len(wanted) < 19 else None,
    )
    if access is None or str(access.appointment.pk) != wanted:
        raise Http404
    request.session[CHOSEN] = access.appointment.pk
    return redirect("home")


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Ends every session of mine, this one too."""
    user = _user(request)
    end_sessions([user.pk])
    write_entry(
        by=Actor(user.pk, user.full_name),
        now=timezone.now(),
        action="sessions_ended",
        about=Subject("user", user.pk, user.full_name),
    )
    logout(request)
    messages.success(request, "Все ваши сеансы завершены.")
    return redirect("account_login")
