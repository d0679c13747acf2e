"""Where a log keeps what it has: the Protocol that a storage fulfils, and the storage in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from yiwang.pure.tlog.refusals import refused
from yiwang.pure.tlog.tiles import Tile


class Storage(Protocol):
    """What a log needs of its storage. One writer at a time; readers may stand beside it.

    Every method that writes returns when its effect is durable, or raises and leaves what was durable before.
    After such an error the log opens the storage again before it writes more.
    """

    def inception(self) -> bytes | None:
        """The inception record, or None where no log was ever begun here."""

    def begin(self, record: bytes) -> None:
        """Begins a log. Refused (``log-exists``) where the storage holds one or the remains of one."""

    def pending(self) -> tuple[int, list[bytes]]:
        """(start, entries): the entries from index ``start`` (a multiple of 256) on; every bundle before is kept.

        Entries that full bundles hold may be among them: whoever opens the log settles them again.
        """

    def append(self, start: int, entries: Sequence[bytes]) -> None:
        """Adds ``entries`` as leaves ``start``, ``start`` + 1, …: all of them or none."""

    def settle(self, full: Mapping[Tile, bytes], start: int, rest: Sequence[bytes]) -> None:
        """Keeps full tiles and bundles for ever; of the pending entries only ``rest``, from ``start``, is needed on.

        A tile that is there already must have the same bytes: Refused (``tile-differs``) otherwise.
        """

    def read(self, tile: Tile) -> bytes | None:
        """The bytes of a full tile or bundle, or None where it was never kept."""

    def checkpoint(self) -> bytes | None:
        """The newest signed checkpoint that was kept."""

    def keep_checkpoint(self, signed: bytes) -> None:
        """Keeps a signed checkpoint in place of the one before."""


class MemoryStorage:
    """A storage that lives and dies with the process: for tests, rehearsals and checks."""

    def __init__(self) -> None:
        self._inception: bytes | None = None
        self._start = 0
        self._pending: list[bytes] = []
        self._tiles: dict[Tile, bytes] = {}
        self._checkpoint: bytes | None = None

    def inception(self) -> bytes | None:
        """See Storage."""
        return self._inception

    def begin(self, record: bytes) -> None:
        """See Storage."""
        if self._inception is not None:
            refused("log-exists")
        self._inception = record

    def pending(self) -> tuple[int, list[bytes]]:
        """See Storage."""
        return self._start, list(self._pending)

    def append(self, start: int, entries: Sequence[bytes]) -> None:
        """See Storage."""
        check_place(start, self._start + len(self._pending))
        self._pending += entries

    def settle(self, full: Mapping[Tile, bytes], start: int, rest: Sequence[bytes]) -> None:
        """See Storage."""
        for tile, body in full.items():
            if self._tiles.setdefault(tile, tile.check(body)) != body:
                refused("tile-differs", path=tile.path)
        self._start, self._pending = start, list(rest)

    def read(self, tile: Tile) -> bytes | None:
        """See Storage."""
        return self._tiles.get(tile)

    def checkpoint(self) -> bytes | None:
        """See Storage."""
        return self._checkpoint

    def keep_checkpoint(self, signed: bytes) -> None:
        """See Storage."""
        self._checkpoint = signed


def check_place(start: int, size: int) -> None:
    """Refused (``append-elsewhere``) where entries would not follow the last one: somebody else has written."""
    if start != size:
        refused("append-elsewhere", start=start, size=size)
