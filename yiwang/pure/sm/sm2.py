"""Which library serves SM2 in this process, and what is asked of it."""

from __future__ import annotations

import functools
from typing import Protocol

from yiwang.pure.sm import libcrypto
from yiwang.pure.sm.errors import Unavailable
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


@functools.cache
def sm2() -> Sm2:
    """The SM2 of this process: libcrypto, else gmssl-pyx. Raises Unavailable where there is neither."""
    if libcrypto.available():
        return LibcryptoSm2()
    return GmsslSm2()


def need_points(what: str) -> None:
    """Raises Unavailable where ``what`` (named in the message) cannot be done for want of libcrypto's EC_POINT."""
    if not sm2().has_points:
        raise Unavailable(f"{what} needs a libcrypto with SM2; {sm2().name} has no arithmetic on points")
