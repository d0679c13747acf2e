"""Settings: every one an environment variable with a default that works (see docs/operations.md)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.csp import CSP

from yiwang.site.environment import archive_language, database_address, home_folder, mailers

HOME = home_folder()
PACKAGE = Path(__file__).resolve().parent.parent


def _secret_key() -> str:
    """From YIWANG_SECRET_KEY, else a key of its own that the home folder keeps (mode 0600)."""
    given = os.environ.get("YIWANG_SECRET_KEY")
    if given:
        return given
    path = HOME / "secret-key"
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _database() -> dict[str, object]:
    """From YIWANG_DATABASE (``postgresql://user:password@host:port/name``); else SQLite in the home folder."""
    url = database_address()
    if url:
        parts = urlsplit(url)
        if parts.scheme not in ("postgresql", "postgres"):
            raise SystemExit(
                "YIWANG_DATABASE: 只支持 postgresql:// 地址 / only postgresql:// addresses are supported"
            )
        return {
            "ENGINE": "yiwang.record.journal.postgres",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            # Short queries only: compiling one costs more than all of them (see bench.search). And what they look for lies
            # in memory or on a disk without moving parts: a page anywhere costs hardly more than the next one (bench.lists).
            # What is asked again on a connection is prepared: planning costs the database more than most answers do.
            "OPTIONS": {
                "options": "-c jit=off -c random_page_cost=1.1",
                "server_side_binding": True,
                "prepare_threshold": 3,
            },
        }
    return {
        "ENGINE": "yiwang.record.journal.sqlite",
        "NAME": HOME / "yiwang.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
        "TEST": {"NAME": HOME / "test.sqlite3"},
    }


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = os.environ.get("YIWANG_SECRET_KEY_FALLBACKS", "").split()
DEBUG = False
ORIGIN = os.environ.get("YIWANG_ORIGIN", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = [
    host
    for host in os.environ.get(
        "YIWANG_HOSTS", f"{urlsplit(ORIGIN).hostname},localhost,127.0.0.1,[::1]"
    ).split(",")
    if host
]
CSRF_TRUSTED_ORIGINS = [ORIGIN]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "yiwang.record.journal",
    "yiwang.record.files",
    "yiwang.common.shell",
    "yiwang.common.identity",
    "yiwang.common.notices",
    "yiwang.common.funds",
    "yiwang.business.trading",
    "yiwang.doors.hall",
    "yiwang.doors.website",
]

MIDDLEWARE = [
    "yiwang.common.shell.middleware.OneClock",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "yiwang.common.identity.timeouts.SessionLimits",
    "yiwang.common.identity.middleware.ActorMiddleware",
    "yiwang.common.shell.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "yiwang.site.urls"
WSGI_APPLICATION = "yiwang.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "yiwang.site.context.house",
                "yiwang.site.context.account",
            ],
            "builtins": ["yiwang.common.shell.templatetags.shell"],
        },
    }
]

DATABASES = {"default": _database()}

AUTH_USER_MODEL = "identity.Person"
AUTHENTICATION_BACKENDS = ["yiwang.common.identity.login_store.PersonBackend"]
SESSION_ENGINE = "yiwang.common.identity.login_store"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "identity:login"

# The addresses that every page links to, as the shell's `{% place %}` resolves them.
PLACES = {
    "home": "website:home",
    "hall": "hall:home",
    "login": "identity:login",
    "logout": "identity:logout",
    "choose": "identity:choose",
    "enter_as": "identity:enter-as",
    "clock": "shell:clock",
    "session": "identity:session",
    "back": "identity:back",
    "look": "shell:look",
    "look_sheet": "shell:look-sheet",
}
CSRF_FAILURE_VIEW = "yiwang.common.shell.errors.csrf_failure"
# The header in which a proxy of the house gives the client's address; "" where there is no proxy.
CLIENT_ADDRESS_HEADER = os.environ.get("YIWANG_CLIENT_ADDRESS_HEADER", "")

# The sentences of findings, one file a room.
SENTENCES = sorted(PACKAGE.glob("*/*/sentences.toml"))

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
PUBLIC_ROOT = HOME / "public"
FILES_ROOT = HOME / "files"
# Documents go to storage that speaks S3 where YIWANG_S3_BUCKET names a bucket; else to the folder.
FILES_S3 = {
    name: os.environ[f"YIWANG_S3_{name.upper()}"]
    for name in ("bucket", "endpoint", "region", "access_key", "secret_key", "prefix")
    if os.environ.get("YIWANG_S3_BUCKET") and os.environ.get(f"YIWANG_S3_{name.upper()}")
}
MAX_DOCUMENT_BYTES = int(os.environ.get("YIWANG_MAX_DOCUMENT_MB", "200")) * 1024 * 1024
# Days after which a document that was uploaded and handed in nowhere is deleted. What an upload gives to a form is good
# for two weeks at most, so fewer would take it away from somebody.
UNCLAIMED_DAYS = max(15, int(os.environ.get("YIWANG_UNCLAIMED_DAYS", "30")))
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "yiwang.record.files.upload.RefuseBySize",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

MAILERS = mailers(HOME / "mail")
DEFAULT_FROM_EMAIL = os.environ.get("YIWANG_MAIL_FROM", f"no-reply@{urlsplit(ORIGIN).hostname}")

_HTTPS = ORIGIN.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
# A session ends after so long without a request, and so long after the login; the cookie outlives it by a day, so
# that the next login goes on where it stopped.
SESSION_IDLE_SECONDS = int(os.environ.get("YIWANG_SESSION_IDLE_MINUTES", "30")) * 60
SESSION_MOST_SECONDS = int(os.environ.get("YIWANG_SESSION_HOURS", "8")) * 3600
SESSION_COOKIE_AGE = SESSION_MOST_SECONDS + 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

PLATFORM_CODE = os.environ.get("YIWANG_PLATFORM_CODE", "C6205000001")
# What government sites must say of themselves (政府网站发展指引，国办发〔2017〕47号); "" shows as to be filled in.
SITE_ID_CODE = os.environ.get("YIWANG_SITE_ID_CODE", "")
ICP_FILING = os.environ.get("YIWANG_ICP_FILING", "")
POLICE_FILING = os.environ.get("YIWANG_POLICE_FILING", "")
CONTACT = os.environ.get("YIWANG_CONTACT", "")
CENTRE_NAME = os.environ.get("YIWANG_CENTRE_NAME", "")
ARCHIVE_LANGUAGE = archive_language()
CLOSING_GRACE_SECONDS = int(os.environ.get("YIWANG_CLOSING_GRACE_SECONDS", "3"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("YIWANG_LOG_LEVEL", "INFO")},
}
