"""One-time codes (TOTP, RFC 6238: six digits, 30 seconds) and their secrets, sealed at rest."""

from __future__ import annotations

import base64
import hmac
import unicodedata
from datetime import datetime

import pyotp
import segno
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

STEP_SECONDS = 30
_TOLERANCE = (-1, 0, 1)  # steps: a phone's clock may be half a minute off, and typing takes time


def _box() -> MultiFernet:
    def fernet(secret: str) -> Fernet:
        key = HKDF(hashes.SHA256(), 32, None, b"yiwang identity totp").derive(secret.encode())
        return Fernet(base64.urlsafe_b64encode(key))

    return MultiFernet([fernet(each) for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def new_secret() -> str:
    """A secret of 160 bits in base 32."""
    return pyotp.random_base32()


def seal(secret: str) -> str:
    """The secret as it is stored: sealed with a key derived from SECRET_KEY (older keys still open it)."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret again. Raises InvalidToken where the key of the house was lost."""
    return _box().decrypt(sealed.encode()).decode()


def step_of(secret: str, code: str, now: datetime, used_step: int) -> int | None:
    """The step whose code was typed (full-width digits too), if it is near ``now`` (real time) and later than ``used_step``; else None."""
    digits = "".join(unicodedata.normalize("NFKC", code).split())
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    current = int(now.timestamp()) // STEP_SECONDS
    found = None
    for offset in _TOLERANCE:
        step = current + offset
        if hmac.compare_digest(totp.generate_otp(step).encode(), digits.encode()) and step > used_step:
            found = step
    return found


def enrolment_image(secret: str, username: str, issuer: str) -> str:
    """The QR code for an authenticator app, as a data address of an SVG image."""
    address = pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)
    image: str = segno.make(address, error="m").svg_data_uri(scale=5, border=2, dark="#000000")
    return image
