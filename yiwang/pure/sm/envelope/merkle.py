"""The root over an envelope's bytes: the tree of RFC 6962, section 2.1, with SHA-256.

SHA-256 and not SM3, because every byte of every bid is hashed at sealing, at receipt and at opening, and processors have
instructions for the one and not for the other. What protects the key and the header is SM3.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from yiwang.pure.sm.errors import Malformed

SIZE = 32


def leaf(*parts: bytes | bytearray | memoryview) -> bytes:
    """SHA-256(00 ‖ parts): the hash of one leaf."""
    state = hashlib.sha256(b"\x00")
    for part in parts:
        state.update(part)
    return state.digest()


def node(left: bytes, right: bytes) -> bytes:
    """SHA-256(01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(count: int) -> int:
    """The largest power of two below ``count`` (≥ 2)."""
    return 1 << ((count - 1).bit_length() - 1)


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes of 32 bytes each; at least one."""
    if not leaves:
        raise ValueError("a tree has at least one leaf")
    peaks: list[tuple[int, bytes]] = []
    for each in leaves:
        size, value = 1, each
        while peaks and peaks[-1][0] == size:
            value = node(peaks.pop()[1], value)
            size *= 2
        peaks.append((size, value))
    value = peaks.pop()[1]
    while peaks:
        value = node(peaks.pop()[1], value)
    return value


def first_path(leaves: Sequence[bytes]) -> tuple[bytes, ...]:
    """The hashes that lead from the first leaf to the root, from below."""
    path = []
    count = len(leaves)
    while count > 1:
        half = _split(count)
        path.append(root(leaves[half:count]))
        count = half
    return tuple(reversed(path))


def root_from_first(first: bytes, path: Iterable[bytes], count: int) -> bytes:
    """The root of a tree of ``count`` leaves whose first leaf hash is ``first``. Raises Malformed for another length
    of ``path`` than such a tree has."""
    hashes = tuple(path)
    if len(hashes) != (count - 1).bit_length() or any(len(each) != SIZE for each in hashes):
        raise Malformed("the path to the root has the wrong length")
    value = first
    for each in hashes:
        value = node(value, each)
    return value
