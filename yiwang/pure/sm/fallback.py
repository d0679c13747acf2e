"""SM2 by ``gmssl-pyx`` (an optional package), where no libcrypto here has SM2.

Slower, and without arithmetic on points: proofs of decryption, sealed envelopes and collaborative keys need libcrypto
and are refused. Never use the PyPI package ``gmssl`` instead (docs/security/crypto.md says why).
"""

from __future__ import annotations

import importlib
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from yiwang.pure.sm.errors import BadCiphertext, BadKey, BadSignature, Unavailable
from yiwang.pure.sm.points import FIELD, ORDER, SecretScalar

_B = 0x28E9FA9E_9D9F5E34_4D5A9E4B_CF6509A7_F39789F5_15AB8F92_DDBCBD41_4D940E93
_stderr = threading.Lock()


def _module() -> ModuleType:
    try:
        return importlib.import_module("gmssl_pyx")
    except ImportError as error:
        raise Unavailable("SM2: neither a libcrypto with SM2 nor the package gmssl-pyx is here") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """The library prints a trace to standard error at every refusal: it goes nowhere for the length of a call."""
    with _stderr:
        kept = os.dup(2)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 2)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(nowhere)
            os.close(kept)


def checked(octets: bytes) -> bytes:
    """``octets`` where they are 65 bytes of a point on the curve (y² = x³ − 3x + b); BadKey otherwise."""
    if len(octets) != 65 or octets[0] != 4:
        raise BadKey("a point has 65 bytes: 04, x, y")
    x, y = int.from_bytes(octets[1:33], "big"), int.from_bytes(octets[33:], "big")
    if x >= FIELD or y >= FIELD or (y * y - (x * x * x - 3 * x + _B)) % FIELD:
        raise BadKey("not a point of the SM2 curve")
    return octets


class PublicMaterial:
    """A public key as gmssl-pyx takes it."""

    __slots__ = ("_library", "octets")

    def __init__(self, library: ModuleType, octets: bytes) -> None:
        self._library = library
        self.octets = checked(octets)

    def verify(self, message: bytes, signature: bytes, identity: bytes) -> None:
        """Raises BadSignature unless ``signature`` (DER) is one of this key over ``message``."""
        with _quiet():
            try:
                good = self._library.sm2_verify(self.octets[1:], message, signature, signer_id=identity)
            except self._library.GmsslInnerError as error:
                raise BadSignature("the SM2 signature does not verify") from error
        if not good:
            raise BadSignature("the SM2 signature does not verify")

    def encrypt(self, message: bytes) -> bytes:
        """The SM2 ciphertext in DER; at most 255 bytes with this library (Unavailable beyond)."""
        if len(message) > 255:
            raise Unavailable("SM2 without libcrypto encrypts at most 255 bytes")
        with _quiet():
            return bytes(self._library.sm2_encrypt(self.octets[1:], message))


class PrivateMaterial:
    """A private key as gmssl-pyx takes it."""

    __slots__ = ("_library", "_secret", "octets")

    def __init__(self, library: ModuleType, secret: bytes, octets: bytes) -> None:
        self._library = library
        self._secret = secret
        self.octets = checked(octets)

    def sign(self, message: bytes, identity: bytes) -> bytes:
        """A signature (DER) over ``message``."""
        with _quiet():
            return bytes(self._library.sm2_sign(self._secret, self.octets[1:], message, signer_id=identity))

    def decrypt(self, ciphertext: bytes) -> bytes:
        """The plaintext of a DER ciphertext. Raises BadCiphertext."""
        with _quiet():
            try:
                return bytes(self._library.sm2_decrypt(self._secret, ciphertext))
            except self._library.GmsslInnerError as error:
                raise BadCiphertext("the SM2 ciphertext does not open with this key") from error

    def scalar(self) -> SecretScalar:
        """The secret number."""
        return SecretScalar.from_bytes(self._secret)

    def protected(self, password: bytes) -> bytes:
        """Refused: there is no PBES2 here without libcrypto."""
        raise Unavailable("a password on a key needs a libcrypto with SM2")


class GmsslSm2:
    """SM2 by gmssl-pyx. Raises Unavailable where the package is missing."""

    has_points = False
    name = "gmssl-pyx"

    def __init__(self) -> None:
        self._library = _module()

    def generate(self) -> PrivateMaterial:
        """A fresh pair."""
        public, secret = self._library.sm2_key_generate()
        return PrivateMaterial(self._library, bytes(secret), b"\x04" + bytes(public))

    def open_private(self, secret: bytes, public: bytes | None) -> PrivateMaterial:
        """The key of 32 secret bytes with its public point, which this library cannot compute (BadKey without).

        That they belong together is tried with a signature.
        """
        if len(secret) != 32 or not 0 < int.from_bytes(secret, "big") <= ORDER - 2:
            raise BadKey("an SM2 private key lies in [1, n-2]")
        if public is None:
            raise BadKey("without libcrypto a private key needs its public key in the file")
        opened = PrivateMaterial(self._library, secret, public)
        trial = secrets.token_bytes(16)
        try:
            PublicMaterial(self._library, public).verify(trial, opened.sign(trial, b"trial"), b"trial")
        except BadSignature as error:
            raise BadKey("the public key in the file is not that of the private key") from error
        return opened

    def open_public(self, octets: bytes) -> PublicMaterial:
        """The key of 65 bytes. Raises BadKey where they are no point of the curve."""
        return PublicMaterial(self._library, octets)

    def open_protected(self, der: bytes, password: bytes) -> PrivateMaterial:
        """Refused: there is no PBES2 here without libcrypto."""
        raise Unavailable("a password on a key needs a libcrypto with SM2")
