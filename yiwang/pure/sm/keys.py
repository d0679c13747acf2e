"""Typed SM2 keys. A signing key cannot decrypt and a decryption key cannot sign: the purposes never mix.

No key shows its secret in a repr, is pickled, or takes a nonce from the caller.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Self

from asn1crypto import core, pem
from asn1crypto import keys as asn1_keys

from yiwang.pure.sm import der, points, sm3
from yiwang.pure.sm.errors import BadCiphertext, BadKey, Malformed
from yiwang.pure.sm.sm2 import Private, Public, need_points, sm2

IDENTITY = b"1234567812345678"  # the distinguishing id that GM/T 0009 sets where nobody sets another
MAX_MESSAGE = 65_536  # bytes SM2 itself encrypts here; more goes into an envelope
_TOO_LONG_KEY = 65_536


class _PublicKey:
    """What both public keys have: a point, its fingerprint and its files."""

    __slots__ = ("_public",)
    _use: ClassVar[str]

    def __init__(self, octets: bytes) -> None:
        self._public: Public = sm2().open_public(octets)

    @property
    def octets(self) -> bytes:
        """The 65 bytes 04 ‖ x ‖ y."""
        return self._public.octets

    @property
    def fingerprint(self) -> str:
        """SM3 of the 65 bytes, 64 hexadecimal digits."""
        return sm3.digest(self.octets).hex()

    @classmethod
    @der.guarded("public key")
    def from_der(cls, spki: bytes) -> Self:
        """The key in a SubjectPublicKeyInfo (RFC 5480). Raises Malformed or BadKey."""
        return cls(der.point_of(der.read(asn1_keys.PublicKeyInfo, spki, "public key")))

    @classmethod
    def from_pem(cls, text: bytes) -> Self:
        """The key in ``BEGIN PUBLIC KEY``. Raises Malformed or BadKey."""
        return cls.from_der(unarmor(text, "PUBLIC KEY"))

    def to_der(self) -> bytes:
        """SubjectPublicKeyInfo in DER."""
        return bytes(der.public_key_info(self.octets).dump())

    def to_pem(self) -> bytes:
        """``BEGIN PUBLIC KEY``."""
        return bytes(pem.armor("PUBLIC KEY", self.to_der()))

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.octets == other.octets

    def __hash__(self) -> int:
        return hash((type(self), self.octets))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.fingerprint[:16]}…)"


class VerifyingKey(_PublicKey):
    """Verifies signatures."""

    __slots__ = ()

    def verify(self, message: bytes, signature: bytes, identity: bytes = IDENTITY) -> None:
        """Raises BadSignature unless ``signature`` is the DER form of an SM2 signature (GB/T 32918.2, 7.1)
        of ``message`` by the holder of this key with the distinguishing ``identity`` (at most 8190 bytes)."""
        self._public.verify(message, signature, _checked_identity(identity))


class EncryptionKey(_PublicKey):
    """Encrypts."""

    __slots__ = ()

    @property
    def point(self) -> points.Point:
        """The key as a point, for the protocols of this package."""
        need_points("arithmetic with a key")
        return points.Point(self.octets)

    def encrypt(self, message: bytes) -> bytes:
        """The ciphertext (GB/T 32918.4, 6.1) of 1…65536 bytes, in DER (GM/T 0009 7.2). ValueError beyond."""
        if not 0 < len(message) <= MAX_MESSAGE:
            raise ValueError(f"SM2 encrypts 1 to {MAX_MESSAGE} bytes, not {len(message)}")
        return self._public.encrypt(message)


class _PrivateKey:
    """What both private keys have: generation and files. Equality and pickling are left out on purpose."""

    __slots__ = ("_private",)

    def __init__(self, private: Private) -> None:
        self._private = private

    @classmethod
    def generate(cls) -> Self:
        """A fresh pair from the library's generator (GB/T 32918.1, 6.1)."""
        return cls(sm2().generate())

    @classmethod
    def from_secret(cls, secret: bytes) -> Self:
        """The key with the 32 bytes ``secret``, big-endian, in [1, n−2]. Raises BadKey."""
        return cls(sm2().open_private(secret, None))

    @classmethod
    @der.guarded("private key")
    def from_der(cls, text: bytes, password: Callable[[], bytes] | None = None) -> Self:
        """The key in PKCS#8 (RFC 5208, plain or protected) or SEC1 (RFC 5915). Raises Malformed or BadKey.

        ``password`` is asked only where the file is protected.
        """
        if len(text) > _TOO_LONG_KEY:
            raise Malformed("a private key file has at most 64 KiB")
        first = der.first_of(text, "private key")
        if type(first) is core.Integer:
            secret, public = _from_pkcs8(text) if first.native == 0 else _from_sec1(text, named=True)
            return cls(sm2().open_private(secret, public))
        der.read(asn1_keys.EncryptedPrivateKeyInfo, text, "protected private key")
        if password is None:
            raise BadKey("the private key is protected and no password was given")
        return cls(sm2().open_protected(text, password()))

    @classmethod
    def from_pem(cls, text: bytes, password: Callable[[], bytes] | None = None) -> Self:
        """The key in ``PRIVATE KEY``, ``EC PRIVATE KEY`` (``SM2 PRIVATE KEY`` to OpenSSL) or ``ENCRYPTED PRIVATE KEY``. Raises Malformed or BadKey."""
        return cls.from_der(
            unarmor(text, "PRIVATE KEY", "EC PRIVATE KEY", "SM2 PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
            password,
        )

    def to_der(self, password: bytes | None = None) -> bytes:
        """PKCS#8 in DER: in clear, or protected by ``password`` (PBES2; needs libcrypto)."""
        if password is not None:
            if not password:
                raise ValueError("an empty password protects nothing")
            return self._private.protected(password)
        return bytes(
            der.Pkcs8PrivateKey(
                {
                    "version": 0,
                    "private_key_algorithm": {
                        "algorithm": "ec",
                        "parameters": asn1_keys.ECDomainParameters("named", der.CURVE),
                    },
                    "private_key": _sec1(self._private, named=False),
                }
            ).dump()
        )

    def to_pem(self, password: bytes | None = None) -> bytes:
        """``PRIVATE KEY``, or ``ENCRYPTED PRIVATE KEY`` with a password."""
        name = "PRIVATE KEY" if password is None else "ENCRYPTED PRIVATE KEY"
        return bytes(pem.armor(name, self.to_der(password)))

    def to_sec1_pem(self) -> bytes:
        """``EC PRIVATE KEY`` (RFC 5915), in clear, with the curve by name."""
        return bytes(pem.armor("EC PRIVATE KEY", _sec1(self._private, named=True)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({sm3.digest(self._private.octets).hex()[:16]}…)"

    def __reduce__(self) -> str:
        raise TypeError("a private key is not pickled")


class SigningKey(_PrivateKey):
    """Signs."""

    __slots__ = ()

    @property
    def public(self) -> VerifyingKey:
        """The key that verifies what this one signs."""
        return VerifyingKey(self._private.octets)

    def sign(self, message: bytes, identity: bytes = IDENTITY) -> bytes:
        """A signature (GB/T 32918.2, 6.1) of ``message`` in DER (GM/T 0009 7.3), 68…72 bytes as a rule."""
        return self._private.sign(message, _checked_identity(identity))


class DecryptionKey(_PrivateKey):
    """Decrypts."""

    __slots__ = ()

    @property
    def public(self) -> EncryptionKey:
        """The key that encrypts to this one."""
        return EncryptionKey(self._private.octets)

    @der.guarded("SM2 ciphertext")
    def decrypt(self, ciphertext: bytes) -> bytes:
        """The plaintext of a DER ciphertext (GB/T 32918.4, 7.1). Raises Malformed or BadCiphertext."""
        parsed = der.read(der.Sm2Ciphertext, ciphertext, "SM2 ciphertext")
        if len(parsed["c3"].native) != sm3.SIZE or not parsed["c2"].native:
            raise BadCiphertext("the SM2 ciphertext has not the lengths of one")
        if not all(0 <= parsed[name].native < points.FIELD for name in ("x", "y")):
            raise BadCiphertext("the SM2 ciphertext has a coordinate out of range")
        return self._private.decrypt(ciphertext)

    def scalar(self) -> points.SecretScalar:
        """The secret number, for partial decryption and split keys in this package."""
        return self._private.scalar()


def unarmor(text: bytes, *names: str) -> bytes:
    """The DER inside one PEM block called one of ``names``. Raises Malformed for anything else or anything more."""
    try:
        blocks = list(pem.unarmor(text, multiple=True))
    except (ValueError, TypeError) as error:
        raise Malformed("not a PEM file") from error
    chosen = [der_bytes for name, headers, der_bytes in blocks if name in names and not headers]
    if len(chosen) != 1:
        raise Malformed(f"a PEM file with one block of {' or '.join(names)} was expected")
    return bytes(chosen[0])


def _checked_identity(identity: bytes) -> bytes:
    if len(identity) > 8190:  # 16 bits of length in bits (GB/T 32918.2, 5.5); libcrypto stops at 8190
        raise ValueError("a distinguishing id has at most 8190 bytes")
    return identity


def _from_pkcs8(text: bytes) -> tuple[bytes, bytes | None]:
    parsed = der.read(der.Pkcs8PrivateKey, text, "PKCS#8")
    if parsed["private_key_algorithm"]["algorithm"].native != "ec":
        raise BadKey("the private key is not on a curve")
    _need_curve(parsed["private_key_algorithm"]["parameters"])
    return _from_sec1(bytes(parsed["private_key"].native), named=False)


def _from_sec1(text: bytes, *, named: bool) -> tuple[bytes, bytes | None]:
    parsed = der.read(der.Sec1PrivateKey, text, "SEC1")
    if parsed["version"].native != 1 or len(parsed["private_key"].native) != 32:
        raise BadKey("an SM2 private key has version 1 and 32 bytes")
    given = not isinstance(parsed["parameters"], core.Void)
    if given:
        _need_curve(parsed["parameters"])
    elif named:
        raise BadKey("the private key does not name its curve")
    public = parsed["public_key"].native
    return bytes(parsed["private_key"].native), None if public is None else bytes(public)


def _need_curve(parameters: asn1_keys.ECDomainParameters) -> None:
    if parameters.name != "named" or parameters.chosen.dotted != der.SM2_CURVE:
        raise BadKey("the private key is not on the SM2 curve by name")


def _sec1(private: Private, *, named: bool) -> bytes:
    fields = {
        "version": 1,
        "private_key": private.scalar().expose_bytes(),
        "public_key": asn1_keys.ECPointBitString(private.octets),
    }
    if named:
        fields["parameters"] = asn1_keys.ECDomainParameters("named", der.CURVE)
    return bytes(der.Sec1PrivateKey(fields).dump())
