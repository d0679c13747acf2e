"""Chaum–Pedersen proofs that pairs of points have the same logarithm, made for many pairs at once and checked singly or
in batches; Schnorr proofs.

One nonce serves a whole batch: the challenge is made from the root of a tree whose leaves hash each pair with its own
commitment, so that it is fixed by all of them, and every proof carries the path from its leaf. The challenge and the leaf
hash everything: the context, the key, the whole ciphertext, the result and both commitments. With less in them a wrong
result with a valid proof can be made (tests/sm/test_envelope_attacks.py makes one).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from yiwang.pure.sm import sm3
from yiwang.pure.sm.points import ORDER, Point, SecretScalar, base_multiple, combination, multiple, negative

MAX_PATH = 24  # 16 million proofs in one batch
_BATCH = 256  # proofs in one combination: enough to gain, few enough to search when one is bad
_MASK_BITS = 128


def _framed(*parts: bytes) -> bytes:
    """Every part with its length before it (4 bytes, big-endian)."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def challenge(domain: bytes, *parts: bytes) -> int:
    """SM3 over ``domain`` and every part, each with its length before it (4 bytes, big-endian), mod n."""
    return int.from_bytes(sm3.digest(_framed(domain, *parts)), "big") % ORDER


@dataclass(frozen=True, slots=True)
class EqualityProof:
    """That log_G(key) = log_base(result): commitments a = [k]G, b = [k]base, and answer = k + c·x mod n.

    ``a`` and ``answer`` are the same in every proof of a batch; ``path`` holds the hashes (32 bytes each) that lead from
    this proof's leaf to the root of the batch, from below: empty where it was made alone.
    """

    a: Point
    b: Point
    answer: int
    path: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two points of which it is to be proved that result = [x]base. ``context`` is bytes that name the purpose and
    everything it depends on."""

    context: bytes
    base: Point
    result: Point


@dataclass(frozen=True, slots=True)
class EqualityClaim:
    """What an EqualityProof is about: the ``pair``, and the public ``key`` = [x]G."""

    key: Point
    pair: Pair
    proof: EqualityProof

    def challenge(self) -> int:
        """The number c that the proof must answer."""
        root = _leaf(self.pair, self.proof.b)
        for beside in self.proof.path:
            root = _node(root, beside)
        return _equality_challenge(self.key, self.proof.a, root)


def _leaf(pair: Pair, b: Point) -> bytes:
    """SM3(00 ‖ context, base, result, b, each framed by its length)."""
    return sm3.digest(b"\x00", _framed(pair.context, pair.base.octets, pair.result.octets, b.octets))


def _node(one: bytes, other: bytes) -> bytes:
    """SM3(01 ‖ the lesser ‖ the greater): a path needs no left and right, for only who belongs to the batch matters."""
    return sm3.digest(b"\x01", one, other) if one < other else sm3.digest(b"\x01", other, one)


def _equality_challenge(key: Point, a: Point, root: bytes) -> int:
    """c = SM3(domain, key, a, root) mod n, each part framed by its length."""
    return challenge(b"yiwang/sm/equality/v1", key.octets, a.octets, root)


def _paths(leaves: Sequence[bytes]) -> tuple[bytes, list[list[bytes]]]:
    """(root, the path of each leaf) of at least one leaf. A node without a neighbour goes up as it is."""
    paths: list[list[bytes]] = [[] for _ in leaves]
    level = [(leaf, range(place, place + 1)) for place, leaf in enumerate(leaves)]
    while len(level) > 1:
        above = []
        for (left, under_left), (right, under_right) in zip(level[::2], level[1::2], strict=False):
            for place in under_left:
                paths[place].append(right)
            for place in under_right:
                paths[place].append(left)
            above.append((_node(left, right), range(under_left.start, under_right.stop)))
        level = above + level[2 * len(above) :]
    return level[0][0], paths


def prove_equalities(secret: SecretScalar, key: Point, pairs: Sequence[Pair]) -> list[EqualityProof]:
    """For each of ``pairs``, in order, a proof that result = [secret]base for the secret of ``key`` = [secret]G.

    The nonce is fresh for the batch and answers one challenge only, which all the commitments together fix.
    """
    if not pairs:
        return []
    nonce = SecretScalar.fresh()
    a, own = base_multiple(nonce), [multiple(nonce, pair.base) for pair in pairs]
    root, paths = _paths([_leaf(pair, b) for pair, b in zip(pairs, own, strict=True)])
    answer = (nonce.expose() + _equality_challenge(key, a, root) * secret.expose()) % ORDER
    return [EqualityProof(a, b, answer, tuple(path)) for b, path in zip(own, paths, strict=True)]


def _holds(claims: Sequence[EqualityClaim]) -> bool:
    """Whether a random combination of all the claims' equations is the point at infinity.

    For each claim answer·base = b + c·result, and once for each batch answer·G = a + c·key, with random masks of 128 bits.
    """
    on_generator = 0
    on_keys: dict[bytes, int] = {}
    key_points: dict[bytes, Point] = {}
    terms: list[tuple[int, Point]] = []
    batches: set[tuple[bytes, bytes, int, int]] = set()
    for claim in claims:
        c, answer, pair = claim.challenge(), claim.proof.answer, claim.pair
        # b and a keep their short masks: the minus sign goes to the other side of the equation
        mask = secrets.randbits(_MASK_BITS) | 1
        terms += [(mask, negative(claim.proof.b)), (mask * answer, pair.base), (-mask * c, pair.result)]
        batch = (claim.key.octets, claim.proof.a.octets, c, answer)
        if batch in batches:
            continue
        batches.add(batch)
        mask = secrets.randbits(_MASK_BITS) | 1
        on_generator += mask * answer
        key_points[claim.key.octets] = claim.key
        on_keys[claim.key.octets] = on_keys.get(claim.key.octets, 0) - mask * c
        terms.append((mask, negative(claim.proof.a)))
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
