"""Which library serves SM2 in this process, and what is asked of it."""

from __future__ import annotations

import functools
from typing import Protocol

from yiwang.pure.sm import libcrypto
from yiwang.pure.sm.errors import BadSignature, SmError, Unavailable
from yiwang.pure.sm.evp import LibcryptoSm2
from yiwang.pure.sm.fallback import GmsslSm2
from yiwang.pure.sm.points import SecretScalar


class Public(Protocol):
    """An opened public key: ``octets`` are its 65 bytes."""

    octets: bytes

    def verify(self, message: bytes, signature: bytes, identity: bytes) -> None: ...
    def encrypt(self, message: bytes) -> bytes: ...


class Private(Protocol):
    """An opened private key: ``octets`` are the 65 bytes of its public key."""

    octets: bytes

    def sign(self, message: bytes, identity: bytes) -> bytes: ...
    def decrypt(self, ciphertext: bytes) -> bytes: ...
    def scalar(self) -> SecretScalar: ...
    def protected(self, password: bytes) -> bytes: ...


class Sm2(Protocol):
    """A library that does SM2. ``has_points``: it can also multiply points, as the protocols need."""

    has_points: bool

    @property
    def name(self) -> str: ...
    def generate(self) -> Private: ...
    def open_private(self, secret: bytes, public: bytes | None) -> Private: ...
    def open_public(self, octets: bytes) -> Public: ...
    def open_protected(self, der: bytes, password: bytes) -> Private: ...


# The key and the signature of "message digest" in GB/T 32918.5-2017, appendix A.
_KNOWN_KEY = bytes.fromhex(
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
_KNOWN_SIGNATURE = bytes.fromhex(
    "3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)


def passes(library: Sm2) -> bool:
    """Whether ``library`` accepts the published signature and refuses it for another text."""
    key = library.open_public(_KNOWN_KEY)
    try:
        key.verify(b"message digest", _KNOWN_SIGNATURE, b"1234567812345678")
    except SmError:
        return False
    try:
        key.verify(b"message digesT", _KNOWN_SIGNATURE, b"1234567812345678")
    except BadSignature:
        return True
    return False


@functools.cache
def sm2() -> Sm2:
    """The SM2 of this process: libcrypto, else gmssl-pyx; the first that knows the standard's own signature.

    Raises Unavailable where there is neither.
    """
    if libcrypto.available() and passes(library := LibcryptoSm2()):
        return library
    fallback = GmsslSm2()
    if not passes(fallback):
        raise Unavailable("SM2: no library here verifies the signature published in GB/T 32918.5")
    return fallback


def need_points(what: str) -> None:
    """Raises Unavailable where ``what`` (named in the message) cannot be done for want of libcrypto's EC_POINT."""
    if not sm2().has_points:
        raise Unavailable(f"{what} needs a libcrypto with SM2; {sm2().name} has no arithmetic on points")
