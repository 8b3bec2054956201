"""Settings of the portal.

Without `PORTAL_BASE_URL` the portal is a demo on this machine: loopback only, a key of its own
under `var/`, cookies over plain http. With it, the portal refuses to start half-protected.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("PORTAL_VAR_DIR", BASE_DIR / "var"))
VAR_DIR.mkdir(parents=True, exist_ok=True)

PORTAL_BASE_URL = os.environ.get("PORTAL_BASE_URL", "").rstrip("/")
IS_DEMO = not PORTAL_BASE_URL
DEMO_PORT = int(os.environ.get("PORTAL_PORT", "8000"))
DEBUG = False


def _demo_key() -> str:
    """A secret key of this copy only, made once."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text()


# The database, letters and files of this portal are nobody else's on the machine.
os.umask(0o077)

if IS_DEMO:
    SECRET_KEY = os.environ.get("SECRET_KEY") or _demo_key()
    PORTAL_BASE_URL = f"http://127.0.0.1:{DEMO_PORT}"
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
else:
    SECRET_KEY = os.environ.get("SECRET_KEY", "")
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10:
        raise ImproperlyConfigured(
            "Задайте SECRET_KEY: не короче 50 разных знаков, только для этого портала."
        )
    if urlsplit(PORTAL_BASE_URL).scheme != "https":
        raise ImproperlyConfigured("PORTAL_BASE_URL должен начинаться с https://.")
    if not urlsplit(PORTAL_BASE_URL).hostname:
        raise ImproperlyConfigured("В PORTAL_BASE_URL нет имени узла.")
    if not os.environ.get("SMTP_HOST"):
        raise ImproperlyConfigured(
            "Задайте SMTP_HOST: без почты приглашения и ссылки для смены пароля никому не придут."
        )
    ALLOWED_HOSTS = [
        urlsplit(PORTAL_BASE_URL).hostname or "",
        *filter(None, os.environ.get("PORTAL_EXTRA_HOSTS", "").split(",")),
    ]

# How many proxies of ours stand before the portal: the address of a person is so many places from
# the right end of X-Forwarded-For. Without it everybody would come from the proxy's own address,
# and one person's wrong passwords would hold up a whole region.
_proxies = os.environ.get("PORTAL_BEHIND_PROXY", "0")
if not (_proxies.isascii() and _proxies.isdecimal()) or int(_proxies) > 9:
    raise ImproperlyConfigured(
        "PORTAL_BEHIND_PROXY — число своих посредников перед порталом, обычно 1."
    )
PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = int(_proxies)

# --- Applications -----------------------------------------------------------------------------

INSTALLED_APPS = [
    "profmin.apps.ProfminConfig",
    "profmin.accounts",
    "profmin.journal",
    "profmin.jobs",
    "schools",
    "plans",
    "profmin.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
]

MIDDLEWARE = [
    "profmin.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "profmin.middleware.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "profmin.middleware.SessionAgeMiddleware",
    "profmin.middleware.BodyLimitMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "profmin.middleware.SecondFactorMiddleware",
]

ROOT_URLCONF = "profmin.urls"
WSGI_APPLICATION = "profmin.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "profmin.navigation.navigation",
            ],
            "builtins": ["profmin.lib.template_tags", "django.templatetags.static"],
        },
    }
]

# --- Data -------------------------------------------------------------------------------------

DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}", conn_max_age=60, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Deferred transactions that read, then write, fail at once whatever the timeout is.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", "")
# Limits and used one-time codes live in the cache. It is a table, also beside Redis: an emptied
# or stopped queue must neither forget a used code nor shut the sign-in.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        # Past this number the cache forgets at random, used codes too: nobody may fill it.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

# Files of people lie outside the web root and are served by one view through access.
FILES_DIR = VAR_DIR / "files"
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(FILES_DIR), "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
MAX_UPLOAD_BYTES = 20 * 1024 * 1024
MAX_REQUEST_BYTES = 11 * MAX_UPLOAD_BYTES  # ten files at once and the words beside them
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- Queue ------------------------------------------------------------------------------------

CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Europe/Moscow"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object]
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 3600,
        # A page that rings does not wait for a queue that is down.
        "max_retries": 1,
        "interval_start": 0,
        "socket_connect_timeout": 2,
    }
    CELERY_TASK_TIME_LIMIT = 1800
else:
    QUEUE_DIR = VAR_DIR / "queue"
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
        "polling_interval": 0.1,
    }
    for _name in ("messages", "control"):
        (QUEUE_DIR / _name).mkdir(parents=True, exist_ok=True)
# A worker silent for longer is taken for dead; lease and sweep together stay under two minutes.
JOB_LEASE_SECONDS = float(os.environ.get("PORTAL_JOB_LEASE_SECONDS", "45"))
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "profmin.jobs.tasks.sweep",
        "schedule": float(os.environ.get("PORTAL_SWEEP_SECONDS", "60")),
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")

# --- People and sign-in -----------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_LENGTH = 15
PASSWORD_LENGTH_WITH_CODE = 8  # where a one-time code is asked beside it
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "profmin.accounts.validators.LengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "profmin.accounts.validators.GuessablePasswordValidator"},
]

ACCOUNT_ADAPTER = "profmin.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""  # else the host of the request stands in the subject
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(PORTAL_BASE_URL).scheme
# Wrong passwords and codes wait by the growing delay of `accounts.services`; `login_failed` limits
# one-time codes beside it, which only somebody with the right password may guess at.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",  # all schools of a district may share one address
    "login_failed": "5/5m/key,50/d/key",
    "reset_password": "20/m/ip,5/m/key",
}
ACCOUNT_FORMS = {"reset_password": "profmin.accounts.forms.ForgottenPasswordForm"}
MFA_FORMS = {
    "authenticate": "profmin.accounts.forms.CodeForm",
    "reauthenticate": "profmin.accounts.forms.CodeAgainForm",
}
MFA_ADAPTER = "profmin.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Профориентация"
USERSESSIONS_TRACK_ACTIVITY = False
SESSION_IDLE_SECONDS = 30 * 60
SESSION_ABSOLUTE_SECONDS = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
PASSWORD_RESET_TIMEOUT = 60 * 60
INVITATION_DAYS = 14
EMAIL_CHANGE_DAYS = 2

# --- Letters ----------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = os.environ.get("PORTAL_FROM_EMAIL", "portal@localhost")
if os.environ.get("SMTP_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = os.environ["SMTP_HOST"]
    EMAIL_PORT = int(os.environ.get("SMTP_PORT", "587"))
    EMAIL_HOST_USER = os.environ.get("SMTP_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("SMTP_PASSWORD", "")
    EMAIL_USE_TLS = EMAIL_PORT == 587
    EMAIL_USE_SSL = EMAIL_PORT == 465
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"

# --- Protection -------------------------------------------------------------------------------

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # e-mail is unique whatever the case of its letters: a constraint of its own
    "security.W002",  # SecurityHeadersMiddleware forbids frames
    "security.W021",  # the owner of the domain decides about preload lists
]
if not IS_DEMO:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    CSRF_TRUSTED_ORIGINS = [PORTAL_BASE_URL]
    if PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Language and time ------------------------------------------------------------------------

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский")]
TIME_ZONE = os.environ.get("PORTAL_TIME_ZONE", "Europe/Moscow")
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "profmin.lib.logs.MaskingFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
