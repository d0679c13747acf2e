"""From a part's master to its key, its commitment, its shares and even the nonces under which they are encrypted.

All of it follows from the master, so that whoever has opened a bid with any threshold of shares can make every share of
every holder again and compare. A bid whose shares are not exactly these is void whichever holders took part: a bidder
with one friend among the holders has nothing left to choose after the prices are known.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from yiwang.pure.kernel import canonical
from yiwang.pure.sm import hkdf, shamir, sm3, sm4
from yiwang.pure.sm.envelope.head import Ciphertext, Header
from yiwang.pure.sm.envelope.terms import VERSION
from yiwang.pure.sm.errors import BadKey
from yiwang.pure.sm.points import (
    ORDER,
    Point,
    SecretScalar,
    base_multiple,
    combination,
    multiple,
    negative,
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a part's shares are bound to; known before they are made."""

    part: str
    lot: str
    envelope: str
    threshold: int
    holders: tuple[str, ...]

    @classmethod
    def of(cls, header: Header) -> Frame:
        """The frame that ``header`` states."""
        return cls(header.part, header.lot, header.envelope, header.threshold, header.holders)

    @property
    def digest(self) -> bytes:
        """SM3 of the canonical JSON of the frame."""
        return sm3.digest(
            canonical.dumps(
                {
                    "v": VERSION,
                    "part": self.part,
                    "lot": self.lot,
                    "envelope": self.envelope,
                    "t": self.threshold,
                    "holders": list(self.holders),
                }
            )
        )


def share_context(frame: bytes, place: int) -> bytes:
    """SM3("share" ‖ frame digest ‖ place): the 32 bytes inside a share that say where it belongs."""
    return sm3.digest(b"share", frame, bytes([place]))


def _scalar(master: SecretScalar, purpose: bytes, frame: bytes, number: int) -> SecretScalar:
    """1 + (48 bytes of HKDF mod n−1): uniform but for 2⁻¹²⁸."""
    wide = hkdf.hkdf_sm3(master.expose_bytes(), purpose + frame + bytes([number]), 48)
    return SecretScalar(int.from_bytes(wide, "big") % (ORDER - 1) + 1)


def _masked(text: bytes, stream: bytes) -> bytes:
    """text ⊕ stream, both of one length."""
    return (int.from_bytes(text) ^ int.from_bytes(stream)).to_bytes(len(text))


def encrypted_share(share: SecretScalar, key: Point, nonce: SecretScalar, context: bytes) -> Ciphertext:
    """The SM2 ciphertext (GB/T 32918.4, 6.1) of share ‖ context under a given nonce."""
    shared = multiple(nonce, key)
    text = share.expose_bytes() + context
    c2 = _masked(text, hkdf.kdf(shared.x + shared.y, len(text)))
    c1 = base_multiple(nonce)
    return Ciphertext(c1.octets + sm3.digest(shared.x, text, shared.y) + c2, c1)


def opened_share(ciphertext: Ciphertext, shared: Point) -> tuple[bytes, bytes] | None:
    """(share of 32 bytes, context) where ``shared`` = [x]C1 opens the ciphertext; None where C3 does not agree."""
    text = _masked(ciphertext.c2, hkdf.kdf(shared.x + shared.y, len(ciphertext.c2)))
    if not sm3.equal(sm3.digest(shared.x, text, shared.y), ciphertext.c3):
        return None
    return text[:32], text[32:]


def _made(master: SecretScalar, frame: Frame) -> list[tuple[SecretScalar, SecretScalar, bytes]]:
    """(share, nonce, context) of every holder in order."""
    digest, count = frame.digest, len(frame.holders)
    coefficients = [master] + [
        _scalar(master, b"coefficient", digest, number) for number in range(1, frame.threshold)
    ]
    return [
        (share, _scalar(master, b"nonce", digest, place), share_context(digest, place))
        for place, share in enumerate(shamir.shares(coefficients, count), start=1)
    ]


def encrypted_shares(master: SecretScalar, frame: Frame, keys: tuple[Point, ...]) -> tuple[Ciphertext, ...]:
    """The shares of ``master`` for ``keys`` in their order: always the same bytes for the same frame."""
    return tuple(
        encrypted_share(share, key, nonce, context)
        for (share, nonce, context), key in zip(_made(master, frame), keys, strict=True)
    )


def shares_agree(
    master: SecretScalar,
    frame: Frame,
    keys: tuple[Point, ...],
    given: tuple[Ciphertext, ...],
    proved: Mapping[int, Point],
) -> bool:
    """Whether ``given`` are exactly the :func:`encrypted_shares` of a master that is no longer secret.

    ``proved`` holds results [x]C1 with valid proofs by place (from 1): with them the common point of that place need not
    be computed, since [x]C1 = [nonce]X wherever C1 = [nonce]G, which is checked for all places at once.
    """
    try:
        made = _made(master, frame)
    except BadKey:
        return False
    on_generator, terms = 0, []
    for place, ((share, nonce, context), key, each) in enumerate(
        zip(made, keys, given, strict=True), start=1
    ):
        shared = proved.get(place) or combination(0, [(nonce.expose(), key)])
        if shared is None or opened_share(each, shared) != (share.expose_bytes(), context):
            return False
        mask = secrets.randbits(128) | 1
        on_generator += mask * nonce.expose()
        terms.append((mask, negative(each.c1)))
    return combination(on_generator, terms) is None


def chunk_key(master: SecretScalar, half: bytes, header_digest: bytes) -> bytes:
    """K = HKDF-SM3(master ‖ half, "sm4" ‖ SM3(header)): 16 bytes. ``half`` is empty but in strict mode."""
    return hkdf.hkdf_sm3(master.expose_bytes() + half, b"sm4" + header_digest, sm4.KEY_SIZE)


def commitment(master: SecretScalar, header_digest: bytes) -> bytes:
    """com = HKDF-SM3(master, "commit" ‖ SM3(header)): 32 bytes."""
    return hkdf.hkdf_sm3(master.expose_bytes(), b"commit" + header_digest)


def half_commitment(half: bytes, lot: str, envelope: str) -> bytes:
    """HKDF-SM3(half, "half" ‖ lot ‖ 00 ‖ envelope): 32 bytes."""
    return hkdf.hkdf_sm3(half, b"half" + lot.encode() + b"\x00" + envelope.encode())


def chunk_nonce(number: int, last: bool) -> bytes:
    """Seven zeros, the number of the chunk within its part (4 bytes, big-endian), 01 for the last and 00 else."""
    return bytes(7) + number.to_bytes(4, "big") + bytes([last])
