"""Middleware of the whole portal: request ids, headers, age of sessions, the second factor."""

import time
import uuid
from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from profmin.accounts.roles import Role
from profmin.journal.services import REQUEST_ID
from schools.access import request_access

Next = Callable[[HttpRequest], HttpResponse]

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'{images}; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_IMAGES_IN_PAGE = "/accounts/2fa/totp/"  # the QR code of a new second factor
_TOO_LARGE = "Отправлено слишком много сразу. Загрузите файлы по одному, до 20 МБ каждый."
_TOKEN_IN_ADDRESS = ("/invitations/", "/email/", "/accounts/password/reset/key/")


class RequestIdMiddleware:
    """Gives every request an id of ours; the journal keeps it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        mark = REQUEST_ID.set(uuid.uuid4().hex)
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = REQUEST_ID.get()
            return response
        finally:
            REQUEST_ID.reset(mark)


class SecurityHeadersMiddleware:
    """Content security policy; signed-in pages are kept by nobody."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        images = " data:" if request.path.startswith(_IMAGES_IN_PAGE) else ""
        response.headers.setdefault("Content-Security-Policy", _CSP.format(images=images))
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        )
        if request.path.startswith(_TOKEN_IN_ADDRESS):
            response["Referrer-Policy"] = "no-referrer"
        if hasattr(request, "user") and request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        return response


class SessionAgeMiddleware:
    """Ends a session that idled too long or is too old; writes `seen` once a minute at most."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._age(request, time.time())
        return self.get_response(request)

    def _age(self, request: HttpRequest, moment: float) -> None:
        started = request.session.setdefault("started", moment)
        seen = request.session.get("seen", moment)
        too_idle = moment - seen > settings.SESSION_IDLE_SECONDS
        if too_idle or moment - started > settings.SESSION_ABSOLUTE_SECONDS:
            logout(request)
        elif moment - request.session.get("seen", 0) > 60:
            request.session["seen"] = moment


class BodyLimitMiddleware:
    """Refuses a body that is too large before a byte of it is read; strangers send no files."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_known = request.user.is_authenticated
        most = settings.MAX_REQUEST_BYTES if is_known else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        declared = request.META.get("CONTENT_LENGTH") or "0"
        if not declared.isdecimal() or len(declared) > 15 or int(declared) > most:
            return HttpResponse(_TOO_LARGE, status=413, content_type="text/plain; charset=utf-8")
        return self.get_response(request)


class SecondFactorMiddleware:
    """An administrator works only with a second factor; until then only its own set-up opens."""

    _OPEN = ("/accounts/", "/static/")

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._lacks_factor(request):
            return redirect(reverse("mfa_activate_totp"))
        return self.get_response(request)

    def _lacks_factor(self, request: HttpRequest) -> bool:
        if not request.user.is_authenticated or request.path.startswith(self._OPEN):
            return False
        access = request_access(request)
        if access is None:
            return False
        held = {access.role, *(row.role for row in access.others)}
        if Role.ADMINISTRATOR not in held:
            return False
        return not Authenticator.objects.filter(
            user_id=request.user.pk, type=Authenticator.Type.TOTP
        ).exists()
