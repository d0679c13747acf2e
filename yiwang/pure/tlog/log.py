"""A log: entries in, tiles and proofs out. It knows no keys; checkpoints are signed in ``signing``."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from yiwang.pure.kernel import canonical
from yiwang.pure.kernel.days import from_iso, iso
from yiwang.pure.tlog.checkpoints import Checkpoint, check_origin
from yiwang.pure.tlog.edge import Edge, layers
from yiwang.pure.tlog.hashing import HASH_BYTES, TreeHash, tree_hash
from yiwang.pure.tlog.notes import parse_note
from yiwang.pure.tlog.proofs import consistency_proof, inclusion_proof, range_root
from yiwang.pure.tlog.refusals import RULES, TILES, refused
from yiwang.pure.tlog.storage import Storage
from yiwang.pure.tlog.tiles import ENTRIES, HEIGHT, WIDTH, Tile, bundle, bundle_entries

CACHED_TILES = 1024  # of 16 KB with their rows


@dataclass(frozen=True, slots=True)
class Inception:
    """What a log is from its first moment: its origin, its hash, when it began, and 128 random bits."""

    origin: str
    hash_name: str
    began_at: datetime
    nonce: str

    def record(self) -> bytes:
        """Canonical JSON of the inception; ``at`` in UTC."""
        return canonical.dumps(
            {
                "at": iso(self.began_at),
                "hash": self.hash_name,
                "nonce": self.nonce,
                "origin": self.origin,
                "v": 1,
            }
        )

    @classmethod
    def parse(cls, record: bytes) -> Inception:
        """Refused (``inception-damaged``) where the record is not what :meth:`record` writes."""
        try:
            value = canonical.loads(record)
            found = cls(value["origin"], value["hash"], from_iso(value["at"]), value["nonce"])
            if found.record() == record:
                return found
        except (ValueError, KeyError, TypeError, AttributeError):
            pass
        refused("inception-damaged")


def begin_log(storage: Storage, origin: str, at: datetime, hash_name: str = "sha256") -> None:
    """Begins a log in an empty storage. A log is never begun by opening one.

    Refused where ``origin`` cannot name a log, the hash is unknown or the storage is not empty.
    """
    check_origin(origin)
    tree_hash(hash_name)
    storage.begin(Inception(origin, hash_name, at, secrets.token_hex(16)).record())


class Log:
    """A log over a storage. Not for several threads at once; readers open their own.

    Opening recomputes the root and compares it with the newest checkpoint that the storage keeps and with every
    checkpoint in ``known`` (what witnesses, or a second medium, say of this log). Refused: ``log-missing`` where
    nothing was begun (nothing is created then), ``log-shorter``, ``log-forked``, ``log-foreign``,
    ``tile-missing``, ``tile-damaged``, ``tile-width``.
    """

    def __init__(self, storage: Storage, writer: bool = False, known: Sequence[Checkpoint] = ()) -> None:
        record = storage.inception()
        if record is None:
            refused("log-missing")
        self.inception = Inception.parse(record)
        self.storage = storage
        self.origin = self.inception.origin
        self.tree: TreeHash = tree_hash(self.inception.hash_name)
        self._writer = writer
        self._broken = False
        self._known = tuple(known)
        self._load()

    @property
    def size(self) -> int:
        """The number of entries."""
        return self._edge.size

    @property
    def settled(self) -> int:
        """The number of entries, a multiple of 256, that the storage keeps in full bundles alone."""
        return self._settled

    def refresh(self) -> None:
        """Opens the log again: reads what a writer elsewhere has added, with every check of opening.

        After an error of :meth:`append` this is the way to go on.
        """
        self._broken = True
        self._load()
        self._broken = False

    def forget(self) -> None:
        """Empties the cache of tiles: the next proofs read them again."""
        self._cache.clear()

    def append(self, entries: Iterable[bytes]) -> range:
        """Adds entries (each at most 65,535 bytes) and gives their indexes. They are durable on return.

        After an error nothing more is added (``log-broken``) until the log is opened again; whether the batch
        was kept is then seen from its size: all of it or nothing.
        """
        batch = list(entries)
        if self._broken or not self._writer:
            refused("log-broken" if self._broken else "log-read-only")
        bundle(batch)  # refuses an entry too long before anything is written
        first = self.size
        if not batch:
            return range(first, first)
        edge = self._edge.copy()
        full = edge.grow(self.tree.leaves(batch))
        self._broken = True
        self.storage.append(first, batch)
        self._pending += batch
        self._settle(edge, full)
        self._broken = False
        return range(first, first + len(batch))

    def root(self, size: int | None = None) -> bytes:
        """The root (32 bytes) of the first ``size`` entries, of all by default."""
        size = self.size if size is None else size
        self._check_size(size)
        return range_root(self.tree, self._node, 0, size)

    def head(self, size: int | None = None) -> Checkpoint:
        """Origin, size and root, not signed."""
        size = self.size if size is None else size
        return Checkpoint(self.origin, size, self.root(size))

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """The proof that entry ``index`` is in the tree of ``size`` entries, from the sibling upwards."""
        size = self.size if size is None else size
        self._check_size(size)
        return inclusion_proof(self.tree, self._node, index, size)

    def consistency_proof(self, old: int, new: int | None = None) -> list[bytes]:
        """The proof that the tree of ``new`` entries continues that of ``old``."""
        new = self.size if new is None else new
        self._check_size(new)
        return consistency_proof(self.tree, self._node, old, new)

    def entry(self, index: int) -> bytes:
        """Entry ``index``, compared with its leaf hash (``entry-damaged``)."""
        if not 0 <= index < self.size:
            refused("index-outside", RULES, index=index, size=self.size)
        if index >= self._start:
            return self._pending[index - self._start]
        tile = Tile(ENTRIES, index // WIDTH)
        entry = bundle_entries(self.stored_tile(tile))[index % WIDTH]
        if self.tree.leaf(entry) != self._node(0, index):
            refused("entry-damaged", TILES, index=index)
        return entry

    def resource(self, tile: Tile) -> bytes:
        """The bytes of any tile or bundle of this log, full or partial, as C2SP tlog-tiles serves them.

        Refused (``tile-outside``) where the log has not grown so far.
        """
        level = max(tile.level, 0)
        if tile.index * WIDTH + tile.width > self.size >> (HEIGHT * level):
            refused("tile-outside", TILES, path=tile.path, size=self.size)
        if tile.level == ENTRIES:
            first = tile.index * WIDTH - self._start
            if first >= 0:
                return bundle(self._pending[first : first + tile.width])
            whole = self.stored_tile(Tile(ENTRIES, tile.index))
            return whole if tile.full else bundle(bundle_entries(whole)[: tile.width])
        return self._layers(tile.level, tile.index)[0][: tile.width * HASH_BYTES]

    def check_known(self, checkpoint: Checkpoint) -> None:
        """Refused where this log is not a continuation of ``checkpoint``: another origin, shorter, forked."""
        if checkpoint.origin != self.origin:
            refused("log-foreign", origin=checkpoint.origin, own=self.origin)
        if checkpoint.size > self.size:
            refused("log-shorter", size=self.size, known=checkpoint.size)
        if self.root(checkpoint.size) != checkpoint.root:
            refused("log-forked", size=checkpoint.size)

    def last_checkpoint(self) -> Checkpoint | None:
        """The newest checkpoint that the storage keeps (its signatures are not checked here), or None."""
        signed = self.storage.checkpoint()
        return None if signed is None else Checkpoint.parse(parse_note(signed).text)

    def stored_tile(self, tile: Tile) -> bytes:
        """A full tile or bundle as it is stored, of the right width (``tile-missing``, ``tile-width``)."""
        body = self._overlay.get(tile) or self.storage.read(tile)
        if body is None:
            refused("tile-missing", TILES, path=tile.path)
        return tile.check(body)

    def _check_size(self, size: int) -> None:
        if not 0 <= size <= self.size:
            refused("size-outside", RULES, old=size, new=self.size)

    def _load(self) -> None:
        self._cache: OrderedDict[tuple[int, int], list[bytes]] = OrderedDict()
        self._overlay: dict[Tile, bytes] = {}
        self._edge_layers: dict[int, list[bytes]] = {}
        last = self.last_checkpoint()  # before the entries: a writer beside us adds to both, entries first
        self._start, self._pending = self.storage.pending()
        self._settled = self._start
        if self._start % WIDTH:
            refused("tail-misplaced", start=self._start)
        self._edge = Edge(self.tree, self._start, self._settled_rows())
        edge = self._edge.copy()
        self._settle(edge, edge.grow(self.tree.leaves(self._pending)))
        for checkpoint in (*self._known, *([last] if last else [])):
            self.check_known(checkpoint)

    def _settled_rows(self) -> list[bytes]:
        """The partial rows of the tree of the first ``_start`` entries, from full tiles alone."""
        rows = [b""]
        while (count := self._start >> (HEIGHT * len(rows))) > 0:
            level = len(rows)
            first = count // WIDTH * WIDTH
            rows.append(b"".join(self._tile_root(level - 1, index) for index in range(first, count)))
        return rows

    def _tile_root(self, level: int, index: int) -> bytes:
        return layers(self.tree, self.stored_tile(Tile(level, index)))[HEIGHT]

    def _settle(self, edge: Edge, full: dict[Tile, bytes]) -> None:
        """Takes over a grown edge; what became full is kept for ever (by a reader: in its memory)."""
        start = edge.size // WIDTH * WIDTH
        if start != self._start:
            for first in range(0, start - self._start, WIDTH):
                tile = Tile(ENTRIES, (self._start + first) // WIDTH)
                full[tile] = bundle(self._pending[first : first + WIDTH])
            rest = self._pending[start - self._start :]
            if self._writer:
                self.storage.settle(full, start, rest)
                self._settled = start
            else:
                self._overlay |= full
            self._start, self._pending = start, rest
        self._edge, self._edge_layers = edge, {}

    def _layers(self, level: int, index: int) -> list[bytes]:
        """The rows of a tile; a full one is compared with its root one level up before it is used."""
        rows = self._cache.get((level, index))
        if rows is not None:
            self._cache.move_to_end((level, index))
            return rows
        if index == (self.size >> (HEIGHT * level)) // WIDTH:
            if level not in self._edge_layers:
                self._edge_layers[level] = layers(self.tree, self._edge.rows[level])
            return self._edge_layers[level]
        rows = layers(self.tree, self.stored_tile(Tile(level, index)))
        if rows[HEIGHT] != self._node(HEIGHT * (level + 1), index):
            refused("tile-damaged", TILES, path=Tile(level, index).path)
        self._cache[level, index] = rows
        if len(self._cache) > CACHED_TILES:
            self._cache.popitem(last=False)
        return rows

    def _node(self, height: int, index: int) -> bytes:
        """The root of the complete subtree over leaves [index·2^height, (index+1)·2^height)."""
        level, row = divmod(height, HEIGHT)
        number = (index << row) // WIDTH
        place = (index - number * (WIDTH >> row)) * HASH_BYTES
        return self._layers(level, number)[row][place : place + HASH_BYTES]
