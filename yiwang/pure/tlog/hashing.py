"""The hash of a tree: RFC 6962 section 2.1, over SHA-256 or (by configuration of a log) over SM3.

Both give 32 bytes. A log has one hash for its whole life; tiles, proofs and checkpoints do not say which, so
that the hash belongs to what a verifier knows about the log beforehand, like its key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from yiwang.pure.tlog.refusals import refused

HASH_BYTES = 32

Digest = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class TreeHash:
    """RFC 6962 hashing over one hash function.

    ``name`` is ``sha256`` or ``sm3``; ``leaf`` takes an entry, ``node`` the 64 bytes of both children
    (left ‖ right), ``empty`` is the root of the tree without leaves. All results are 32 bytes.
    """

    name: str
    leaf: Digest = field(repr=False)
    node: Digest = field(repr=False)
    empty: bytes = field(repr=False)

    def leaves(self, entries: Iterable[bytes]) -> list[bytes]:
        """The leaf hashes of ``entries``, in order."""
        return [self.leaf(entry) for entry in entries]

    def parents(self, row: bytes) -> bytes:
        """The row above ``row`` (hashes of 32 bytes in sequence); an odd last hash has no parent yet."""
        node = self.node
        last = len(row) - len(row) % (2 * HASH_BYTES)
        return b"".join([node(row[at : at + 2 * HASH_BYTES]) for at in range(0, last, 2 * HASH_BYTES)])


def _sha256() -> TreeHash:
    sha256 = hashlib.sha256
    return TreeHash(
        "sha256",
        lambda entry: sha256(b"\x00" + entry).digest(),
        lambda children: sha256(b"\x01" + children).digest(),
        sha256(b"").digest(),
    )


def _sm3() -> TreeHash:
    try:
        leaf_start = hashlib.new("sm3", b"\x00")
    except ValueError:
        refused("hash-unavailable", "GB/T 32905", name="sm3")
    node_start = hashlib.new("sm3", b"\x01")

    def leaf(entry: bytes) -> bytes:
        state = leaf_start.copy()
        state.update(entry)
        return state.digest()

    def node(children: bytes) -> bytes:
        state = node_start.copy()
        state.update(children)
        return state.digest()

    return TreeHash("sm3", leaf, node, hashlib.new("sm3", b"").digest())


SHA256 = _sha256()


def tree_hash(name: str) -> TreeHash:
    """The tree hash called ``name``: ``sha256`` or ``sm3``.

    Raises Refused (``hash-unknown``, or ``hash-unavailable`` where this interpreter's libcrypto has no SM3).
    """
    if name == "sha256":
        return SHA256
    if name == "sm3":
        return _sm3()
    refused("hash-unknown", "RFC 6962 § 2.1", name=name)
