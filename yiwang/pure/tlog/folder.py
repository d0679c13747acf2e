"""A log in a folder: full tiles are written once and never again, everything else fits in one small file.

``inception``, ``checkpoint``, ``lock``, ``tile/…`` as C2SP tlog-tiles names them (full ones only), and
``tail/<start>``, the newest entries. Partial tiles are never on the disk: they are computed from the tail. An
append is durable when its batch in the tail is; tiles follow from it and can be written again from it, so their
folders are synced only before the tail is replaced by a shorter one.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from yiwang.pure.tlog.disk import Disk
from yiwang.pure.tlog.refusals import refused
from yiwang.pure.tlog.storage import check_place
from yiwang.pure.tlog.tail import Tail, batch_record, read_tail
from yiwang.pure.tlog.tiles import Tile

_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
_LOOKS = 100
TAIL_LIMIT = 1 << 20  # bytes after which the tail begins anew at the last full bundle


class FolderStorage:
    """A :class:`~yiwang.pure.tlog.storage.Storage` in ``path``, which must exist.

    A writer holds the lock of the folder until :meth:`close` (Refused ``log-locked`` where another has it);
    a reader (``writer=False``) takes no lock and writes nothing.
    """

    def __init__(
        self, path: Path, writer: bool = False, disk: Disk | None = None, tail_limit: int = TAIL_LIMIT
    ) -> None:
        if not path.is_dir():
            refused("folder-missing", folder=str(path))
        self.path = path
        self._disk = disk or Disk()
        self._lock = -1
        self._handle = -1
        self._start = self._size = self._tail_bytes = 0
        self._tail_limit = tail_limit
        self._touched: set[Path] = set()  # folders with tiles whose names may not be durable yet
        self._folders: set[Path] = {path}
        if writer:
            self._take_lock()

    def close(self) -> None:
        """Gives the lock back. Nothing is written: what was acknowledged is durable already."""
        self._close_tail()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> FolderStorage:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def inception(self) -> bytes | None:
        """See Storage."""
        return _read(self.path / "inception")

    def begin(self, record: bytes) -> None:
        """See Storage. Anything in the folder but the lock refuses a new log."""
        self._need_lock()
        remains = sorted(each.name for each in self.path.iterdir() if each.name != "lock")
        if remains:
            refused("log-exists", folder=str(self.path), first=remains[0])
        self._make_folder(self.path / "tail")
        self._write_tail(0, ())
        self._put(self.path / "inception", record)

    def pending(self) -> tuple[int, list[bytes]]:
        """See Storage. A writer also writes the tail anew, and sets a batch that a crash has cut aside.

        Anew, because after a failed fsync a file may read well from memory and not be on the disk.
        """
        tail = self._newest_tail()
        if self._lock >= 0:
            if tail.torn:
                self._put(self.path / "tail" / f"{tail.start:016d}.torn", tail.torn)
            self._write_tail(tail.start, tail.entries)
        return tail.start, tail.entries

    def append(self, start: int, entries: Sequence[bytes]) -> None:
        """See Storage. One write and one fsync; after an OSError the tail takes nothing more."""
        self._need_lock()
        check_place(start, self._size)
        if self._handle < 0:
            refused("log-broken")
        record = batch_record(start, entries)
        try:
            self._disk.write(self._handle, record)
            self._disk.sync(self._handle)
        except OSError:
            self._close_tail()
            raise
        self._size += len(entries)
        self._tail_bytes += len(record)

    def settle(self, full: Mapping[Tile, bytes], start: int, rest: Sequence[bytes]) -> None:
        """See Storage. The tail begins anew only when it has become long."""
        self._need_lock()
        for tile, body in full.items():
            self._touched.add(self._write_once(tile, body))
        if self._tail_bytes < self._tail_limit:
            return
        while self._touched:
            self._disk.sync_folder(min(self._touched))
            self._touched.remove(min(self._touched))
        before = self._start
        self._write_tail(start, rest)
        if before != start:
            self._disk.unlink(self.path / "tail" / f"{before:016d}")

    def read(self, tile: Tile) -> bytes | None:
        """See Storage."""
        return _read(self.path / tile.path)

    def checkpoint(self) -> bytes | None:
        """See Storage."""
        return _read(self.path / "checkpoint")

    def keep_checkpoint(self, signed: bytes) -> None:
        """See Storage."""
        self._need_lock()
        self._put(self.path / "checkpoint", signed)

    def _take_lock(self) -> None:
        self._lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            self._lock = -1
            refused("log-locked", folder=str(self.path))

    def _need_lock(self) -> None:
        if self._lock < 0:
            refused("log-read-only")

    def _close_tail(self) -> None:
        if self._handle >= 0:
            handle, self._handle = self._handle, -1
            self._disk.close(handle)

    def _newest_tail(self) -> Tail:
        for _ in range(_LOOKS):
            names = [each for each in (self.path / "tail").glob("*") if each.name.isdigit()]
            if not names:
                break
            newest = max(names, key=lambda each: int(each.name))
            raw = _read(newest)
            if raw is not None:  # else the writer has just put another in its place
                return read_tail(raw, int(newest.name))
        refused("tail-missing", folder=str(self.path))

    def _write_tail(self, start: int, entries: Sequence[bytes]) -> None:
        """A new tail file in place of the one in use; the handle stays open for the batches to come."""
        self._close_tail()
        target = self.path / "tail" / f"{start:016d}"
        source = target.with_suffix(".new")
        record = batch_record(start, entries)
        handle = self._disk.open(source, _NEW)
        try:
            self._disk.write(handle, record)
            self._disk.sync(handle)
            self._disk.replace(source, target)
            self._disk.sync_folder(target.parent)
        except OSError:
            self._disk.close(handle)
            raise
        self._handle, self._start, self._size = handle, start, start + len(entries)
        self._tail_bytes = len(record)

    def _write_once(self, tile: Tile, body: bytes) -> Path:
        """Writes a full tile under a second name, then links it: its own name never shows half a tile."""
        target = self.path / tile.path
        tile.check(body)
        self._make_folder(target.parent)
        source = target.with_name(target.name + ".new")
        self._write_file(source, body)
        try:
            self._disk.link(source, target)
        except FileExistsError:
            if _read(target) != body:
                refused("tile-differs", path=tile.path)
        self._disk.unlink(source)
        return target.parent

    def _put(self, target: Path, body: bytes) -> None:
        source = target.with_name(target.name + ".new")
        self._write_file(source, body)
        self._disk.replace(source, target)
        self._disk.sync_folder(target.parent)

    def _write_file(self, path: Path, body: bytes) -> None:
        handle = self._disk.open(path, _NEW)
        try:
            self._disk.write(handle, body)
            self._disk.sync(handle)
        finally:
            self._disk.close(handle)

    def _make_folder(self, path: Path) -> None:
        """Makes a folder and its parents, each made durable in the folder that holds it."""
        if path in self._folders:
            return
        self._make_folder(path.parent)
        if not path.is_dir():
            self._disk.make_folder(path)
        self._disk.sync_folder(path.parent)
        self._folders.add(path)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
