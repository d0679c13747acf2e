"""Secrets that outlive the key of the house: random, kept in the database, sealed with a key derived from SECRET_KEY.

What is marked with one (so that equal things are known as equal, and nothing can be read from the marks) stays
comparable when SECRET_KEY is exchanged, as long as SECRET_KEY_FALLBACKS opens the seal once; it is then sealed anew.
"""

from __future__ import annotations

import base64
import logging
import secrets
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.crypto import salted_hmac

from yiwang.record.journal.kept_queries import KeptQuery
from yiwang.record.journal.models import LastingKey

MARKS = "marks"
_NEWEST = KeptQuery(
    lambda name: LastingKey.objects.filter(name=name).order_by("-number").values_list("number", "sealed")[:1]
)
log = logging.getLogger("yiwang.keys")


@lru_cache(maxsize=16)
def _fernet(secret: str) -> Fernet:
    key = HKDF(hashes.SHA256(), 32, None, b"yiwang lasting keys").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))


def seal(key: str) -> str:
    """``key`` as it is stored."""
    return _fernet(settings.SECRET_KEY).encrypt(key.encode()).decode()


def keyed_mark(what: str, text: str) -> str:
    """What stands for ``text`` among things of the kind ``what``: 64 hexadecimal digits, the same for the same."""
    return str(salted_hmac(what, text, secret=_marks_key(), algorithm="sha256").hexdigest())


def marks_key_number() -> int:
    """Which key marks are made with now, from 1: a new number where the one before could not be opened any more."""
    _marks_key()
    return int(_NEWEST.rows(MARKS)[0][0])


def marks_keys_lost() -> int:
    """How often the key of marks could not be opened any more, so that another began."""
    found = _NEWEST.first(MARKS)
    return int(found[0]) - 1 if found else 0


def _marks_key() -> str:
    found = _NEWEST.first(MARKS)
    if found is None:
        return _begun(1)
    number, sealed = found
    try:
        return _opened(sealed, settings.SECRET_KEY)
    except InvalidToken:
        return _sealed_anew(number, sealed)


@lru_cache(maxsize=16)
def _opened(sealed: str, secret: str) -> str:
    return _fernet(secret).decrypt(sealed.encode()).decode()


def _sealed_anew(number: int, sealed: str) -> str:
    """The key as an older SECRET_KEY opens it, sealed with the new one; where none opens it another begins."""
    box = MultiFernet([_fernet(each) for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])
    try:
        key = box.decrypt(sealed.encode()).decode()
    except InvalidToken:
        log.error(
            "the key of marks was sealed with a SECRET_KEY that is not known any more; a new one begins"
        )
        return _begun(number + 1)
    LastingKey.objects.filter(name=MARKS, number=number, sealed=sealed).update(sealed=seal(key))
    return key


def _begun(number: int) -> str:
    """The key with this number; whoever is first has made it."""
    fresh = {"sealed": seal(secrets.token_urlsafe(48))}
    row, _ = LastingKey.objects.get_or_create(name=MARKS, number=number, defaults=fresh)
    return _opened(row.sealed, settings.SECRET_KEY)
