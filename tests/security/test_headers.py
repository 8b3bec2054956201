"""What the portal says to browsers, and with what it refuses to start."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from profmin.accounts.roles import Role
from profmin.lib.logs import MaskingFormatter
from tests.factories.cast import Cast, client_of

ROOT = Path(settings.BASE_DIR)
CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
KEY = "only-for-this-test-" * 4
REAL = {
    "PORTAL_BASE_URL": "https://portal.example",
    "SECRET_KEY": KEY,
    "SMTP_HOST": "mail.portal.example",
}


def csp_of(client: Client, path: str) -> dict[str, str]:
    parts = client.get(path)["Content-Security-Policy"].split(";")
    return dict(part.strip().split(" ", 1) for part in parts)


@pytest.mark.parametrize("path", ["/", "/units/", "/accounts/2fa/", "/nowhere/"])
def test_pages_run_and_load_only_what_is_the_portals_own(cast: Cast, path: str) -> None:
    assert csp_of(client_of(cast.home.person(Role.MINISTRY)), path) == CSP


def test_only_the_page_of_a_second_factor_shows_a_picture_of_its_own(db: None) -> None:
    path = "/accounts/2fa/totp/activate/"
    assert csp_of(Client(), path) == CSP | {"img-src": "'self' data:"}


@pytest.mark.parametrize("path", ["/", "/people/", "/account/", "/nowhere/", "/admin/"])
def test_signed_in_pages_are_kept_by_nobody(cast: Cast, path: str) -> None:
    client = client_of(cast.home.person(Role.MINISTRY))
    assert client.get(path)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/invitations/x/", "/accounts/password/reset/"]
)
def test_every_answer_says_its_type_and_stays_out_of_frames(db: None, path: str) -> None:
    answer = Client().get(path)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Permissions-Policy"] == "camera=(), geolocation=(), microphone=()"


@pytest.mark.parametrize(
    "path", ["/invitations/some-token/", "/accounts/password/reset/key/1-set-password/"]
)
def test_the_address_of_a_token_page_is_told_to_nobody(db: None, path: str) -> None:
    assert Client().get(path)["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "path", ["/invitations/some-token/", "/accounts/password/reset/key/1-set-password/"]
)
def test_a_form_of_a_token_page_still_says_its_origin(db: None, path: str) -> None:
    """Under no-referrer a browser sends «Origin: null» with a form, and the form is refused."""
    page = Client().get(path).content.decode()
    assert '<meta name="referrer" content="strict-origin">' in page


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "127.0.0.1@evil.example"]
)
def test_another_host_is_refused(db: None, settings, host: str) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
    answer = Client().get("/accounts/login/", headers={"Host": host})
    assert answer.status_code == 400
    assert b"evil" not in answer.content


def test_the_answer_names_no_program(db: None) -> None:
    answer = Client().get("/accounts/login/")
    assert {"Server", "X-Powered-By"} & set(answer.headers) == set()


# --- Settings of a real portal: each start in a process of its own ---------------------------


def started(tmp_path: Path, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PORTAL_", "SECRET_KEY", "DATABASE_URL", "REDIS_URL", "DJANGO_"))
    }
    return subprocess.run(
        [sys.executable, "-c", f"import django; from django.conf import settings\n{code}"],
        env=kept
        | {"DJANGO_SETTINGS_MODULE": "profmin.settings", "PORTAL_VAR_DIR": str(tmp_path)}
        | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def values(tmp_path: Path, *names: str, **environment: str) -> dict[str, object]:
    code = f"import json; print(json.dumps({{n: getattr(settings, n, None) for n in {names!r}}}))"
    done = started(tmp_path, code, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_real_portal_sends_its_cookies_over_https_alone(tmp_path: Path) -> None:
    expected = {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["portal.example"],
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_DOMAIN": None,
        "SESSION_COOKIE_PATH": "/",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_PROXY_SSL_HEADER": None,
        "USE_X_FORWARDED_HOST": False,
    }
    assert values(tmp_path, *expected, **REAL) == expected


def test_a_proxy_is_believed_only_when_it_is_set(tmp_path: Path) -> None:
    names = ("SECURE_PROXY_SSL_HEADER", "ALLAUTH_TRUSTED_PROXY_COUNT")
    found = values(tmp_path, *names, **REAL, PORTAL_BEHIND_PROXY="2")
    assert found == {
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
        "ALLAUTH_TRUSTED_PROXY_COUNT": 2,
    }
    assert values(tmp_path, names[1], **REAL) == {"ALLAUTH_TRUSTED_PROXY_COUNT": 0}


def test_the_demo_stands_on_loopback_with_a_key_of_its_own(tmp_path: Path) -> None:
    first = values(tmp_path, "ALLOWED_HOSTS", "DEBUG", "SECRET_KEY")
    again = values(tmp_path, "SECRET_KEY")
    assert first["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert first["DEBUG"] is False
    assert len(str(first["SECRET_KEY"])) >= 50
    assert again["SECRET_KEY"] == first["SECRET_KEY"]
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"PORTAL_BASE_URL": "http://portal.example"}, id="over http"),
        pytest.param({"PORTAL_BASE_URL": "portal.example"}, id="no scheme"),
        pytest.param({"PORTAL_BASE_URL": "https://"}, id="no host"),
        pytest.param({"SECRET_KEY": ""}, id="no key"),
        pytest.param({"SECRET_KEY": "short" * 9}, id="short key"),
        pytest.param({"SECRET_KEY": "k" * 60}, id="key of one sign"),
        pytest.param({"SMTP_HOST": ""}, id="letters would lie in a folder"),
        pytest.param({"PORTAL_BEHIND_PROXY": "yes"}, id="no number of proxies"),
    ],
)
def test_half_protected_it_does_not_start(tmp_path: Path, change: dict[str, str]) -> None:
    done = started(tmp_path, "settings.DEBUG", **REAL | change)
    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr


@pytest.mark.parametrize("name", ["DEBUG", "DJANGO_DEBUG", "PORTAL_DEBUG"])
def test_nothing_turns_debugging_on(tmp_path: Path, name: str) -> None:
    assert values(tmp_path, "DEBUG", **REAL | {name: "1"}) == {"DEBUG": False}


def test_a_real_portal_does_not_start_on_the_data_of_the_demo(tmp_path: Path) -> None:
    """Neither its pages nor its workers; an empty database is welcome."""
    fill = """
