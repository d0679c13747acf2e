"""What was typed into a form that met an ended session: kept for its author until they are back.

It is sealed with a key that only the cookie of the author's browser holds, so that the house keeps nothing that
it could read: bids are typed into these forms. Passwords and files are never kept.
"""

from __future__ import annotations

import json
import zlib
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict

from yiwang.pure.kernel.days import from_iso, iso

KEPT = "identity.kept"
COOKIE = "yiwang-kept"
KEPT_FOR = timedelta(hours=24)
MOST_BYTES = 256 * 1024  # of JSON, compressed; the longest form of the house has some 40 KB
_NEVER = ("password", "credential", "csrfmiddlewaretoken")


def keep(request: HttpRequest, person: str, response: HttpResponse, now: datetime) -> None:
    """Keeps what this POST typed for ``person`` (code); the key goes into a cookie of ``response``."""
    fields = [(name, values) for name, values in request.POST.lists() if not name.startswith(_NEVER)]
    packed = zlib.compress(json.dumps(fields).encode())
    if not fields or len(packed) > MOST_BYTES:
        return
    key = Fernet.generate_key()
    request.session[KEPT] = {
        "person": person,
        "path": request.path,
        "since": iso(now),
        "files": bool(request.FILES),
        "sealed": Fernet(key).encrypt(packed).decode(),
    }
    response.set_cookie(
        COOKIE,
        key.decode(),
        max_age=KEPT_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def kept_for(request: HttpRequest, person: str, now: datetime) -> tuple[QueryDict, bool] | None:
    """What ``person`` typed on this page before the session ended, and whether files were with it; None if nothing."""
    kept = request.session.get(KEPT)
    if kept is None or (kept["person"], kept["path"]) != (person, request.path):
        return None
    if now - from_iso(kept["since"]) > KEPT_FOR:
        forget(request)
        return None
    try:
        opened = Fernet(request.COOKIES.get(COOKIE, "").encode()).decrypt(kept["sealed"].encode())
    except (InvalidToken, ValueError):
        return None
    typed = QueryDict(mutable=True)
    for name, values in json.loads(zlib.decompress(opened)):
        typed.setlist(name, values)
    return typed, bool(kept["files"])


def forget(request: HttpRequest) -> None:
    """Once the form was sent again, nothing of it is kept."""
    request.session.pop(KEPT, None)
