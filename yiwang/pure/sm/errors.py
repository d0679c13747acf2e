"""What may go wrong in this package. No message here ever carries a key, a share or a plaintext."""

from __future__ import annotations


class SmError(Exception):
    """The root of every error that this package raises on purpose."""


class Unavailable(SmError):
    """No library on this machine serves the primitive; the message names the primitive and what was tried."""


class Malformed(SmError, ValueError):
    """The bytes do not have the form they claim; the message names the place and the rule broken."""


class BadKey(Malformed):
    """Not a usable SM2 key: wrong curve, off the curve, at infinity, out of range, or the wrong password."""


class BadSignature(SmError):
    """The signature does not verify."""


class BadCiphertext(SmError):
    """The ciphertext does not decrypt: wrong key, changed bytes or wrong length. It does not say which."""


class ProtocolViolation(SmError):
    """The other side (or the caller) broke a rule of a protocol; the session is dead."""
