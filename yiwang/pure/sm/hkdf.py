"""HKDF (RFC 5869) over SM3, and the key derivation function of SM2 (GB/T 32918.4, 5.4.3)."""

from __future__ import annotations

import hmac

from yiwang.pure.sm import sm3


def _hkdf(digest: str, size: int, secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    if not 0 < length <= 255 * size:
        raise ValueError(f"HKDF gives 1 to {255 * size} bytes, not {length}")
    seed = hmac.digest(salt or bytes(size), secret, digest)
    block, out = b"", b""
    for counter in range(1, -(-length // size) + 1):
        block = hmac.digest(seed, block + info + bytes([counter]), digest)
        out += block
    return out[:length]


def hkdf_sm3(secret: bytes, info: bytes, length: int = 32, salt: bytes = b"") -> bytes:
    """``length`` bytes (1…8160) derived from ``secret`` for the purpose ``info`` (RFC 5869 with SM3).

    Raises ValueError for a length out of range, Unavailable where hashlib has no SM3.
    """
    sm3.hasher()  # says plainly that SM3 is missing, where it is
    return _hkdf("sm3", sm3.SIZE, secret, salt, info, length)


def kdf(shared: bytes, length: int) -> bytes:
    """``length`` bytes of SM2's own KDF: SM3(shared ‖ counter), counter from 1, 32 bits, big-endian."""
    if not 0 < length < 2**32 * sm3.SIZE:
        raise ValueError(f"{length} bytes cannot be derived")
    state = sm3.hasher()
    state.update(shared)
    out = bytearray()
    for counter in range(1, -(-length // sm3.SIZE) + 1):
        block = state.copy()
        block.update(counter.to_bytes(4, "big"))
        out += block.digest()
    return bytes(out[:length])
