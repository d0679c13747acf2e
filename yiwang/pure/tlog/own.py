"""Kinds of signatures of our own (0xff ‖ name ‖ 0x00), whose mathematics comes from outside.

``SM2_SM3`` is the log's second line: SM2 with SM3 (GB/T 32918.2) over the note text, distinguishing id
1234567812345678, public key as 04 ‖ X ‖ Y (65 bytes), signature as DER of SEQUENCE {r INTEGER, s INTEGER}
(GM/T 0009, what ``openssl pkeyutl`` gives and takes). See docs/formats/signed-notes.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from yiwang.pure.tlog.keys import Scheme, VKey, own_kind

SM2_SM3 = own_kind("yiwang/sm2-sm3/v1")


@dataclass(frozen=True, slots=True)
class OwnSigner:
    """Signs note texts by a function from outside: ``signing(message)`` gives the bare signature."""

    vkey: VKey
    signing: Callable[[bytes], bytes] = field(repr=False)

    def sign(self, text: bytes, at: datetime) -> bytes:
        """The signature over the note text; ``at`` is in no message of such a kind."""
        return self.signing(text)


@dataclass(frozen=True, slots=True)
class OwnVerifier:
    """Verifies signatures of one key of a scheme from outside."""

    vkey: VKey
    scheme: Scheme

    def verify(self, text: bytes, signature: bytes) -> bool:
        """Whether the scheme finds ``signature`` right over the note text."""
        return self.scheme.verify(self.vkey.public, text, signature)
