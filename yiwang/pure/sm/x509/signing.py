"""Who signs a structure, and the check of such a signature."""

from __future__ import annotations

from typing import Protocol

from asn1crypto import algos
from asn1crypto import keys as asn1_keys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from yiwang.pure.sm import der
from yiwang.pure.sm.errors import BadKey, BadSignature, Malformed
from yiwang.pure.sm.keys import SigningKey, VerifyingKey

SM2 = der.SIGNATURE_ALGORITHM
P256 = "sha256_ecdsa"
ALGORITHMS = (SM2, P256)


class Signer(Protocol):
    """Signs DER structures: an SM2 key, a split key, a card. ``algorithm`` is ``sm2_sm3`` or ``sha256_ecdsa``."""

    @property
    def algorithm(self) -> str: ...
    @property
    def public_info(self) -> bytes:
        """SubjectPublicKeyInfo in DER."""
        ...

    def sign(self, message: bytes) -> bytes: ...


class KeySigner:
    """A Signer from an SM2 signing key."""

    algorithm = SM2

    def __init__(self, key: SigningKey) -> None:
        self._key = key

    @property
    def public_info(self) -> bytes:
        """SubjectPublicKeyInfo in DER."""
        return self._key.public.to_der()

    def sign(self, message: bytes) -> bytes:
        """A DER signature over ``message`` under the usual distinguishing id."""
        return self._key.sign(message)

    def export_secret(self) -> bytes:
        """The private key in PEM, in clear: for the test authority's own storage."""
        return self._key.to_pem()


def algorithm_of(name: str) -> algos.SignedDigestAlgorithm:
    """The AlgorithmIdentifier of a signature, without parameters."""
    if name not in ALGORITHMS:
        raise ValueError(f"not a signature algorithm of this package: {name}")
    return algos.SignedDigestAlgorithm({"algorithm": name})


def check_signature(info: asn1_keys.PublicKeyInfo, algorithm: str, signature: bytes, message: bytes) -> None:
    """Raises BadSignature unless ``signature`` over ``message`` is one by the key in ``info``.

    ``algorithm`` is asn1crypto's name; SM2 with SM3, and ECDSA on P-256 with SHA-256 (foreign time stamps), are known.
    """
    if algorithm == SM2:
        try:
            key = VerifyingKey(der.point_of(info))
        except Malformed as error:
            raise BadSignature("signed with SM2 by something that is no SM2 key") from error
        key.verify(message, signature)
    elif algorithm == P256:
        _check_p256(info, signature, message)
    else:
        raise BadSignature(f"the signature algorithm {algorithm} is not accepted")


def _check_p256(info: asn1_keys.PublicKeyInfo, signature: bytes, message: bytes) -> None:
    if info.algorithm != "ec" or info["algorithm"]["parameters"].native != "secp256r1":
        raise BadSignature("signed with ECDSA by something that is no P-256 key")
    try:
        key = load_der_public_key(info.dump())
    except ValueError as error:
        raise BadKey("the public key cannot be read") from error
    assert isinstance(key, ec.EllipticCurvePublicKey)
    try:
        key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise BadSignature("the ECDSA signature does not verify") from error
