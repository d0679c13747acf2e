"""Ed25519 (RFC 8032): note signatures (0x01) and cosignature/v1 (0x04)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from yiwang.pure.tlog.cosignatures import TIMESTAMP_BYTES, ed25519_message, posix_seconds, timestamp_of
from yiwang.pure.tlog.keys import COSIGNATURE_ED25519, ED25519, VKey


@dataclass(frozen=True, slots=True)
class Ed25519Signer:
    """Signs note texts, or cosigns them where ``cosigner``. The seed (32 bytes) is in no ``repr``."""

    name: str
    seed: bytes = field(repr=False)
    cosigner: bool = False

    @property
    def vkey(self) -> VKey:
        """The verifier key: kind 0x04 of a cosigner, else 0x01."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return VKey(self.name, COSIGNATURE_ED25519 if self.cosigner else ED25519, public)

    def sign(self, text: bytes, at: datetime) -> bytes:
        """64 bytes; of a cosigner 72, of which the first eight are the seconds of ``at``."""
        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        if not self.cosigner:
            return key.sign(text)
        seconds = posix_seconds(at)
        return seconds.to_bytes(TIMESTAMP_BYTES) + key.sign(ed25519_message(text, seconds))


@dataclass(frozen=True, slots=True)
class Ed25519Verifier:
    """Verifies signatures of kind 0x01 and 0x04."""

    vkey: VKey

    def verify(self, text: bytes, signature: bytes) -> bool:
        """Whether ``signature`` (64 bytes, or 72 with a time) is right over the note text."""
        if self.vkey.kind == COSIGNATURE_ED25519:
            seconds = timestamp_of(signature)
            if seconds is None:
                return False
            text, signature = ed25519_message(text, seconds), signature[TIMESTAMP_BYTES:]
        try:
            Ed25519PublicKey.from_public_bytes(self.vkey.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True
