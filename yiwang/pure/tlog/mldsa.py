"""ML-DSA-44 (FIPS 204) cosignatures (0x06), where the installed ``cryptography`` and its library offer them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from yiwang.pure.kernel.findings import Refused
from yiwang.pure.tlog.cosignatures import TIMESTAMP_BYTES, checkpoint_message, posix_seconds, timestamp_of
from yiwang.pure.tlog.keys import COSIGNATURE_MLDSA44, VKey
from yiwang.pure.tlog.refusals import COSIGNATURE, refused

try:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey
except ImportError:  # before cryptography 47
    _OFFERED = False
else:
    try:
        MLDSA44PrivateKey.from_seed_bytes(bytes(32))
        _OFFERED = True
    except UnsupportedAlgorithm:  # the library it was built on has none
        _OFFERED = False

SIGNATURE_BYTES = 2420


def mldsa_offered() -> bool:
    """Whether ML-DSA-44 can be used in this installation (decided when the module is loaded)."""
    return _OFFERED


def require_mldsa() -> None:
    """Refused (``mldsa-unavailable``) where ML-DSA-44 cannot be used here."""
    if not _OFFERED:
        refused("mldsa-unavailable", COSIGNATURE)


@dataclass(frozen=True, slots=True)
class MldsaSigner:
    """Cosigns checkpoints, or signs them as the log that is called ``name``. The seed (32 bytes) is in no ``repr``."""

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        require_mldsa()

    @property
    def vkey(self) -> VKey:
        """The verifier key, of kind 0x06."""
        public = MLDSA44PrivateKey.from_seed_bytes(self.seed).public_key().public_bytes_raw()
        return VKey(self.name, COSIGNATURE_MLDSA44, public)

    def sign(self, text: bytes, at: datetime) -> bytes:
        """2,428 bytes: the seconds of ``at`` in eight, and the signature. Refused where ``text`` is no checkpoint."""
        seconds = posix_seconds(at)
        key = MLDSA44PrivateKey.from_seed_bytes(self.seed)
        return seconds.to_bytes(TIMESTAMP_BYTES) + key.sign(checkpoint_message(self.name, seconds, text))


@dataclass(frozen=True, slots=True)
class MldsaVerifier:
    """Verifies signatures of kind 0x06 over checkpoints; over any other text there are none."""

    vkey: VKey

    def __post_init__(self) -> None:
        require_mldsa()

    def verify(self, text: bytes, signature: bytes) -> bool:
        """Whether ``signature`` (2,428 bytes) is right over the checkpoint ``text``."""
        seconds = timestamp_of(signature)
        if seconds is None or len(signature) != TIMESTAMP_BYTES + SIGNATURE_BYTES:
            return False
        try:
            message = checkpoint_message(self.vkey.name, seconds, text)
            MLDSA44PublicKey.from_public_bytes(self.vkey.public).verify(signature[TIMESTAMP_BYTES:], message)
        except (InvalidSignature, ValueError, Refused):
            return False
        return True
