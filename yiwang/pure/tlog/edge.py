"""The right edge of a tree: at each level the hashes that do not fill a tile yet. At most 255 a level."""

from __future__ import annotations

from collections.abc import Iterable

from yiwang.pure.tlog.hashing import HASH_BYTES, TreeHash
from yiwang.pure.tlog.tiles import HEIGHT, TILE_BYTES, WIDTH, Tile


class Edge:
    """The partial tiles of a tree of ``size`` leaves, and what becomes full when it grows.

    ``rows[level]`` holds the hashes (32 bytes each, in sequence) of the partial tile of that level.
    """

    def __init__(self, tree: TreeHash, size: int = 0, rows: Iterable[bytes] = ()) -> None:
        self.tree = tree
        self.size = size
        self.rows = [bytes(row) for row in rows]
        for level, row in enumerate(self.rows):
            if len(row) != (size >> (HEIGHT * level)) % WIDTH * HASH_BYTES:
                raise ValueError(f"level {level} of an edge at {size}: {len(row)} bytes")

    def copy(self) -> Edge:
        """An edge that grows on its own."""
        return Edge(self.tree, self.size, self.rows)

    def grow(self, leaf_hashes: Iterable[bytes]) -> dict[Tile, bytes]:
        """Adds leaves; gives the hash tiles that became full, lower levels before higher, left before right."""
        return self._grow(0, b"".join(leaf_hashes))

    def _grow(self, level: int, added: bytes) -> dict[Tile, bytes]:
        if level == len(self.rows):
            self.rows.append(b"")
        first = (self.size >> (HEIGHT * level)) // WIDTH
        row = self.rows[level] + added
        full: dict[Tile, bytes] = {}
        roots = []
        for number in range(len(row) // TILE_BYTES):
            body = row[number * TILE_BYTES : (number + 1) * TILE_BYTES]
            full[Tile(level, first + number)] = body
            roots.append(layers(self.tree, body)[HEIGHT])
        self.rows[level] = row[len(full) * TILE_BYTES :]
        if roots:
            full |= self._grow(level + 1, b"".join(roots))
        if level == 0:
            self.size += len(added) // HASH_BYTES
        return full

    def root(self) -> bytes:
        """The root (32 bytes) of the whole tree; with one pass over the rows, nothing is kept."""
        root = b""
        for row in self.rows:
            count = len(row) // HASH_BYTES
            rows = layers(self.tree, row)
            for height in range(HEIGHT):
                if count >> height & 1:
                    last = ((count >> height) - 1) * HASH_BYTES
                    piece = rows[height][last : last + HASH_BYTES]
                    root = self.tree.node(piece + root) if root else piece
        return root or self.tree.empty


def layers(tree: TreeHash, body: bytes) -> list[bytes]:
    """The nine rows of a tile, from its hashes (row 0) to its root (row 8, empty where the tile is partial).

    Row r holds the roots of the complete subtrees of height r over the tile's hashes.
    """
    rows = [body]
    for _ in range(HEIGHT):
        rows.append(tree.parents(rows[-1]))
    return rows
