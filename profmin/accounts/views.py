"""Pages before sign-in that the sign-in library does not have."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from profmin.accounts import services
from profmin.accounts.forms import AgreementForm, FirstPasswordForm
from profmin.lib.errors import RuleBroken

_WELCOME = "Пароль сохранён. Теперь войдите с ним."
_ACCEPTED = "Назначение принято. Войдите со своим паролем."


@login_not_required
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """A person follows the link of the letter: sets the first password, or only agrees.

    Nobody is signed in by a link.
    """
    now = timezone.now()
    invitation = services.find_invitation(token=token, now=now)
    if request.method == "POST" and not invitation and services.is_invitation_taken(token=token):
        return _taken(request)
    is_known = invitation is not None and invitation.user.has_usable_password()
    form_class = AgreementForm if is_known else FirstPasswordForm
    form = form_class(request.POST if request.method == "POST" else None)
    if invitation and request.method == "POST" and form.is_valid():
        try:
            services.accept_invitation(
                token=token, password=form.cleaned_data.get("password", ""), now=now
            )
        except services.LinkTaken:
            return _taken(request)
        except RuleBroken as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _ACCEPTED if is_known else _WELCOME)
            return redirect("account_login")
    return render(
        request,
        "accounts/invitation_accept.html",
        {"form": form, "invitation": invitation, "is_known": is_known},
        status=200 if invitation else 404,
    )


def _taken(request: HttpRequest) -> HttpResponse:
    """Of two who follow one link at the same time the slower one is told so."""
    return render(request, "accounts/invitation_taken.html", status=409)


@login_not_required
def closed(request: HttpRequest) -> HttpResponse:
    """Addresses the sign-in library expects and this portal does not offer."""
    raise Http404
