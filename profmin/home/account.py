"""One's own page: appointments, protection of the sign-in, all sessions."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from profmin.accounts.models import User
from profmin.accounts.services import end_sessions
from profmin.journal.services import Actor, Subject, write_entry
from schools.access import CHOSEN, access_for, request_access
from schools.models import Appointment


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
