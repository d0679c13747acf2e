"""Inclusion and consistency proofs: which hashes they hold, and how they are checked.

Making follows the recursive definitions of RFC 6962 sections 2.1.1 and 2.1.2; checking follows the
iterative algorithms of RFC 9162 sections 2.1.3.2 and 2.1.4.2, so that the two do not share a mistake.
Sizes and indexes count leaves, from 0; every hash is 32 bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.tlog.hashing import HASH_BYTES, TreeHash
from yiwang.pure.tlog.refusals import finding, refused

MAX_SIZE = 2**63 - 1
MAX_PROOF = 63

Node = Callable[[int, int], bytes]
"""``node(height, index)``: the root of the complete subtree over leaves [index·2^height, (index+1)·2^height)."""

INCLUSION = "RFC 6962 § 2.1.1"
CONSISTENCY = "RFC 6962 § 2.1.2"


def _split(width: int) -> int:
    """The largest power of two below ``width`` (width ≥ 2)."""
    return 1 << ((width - 1).bit_length() - 1)


def range_root(tree: TreeHash, node: Node, start: int, end: int) -> bytes:
    """The Merkle tree hash of leaves [start, end), where ``start`` is a multiple of 2^ceil(log2(end - start))."""
    if start == end:
        return tree.empty
    pieces = []
    while start < end:
        height = (end - start).bit_length() - 1
        pieces.append(node(height, start >> height))
        start += 1 << height
    root = pieces.pop()
    while pieces:
        root = tree.node(pieces.pop() + root)
    return root


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """The leaf ranges [start, end) whose roots are PATH(index, D[size]), from the sibling upwards.

    Refused (``index-outside``) where not 0 ≤ index < size.
    """
    if not 0 <= index < size <= MAX_SIZE:
        refused("index-outside", INCLUSION, index=index, size=size)
    ranges = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    ranges.reverse()
    return ranges


def consistency_ranges(old: int, new: int) -> list[tuple[int, int]]:
    """The leaf ranges [start, end) whose roots are PROOF(old, D[new]); none where old is 0 or new.

    Refused (``size-outside``) where not 0 ≤ old ≤ new.
    """
    if not 0 <= old <= new <= MAX_SIZE:
        refused("size-outside", CONSISTENCY, old=old, new=new)
    if old in (0, new):
        return []
    ranges = []
    start, end, known = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start, known = middle, False
    if not known:
        ranges.append((start, end))
    ranges.reverse()
    return ranges


def inclusion_proof(tree: TreeHash, node: Node, index: int, size: int) -> list[bytes]:
    """The inclusion proof of leaf ``index`` in the tree of ``size`` leaves."""
    return [range_root(tree, node, start, end) for start, end in inclusion_ranges(index, size)]


def consistency_proof(tree: TreeHash, node: Node, old: int, new: int) -> list[bytes]:
    """The consistency proof between the trees of ``old`` and of ``new`` leaves."""
    return [range_root(tree, node, start, end) for start, end in consistency_ranges(old, new)]


def _shape_findings(source: str, hashes: Sequence[bytes]) -> list[Finding]:
    if len(hashes) > MAX_PROOF:
        return [finding("proof-too-long", source, count=len(hashes), limit=MAX_PROOF)]
    return [
        finding("hash-length", source, position=place, length=len(each))
        for place, each in enumerate(hashes)
        if len(each) != HASH_BYTES
    ]


def inclusion_findings(
    tree: TreeHash, leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> list[Finding]:
    """Objections to ``proof`` that ``leaf_hash`` is leaf ``index`` of the tree (size, root).

    Source: RFC 9162 section 2.1.3.2. Empty where the proof holds.
    """
    if not 0 <= index < size <= MAX_SIZE:
        return [finding("index-outside", INCLUSION, index=index, size=size)]
    shape = _shape_findings(INCLUSION, [*proof, leaf_hash, root])
    if shape:
        return shape
    position, last, running = index, size - 1, leaf_hash
    for place, sibling in enumerate(proof):
        if last == 0:
            return [finding("proof-surplus", INCLUSION, position=place)]
        if position & 1 or position == last:
            running = tree.node(sibling + running)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            running = tree.node(running + sibling)
        position >>= 1
        last >>= 1
    if last:
        return [finding("proof-short", INCLUSION, count=len(proof))]
    return [] if running == root else [finding("inclusion-wrong", INCLUSION, index=index, size=size)]


def consistency_findings(
    tree: TreeHash, old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> list[Finding]:
    """Objections to ``proof`` that the tree (new, new_root) continues the tree (old, old_root).

    Source: RFC 9162 section 2.1.4.2. From the empty tree every tree continues, with an empty proof, where
    ``old_root`` is the root of the empty tree.
    """
    if not 0 <= old <= new <= MAX_SIZE:
        return [finding("size-outside", CONSISTENCY, old=old, new=new)]
    shape = _shape_findings(CONSISTENCY, [*proof, old_root, new_root])
    if shape:
        return shape
    wrong = [finding("consistency-wrong", CONSISTENCY, old=old, new=new)]
    if old in (0, new):
        if proof:
            return [finding("proof-surplus", CONSISTENCY, position=0)]
        expected = tree.empty if old == 0 else new_root
        empty = new == 0 and new_root != tree.empty
        return wrong if old_root != expected or empty else []
    if not proof:
        return [finding("proof-short", CONSISTENCY, count=0)]
    return _climb(tree, old, old_root, new, new_root, proof)


def _climb(
    tree: TreeHash, old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> list[Finding]:
    hashes = list(proof)
    if old & (old - 1) == 0:  # a complete subtree: its root is not repeated in the proof
        hashes.insert(0, old_root)
    position, last = old - 1, new - 1
    while position & 1:
        position >>= 1
        last >>= 1
    first = second = hashes[0]
    for place, each in enumerate(hashes[1:], 1):
        if last == 0:
            return [finding("proof-surplus", CONSISTENCY, position=place)]
        if position & 1 or position == last:
            first = tree.node(each + first)
            second = tree.node(each + second)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            second = tree.node(second + each)
        position >>= 1
        last >>= 1
    if last:
        return [finding("proof-short", CONSISTENCY, count=len(proof))]
    if first != old_root or second != new_root:
        return [finding("consistency-wrong", CONSISTENCY, old=old, new=new)]
    return []


def check_inclusion(
    tree: TreeHash, leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Raises Refused where :func:`inclusion_findings` has one."""
    found = inclusion_findings(tree, leaf_hash, index, size, proof, root)
    if found:
        raise Refused(found)


def check_consistency(
    tree: TreeHash, old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Raises Refused where :func:`consistency_findings` has one."""
    found = consistency_findings(tree, old, old_root, new, new_root, proof)
    if found:
        raise Refused(found)
