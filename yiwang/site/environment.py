"""What must be known before Django is: the folder of all state, and which database."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

MAIL_TIMEOUT_SECONDS = 15


def home_folder() -> Path:
    """The folder of all state: YIWANG_HOME, else ``home`` below the current folder."""
    return Path(os.environ.get("YIWANG_HOME", "home")).expanduser().resolve()


def database_address() -> str:
    """YIWANG_DATABASE, ``postgresql://…``; "" where the database is SQLite in the home folder."""
    return os.environ.get("YIWANG_DATABASE", "")


def mailers(folder: Path) -> dict[str, dict[str, object]]:
    """Django's ``MAILERS``: YIWANG_MAIL (``smtp://user:password@host:port``, ``smtps://``, ``smtp+starttls://``).

    Without it letters are put into ``folder``: nothing leaves the house. Raises SystemExit for another scheme.
    """
    given = os.environ.get("YIWANG_MAIL", "")
    if not given:
        backend = "django.core.mail.backends.filebased.EmailBackend"
        return {"default": {"BACKEND": backend, "OPTIONS": {"file_path": str(folder)}}}
    parts = urlsplit(given)
    if parts.scheme not in ("smtp", "smtps", "smtp+starttls"):
        raise SystemExit("YIWANG_MAIL: 只支持 smtp:// 等地址 / only smtp://, smtps:// and smtp+starttls://")
    options: dict[str, object] = {
        "host": parts.hostname or "localhost",
        "port": parts.port or (465 if parts.scheme == "smtps" else 587 if "starttls" in parts.scheme else 25),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": parts.scheme == "smtps",
        "use_tls": parts.scheme == "smtp+starttls",
        "timeout": MAIL_TIMEOUT_SECONDS,
    }
    return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}


def archive_language() -> str:
    """YIWANG_ARCHIVE_LANGUAGE: in which language archives of projects are made, ``zh-hans`` or ``en``."""
    given = os.environ.get("YIWANG_ARCHIVE_LANGUAGE", "zh-hans")
    if given not in ("zh-hans", "en"):
        raise SystemExit("YIWANG_ARCHIVE_LANGUAGE: 只能是 zh-hans 或 en / only zh-hans or en")
    return given