from django.core.management import call_command
from django.utils import timezone
django.setup()
call_command("migrate", verbosity=0)
from profmin.journal.services import mark_demo
"""
    serve = "import profmin.wsgi"
    work = (
        "from profmin.celery import app; from celery.signals import worker_init\n"
        "django.setup()\nworker_init.send(sender=None)"
    )
    assert started(tmp_path, fill).returncode == 0
    assert started(tmp_path, serve, **REAL).returncode == 0

    assert started(tmp_path, f"{fill}mark_demo(now=timezone.now())").returncode == 0

    for code in (serve, work):
        assert "показательный регион" in started(tmp_path, code, **REAL).stderr
    assert started(tmp_path, serve).returncode == 0
    assert (tmp_path / "portal.sqlite3").stat().st_mode & 0o077 == 0


def test_the_log_masks_keys_in_addresses(db: None, caplog: pytest.LogCaptureFixture) -> None:
    client = Client(enforce_csrf_checks=True)
    for path in ("/invitations/s3cret/", "/email/s3cret/", "/accounts/password/reset/key/s3cret/"):
        client.post(path)
    formatter = MaskingFormatter("%(message)s")
    said = [formatter.format(record) for record in caplog.records]
    assert said != []
    assert [line for line in said if "s3cret" in line] == []
    assert settings.LOGGING["formatters"]["line"]["()"] == "profmin.lib.logs.MaskingFormatter"
