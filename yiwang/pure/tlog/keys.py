"""Verifier keys (vkeys), kinds of signatures, and the Protocols by which keys come from outside.

A kind is the bytes that stand before the public key in a vkey: one byte assigned by C2SP signed-note, or 0xff, a
name and 0x00 for a kind of our own. The kinds here are in ``ed25519``, ``mldsa`` and ``own``.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from yiwang.pure.tlog.lines import base64_bytes, base64_text, limited, shown
from yiwang.pure.tlog.refusals import NOTE, refused

ED25519 = b"\x01"
COSIGNATURE_ED25519 = b"\x04"
COSIGNATURE_MLDSA44 = b"\x06"
OWN = b"\xff"

KEY_BYTES = {ED25519: 32, COSIGNATURE_ED25519: 32, COSIGNATURE_MLDSA44: 1312}
"""Lengths of the public keys of the assigned kinds, in bytes."""

VKEYS = f"{NOTE} § Verifier keys"
MAX_VKEY = 8192
MAX_OWN_KEY = 4096
_OWN_NAME = re.compile(rb"[!-~]{1,64}")
_HEX = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class VKey:
    """A key that verifies: its name (of a log: the origin), its kind and the public key.

    Refused where the name or the kind may not be so, or the public key has another length than the kind's.
    """

    name: str
    kind: bytes
    public: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        _check_public(self.kind, self.public, self.name, 1)

    @property
    def id(self) -> bytes:
        """The key ID: the first 4 bytes of SHA-256(name ‖ 0x0A ‖ kind ‖ public key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """``name+keyid+base64(kind ‖ public key)``, the key ID in 8 hexadecimal digits."""
        return f"{self.name}+{self.id.hex()}+{base64_text(self.kind + self.public)}"

    @classmethod
    def parse(cls, text: str | bytes, line: int = 1) -> VKey:
        """The key of a vkey that stands in line ``line``. Refused with the rule broken; the key ID must be the computed one."""
        raw = limited(text.encode() if isinstance(text, str) else text, MAX_VKEY, VKEYS)
        parts = raw.split(b"+", 2)
        if len(parts) != 3:
            refused("vkey-parts", VKEYS, line=line, text=shown(raw))
        try:
            name, number = parts[0].decode("utf-8"), parts[1].decode("ascii")
        except UnicodeDecodeError:
            refused("vkey-parts", VKEYS, line=line, text=shown(raw))
        if not _HEX.fullmatch(number):
            refused("vkey-id", VKEYS, line=line, text=shown(parts[1]))
        check_name(name, line=line)
        kind, public = split_kind(base64_bytes(parts[2], VKEYS, line), line)
        _check_public(kind, public, name, line)
        key = cls(name, kind, public)
        if key.id.hex() != number:
            refused("vkey-id-wrong", VKEYS, line=line, written=number, computed=key.id.hex())
        return key


def check_name(name: str, source: str = f"{NOTE} § Format", line: int = 1) -> None:
    """Refused (``name``) where ``name`` is empty or has a space of Unicode, a plus or a control character."""
    bad = not name or any(char.isspace() or char == "+" or char < " " or char == "\x7f" for char in name)
    try:
        bad = bad or len(name.encode()) > 255
    except UnicodeEncodeError:
        bad = True
    if bad:
        refused("name", source, line=line, name=ascii(name[:60]))


def split_kind(material: bytes, line: int = 1) -> tuple[bytes, bytes]:
    """(kind, public key) of a vkey's material. Refused (``kind-unknown``) for a kind nobody has assigned here."""
    if material[:1] == OWN:
        end = material.find(b"\x00", 1, 66)
        if end >= 0 and _own(material[: end + 1]):
            return material[: end + 1], material[end + 1 :]
    elif material[:1] in KEY_BYTES:
        return material[:1], material[1:]
    refused("kind-unknown", f"{NOTE} § Signature types", line=line, kind=material[:1].hex())


def _check_public(kind: bytes, public: bytes, name: str, line: int) -> None:
    expected = KEY_BYTES.get(kind)
    if expected is None and not _own(kind):
        refused("kind-unknown", f"{NOTE} § Signature types", line=line, kind=kind[:1].hex())
    fits = len(public) == expected if expected else 0 < len(public) <= MAX_OWN_KEY
    if not fits:
        refused("key-length", VKEYS, line=line, name=name, length=len(public))
    _check_point(kind, public, name, line)


_P = 2**255 - 19
_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_WEAK = frozenset({0, 1, _P - 1, _P, _P + 1, _ORDER_8, _P - _ORDER_8})
"""The y of the points of order 1, 2, 4 and 8, and their spellings at or above p."""


def _check_point(kind: bytes, public: bytes, name: str, line: int) -> None:
    """Refused (``key-weak``): under a key of small order a signature can be made that holds for every text.

    Source: RFC 8032 section 5.1 (the curve has cofactor 8); a spelling of y at or above p is refused with it.
    """
    if kind in (ED25519, COSIGNATURE_ED25519):
        y = int.from_bytes(public, "little") & (2**255 - 1)
        if y in _WEAK or y >= _P:
            refused("key-weak", VKEYS, line=line, name=name)


def own_kind(name: str) -> bytes:
    """The kind bytes of a kind of our own: 0xff ‖ name (1–64 printable ASCII characters) ‖ 0x00."""
    kind = OWN + name.encode() + b"\x00"
    if not _own(kind):
        refused("kind-unknown", f"{NOTE} § Signature types", line=1, kind=name[:60])
    return kind


def _own(kind: bytes) -> bool:
    return kind[:1] == OWN and kind[-1:] == b"\x00" and _OWN_NAME.fullmatch(kind[1:-1]) is not None


class Signer(Protocol):
    """Signs note texts with one key."""

    @property
    def vkey(self) -> VKey:
        """The key by which the signatures are verified."""

    def sign(self, text: bytes, at: datetime) -> bytes:
        """The signature over a note text, without the key ID. ``at`` is written into cosignatures."""


class Verifier(Protocol):
    """Verifies signatures of one key over note texts."""

    @property
    def vkey(self) -> VKey:
        """The key whose signatures are verified."""

    def verify(self, text: bytes, signature: bytes) -> bool:
        """Whether ``signature`` (without the key ID, of any length) is the key's over the note text."""


class Scheme(Protocol):
    """A kind of signatures whose mathematics comes from outside, e.g. SM2 with SM3."""

    @property
    def kind(self) -> bytes:
        """The kind bytes, of :func:`own_kind`."""

    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
        """Whether ``signature`` is right; False, never an error, for bytes that are no key or no signature."""
