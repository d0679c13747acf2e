"""Chaum–Pedersen proofs that two pairs of points have the same logarithm, singly and in batches; Schnorr proofs.

The challenge hashes everything: the context, the key, the whole ciphertext, the result and both commitments. With less in
it a wrong result with a valid proof can be made (tests/sm/test_proofs.py makes one).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from yiwang.pure.sm import sm3
from yiwang.pure.sm.points import ORDER, Point, SecretScalar, base_multiple, combination, multiple, negative

_BATCH = 256  # proofs in one combination: enough to gain, few enough to search when one is bad
_MASK_BITS = 128


def challenge(domain: bytes, *parts: bytes) -> int:
    """SM3 over ``domain`` and every part, each with its length before it (4 bytes, big-endian), mod n."""
    framed = b"".join(len(part).to_bytes(4, "big") + part for part in (domain, *parts))
    return int.from_bytes(sm3.digest(framed), "big") % ORDER


@dataclass(frozen=True, slots=True)
class EqualityProof:
    """That log_G(key) = log_base(result): commitments a = [k]G, b = [k]base, and answer = k + c·x mod n."""

    a: Point
    b: Point
    answer: int


@dataclass(frozen=True, slots=True)
class EqualityClaim:
    """What an EqualityProof is about. ``context`` is bytes that name the purpose and everything it depends on."""

    context: bytes
    key: Point
    base: Point
    result: Point
    proof: EqualityProof

    def challenge(self) -> int:
        """The number c that the proof must answer."""
        return equality_challenge(self.context, self.key, self.base, self.result, self.proof.a, self.proof.b)


def equality_challenge(context: bytes, key: Point, base: Point, result: Point, a: Point, b: Point) -> int:
    """c = SM3(domain, context, key, base, result, a, b) mod n, each part framed by its length."""
    return challenge(
        b"yiwang/sm/equality/v1", context, key.octets, base.octets, result.octets, a.octets, b.octets
    )


def prove_equality(
    secret: SecretScalar, key: Point, base: Point, result: Point, context: bytes
) -> EqualityProof:
    """A proof that ``result`` = [secret]base for the secret of ``key`` = [secret]G."""
    nonce = SecretScalar.fresh()
    a, b = base_multiple(nonce), multiple(nonce, base)
    c = equality_challenge(context, key, base, result, a, b)
    return EqualityProof(a, b, (nonce.expose() + c * secret.expose()) % ORDER)


def _holds(claims: Sequence[EqualityClaim]) -> bool:
    """Whether a random combination of all the claims' equations is the point at infinity.

    For each claim: answer·G = a + c·key and answer·base = b + c·result, with two random masks of 128 bits.
    """
    on_generator = 0
    on_keys: dict[bytes, int] = {}
    key_points: dict[bytes, Point] = {}
    terms: list[tuple[int, Point]] = []
    for claim in claims:
        c, answer = claim.challenge(), claim.proof.answer
        first, second = secrets.randbits(_MASK_BITS) | 1, secrets.randbits(_MASK_BITS) | 1
        on_generator += first * answer
        key_points[claim.key.octets] = claim.key
        on_keys[claim.key.octets] = on_keys.get(claim.key.octets, 0) - first * c
        # b and a keep their short masks: the minus sign goes to the other side of the equation
        terms += [(first, negative(claim.proof.a)), (second, negative(claim.proof.b))]
        terms += [(second * answer, claim.base), (-second * c, claim.result)]
    terms += [(number, key_points[octets]) for octets, number in on_keys.items()]
    return combination(on_generator, terms) is None


def false_claims(claims: Sequence[EqualityClaim]) -> list[int]:
    """The positions of the claims whose proofs do not hold, found in batches: [] where all hold.

    A false claim passes with probability 2⁻¹²⁷ at most.
    """
    bad: list[int] = []
    waiting = [range(start, min(start + _BATCH, len(claims))) for start in range(0, len(claims), _BATCH)]
    while waiting:
        part = waiting.pop()
        if _holds([claims[place] for place in part]):
            continue
        if len(part) == 1:
            bad.append(part[0])
        else:
            middle = len(part) // 2
            waiting += [part[:middle], part[middle:]]
    return sorted(bad)


@dataclass(frozen=True, slots=True)
class KnowledgeProof:
    """That somebody knows the logarithm of a point: commitment [k]G and answer k + c·x mod n (Schnorr)."""

    commitment: Point
    answer: int


def prove_knowledge(secret: SecretScalar, point: Point, context: bytes) -> KnowledgeProof:
    """A proof for ``point`` = [secret]G, bound to ``context``."""
    nonce = SecretScalar.fresh()
    commitment = base_multiple(nonce)
    c = challenge(b"yiwang/sm/knowledge/v1", context, point.octets, commitment.octets)
    return KnowledgeProof(commitment, (nonce.expose() + c * secret.expose()) % ORDER)


def knows(point: Point, proof: KnowledgeProof, context: bytes) -> bool:
    """Whether ``proof`` shows knowledge of the logarithm of ``point`` in ``context``."""
    c = challenge(b"yiwang/sm/knowledge/v1", context, point.octets, proof.commitment.octets)
    return combination(proof.answer, [(-c, point), (-1, proof.commitment)]) is None
