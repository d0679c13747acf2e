"""Proofs that entries stand in the journal: the tree over the leaves in their order (RFC 6962), and paths to its root.

The tree is computed from the stored leaf hashes each time, in one pass: nothing is kept beside the journal.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.pure.tlog.api import SHA256, inclusion_proof, range_root
from yiwang.record.journal import models
from yiwang.record.journal.entries import Entry, disclosed_openings

HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class LogProofs:
    """The first ``size`` entries of the journal as a tree with ``root`` (base64), and the path of some of them."""

    size: int
    root: str
    paths: Mapping[int, tuple[str, ...]]

    def path(self, index: int) -> list[str]:
        """The hashes (base64) from the sibling of the entry at ``index`` upwards."""
        return list(self.paths[index])


def log_proofs(indexes: Collection[int]) -> LogProofs:
    """Proofs for the entries at ``indexes`` in the smallest tree that holds them all. ValueError for none."""
    if not indexes:
        raise ValueError("no entries to prove")
    size = max(indexes) + 1
    placed = models.Index.objects.filter(index__lt=size).order_by("index")
    hashes = placed.values_list("entry__leaf_hash", flat=True)
    rows = [bytes.fromhex("".join(hashes.iterator(chunk_size=10_000)))]
    if len(rows[0]) != size * HASH_BYTES:
        raise ValueError("the order of the journal has a gap")
    while len(rows[-1]) > HASH_BYTES:
        rows.append(SHA256.parents(rows[-1]))

    def node(height: int, index: int) -> bytes:
        return rows[height][index * HASH_BYTES : (index + 1) * HASH_BYTES]

    paths = {
        each: tuple(b64encode(part).decode() for part in inclusion_proof(SHA256, node, each, size))
        for each in indexes
    }
    return LogProofs(size, b64encode(range_root(SHA256, node, 0, size)).decode(), paths)


def disclosed(entry: Entry) -> list[dict[str, Any]]:
    """What opens the leaf of a public entry that was kept back before; nothing where it never was."""
    return disclosed_openings(models.Entry.objects.select_related("opening").get(pk=entry.id))
