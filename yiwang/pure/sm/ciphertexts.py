"""The two written forms of SM2 signatures and ciphertexts: DER (GM/T 0009) and plain concatenation."""

from __future__ import annotations

from yiwang.pure.sm import der
from yiwang.pure.sm.errors import Malformed
from yiwang.pure.sm.points import FIELD, ORDER


@der.guarded("SM2 signature")
def signature_to_raw(signature: bytes) -> bytes:
    """r ‖ s (64 bytes) of a DER signature. Raises Malformed where r or s is not in [1, n−1]."""
    parsed = der.read(der.Sm2Signature, signature, "SM2 signature")
    numbers = parsed["r"].native, parsed["s"].native
    if not all(0 < number < ORDER for number in numbers):
        raise Malformed("SM2 signature: r or s out of range")
    return b"".join(number.to_bytes(32, "big") for number in numbers)


def signature_from_raw(raw: bytes) -> bytes:
    """The DER form of r ‖ s (64 bytes). Raises Malformed where r or s is not in [1, n−1]."""
    if len(raw) != 64:
        raise Malformed("SM2 signature: r and s have 32 bytes each")
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    if not (0 < r < ORDER and 0 < s < ORDER):
        raise Malformed("SM2 signature: r or s out of range")
    return bytes(der.Sm2Signature({"r": r, "s": s}).dump())


@der.guarded("SM2 ciphertext")
def ciphertext_to_raw(ciphertext: bytes) -> bytes:
    """C1 ‖ C3 ‖ C2 of a DER ciphertext: 65 bytes beginning with 04, 32 bytes, the rest. Raises Malformed."""
    parsed = der.read(der.Sm2Ciphertext, ciphertext, "SM2 ciphertext")
    x, y = parsed["x"].native, parsed["y"].native
    if not (0 <= x < FIELD and 0 <= y < FIELD) or len(parsed["c3"].native) != 32 or not parsed["c2"].native:
        raise Malformed("SM2 ciphertext: a part is out of range")
    point: bytes = b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big")
    return point + bytes(parsed["c3"].native) + bytes(parsed["c2"].native)


def ciphertext_from_raw(raw: bytes) -> bytes:
    """The DER form of C1 ‖ C3 ‖ C2 with C1 beginning with 04. Raises Malformed."""
    if len(raw) <= 97 or raw[0] != 4:
        raise Malformed("SM2 ciphertext: 04, 64 bytes, 32 bytes and at least one more")
    x, y = int.from_bytes(raw[1:33], "big"), int.from_bytes(raw[33:65], "big")
    if not (x < FIELD and y < FIELD):
        raise Malformed("SM2 ciphertext: a coordinate is out of range")
    return bytes(der.Sm2Ciphertext({"x": x, "y": y, "c3": raw[65:97], "c2": raw[97:]}).dump())
