"""SM3 (GB/T 32905-2016) by the interpreter's hashlib, and HMAC over it."""

from __future__ import annotations

import functools
import hashlib
import hmac
from typing import TYPE_CHECKING

from yiwang.pure.sm.errors import Unavailable

if TYPE_CHECKING:
    from hashlib import _Hash

SIZE = 32  # bytes of a digest
BLOCK = 64


@functools.cache
def _template() -> _Hash:
    try:
        return hashlib.new("sm3")
    except ValueError as error:
        raise Unavailable("SM3: this interpreter's hashlib has no sm3") from error


def hasher() -> _Hash:
    """A fresh SM3 object of hashlib. Copying a template is a third quicker than asking for it by name."""
    return _template().copy()


def digest(*parts: bytes | bytearray | memoryview) -> bytes:
    """The 32 bytes of SM3 over the concatenation of ``parts``. Raises Unavailable where hashlib has no SM3."""
    state = _template().copy()
    for part in parts:
        state.update(part)
    return state.digest()


def mac(key: bytes, message: bytes) -> bytes:
    """HMAC-SM3 (RFC 2104 over GB/T 32905): 32 bytes."""
    _template()
    return hmac.digest(key, message, "sm3")


def equal(first: bytes, second: bytes) -> bool:
    """Whether two byte strings are the same, in a time that does not depend on where they differ."""
    return hmac.compare_digest(first, second)
